"""One look at a server before the first prompt, so that a wrong call is said in a sentence and not 510 times."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from time import monotonic
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

from ifeval_fi.runner.endpoint import KEY_VARIABLES, Endpoint, takes_openai_key
from ifeval_fi.runner.faults import Failure, ServerError
from ifeval_fi.runner.replicas import RetryPolicy
from ifeval_fi.runner.replies import Reply

T = TypeVar("T")

_LISTED = 8
_LIST_SECONDS = 20.0
_LOADING_SECONDS = 2.0
_LOADS_AT_MOST = 60.0


@dataclass(frozen=True, slots=True)
class Served:
    """What a server says of itself and its model; `context` in tokens.

    `weights` is a hash of what its list says of the file behind the name: path, size, digest, age. The name alone does
    not tell the weights before a training from those after it.
    """

    model: str
    engine: str | None = None
    version: str | None = None
    fingerprint: str | None = None
    context: int | None = None
    weights: str | None = None


@dataclass(frozen=True, slots=True)
class Patience:
    """How a passing fault is waited out before the first prompt, as it would be in the run; `say` tells what for."""

    policy: RetryPolicy = field(default_factory=RetryPolicy)
    say: Callable[[str], None] = lambda text: None

    async def ask(self, endpoint: Endpoint, request: Callable[[], Awaitable[T | Failure]]) -> T | Failure:
        """The first answer that is no passing fault, or the last fault when the attempts are used up."""
        begun, attempt, lasting = monotonic(), 0, 0
        while True:
            attempt += 1
            answer = await request()
            if not isinstance(answer, Failure) or not answer.retried or self.policy.waits_too_long(answer):
                return answer
            lasting += answer.kind in {"timeout", "malformed"} or answer.unreachable
            loading = answer.status == 503 and monotonic() - begun < _LOADS_AT_MOST
            if lasting >= self.policy.timeouts or (attempt >= self.policy.attempts and not loading):
                return answer
            delay = min(_LOADING_SECONDS, self.policy.cap) if loading else self.policy.delay(attempt)
            delay = delay if answer.retry_after is None else answer.retry_after
            if attempt == 1 or delay >= _LOADING_SECONDS:
                self.say(f"{endpoint.base_url}: {answer.message}; asking again in {max(1, round(delay))} s")
            await asyncio.sleep(delay)


async def meet(endpoints: Sequence[Endpoint], wanted: str | None, patience: Patience) -> list[Served]:
    """What each server says of the model; all must serve the one that is asked for, or the only one of the first."""
    first = await served_model(endpoints[0], wanted, patience)
    others = [served_model(endpoint, first.model, patience) for endpoint in endpoints[1:]]
    return [first, *await asyncio.gather(*others)]


async def served_model(endpoint: Endpoint, wanted: str | None, patience: Patience | None = None) -> Served:
    """The model to ask for: the wanted one, with what the server's list says of it, else the only one there is.

    The list is a help: a wanted model that is not in it is tried all the same. ServerError says in one sentence why
    there is no model to ask.
    """
    url = f"{endpoint.base_url}/models"
    if wanted is not None:
        answer = await replace(endpoint, timeout=min(_LIST_SECONDS, endpoint.timeout)).request("GET", url)
        listed = _entries(answer)
        entry = _entry(listed, wanted)
        if entry is None and len(listed) == 1:
            # llama.cpp answers to any name; its one entry still tells which file it serves.
            return Served(wanted, weights=_weights(next(iter(listed.values()))))
        return await _described(endpoint, wanted, entry) if entry else Served(wanted)
    answer = await (patience or Patience()).ask(endpoint, lambda: endpoint.request("GET", url))
    names = list(_entries(answer))
    if isinstance(answer, Failure):
        await _explain(endpoint, answer)
    if not names:
        raise ServerError(f"{endpoint.base_url} does not say what it serves; give --model NAME")
    if len(names) > 1:
        raise ServerError(f"{endpoint.base_url} serves {_some(names)}; choose one with --model")
    return await _described(endpoint, names[0], _entries(answer)[names[0]])


async def try_chat(
    endpoint: Endpoint, served: Served, body: Mapping[str, Any], patience: Patience | None = None
) -> Served:
    """Ask the longest prompt, for one token where the server takes that, else as the run will ask it.

    ServerError when the run's own request is refused, or prompt and answer do not fit.
    """
    short = {**body, **{name: 1 for name in ("max_tokens", "max_completion_tokens") if name in body}}
    bodies = [short, body] if short != body else [body]

    async def ask() -> Reply | Failure:
        reply = await endpoint.complete(json.dumps(bodies[0]).encode())
        # Reasoning models, thinking budgets, JSON schemas and min_tokens refuse a single token, some with a 500.
        if isinstance(reply, Failure) and len(bodies) > 1 and not _is_busy(reply):
            await _look_below_v1(endpoint, reply)
            del bodies[0]
            reply = await endpoint.complete(json.dumps(body).encode())
        return reply

    reply = await (patience or Patience()).ask(endpoint, ask)
    if isinstance(reply, Failure):
        await _explain(endpoint, reply)
        await _explain_model(endpoint, served.model, reply)
        raise ServerError(f"{endpoint.base_url}: {reply.message}")
    _check_context(endpoint, served, body, reply)
    return replace(served, fingerprint=reply.fingerprint)


def _is_busy(failure: Failure) -> bool:
    """Whether the server has not looked at the request: it loads its model, limits its rate, or is not there."""
    return failure.status == 503 or failure.kind in {"rate_limit", "connection", "quota", "unauthorized"}


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
    await _look_below_v1(endpoint, failure)
    if failure.kind == "quota":
        raise ServerError(f"{base}: the quota is spent, which no waiting brings back ({failure.message})")
    if failure.kind == "unauthorized":
        advice = "refuses the key" if endpoint.api_key else "wants a key"
        names = KEY_VARIABLES if takes_openai_key(base) else KEY_VARIABLES[:1]
        raise ServerError(f"{base} {advice} ({failure.message}); set {' or '.join(names)}")
    if failure.kind == "connection":
        if failure.unreachable or base.startswith("https:"):
            raise ServerError(f"{base} cannot be reached ({failure.message}); is the server running?")
        raise ServerError(f"{base} gives no answer ({failure.message}); is the server running, or one for https?")
    if failure.kind in {"timeout", "too_large"}:
        raise ServerError(f"{base} does not answer as a chat server: {failure.message}")
    if failure.kind == "malformed":
        raise ServerError(f"{base} is no chat endpoint: {failure.message}")


async def _look_below_v1(endpoint: Endpoint, failure: Failure) -> None:
    """Raise when the API is where it mostly is, one step below the address that was given."""
    base = endpoint.base_url
    status = failure.status or 0
    elsewhere = status in {404, 405} or status < 400 or failure.kind == "malformed"
    if base.endswith("/v1") or not elsewhere or failure.kind in {"connection", "timeout"}:
        return
    answer = await replace(endpoint, timeout=min(_LIST_SECONDS, endpoint.timeout)).request("GET", f"{base}/v1/models")
    if _entries(answer) or (isinstance(answer, Failure) and answer.kind == "unauthorized"):
        raise ServerError(f"{base} has no chat endpoint, but {base}/v1 has; give --base-url {base}/v1")


async def _explain_model(endpoint: Endpoint, model: str, failure: Failure) -> None:
    """Raise when the refused model is not in the server's list, with the names most like it."""
    if failure.retried:
        return
    names = list(_entries(await endpoint.request("GET", f"{endpoint.base_url}/models")))
    if names and model not in names:
        raise ServerError(
            f"{endpoint.base_url} serves no model {model!r}; it serves {_some(names, model)} ({failure.message})"
        )


