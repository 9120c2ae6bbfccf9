"""lighteval's own command line with our tasks; `make test-lighteval` runs it, in an environment of its own."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from environments import Environment, build_wheel, clean_environment
from misbehaving_server import Act, MisbehavingServer, ok
from paths import DATA

from ifeval_fi.integrations import METRICS
from ifeval_fi.prompts import bundled, load_prompts

LIGHTEVAL = os.environ.get("IFEVAL_FI_TEST_LIGHTEVAL", "")
pytestmark = pytest.mark.skipif(
    not LIGHTEVAL, reason="needs lighteval in an environment of its own; make test-lighteval"
)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """IFEVAL_FI_TEST_LIGHTEVAL is a version of lighteval, or the folder of an environment that has it."""
    wheel = build_wheel(tmp_path_factory.mktemp("dist"))
    folder = tmp_path_factory.mktemp("clean") / "env"
    environment = clean_environment(
        folder, wheel, LIGHTEVAL, "torch==2.13.0", f"{wheel}[lighteval]", f"lighteval=={LIGHTEVAL}"
    )
    # Its tiny benchmarks load this file from the net when they are imported, whatever task is asked.
    (environment.site / "lighteval" / "tasks" / "tasks" / "tinyBenchmarks.pkl").touch()
    return environment


@pytest.fixture(scope="module")
def server() -> Iterator[MisbehavingServer]:
    """Sample answers in Finnish and English, some after thinking, cut off or in another language."""
    keys, texts = {}, {}
    for name in ("fi", "en"):
        keys |= {prompt.text: (name, prompt.key) for prompt in load_prompts(name)}
        lines = (DATA / name / "samples.jsonl").read_text("utf-8").splitlines()
        texts |= {(name, row["key"]): row["response"] for row in map(json.loads, lines)}

    def act(request: Mapping[str, Any], number: int) -> Act:
        place = keys[request["messages"][-1]["content"]]
        text = texts.get(place, "Hei.")
        return [
            ok(text),
            ok(f"<think>Mietin: yes, no.</think>{text}"),
            ok("Yes", finish="length"),
            ok(text[:40], reasoning_content="Ajattelen."),
        ][place[1] % 4]

    with MisbehavingServer(act) as running:
        yield running


@pytest.mark.parametrize(
    ("task", "prompts", "rules"),
    [("ifeval_fi", "fi", "finnish"), ("ifeval_fi_reference", "fi", "reference"), ("ifeval_en", "en", "reference")],
)
def test_score_gives_lighteval_s_numbers(
    clean: Environment, server: MisbehavingServer, tmp_path: Path, task: str, prompts: str, rules: str
) -> None:
    model = f"model_name=openai/malli,provider=openai,base_url={server.url},api_key=x,max_model_length=4096"
    tasks = clean.run("ifeval-fi", "tasks-path", "lighteval").strip()
    clean.run(
        "lighteval",
        "endpoint",
        "litellm",
        model,
        task,
        "--custom-tasks",
        tasks,
        "--max-samples",
        "12",
        "--output-dir",
        tmp_path,
        "--save-details",
        cwd=tmp_path,
        env={"LITELLM_LOCAL_MODEL_COST_MAP": "True", "HOME": str(tmp_path), "HF_HOME": str(tmp_path / "hf")},
    )
    results = json.loads(next(tmp_path.rglob("results_*.json")).read_text("utf-8"))["results"][f"{task}|0"]
    output = tmp_path / "scored"
    clean.run("ifeval-fi", "score", tmp_path, "--partial", "--prompts", prompts, "--rules", rules, "--output", output)
    scores = json.loads((output / "scores.json").read_text("utf-8"))
    assert results.keys() == {*METRICS, *(f"{name}_stderr" for name in METRICS)}
    assert results == {name: scores[name] for name in results}
    assert scores["counts"]["prompts"] == 12
    assert 0 < results["inst_level_strict_acc"] < 1


def test_every_bundled_set_is_a_task(clean: Environment) -> None:
    code = (
        "from ifeval_fi.integrations.lighteval_tasks import TASKS_TABLE; import json; "
        "print(json.dumps([task.name for task in TASKS_TABLE]))"
    )
    names = set(json.loads(clean.python(code).splitlines()[-1]))
    assert names >= {f"ifeval_{name.replace('-', '_').replace('.', '_')}" for name in bundled()}
    assert {"ifeval_fi_reference", "ifeval_en_english"} <= names
    assert "ifeval_fi_native_reference" not in names
