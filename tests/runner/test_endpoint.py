"""One request against a server that misbehaves, and the look at a server before the first prompt."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from misbehaving_server import CUT, HANG, RESET, TRICKLE, Act, MisbehavingServer, completion, error, ok, raw

from ifeval_fi.runner.endpoint import Endpoint, normalised_base_url, open_session
from ifeval_fi.runner.faults import Failure, ServerError
from ifeval_fi.runner.limits import parse_retry_after
from ifeval_fi.runner.probe import served_model, try_chat
from ifeval_fi.runner.replies import Reply, parse_reply

T = TypeVar("T")
KEY = "sk-salainen-avain"


def with_endpoint(url: str, use: Callable[[Endpoint], Any], *, timeout: float = 5.0, key: str | None = None) -> Any:
    async def main() -> Any:
        async with open_session(url) as session:
            return await use(Endpoint(url, session, timeout, key))

    return asyncio.run(main())


def complete(
    act: Act, *, timeout: float = 5.0, key: str | None = None, server_key: str | None = None
) -> Reply | Failure:
    with MisbehavingServer([act], key=server_key) as server:
        body = json.dumps({"model": "malli", "messages": []}).encode()
        result = with_endpoint(server.url, lambda endpoint: endpoint.complete(body), timeout=timeout, key=key)
        assert isinstance(result, (Reply, Failure))
        return result


FAULTS = [
    ("429 with seconds", error(429, Retry_After="7"), "rate_limit", True),
    ("500", error(500), "server_error", True),
    ("503", error(503), "server_error", True),
    ("408", error(408), "timeout", True),
    ("reset", RESET, "connection", True),
    ("cut body", CUT, "malformed", True),
    ("invalid JSON", raw(b'{"choices": [{"mess'), "malformed", True),
    ("JSON list", raw(b"[]"), "malformed", True),
    ("deeply nested JSON", raw(b"[" * 100_000), "malformed", True),
    ("invalid UTF-8", raw(b'{"choices": "\xff"}'), "malformed", True),
    ("empty body", raw(b""), "malformed", True),
    ("HTML", raw(b"<html>Kirjaudu</html>", "text/html"), "malformed", True),
    ("no choices", raw(b'{"choices": []}'), "malformed", True),
    ("null choices", raw(b'{"choices": null}'), "malformed", True),
    ("null message", raw(b'{"choices": [{"message": null}]}'), "malformed", True),
    ("null content, not finished", ok(None, finish=None), "malformed", True),
    ("error in a 200", raw(b'{"error": {"message": "ylikuorma"}}'), "server_error", True),
    ("failed generation", ok(None, finish="error"), "server_error", True),
    ("20 MB reply", raw(b" " * 20_000_000), "too_large", False),
    ("400", error(400), "rejected", False),
    ("404", error(404), "rejected", False),
    ("422", error(422), "rejected", False),
    ("401", error(401), "unauthorized", False),
    ("403", error(403), "unauthorized", False),
    ("redirect", error(302, Location="http://localhost/"), "rejected", False),
]


@pytest.mark.parametrize(
    ("act", "kind", "retried"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS]
)
def test_every_fault_is_a_typed_failure(act: Act, kind: str, retried: bool) -> None:
    result = complete(act)
    assert isinstance(result, Failure)
    assert (result.kind, result.retried) == (kind, retried)
    assert result.message
    assert "\n" not in result.message


@pytest.mark.parametrize("act", [HANG, TRICKLE], ids=["hang", "slow trickle"])
def test_the_time_limit_is_for_the_whole_reply(act: Act) -> None:
    result = complete(act, timeout=0.3)
    assert isinstance(result, Failure)
    assert result.kind == "timeout"


def test_nobody_listens() -> None:
    with MisbehavingServer() as server:
        url = server.url
    result = with_endpoint(url, lambda endpoint: endpoint.complete(b"{}"))
    assert isinstance(result, Failure)
    assert result.kind == "connection"


def test_wrong_content_type_with_a_right_body_is_read() -> None:
    result = complete(raw(json.dumps(completion("Hei")).encode(), "text/plain"))
    assert isinstance(result, Reply)
    assert result.response == "Hei"


@pytest.mark.parametrize("server_key", [None, "toinen"])
def test_the_key_is_sent_but_never_repeated(server_key: str | None) -> None:
    act = error(400, f"wrong key {KEY}")
    result = complete(act, key=KEY, server_key=server_key)
    assert isinstance(result, Failure)
    assert KEY not in repr(result)
    assert KEY not in repr(Endpoint("http://localhost", None, 1.0, KEY))  # type: ignore[arg-type]


REPLIES: list[tuple[str, dict[str, Any], Reply]] = [
    ("plain", completion("Hei"), Reply("Hei", None, False, "stop", None)),
    ("cut by length", completion("He", "length"), Reply("He", None, True, "length", None)),
    ("empty", completion(""), Reply("", None, False, "stop", None, empty="no_text")),
    ("null and finished", completion(None), Reply("", None, False, "stop", None, empty="no_text")),
    ("no finish reason", completion("Hei", None), Reply("Hei", None, False, None, None)),
    (
        "null content with reasoning_content",
        completion(None, "length", reasoning_content="Mietin"),
        Reply("", "Mietin", True, "length", None, empty="reasoning_only"),
    ),
    ("reasoning", completion("Hei", reasoning="Mietin"), Reply("Hei", "Mietin", False, "stop", None)),
    (
        "reasoning field keeps later tags",
        completion("a</think>b", reasoning_content="Mietin"),
        Reply("a</think>b", "Mietin", False, "stop", None),
    ),
    (
        "empty reasoning field",
        completion("<think>x</think>Hei", reasoning_content=""),
        Reply("Hei", "x", False, "stop", None, with_thinking="<think>x</think>Hei"),
    ),
    (
        "unclosed",
        completion("<think>Mietin"),
        Reply("", "Mietin", True, "stop", None, with_thinking="<think>Mietin", empty="reasoning_only"),
    ),
    (
        "list of parts",
        completion([{"type": "text", "text": "Hei "}, {"type": "text", "text": "sinä"}]),
        Reply("Hei sinä", None, False, "stop", None),
    ),
    (
        "thinking part",
        completion([{"type": "thinking", "thinking": [{"type": "text", "text": "M"}]}, {"type": "text", "text": "H"}]),
        Reply("H", "M", False, "stop", None),
    ),
    ("refusal", completion(None, refusal="En voi."), Reply("En voi.", None, False, "stop", None)),
    ("half a surrogate pair", completion("Hei \ud83d"), Reply("Hei \ufffd", None, False, "stop", None)),
]


@pytest.mark.parametrize(("answer", "expected"), [row[1:] for row in REPLIES], ids=[row[0] for row in REPLIES])
def test_replies(answer: dict[str, Any], expected: Reply) -> None:
    result = parse_reply({**answer, "usage": None})
    assert result == expected


@pytest.mark.parametrize(
    ("usage", "counts"),
    [
        ({"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}, (7, 3)),
        ({"prompt_tokens": None, "completion_tokens": "3"}, (0, 0)),
        ({"completion_tokens": -1}, (0, 0)),
        ([], None),
    ],
)
def test_usage(usage: object, counts: tuple[int, int] | None) -> None:
    reply = parse_reply({**completion("Hei"), "usage": usage})
    assert isinstance(reply, Reply)
    found = reply.usage and (reply.usage.prompt_tokens, reply.usage.completion_tokens)
    assert found == counts


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(
                    ["choices", "message", "content", "finish_reason", "usage", "reasoning", "text", "type"]
                ),
                inner,
            )
        ),
    )
)
def test_any_json_is_a_reply_or_a_failure(value: Any) -> None:
    answer = (
        {"choices": [value]} if not isinstance(value, dict) else {"choices": [{"message": value, **value}], **value}
    )
    assert isinstance(parse_reply(answer), (Reply, Failure))


def test_retry_after_forms() -> None:
    assert parse_retry_after("7") == 7.0
    assert parse_retry_after("0.5") == 0.5
    assert parse_retry_after(None) is None
    assert parse_retry_after("pian") is None
    later = format_datetime(datetime.now(timezone.utc) + timedelta(seconds=30), usegmt=True)
    assert 25 < (parse_retry_after(later) or 0) <= 30
    assert parse_retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://localhost:8000/v1/", "http://localhost:8000/v1"),
        (" https://api.example.com/v1/chat/completions ", "https://api.example.com/v1"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_base_urls(url: str, expected: str) -> None:
    assert normalised_base_url(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "localhost:8000/v1",
        "ftp://host/v1",
        "http://",
        "http://user:salainen@host/v1",
        "http://host/v1?key=salainen",
        "http://host:port/v1",
        "",
    ],
)
def test_base_urls_that_are_refused_without_repeating_secrets(url: str) -> None:
    with pytest.raises(ServerError) as caught:
        normalised_base_url(url)
    assert "salainen" not in str(caught.value)


def probe(server: MisbehavingServer, wanted: str | None, *, url: str | None = None, max_tokens: int = 2048) -> str:
    body = {"model": wanted, "messages": [{"role": "user", "content": "Hei"}], "max_tokens": max_tokens}

    async def look(endpoint: Endpoint) -> str:
        served = await served_model(endpoint, wanted)
        return (await try_chat(endpoint, served, {**body, "model": served.model})).model

    result = with_endpoint(url or server.url, look)
    assert isinstance(result, str)
    return result


def test_probe_finds_the_only_model() -> None:
    with MisbehavingServer() as server:
        assert probe(server, None) == "malli"
        assert probe(server, "malli") == "malli"


def test_probe_without_a_list_of_models() -> None:
    with MisbehavingServer(models=None) as server:
        assert probe(server, "malli") == "malli"


PROBES: list[tuple[str, dict[str, Any], str | None, str, str]] = [
    ("wrong path", {}, "malli", "", "give --base-url {root}/v1"),
    ("wrong path on a server with keys", {"key": KEY}, "malli", "", "give --base-url {root}/v1"),
    ("unknown model", {"models": ("a", "b")}, "c", "/v1", "serves no model 'c'; it serves a, b"),
    ("several models", {"models": ("a", "b")}, None, "/v1", "choose one with --model"),
    ("nothing named", {"models": None}, None, "/v1", "give --model NAME"),
    ("no key", {"key": KEY}, None, "/v1", "set IFEVAL_FI_API_KEY"),
    ("context too small", {"model_fields": {"max_model_len": 1000}}, None, "/v1", "give --max-tokens 993"),
    ("llama.cpp's context", {"model_fields": {"meta": {"n_ctx": 1000}}}, None, "/v1", "context of 1000 tokens"),
    ("no chat", {"acts": [error(404, "nope")] * 9, "probed": True}, "malli", "/v1", "404: nope"),
    ("HTML", {"acts": [raw(b"<html>", "text/html")] * 9, "probed": True}, "malli", "/v1", "no chat endpoint"),
    ("chat refused", {"acts": [error(400, "huono pyyntö")] * 9, "probed": True}, "malli", "/v1", "400: huono pyyntö"),
]


@pytest.mark.parametrize(("options", "wanted", "path", "said"), [p[1:] for p in PROBES], ids=[p[0] for p in PROBES])
def test_probe_says_what_is_wrong(options: dict[str, Any], wanted: str | None, path: str, said: str) -> None:
    with MisbehavingServer(**options) as server:
        root = server.url.removesuffix("/v1")
        with pytest.raises(ServerError) as caught:
            probe(server, wanted, url=root + path)
    assert said.format(root=root) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert KEY not in str(caught.value)


def test_probe_when_nobody_listens() -> None:
    with MisbehavingServer() as server:
        pass
    with pytest.raises(ServerError, match="is the server running"):
        probe(server, None)


def test_probe_waits_for_a_server_that_is_loading() -> None:
    loading = error(503, "Loading model", Retry_After="0")
    with MisbehavingServer([loading, loading], probed=True) as server:
        assert probe(server, "malli") == "malli"
        assert len(server.requests) == 3
