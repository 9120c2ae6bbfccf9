"""Finnish inflection: every form of a dictionary word, given its inflection type.

Types and gradation letters are those of the word list of the Institute for the Languages of Finland
(nominals 1-49, verbs 52-78, gradation A-M). Forms are over-complete rather than over-strict: old and rare
variants are included, because a reader recognises them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

VOWELS = "aeiouyäöåéèáàêôü"
_BACK, _FRONT = frozenset("aouáàô"), frozenset("äöyü")
_GRADES = {
    "A": ("kk", "k"), "B": ("pp", "p"), "C": ("tt", "t"), "D": ("k", ""), "E": ("p", "v"), "F": ("t", "d"),
    "G": ("nk", "ng"), "H": ("mp", "mm"), "I": ("lt", "ll"), "J": ("nt", "nn"), "K": ("rt", "rr"),
    "L": ("k", "j"), "M": ("k", "v"),
}  # fmt: skip
_TAIL = re.compile(rf"^(.*?)([^{VOWELS}'\W\d_]*)([{VOWELS}]+)$")


class Nominal(NamedTuple):
    """Templates of one nominal type, each cutting letters off the dictionary form and adding an ending.

    A digit says how many letters are cut, "~" asks for the weak grade, "*" for the dictionary form itself,
    A and O follow vowel harmony, V repeats the last vowel.
    """

    stem: str
    partitive: str
    illative: str
    plural: str
    plural_genitive: str
    plural_partitive: str
    plural_illative: str


def _nominals() -> dict[int, Nominal]:
    table = """
    1  | 0        | 0A      | 0Vn        | 0i         | 0jen                         | 0jA        | 0ihin
    2  | 0        | 0A      | 0Vn        | 0i         | 0jen ~0iden ~0itten          | 0jA ~0itA  | 0ihin ~0ihin
    3  | 0        | 0tA     | 0Vn        | 0i         | 0iden 0itten                 | 0itA       | 0ihin
    4  | 0        | 0A      | 0Vn        | 0i         | 0jen ~0iden ~0itten          | 0jA ~0itA  | 0ihin ~0ihin
    5  | 1i       | 1iA     | 1iin       | 1ei        | 1ien                         | 1ejA       | 1eihin
    6  | 1i       | 1iA     | 1iin       | 1ei        | 1ien 1eiden 1eitten          | 1ejA 1eitA | 1eihin
    7  | 1e       | 1eA     | 1een       | 1i         | 1ien                         | 1iA        | 1iin
    8  | 0        | 0A      | 0Vn        | 0i         | 0jen ~0iden ~0itten          | 0jA ~0itA  | 0ihin
    9  | 0        | 0A      | 0An        | 1Oi        | 1Ojen 1Ain                   | 1OjA       | 1Oihin
    10 | 0        | 0A      | 0An        | 1i         | 1ien 1Ain                    | 1iA        | 1iin
    11 | 0        | 0A      | 0An        | 1i 1Oi     | 1ien 1Oiden 1Oitten 1Ojen    | 1iA 1OitA 1OjA | 1iin 1Oihin
    12 | 0        | 0A      | 0An        | 1Oi        | 1Oiden 1Oitten 1Ain          | 1OitA      | 1Oihin
    13 | 0        | 0A      | 0An        | 1Oi        | 1Oiden 1Oitten 1Ojen 1Ain    | 1OitA 1OjA | 1Oihin
    14 | 0        | 0A      | 0An        | 1Oi        | ~1Oiden ~1Oitten 1Ojen 1Ain  | ~1OitA 1OjA | 1Oihin ~1Oihin
    15 | 0        | 0A 0tA  | 0An        | 1i         | 1iden 1itten 1Ain            | 1itA       | 1isiin 1ihin
    16 | 1A       | 1AA     | 1AAn       | 1i         | 1ien 1Ain                    | 1iA        | 1iin
    17 | 0        | 0tA     | 0seen      | 1i         | 1iden 1itten                 | 1itA       | 1isiin 1ihin
    18 | 0        | 0tA     | 0hVn       | 1i         | 1iden 1itten                 | 1itA       | 1ihin
    19 | 0        | 0tA     | 0hVn       | ^i         | ^iden ^itten                 | ^itA       | ^ihin
    20 | 0        | 0tA     | 0hVn 0seen | 1i         | 1iden 1itten                 | 1itA       | 1ihin 1isiin
    21 | 0        | 0tA     | 0hVn 0hen 0hin | 0i     | 0iden 0itten                 | 0itA       | 0ihin
    22 | 0'       | 0'tA    | 0'hVn 0'hen 0'hon 0'hin 0'hun 0'hön | 0'i | 0'iden 0'itten | 0'itA   | 0'ihin
    23 | 1e       | 1tA     | 1een       | 1i         | 1ien                         | 1iA        | 1iin
    24 | 1e       | 1tA     | 1een       | 1i         | 1ien 1ten                    | 1iA        | 1iin
    25 | 1e       | 2ntA 1eA | 1een      | 1i         | 1ien 2nten                   | 1iA        | 1iin
    26 | 1e       | 1tA     | 1een       | 1i         | 1ien 1ten                    | 1iA        | 1iin
    27 | 2de/2te  | 2ttA    | 2teen      | 2si        | 2sien 2tten                  | 2siA       | 2siin
    28 | 2Ce/2te  | 2ttA    | 2teen      | 2si        | 2sien 2tten                  | 2siA       | 2siin
    29 | 1e       | 3stA    | 1een       | 1i         | 1ien 3sten                   | 1iA        | 1iin
    30 | 1e       | 3stA    | 1een       | 1i         | 1ien 3sten                   | 1iA        | 1iin
    31 | 3hde/3hte | 3htA   | 3hteen     | 3ksi       | 3ksien                       | 3ksiA      | 3ksiin
    32 | 0e       | *tA     | 0een       | 0i         | 0ien *ten                    | 0iA        | 0iin
    33 | 1me      | *tA     | 1meen      | 1mi        | 1mien *ten                   | 1miA       | 1miin
    34 | 1mA      | *tA     | 1mAAn      | 1mi        | 1mien *ten                   | 1miA       | 1miin
    35 | 1mA      | *tA     | 1mAAn      | 1mi        | 1mien 1mAin                  | 1miA       | 1miin
    36 | 1mmA/1mpA | *tA    | 1mpAAn     | 1mmi/1mpi  | 1mpien *ten 1mpAin           | 1mpiA      | 1mpiin
    37 | 1mmA/1mpA | *tA 1mpAA | 1mpAAn  | 1mmi/1mpi  | 1mpien *ten                  | 1mpiA      | 1mpiin
    38 | 3se      | 3stA    | 3seen      | 3si        | 3sten 3sien                  | 3siA       | 3siin
    39 | 1kse     | *tA     | 1kseen     | 1ksi       | *ten 1ksien                  | 1ksiA      | 1ksiin
    40 | 1de/1te  | 1ttA    | 1teen      | 1ksi       | 1ksien                       | 1ksiA      | 1ksiin
    41 | 1V       | *tA     | 1Vseen     | 1i         | 1iden 1itten *ten            | 1itA       | 1isiin 1ihin
    42 | 1he      | *tA     | 1heen      | 1hi        | 1hien *ten                   | 1hiA       | 1hiin
    43 | 1e       | *tA     | 1een       | 1i         | 1iden 1itten                 | 1itA       | 1isiin 1ihin
    44 | 1V       | *tA     | 1Vseen     | 1i         | 1iden 1itten                 | 1itA       | 1isiin 1ihin
    45 | 1nne/1nte | 1ttA   | 1nteen     | 1nsi       | 1nsien                       | 1nsiA      | 1nsiin
    46 | 1nne/1nte | *tA    | 1nteen     | 1nsi       | 1nsien 1nten                 | 1nsiA      | 1nsiin
    47 | 2ee      | *tA     | 2eeseen    | 2ei        | 2eiden 2eitten               | 2eitA      | 2eisiin 2eihin
    48 | 0V       | *ttA    | 0Vseen     | 0i         | 0iden 0itten                 | 0itA       | 0isiin 0ihin
    """
    rows = (line.split("|") for line in table.strip().splitlines())
    return {int(row[0]): Nominal(*(cell.strip() for cell in row[1:])) for row in rows}


_NOMINALS = _nominals()
_INVERSE = frozenset({*range(32, 36), *range(41, 45), 48, 49})
_PLAIN_CASES = ("n", "ksi", "ssA", "stA", "llA", "ltA", "lle", "ttA")
_HOSTING_CASES = ("kse", "ssA", "stA", "llA", "ltA", "lle", "ttA")


_POSSESSIVE = ("ni", "si", "mme", "nne", "nsa", "nsä")


class Forms:
    """The forms of one dictionary word.

    Rare ones among the plain forms (instructive, comparison, potential) often look like other words. Hosts take
    a possessive suffix (kadulla-ni), lengthened forms are those with -Vn (kadullaan).
    """

    __slots__ = ("hosts", "lengthened", "plain", "rare")

    def __init__(self, plain: Iterable[str] = ()) -> None:
        self.plain: set[str] = set(plain)
        self.rare: set[str] = set()
        self.hosts: set[str] = set()
        self.lengthened: set[str] = set()

    def add(self, other: Forms, head: str = "") -> None:
        """Take in the forms of another paradigm, behind the head of a compound if one is given."""
        common = self.plain - self.rare
        for mine, theirs in (
            (self.plain, other.plain), (self.rare, other.rare),
            (self.hosts, other.hosts), (self.lengthened, other.lengthened),
        ):  # fmt: skip
            mine.update([head + form for form in theirs] if head else theirs)
        self.rare -= common | {head + form for form in other.plain - other.rare}

    def possess(self, hosts: Iterable[str], *, lengthened: bool) -> None:
        """Let hosts take possessive suffixes; lengthened says whether -Vn (kadussaan) is one of them."""
        hosts = set(hosts)
        self.hosts |= hosts
        if lengthened:
            self.lengthened.update([h + h[-1] + "n" for h in hosts if h[-1] in VOWELS and h[-1] != h[-2:-1]])

    def possessed(self, form: str) -> bool:
        """Whether a form is one of the word's with a possessive suffix."""
        return form in self.lengthened or any(
            form.endswith(suffix) and form[: -len(suffix)] in self.hosts for suffix in _POSSESSIVE
        )


