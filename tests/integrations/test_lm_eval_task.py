"""lm-eval's tasks in one process, with a model that answers from a table; skipped where lm-eval is not installed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from paths import DATA

pytest.importorskip("lm_eval", reason='needs pip install "ifeval-fi[lm-eval]"')
lm_model = pytest.importorskip("lm_eval.api.model", reason='needs pip install "ifeval-fi[lm-eval]"')

from lm_eval import simple_evaluate  # noqa: E402
from lm_eval.tasks import TaskManager  # noqa: E402

from ifeval_fi.cli import main  # noqa: E402
from ifeval_fi.integrations.lm_eval import METRICS, process_results, rate, standard_error  # noqa: E402
from ifeval_fi.integrations.lm_eval_install import tasks_folder  # noqa: E402
from ifeval_fi.prompts import load_prompts  # noqa: E402
from ifeval_fi.scoring import score  # noqa: E402
from ifeval_fi.scoring.responses import load_responses  # noqa: E402

ENGLISH = "This is a plain answer in English, and it does not try to follow any of the instructions."
GERMAN = "Das ist eine Antwort auf Deutsch, die keine einzige der Anweisungen befolgt."


class Table(lm_model.LM):  # type: ignore[misc,name-defined]
    """Answers a prompt by its place in the order of requests: a sample answer, English, German, nothing."""

    tokenizer_name = "table"

    def __init__(self, answers: Mapping[str, str]) -> None:
        super().__init__()
        self.answers = answers
        self.seen: dict[str, int] = {}
        self.settings: list[dict[str, Any]] = []

    def generate_until(self, requests: list[Any], **_: Any) -> list[str | None]:
        return [self.answer(*request.args) for request in requests]

    def answer(self, context: str, settings: dict[str, Any]) -> str | None:
        self.settings.append(settings)
        text = self.answers[context]
        repeat = self.seen[context] = self.seen.get(context, -1) + 1
        place = len(context) + repeat
        return (text, text, ENGLISH, GERMAN, "", None)[place % 6]

    def loglikelihood(self, requests: list[Any]) -> list[Any]:
        raise NotImplementedError

    loglikelihood_rolling = loglikelihood


@pytest.fixture(scope="module")
def answers() -> dict[str, str]:
    prompts = load_prompts("fi")
    rows = DATA / "fi" / "samples.jsonl"
    samples = {row["key"]: row["response"] for row in map(json.loads, rows.read_text("utf-8").splitlines())}
    return {prompt.text: samples[prompt.key] for prompt in prompts}


@pytest.fixture(scope="module")
def manager() -> Any:
    return TaskManager(include_path=str(tasks_folder()), include_defaults=False)


def evaluate(manager: Any, answers: Mapping[str, str], task: Any = "ifeval_fi", **options: Any) -> dict[str, Any]:
    results = simple_evaluate(model=Table(answers), tasks=[task], task_manager=manager, **options)
    assert results is not None
    return dict(results)


def figures(results: Mapping[str, Any], task: str) -> dict[str, Any]:
    return {
        name.removesuffix(",none"): value
        for name, value in results["results"][task].items()
        if name.endswith(",none") and not name.endswith("_stderr_stderr,none")
    }


@pytest.mark.parametrize(("task", "rules"), [("ifeval_fi", "finnish"), ("ifeval_fi_reference", "reference")])
def test_every_figure_equals_score_on_the_same_answers(
    task: str, rules: str, manager: Any, answers: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = evaluate(manager, answers, task)
    log = tmp_path / f"samples_{task}.jsonl"
    log.write_text("".join(json.dumps(sample) + "\n" for sample in logged(results["samples"][task])), "utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["score", str(log), "--rules", rules, "--output", str(tmp_path)])
    capsys.readouterr()
    assert ended.value.code == 0
    scores = json.loads((tmp_path / "scores.json").read_text("utf-8"))
    found = figures(results, task)
    assert found == {name: scores[name] for name in found}
    assert set(found) == {*METRICS, *(f"{name}_stderr" for name in METRICS)}
    assert 0 < found["inst_level_strict_acc"] < 1
    metadata = results["configs"][task]["metadata"]
    assert metadata["signature"] == scores["signature"]
    assert "decoding:max_tokens=1280,temperature=0.0|" in scores["signature"]
    verdicts = [json.loads(line) for line in (tmp_path / "verdicts.jsonl").read_text("utf-8").splitlines()]
    by_key = {sample["doc"]["key"]: sample for sample in results["samples"][task]}
    for verdict in verdicts:
        assert by_key[verdict["key"]]["inst_level_strict_acc"] == verdict["strict"]
        assert by_key[verdict["key"]]["inst_level_loose_acc"] == verdict["loose"]


def logged(samples: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Samples as --log_samples writes them: each request's arguments by name."""
    return [
        sample
        | {
            "arguments": {
                f"gen_args_{i}": {f"arg_{j}": value for j, value in enumerate(request)}
                for i, request in enumerate(sample["arguments"])
            }
        }
        for sample in samples
    ]


