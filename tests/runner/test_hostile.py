"""Servers that steer terminals, send keys back, or count without end."""

from __future__ import annotations

import asyncio
import json
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from misbehaving_server import Act, MisbehavingServer, completion, error, ok, raw
from servers import KEY, AnsweringServer, ask, rows

from ifeval_fi.errors import IfevalError
from ifeval_fi.runner.endpoint import Endpoint, open_session
from ifeval_fi.runner.faults import Failure
from ifeval_fi.runner.redaction import redacted, redacted_message
from ifeval_fi.runner.replies import Reply
from ifeval_fi.runner.settings import RunError, RunSettings

pytestmark = pytest.mark.usefixtures("bare_environment")

STEERING = "\x1b[2J\x1b]0;titteli\x07\x9b31m\u202eesrever\u2066"


def shown_clean(text: str) -> bool:
    return not any(c in text for c in "\x1b\x07\x9b\u202e\u2066")


def test_no_server_steers_the_terminal(tmp_path: Path) -> None:
    shown = StringIO()
    acts = [error(503, STEERING), error(429, STEERING, Retry_After="5")]
    with MisbehavingServer(acts, probed=True, models=(STEERING + "malli",)) as server:
        result = ask(tmp_path, server, shown)
    assert result.finished
    assert shown_clean(shown.getvalue().replace("\n", ""))
    with MisbehavingServer(lambda *_: error(400, STEERING)) as server:
        result = ask(tmp_path / "failed", server, breaker=2)
    assert shown_clean(result.summary)
    assert all(shown_clean(row["error"]["message"]) for row in rows(tmp_path / "failed"))


@pytest.mark.parametrize("model", [None, STEERING])
def test_no_name_steers_the_terminal(model: str | None, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    from ifeval_fi.cli import main

    with MisbehavingServer(models=(STEERING + "a", STEERING + "b")) as server:
        options = ["--model", model] if model else []
        with pytest.raises(SystemExit) as ended:
            main(["run", "--base-url", server.url, "--output", str(tmp_path / "run"), "--limit", "1", *options])
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert "titteli" in said.err
    assert shown_clean(said.out + said.err)


ECHOES = [
    ok(f"Avaimesi on {KEY}."),
    ok(f"Avaimesi on {KEY[:17]}", finish="length"),
    ok("Hei", reasoning_content=f"Näen avaimen {KEY}"),
    ok(f"<think>{KEY}</think>Hei"),
    ok("Hei", finish=KEY),
    error(400, "x" * 290 + KEY),
    error(400, f"Incorrect API key provided: {KEY[:8]}{'*' * 12}{KEY[-4:]}. You can find …"),
    error(400, f"bad key {KEY[:14]}…"),
    Act(f'{{"error": "{KEY}'.encode(), 400),
    raw(json.dumps({"error": {"code": 400, "message": KEY}}).replace("sk", "\\u0073k").encode()),
    Act(b"", 302, {"Location": f"http://example.com/?key={KEY}"}),
]


@pytest.mark.parametrize("act", ECHOES)
def test_no_part_of_a_key_reaches_a_file_or_the_terminal(
    act: Act, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IFEVAL_FI_API_KEY", KEY)
    shown = StringIO()
    with MisbehavingServer([act]) as server:
        result = ask(tmp_path, server, shown, concurrency=1)
    texts = [path.read_text("utf-8") for path in tmp_path.iterdir()] + [shown.getvalue(), repr(result)]
    for text in texts:
        assert KEY[-4:] not in text
        assert not any(KEY[start : start + 10] in text for start in range(len(KEY) - 9))
        assert "\\u0073k" not in text


@pytest.mark.parametrize("key", ["EMPTY", "none", "a", "token", "sk-1234"])
def test_a_short_key_redacts_nothing(key: str) -> None:
    text = f"a token {key}, EMPTY or none: a bad day"
    assert redacted(text, key) == redacted_message(text, key) == text


def test_redaction_takes_the_key_and_its_parts_and_nothing_else() -> None:
    assert redacted(f"a {KEY} b {KEY[3:]} c", KEY) == "a *** b *** c"
    assert redacted("sk-proj- is how keys begin", KEY) == "sk-proj- is how keys begin"
    assert redacted_message(f"key {KEY[:3]}...{KEY[-4:]} is wrong", KEY) == "key *** is wrong"
    assert redacted_message("wait… and see ** this", KEY) == "wait… and see ** this"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {"a": [float("-inf")]}, {1, 2}])
def test_what_is_no_json_is_not_sent(value: Any) -> None:
    with pytest.raises(RunError, match="--extra-body"):
        RunSettings(extra_body={"x": value})


@pytest.mark.parametrize("text", ['{"a": NaN}', '{"a": [Infinity]}', '{"a": -Infinity}', '{"a": 1e999}'])
def test_nan_on_the_command_line(text: str) -> None:
    from ifeval_fi.cli.run import json_object

    with pytest.raises(IfevalError, match="--extra-body"):
        RunSettings(extra_body=json_object(text))


@pytest.mark.parametrize("count", [10**400, 2**63, 10**30, -(10**400)])
def test_counts_without_end_crash_nothing_now_or_on_resume(count: int, tmp_path: Path) -> None:
    answer = {**completion("Hei"), "usage": {"prompt_tokens": count, "completion_tokens": count}}
    acts = [raw(json.dumps(answer).encode())] * 3 + [error(400)]
    with MisbehavingServer(acts) as server:
        assert ask(tmp_path, server, StringIO(), concurrency=1).answered == 3
        assert ask(tmp_path, server, StringIO(), concurrency=1).finished


def test_an_old_journal_with_such_a_count_resumes(tmp_path: Path) -> None:
    with MisbehavingServer([ok("Hei")] * 3 + [error(400)]) as server:
        ask(tmp_path, server, concurrency=1)
        journal = tmp_path / "responses.jsonl"
        journal.write_text(
            journal.read_text("utf-8").replace('"completion_tokens": 3', f'"completion_tokens": {10**400}')
        )
        assert ask(tmp_path, server, StringIO(), concurrency=1).finished


def test_a_large_reply_is_understood_beside_the_others(tmp_path: Path) -> None:
    """While a reply of a million think blocks is taken apart, the loop still answers within a moment."""
    content = json.dumps(completion("<think>a</think>" * 300_000 + "Hei")).encode()
    longest = 0.0

    async def main(url: str) -> Reply | Failure:
        nonlocal longest
        async with open_session(url) as session:
            asking = asyncio.ensure_future(Endpoint(url, session, 60.0).complete(b'{"messages": []}'))
            while not asking.done():
                before = time.monotonic()
                await asyncio.sleep(0.01)
                longest = max(longest, time.monotonic() - before)
            return asking.result()

    with AnsweringServer(content) as url:
        reply = asyncio.run(main(url))
    assert isinstance(reply, Reply)
    assert reply.response == "Hei"
    assert longest < 0.5, longest
