"""Responses and prompts to verdicts and scores."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jsonschema
import pytest
from conftest import Write
from hypothesis import given
from hypothesis import strategies as st
from paths import ROOT

import ifeval_fi
from ifeval_fi import load_prompts, score
from ifeval_fi.errors import IfevalError, PromptError, ResponseError
from ifeval_fi.languages import get_language
from ifeval_fi.rules import get_rules
from ifeval_fi.scoring import judge_response, loose_variants
from ifeval_fi.scoring.responses import Response, load_responses

SAMPLES = ROOT / "data" / "fi" / "samples.jsonl"
PROMPTS = load_prompts("fi").select(limit=40)


def samples() -> list[dict]:
    return [json.loads(line) for line in SAMPLES.read_text(encoding="utf-8").splitlines()][:40]


def test_samples_score_full_marks() -> None:
    scores = score(PROMPTS, samples())
    assert scores["prompt_level_strict_acc"] == scores["inst_level_loose_acc"] == 1.0
    assert scores["prompt_level_strict_acc_stderr"] == 0.0
    assert scores["prompt_level_strict_acc_ci95"][0] > 0.9
    assert scores.summary["complete"]
    assert scores.summary["counts"]["scored"] == 40


def test_small_example_by_hand() -> None:
    """Three prompts, one of two instructions: 2 of 4 instructions, 1 of 3 prompts."""
    prompts = load_prompts("fi").select(keys=[1000, 1001, 1051])
    answers = {
        1000: "Tiivistelmä ilman pilkkua.",
        1001: "Ensin mennään Tokioon, sitten Kiotoon.",
        1051: "hei ystävä! käythän äänestämässä sunnuntaina.",
    }
    scores = score(prompts, answers)
    assert [list(each.strict) for each in scores.verdicts] == [[True, False, False], [False], [True]]
    assert scores["prompt_level_strict_acc"] == pytest.approx(1 / 3)
    assert scores["inst_level_strict_acc"] == pytest.approx(2 / 5)
    # Clusters of 3, 1, 1 with 1, 0, 1 followed: residuals -0.2, -0.4, 0.6.
    assert scores["inst_level_strict_acc_stderr"] == pytest.approx((3 / 2 * (0.04 + 0.16 + 0.36)) ** 0.5 / 5)
    assert scores.summary["by_category"]["punctuation"]["n"] == 2
    assert scores.summary["by_category"]["punctuation"]["strict_acc"] == 0.5


def test_failed_is_neither_wrong_nor_dropped() -> None:
    prompts = load_prompts("fi").select(keys=[1001, 1051])
    rows = [
        {"key": 1001, "response": "Matkaohjelma.", "finish_reason": "length"},
        {"key": 1051, "outcome": "failed", "error": "timeout"},
    ]
    summary = score(prompts, rows).summary
    assert summary["counts"] == {
        "prompts": 2,
        "instructions": 2,
        "answered": 0,
        "truncated": 1,
        "failed": 1,
        "missing": 0,
        "scored": 1,
    }
    assert not summary["complete"]
    assert summary["prompt_level_strict_acc"] == 1.0


def test_number_that_cannot_be_computed_is_absent() -> None:
    prompts = load_prompts("fi").select(keys=[1001])
    summary = score(prompts, [{"key": 1001, "outcome": "failed"}]).summary
    assert "prompt_level_strict_acc" not in summary
    one = score(prompts, {1001: "Matkaohjelma."}).summary
    assert one["prompt_level_strict_acc"] == 1.0
    assert "prompt_level_strict_acc_stderr" not in one


def test_several_samples() -> None:
    prompts = load_prompts("fi").select(keys=[1001])
    rows = [
        {"key": 1001, "sample": index, "response": text} for index, text in enumerate(["Hyvä.", "Ei, ei.", "Joo, joo."])
    ]
    summary = score(prompts, rows).summary
    assert summary["samples_per_prompt"] == 3
    assert summary["prompt_level_strict_acc"] == pytest.approx(1 / 3)
    assert summary["prompt_level_strict_pass_at"] == {"1": pytest.approx(1 / 3), "2": pytest.approx(2 / 3)}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"key": 1001, "resp', "the last line is torn"),
        ('{"response": "x"}\n', "line 2: lacks 'key'"),
        ('{"key": 1001}\n', "line 2, key 1001: lacks 'response'"),
        ('{"key": 1001, "response": null}\n', "line 2, key 1001: response must be a string"),
        ('{"key": 1001, "response": ["x"]}\n', "line 2, key 1001: response must be a string"),
        ('{"key": 1.5, "response": "x"}\n', "line 2: key must be"),
        ('{"key": 1000, "response": "x"}\n', "line 2, key 1000: answered already"),
        ('{"key": 1001, "response": "x", "outcome": "lost"}\n', "outcome must be"),
        ('{"key": 1001, "response": "x", "sample": -1}\n', "sample must be"),
        ('{"key": 1001, "response": "x"\n', "line 2: "),
        ("[1]\n", "line 2: must be a JSON object"),
        ('{"doc": {}, "resps": [["x"]]}\n', "lm-eval sample"),
    ],
)
def test_bad_responses_are_named(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "responses.jsonl"
    path.write_text('{"key": 1000, "response": "Hei."}\n' + line, encoding="utf-8")
    with pytest.raises(ResponseError) as caught:
        load_responses(path)
    assert str(path) in str(caught.value)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_keys_must_match_the_prompts() -> None:
    prompts = load_prompts("fi").select(keys=[1000, 1001])
    with pytest.raises(ResponseError, match="key 7: no such prompt"):
        score(prompts, {1000: "x", 1001: "x", 7: "x"})
    with pytest.raises(ResponseError, match=r"key 1001: no response \(1 of 2 missing\)"):
        score(prompts, {1000: "x"})
    assert score(prompts, {1000: "x"}, partial=True).summary["counts"]["missing"] == 1
    with pytest.raises(ResponseError, match="sample 0 is there twice"):
        score(prompts, [{"key": 1000, "response": "x"}] * 2)
    with pytest.raises(ResponseError, match="another version of the prompt"):
        score(prompts, [Response(1000, "x", prompt_sha256="0" * 64), Response(1001, "x")])


def test_lm_eval_sample_log(write: Write) -> None:
    path = write(
        "samples.jsonl",
        [{"doc_id": 0, "doc": {"key": 1001}, "resps": [["Hei"]], "filtered_resps": ["Hei"]}],
    )
    assert load_responses(path).responses == (Response(1001, "Hei"),)


def test_unknown_names_are_errors() -> None:
    with pytest.raises(PromptError, match="unknown instruction id"):
        ifeval_fi.check("keywords:nonsense", {}, "x")
    with pytest.raises(IfevalError, match="unknown language 'xx'"):
        ifeval_fi.check("punctuation:no_comma", {}, "x", language="xx")
    with pytest.raises(IfevalError, match="no rules 'strict'"):
        score(PROMPTS, samples(), rules="strict")


@given(st.text())
def test_loose_variants_are_the_reference_transformations(text: str) -> None:
    lines = text.split("\n")
    cut = {"\n".join(part).strip() for part in (lines[1:], lines[:-1], lines[1:-1])}
    expected = {text, *cut, *(each.replace("*", "") for each in (text, *cut))}
    variants = loose_variants(text)
    assert set(variants) | {text} == {each for each in expected if each.strip()} | {text}
    assert len(variants) == len(set(variants)) <= 7


@given(st.text() | st.sampled_from(samples()).map(lambda row: row["response"]), st.sampled_from(PROMPTS))
def test_strict_implies_loose(text: str, prompt: ifeval_fi.Prompt) -> None:
    language = get_language("fi")
    for rules in ("finnish", "reference"):
        verdicts = judge_response(prompt, Response(prompt.key, text), get_rules(rules, language), language)
        assert all(loose for strict, loose in zip(verdicts.strict, verdicts.loose, strict=True) if strict)


def test_same_bytes_in_any_order_and_thread(tmp_path: Path) -> None:
    rows = samples()
    score(PROMPTS, rows).save(tmp_path / "a")

    def shuffled(seed: int) -> None:
        score(PROMPTS, random.Random(seed).sample(rows, len(rows))).save(tmp_path / f"{seed}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(shuffled, range(8)))
    for name in ("verdicts.jsonl", "scores.json"):
        first = (tmp_path / "a" / name).read_bytes()
        assert all((tmp_path / f"{seed}" / name).read_bytes() == first for seed in range(8))


def test_same_bytes_for_any_hash_seed_and_without_network(tmp_path: Path, write: Write) -> None:
    path = write("responses.jsonl", samples())
    code = (
        "import socket, sys; socket.socket.connect = socket.create_connection = None\n"
        "from ifeval_fi.cli import main\n"
        "main(sys.argv[1:])"
    )
    for seed in ("0", "1", "42"):
        subprocess.run(
            [sys.executable, "-c", code, "score", str(path), "--partial", "--output", str(tmp_path / seed)],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
    for name in ("verdicts.jsonl", "scores.json"):
        assert len({(tmp_path / seed / name).read_bytes() for seed in ("0", "1", "42")}) == 1


def test_files_match_their_schemas(tmp_path: Path) -> None:
    score(PROMPTS, samples()).save(tmp_path)

    def schema(name: str) -> jsonschema.Draft202012Validator:
        text = (ROOT / "ifeval_fi" / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8")
        return jsonschema.Draft202012Validator(json.loads(text))

    schema("scores").validate(json.loads((tmp_path / "scores.json").read_text(encoding="utf-8")))
    for line in (tmp_path / "verdicts.jsonl").read_text(encoding="utf-8").splitlines():
        schema("verdicts").validate(json.loads(line))
