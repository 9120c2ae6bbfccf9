"""The Swedish dictionary words a form can belong to: listed in `words.txt`, formed like a listed one, or guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files

from ifeval_fi.languages.sv.inflection import TELLING, guesses, paradigm, with_genitive

_SHORTEST_TAIL = 3


@dataclass(frozen=True)
class Lexeme:
    """A dictionary word: `part` is n, v, a or x (adverbs, pronouns and other small words); `listed` if not guessed."""

    word: str
    part: str
    forms: frozenset[str] = field(repr=False)
    listed: bool = True


# What stands before a verb or an adjective to make another one (avbryta, inse, oklar).
_PREFIXES = frozenset(
    """
    an av be bi bort e efter er fort fram från för före genom hem igen igång ihop in inne isär kring kvar lös
    med miss mot ned ner o om pre på re sam samman sär till tillbaka um und under upp ur ut van veder vid å åter
    över
    """.split()
)
# Deponents with an entry of their own: their forms are no s-passive of the verb.
_DEPONENTS = frozenset("finna hoppa syna tycka lycka minna skämma kräka åldra brotta envisa svetta känna".split())


@cache
def _listed() -> Mapping[str, tuple[Lexeme, ...]]:
    """The listed words' lexemes by dictionary form."""
    found: dict[str, dict[str, set[str]]] = {}
    kind = ""
    for line in files(__package__).joinpath("words.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            kind = line.strip("[]")
        elif line and not line.startswith("#"):
            words = line.split()
            if kind in ("nx", "vx", "ax"):
                entry = found.setdefault(words[0], {}).setdefault(kind[0], set())
                entry |= _irregular(words, kind)
            else:
                for word in words:
                    entry = found.setdefault(word, {}).setdefault(kind[0], set())
                    entry |= paradigm(word, kind)
    return {
        word: tuple(Lexeme(word, part, frozenset(_own(word, part, forms))) for part, forms in parts.items())
        for word, parts in found.items()
    }


def _irregular(words: list[str], kind: str) -> set[str]:
    """The forms of a word whose line lists them; what follows from them is added."""
    if kind == "nx":
        return with_genitive(set(words))
    forms = set(words)
    if kind == "ax":
        forms |= {form + "s" for form in words if form.endswith("a") and len(form) > 3}
    if kind == "vx":
        infinitive = words[0]
        forms |= _passives(words[:3]) | {form + "s" for form in words[3:4] if form.endswith("t")}
        if infinitive.endswith("a"):
            forms |= {infinitive + "s", infinitive[:-1] + "ande"}
            if len(infinitive) > 3 and len(words) > 3 and words[2].endswith("de") and words[1].endswith("ar"):
                forms |= set(paradigm(infinitive, "v1"))
        forms |= {form[:-2] + "ne" for form in words if form.endswith("na") and len(form) > 4 and form != infinitive}
    return forms


def _passives(principal: list[str]) -> set[str]:
    """The s-passives of infinitive, present and past: skriva, skriver, skrev: skrivas, skrivs, skrevs."""
    found = set()
    for form in principal:
        if not form.endswith("s"):
            stem = form.removesuffix("er") if len(form) > 3 else form
            found |= {stem + "s", form.removesuffix("r") + "s"} if form is not principal[0] else {form + "s"}
    return found


def _own(word: str, part: str, forms: set[str]) -> set[str]:
    if part == "v" and word in _DEPONENTS:
        return {form for form in forms if not form.endswith("s")}
    return forms


@cache
def _readings() -> Mapping[str, tuple[Lexeme, ...]]:
    """The listed lexemes by form."""
    found: dict[str, list[Lexeme]] = {}
    for each in _listed().values():
        for lexeme in each:
            for form in lexeme.forms:
                found.setdefault(form, []).append(lexeme)
    return {form: tuple(each) for form, each in found.items()}


def readings(form: str) -> tuple[Lexeme, ...]:
    """The listed dictionary words that the form, in small letters, can belong to."""
    return _readings().get(form, ())


@lru_cache(maxsize=1024)
def lexemes(word: str, *, name: bool = False) -> tuple[Lexeme, ...]:
    """The dictionary words that a keyword, in small letters, stands for; `name` when it is written as a name.

    A word that is not listed is inflected like the listed word it ends in (bergstopp like topp), else by its ending.
    """
    if found := _listed().get(word):
        return found
    if name or len(word) < 2 or not word.isalpha():
        return (Lexeme(word, "n", frozenset(with_genitive([word])), listed=False),)
    found = tuple(each for each in readings(word) if not _is_request(word, each))
    return found or tuple(_like_a_listed_word(word)) or tuple(_guessed(word))


def _is_request(word: str, lexeme: Lexeme) -> bool:
    """Whether the word is the verb's imperative: as a keyword rather a noun that is not listed (knäck, spring)."""
    return lexeme.part == "v" and word == lexeme.word[:-1]


def _like_a_listed_word(word: str) -> Iterator[Lexeme]:
    """Compounds and prefixed words: the longest listed word that the word ends in, if its inflection says something."""
    if word.endswith(TELLING) and not word.endswith("fisk"):  # nordisk, but tonfisk
        return
    if word[0] == "o" and any(each.part == "v" for each in readings(word[1:])):  # oförändrad
        yield Lexeme(word, "a", paradigm(word, "a"), listed=False)
        return
    for at in range(1, len(word) - 1):
        front, tail = word[:at], word[at:]
        found = [each for each in _listed().get(tail, ()) if each.part != "x" and len(each.forms) > 2]
        if len(tail) <= _SHORTEST_TAIL:
            short = "v" if front in _PREFIXES else "n" if len(tail) == _SHORTEST_TAIL else ""
            found = [each for each in found if each.part == short]
        elif at == 1 and front not in _PREFIXES:
            found = []
        if found:
            for lexeme in found:
                yield Lexeme(word, lexeme.part, frozenset(front + form for form in lexeme.forms), listed=False)
            return


def _guessed(word: str) -> Iterator[Lexeme]:
    forms: dict[str, set[str]] = {}
    for kind in guesses(word):
        forms.setdefault(kind[0], set()).update(paradigm(word, kind))
    for part, each in forms.items():
        yield Lexeme(word, part, frozenset(each), listed=False)
