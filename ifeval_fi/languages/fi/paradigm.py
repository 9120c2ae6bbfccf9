"""Forms with their names: the cases of a nominal, and the passive and second person of a verb."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from ifeval_fi.languages.fi.inflection import harmonies, stems, strengthen_closed
from ifeval_fi.languages.fi.lexicon import Lexeme, dictionary_words, headword, possessed_words
from ifeval_fi.languages.fi.verbs import Verb, verbs

Case = Literal[
    "nominatiivi", "genetiivi", "partitiivi", "essiivi", "translatiivi", "inessiivi", "elatiivi", "illatiivi",
    "adessiivi", "ablatiivi", "allatiivi", "abessiivi", "komitatiivi", "instruktiivi",
]  # fmt: skip
Number = Literal["yksikkö", "monikko"]
_ENDINGS = {
    "translatiivi": "ksi", "inessiivi": "ssA", "elatiivi": "stA", "adessiivi": "llA", "ablatiivi": "ltA",
    "allatiivi": "lle", "abessiivi": "ttA",
}  # fmt: skip
_POSSESSIVES = ("ni", "si", "nsA", "mme", "nne")


@lru_cache(maxsize=512)
def case_forms(word: str, case: Case, number: Number) -> frozenset[str]:
    """The word's forms in this case and number, with and without a possessive suffix; empty for no listed nominal."""
    found: set[str] = set()
    for lexeme in headword(word):
        if lexeme.kind <= 49:
            found |= _case_forms(lexeme, case, number)
    return frozenset(found)


def _case_forms(lexeme: Lexeme, case: Case, number: Number) -> set[str]:
    word, kind, grade, _, head = lexeme
    if head:
        return {head + form for form in _case_forms(Lexeme(word[len(head) :], kind, grade), case, number)}
    found: set[str] = set()
    for harmony in harmonies(word):
        for each_word, each_kind, each_grade in _declensions(word, kind, grade):
            bare, hosts = _named(each_word, each_kind, each_grade, harmony, case, number)
            found.update(bare)
            for host in hosts:
                found.update(host + suffix.replace("A", harmony) for suffix in _POSSESSIVES)
                if host[-1] != host[-2:-1] and case not in ("nominatiivi", "genetiivi", "illatiivi"):
                    found.add(host + host[-1] + "n")  # kadullaan
    return found


def _declensions(word: str, kind: int, grade: str) -> list[tuple[str, int, str]]:
    """A nominal of type 49 (kyynel) inflects two ways."""
    if kind != 49:
        return [(word, kind, grade)]
    base = word.removesuffix("e")
    strong = strengthen_closed(base, grade) if grade else base
    return [(base, 32, grade), (strong + "e", 48, "")]


def _named(word: str, kind: int, grade: str, harmony: str, case: Case, number: Number) -> tuple[list[str], list[str]]:
    """The case's forms without a possessive suffix, and what a suffix may be added to."""
    of = stems(word, kind, grade, harmony)
    one = number == "yksikkö"
    weak, strong = ([of.singular], [of.essive]) if one else (of.plurals, of.plural_essives)
    if case == "nominatiivi":
        return ([word] if one else [of.singular + "t"]), [of.essive]
    if case == "genetiivi":
        return ([of.singular + "n"], [of.essive]) if one else (of.genitives, [each[:-1] for each in of.genitives])
    if case == "partitiivi":
        return (of.partitive, of.partitive) if one else (of.partitives, of.partitives)
    if case == "illatiivi":
        found = of.illative if one else of.illatives
        return found, [each[:-1] for each in found]
    if case == "essiivi":
        found = [each + "n" + harmony for each in strong]
        return found, found
    if case == "komitatiivi":
        return [], [each + "ne" for each in of.plural_essives]
    if case == "instruktiivi":
        return ([] if one else [each + "n" for each in of.plurals]), []
    found = [each + _ENDINGS[case].replace("A", harmony) for each in weak]
    hosts = [each[:-1] + "e" for each in found] if case == "translatiivi" else found
    return found, hosts


@lru_cache(maxsize=2048)
def readings(form: str) -> tuple[Lexeme, ...]:
    """The listed words that a form in small letters can be of, its own dictionary form included."""
    return (*headword(form), *dictionary_words(form))


def is_nominal(form: str) -> bool:
    """Whether the form can be of a noun, adjective, pronoun or numeral."""
    return any(lexeme.kind <= 50 for lexeme in readings(form))


def has_possessive(form: str) -> bool:
    """Whether the form has a possessive suffix (autoni, kadullaan) and is no plain form of another word."""
    ending = form.endswith(("ni", "si", "nsa", "nsä", "mme", "nne")) or (
        form[-1:] == "n" and form[-3:-2] == form[-2:-1]
    )
    return ending and not readings(form) and bool(possessed_words(form))


def _verbs_of(form: str) -> list[Verb]:
    return [
        verb for lexeme in readings(form) if lexeme.kind > 51 and lexeme.kind < 99
        for verb in verbs(lexeme.word.removeprefix(lexeme.head), lexeme.kind, lexeme.grade)
    ]  # fmt: skip


def is_passive(form: str) -> bool:
    """Whether the form is a finite passive: tehdään, tehtiin, tehtäisiin, tehtäneen, tehtäköön."""
    if not form.endswith(("aan", "ään", "iin", "een", "oon", "öön")):
        return False
    for verb in _verbs_of(form):
        a = verb.infinitive[-1]
        o = "o" if a == "a" else "ö"
        past = verb.passive_past
        if form.endswith(
            (verb.passive + a + "n", past + "iin", past + a + "isiin", past + a + "neen", f"{past}{a}k{o}{o}n")
        ):
            return True
    return False


def is_passive_participle(form: str) -> bool:
    """Whether the form is tehty, sanottu or the like, which with *olla* makes the perfect passive."""
    return form.endswith(("tu", "ty")) and any(
        form.endswith(verb.passive_past + ("u" if verb.infinitive[-1] == "a" else "y")) for verb in _verbs_of(form)
    )


def is_connegative_passive(form: str) -> bool:
    """Whether *ei* before the form makes the negative passive: (ei) tehdä, sanota."""
    return form.endswith(("a", "ä")) and any(form.endswith(verb.passive) for verb in _verbs_of(form))


def second_person(form: str) -> Literal["te", "sinä"] | None:
    """The second person whose verb form this is (tulette, tulkaa; tulet, tulisit), unless it may be a nominal."""
    if form.endswith(("tte", "kaa", "kää")):
        for verb in _verbs_of(form):
            stems_ = (verb.weak, *verb.past_weak, *verb.conditional)
            if form.endswith(tuple(stem + "tte" for stem in stems_)) or form.endswith(
                verb.imperative + "k" + form[-1] * 2
            ):
                return "te"
    if form.endswith("t") and not is_nominal(form):
        for verb in _verbs_of(form):
            if form.endswith(tuple(stem + "t" for stem in (verb.weak, *verb.past_weak, *verb.conditional))):
                return "sinä"
    return None


def is_imperative(form: str) -> bool:
    """Whether the form is a singular imperative (muista, tule) and no nominal."""
    return not is_nominal(form) and any(form.endswith(verb.weak) for verb in _verbs_of(form))
