"""When a server that limits its rate may be asked again, in the forms that servers have for saying so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_UNIT = r"(?:ms|milliseconds?|seconds?|secs?|s|minutes?|mins?|m|hours?|h|days?|d)"
_STEP = re.compile(rf"(\d+(?:\.\d+)?)\s?({_UNIT})\b|(\d+(?:\.\d+)?)({_UNIT})(?=\d)", re.IGNORECASE)
# 6m0s, 1h2m3.5s, 120ms, 5 minutes 3 seconds
_DURATION = re.compile(rf"(?:\d+(?:\.\d+)?\s?{_UNIT}\s?)+", re.IGNORECASE)
# "Please try again in 6m0s.", "Please retry after 20 seconds"
_SAID = re.compile(
    rf"\b(?:again|retry|wait)\b[^\d\n]{{0,30}}((?:\d{{1,9}}(?:\.\d{{1,9}})?\s?{_UNIT}\s?)+)", re.IGNORECASE
)
# x-ratelimit-reset-tokens, anthropic-ratelimit-requests-reset, ratelimit-reset, x-rate-limit-reset
_RESET = re.compile(r"(?:[a-z]+-)*rate-?limit-(?:[a-z-]+-)?reset(?:-[a-z0-9-]+)?")
# RateLimit: "default";r=0;t=55, and its older form limit=10, remaining=0, reset=55
_STRUCTURED = re.compile(r"\b(?:t|reset)=(\d{1,12})\b")
_SINCE_1970 = 1e9
_SINCE_1970_MS = 1e11


def retry_seconds(headers: Mapping[str, str], body: object, *, limited: bool) -> float | None:
    """Seconds to wait by the headers and the body of a refusal; None when they say nothing.

    With `limited`, also by what they say of the windows of a rate limit.
    """
    named = {str(name)[:100].lower(): str(value).strip() for name, value in headers.items()}
    for name in ("retry-after-ms", "x-ms-retry-after-ms"):
        if (number := _number(named.get(name))) is not None:
            return number / 1000
    if (seconds := parse_retry_after(named.get("retry-after"))) is not None:
        return seconds
    if (seconds := _of_body(body, limited=limited)) is not None:
        return seconds
    if not limited:
        return None
    return _of_windows(named)


def parse_retry_after(value: str | None) -> float | None:
    """Seconds to wait by a Retry-After header, which holds seconds, a duration such as 6m0s, or a date."""
    if value is None:
        return None
    number = _number(value)
    if number is not None:
        return _until(number) if number >= _SINCE_1970 else number
    return found if (found := _duration(value)) is not None else _moment(value)


def _of_windows(headers: Mapping[str, str]) -> float | None:
    """The time until the window that is used up opens again, of all windows where none is said to be."""
    times: dict[str, float] = {}
    for name, value in headers.items():
        if _RESET.fullmatch(name) and (seconds := parse_retry_after(value)) is not None:
            times[name] = seconds
        elif name in {"ratelimit", "x-ratelimit"} and (found := _STRUCTURED.search(value)):
            times[name] = float(found[1])
    used_up = [
        seconds for name, seconds in times.items() if _number(headers.get(name.replace("reset", "remaining"))) == 0
    ]
    return max(used_up or times.values(), default=None)


def _of_body(body: object, *, limited: bool) -> float | None:
    for error in _errors(body):
        metadata = error.get("metadata")
        headers = metadata.get("headers") if isinstance(metadata, Mapping) else None
        if isinstance(headers, Mapping) and (found := retry_seconds(headers, None, limited=limited)) is not None:
            return found
        for name, unit in (("retry_after_ms", 0.001), ("retry_after", 1.0), ("retry_after_seconds", 1.0)):
            value = error.get(name)
            if isinstance(value, (int, float, str)) and (seconds := parse_retry_after(str(value))) is not None:
                return seconds * unit
        details = error.get("details")
        for each in details if isinstance(details, list) else ():
            delay = each.get("retryDelay") if isinstance(each, Mapping) else None
            if isinstance(delay, str) and (found := parse_retry_after(delay)) is not None:
                return found
        message = error.get("message")
        if limited and isinstance(message, str) and (said := _SAID.search(message)):
            return _duration(said[1])
    return None


def _errors(body: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(body, Mapping):
        error = body.get("error")
        yield from (each for each in (error, body) if isinstance(each, Mapping))
        if isinstance(error, str):
            yield {"message": error}


def _number(value: str | None) -> float | None:
    return float(value) if value is not None and re.fullmatch(r"\d+(\.\d+)?", value.strip()) else None


def _duration(value: str) -> float | None:
    value = value.strip()
    if not _DURATION.fullmatch(value):
        return None
    steps = ((step[1] or step[3], (step[2] or step[4]).lower()) for step in _STEP.finditer(value))
    return sum(float(number) * _UNITS["ms" if unit.startswith(("ms", "mil")) else unit[0]] for number, unit in steps)


def _until(since_1970: float) -> float:
    seconds = since_1970 / 1000 if since_1970 >= _SINCE_1970_MS else since_1970
    return max(0.0, seconds - datetime.now(timezone.utc).timestamp())


def _moment(value: str) -> float | None:
    """Seconds until an HTTP or ISO 8601 date; endless when it lies beyond every calendar."""
    try:
        moment = datetime.fromisoformat(value.replace("Z", "+00:00")) if value[:1].isdigit() else None
        moment = moment or parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError, IndexError):
        # Wed, 21 Oct 100000 07:28:00 GMT
        return float("inf") if re.search(r"\b\d{5,}\b", value) else None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return max(0.0, (moment - datetime.now(timezone.utc)).total_seconds())
