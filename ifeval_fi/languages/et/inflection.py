"""Every inflected form of an Estonian word from its key forms: cases, degrees, persons, tenses, participles."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

VOWELS = "aeiouõäöü"
_CASES = ("s", "st", "l", "lt", "le", "ks", "ni", "na", "ta", "ga")
_PERSONS = ("n", "d", "b", "me", "te", "vad")
# The vowel of kalu, pesi, koeri beside the genitive's a, by the vowel of the first syllable.
_PLURAL_VOWELS = {"a": "u", "õ": "u", "i": "ui", "e": "iu", "o": "i", "u": "ie", "ä": "i", "ü": "i", "ö": "i"}
_PLURAL_OF = {"i": "e", "u": "e", "e": "i"}


@dataclass(frozen=True)
class Noun:
    """A declined word by its nominative, genitive and partitive; `own` are forms that no rule gives."""

    word: str
    genitive: str
    partitive: str
    own: tuple[str, ...] = ()
    degrees: bool = False


@dataclass(frozen=True)
class Verb:
    """A verb by its ma- and da-infinitive, present, past, impersonal and -nud participle, the stems of all others."""

    word: str
    infinitive: str
    present: str
    past: str
    impersonal: str
    active: str
    own: tuple[str, ...] = ()


def weakened(stem: str) -> str:
    """The stem in the weak grade as far as only its length changes: kapp, kott, park, poiss."""
    if len(stem) > 2 and stem[-1] in "kpt":
        if stem[-2] == stem[-1]:
            return stem[:-1]
        if stem[-2] in f"{VOWELS}lrnm" and (stem[-2] not in VOWELS or stem[-3] in VOWELS):
            return stem[:-1] + {"k": "g", "p": "b", "t": "d"}[stem[-1]]
    if stem.endswith("ss") and len(stem) > 3 and (stem[-3] not in VOWELS or stem[-4] in VOWELS):  # poiss, kurss
        return stem[:-1]
    return stem


_SOFTENED = {
    **{"nd": "nn", "ld": "ll", "rd": "rr", "mb": "mm", "lb": "lv", "rb": "rv", "lg": "l", "rg": "r"},
    **{"hk": "h", "ht": "h", "sk": "s"},
}


def softened(stem: str) -> str:
    """The stem in the weak grade where its sounds change: rand: ranna, nahk: naha, leib: leiva, poeg: poja."""
    if stem[-2:] in _SOFTENED:
        return stem[:-2] + _SOFTENED[stem[-2:]]
    if stem[-1:] in "bdg" and stem[-2:-1] in VOWELS:
        return stem[:-1] + {"b": "v", "d": "", "g": ""}[stem[-1]]
    return stem


def first_vowel(word: str) -> str:
    """The first vowel of the word, "a" where it has none."""
    return next((letter for letter in word if letter in VOWELS), "a")


def decline(noun: Noun) -> frozenset[str]:
    """All forms of a declined word."""
    word, genitive, partitive = noun.word, noun.genitive, noun.partitive
    forms = {word, genitive, partitive, f"{genitive}d", *noun.own, *_local(genitive)}
    plurals: set[str] = set()
    if genitive.endswith("se"):
        forms |= {f"{genitive[:-2]}sse"}
    if partitive[-1] in "td":
        stem = partitive[:-2] if partitive.endswith("tt") else partitive[:-1]
        plurals |= {f"{stem}{partitive[-1]}e", f"{genitive}de"}
        if partitive.endswith("d") and len(partitive) > 2:  # maad: maid, tööd: töid
            forms |= {f"{partitive[:-2]}id", *_local(f"{partitive[:-2]}i")}
        else:
            forms |= {f"{genitive}id", f"{genitive}sid", *_local(f"{genitive}i")}
            if genitive.endswith("i"):  # numbrit: numbreid
                forms |= {f"{genitive[:-1]}eid", *_local(f"{genitive[:-1]}ei")}
        if genitive.endswith("se"):
            forms |= {f"{genitive[:-1]}i", *_local(f"{genitive[:-1]}i")}
        if partitive[-2:-1] in "lrn" and len(partitive) > 2:  # keelde; küünarde
            forms.add(f"{partitive[:-1]}de")
            plurals |= {f"{partitive[:-1]}de"} if "e" not in genitive[-1:] else set()
    else:
        plurals.add(f"{partitive}de")
        if re.search("[aeiouõäöü]{2}(?:[lnr]|ss)$|ks$", word):  # õunte, koerte, poiste, okste
            plurals.add(f"{word.replace('ss', 's')}te")
        vowels = _PLURAL_OF.get(partitive[-1]) or _PLURAL_VOWELS[first_vowel(word)]
        forms.add(f"{partitive}sid")
        for vowel in vowels:
            forms.add(f"{partitive[:-1]}{vowel}")
            if len(genitive) > 3 and not noun.degrees:  # jalus, silmis; but vanus is another word
                forms.update(_local(f"{genitive[:-1]}{vowel}"))
    plurals |= {form for form in noun.own if form.endswith(("de", "te", "ike")) and len(form) > 4}
    for plural in plurals:
        forms |= {plural, *_local(plural)}
    for form in noun.own:
        if form.endswith("id"):  # mõtteid: mõtteis, mõtteil
            forms.update(_local(form[:-1]))
    if noun.degrees:
        forms |= degrees(word, genitive)
    return frozenset(forms)


def degrees(word: str, genitive: str) -> frozenset[str]:
    """Comparatives and superlatives: ilusam, ilusaim, rikkam by the genitive; halvem, vanim after a short word."""
    stem = genitive[:-1]
    short = genitive[-1] in "au" and (word == genitive or sum(letter in VOWELS for letter in word) == 1)
    compared = {f"{stem}em" if short else f"{genitive}m", f"{stem}im", f"{genitive}im"}
    if not short and sum(letter in VOWELS for letter in genitive) <= 3:
        compared.add(f"{stem}em")
    if genitive.endswith("i"):  # kauni: kauneim
        compared.add(f"{stem}eim")
    return frozenset(form for each in compared for form in decline(Noun(each, f"{each}a", f"{each}at")))


def _local(stem: str) -> Iterable[str]:
    yield f"{stem}sse"
    for ending in _CASES:
        yield stem + ending


def conjugate(verb: Verb) -> frozenset[str]:
    """All forms of a verb, its participles as attributes included; the noun in -mine is another word."""
    stem, present, past = verb.word[:-2], verb.present, verb.past
    root = verb.active.removesuffix("nud")
    forms = {verb.word, verb.infinitive, f"{verb.infinitive[:-1]}es", present, past, verb.active, *verb.own}
    forms.update(verb.word + ending for ending in ("s", "st", "ks", "ta"))
    forms.update(present + person for person in _PERSONS)
    forms.update(f"{root}{ending}" for ending in ("ge", "ke", "gem", "kem", "gu", "ku", "nuks", "nuksin", "nuksid"))
    forms.update(f"{present}ks{ending}" for ending in ("", "in", "id", "ime", "ite"))
    if past.endswith("s"):
        base = past if stem[-1] in VOWELS else f"{stem}s".replace("ss", "s")
        forms.update(base + ending for ending in ("in", "id", "ime", "ite"))
        forms.update(past + ending for ending in ("in", "id", "ime", "ite"))
    else:
        forms.update(past + ending for ending in ("n", "d", "me", "te"))
    forms.update(_participle(f"{stem}v" if stem[-1] in VOWELS else f"{stem}ev"))
    impersonal = verb.impersonal.removesuffix("ud")
    base = f"{impersonal}a" if impersonal[-1] in "td" else impersonal
    if impersonal.endswith("ld") or impersonal.endswith(("nd", "rd")):  # tuldud: tullakse, pandud: pannakse
        forms.add(f"{impersonal[:-1]}{impersonal[-2]}akse")
    forms |= {verb.impersonal, base, f"{base}kse", f"{impersonal}i", f"{impersonal}agu", f"{base}ks"}
    forms |= _participle(f"{impersonal}av")
    return frozenset(forms)


def _participle(participle: str) -> frozenset[str]:
    return decline(Noun(participle, f"{participle}a", f"{participle}at"))