def harmonies(word: str) -> tuple[str, ...]:
    """Which of a and ä the endings of a word take: both where the word mixes back and front vowels."""
    letters = set(word)
    back, front = bool(letters & _BACK), bool(letters & _FRONT)
    if back and front:
        return ("a", "ä")
    return ("a",) if back else ("ä",)


@lru_cache(maxsize=512)
def weaken(stem: str, grade: str) -> str:
    """The weak grade of a strong stem (katu F: kadu; vaaka D: vaa'a; aika N: aja)."""
    if grade == "N":
        return re.sub(rf"ik(?=[{VOWELS}]+$)", "j", stem)
    strong, weak = _GRADES[grade]
    match = _TAIL.match(stem)
    if not match or not match[2].endswith(strong):
        return stem
    head, consonants, ending = match.groups()
    consonants = consonants[: -len(strong)] + weak
    if not consonants and head[-1:] == ending[:1] and head[-2:-1] and head[-2] in VOWELS:
        consonants = "'"
    return head + consonants + ending


def strengthen(stem: str, grade: str) -> str:
    """The strong grade of a weak stem (hamma H: hampa; aie D: aike)."""
    strong, weak = _GRADES[grade]
    match = _TAIL.match(stem)
    if not match:
        return stem
    head, consonants, ending = match.groups()
    if not weak:
        return head + consonants + ending[:-1] + strong + ending[-1]
    if not consonants.endswith(weak):
        return stem
    return head + consonants[: -len(weak)] + strong + ending


