"""A model's thinking in every notation, and that it is never judged unless that is asked for."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ifeval_fi
from ifeval_fi.cli import main
from ifeval_fi.prompts import load_prompts
from ifeval_fi.scoring import score
from ifeval_fi.scoring.responses import Response, as_responses, judged
from ifeval_fi.scoring.thinking import split_thinking

BLOCKS = [
    ("closed", "<think>a</think> Vastaus.", "Vastaus.", "a", False),
    ("opener in the prompt", "a</think>\n\nVastaus.", "Vastaus.", "a", False),
    ("cut off", "<think>a", "", "a", True),
    ("two blocks", "<think>a</think>\n<think>b</think>Vastaus.", "Vastaus.", "a\n\nb", False),
    ("second block cut off", "<think>a</think><think>b", "", "a\n\nb", True),
    ("later literal", "<think>a</think>Kirjoita </think> näin.", "Kirjoita </think> näin.", "a", False),
    ("later block", "<think>a</think>Näin: <think>b</think>", "Näin: <think>b</think>", "a", False),
    ("literal pair in the answer", "Kirjoita <think>b</think> näin.", "Kirjoita <think>b</think> näin.", None, False),
    ("unclosed literal in the answer", "Kirjoita <think> näin.", "Kirjoita <think> näin.", None, False),
    ("white space first", "\n <think>a</think>V", "V", "a", False),
    ("empty block", "<think>\n\n</think>\n\nV", "V", None, False),
    ("none", "  Vastaus.\n", "  Vastaus.\n", None, False),
]


@pytest.mark.parametrize(
    ("text", "answer", "thinking", "unclosed"), [r[1:] for r in BLOCKS], ids=[r[0] for r in BLOCKS]
)
def test_blocks(text: str, answer: str, thinking: str | None, unclosed: bool) -> None:
    assert split_thinking(text) == (answer, thinking, unclosed)


@given(st.text(st.sampled_from("ab \n<>/think"), max_size=30), st.text(max_size=20))
def test_text_after_a_closed_block_is_kept(reasoning: str, answer: str) -> None:
    if "<" in answer or "[" in answer or "think>" in reasoning or "\u200b" in answer or "\ufeff" in answer:
        return
    assert split_thinking(f"<think>{reasoning}</think>{answer}").answer == answer.lstrip()


NOTATIONS = [
    ("thinking", "<thinking>a</thinking>V", "V", "a", False),
    ("capitals and a field", '<Think time="3s">a</Think>V', "V", "a", False),
    ("seed", "<seed:think>a</seed:think>V", "V", "a", False),
    ("another prefix", "<mm:think>a</mm:think>V", "V", "a", False),
    ("thought", "<thought>a</thought>V", "V", "a", False),
    ("reasoning", "<reasoning>\na\n</reasoning>\nV", "V", "a", False),
    ("closed by another name", "<thinking>a</think>V", "V", "a", False),
    ("empty element", "<think/>V", "V", None, False),
    ("byte order mark", "\ufeff<think>a</think>V", "V", "a", False),
    ("magistral", "[THINK]a[/THINK]V", "V", "a", False),
    ("magistral, opener in the prompt", "a[/THINK]V", "V", "a", False),
    ("magistral, cut off", "[THINK]a", "", "a", True),
    ("kimi", "◁think▷a◁/think▷V", "V", "a", False),
    ("command", "<|START_THINKING|>a<|END_THINKING|><|START_RESPONSE|>V<|END_RESPONSE|>", "V", "a", False),
    (
        "openthinker",
        "<|begin_of_thought|>a<|end_of_thought|>\n<|begin_of_solution|>V<|end_of_solution|>",
        "V",
        "a",
        False,
    ),
    ("apertus", "<|inner_prefix|>a<|inner_suffix|>V", "V", "a", False),
    ("gemma", "<|channel>thought\na<channel|>V", "V", "a", False),
    ("solar", "<|think|>a<|end|><|begin|>assistant<|content|>V<|end|>", "V", "a", False),
    ("begin and end", "<|begin_of_thinking|>a<|end_of_thinking|>V", "V", "a", False),
    ("medgemma", "<unused94>thought\na<unused95>V", "V", "a", False),
    ("thought process", "<thought_process>a</thought_process>V", "V", "a", False),
    ("webui", '<details type="reasoning" done="true">a</details>V', "V", "a", False),
    ("granite", "Here is my thought process: a Here is my response: V", "V", "a", False),
    ("apriel", "Here are my reasoning steps:\na\n[BEGIN FINAL RESPONSE]\nV\n[END FINAL RESPONSE]", "V", "a", False),
    (
        "harmony",
        "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>V<|return|>",
        "V",
        "a",
        False,
    ),
    (
        "harmony, two thoughts",
        "<|start|>assistant<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>commentary<|message|>b"
        "<|end|><|start|>assistant<|channel|>final<|message|>V",
        "V",
        "a\n\nb",
        False,
    ),
    ("harmony, opener in the prompt", "a<|end|><|start|>assistant<|channel|>final<|message|>V", "V", "a", False),
    ("harmony, cut off", "<|channel|>analysis<|message|>a", "", "a", True),
    ("harmony, no thought", "<|channel|>final<|message|>V", "V", None, False),
    ("harmony without its tokens", "analysisWe need a.assistantfinalV", "V", "We need a.", False),
    ("harmony without its tokens, cut off", "analysisWe need a", "", "We need a", True),
    ("tag and channel", "<think>a</think><thinking>b</thinking>V", "V", "a\n\nb", False),
]
KEPT = [
    "Merkki `</think>` päättää ajatuksen.",
    "<p>Hei</p>",
    "<thanks>a</thanks>V",
    "analysis on sana",
    "Analysis: hyvä",
    "[think] on paikka",
    "<details>a</details>V",
    "Here is my thought process: a",
    "Vastaus <|channel|> näin",
    "Näin: [THINK]a[/THINK]",
]


@pytest.mark.parametrize(
    ("text", "answer", "thinking", "unclosed"), [r[1:] for r in NOTATIONS], ids=[r[0] for r in NOTATIONS]
)
def test_notations(text: str, answer: str, thinking: str | None, unclosed: bool) -> None:
    assert split_thinking(text) == (answer, thinking, unclosed)


@pytest.mark.parametrize("text", KEPT)
def test_what_is_no_leading_thinking_stays(text: str) -> None:
    assert split_thinking(text) == (text, None, False)


@pytest.mark.parametrize(
    ("text", "thought", "answer"),
    [
        ("<think>Mietin.</think>V", "Mietin.", "V"),
        ("<think>Muuta.</think>V", "Mietin.", "V"),
        ("Mietin.</think>V", "Mietin.", "V"),
        ("a</think>b", "Mietin.", "a</think>b"),
        ("Mietin.\n\nV", "Mietin.", "V"),
        ("Mietin. Ja vastaan.", "Mietin.", "Mietin. Ja vastaan."),
        ("Mietin.", "Mietin.", "Mietin."),
        ("V", "Mietin.", "V"),
    ],
)
def test_a_thought_that_stands_in_a_field_and_again_in_the_text(text: str, thought: str, answer: str) -> None:
    assert split_thinking(text, thought) == (answer, thought, False)


PIECES = ["<think>", "</think>", "<thinking>", "</thinking>", "a", " ", "\n", "`", "[THINK]", "[/THINK]"]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_what_was_judged_once_is_judged_the_same_again(text: str) -> None:
    once = judged(Response(1, text))
    assert judged(once) == once
    assert once.text in text
    assert judged(judged(Response(1, text), keep_thinking=True), keep_thinking=True).text == text


HOSTILE = {
    "blocks": "<think>a</think>",
    "blocks closed by another name": "<thinking>a</think>",
    "openers": "<think>",
    "closers": "</think>",
    "fields": "<think ",
    "spaced": "<think" + " " * 150,
    "brackets": "<",
    "quoted": "`</think>`",
    "harmony": "<|channel|>analysis<|message|>a<|end|>",
    "harmony starts": "<|start|>",
    "ends": "<|end|>" + " " * 100,
    "prefixes": "<a:",
    "blanks": " ",
    "empty elements": "<think/>",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("first", ["", "a</think>", "<think>"])
def test_time_is_linear_in_the_text(piece: str, first: str) -> None:
    def seconds(size: int) -> float:
        text = first + piece * (size // len(piece))
        started = time.perf_counter()
        split_thinking(text)
        return time.perf_counter() - started

    seconds(1000)
    assert seconds(400_000) < 40 * seconds(40_000) + 1


PROMPTS = load_prompts("fi").select(keys=[1001])
ANSWER = "Matkaohjelma ilman välimerkkiä"
THOUGHT = "<think>Ensin, mietin, pilkuin.</think>\n"


def test_thinking_is_not_judged_but_counted_and_signed() -> None:
    plain = score(PROMPTS, {1001: ANSWER})
    for text in (THOUGHT + ANSWER, "[THINK]a, b[/THINK]" + ANSWER):
        found = score(PROMPTS, {1001: text})
        assert found.verdicts == plain.verdicts
        assert found["prompt_level_strict_acc"] == 1
        assert found["with_thinking"] == 1
        assert "|thinking:removed|" in found["signature"]
    assert plain["with_thinking"] == 0
    assert plain["signature"] == found["signature"]


@pytest.mark.parametrize("rules", ["finnish", "reference"])
def test_keep_thinking_judges_it_all_the_same(rules: str) -> None:
    kept = score(PROMPTS, {1001: THOUGHT + ANSWER}, keep_thinking=True, rules=rules)
    assert kept["prompt_level_strict_acc"] == 0
    assert kept["with_thinking"] == 1
    assert "|thinking:kept|" in kept["signature"]
    assert score(PROMPTS, {1001: THOUGHT + ANSWER}, rules=rules)["prompt_level_strict_acc"] == 1


def test_check_judges_the_text_it_is_given() -> None:
    assert not ifeval_fi.check("punctuation:no_comma", {}, THOUGHT + ANSWER)


def test_thinking_without_an_end_is_a_truncated_empty_answer() -> None:
    found = score(PROMPTS, {1001: "<think>Mietin"})
    assert found["counts"]["truncated"] == 1
    assert found["empty_responses"] == {"reasoning_only": 1}
    assert found["prompt_level_strict_acc"] == 0


@pytest.mark.parametrize(
    "row",
    [
        {"key": 1001, "response": THOUGHT + ANSWER},
        {"key": 1001, "response": ANSWER, "reasoning": "x", "response_with_thinking": THOUGHT + ANSWER},
        {"key": 1001, "response": f"Ensin, mietin.\n\n{ANSWER}", "reasoning_content": "Ensin, mietin."},
        {"doc": {"key": 1001}, "resps": [[THOUGHT + ANSWER]], "filtered_resps": [THOUGHT + ANSWER]},
    ],
    ids=["file", "journal", "repeated", "lm-eval"],
)
def test_the_command_has_the_same_rule_for_every_file(
    row: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "vastaukset.jsonl"
    path.write_text(json.dumps(row) + "\n", "utf-8")
    rates = []
    for options in ([], ["--keep-thinking"]):
        with pytest.raises(SystemExit):
            main(["score", str(path), "--partial", "--output", str(tmp_path), *options])
        shown = capsys.readouterr().out
        assert "1 of 1 answers began with thinking" in shown
        rates.append(json.loads((tmp_path / "scores.json").read_text("utf-8"))["prompt_level_strict_acc"])
    assert rates == [1, 0]


def test_a_journal_of_before_is_not_taken_apart_twice() -> None:
    old = {"key": 1001, "response": "Kirjoita </think> näin", "reasoning": "a", "outcome": "answered"}
    assert judged(as_responses([old])[0]).text == "Kirjoita </think> näin"


EMPTY = [
    ({"response": "", "reasoning": "Mietin"}, "reasoning_only"),
    ({"response": "<think>Mietin</think>"}, "reasoning_only"),
    ({"response": "", "finish_reason": "tool_calls"}, "tool_call_only"),
    ({"response": "", "empty": "tool_call_only", "finish_reason": "stop"}, "tool_call_only"),
    ({"response": "", "finish_reason": "content_filter"}, "filtered"),
    ({"response": "", "finish_reason": "length"}, "cut_off"),
    ({"response": " \n\u200b"}, "no_text"),
]


@pytest.mark.parametrize(("row", "cause"), EMPTY)
def test_empty_answers_are_counted_by_cause(row: dict[str, Any], cause: str) -> None:
    assert score(PROMPTS, [{"key": 1001, **row}])["empty_responses"] == {cause: 1}


def test_many_empty_answers_are_warned_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keys = [prompt.key for prompt in load_prompts("fi").select(limit=10)]
    for filled, warned in ((10, False), (3, True)):
        rows = [{"key": key, "response": "Hei" if n < filled else "", "reasoning": "m"} for n, key in enumerate(keys)]
        (tmp_path / "r.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        with pytest.raises(SystemExit):
            main(["score", str(tmp_path / "r.jsonl"), "--partial"])
        assert ("7 of 10 answers are empty (reasoning without an answer): " in capsys.readouterr().out) is warned


def test_an_unknown_ending_is_counted_and_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text(json.dumps({"key": 1001, "response": ANSWER, "finish_reason": "väsyi\x1b[31m"}) + "\n", "utf-8")
    with pytest.raises(SystemExit):
        main(["score", str(path), "--partial", "--output", str(tmp_path)])
    shown = capsys.readouterr().out
    assert "ended with a word unknown here and count as whole: väsyi" in shown
    assert "\x1b[31m" not in shown
    scores = json.loads((tmp_path / "scores.json").read_text("utf-8"))
    assert scores["unknown_finish_reasons"] == {"väsyi\x1b[31m": 1}
    assert scores["counts"]["answered"] == 1


@pytest.mark.parametrize("word", ["abort", "insufficient_system_resource", "network_error"])
def test_half_an_answer_in_a_file_is_no_answer(word: str) -> None:
    found = score(PROMPTS, [{"key": 1001, "response": "Matkaoh", "finish_reason": word}])
    assert found["counts"]["failed"] == 1
    assert not found["complete"]


@pytest.mark.parametrize("word", ["length", "MAX_TOKENS", "model_length", "max_tokens", "content_filter"])
def test_a_cut_answer_in_a_file_is_truncated(word: str) -> None:
    found = score(PROMPTS, [{"key": 1001, "response": "Matkaoh", "finish_reason": word}])
    assert found["counts"]["truncated"] == 1
