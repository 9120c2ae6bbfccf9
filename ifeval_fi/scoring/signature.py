"""The string that names everything a number depends on, in the manner of sacrebleu."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ifeval_fi.prompts import Prompt, PromptSet
from ifeval_fi.rules import Rules
from ifeval_fi.version import __version__

_OVERRIDDEN = frozenset({"max_tokens", "max_completion_tokens", "temperature", "top_p", "top_k", "min_p", "seed"})
DECISIVE = ("prompts", "n", "sha", "rules", "detector", "thinking", "samples", "decoding")
"""The parts in which two results must agree before their numbers may be compared."""


def signature(
    prompts: Sequence[Prompt],
    rules: Rules,
    *,
    detector: str,
    run: Mapping[str, Any] | None = None,
    keep_thinking: bool = False,
) -> str:
    """E.g. `prompts:fi-1.0|n:510|sha:1a2b3c4d|rules:finnish-1|detector:…|thinking:removed|samples:1|decoding:…|…`.

    `thinking` is `removed`, or `kept` where a model's thinking was judged with its answer. `decoding` is `unknown`
    for responses that did not come with a run's identity.
    """
    named = prompts if isinstance(prompts, PromptSet) else PromptSet(prompts, name="own", language="")
    parts = {
        "prompts": named.name,
        "n": str(len(named)),
        "sha": named.digest[:8],
        "rules": f"{rules.name}-{rules.version}",
        "detector": detector,
        "thinking": "kept" if keep_thinking else "removed",
        "samples": str((run or {}).get("samples", 1)),
        "decoding": _decoding(run or {}),
        "version": __version__,
    }
    return "|".join(f"{name}:{value}" for name, value in parts.items())


def _decoding(run: Mapping[str, Any]) -> str:
    """The decoding settings as they were sent, in alphabetical order; a system prompt and extra fields as hashes.

    An extra field of a setting's name took its place in the request; a null took it out.
    """
    if "decoding" not in run:
        return "unknown"
    extra = run.get("extra_body") or {}
    sent = {**run["decoding"], **{name: extra[name] for name in _OVERRIDDEN & extra.keys()}}
    parts = {name: _plain(value) for name, value in sent.items() if value is not None}
    for name in ("system_prompt", "extra_body"):
        if value := run.get(name):
            parts[name] = hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:8]
    return ",".join(f"{name}={parts[name]}" for name in sorted(parts))


def _plain(value: Any) -> Any:
    """A setting as it stands in a signature, whose marks nothing else may hold."""
    return re.sub(r"[|,:=\s]+", "_", str(value)) if not isinstance(value, (int, float)) else value


def parse_signature(text: str) -> dict[str, str]:
    """The parts of a signature by name."""
    return dict(part.partition(":")[::2] for part in text.split("|"))


def differing(one: str, other: str) -> list[str]:
    """The decisive parts in which two signatures differ; empty when their numbers may be compared."""
    ours, theirs = parse_signature(one), parse_signature(other)
    return [name for name in DECISIVE if ours.get(name) != theirs.get(name)]
