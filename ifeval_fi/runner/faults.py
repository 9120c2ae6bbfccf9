"""Why a request has no reply, told by status, by the server's words, or by what the connection came to."""

from __future__ import annotations

import errno
import re
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ifeval_fi.errors import IfevalError
from ifeval_fi.runner.limits import retry_seconds

Kind = Literal[
    "connection", "timeout", "rate_limit", "server_error", "malformed", "too_large", "unauthorized", "quota",
    "rejected", "too_many_files",
]  # fmt: skip
RETRIED: frozenset[Kind] = frozenset(
    {"connection", "timeout", "rate_limit", "server_error", "malformed", "too_many_files"}
)
MOST_HEADER_BYTES = 64 * 2**10

# Codes and types of errors that stand for a status, in a 200 or without a number.
_STATUS_OF = {
    "rate_limit_exceeded": 429, "rate_limit_error": 429, "rate_limit": 429, "too_many_requests": 429,
    "resource_exhausted": 429, "ratelimiterror": 429, "throttlingexception": 429, "throttled": 429,
    "invalid_api_key": 401, "authentication_error": 401, "unauthenticated": 401, "unauthorized": 401,
    "authenticationerror": 401, "permission_denied": 403, "permission_error": 403, "forbidden": 403,
    "invalid_request_error": 400, "invalid_argument": 400, "badrequesterror": 400, "bad_request": 400,
    "context_length_exceeded": 400, "model_not_found": 404, "not_found": 404, "not_found_error": 404,
    "notfounderror": 404, "unavailable": 503, "overloaded": 503, "overloaded_error": 503, "internal": 500,
    "server_error": 500, "internal_error": 500, "internal_server_error": 500, "internalservererror": 500,
    "api_error": 500, "deadline_exceeded": 504, "request_timeout": 408,
}  # fmt: skip
_SPENT = frozenset(
    "insufficient_quota insufficient_user_quota insufficient_balance insufficient_credits insufficient_funds "
    "billing_hard_limit_reached billing_not_active billing_error credit_balance_too_low quota_exhausted "
    "exceeded_current_quota_error payment_required account_deactivated".split()
)
_SPENT_WORDS = re.compile(
    r"exceeded your current quota|insufficient[ _](?:quota|balance|credits?|funds)|credit balance is too low"
    r"|out of credits|quota (?:is|has been) (?:exhausted|spent|used up)",
    re.IGNORECASE,
)
_LIMITED_WORDS = re.compile(r"\b429\b|rate.?limit|too many requests", re.IGNORECASE)
_UNREACHABLE = frozenset({errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EADDRNOTAVAIL})


class ServerError(IfevalError):
    """The server cannot be used as asked; the message says what it said and what to change."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a request has no reply; `retry_after` in seconds when the server named a time.

    `unreachable` when nobody was there to talk to at all.
    """

    kind: Kind
    message: str
    status: int | None = None
    retry_after: float | None = None
    unreachable: bool = False

    @property
    def retried(self) -> bool:
        """Whether asking the same again can help."""
        return self.kind in RETRIED


def refused(status: int, headers: Mapping[str, str], value: object, content: bytes) -> Failure:
    """The failure that a status other than 2xx stands for."""
    if 300 <= status < 400:
        place = headers.get("Location")
        to = (
            f"sends requests on to {place}; give that server's address"
            if place
            else "sends requests on, not saying to where"
        )
        return Failure("rejected", f"{status}: {to} as --base-url" if place else f"{status}: {to}", status)
    return _failure(status, headers, value, f"{status}: {sentence(value, content)}", status)


def error_within(status: int, headers: Mapping[str, str], value: object, content: bytes) -> Failure | None:
    """The failure that an error in the body of a 2xx stands for; None when there is none."""
    if not isinstance(value, Mapping):
        return None
    error = value.get("error")
    if not error and ("choices" in value or "data" in value or not (_status(value) or value.get("object") == "error")):
        return None
    text = sentence(value, content)
    meant = next((code for each in _errors(value) if (code := _status(each))), None)
    if meant is None and _LIMITED_WORDS.search(text):
        meant = 429
    return _failure(meant or 500, headers, value, text, status)


def _failure(meant: int, headers: Mapping[str, str], value: object, message: str, status: int) -> Failure:
    kind = _kind(meant)
    wait = retry_seconds(headers, value, limited=kind == "rate_limit")
    if meant in {400, 402, 403, 429} and _is_spent(meant, value, message, wait):
        kind = "quota"
    return Failure(kind, message, status, wait)


