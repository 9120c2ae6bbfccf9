"""The dictionary words behind a word form: a list of usual words, and guesses by ending for all others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from ifeval_fi.languages.et.inflection import VOWELS, Noun, Verb, conjugate, decline, degrees, softened, weakened

_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Lexeme:
    """A dictionary word with its forms; `rare` ones count only where they belong to no other listed word."""

    word: str
    kind: str  # "noun", "verb", "name" or "fixed"
    forms: frozenset[str]
    rare: frozenset[str] = _NONE
    adjective: bool = False


def _lines(name: str) -> Iterator[str]:
    text = (files(__package__) / name).read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))


def _nouns() -> Iterator[tuple[str, Noun]]:
    vowel, kind = "", "noun"
    for line in _lines("nouns.txt"):
        if line in ("I", "U", "A", "E", "-", "N"):
            vowel = line.lower() if line in "IUAE" else ""
            kind = "name" if line == "N" else kind
            continue
        for entry in line.split():
            yield kind, (_with_vowel(entry, vowel) if vowel else _written_out(entry))


def _with_vowel(word: str, vowel: str) -> Noun:
    if _syllables(word) > 1:  # telefon: telefoni: telefone, kartul: kartulit: kartuleid, elevant: elevandi: elevante
        own = decline(Noun(word, word + vowel, f"{word}{vowel}t"))
        return Noun(word, weakened(word) + vowel, word + vowel, tuple(own))
    return Noun(word, weakened(word) + vowel, word + vowel)


def _written_out(entry: str) -> Noun:
    """A noun from nominative=genitive=partitive+/own,own."""
    body, _, own = entry.partition("/")
    degrees_too, body = body.endswith("+"), body.rstrip("+")
    word, genitive, partitive = (*body.split("="), "", "")[:3]
    genitive = genitive or word
    return Noun(word, genitive, partitive or word + genitive[-1], tuple(filter(None, own.split(","))), degrees_too)


def _verbs() -> Iterator[Verb]:
    for line in _lines("verbs.txt"):
        body, _, own = line.partition(" / ")
        word, infinitive, present, past, impersonal, active = body.split()
        yield Verb(word, infinitive, present, past, impersonal, active, tuple(own.split()))


@cache
def listed() -> dict[str, tuple[Lexeme, ...]]:
    """The listed words by their dictionary form."""
    found: dict[str, dict[Lexeme, None]] = {}
    for kind, noun in _nouns():
        found.setdefault(noun.word, {})[Lexeme(noun.word, kind, decline(noun), adjective=noun.degrees)] = None
    for verb in _verbs():
        found.setdefault(verb.word, {})[Lexeme(verb.word, "verb", conjugate(verb))] = None
    for line in _lines("fixed.txt"):
        word, *forms = line.split()
        found.setdefault(word, {})[Lexeme(word, "fixed", frozenset(forms))] = None
    return {word: tuple(lexemes) for word, lexemes in found.items()}


@cache
def _by_form() -> dict[str, tuple[Lexeme, ...]]:
    found: dict[str, list[Lexeme]] = {}
    for lexemes in listed().values():
        for lexeme in lexemes:
            for form in lexeme.forms:
                found.setdefault(form, []).append(lexeme)
    return {form: tuple(lexemes) for form, lexemes in found.items()}


def words_of(form: str) -> tuple[Lexeme, ...]:
    """The listed words that have this form."""
    return _by_form().get(form, ())


@lru_cache(maxsize=512)
def lexemes(word: str) -> tuple[Lexeme, ...]:
    """The words a keyword stands for: those it is the dictionary form of, or a form of, or may be by its ending."""
    own = listed().get(word, ())
    if own or word in _UNINFLECTED:
        return own or (Lexeme(word, "fixed", frozenset((word,))),)
    if found := words_of(word):
        return found
    return (_guessed(word), *(_guessed_verb(f"{stem}ma") for stem in _stems_of_infinitive(word)))


_UNINFLECTED = frozenset(
    """kuid aga ja ning et kui nagu ka vist muidugi paraku ära siis sest vaid ent ehk kas juba veel
    alati väga jah ei mitte nii siin seal täna homme eile nüüd kiiresti hästi halvasti ainult isegi samuti
    siiski küll inglise eesti vene saksa prantsuse soome rootsi läti leedu hiina jaapani""".split()
) - {"eesti", "soome", "rootsi", "läti"}


def _stems_of_infinitive(word: str) -> Iterator[str]:
    """kirjutada: kirjuta; not for words too short to be one."""
    if len(word) > 6 and word.endswith("da") and word[-3] in VOWELS:
        yield word[:-2]


def _syllables(word: str) -> int:
    return sum(1 for at, letter in enumerate(word) if letter in VOWELS and (at == 0 or word[at - 1] not in VOWELS))


def _guessed(word: str) -> Lexeme:
    """The word as its ending says it is inflected; everything an ending leaves open is rare."""
    if len(word) < 3 or not word.isalpha():
        return Lexeme(word, "noun", frozenset((word, *(word + ending for ending in ("i", "is", "ist", "ile", "iga")))))
    if word.endswith("ma") and len(word) > 4:
        verb = _guessed_verb(word)
        return Lexeme(word, "verb", verb.forms, decline(Noun(word, word, f"{word}t")) | verb.rare)
    tail = _compound_tail(word)
    if tail is not None:
        begin, last = tail
        forms = frozenset(begin + form for lexeme in last for form in lexeme.forms)
        return Lexeme(word, "noun", forms)
    forms, rare = _by_ending(word)
    return Lexeme(word, "noun", forms | {word}, rare, adjective=word.endswith(("lik", "ne", "tu", "v")))


def _compound_tail(word: str) -> tuple[str, tuple[Lexeme, ...]] | None:
    """The listed noun that a compound ends with: söögi|kord."""
    derived = word.endswith(("us", "ne", "ja", "lik", "nik", "kas", "is", "ist", "tu", "ring"))
    for at in range(3, len(word) - (4 if derived else 2)):
        last = tuple(each for each in listed().get(word[at:], ()) if each.kind == "noun")
        if last and (len(word) - at > 3 or at > 3):
            return word[:at], last
    return None


_ENDINGS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    # the nominative's ending, then genitive, partitive and plural partitives in its place
    ("line", "lise", "list", ("lisi",)),
    ("ne", "se", "st", ("si", "seid")),
    ("ke", "kese", "kest", ("kesi",)),
    ("us", "use", "ust", ("usi", "useid")),
    ("is", "ise", "ist", ("isi", "iseid")),
    ("os", "osi", "ost", ("oseid",)),
    ("kas", "ka", "kat", ("kaid",)),
    ("jas", "ja", "jat", ("jaid",)),
    ("as", "a", "ast", ("aid",)),
    ("lik", "liku", "likku", ("likke", "like")),
    ("nik", "niku", "nikku", ("nikke", "nike")),
    ("ik", "iku", "ikut", ("ikuid", "ikku", "ikke", "ike")),
    ("ing", "ingu", "ingut", ("inguid",)),
    ("eng", "engu", "engut", ("enguid",)),
    ("tud", "tud", "tud", ()),
    ("nud", "nud", "nud", ()),
    ("av", "ava", "avat", ("avaid",)),
    ("ev", "eva", "evat", ("evaid",)),
    ("uv", "uva", "uvat", ("uvaid",)),
    ("sm", "smi", "smi", ("sme",)),
)


def _by_ending(word: str) -> tuple[frozenset[str], frozenset[str]]:
    long = _syllables(word) > 1
    for nominative, genitive, partitive, plurals in _ENDINGS if long else ():
        if word.endswith(nominative) and len(word) > len(nominative) + 1:
            stem = word[: -len(nominative)]
            noun = Noun(word, stem + genitive, stem + partitive, tuple(stem + plural for plural in plurals))
            return decline(noun), degrees(word, noun.genitive)
    if word[-1] in VOWELS:
        sure = decline(Noun(word, word, f"{word}t")) | decline(Noun(word, word, word))
        rare = set(decline(Noun(word, f"{word}da", f"{word}dat"))) if word.endswith("e") else set()
        if word[-2] in "kpt" and word.endswith("e"):  # võte: võtte
            rare |= decline(Noun(word, f"{word[:-1]}{word[-2]}e", f"{word}t"))
        return sure, frozenset(rare) | (degrees(word, word) if long else _NONE)
    sure = decline(_with_vowel(word, "i"))
    rare = set(sure).union(*(decline(_with_vowel(word, vowel)) for vowel in "uae"))
    if long and word[-2] in "eaiu" and word[-1] in "lrnm":  # artikkel: artikli
        stem = word[:-2]
        for short in {stem + word[-1], stem.removesuffix(stem[-1]) + word[-1] if stem[-2:-1] == stem[-1] else stem}:
            for vowel in "iaue":
                rare |= decline(Noun(word, short + vowel, f"{word}t"))
                rare |= decline(Noun(word, short + vowel, f"{short}{vowel}t"))
    if not long and softened(word) != word:  # pihk: pihu
        for vowel in "iaue":
            rare |= decline(Noun(word, softened(word) + vowel, word + vowel))
    for vowel in "aue":
        rare |= degrees(word, weakened(word) + vowel)
    return sure, frozenset(rare - sure)


def _guessed_verb(word: str) -> Lexeme:
    stem = word[:-2]
    if stem[-1] not in VOWELS:
        infinitive = f"{stem}{'t' if stem[-1] in 'tksp' else 'd'}a".replace("tta", "ta")
        found = [
            conjugate(
                Verb(
                    word, infinitive, weakened(stem) + vowel, f"{stem}is", f"{weakened(stem)}{middle}tud", f"{stem}nud"
                )
            )
            for vowel, middle in zip("aeiu", ("e", "e", "i", "u"), strict=True)
        ]
        return Lexeme(word, "verb", found[0], frozenset().union(*found))
    regular = Verb(word, f"{stem}da", stem, f"{stem}s", f"{stem}tud", f"{stem}nud")
    weak = weakened(stem[:-1]) + stem[-1]
    graded = Verb(word, f"{stem}da", weak, f"{stem}s", f"{weak}tud", f"{stem}nud")
    rare = set(conjugate(graded))
    soft = softened(stem[:-1]) + stem[-1]
    rare |= conjugate(Verb(word, f"{stem}da", soft, f"{stem}s", f"{soft}tud", f"{stem}nud"))
    if stem.endswith("a"):  # hüppama: hüpata, hüpanud
        rare |= conjugate(Verb(word, f"{weak}ta", stem, f"{stem}s", f"{weak}tud", f"{weak}nud"))
    if stem.endswith("le") and len(stem) > 4:  # vestlema: vestelda, vaidlema: vaielda
        for root in {f"{weak}el" for weak in (weakened(stem[:-2]), softened(stem[:-2]))}:
            rare |= conjugate(Verb(word, f"{root}da", stem, f"{stem}s", f"{root}dud", f"{root}nud"))
    return Lexeme(word, "verb", conjugate(regular), frozenset(rare))
