"""Answers that answer nothing, told without a model: the prompt said back, stock text, one thing again and again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ifeval_fi.prompts import Key, PromptSet
from ifeval_fi.scoring.pieces import pieces, shingles
from ifeval_fi.scoring.reading import words
from ifeval_fi.scoring.responses import Response

MANY = 0.25
LEAST_OWN = 0.3
_STOCK = 3
_LEAST = 8
_STEM = 5
_TOPIC = 4
_SPOKEN = 30
_COMMON = 0.03


def answers_nothing(responses: Sequence[Response], prompts: PromptSet) -> list[Key]:
    """Keys of the answers that no reader would call one, in the responses' order.

    Either less than three tenths of the text is its own: the rest stands in the prompt, in answers to three other
    prompts, or for the second time in this answer. Or it is long and touches nothing that the prompt is about.
    """
    own_pieces = {(each.key, each.sample): shingles(each.text) for each in responses}
    spread = Counter(piece for (_, sample), found in own_pieces.items() if not sample for piece in found)
    topics = _topics(prompts)
    asked = {prompt.key: shingles(prompt.text) for prompt in prompts}
    found = []
    for each in responses:
        own = own_pieces[each.key, each.sample]
        total = len(pieces(each.text))
        if total < _LEAST:
            continue
        fresh = sum(spread[piece] <= _STOCK for piece in own - asked[each.key])
        if fresh < LEAST_OWN * total or _strays(each.text, topics[each.key]):
            found.append(each.key)
    return found


def _strays(text: str, topic: frozenset[bytes]) -> bool:
    """Whether a long text has no word of the topic, where the prompt has enough of them to tell."""
    if len(topic) < _TOPIC:
        return False
    spoken = words(text)
    return len(spoken) >= _SPOKEN and topic.isdisjoint(word[:_STEM] for word in spoken)


_known: dict[str, Mapping[Key, frozenset[bytes]]] = {}


def _topics(prompts: PromptSet) -> Mapping[Key, frozenset[bytes]]:
    """The topic of every prompt, worked out once for each set."""
    if (name := prompts.digest) not in _known:
        _known[name] = _topics_of(prompts)
    return _known[name]


def _topics_of(prompts: PromptSet) -> Mapping[Key, frozenset[bytes]]:
    """Beginnings of the long words of each prompt that few prompts have and no argument of an instruction holds."""
    stems = {prompt.key: _stems(prompt.text) for prompt in prompts}
    times = Counter(stem for each in stems.values() for stem in each)
    most = max(2, _COMMON * len(prompts))
    return {
        prompt.key: frozenset(
            stem
            for stem in stems[prompt.key] - _stems(" ".join(_strings([i.kwargs for i in prompt.instructions])))
            if times[stem] <= most
        )
        for prompt in prompts
    }


def _stems(text: str) -> set[bytes]:
    return {word[:_STEM] for word in words(text) if len(word) >= _STEM}


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, (list, tuple)) else ()
    return [text for each in inner for text in _strings(each)]
