"""From a table to cells: what makes a cell, what is refused, and with which words."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from paths import ROOT
from sweeps import checkpoint, plan

from ifeval_fi.errors import IfevalError
from ifeval_fi.sweep.plan import Plan, SweepError, load_plan, make_plan, read_toml


def ids(made: Plan) -> list[str]:
    return [cell.id for cell in made.cells]


def test_models_and_settings_make_cells(tmp_path: Path) -> None:
    models = [checkpoint(tmp_path / "a"), checkpoint(tmp_path / "b")]
    settings = [{"name": "greedy"}, {"name": "hot", "temperature": 0.8}]
    made = plan(tmp_path / "out", models, settings=settings, samples=4, prompts=["fi", "en"])
    assert [cell.label for cell in made.cells] == ["a · greedy", "a · hot", "b · greedy", "b · hot"]
    assert made.cells[1].decoding == {"max_tokens": 1280, "temperature": 0.8, "samples": 4}
    assert [each.folder for each in made.cells[0].sets] == ["fi-1.1-3", "en-1.0-3"]
    assert len(set(ids(made))) == 4


def test_a_plan_comes_back_as_it_was(tmp_path: Path) -> None:
    made = plan(tmp_path / "out", [checkpoint(tmp_path / "step-10")], extra_body={"top_k": 1}, seed=3)
    made.save()
    assert load_plan(tmp_path / "out").cells == made.cells
    assert not list((tmp_path / "out").rglob(".ifeval*"))


def test_what_answers_depend_on_is_another_cell_and_nothing_else_is(tmp_path: Path) -> None:
    model = checkpoint(tmp_path / "a")
    first = ids(plan(tmp_path / "out", [model]))
    same: list[dict[str, Any]] = [
        {"prompts": ["fi", "en"]},
        {"limit": 5},
        {"concurrency": 7},
        {"executor": "ray"},
        {"rules": "reference"},
        {"vllm": {"tensor_parallel": 2}},
    ]
    other: list[dict[str, Any]] = [
        {"temperature": 0.1},
        {"max_tokens": 5},
        {"seed": 1},
        {"samples": 2},
        {"system_prompt": "Hei"},
        {"extra_body": {"x": 1}},
        {"vllm": {"args": ["--max-model-len", "4096"]}},
    ]
    for more in same:
        assert ids(plan(tmp_path / "out", [model], **more)) == first, more
    seen = {*first, *(ids(plan(tmp_path / "out", [model], **more))[0] for more in other)}
    assert len(seen) == 1 + len(other)
    # New weights in the old place.
    os.utime(Path(model) / "config.json", (1, 1))
    assert ids(plan(tmp_path / "out", [model])) != first


def test_checkpoints_by_a_pattern_stand_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for step in (1000, 900, 50):
        checkpoint(tmp_path / "run1" / f"checkpoint-{step}")
    made = plan(tmp_path / "out", [str(tmp_path / "run1" / "checkpoint-*")])
    assert [(cell.model.name, cell.model.step, cell.model.series) for cell in made.cells] == [
        ("checkpoint-50", 50, "run1"),
        ("checkpoint-900", 900, "run1"),
        ("checkpoint-1000", 1000, "run1"),
    ]


def test_equal_names_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    models = [checkpoint(tmp_path / name / "step-1") for name in ("a", "b")]
    assert [cell.model.name for cell in plan(tmp_path / "o", models).cells] == ["a/step-1", "b/step-1"]


def test_a_number_that_is_no_step_makes_no_learning_curve(tmp_path: Path) -> None:
    assert plan(tmp_path / "o", [checkpoint(tmp_path / "gemma-2")]).cells[0].model.step is None


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"modles": 1}, "modles"),
        ({"temperature": "hot"}, "temperature: 'hot' is not of type 'number'"),
        ({"settings": [{"name": "a", "temprature": 1}]}, "temprature"),
        ({"settings": [{"name": "a"}, {"name": "a"}]}, "two settings have one name"),
        ({"settings": [{"temperature": 1}]}, "'name' is a required property"),
        ({"prompts": ["fi", "fi"]}, "the prompt set fi-1.1-3 stands there twice"),
        ({"prompts": ["xx"]}, "no bundled set"),
        ({"executor": "kubernetes"}, "kubernetes"),
        ({"extra_body": {"model": "x"}}, "must not hold model"),
        ({"vllm": {"env": {"HF_TOKEN": "hf_x"}}}, "keep secrets in the environment"),
        ({"models": []}, "models"),
        ({"models": ["/nowhere/step-1"]}, "no such checkpoint"),
        ({"models": ["/nowhere/*"]}, "no model matches"),
        ({"models": ["."]}, "no checkpoint"),
        ({"models": [{"model": "smollm2", "tensor_parallel": 2}]}, "tensor_parallel is for vLLM"),
        ({"models": [{"model": "x", "base_url": "http://127.0.0.1:1/v1", "args": []}]}, "args is for vLLM"),
        ({"models": ["smollm2", "smollm2"]}, "two models are named smollm2"),
        ({"models": [{"model": "x", "base_url": "ftp://x"}]}, "is no address"),
    ],
)
def test_what_is_wrong_is_said_before_anything_begins(tmp_path: Path, more: dict[str, Any], said: str) -> None:
    with pytest.raises(IfevalError) as found:
        plan(tmp_path / "out", **{"models": [checkpoint(tmp_path / "a")], **more})  # type: ignore[arg-type]
    assert said in str(found.value)
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "sweep.toml").write_text("models = [")
    with pytest.raises(SweepError, match=r"sweep\.toml: not TOML"):
        read_toml(tmp_path / "sweep.toml")


@pytest.mark.parametrize("path", sorted((ROOT / "examples" / "sweep").glob("*.toml")), ids=lambda path: path.name)
def test_examples_are_plans(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = read_toml(path)
    monkeypatch.chdir(tmp_path)
    for step in (500, 1000):
        checkpoint(tmp_path / "checkpoints" / f"step-{step}")
    assert make_plan(table).cells
