"""Where English sentences end."""

from __future__ import annotations

import re

from ifeval_fi.languages.sentences import SentenceMarks, split_sentences

_INNER = "dr mr mrs ms messrs prof vs e.g i.e cf viz approx est gov gen col capt lt sgt cpl maj adm rev hon fr mt ft"
# Before a name or a figure they go on; before "The" or "He" they close: "in the U.S. He left", "the U.S. Senate".
_EITHER = (
    "u.s u.k u.n u.s.a e.u d.c l.a n.y b.c a.d ph.d m.d b.a m.a b.sc m.sc j.d jr sr st ave blvd rd inc ltd co "
    "corp bros dept"
)
# Abbreviations before a figure, words or names without one: "No. 5", "He said no."
_BEFORE_FIGURES = "no nos fig figs vol ch sec art p pp jan feb mar apr jun jul aug sep sept oct nov dec eq ex pt"
_TIMES = "a.m p.m am pm"
_AFTER_TIMES = (
    "monday tuesday wednesday thursday friday saturday sunday est edt cst cdt mst mdt pst pdt gmt utc eastern "
    "pacific central"
)
_OPENERS = (
    "it he she they we you i the this that these those there then however but and in on so if when as a "
    "an my our his her their its "
    "your what who why how where after before at for with from no yes not all some many most each every "
    "one two please also thus "
    "meanwhile finally later today tomorrow yesterday now here let both once while although because since "
    "despite during until "
    "by to of or is are was do does did can"
)
_LETTERED = (
    "vitamin plan grade type group option part section hepatitis letter figure appendix class room gate size "
    "category team answer"
)
_SPEECH = (
    "said asked replied shouted cried whispered answered exclaimed yelled screamed muttered murmured "
    "sighed added continued "
    "called insisted begged agreed announced declared explained gasped groaned growled joked mumbled "
    "pleaded remarked repeated "
    "responded roared snapped sobbed stammered suggested thought warned wondered chuckled giggled says "
    "asks replies he she they i"
)
# A line that opens or closes a code block: "```xml".
_FENCE = re.compile(r"^[ \t]*(?:```|~~~)[^\n`]*$", re.MULTILINE)
_INITIAL = re.compile(r"\W*[A-Z]\.?")
_COUNT = re.compile(r"[\W_]*\d{1,3}")
_DECORATION = "\"”“«»'’()[]*_`.,:;!?"

_before_figures, _times, _after_times = (frozenset(names.split()) for names in (_BEFORE_FIGURES, _TIMES, _AFTER_TIMES))


def _full_stop(previous: str, token: str, following: str) -> bool | None:
    """What the words around a full stop, itself not in `token`, say about it; None when they say nothing special."""
    word, after = (each.strip(_DECORATION).lower() for each in (token, following))
    if word in _before_figures:
        return not after[:1].isdigit()
    if word in _times:
        return after not in _after_times
    # "**1. Preheat the oven.**", "There are two steps: 1. Mix it."
    if _COUNT.fullmatch(token) and (not previous or previous.endswith(":")):
        return False
    # "J. A. Smith", though "A" opens many a sentence
    if _INITIAL.fullmatch(token) and following.endswith(".") and _INITIAL.fullmatch(following):
        return False
    return None


MARKS = SentenceMarks(
    inner=frozenset(_INNER.split()),
    closing=frozenset(("etc", "al")),
    titles=frozenset(_EITHER.split()),
    after_ordinal=(),
    ordinals=False,
    openers=frozenset(_OPENERS.split()),
    lettered=tuple(_LETTERED.split()),
    speech=frozenset(_SPEECH.split()),
    salutations=frozenset(("dear", "hi", "hello")),
    stop_closes_speech=True,
    full_stop=_full_stop,
)


def split(text: str) -> list[str]:
    """The sentences of the text, in order; the marks around a code block are none."""
    return split_sentences(_FENCE.sub("", text), MARKS)