def strengthen_closed(word: str, grade: str) -> str:
    """Strengthen a word that ends in a consonant (rengas G: renkas)."""
    open_part = word.rstrip("".join(set(word) - set(VOWELS)))
    return strengthen(open_part, grade) + word[len(open_part) :]


def decline(word: str, kind: int, grade: str = "", *, compare: bool = False) -> Forms:
    """All forms of a nominal; compare adds the comparative and superlative of an adjective."""
    forms = Forms()
    for vowel in harmonies(word):
        if kind == 49:
            forms.add(decline_with(word[:-1] if word[-1] == "e" else word, 32, grade, vowel, compare))
            strong = strengthen_closed(word.removesuffix("e"), grade) if grade else word.removesuffix("e")
            forms.add(decline_with(strong + "e", 48, "", vowel, compare))
        else:
            forms.add(decline_with(word, kind, grade, vowel, compare))
    return forms


class Stems(NamedTuple):
    """What the cases of a nominal are built from, and its forms that no stem and ending give."""

    singular: str  # kadu-
    essive: str  # katu-
    plurals: list[str]  # kadui-
    plural_essives: list[str]  # katui-
    partitive: list[str]
    illative: list[str]
    genitives: list[str]  # plural
    partitives: list[str]
    illatives: list[str]


def stems(word: str, kind: int, grade: str, harmony: str) -> Stems:
    """The stems of a nominal for endings of one vowel harmony, a or ä."""
    nominal = _NOMINALS[kind]
    strong = word
    if grade and kind in _INVERSE:
        strong = strengthen_closed(word, grade)
    weak_grade = "" if kind in _INVERSE else grade
    if kind in (5, 6) and word[-1] != "i":
        strong += "i"

    def build(templates: str, weak: bool = False) -> list[str]:
        return [_build(t, word, strong, harmony, weak_grade, weak) for t in templates.split()]

    weak_stem, strong_stem = nominal.stem.split("/") if "/" in nominal.stem else (nominal.stem, nominal.stem)
    weak_plural, strong_plural = (nominal.plural.split("/") * 2)[:2]
    singular, essive = build(weak_stem, weak=True)[0], build(strong_stem)[0]
    plurals, plural_essives = build(weak_plural, weak=True), build(strong_plural)
    others = [build(t) for t in nominal[1:3] + nominal[4:]]
    return Stems(singular, essive, plurals, plural_essives, *others)


