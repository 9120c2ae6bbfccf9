"""One OpenAI-compatible chat endpoint: a request ends as a reply or as a failure that says whether to ask again.

Requests are not streamed: parsing one event per token costs more client time than everything else together, usage is
then always reported, and a cancelled request is bounded by max_tokens, which is always sent.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit, urlunsplit

from ifeval_fi.errors import IfevalError
from ifeval_fi.scoring.reasoning import split_reasoning
from ifeval_fi.version import __version__

if TYPE_CHECKING:
    import aiohttp

Kind = Literal[
    "connection", "timeout", "rate_limit", "server_error", "malformed", "too_large", "unauthorized", "rejected"
]
RETRIED: frozenset[Kind] = frozenset({"connection", "timeout", "rate_limit", "server_error", "malformed"})
KEY_VARIABLES = ("IFEVAL_FI_API_KEY", "OPENAI_API_KEY")
MAX_REPLY_BYTES = 8 * 2**20
CONNECT_SECONDS = 30
_MESSAGE_CHARACTERS = 300
_SURROGATE = re.compile("[\ud800-\udfff]")


class ServerError(IfevalError):
    """The server cannot be used as asked; the message says what it said and what to change."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one request as the server counts them."""

    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model answered; `truncated` when it was cut off before its end."""

    response: str
    reasoning: str | None
    truncated: bool
    finish_reason: str | None
    usage: Usage | None
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a request has no reply; `retry_after` in seconds when the server named a time."""

    kind: Kind
    message: str
    status: int | None = None
    retry_after: float | None = None

    @property
    def retried(self) -> bool:
        """Whether asking the same again can help."""
        return self.kind in RETRIED


def normalised_base_url(url: str) -> str:
    """The base URL without a trailing slash; ServerError when it is not plain http(s)://host[:port]/path."""
    parts = urlsplit(url.strip())
    try:
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        raise ServerError(f"--base-url {parts.hostname or url!r} is no address such as http://localhost:8000/v1")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ServerError(
            f"--base-url for {parts.hostname} carries a user, a password or a query; "
            f"give http(s)://host[:port]/path and put the key into {KEY_VARIABLES[0]}"
        )
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/").removesuffix("/chat/completions"), "", ""))


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server's chat API; `timeout` in seconds is for a whole request, queueing included."""

    base_url: str
    session: aiohttp.ClientSession
    timeout: float
    api_key: str | None = field(default=None, repr=False)

    async def complete(self, body: bytes) -> Reply | Failure:
        """Send one chat request once."""
        answer = await self.request("POST", f"{self.base_url}/chat/completions", body)
        return answer if isinstance(answer, Failure) else parse_reply(answer)

    async def request(self, method: str, url: str, body: bytes | None = None) -> dict[str, Any] | Failure:
        """The JSON object a URL answers with."""
        import aiohttp

        headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        if self.api_key:
            headers["Authorization"] = f"Bearer {self.api_key}"
        try:
            async with self.session.request(
                method, url, data=body, headers=headers, allow_redirects=False, timeout=self._limits()
            ) as answer:
                content = await _read(answer)
                if content is None:
                    return Failure("too_large", f"the reply is larger than {MAX_REPLY_BYTES >> 20} MiB", answer.status)
                return self._redacted(_parsed(answer, content))
        except aiohttp.ConnectionTimeoutError:
            return Failure("connection", f"no connection within {CONNECT_SECONDS} s")
        except asyncio.TimeoutError:
            return Failure("timeout", f"no complete reply within {self.timeout:g} s")
        except aiohttp.ClientPayloadError:
            return Failure("malformed", "the reply was cut off")
        except (aiohttp.ClientError, OSError) as problem:
            return Failure("connection", self._redact(_reason(problem)))

    def _limits(self) -> aiohttp.ClientTimeout:
        import aiohttp

        return aiohttp.ClientTimeout(total=self.timeout, sock_connect=min(CONNECT_SECONDS, self.timeout))

    def _redacted(self, answer: dict[str, Any] | Failure) -> dict[str, Any] | Failure:
        if isinstance(answer, Failure):
            message = self._redact(answer.message)
            return Failure(answer.kind, message, answer.status, answer.retry_after)
        return answer

    def _redact(self, text: str) -> str:
        return text.replace(self.api_key, "***") if self.api_key else text


def open_session(base_url: str) -> aiohttp.ClientSession:
    """A session for one server; no proxy from the environment stands before this machine itself."""
    import aiohttp

    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0),
        headers={"User-Agent": f"ifeval-fi/{__version__}"},
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=not is_loopback(base_url),
    )


def api_key() -> str | None:
    """The key from the environment, if there is one; ServerError when no HTTP header can carry it."""
    for name in KEY_VARIABLES:
        if key := os.environ.get(name, "").strip():
            if not (key.isascii() and key.isprintable()):
                raise ServerError(f"the key in {name} holds characters that no key has; copy it again")
            return key
    return None


