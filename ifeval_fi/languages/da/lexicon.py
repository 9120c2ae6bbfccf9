"""Danish dictionary words: those listed in lexicon.txt and irregular.txt, compounds of them, and guesses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files

from ifeval_fi.languages.da.inflection import (
    IMPERATIVE,
    OTHER,
    Lexeme,
    adjective,
    guessed,
    listed_adjective,
    listed_noun,
    listed_verb,
    noun,
    verb,
)

_PREFIXES = frozenset(
    """
    af an aner be bi bort del ef efter er for fore forbi frem fra gen gennem hen hjem imod ind indad med mis mod
    ned om op over på sam sammen til tilbage u ud uddan und under unde ved vel vider videre å
""".split()
)
# Verbs that nouns and adjectives go before, too (offentliggøre, rådgive).
_OPEN_TO_NOUNS = frozenset(
    """
    gøre sætte tage give holde kende stille sige lægge føre bringe finde gå skrive bære
""".split()
)
# Closed-class words: a form that looks like one of these is hardly a form of another word.
FUNCTION_WORDS = frozenset(
    """
    af at ad bag da de den der det dig du efter eller en end er et for fordi fra før først ham han hans har have
    havde hen her hun hvad hvem hver hvis hvor i ikke ind jeg jo kan kun kunne lige man med men mens mere mest
    mig min mit mod må når ned nok nu og også om omkring op os over på samt meget selv siden sig sin sit skal
    skulle som så til ud uden under var ved vi vil ville vor være væk da bare trods mellem inden både enten ene
    dem dens dets hos ret ifølge langs via hvert mange få alle alt al nogen noget nogle ingen intet andet anden
    andre bort
""".split()
)


@cache
def listed() -> Mapping[str, tuple[Lexeme, ...]]:
    """The listed words, by dictionary form."""
    found: dict[tuple[str, str], Lexeme] = {}
    for head, lexeme in (*_regular(), *_irregular()):
        known = found.get((head, lexeme.kind))
        found[head, lexeme.kind] = _joined(known, lexeme) if known else lexeme
    by_word: dict[str, tuple[Lexeme, ...]] = defaultdict(tuple)
    for (head, _), lexeme in found.items():
        by_word[head] += (lexeme,)
    return dict(by_word)


def _joined(one: Lexeme, other: Lexeme) -> Lexeme:
    forms = dict(one.forms)
    for form, roles in other.forms.items():
        forms[form] = "".join(dict.fromkeys(forms.get(form, "") + roles))
    return Lexeme(one.word, one.kind, forms)


@cache
def by_form() -> Mapping[str, tuple[Lexeme, ...]]:
    """The listed words, by each of their forms."""
    found: dict[str, tuple[Lexeme, ...]] = defaultdict(tuple)
    seen: set[tuple[str, str]] = set()
    for lexemes in listed().values():
        for lexeme in lexemes:
            if (lexeme.word, lexeme.kind) not in seen:
                seen.add((lexeme.word, lexeme.kind))
                for form in lexeme.forms:
                    found[form] += (lexeme,)
    return dict(found)


def _lines(name: str) -> Iterator[tuple[list[str], list[str]]]:
    """The words of each line, with those of the heading it stands under."""
    heading: list[str] = []
    for line in files(__package__).joinpath(name).read_text(encoding="utf-8").splitlines():
        words = line.split()
        if line.startswith("="):
            heading = words[1:]
        elif words and not line.startswith("#"):
            yield heading, words


def _regular() -> Iterator[tuple[str, Lexeme]]:
    for (kind, *classes), entries in _lines("lexicon.txt"):
        for entry in entries:
            head, _, way = entry.replace("+", "").partition("=")
            if way != "x":
                yield head, Lexeme(head, kind, _class_forms(head, kind, classes, way, "+" in entry))


def _class_forms(head: str, kind: str, classes: list[str], way: str, double: bool) -> dict[str, str]:
    if kind == "verb":
        return verb(head, (way or classes[0],))
    if kind == "adjective":
        return adjective(head, way, double)
    gender, plural = classes
    return noun(head, (gender,), (way or plural,), (double,))


def _irregular() -> Iterator[tuple[str, Lexeme]]:
    for (kind,), fields in _lines("irregular.txt"):
        parts = [[form for form in part.split("/") if form != "-"] for part in fields]
        if kind == "word":
            forms = dict.fromkeys(fields, OTHER)
        elif kind == "verb":
            forms = listed_verb(fields[0], *parts[1:])
        else:
            forms = (listed_noun if kind == "noun" else listed_adjective)(*parts)
        for head in parts[0]:
            yield head, Lexeme(parts[0][0], kind, forms)


@lru_cache(maxsize=512)
def lexemes(word: str) -> tuple[Lexeme, ...]:
    """The dictionary words that a keyword (in small letters, without accents) can stand for.

    A word listed under that form; else one it is an inflected form of; else a compound of a listed word; else guesses.
    """
    if found := listed().get(word):
        return found
    # A noun that is spelled like the imperative of a listed verb (hyl) is rather that noun.
    if found := tuple(each for each in by_form().get(word, ()) if each.forms[word] != IMPERATIVE):
        return found
    if found := _compounds(word):
        return found
    return tuple(Lexeme(word, kind, forms, guessed=True) for kind, forms in guessed(word))


def _compounds(word: str) -> tuple[Lexeme, ...]:
    """The word as a prefix or a first part before the longest listed word it can end in (vagthund, opstå)."""
    for start in range(1, len(word) - 1):
        first, last = word[:start], word[start:]
        found = tuple(
            Lexeme(first + lexeme.word, lexeme.kind, {first + form: roles for form, roles in lexeme.forms.items()})
            for lexeme in listed().get(last) or by_form().get(last, ())
            if _compounds_with(first, last, lexeme)
        )
        if found:
            return found
    return ()


def _compounds_with(first: str, last: str, lexeme: Lexeme) -> bool:
    if lexeme.kind == "verb":
        return lexeme.word == last and (first in _PREFIXES or (last in _OPEN_TO_NOUNS and len(first) > 2))
    if len(first) < 3 or len(last) < (4 if last.endswith("e") else 3):
        return False
    return lexeme.kind == "noun" or (lexeme.kind, lexeme.word) == ("adjective", last)
