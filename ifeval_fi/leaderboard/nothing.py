"""Answers that answer nothing, told without a model: the prompt said back, stock text, one thing again and again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ifeval_fi.leaderboard.asked import asked, stem
from ifeval_fi.prompts import Key, PromptSet
from ifeval_fi.scoring.pieces import pieces
from ifeval_fi.scoring.reading import words
from ifeval_fi.scoring.responses import Response

MANY = 0.25
LEAST_OWN = 0.3
ALL = 0.9
_LONG = 4
_SEVERAL = 4
_STOCK = 3
_LEAST = 8
_TOPIC = 4
_SPOKEN = 30


def answers_nothing(responses: Sequence[Response], prompts: PromptSet) -> list[Key]:
    """Keys of the answers that no reader would call one, in the responses' order.

    Either less than three tenths of the text is its own: the rest stands in the prompt, in answers to three other
    prompts, or for the second time in this answer. Or all its words are the prompt's, in whatever order. Or it is long
    and touches nothing that the prompt is about.
    """
    known = asked(prompts)
    runs = [pieces(each.text) for each in responses]
    own = list(map(set, runs))
    spread = Counter(run for each, mine in zip(responses, own, strict=True) if not each.sample for run in mine)
    stock = {run for run, times in spread.items() if times > _STOCK}
    return [
        each.key
        for each, said, mine in zip(responses, runs, own, strict=True)
        if (len(said) >= _LEAST and len(mine - stock - known.runs[each.key]) < LEAST_OWN * len(said))
        or _says_back(spoken := words(each.text), known.stems[each.key])
        or _strays(spoken, known.topics[each.key])
    ]


def _says_back(spoken: list[bytes], asked: frozenset[bytes]) -> bool:
    """Whether several words are said, and nearly all are the prompt's."""
    said = {stem(word) for word in spoken if len(word) >= _LONG}
    return len(said) >= _SEVERAL and len(said - asked) <= (1 - ALL) * len(said)


def _strays(spoken: list[bytes], topic: frozenset[bytes]) -> bool:
    """Whether a long text has no word of the topic, where the prompt has enough of them to tell."""
    return len(topic) >= _TOPIC and len(spoken) >= _SPOKEN and topic.isdisjoint(map(stem, spoken))
