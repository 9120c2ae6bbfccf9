"""One OpenAI-compatible chat endpoint: a request ends as a reply or as a failure that says whether to ask again.

Requests are not streamed: parsing one event per token costs more client time than everything else together, usage is
then always reported, and a cancelled request is bounded by max_tokens, which is always sent.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit, urlunsplit
from urllib.request import getproxies, proxy_bypass

from ifeval_fi.report.tables import one_line
from ifeval_fi.runner.faults import MOST_HEADER_BYTES, Failure, ServerError, broken, error_within, refused
from ifeval_fi.runner.redaction import redacted_json, redacted_message
from ifeval_fi.runner.replies import Reply, parse_reply
from ifeval_fi.version import __version__

if TYPE_CHECKING:
    import aiohttp

T = TypeVar("T")

KEY_VARIABLES = ("IFEVAL_FI_API_KEY", "OPENAI_API_KEY")
MAX_REPLY_BYTES = 8 * 2**20
MAX_FILE_BYTES = 512 * 2**20
CONNECT_SECONDS = 30
_MESSAGE_CHARACTERS = 300
# A reply of this size is understood in a thread, so that no other request waits for it.
_LARGE_BYTES = 2**18
_OF_A_PROXY = frozenset({403, 407, 502, 503, 504})


def normalised_base_url(url: str) -> str:
    """The base URL without a trailing slash; ServerError when it is not plain http(s)://host[:port]/path."""
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        raise ServerError("--base-url is no address such as http://localhost:8000/v1") from None
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
        return await self._ask("POST", f"{self.base_url}/chat/completions", body, parse_reply)

    async def request(self, method: str, url: str, body: bytes | None = None) -> Any | Failure:
        """The JSON object or list that a URL answers with."""
        return await self._ask(method, url, body, lambda value: value)

    async def upload(self, purpose: str, name: str, content: bytes) -> Any | Failure:
        """What the server says of a file that it is given."""
        import aiohttp

        form = aiohttp.FormData({"purpose": purpose})
        form.add_field("file", content, filename=name, content_type="application/jsonl")
        return await self._ask("POST", f"{self.base_url}/files", form, lambda value: value)

    async def content(self, url: str) -> bytes | Failure:
        """A file that the server keeps, as it is: what stands in it may hold the key, which `reply_of` takes out."""
        return await self._send("GET", url, None, self._content, MAX_FILE_BYTES)

    def reply_of(self, status: int, body: bytes) -> Reply | Failure:
        """What an answer to a chat request says that came by another way than as the answer to one of ours."""
        return self._understood(status, {}, body, parse_reply)

    async def _ask(self, method: str, url: str, body: Any, parse: Callable[[Any], T | Failure]) -> T | Failure:
        def understand(status: int, headers: Mapping[str, str], content: bytes) -> T | Failure:
            return self._understood(status, headers, content, parse)

        return await self._send(method, url, body, understand, MAX_REPLY_BYTES)

    async def _send(
        self,
        method: str,
        url: str,
        body: Any,
        understand: Callable[[int, Mapping[str, str], bytes], T | Failure],
        most: int,
    ) -> T | Failure:
        import aiohttp

        headers = {"Accept-Encoding": "identity"}
        if body is None or isinstance(body, bytes):
            headers["Content-Type"] = "application/json"
        if self.api_key:
            headers["Authorization"] = f"Bearer {self.api_key}"
        try:
            async with self.session.request(
                method, url, data=body, headers=headers, allow_redirects=False, timeout=self._limits()
            ) as answer:
                content = await _read(answer, most)
                if content is None:
                    return Failure("too_large", f"the reply is larger than {most >> 20} MiB", answer.status)
                if len(content) > _LARGE_BYTES:
                    return await asyncio.to_thread(understand, answer.status, answer.headers, content)
                return understand(answer.status, answer.headers, content)
        except aiohttp.ConnectionTimeoutError:
            return Failure("connection", f"no connection within {min(CONNECT_SECONDS, self.timeout):g} s")
        except asyncio.TimeoutError:
            return Failure("timeout", f"no complete reply within {self.timeout:g} s")
        except (aiohttp.ClientError, OSError) as problem:
            return self._told(broken(problem, proxy_of(self.base_url)))

    def _limits(self) -> aiohttp.ClientTimeout:
        import aiohttp

        return aiohttp.ClientTimeout(total=self.timeout, sock_connect=min(CONNECT_SECONDS, self.timeout))

    def _understood(
        self, status: int, headers: Mapping[str, str], content: bytes, parse: Callable[[Any], T | Failure]
    ) -> T | Failure:
        """What an answer says; the key is taken out of it first."""
        try:
            value = redacted_json(json.loads(content), self.api_key)
        except (ValueError, RecursionError):
            value = None
        if not 200 <= status < 300:
            failure = refused(status, headers, value, content)
            proxy = proxy_of(self.base_url)
            if proxy and status in _OF_A_PROXY and not isinstance(value, dict):
                return self._told(failure, f" (by way of the proxy {proxy}; put the host into no_proxy to go past it)")
            return self._told(failure)
        if failure_within := error_within(status, headers, value, content):
            return self._told(failure_within)
        if not isinstance(value, (dict, list)):
            kind = headers.get("Content-Type", "no content type").split(";")[0]
            return self._told(
                Failure("malformed", f"the reply is no JSON object but {len(content)} bytes of {kind}", status)
            )
        found = parse(value)
        return self._told(found) if isinstance(found, Failure) else found

    def _content(self, status: int, headers: Mapping[str, str], content: bytes) -> bytes | Failure:
        if 200 <= status < 300:
            return content
        return self._understood(status, headers, content, lambda value: Failure("malformed", "no file", status))

    def _told(self, failure: Failure, remark: str = "") -> Failure:
        """The failure with a message that may be shown and written: on one line, cut only after the key is out."""
        message = one_line(redacted_message(failure.message, self.api_key))
        return replace(failure, message=message[:_MESSAGE_CHARACTERS] + remark)


