"""Responses with the prompts they answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ifeval_fi.errors import ResponseError
from ifeval_fi.prompts import Key, Prompt
from ifeval_fi.scoring.responses.response import Response
from ifeval_fi.text import collapse


def by_key(responses: Iterable[Response], prompts: Sequence[Prompt]) -> list[Response]:
    """The responses, those that name their prompt by its text or their key as text with its key.

    ResponseError on a text nobody asked.
    """
    texts: dict[str, list[Prompt]] = {}
    keys = {str(prompt.key): prompt.key for prompt in prompts}
    found = []
    for response in responses:
        if response.prompt is None:
            named = keys.get(str(response.key), response.key) if response.key_as_text else response.key
            found.append(response if named == response.key else replace(response, key=named))
            continue
        if not texts:
            for prompt in prompts:
                texts.setdefault(collapse(prompt.text), []).append(prompt)
        same = texts.get(collapse(response.prompt), [])
        if len(same) != 1:
            what = "is no prompt of this set; is --prompts right?" if not same else "is several prompts; name the key"
            raise ResponseError(f"the prompt {' '.join(response.prompt.split())!r:.80} {what}")
        found.append(replace(response, key=same[0].key, prompt=None))
    return found


def pair(
    prompts: Sequence[Prompt], responses: Iterable[Response], *, partial: bool = False
) -> list[tuple[Prompt, Response]]:
    """Each prompt with its responses, in the prompts' order and by sample.

    ResponseError on an unknown or doubled key, on another version of the prompt and, unless `partial`, on a
    missing one.
    """
    known = {prompt.key: prompt for prompt in prompts}
    answers: dict[Key, list[Response]] = {}
    for response in by_key(responses, prompts):
        prompt = known.get(response.key)
        if prompt is None:
            raise ResponseError(f"key {response.key!r}: no such prompt in this set; is --prompts right?")
        if response.prompt_sha256 is not None and response.prompt_sha256 != prompt.sha256:
            raise ResponseError(f"key {response.key}: answers another version of the prompt; score it with that set")
        same = answers.setdefault(response.key, [])
        if any(response.sample == other.sample for other in same):
            raise ResponseError(f"key {response.key}: sample {response.sample} is there twice; keep one")
        same.append(response)
    missing = [prompt.key for prompt in prompts if prompt.key not in answers]
    if missing and not partial:
        raise ResponseError(
            f"key {missing[0]}: no response ({len(missing)} of {len(prompts)} missing); "
            "run the rest, or score what is there with --partial"
        )
    return [
        (prompt, response)
        for prompt in prompts
        for response in sorted(answers.get(prompt.key, []), key=lambda response: response.sample)
    ]
