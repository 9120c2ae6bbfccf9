"""Rate limits in every form in use, and quotas that are spent."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from misbehaving_server import Act, MisbehavingServer, error, raw
from rich.console import Console
from servers import PROMPTS, QUICK, ask, complete, rows

from ifeval_fi.runner.faults import Failure, ServerError
from ifeval_fi.runner.limits import parse_retry_after, retry_seconds
from ifeval_fi.runner.run import run_prompts
from ifeval_fi.runner.settings import RunSettings

pytestmark = pytest.mark.usefixtures("bare_environment")

# EPOCH, EPOCH_MS and ISO stand for the moment a minute from now.
LIMITS: list[tuple[dict[str, str], Any, float]] = [
    ({"Retry-After": "7"}, None, 7),
    ({"Retry-After": "6m0s"}, None, 360),
    ({"Retry-After": "EPOCH"}, None, 60),
    ({"retry-after-ms": "1500", "Retry-After": "9"}, None, 1.5),
    ({"x-ms-retry-after-ms": "250"}, None, 0.25),
    ({"x-ratelimit-reset-tokens": "55s"}, None, 55),
    ({"x-ratelimit-reset-requests": "6m0s", "x-ratelimit-remaining-requests": "9",
      "x-ratelimit-reset-tokens": "55s", "x-ratelimit-remaining-tokens": "0"}, None, 55),
    ({"x-ratelimit-reset-requests": "120ms", "x-ratelimit-reset-tokens": "1h2m3.5s"}, None, 3723.5),
    ({"x-ratelimit-reset": "55"}, None, 55),
    ({"X-RateLimit-Reset": "EPOCH_MS"}, None, 60),
    ({"X-Rate-Limit-Reset": "EPOCH"}, None, 60),
    ({"RateLimit-Reset": "12"}, None, 12),
    ({"RateLimit": '"default";r=0;t=55'}, None, 55),
    ({"RateLimit": "limit=10, remaining=0, reset=44"}, None, 44),
    ({"anthropic-ratelimit-tokens-reset": "ISO"}, None, 60),
    ({}, {"error": {"metadata": {"headers": {"X-RateLimit-Reset": "EPOCH_MS"}}}}, 60),
    ({}, {"error": {"details": [{"@type": "RetryInfo", "retryDelay": "34s"}]}}, 34),
    ({}, {"error": {"message": "Rate limit reached. Please try again in 6m0s. Visit …"}}, 360),
    ({}, {"error": {"message": "Please retry after 20 seconds."}}, 20),
    ({}, {"error": {"message": "Please try again in 120ms."}}, 0.12),
    ({}, {"error": {"retry_after": 3}}, 3),
]  # fmt: skip


@pytest.mark.parametrize(("headers", "body", "seconds"), LIMITS)
def test_every_form_of_a_rate_limit_is_read(headers: dict[str, str], body: Any, seconds: float) -> None:
    minute = datetime.now(timezone.utc) + timedelta(seconds=60)
    text = json.dumps([headers, body])
    text = text.replace("EPOCH_MS", f"{minute.timestamp() * 1000:.0f}").replace("EPOCH", f"{minute.timestamp():.0f}")
    headers, body = json.loads(text.replace("ISO", minute.isoformat()))
    assert retry_seconds(headers, body, limited=True) == pytest.approx(seconds, abs=5 if seconds == 60 else 0.001)


@pytest.mark.parametrize("value", ["", "pian", "-5", "nan", "inf", "1e9", "0x10", "Wed, 99 Foo 20 99:99:99 GMT"])
def test_what_is_no_time_is_none(value: str) -> None:
    assert parse_retry_after(value) is None


@pytest.mark.parametrize(
    "value",
    [
        "9" * 400,
        f"Wed, 21 Oct {10**20} 07:28:00 GMT",
        "Wed, 21 Oct 99999 07:28:00 GMT",
        "9" * 5000 + "s",
        f"{10**20}-01-01",
    ],
)
def test_a_time_beyond_every_calendar_fails_the_request_and_nothing_else(value: str, tmp_path: Path) -> None:
    with MisbehavingServer([error(429, Retry_After=value)]) as server:
        result = ask(tmp_path, server, concurrency=1)
    assert dict(result.failed) == {"rate_limit": 1}
    assert "it wants a longer wait" in rows(tmp_path)[0]["error"]["message"]


def test_a_window_is_waited_for_and_that_is_said(tmp_path: Path) -> None:
    limited = error(429, "Rate limit reached", x_ratelimit_reset_tokens="1s")
    with MisbehavingServer([limited]) as server:
        assert ask(tmp_path, server, concurrency=1).finished
        assert server.times[1] - server.times[0] >= 1
    shown = StringIO()
    with MisbehavingServer([error(429, "Rate limit reached", x_ratelimit_reset_tokens="5s")]) as server:
        assert ask(tmp_path / "said", server, shown, concurrency=1).finished
    assert "429: Rate limit reached; asking again in 5 s" in shown.getvalue()


WITHIN: list[tuple[Any, str]] = [
    ({"error": {"code": 429, "message": "x"}}, "rate_limit"),
    ({"error": {"code": "429", "message": "x"}}, "rate_limit"),
    ({"error": {"type": "rate_limit_error", "message": "x"}}, "rate_limit"),
    ({"error": {"status": "RESOURCE_EXHAUSTED", "message": "x"}}, "rate_limit"),
    ({"error": "Rate limit exceeded"}, "rate_limit"),
    ({"error": {"code": 400, "message": "x"}}, "rejected"),
    ({"error": {"code": "invalid_api_key", "message": "x"}}, "unauthorized"),
    ({"error": {"code": 503, "message": "x"}}, "server_error"),
    ({"object": "error", "code": 400, "message": "x"}, "rejected"),
    ({"error": {"message": "x"}}, "server_error"),
    ({"code": 429, "msg": "x"}, "rate_limit"),
    ({"error": {"code": "insufficient_quota", "message": "x"}}, "quota"),
]


@pytest.mark.parametrize(("body", "kind"), WITHIN)
def test_a_code_inside_a_200_is_that_code(body: Any, kind: str) -> None:
    failure = complete(raw(json.dumps(body).encode()))
    assert isinstance(failure, Failure)
    assert failure.kind == kind


def test_a_server_that_limits_inside_a_200_is_not_taken_for_dead(tmp_path: Path) -> None:
    limited = raw(json.dumps({"error": {"code": 429, "message": "slow down"}}).encode())
    with MisbehavingServer([limited] * 4, listed=error(500)) as one, MisbehavingServer(latency=0.05) as two:
        settings = RunSettings(model="malli", base_urls=(one.url, two.url), retry=QUICK, concurrency=4)
        shown = StringIO()
        assert run_prompts(PROMPTS, settings, tmp_path, console=Console(file=shown)).finished
    assert "is gone" not in shown.getvalue()


SPENT = [
    error(402, "Payment required"),
    Act(b'{"error": {"code": "insufficient_quota", "message": "You exceeded your current quota"}}', 429),
    Act(b'{"error": {"type": "insufficient_quota", "code": null, "message": "x"}}', 429),
    error(429, "You exceeded your current quota, please check your plan"),
    error(400, "Your credit balance is too low to access the API"),
    error(403, "insufficient balance"),
]


@pytest.mark.parametrize("act", SPENT)
def test_a_spent_quota_is_final_at_once(act: Act, tmp_path: Path) -> None:
    with MisbehavingServer(lambda *_: act, probed=True) as server:
        with pytest.raises(ServerError, match="the quota is spent"):
            ask(tmp_path / "run", server)
        assert len(server.requests) <= 2
    with MisbehavingServer(lambda *_: act) as server:
        result = ask(tmp_path / "run", server)
        assert len(server.requests) <= 3
    assert "the quota is spent" in (result.stopped or "")


def test_a_quota_per_minute_is_no_spent_one() -> None:
    body = {"error": {"code": 429, "message": "You exceeded your current quota. Please retry in 34.5s."}}
    failure = complete(Act(json.dumps(body).encode(), 429))
    assert isinstance(failure, Failure)
    assert (failure.kind, failure.retry_after) == ("rate_limit", 34.5)
