"""The inflected forms of Danish words: by the class a word is listed in, else by its ending."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# What a form can be in a sentence: an indefinite or a definite noun; an infinitive, a finite verb, an imperative,
# a participle with an auxiliary or as an adjective; an adjective,
# its form in -e, which attributive participles have too; any other word.
NOUN, DEFINITE, INFINITIVE, FINITE, IMPERATIVE, PARTICIPLE, PARTICIPIAL, ADJECTIVE, E_FORM, OTHER = "NDIFMPTAEO"
VOWELS = "aeiouyæøå"
_DOUBLED = re.compile(r"([bdfgklmnprst])\1$")
_SIBILANT = ("s", "x", "z")


@dataclass(frozen=True)
class Lexeme:
    """A dictionary word with its forms, each with what it can be in a sentence."""

    word: str
    kind: str
    forms: dict[str, str]
    guessed: bool = False


class _Forms(dict[str, str]):
    """Forms and their roles, gathered."""

    def put(self, forms: Iterable[str], role: str) -> None:
        for form in forms:
            if role not in self.get(form, ""):
                self[form] = self.get(form, "") + role

    def put_noun(self, forms: Iterable[str], role: str) -> None:
        """Forms with their genitives (kattens, hus, kids')."""
        for form in forms:
            self.put((form,) if form.endswith(_SIBILANT) else (form, form + "s"), role)


def single(stem: str) -> str:
    """The stem without a doubled last consonant (spill-, spil)."""
    return stem[:-1] if _DOUBLED.search(stem) else stem


def _shortened(word: str) -> str:
    """The stem of a word that drops its last e (cykel, cykl-; gaffel, gafl-; sikker, sikr-)."""
    return single(word[:-2]) + word[-1]


def listed_noun(base: list[str], definite: list[str], plural: list[str], plural_definite: list[str]) -> dict[str, str]:
    """The forms of a noun that is listed with all of them."""
    forms = _Forms()
    forms.put_noun([*base, *plural], NOUN)
    forms.put_noun([*definite, *plural_definite], DEFINITE)
    return forms


def noun(word: str, genders: Iterable[str], plurals: Iterable[str], doubled: Iterable[bool]) -> dict[str, str]:
    """The forms of a noun with these articles (en, et), plural endings (er, e, 0, s) and ways to write its stem."""
    forms = _Forms()
    forms.put_noun((word,), NOUN)
    stems = {word + word[-1] if double else word for double in doubled}
    if word.endswith(("el", "en")) and len(word) > 4:
        stems.add(_shortened(word))
    for gender in genders:
        ends = {word + gender[1]} if word.endswith("e") else {stem + gender for stem in stems}
        if word.endswith("um"):
            ends |= {word[:-2] + gender, word + "met"}
        forms.put_noun(ends, DEFINITE)
    for plural in plurals:
        forms.put_noun(_plural(word, stems, plural), NOUN)
        forms.put_noun(_plural_definite(word, stems, plural), DEFINITE)
    return forms


def _plural(word: str, stems: set[str], ending: str) -> set[str]:
    if ending == "0":
        return {word}
    if ending == "s":
        return {word + "s"}
    if word.endswith("e"):
        return {word + "r"}
    if word.endswith("um") and ending == "er":
        return {word[:-2] + "er", word + "mer"}
    return {stem + ending for stem in stems}


def _plural_definite(word: str, stems: set[str], ending: str) -> set[str]:
    if ending in ("0", "s"):
        return {word + "ne"} if word.endswith("e") else {stem + "ene" for stem in stems}
    if ending == "e" and word.endswith("er"):
        return {word + "ne"}
    return {form + "ne" for form in _plural(word, stems, ending)}


def listed_verb(
    infinitive: str, present: list[str], past: list[str], participle: list[str], imperative: list[str]
) -> dict[str, str]:
    """The forms of a verb that is listed with its principal parts."""
    forms = _Forms()
    forms.put((infinitive,), INFINITIVE)
    forms.put([*present, *past], FINITE)
    forms.put(imperative, IMPERATIVE)
    # "drukket" goes with an auxiliary, "drukne" before a noun
    forms.put([form for form in participle if not form.endswith("e")], PARTICIPLE + PARTICIPIAL)
    forms.put([form for form in participle if form.endswith("e")], E_FORM)
    if infinitive.endswith("s"):
        return forms
    if all(form.endswith("ede") for form in past):
        forms.put(past, E_FORM)
    forms.put((infinitive + "s",), INFINITIVE + FINITE)
    forms.put((form + ("s" if form.endswith("e") else "es") for form in past), FINITE)
    # "tage, tagende" but "se, seende" and "gå, gående", whose last vowel is that of the stem
    stressed = not infinitive.endswith("e") or not any(vowel in infinitive[:-1] for vowel in VOWELS)
    forms.put((infinitive + ("ende" if stressed else "nde"),), E_FORM + ADJECTIVE)
    return forms


def verb(word: str, pasts: Iterable[str]) -> dict[str, str]:
    """The forms of a weak verb with these endings of the past (ede, te)."""
    stem = word[:-1] if word.endswith("e") else word
    short = single(stem)
    past, participle = [], []
    for ending in pasts:
        past.append((short if ending == "te" else stem) + ending)
        participle += [stem + "et"] if ending == "ede" else [short + "t", short + "te"]
    return listed_verb(word, [word + "r"], past, participle, [short, stem])


def listed_adjective(
    base: list[str], neuter: list[str], plural: list[str], comparative: list[str], superlative: list[str]
) -> dict[str, str]:
    """The forms of an adjective that is listed with all of them."""
    forms = _Forms()
    forms.put([*base, *neuter], ADJECTIVE)
    forms.put(comparative, ADJECTIVE + E_FORM)
    forms.put([form for form in superlative if not form.endswith("e")], ADJECTIVE)
    ends = [*plural, *(form for form in superlative if form.endswith("e"))]
    forms.put(ends, E_FORM)
    forms.put((form + "s" for form in ends if form.endswith("e")), E_FORM)
    return forms


def adjective(word: str, way: str = "", double: bool = False) -> dict[str, str]:
    """The forms of an adjective; `way` is "e" when it drops an e, "ede" in -et, "0" when it has one form.

    Those of peoples ("sk") have no degrees: "danskere" is a noun.
    """
    if way == "0":
        return listed_adjective([word], [], [], [], [])
    if way == "sk":
        return listed_adjective([word], [], [word + "e"], [], [])
    stem = word + word[-1] if double else _shortened(word) if way == "e" else word[:-1] + "d" if way == "ede" else word
    neuter = word if word.endswith(("t", "e", "i", "u")) else word + "t"
    plural = stem + ("" if stem.endswith("e") else "e")
    superlative = word + "st" if word.endswith(("ig", "som")) and len(word) > 3 else plural + "st"
    return listed_adjective([word], [neuter], [plural], [plural + "re"], [superlative, superlative + "e"])


_ADJECTIVAL = ("ig", "sk", "som", "bar", "løs", "fuld", "agtig", "iv", "ent", "ant", "bel", "ær", "ode", "ende", "et")
_IN_ER = ("hed", "ing", "ion", "tet", "skab", "ik", "ist", "ør", "ant", "ent", "log", "ur", "i", "um", "at", "or")
_NEUTER = ("skab", "um", "eri", "ment", "at", "em", "gram")


def guessed(word: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Kind and forms of a word that is in no list, for each kind its ending allows."""
    if len(word) < 3 or not word.isalpha():
        yield "noun", noun(word, ("en", "et"), ("er", "0") if len(word) > 1 else ("er",), (False,))
        return
    if word.endswith("et") and len(word) > 5:
        yield "adjective", adjective(word, "ede")
    elif word.endswith(_ADJECTIVAL):
        yield "adjective", adjective(word, "0" if word.endswith("ende") else "", word.endswith("som"))
        if not word.endswith(("ent", "ant", "iv")):
            return
    if word.endswith("e"):
        yield "noun", noun(word, ("en", "et"), ("er",), (False,))
        if not word.endswith(("else", "inde")):
            yield "verb", verb(word, ("ede", "te"))
    elif word.endswith(_IN_ER):
        genders = ("en", "et") if word.endswith(_NEUTER) else ("en",)
        yield "noun", noun(word, genders, ("er", "e") if word.endswith("ing") else ("er",), (False,))
    elif word.endswith("er"):
        yield "noun", noun(word, ("en", "et"), ("e", "er"), (False,))
        yield "adjective", adjective(word, "e")
    else:
        twice = {False, word[-1] in "bdfgklmnprst" and word[-2] in VOWELS}
        yield "noun", noun(word, ("en", "et"), ("er", "e", "0", "s"), twice)
