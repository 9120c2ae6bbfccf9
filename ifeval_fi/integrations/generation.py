"""Answers of a model in training, by its own `generate`, as rows of a run's journal. Needs torch and transformers."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from ifeval_fi.errors import IfevalError
from ifeval_fi.prompts import Prompt
from ifeval_fi.runner.settings import RunSettings

_OPENED = ("<think>", "[THINK]", "◁think▷", "<seed:think>")


@dataclass(frozen=True)
class Generator:
    """A model with its tokenizer; `template` are arguments of its chat template, as `enable_thinking`.

    `dtype` is the half precision that the training runs in, by name.
    """

    model: Any
    tokenizer: Any
    batch_size: int = 8
    template: Mapping[str, Any] = field(default_factory=dict)
    dtype: str | None = None

    def described(self, model: str) -> dict[str, Any]:
        """The model as run.json says what answered."""
        from transformers import __version__

        facts = {"model": model, "engine": "transformers", "version": __version__}
        return facts | {"fingerprint": None, "context": None}

    def answers(self, prompts: Sequence[Prompt], settings: RunSettings) -> Iterator[list[dict[str, Any]]]:
        """Rows of the journal, a batch at a time; the longest prompts come first, so that memory fails at once.

        The model answers as in use: no dropout, no gradients. It is left as it was, and so are the random numbers.
        """
        texts = {prompt.key: self._rendered(prompt.text, settings.system_prompt) for prompt in prompts}
        ordered = sorted(prompts, key=lambda prompt: -len(texts[prompt.key]))
        with _as_in_use(self.model, self.tokenizer, self.dtype):
            for start in range(0, len(ordered), self.batch_size):
                batch = ordered[start : start + self.batch_size]
                yield self._batch(batch, [texts[prompt.key] for prompt in batch], settings)

    def _rendered(self, text: str, system_prompt: str | None) -> str:
        if not getattr(self.tokenizer, "chat_template", None):
            raise IfevalError("the tokenizer has no chat template to ask with; set tokenizer.chat_template")
        messages = [{"role": "system", "content": system_prompt}] if system_prompt is not None else []
        messages.append({"role": "user", "content": text})
        return str(
            self.tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True, **self.template)
        )

    def _batch(self, prompts: Sequence[Prompt], texts: Sequence[str], settings: RunSettings) -> list[dict[str, Any]]:
        begun = time.monotonic()
        asked = self.tokenizer(list(texts), return_tensors="pt", padding=True, add_special_tokens=False)
        asked = {name: asked[name].to(self.model.device) for name in ("input_ids", "attention_mask")}
        ends = self._ends()
        sampling: dict[str, Any] = {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
        if settings.temperature:
            sampling = {"do_sample": True, "temperature": settings.temperature, "top_p": settings.top_p, "top_k": None}
        said = self.model.generate(
            **asked,
            **sampling,
            max_new_tokens=settings.max_tokens,
            eos_token_id=sorted(ends),
            pad_token_id=self.tokenizer.pad_token_id,
            use_cache=True,
        )[:, asked["input_ids"].shape[1] :].tolist()
        seconds = round((time.monotonic() - begun) / len(prompts), 3)
        counts = asked["attention_mask"].sum(1).tolist()
        rows = zip(prompts, texts, said, counts, strict=True)
        return [self._row(prompt, text, tokens, ends, count, seconds) for prompt, text, tokens, count in rows]

    def _ends(self) -> set[int]:
        """What ends an answer: the model's own tokens for it and the tokenizer's."""
        own = getattr(self.model.generation_config, "eos_token_id", None)
        ends = {*(own if isinstance(own, (list, tuple)) else [own]), self.tokenizer.eos_token_id} - {None}
        if not ends:
            raise IfevalError("neither model nor tokenizer names a token that ends an answer (eos_token_id)")
        return ends

    def _row(
        self, prompt: Prompt, asked: str, tokens: Sequence[int], ends: set[int], count: int, seconds: float
    ) -> dict[str, Any]:
        length = next((place for place, token in enumerate(tokens) if token in ends), None)
        own = tokens[:length]
        # Marks of thinking may be special tokens, so that none is left out.
        text = self.tokenizer.decode(own, skip_special_tokens=False)
        if opened := next((mark for mark in _OPENED if asked.rstrip().endswith(mark)), None):
            text = f"{opened}\n{text}"
        return {
            "key": prompt.key,
            "sample": 0,
            "prompt_sha256": prompt.sha256,
            "outcome": "truncated" if length is None else "answered",
            "response": text,
            "reasoning": None,
            "finish_reason": "length" if length is None else "stop",
            "usage": {"prompt_tokens": count, "completion_tokens": len(own)},
            "attempts": 1,
            "latency_s": seconds,
        }


@contextmanager
def _as_in_use(model: Any, tokenizer: Any, dtype: str | None) -> Iterator[None]:
    """Evaluation mode, no gradients, padding on the left; afterwards everything is as it was, random numbers too."""
    import torch

    modes = [(module, module.training) for module in model.modules()]
    side, pad = tokenizer.padding_side, tokenizer.pad_token
    device = model.device
    with ExitStack() as stack:
        stack.enter_context(torch.random.fork_rng(devices=[device] if device.type == "cuda" else []))
        stack.enter_context(torch.no_grad())
        stack.enter_context(torch.autocast(device.type, getattr(torch, dtype) if dtype else None, enabled=bool(dtype)))
        model.eval()
        tokenizer.padding_side = "left"
        if pad is None:
            tokenizer.pad_token = tokenizer.eos_token
        try:
            yield
        finally:
            for module, training in modes:
                module.training = training
            tokenizer.padding_side = side
            if pad is None:
                tokenizer.pad_token = None
