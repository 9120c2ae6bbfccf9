"""One look at a server before the first prompt, so that a wrong call is said in a sentence and not 510 times."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from ifeval_fi.runner.endpoint import KEY_VARIABLES, Endpoint, Failure, Reply, ServerError, parse_reply

_LISTED = 8
_PATIENCE = 30
_LOADING_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Served:
    """What a server says of itself and its model; `context` in tokens."""

    model: str
    engine: str | None = None
    version: str | None = None
    fingerprint: str | None = None
    context: int | None = None


async def served_model(endpoint: Endpoint, wanted: str | None) -> Served:
    """The model to ask for: the wanted one if it is served, else the only one there is.

    ServerError says in one sentence why there is none.
    """
    answer = await _patiently(endpoint, "GET", f"{endpoint.base_url}/models")
    entries = _entries(answer)
    if isinstance(answer, Failure):
        await _explain(endpoint, answer)
    if not entries:
        if wanted is None:
            raise ServerError(f"{endpoint.base_url} does not say what it serves; give --model NAME")
        return Served(wanted)
    names = [str(entry["id"]) for entry in entries]
    if wanted is None and len(names) > 1:
        raise ServerError(f"{endpoint.base_url} serves {_some(names)}; choose one with --model")
    name = wanted or names[0]
    entry = next((each for each in entries if name == each["id"] or name in (each.get("aliases") or ())), None)
    if entry is None:
        raise ServerError(f"{endpoint.base_url} serves no model {name!r}; it serves {_some(names, name)}")
    return await _described(endpoint, name, entry)


async def try_chat(endpoint: Endpoint, served: Served, body: Mapping[str, Any]) -> Served:
    """Ask the longest prompt for one token; ServerError when it is refused or prompt and answer do not fit."""
    short = {**body, **{name: 1 for name in ("max_tokens", "max_completion_tokens") if name in body}}
    payload = json.dumps(short).encode()
    answer = await _patiently(endpoint, "POST", f"{endpoint.base_url}/chat/completions", payload)
    if isinstance(answer, Failure):
        await _explain(endpoint, answer)
        raise ServerError(f"{endpoint.base_url}: {answer.message}")
    reply = parse_reply(answer)
    if isinstance(reply, Failure):
        raise ServerError(f"{endpoint.base_url} is no chat endpoint: {reply.message}")
    _check_context(endpoint, served, body, reply)
    return replace(served, fingerprint=reply.fingerprint)


def _check_context(endpoint: Endpoint, served: Served, body: Mapping[str, Any], reply: Reply) -> None:
    asked = body.get("max_tokens") or body.get("max_completion_tokens")
    if served.context is None or reply.usage is None or not isinstance(asked, int):
        return
    prompt = reply.usage.prompt_tokens
    if prompt + asked > served.context:
        raise ServerError(
            f"{endpoint.base_url} has a context of {served.context} tokens, but the longest prompt takes {prompt} and "
            f"--max-tokens {asked} more; give --max-tokens {max(1, served.context - prompt)} or serve a longer context"
        )


async def _explain(endpoint: Endpoint, failure: Failure) -> None:
    """Raise what a refusal means; return when another request has to tell (no list of models, say)."""
    base = endpoint.base_url
    if failure.kind == "unauthorized":
        advice = "refuses the key" if endpoint.api_key else "wants a key"
        raise ServerError(f"{base} {advice} ({failure.message}); set {' or '.join(KEY_VARIABLES)}")
    if failure.kind == "connection":
        raise ServerError(f"{base} cannot be reached ({failure.message}); is the server running?")
    if failure.kind in {"timeout", "too_large"}:
        raise ServerError(f"{base} does not answer as a chat server: {failure.message}")
    if failure.status in {404, 405} or failure.kind == "malformed":
        if not base.endswith("/v1"):
            answer = await endpoint.request("GET", f"{base}/v1/models")
            if _entries(answer) or (isinstance(answer, Failure) and answer.kind == "unauthorized"):
                raise ServerError(f"{base} has no chat endpoint, but {base}/v1 has; give --base-url {base}/v1")
        if failure.kind == "malformed":
            raise ServerError(f"{base} is no chat endpoint: {failure.message}")


async def _patiently(endpoint: Endpoint, method: str, url: str, body: bytes | None = None) -> dict[str, Any] | Failure:
    """The answer, after a server that is still loading its model or limits its rate has had a minute."""
    for _ in range(_PATIENCE):
        answer = await endpoint.request(method, url, body)
        if not isinstance(answer, Failure) or answer.status not in {429, 503}:
            break
        await asyncio.sleep(min(answer.retry_after or _LOADING_SECONDS, _PATIENCE))
    return answer


def _entries(answer: dict[str, Any] | Failure) -> list[Mapping[str, Any]]:
    listed = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(listed, list):
        return []
    return [entry for entry in listed if isinstance(entry, Mapping) and isinstance(entry.get("id"), str)]


async def _described(endpoint: Endpoint, name: str, entry: Mapping[str, Any]) -> Served:
    meta = entry.get("meta")
    context = entry.get("max_model_len") or (meta.get("n_ctx") if isinstance(meta, Mapping) else None)
    engine = entry.get("owned_by")
    version = None
    if engine == "vllm":
        parts = urlsplit(endpoint.base_url)
        root = urlunsplit((parts.scheme, parts.netloc, parts.path.removesuffix("/v1"), "", ""))
        answer = await endpoint.request("GET", f"{root}/version")
        version = answer.get("version") if isinstance(answer, dict) else None
    return Served(
        model=name,
        engine=engine if isinstance(engine, str) else None,
        version=version if isinstance(version, str) else None,
        context=context if type(context) is int and context > 0 else None,
    )


def _some(names: list[str], like: str = "") -> str:
    if len(names) <= _LISTED:
        return ", ".join(names)
    chosen = get_close_matches(like, names, n=_LISTED, cutoff=0.0) if like else names[:_LISTED]
    return f"{', '.join(chosen)} and {len(names) - len(chosen)} more"
