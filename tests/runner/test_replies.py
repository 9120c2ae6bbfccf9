"""How a reply ended and what it holds: endings, content parts, empty answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from misbehaving_server import MisbehavingServer, completion, ok
from servers import ask, rows

from ifeval_fi.runner.faults import Failure
from ifeval_fi.runner.replies import Reply, parse_reply

pytestmark = pytest.mark.usefixtures("bare_environment")

WHOLE = ["stop", "STOP", "end_turn", "eos", "eos_token", "stop_sequence", "COMPLETE", None, "", "null"]
CUT_SHORT = ["length", "model_length", "max_tokens", "MAX_TOKENS", "FINISH_REASON_MAX_TOKENS", "max_output_tokens"]
CUT_SHORT += ["content_filter", "SAFETY", "sensitive", "model_context_window_exceeded", "token_limit"]
NO_ANSWER = ["abort", "insufficient_system_resource", "network_error", "error", "ERROR", "cancelled", "timeout"]


@pytest.mark.parametrize("word", WHOLE)
def test_whole(word: str | None) -> None:
    reply = parse_reply(completion("Hei", word))
    assert isinstance(reply, Reply)
    assert (reply.response, reply.truncated) == ("Hei", False)


@pytest.mark.parametrize("word", CUT_SHORT)
def test_cut(word: str) -> None:
    reply = parse_reply(completion("He", word))
    assert isinstance(reply, Reply)
    assert (reply.response, reply.truncated, reply.finish_reason) == ("He", True, word)


@pytest.mark.parametrize("word", NO_ANSWER)
def test_half_a_sentence_is_no_answer_and_is_asked_again(word: str, tmp_path: Path) -> None:
    with MisbehavingServer([ok("Puoli lausetta", finish=word)]) as server:
        assert ask(tmp_path, server, concurrency=1).answered == 4
        assert len(server.requests) == 5
    assert all(row["response"].startswith("Vastaus") for row in rows(tmp_path))


@pytest.mark.parametrize("finish", ["stop", "length", None])
@pytest.mark.parametrize("place", ["choice", "message"])
def test_an_error_inside_the_choice_is_no_answer(finish: str | None, place: str) -> None:
    answer = completion("Puoli", finish)
    target = answer["choices"][0] if place == "choice" else answer["choices"][0]["message"]
    target["error"] = {"code": 502, "message": "Upstream vanished"}
    failure = parse_reply(answer)
    assert isinstance(failure, Failure)
    assert (failure.kind, failure.message) == ("server_error", "Upstream vanished")


def test_an_unknown_ending_is_whole_and_kept(tmp_path: Path) -> None:
    with MisbehavingServer([ok("Hei", finish="väsyi")]) as server:
        assert ask(tmp_path, server, concurrency=1).answered == 4
    assert rows(tmp_path)[0]["finish_reason"] == "väsyi"


PARTS = [
    ([{"type": "output_text", "text": "Hei"}], "Hei", None),
    ({"type": "text", "text": "Hei"}, "Hei", None),
    ({"text": "Hei"}, "Hei", None),
    ([{"type": "text", "text": {"value": "Hei", "annotations": []}}], "Hei", None),
    (["Hei ", {"type": "markdown", "content": "sinä"}], "Hei sinä", None),
    ([{"type": "reasoning", "text": "m"}, {"type": "text", "text": "Hei"}], "Hei", "m"),
    (
        [{"type": "reasoning", "summary": [{"type": "summary_text", "text": "m"}]}, {"type": "text", "text": "H"}],
        "H",
        "m",
    ),
    ([{"text": "m", "thought": True}, {"text": "Hei"}], "Hei", "m"),
    ([{"type": "redacted_thinking", "data": "x"}, {"type": "text", "text": "Hei"}], "Hei", None),
    ([{"type": "refusal", "refusal": "En voi."}], "En voi.", None),
]


@pytest.mark.parametrize(("content", "text", "thought"), PARTS)
def test_the_text_of_a_part_is_never_thrown_away(content: Any, text: str, thought: str | None) -> None:
    reply = parse_reply(completion(content))
    assert isinstance(reply, Reply)
    assert (reply.response, reply.reasoning) == (text, thought)


UNKNOWN = [[{"type": "image_url", "image_url": {"url": "x"}}], [{"type": "hologram", "beam": "Hei"}], 42, True, [7]]


@pytest.mark.parametrize("content", UNKNOWN)
def test_content_of_an_unknown_shape_is_malformed(content: Any) -> None:
    failure = parse_reply(completion(content))
    assert isinstance(failure, Failure)
    assert failure.kind == "malformed"


def test_only_a_tool_call_is_an_empty_answer_of_that_cause(tmp_path: Path) -> None:
    call = ok(None, finish="stop", tool_calls=[{"id": "1", "function": {"name": "f", "arguments": "{}"}}])
    acts = [call, ok(None, reasoning_content="m"), ok(None, finish="content_filter"), ok("")]
    with MisbehavingServer(acts) as server:
        ask(tmp_path, server, concurrency=1)
    assert [row["empty"] for row in rows(tmp_path)] == ["tool_call_only", "reasoning_only", "filtered", "no_text"]
