"""How many tokens a server has written of the answers that are not whole yet, where it tells: llama.cpp, vLLM, SGLang.

Requests are not streamed, so that this is what moves while the first long answers are awaited.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence
from typing import Any

from ifeval_fi.runner.endpoint import Endpoint

_SECONDS = 3.0
_LARGEST = 2**20
# `vllm:generation_tokens_total{model_name="m"} 1234.0`, one line a model; counted while an answer is written.
_COUNTER = re.compile(r"^(?:vllm|sglang):generation_tokens_total(?:\{.*\})? ([\d.e+]+)$", re.MULTILINE)


class Meter:
    """Asks servers how far they are; one that does not tell is not asked again, a cloud (https) not at all."""

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        self._telling = [each for each in endpoints if not each.base_url.startswith("https:")]
        self._at_start: dict[str, int] = {}

    async def under_way(self, finished: int) -> int:
        """Tokens in answers that are not whole yet, `finished` being those of whole ones; 0 where no server tells."""
        found = await asyncio.gather(*(self._ask(endpoint) for endpoint in self._telling))
        self._telling = [each for each, told in zip(self._telling, found, strict=True) if told is not None]
        slots = sum(told for kind, told in filter(None, found) if kind == "slots")
        counted = [told for kind, told in filter(None, found) if kind == "counter"]
        return slots or (max(0, sum(counted) - finished) if counted else 0)

    async def _ask(self, endpoint: Endpoint) -> tuple[str, int] | None:
        root = endpoint.base_url.removesuffix("/v1")
        if (total := _counter(await _text(endpoint, f"{root}/metrics"))) is not None:
            return "counter", total - self._at_start.setdefault(endpoint.base_url, total)
        decoded = _decoded(await _text(endpoint, f"{root}/slots"))
        return None if decoded is None else ("slots", decoded)


async def _text(endpoint: Endpoint, url: str) -> str:
    """What the server says there; nothing of what goes wrong matters to a run."""
    import aiohttp

    headers = {"Authorization": f"Bearer {endpoint.api_key}"} if endpoint.api_key else {}
    limit = aiohttp.ClientTimeout(total=_SECONDS)
    try:
        async with endpoint.session.get(url, headers=headers, allow_redirects=False, timeout=limit) as answer:
            return (await answer.content.read(_LARGEST)).decode("utf-8", "replace") if answer.status == 200 else ""
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError):
        return ""


def _counter(text: str) -> int | None:
    found = _COUNTER.findall(text)
    try:
        return round(sum(map(float, found))) if found else None
    except (ValueError, OverflowError):
        return None


def _decoded(text: str) -> int | None:
    """Tokens that llama.cpp's busy slots have decoded: [{"is_processing": true, "next_token": [{"n_decoded": 30}]}]"""
    try:
        slots = json.loads(text)
        return sum(_of_slot(slot) for slot in slots if slot.get("is_processing")) if isinstance(slots, list) else None
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None


def _of_slot(slot: dict[str, Any]) -> int:
    told = slot.get("next_token") or slot
    each = told[0] if isinstance(told, list) else told
    count = each.get("n_decoded", 0)
    return count if isinstance(count, int) and 0 <= count < 2**31 else 0