def open_session(base_url: str) -> aiohttp.ClientSession:
    """A session for one server; no proxy from the environment stands before this machine itself."""
    import aiohttp

    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0),
        headers={"User-Agent": f"ifeval-fi/{__version__}"},
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=not is_loopback(base_url),
        max_line_size=MOST_HEADER_BYTES,
        max_field_size=MOST_HEADER_BYTES,
    )


def api_key(base_url: str) -> str | None:
    """The key from the environment for this server, if there is one; ServerError when no HTTP header can carry it.

    OPENAI_API_KEY, which many have set for other programs, goes to https servers elsewhere only: not to this machine,
    and over no line that is open to read.
    """
    for name in KEY_VARIABLES:
        if name == "OPENAI_API_KEY" and not takes_openai_key(base_url):
            continue
        if key := os.environ.get(name, "").strip():
            if not (key.isascii() and key.isprintable()):
                raise ServerError(f"the key in {name} holds characters that no key has; copy it again")
            return key
    return None


def takes_openai_key(base_url: str) -> bool:
    """Whether OPENAI_API_KEY may be sent there."""
    return base_url.startswith("https:") and not is_loopback(base_url)


def withheld_key(base_urls: Iterable[str]) -> str | None:
    """The sentence for a key that is set and not sent; None where there is none."""
    set_here = {name for name in KEY_VARIABLES if os.environ.get(name, "").strip()}
    kept_from = [url for url in base_urls if not takes_openai_key(url)]
    if set_here != {"OPENAI_API_KEY"} or not kept_from:
        return None
    return (
        f"OPENAI_API_KEY is not sent to {', '.join(kept_from)}, a local or plain-http server; "
        "set IFEVAL_FI_API_KEY for a key that it shall have"
    )


def is_loopback(base_url: str) -> bool:
    """Whether the URL points at this machine: localhost, 127.0.0.1, ::1, and the 0.0.0.0 and :: that servers print."""
    host = (urlsplit(base_url).hostname or "").rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return any(each.is_loopback or each.is_unspecified for each in (address, mapped) if each is not None)


def proxy_of(base_url: str) -> str | None:
    """The proxy of the environment that requests go through, as host and port; a password in it is left out."""
    parts = urlsplit(base_url)
    if is_loopback(base_url) or proxy_bypass(parts.hostname or ""):
        return None
    proxy = getproxies().get(parts.scheme)
    return proxy.rpartition("@")[2].rpartition("://")[2] if proxy else None


async def _read(answer: aiohttp.ClientResponse, most: int) -> bytes | None:
    chunks: list[bytes] = []
    size = 0
    async for chunk in answer.content.iter_any():
        size += len(chunk)
        if size > most:
            answer.close()
            return None
        chunks.append(chunk)
    return b"".join(chunks)