def is_loopback(base_url: str) -> bool:
    """Whether the URL points at this machine."""
    host = urlsplit(base_url).hostname or ""
    return host in {"localhost", "::1"} or host.startswith("127.")


async def _read(answer: aiohttp.ClientResponse) -> bytes | None:
    chunks: list[bytes] = []
    size = 0
    async for chunk in answer.content.iter_any():
        size += len(chunk)
        if size > MAX_REPLY_BYTES:
            answer.close()
            return None
        chunks.append(chunk)
    return b"".join(chunks)


def _parsed(answer: aiohttp.ClientResponse, content: bytes) -> dict[str, Any] | Failure:
    status = answer.status
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        value = None
    if status == 200:
        if isinstance(value, dict):
            return Failure("server_error", _sentence(value, content), status) if value.get("error") else value
        kind = answer.headers.get("Content-Type", "no content type").split(";")[0]
        return Failure("malformed", f"the reply is no JSON object but {len(content)} bytes of {kind}", status)
    return Failure(
        _kind(status),
        f"{status}: {_sentence(value, content)}",
        status,
        parse_retry_after(answer.headers.get("Retry-After")),
    )


def _kind(status: int) -> Kind:
    if status == 408:
        return "timeout"
    if status == 429:
        return "rate_limit"
    if status in {401, 403}:
        return "unauthorized"
    return "server_error" if status >= 500 else "rejected"


def parse_retry_after(value: str | None) -> float | None:
    """Seconds to wait by a Retry-After header, which holds seconds or an HTTP date."""
    if value is None:
        return None
    if re.fullmatch(r"\s*\d+(\.\d+)?\s*", value):
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return max(0.0, (moment - datetime.now(timezone.utc)).total_seconds())


def _sentence(value: object, content: bytes) -> str:
    """The server's own words for an error, on one line."""
    error = value
    for name in ("error", "message", "detail"):
        if isinstance(error, Mapping) and name in error:
            error = error[name]
    text = error if isinstance(error, str) else content.decode("utf-8", "replace")
    return " ".join(text.split())[:_MESSAGE_CHARACTERS] or "no explanation"


def _reason(problem: Exception) -> str:
    text = " ".join(str(problem).split())
    return text[:_MESSAGE_CHARACTERS] or type(problem).__name__


def parse_reply(answer: Mapping[str, Any]) -> Reply | Failure:
    """The answer, its reasoning and how it ended, out of a chat completion."""
    choices = answer.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, Mapping) else None
    if not isinstance(choice, Mapping) or not isinstance(message, Mapping):
        return Failure("malformed", "the reply has no choices[0].message", 200)
    finish_reason = choice.get("finish_reason")
    if finish_reason is not None and not isinstance(finish_reason, str):
        return Failure("malformed", "the reply's finish_reason is no text", 200)
    if finish_reason == "error":
        return Failure("server_error", f"the generation failed: {_sentence(choice, b'')}", 200)
    content, thoughts = _content(message)
    field_reasoning = message.get("reasoning_content") or message.get("reasoning")
    if isinstance(field_reasoning, str):
        thoughts = field_reasoning
    if content is None and thoughts is None and finish_reason is None:
        return Failure("malformed", "the reply has no content, and no finish_reason says that it is complete", 200)
    unclosed = False
    if thoughts is None:
        content, thoughts, unclosed = split_reasoning(content or "")
    return Reply(
        response=_clean(content or ""),
        reasoning=_clean(thoughts) if thoughts else None,
        truncated=finish_reason == "length" or unclosed,
        finish_reason=finish_reason,
        usage=_usage(answer.get("usage")),
        fingerprint=fingerprint if isinstance(fingerprint := answer.get("system_fingerprint"), str) else None,
    )


def _content(message: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Text and reasoning of a message whose content is text, null, or a list of parts."""
    content = message.get("content")
    if isinstance(content, list):
        text = "".join(_texts(content, "text"))
        return text, "".join(_texts(content, "thinking")) or None
    if isinstance(content, str):
        return content, None
    refusal = message.get("refusal")
    return (refusal if isinstance(refusal, str) else None), None


def _texts(parts: list[Any], kind: str) -> list[str]:
    texts: list[str] = []
    for part in parts:
        if isinstance(part, str) and kind == "text":
            texts.append(part)
        elif isinstance(part, Mapping) and part.get("type", "text") == kind:
            value = part.get(kind)
            texts.extend(
                _texts(value, "text") if isinstance(value, list) else [value] if isinstance(value, str) else []
            )
    return texts


def _usage(usage: object) -> Usage | None:
    if not isinstance(usage, Mapping):
        return None
    counts = [usage.get(name) for name in ("prompt_tokens", "completion_tokens")]
    prompt, completion = (count if type(count) is int and count >= 0 else 0 for count in counts)
    return Usage(prompt, completion)


def _clean(text: str) -> str:
    """Half of a cut-off surrogate pair, which JSON can carry and UTF-8 cannot, becomes U+FFFD."""
    return _SURROGATE.sub("\ufffd", text)
