"""Inspect's own command line with this package's tasks; `make test-inspect` runs it, in an environment of its own."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from environments import Environment, build_wheel, clean_environment
from misbehaving_server import Act, MisbehavingServer, error, ok
from paths import DATA

from ifeval_fi.integrations import METRICS
from ifeval_fi.prompts import bundled, load_prompts

INSPECT = os.environ.get("IFEVAL_FI_TEST_INSPECT", "")
pytestmark = pytest.mark.skipif(not INSPECT, reason="needs Inspect in an environment of its own; make test-inspect")

LIMIT = 6


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """IFEVAL_FI_TEST_INSPECT is a version of inspect-ai, or the folder of an environment that has it."""
    wheel = build_wheel(tmp_path_factory.mktemp("dist"))
    folder = tmp_path_factory.mktemp("clean") / "env"
    return clean_environment(folder, wheel, INSPECT, f"{wheel}[inspect,reference]", f"inspect-ai=={INSPECT}", "openai")


def samples(name: str) -> dict[Any, str]:
    lines = (DATA / name / "samples.jsonl").read_text("utf-8").splitlines()
    return {row["key"]: row["response"] for row in map(json.loads, lines)}


def answering(name: str) -> MisbehavingServer:
    """A server that gives sample answers, some of them after thinking, cut off, empty, in another language."""
    prompts, texts = load_prompts(name).select(limit=LIMIT), samples(name)
    places = {prompt.text: place for place, prompt in enumerate(prompts)}

    def act(request: Mapping[str, Any], number: int) -> Act:
        place = places[request["messages"][-1]["content"]]
        text = texts.get(prompts[place].key, "Hei.")
        return [
            ok(text),
            ok(f"<think>Mietin: yes, no.</think>{text}"),
            ok("Yes", finish="length"),
            ok(text[:40], reasoning_content="Ajattelen."),
            ok(None, finish="length", reasoning_content="En ehdi."),
            error(400, "the prompt is not allowed"),
        ][place]

    return MisbehavingServer(act)


@pytest.fixture(scope="module")
def server() -> Iterator[MisbehavingServer]:
    with answering("fi") as running:
        yield running


def evaluate(clean: Environment, url: str, folder: Path, task: str, *options: str) -> Path:
    clean.run(
        "inspect",
        "eval",
        f"ifeval_fi/{task}",
        "--model",
        "openai-api/testi/malli",
        "--limit",
        str(LIMIT),
        "--no-fail-on-error",
        "--max-retries",
        "1",
        "--display",
        "plain",
        "--log-dir",
        str(folder),
        *options,
        env={"TESTI_API_KEY": "x", "TESTI_BASE_URL": url},
    )
    return next(path for path in folder.iterdir() if path.suffix in (".eval", ".json"))


def figures(clean: Environment, log: Path) -> dict[str, float]:
    code = (
        "import json; from inspect_ai.log import read_eval_log; "
        f"log = read_eval_log({str(log)!r}, header_only=True); assert log.status == 'success'; "
        "print(json.dumps({name: each.value for name, each in log.results.scores[0].metrics.items()}))"
    )
    return dict(json.loads(clean.python(code)))


def scored(clean: Environment, log: Path, folder: Path, *options: str) -> dict[str, Any]:
    clean.run("ifeval-fi", "score", log, "--output", folder, *options, check=False)
    return dict(json.loads((folder / "scores.json").read_text("utf-8")))


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--epochs", "2"),
        ("--log-format", "json"),
        ("-T", "rules=reference"),
        ("-T", "keep_thinking=true"),
    ],
    ids=" ".join,
)
def test_score_gives_inspect_s_numbers(
    clean: Environment, server: MisbehavingServer, tmp_path: Path, options: tuple[str, ...]
) -> None:
    log = evaluate(clean, server.url, tmp_path / "logs", "ifeval_fi", *options)
    ours = {"rules=reference": ("--rules", "reference"), "keep_thinking=true": ("--keep-thinking",)}
    scores = scored(clean, log, tmp_path / "scored", *(ours.get(options[-1], ()) if options else ()))
    found = figures(clean, log)
    assert found.keys() == {*METRICS, *(f"{name}_stderr" for name in METRICS)}
    assert found == {name: scores[name] for name in found}
    failed = 2 if "--epochs" in options else 1
    assert scores["counts"] | {"prompts": LIMIT, "failed": failed, "missing": 0} == scores["counts"]
    assert 0 < found["prompt_level_strict_acc"] < 1


def test_every_bundled_set_is_a_task(clean: Environment) -> None:
    code = (
        "from ifeval_fi.integrations import inspect_ai as ours; import json; "
        "print(json.dumps({name: [len(made.dataset), made.dataset[0].metadata['language']] for name in dir(ours) "
        "if name.startswith('ifeval_') for made in [getattr(ours, name)()]}))"
    )
    made = json.loads(clean.python(code))
    assert made == {
        f"ifeval_{name.replace('-', '_').replace('.', '_')}": [len(load_prompts(name)), load_prompts(name).language]
        for name in bundled()
    }


def test_prompts_of_one_s_own_and_scoring_again(clean: Environment, tmp_path: Path) -> None:
    prompts = load_prompts("fi").select(limit=LIMIT)
    path = tmp_path / "own.jsonl"
    path.write_text("".join(json.dumps(prompt.row) + "\n" for prompt in prompts), "utf-8")
    with answering("fi") as running:
        log = evaluate(clean, running.url, tmp_path / "logs", "ifeval", "-T", f"prompts={path}")
    scores = scored(clean, log, tmp_path / "scored", "--prompts", str(path))
    first = figures(clean, log)
    assert first == {name: scores[name] for name in first}
    again = ("--scorer", "ifeval_fi/verdicts", "--action", "overwrite", "--overwrite")
    clean.run("inspect", "score", log, *again, env={"TESTI_API_KEY": "x", "TESTI_BASE_URL": "http://127.0.0.1:9/v1"})
    assert figures(clean, log) == first