def _entries(answer: object) -> dict[str, Mapping[str, Any]]:
    """What a list of models says of each: {"data": [{"id": …}]}, a bare list, or Ollama's {"models": [{"name": …}]}."""
    listed: object = answer
    if isinstance(answer, Mapping):
        listed = answer.get("data") or answer.get("models")
    found: dict[str, Mapping[str, Any]] = {}
    for each in listed if isinstance(listed, list) else ():
        entry = each if isinstance(each, Mapping) else {"id": each}
        name = entry.get("id") or entry.get("name")
        if isinstance(name, str):
            found.setdefault(name, entry)
    return found


def _entry(entries: Mapping[str, Mapping[str, Any]], wanted: str) -> Mapping[str, Any] | None:
    """What the list says of a model by its name, by Ollama's name for it (`NAME:latest`), or by an alias."""
    for name in (wanted, f"{wanted}:latest", wanted.removesuffix(":latest")):
        if name in entries:
            return entries[name]
    for entry in entries.values():
        aliases = entry.get("aliases")
        if isinstance(aliases, list) and wanted in aliases:
            return entry
    return None


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
        weights=_weights(entry),
    )


# What stays the same while one file is served. `created` is the time of the question in vLLM and llama.cpp, the age of
# the model in Ollama, whose models are owned by "library".
_OF_THE_FILE = ("root", "parent", "digest", "n_params", "n_vocab", "n_embd", "size")


def _weights(entry: Mapping[str, Any]) -> str | None:
    meta = entry.get("meta")
    told = {**entry, **(meta if isinstance(meta, Mapping) else {})}
    names = (*_OF_THE_FILE, "created") if entry.get("owned_by") == "library" else _OF_THE_FILE
    # vLLM's root is the name itself where no path was given.
    facts = {name: told[name] for name in names if told.get(name) not in (None, "", entry.get("id"))}
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16] if facts else None


def _some(names: list[str], like: str = "") -> str:
    """Names for a sentence, the most similar ones where there are many."""
    if len(names) <= _LISTED:
        return ", ".join(names)
    chosen = get_close_matches(like, names, n=_LISTED, cutoff=0.0) if like else names[:_LISTED]
    return f"{', '.join(chosen)} and {len(names) - len(chosen)} more"