def _is_spent(meant: int, value: object, message: str, wait: float | None) -> bool:
    """Whether money or quota is used up, which no waiting brings back; a time to wait speaks against words alone."""
    if meant == 402 or any(word in _SPENT for each in _errors(value) for word in _words(each)):
        return True
    return wait is None and bool(_SPENT_WORDS.search(message))


def _kind(status: int) -> Kind:
    if status == 408:
        return "timeout"
    if status == 429:
        return "rate_limit"
    if status in {401, 403}:
        return "unauthorized"
    return "server_error" if status >= 500 else "rejected"


def _errors(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        error = value.get("error")
        if isinstance(error, Mapping):
            yield error
        yield value


def _words(error: Mapping[str, Any]) -> Iterator[str]:
    for name in ("code", "type", "status"):
        if isinstance(value := error.get(name), str):
            yield value.strip().lower()


def _status(error: Mapping[str, Any]) -> int | None:
    """The HTTP status that an error object names as a number, as digits or as a word."""
    for name in ("code", "status", "status_code", "http_status"):
        value = error.get(name)
        if isinstance(value, str) and re.fullmatch(r"[45]\d\d", value.strip()):
            value = int(value)
        if type(value) is int and 400 <= value < 600:
            return value
    return next(
        (429 if word in _SPENT else _STATUS_OF[word] for word in _words(error) if word in _SPENT or word in _STATUS_OF),
        None,
    )


def sentence(value: object, content: bytes) -> str:
    """The server's own words for an error."""
    error = value
    raw = None
    for name in ("error", "message", "detail", "msg"):
        if isinstance(error, Mapping) and error.get(name):
            metadata = error.get("metadata")
            raw = metadata.get("raw") if isinstance(metadata, Mapping) else raw
            error = error[name]
    if not isinstance(error, str):
        return content.decode("utf-8", "replace").strip() or "no explanation"
    return f"{error} ({raw})" if isinstance(raw, str) and raw else error or "no explanation"


def broken(problem: Exception, proxy: str | None) -> Failure:
    """The failure that an exception of the client stands for."""
    import aiohttp

    text = " ".join(str(problem).split()) or type(problem).__name__
    if isinstance(problem, aiohttp.ClientHttpProxyError):
        return Failure(_kind(problem.status), f"the proxy {proxy} refuses: {problem.status} {problem.message}", None)
    if isinstance(problem, aiohttp.ClientProxyConnectionError):
        return Failure("connection", f"the proxy {proxy} cannot be reached ({text})", unreachable=True)
    if isinstance(problem, (aiohttp.ClientSSLError, ssl.SSLError)):
        return Failure("rejected", _tls(problem, text))
    if isinstance(problem, aiohttp.ClientPayloadError):
        return Failure("malformed", "the reply was cut off") if "ncoding" not in text else _undecodable(text)
    if isinstance(problem, aiohttp.ClientResponseError):
        return _no_http(problem.message)
    if isinstance(problem, OSError) and problem.errno in {errno.EMFILE, errno.ENFILE}:
        return Failure(
            "too_many_files", "this machine lets us open no more files; raise `ulimit -n` or lower --concurrency"
        )
    unreachable = isinstance(problem, aiohttp.ClientConnectorDNSError) or (
        isinstance(problem, OSError) and problem.errno in _UNREACHABLE
    )
    return Failure("connection", text, unreachable=unreachable)


def _tls(problem: Exception, text: str) -> str:
    if "WRONG_VERSION_NUMBER" in text or "RECORD_LAYER" in text.upper() or "record layer" in text:
        return f"the server speaks no TLS ({text}); give http:// in --base-url"
    if "CERTIFICATE" in text.upper():
        return (
            f"the server's certificate is not trusted here ({text}); "
            "name a file with its authority's certificate in SSL_CERT_FILE"
        )
    return f"no TLS connection comes about ({text})"


def _undecodable(text: str) -> Failure:
    return Failure(
        "rejected", f"the reply is packed in a way that was not asked for ({text}); turn the server's compression off"
    )


def _no_http(text: str) -> Failure:
    text = " ".join(text.split())
    if "ncoding" in text:
        return _undecodable(text)
    if "more than" in text:
        return Failure("rejected", f"the reply's headers are larger than {MOST_HEADER_BYTES >> 10} KiB ({text})")
    return Failure("malformed", f"the reply is no HTTP ({text}); is the server one for https?")