def test_repeats_are_all_scored_and_clustered_by_prompt(answers: dict[str, str], tmp_path: Path) -> None:
    task = "ifeval_fi_three_times"
    own = tmp_path / "own.yaml"
    own.write_text(f"include: {tasks_folder() / 'ifeval_fi.yaml'}\ntask: {task}\nrepeats: 3\n", "utf-8")
    manager = TaskManager(include_path=str(tmp_path), include_defaults=False)
    results = evaluate(manager, answers, task, limit=40)
    samples = results["samples"][task]
    responses = [
        {"key": sample["doc"]["key"], "sample": number, "response": text or ""}
        for sample in samples
        for number, text in enumerate(sample["resps"][0])
    ]
    assert len(responses) == 120
    scores = score(load_prompts("fi"), responses, partial=True)
    found = figures(results, task)
    assert found == {name: scores[name] for name in found}
    assert "|samples:3|" in results["configs"][task]["metadata"]["signature"]


def test_greedy_and_1280_tokens_unless_told_otherwise(manager: Any, answers: dict[str, str]) -> None:
    model = Table(answers)
    simple_evaluate(model=model, tasks=["ifeval_fi"], task_manager=manager, limit=2)
    for settings in model.settings:
        assert settings == {"until": [], "do_sample": False, "temperature": 0.0, "max_gen_toks": 1280}
    model.settings.clear()
    results = simple_evaluate(
        model=model, tasks=["ifeval_fi"], task_manager=manager, limit=2, gen_kwargs="max_gen_toks=64,temperature=0.6"
    )
    assert {settings["max_gen_toks"] for settings in model.settings} == {64}
    assert "decoding:max_tokens=64,temperature=0.6|" in results["configs"]["ifeval_fi"]["metadata"]["signature"]


def test_predict_only_asks_and_judges_nothing(manager: Any, answers: dict[str, str]) -> None:
    results = evaluate(manager, answers, limit=3, predict_only=True)
    assert len(results["samples"]["ifeval_fi"]) == 3
    assert figures(results, "ifeval_fi").keys() <= {"bypass", "bypass_stderr"}


def test_own_prompts_with_a_task_file_of_ones_own(answers: dict[str, str], tmp_path: Path) -> None:
    rows = [prompt.row for prompt in load_prompts("fi").select(limit=5)]
    own = tmp_path / "own.jsonl"
    own.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    (tmp_path / "own.yaml").write_text(
        f"include: {tasks_folder() / 'ifeval_fi.yaml'}\ntask: own\n"
        f"metadata: {{version: 1.0, prompts: {own}, rules: reference}}\n",
        "utf-8",
    )
    manager = TaskManager(include_path=str(tmp_path), include_defaults=False)
    results = evaluate(manager, answers, "own")
    assert results["n-samples"]["own"] == {"original": 5, "effective": 5}
    assert "prompts:own.jsonl|n:5|" in results["configs"]["own"]["metadata"]["signature"]
    assert "|rules:reference-" in results["configs"]["own"]["metadata"]["signature"]


def test_one_prompt_has_no_standard_error(manager: Any, answers: dict[str, str]) -> None:
    found = figures(evaluate(manager, answers, limit=1), "ifeval_fi")
    assert {value for name, value in found.items() if name.endswith("_stderr")} == {"N/A"}


def test_standard_error_is_clustered() -> None:
    together, apart = [[True] * 8, [False] * 8], [[True, False] * 4, [True, False] * 4]
    assert rate(together) == rate(apart) == 0.5
    assert standard_error(together) == pytest.approx(0.5)
    assert standard_error(apart) == 0


def test_a_null_answer_follows_nothing(manager: Any, answers: dict[str, str]) -> None:
    doc = {"key": 1, "prompt": "Älä käytä pilkkuja.", "instruction_id_list": ["punctuation:no_comma"], "kwargs": [{}]}
    for answer in (None, "", [None], [[""]]):
        metrics = process_results(doc | {"language": "fi", "rules": "finnish"}, [answer])
        assert metrics["prompt_level_strict_acc"] is False
        assert metrics["inst_level_loose_acc"] == [False]


def test_the_tasks_hold_no_logic() -> None:
    code = (tasks_folder() / "utils.py").read_text("utf-8").split("\n\n")
    assert len(code) == 2
    assert code[0].startswith("from ifeval_fi.integrations.lm_eval import ")
    assert code[1].startswith("__all__ = ")


@pytest.mark.parametrize("keep", [False, True])
def test_thinking_is_judged_as_score_judges_it(keep: bool, answers: dict[str, str], tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    metadata = f"metadata: {{version: 1.0, prompts: fi, rules: finnish, keep_thinking: {str(keep).lower()}}}\n"
    own.write_text(f"include: {tasks_folder() / 'ifeval_fi.yaml'}\ntask: own\n{metadata}", "utf-8")
    thoughtful = {text: f"<think>Ensin, mietin: *a* ja [b]?</think>\n{answer}" for text, answer in answers.items()}
    manager = TaskManager(include_path=str(tmp_path), include_defaults=False)
    results = evaluate(manager, thoughtful, "own", limit=60)
    log = [json.loads(json.dumps(sample)) for sample in logged(results["samples"]["own"])]
    path = tmp_path / "samples_own.jsonl"
    path.write_text("".join(json.dumps(sample) + "\n" for sample in log), "utf-8")
    file = load_responses(path)
    scores = score(load_prompts("fi"), file.responses, partial=True, run=file.run, keep_thinking=keep)
    found = figures(results, "own")
    assert found == {name: scores[name] for name in found}
    assert scores["with_thinking"] > 10
    assert f"|thinking:{'kept' if keep else 'removed'}|" in results["configs"]["own"]["metadata"]["signature"]
    plain = score(load_prompts("fi"), file.responses, partial=True, run=file.run, keep_thinking=not keep)
    assert (scores["inst_level_strict_acc"] < plain["inst_level_strict_acc"]) is keep