def decline_with(word: str, kind: int, grade: str, harmony: str, compare: bool) -> Forms:
    """The forms of a nominal with endings of one vowel harmony, a or ä."""
    singular, essive, plurals, plural_essives, *others = stems(word, kind, grade, harmony)
    cases = _harmonised(_PLAIN_CASES, harmony)
    hosting = _harmonised(_HOSTING_CASES, harmony)
    na = "n" + harmony

    forms = Forms([word, singular + "t", essive + na])
    forms.plain.update(singular + case for case in cases)
    for plural in plurals:
        forms.plain.update(plural + case for case in cases)
        forms.rare.add(plural + "n")
    forms.plain.update(plural + na for plural in plural_essives)
    for variants in others:
        forms.plain.update(variants)
    forms.rare.update(form for form in others[2] if form.endswith(harmony + "in"))

    partitive, illative, genitives, partitives, illatives = others
    forms.possess([essive], lengthened=False)
    forms.possess([host[:-1] for host in illative + genitives + illatives], lengthened=False)
    hosts = [stem + case for stem in (singular, *plurals) for case in hosting]
    hosts += [stem + na for stem in (essive, *plural_essives)]
    hosts += [stem + "ne" for stem in plural_essives]
    forms.possess(hosts + partitive + partitives, lengthened=True)
    if compare:
        compared = Forms()
        for comparative in comparatives(word, kind, singular):
            compared.add(decline_with(comparative, 16, "H", harmony, False))
        highest = plurals[0] + "n" if kind in (27, 28) else superlative(singular)
        compared.add(decline_with(highest, 36, "", harmony, False))
        compared.rare = set(compared.plain)
        forms.add(compared)
    return forms


@lru_cache(maxsize=20_000)
def roots(word: str, kind: int, grade: str) -> tuple[str, ...]:
    """The beginnings that every form of a nominal has one of, endings and final vowels cut off."""
    if kind == 49:
        return (word[:3],)
    nominal, harmony = _NOMINALS[kind], harmonies(word)[-1]
    strong = strengthen_closed(word, grade) if grade and kind in _INVERSE else word
    weak_grade = "" if kind in _INVERSE else grade
    templates = [*nominal.stem.split("/"), *nominal.partitive.split(), *nominal.plural.split("/")]
    stems = {
        _build(template, word, strong, harmony, weak_grade, weak)
        for template in " ".join(templates).split()
        for weak in ((False, True) if weak_grade else (False,))
    }
    return tuple({stem.rstrip(VOWELS) or stem[:1] for stem in stems} | {word.rstrip(VOWELS) or word[:1]})


def _build(template: str, word: str, strong: str, harmony: str, grade: str, weak: bool) -> str:
    mark, cut, always_weak, ending = _parsed(template, harmony)
    if mark == "*":
        return word + ending
    stem = weaken(strong, grade) if grade and (weak or always_weak) else strong
    base = stem[:-2] + stem[-1] if mark == "^" else stem[: len(stem) - cut]
    if ending.startswith("C"):
        return base + base[-1] + ending[1:]
    if "V" in ending:
        last = next((letter for letter in reversed(base) if letter in VOWELS), "e")
        return base + ending.replace("V", last)
    return base + ending


@cache
def _parsed(template: str, harmony: str) -> tuple[str, int, bool, str]:
    """The mark of a template, the letters it cuts off, whether it always takes the weak grade, and its ending."""
    mark, ending = template.removeprefix("~")[0], template.removeprefix("~")[1:]
    ending = ending.replace("A", harmony).replace("O", "o" if harmony == "a" else "ö")
    return mark, int(mark) if mark.isdigit() else 0, template[0] == "~", ending


@cache
def _harmonised(endings: tuple[str, ...], harmony: str) -> list[str]:
    return [ending.replace("A", harmony) for ending in endings]


def comparatives(word: str, kind: int, stem: str) -> list[str]:
    """The nominative of the comparative (vanha: vanhempi; kaunis: kauniimpi)."""
    if kind in (9, 10) and len(re.findall(rf"[{VOWELS}]+", word)) == 2:
        return [stem[:-1].removesuffix("'") + "empi"]
    return [stem + "mpi"]


def superlative(stem: str) -> str:
    """The nominative of the superlative, from the genitive stem (kaunii: kaunein)."""
    if stem[-2:] == "ii":
        return stem[:-2] + "ein"
    if stem[-1] == "i":
        return stem[:-1] + "ein"
    if stem[-2:-1] == stem[-1] or stem[-1] in "aäe":
        return stem[:-1] + "in"
    return stem + "in"
