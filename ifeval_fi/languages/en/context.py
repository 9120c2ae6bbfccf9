"""Which dictionary word a form is at its place, where it may be one of two: "she leaves", "green leaves".

Only the two words before and the one after are looked at; where they do not tell, both words are said.
"""

from __future__ import annotations

import re

from ifeval_fi.languages.en.inflection import listed

_NEAR = 60
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
# No phrase goes across these marks.
_CLAUSE = re.compile(r"[.,;:!?()\n\"“”]")
_DETERMINERS = frozenset(
    "a an the this these those my your his its our their each every another some any no one two three four five six "
    "seven eight nine ten many few several".split()
)
_POSSESSED = ("'s", "’s", "s'", "s’")
_PREPOSITIONS = frozenset("of in on with without from under by like into through between behind among near".split())
_SUBJECTS = frozenset(
    "i you he she it we they who which everyone everybody someone somebody nobody never always often just to".split()
)
_OBJECTS = frozenset(
    "me him us them you it myself himself herself itself ourselves themselves her my your his its our their the a an "
    "this these those everyone everybody people".split()
)
_DEGREES = frozenset(
    "very so too more most how quite really pretty rather as less least truly highly extremely".split()
)
_HAVE = frozenset("have has had having i've you've we've they've".split())


def word_at(text: str, start: int, end: int) -> str | None:
    """The dictionary word that the form between these places is; None where it is but a form, or one cannot tell."""
    form = text[start:end].casefold()
    if form in listed("other words"):
        return form
    pair = listed("homographs").get(form)
    if pair is None and form not in listed("own adjectives") and form not in listed("own nouns"):
        return None
    before = [word.casefold() for word in _WORD.findall(_CLAUSE.split(text[max(0, start - _NEAR) : start])[-1])[-2:]]
    last = before[-1] if before else ""
    following = _WORD.match(text[end : end + _NEAR].lstrip(" "))
    after = following[0].casefold() if following else ""
    if pair:
        noun, verb = pair
        if _is_noun(before) or last in _PREPOSITIONS:
            return noun
        return verb if last in _SUBJECTS or after in _OBJECTS else None
    if form in listed("own nouns"):
        return form if _is_noun(before) and after not in _OBJECTS else None
    acts = after in _OBJECTS and last not in _DEGREES
    return None if acts or (form.endswith("ed") and last in _HAVE | _SUBJECTS) else form


def _is_noun(before: list[str]) -> bool:
    """Whether a determiner, perhaps with an adjective, stands before: "the leaves", "Ann's red rose"."""
    if before and before[-1] in listed("adjectives"):
        before = before[:-1]
    return bool(before) and (before[-1] in _DETERMINERS or before[-1].endswith(_POSSESSED))
