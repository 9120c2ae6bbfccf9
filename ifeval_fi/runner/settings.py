"""What a run asks, of whom and how."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ifeval_fi.errors import IfevalError
from ifeval_fi.runner.endpoint import normalised_base_url
from ifeval_fi.runner.replicas import RetryPolicy

MAX_TOKENS = 1280
"""Tokens an answer may have, as in lm-eval's `ifeval` and this package's tasks for it."""

_OURS = frozenset({"messages", "model", "n", "stream"})


class RunError(IfevalError):
    """The settings of a run contradict each other or make no sense."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """What to ask whom and how.

    `model` is a served name, "smollm2" or a path to a .gguf file for the embedded server, or None for the only one
    served. `name` is what reports call the run. `extra_body` is merged into every request last; a null there leaves a
    field out. `timeout` in seconds is for one request with its queueing; None allows five minutes and a quarter of a
    second a token. `breaker` is the number of prompts that fail in a row before the run stops. With `batch` the
    requests go to the server's batch API as one file.
    """

    model: str | None = None
    name: str | None = None
    base_urls: tuple[str, ...] = ()
    max_tokens: int = MAX_TOKENS
    temperature: float = 0.0
    top_p: float | None = None
    seed: int | None = None
    system_prompt: str | None = None
    extra_body: Mapping[str, Any] = field(default_factory=dict)
    samples: int = 1
    concurrency: int | None = None
    timeout: float | None = None
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    breaker: int = 8
    batch: bool = False

    def __post_init__(self) -> None:
        for name, least in (("max_tokens", 1), ("samples", 1), ("concurrency", 1), ("timeout", 0.001), ("breaker", 1)):
            value = getattr(self, name)
            if value is not None and not value >= least:
                raise RunError(f"--{name.replace('_', '-')} {value}: must be at least {least}")
        if not 0 <= self.temperature < float("inf"):
            raise RunError(f"--temperature {self.temperature}: must be 0 or more")
        if self.top_p is not None and not 0 < self.top_p <= 1:
            raise RunError(f"--top-p {self.top_p}: must be above 0 and at most 1")
        if taken := sorted(_OURS & self.extra_body.keys()):
            raise RunError(f"--extra-body must not hold {', '.join(taken)}")
        try:
            json.dumps(self.extra_body, allow_nan=False)
        except (TypeError, ValueError, RecursionError) as problem:
            raise RunError(f"--extra-body holds what is no JSON: {problem}") from None
        object.__setattr__(self, "base_urls", tuple(map(normalised_base_url, self.base_urls)))
        if len(set(self.base_urls)) < len(self.base_urls):
            raise RunError("--base-url names one server twice")
        if self.batch and len(self.base_urls) != 1:
            raise RunError("--batch needs one --base-url, of a server that has /v1/batches")

    @property
    def seconds(self) -> float:
        """The time limit of one request."""
        return self.timeout if self.timeout is not None else 300 + self.max_tokens / 4

    def sent(self, name: str) -> Any:
        """What a request says of a setting such as `temperature`; None where it says nothing."""
        return self.body("", "", 0).get(name)

    def body(self, model: str, text: str, sample: int) -> dict[str, Any]:
        """The request for one sample of a prompt."""
        messages = [{"role": "system", "content": self.system_prompt}] if self.system_prompt is not None else []
        body: dict[str, Any] = {
            "model": model,
            "messages": [*messages, {"role": "user", "content": text}],
            "max_tokens": self.max_tokens,
            "temperature": self.temperature,
            "top_p": self.top_p,
            "seed": None if self.seed is None else self.seed + sample,
            **self.extra_body,
        }
        return {name: value for name, value in body.items() if value is not None}
