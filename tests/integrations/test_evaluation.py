"""Evaluations in a training write runs that everything else reads, and know when the model has got worse."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from misbehaving_server import MisbehavingServer
from scored import SAMPLES

import ifeval_fi
from ifeval_fi.errors import IfevalError, MissingEngine
from ifeval_fi.integrations.evaluation import Evaluation, Watch, logged, subset
from ifeval_fi.integrations.generation import Generator
from ifeval_fi.prompts import Prompt, load_prompts
from ifeval_fi.report.board import Board, load_entries
from ifeval_fi.runner.journal import read_settings
from ifeval_fi.runner.settings import RunSettings
from ifeval_fi.scoring.results import load_results

PROMPTS = subset(load_prompts("fi"), 40, seed=3)


class Model(Generator):
    """Answers as the samples do, but of the first `spoilt` prompts, which get none."""

    def __init__(self, spoilt: int) -> None:
        super().__init__(None, None)
        object.__setattr__(self, "spoilt", spoilt)

    def described(self, model: str) -> dict[str, Any]:
        return {"model": model, "engine": "samples", "version": "1", "fingerprint": None, "context": None}

    def answers(self, prompts: Sequence[Prompt], settings: RunSettings) -> Iterator[list[dict[str, Any]]]:
        for place, prompt in enumerate(prompts):
            text = "<think>Hm.</think>" + ("…" if place < self.spoilt else SAMPLES[prompt.key])  # type: ignore[attr-defined]
            row = {"key": prompt.key, "sample": 0, "prompt_sha256": prompt.sha256, "outcome": "answered"}
            usage = {"prompt_tokens": 3, "completion_tokens": 4}
            row |= {"response": text, "reasoning": None, "finish_reason": "stop", "usage": usage}
            yield [row | {"attempts": 1, "latency_s": 0.1}]


def evaluation(folder: Path, **options: Any) -> Evaluation:
    return Evaluation(
        **{"prompts": (PROMPTS,), "output": folder, "name": "sft", "model": "pieni", "steps": 10, **options}
    )


def test_a_checkpoint_is_a_run_that_report_and_compare_read(tmp_path: Path) -> None:
    each = evaluation(tmp_path)
    first = each.evaluate(PROMPTS, 10, Model(0))
    assert first is not None
    assert each.evaluate(PROMPTS, 20, Model(20))
    folders = [tmp_path / "checkpoint-10-fi", tmp_path / "checkpoint-20-fi"]
    names = {"report.html", "responses.jsonl", "run.json", "scores.json", "verdicts.jsonl"}
    assert all(names == {file.name for file in folder.iterdir()} for folder in folders)
    assert read_settings(folders[0])["server"]["engine"] == "samples"
    assert [entry.name for entry in Board(load_entries(folders)).ordered()] == ["sft step 10", "sft step 20"]
    assert ifeval_fi.compare(*folders).summary["rates"]["inst_level_strict_acc"]["change"] < -0.2
    results = load_results(folders[0], prompts=PROMPTS)
    assert results.summary["with_thinking"] == 40
    assert results.summary == first.summary
    metrics = logged(PROMPTS, first, 1.25)
    assert metrics["eval_ifeval_fi/prompt_level_strict_acc"] == first["prompt_level_strict_acc"]
    assert metrics["eval_ifeval_fi/inst_level_strict_acc_stderr"] >= 0
    assert {name.rpartition("/")[2] for name in metrics} >= {"response_language_rate", "truncated", "seconds"}


def test_evaluated_again_the_earlier_answers_are_kept(tmp_path: Path) -> None:
    each = evaluation(tmp_path)
    each.evaluate(PROMPTS, 10, Model(0))
    again = each.evaluate(PROMPTS, 10, Model(40))
    assert again is not None
    assert again["prompt_level_strict_acc"] < 0.2
    kept = [path for path in (tmp_path / "checkpoint-10-fi").iterdir() if path.name.startswith("before-")]
    assert len(kept) == 1


def test_a_subset_is_the_same_by_seed_and_in_order() -> None:
    everything = load_prompts("fi")
    one, other = (subset(everything, 25, seed=1) for _ in range(2))
    assert one.digest == other.digest != subset(everything, 25, seed=2).digest
    places = [everything.index(prompt) for prompt in one]
    assert places == sorted(places)
    assert places != list(range(25))
    assert subset(everything, None, 0) is everything
    with pytest.raises(IfevalError, match="at least 1"):
        subset(everything, 0, 0)


def test_it_says_stop_when_worse_than_the_best_again_and_not_by_chance(tmp_path: Path) -> None:
    watch = Watch(each := evaluation(tmp_path, patience=2, max_drop=5.0))
    said = []
    for step, spoilt in enumerate((10, 0, 1, 20, 2, 15, 30), 1):
        each.evaluate(PROMPTS, step, Model(spoilt))
        said.append(watch.says_stop(step))
    # One in forty worse may be chance, and a recovery begins the count anew.
    assert said == [False] * 6 + [True]
    assert watch.best is not None
    assert watch.best.name == "sft step 2"
    assert "more than the 5 allowed, and not by chance" in watch.reason
    resumed = Watch(each)
    resumed.recall(6)
    assert (resumed.best and resumed.best.name, resumed.worse) == ("sft step 2", 1)


def test_a_server_may_answer_and_may_fail_without_ending_the_training(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    few = subset(PROMPTS, 4, seed=0)
    with MisbehavingServer(models=("sft-10",)) as server:
        each = evaluation(tmp_path, prompts=(few,), base_url=(server.url,), served_model="sft-{step}")
        assert each.evaluate(few, 10, None)
        assert not caplog.records
        assert each.evaluate(few, 20, None) is None
        assert "step 20, fi-1.1: not evaluated: " in caplog.text
    assert read_settings(tmp_path / "checkpoint-10-fi")["identity"]["name"] == "sft step 10"


@pytest.mark.parametrize(
    "options",
    [
        {"steps": 0},
        {"patience": -1},
        {"metric": "accuracy"},
        {"max_drop": 101},
        {"steps": None, "at_end": False},
        {"settings": {"max_tokens": 0}},
        {"base_url": ("not a url",)},
    ],
)
def test_wrong_options_are_told_before_the_training(tmp_path: Path, options: dict[str, Any]) -> None:
    with pytest.raises(IfevalError):
        evaluation(tmp_path, **options)


def test_without_transformers_the_install_line_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(MissingEngine, match=r"pip install \"ifeval-fi\[train\]\""):
        ifeval_fi.callback(None)
