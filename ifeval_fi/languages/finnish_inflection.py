"""Finnish inflection: every form of a dictionary word, given its inflection type.

Types and gradation letters are those of the word list of the Institute for the Languages of Finland
(nominals 1-49, verbs 52-78, gradation A-M). Forms are over-complete rather than over-strict: old and rare
variants are included, because a reader recognises them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
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


class Forms:
    """The forms of one dictionary word: those that stand alone and those with a possessive suffix.

    Rare ones among the plain forms (instructive, comparison, potential) often look like other words.
    """

    __slots__ = ("plain", "possessed", "rare")

    def __init__(self, plain: Iterable[str] = (), possessed: Iterable[str] = (), rare: Iterable[str] = ()) -> None:
        self.plain: set[str] = set(plain)
        self.possessed: set[str] = set(possessed)
        self.rare: set[str] = set(rare)

    def add(self, other: Forms, head: str = "") -> None:
        """Take in the forms of another paradigm, behind the head of a compound if one is given."""
        common = self.plain - self.rare
        self.plain.update(head + form for form in other.plain)
        self.possessed.update(head + form for form in other.possessed)
        self.rare.update(head + form for form in other.rare)
        self.rare -= common | {head + form for form in other.plain - other.rare}

    def possess(self, host: str, harmony: str, *, lengthened: bool) -> None:
        """Add the possessive forms of a host; lengthened says whether -Vn (kadussaan) is possible."""
        self.possessed.update(host + suffix for suffix in ("ni", "si", "mme", "nne", f"ns{harmony}"))
        if lengthened and host[-1] in VOWELS and host[-1] != host[-2:-1]:
            self.possessed.add(host + host[-1] + "n")


def harmonies(word: str) -> tuple[str, ...]:
    """Which of a and ä the endings of a word take: both where the word mixes back and front vowels."""
    letters = set(word)
    back, front = bool(letters & _BACK), bool(letters & _FRONT)
    if back and front:
        return ("a", "ä")
    return ("a",) if back else ("ä",)


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


def _strengthen_closed(word: str, grade: str) -> str:
    """Strengthen a word that ends in a consonant (rengas G: renkas)."""
    open_part = word.rstrip("".join(set(word) - set(VOWELS)))
    return strengthen(open_part, grade) + word[len(open_part) :]


def decline(word: str, kind: int, grade: str = "", *, compare: bool = False) -> Forms:
    """All forms of a nominal; compare adds the comparative and superlative of an adjective."""
    forms = Forms()
    for vowel in harmonies(word):
        if kind == 49:
            forms.add(_decline(word[:-1] if word[-1] == "e" else word, 32, grade, vowel, compare))
            strong = _strengthen_closed(word.removesuffix("e"), grade) if grade else word.removesuffix("e")
            forms.add(_decline(strong + "e", 48, "", vowel, compare))
        else:
            forms.add(_decline(word, kind, grade, vowel, compare))
    return forms


def _decline(word: str, kind: int, grade: str, harmony: str, compare: bool) -> Forms:
    nominal = _NOMINALS[kind]
    strong = word
    if grade and kind in _INVERSE:
        strong = _strengthen_closed(word, grade)
    weak_grade = "" if kind in _INVERSE else grade
    if kind in (5, 6) and word[-1] != "i":
        strong += "i"

    def build(templates: str, weak: bool = False) -> list[str]:
        return [_build(t, word, strong, harmony, weak_grade, weak) for t in templates.split()]

    weak_stem, strong_stem = nominal.stem.split("/") if "/" in nominal.stem else (nominal.stem, nominal.stem)
    weak_plural, strong_plural = (nominal.plural.split("/") * 2)[:2]
    singular, essive = build(weak_stem, weak=True)[0], build(strong_stem)[0]
    plurals, plural_essives = build(weak_plural, weak=True), build(strong_plural)
    cases = _harmonised(_PLAIN_CASES, harmony)
    hosting = _harmonised(_HOSTING_CASES, harmony)
    na = "n" + harmony

    forms = Forms([word, singular + "t", essive + na])
    forms.plain.update(singular + case for case in cases)
    for plural in plurals:
        forms.plain.update(plural + case for case in cases)
        forms.rare.add(plural + "n")
    forms.plain.update(plural + na for plural in plural_essives)
    others = [build(t) for t in nominal[1:3] + nominal[4:]]
    for variants in others:
        forms.plain.update(variants)
    forms.rare.update(form for form in others[2] if form.endswith(harmony + "in"))

    forms.possess(essive, harmony, lengthened=False)
    for stem in [singular, *plurals]:
        for case in hosting:
            forms.possess(stem + case, harmony, lengthened=True)
    for stem in [essive, *plural_essives]:
        forms.possess(stem + na, harmony, lengthened=True)
    for stem in plural_essives:
        forms.possess(stem + "ne", harmony, lengthened=True)
    partitive, illative, genitives, partitives, illatives = others
    for host in partitive + partitives:
        forms.possess(host, harmony, lengthened=True)
    for host in illative + genitives + illatives:
        forms.possess(host[:-1], harmony, lengthened=False)
    if compare:
        compared = Forms()
        for comparative in comparatives(word, kind, singular):
            compared.add(_decline(comparative, 16, "H", harmony, False))
        highest = plurals[0] + "n" if kind in (27, 28) else superlative(singular)
        compared.add(_decline(highest, 36, "", harmony, False))
        compared.rare = set(compared.plain)
        forms.add(compared)
    return forms


def roots(word: str, kind: int, grade: str) -> tuple[str, ...]:
    """The beginnings that every form of a nominal has one of, endings and final vowels cut off."""
    if kind == 49:
        return (word[:3],)
    nominal, harmony = _NOMINALS[kind], harmonies(word)[-1]
    strong = _strengthen_closed(word, grade) if grade and kind in _INVERSE else word
    weak_grade = "" if kind in _INVERSE else grade
    templates = [*nominal.stem.split("/"), *nominal.partitive.split(), *nominal.plural.split("/")]
    stems = {
        _build(template, word, strong, harmony, weak_grade, weak)
        for template in " ".join(templates).split()
        for weak in (False, True)
    }
    return tuple({stem.rstrip(VOWELS) or stem[:1] for stem in stems} | {word.rstrip(VOWELS) or word[:1]})


def verb_roots(infinitive: str, kind: int, grade: str) -> tuple[str, ...]:
    """The beginnings that every form of a verb has one of."""
    stems: set[str] = set()
    for verb in _verbs(infinitive, kind, grade, infinitive[-1]):
        stems.update((verb.infinitive, verb.strong, verb.weak, verb.imperative, verb.passive, *verb.past_strong))
        stems.update(stem[:-1] for stem in (verb.active, verb.potential, verb.passive_past))
    return tuple({stem.rstrip(VOWELS) or stem[:1] for stem in stems})


def _build(template: str, word: str, strong: str, harmony: str, grade: str, weak: bool) -> str:
    if template[0] == "~":
        template, weak = template[1:], True
    if template[0] == "*":
        return word + template[1:].replace("A", harmony)
    stem = strong
    if weak and grade:
        stem = weaken(strong, grade)
    if template[0] == "^":
        base = stem[:-2] + stem[-1]
    else:
        base = stem[: len(stem) - int(template[0])]
    ending = template[1:].replace("A", harmony).replace("O", "o" if harmony == "a" else "ö")
    if ending.startswith("C"):
        return base + base[-1] + ending[1:]
    last = next((letter for letter in reversed(base) if letter in VOWELS), "e")
    return base + ending.replace("V", last)


def _harmonised(endings: Iterable[str], harmony: str) -> list[str]:
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


class Verb(NamedTuple):
    """The stems a verb is conjugated from, strong and weak grade where they differ."""

    infinitive: str
    strong: str
    weak: str
    third: str
    past_strong: tuple[str, ...]
    past_weak: tuple[str, ...]
    conditional: tuple[str, ...]
    imperative: str  # before -kaa
    active: str  # the past participle: sanonut
    potential: str
    passive: str  # before -aan
    passive_past: str  # ends in the t of -tiin


def conjugate(infinitive: str, kind: int, grade: str = "") -> Forms:
    """All forms of a verb: persons, tenses, moods, passive, infinitives, and participles in all cases."""
    harmony = infinitive[-1]
    forms = Forms()
    for verb in _verbs(infinitive, kind, grade, harmony):
        _finite(verb, harmony, forms)
        _infinite(verb, harmony, forms)
    return forms


def _verbs(infinitive: str, kind: int, grade: str, a: str) -> list[Verb]:
    if kind == 68:
        return _verbs(infinitive, 62, "", a) + [
            _consonant_verb(infinitive, 68, infinitive[:-2] + "tse", a)
        ]  # fmt: skip
    if kind <= 61 or kind >= 76:
        return [_vowel_verb(infinitive, kind, grade, a)]
    return [_consonant_verb(infinitive, kind, _present_stem(infinitive, kind, grade, a), a)]


def _vowel_verb(infinitive: str, kind: int, grade: str, a: str) -> Verb:
    strong = infinitive[:-1]
    weak = weaken(strong, grade) if grade else strong
    o = "o" if a == "a" else "ö"
    pasts: list[tuple[str, str]] = []
    if kind in (52, 61):
        pasts = [(strong + "i", weak + "i") if kind == 52 else (strong, weak)]
    if kind in (53, 55, 58, 60, 77, 78):
        pasts = [(strong[:-1] + "i", weak[:-1] + "i")]
    if kind in (56, 57):
        pasts = [(strong[:-1] + o + "i", weak[:-1] + o + "i")]
    if kind in (54, 55, 57, 59, 76):
        pasts.append((strong[:-2] + "si", strong[:-2] + "si"))
    if kind == 60:
        pasts.append(("läksi", "läksi"))
    short = strong[:-1] if kind in (58, 59, 60, 61) else strong
    passive = (weak[:-1] + "e" if weak[-1] in "aä" else weak) + "t"
    third = strong + strong[-1]
    u = "u" if a == "a" else "y"
    return Verb(
        infinitive, strong, weak, third, tuple(p[0] for p in pasts), tuple(p[1] for p in pasts),
        (short + "isi",), strong, f"{strong}n{u}t", strong + "ne", passive + a, passive + "t",
    )  # fmt: skip


def _present_stem(infinitive: str, kind: int, grade: str, a: str) -> str:
    base = infinitive[:-2]
    strong = _strengthen_closed(base, grade) if grade else base
    if kind in (66, 67):
        return strong + "e"
    if kind == 69:
        return base + "tse"
    if kind in (70, 71):
        return infinitive[:-3] + ("kse" if kind == 70 else "ke")
    if kind == 72:
        return strong + "ne"
    return strong + a if kind in (73, 74, 75) else base


def _consonant_verb(infinitive: str, kind: int, strong: str, a: str) -> Verb:
    base = infinitive[:-2]
    u = "u" if a == "a" else "y"
    weak = weaken(strong, "D") if kind == 71 else strong
    past = (_past(kind, strong),)
    past_weak = (weak[:-1] + "i",) if kind == 71 else past
    conditional = [past[0] + "si" if kind != 74 and kind != 75 and kind != 73 else strong[:-1] + "isi"]
    if kind in (74, 75):
        conditional = [strong + "isi", strong[:-1] + "isi"]
    long = strong[-2:-1] == strong[-1] or kind in (62, 63, 64, 65)
    third = strong if long else strong + strong[-1]
    if kind in (68, 69, 72, 73, 74, 75):
        imperative, active, potential, passive_past = base + "t", f"{base}nn{u}t", base + "nne", base + "tt"
        if kind == 68:
            imperative, active, potential, passive_past = base, f"{base}n{u}t", base + "ne", base + "t"
    elif kind in (66, 67, 70):
        double = base + base[-1]
        imperative, active, potential, passive_past = base, f"{double}{u}t", double + "e", base + "t"
    else:
        imperative, active, potential, passive_past = base, f"{base}n{u}t", base + "ne", base + "t"
    return Verb(
        infinitive, strong, weak, third, past, past_weak, tuple(conditional),
        imperative, active, potential, infinitive, passive_past,
    )  # fmt: skip


def _past(kind: int, strong: str) -> str:
    if kind == 62:
        return strong
    if kind == 64:
        return strong[:-2] + strong[-1] + "i"
    if kind == 65:
        return strong[:-1] + "vi"
    return strong[:-1] + ("si" if kind in (73, 74, 75) else "i")


def _finite(verb: Verb, a: str, forms: Forms) -> None:
    plain, o, personal = forms.plain, "o" if a == "a" else "ö", ("n", "t", "mme", "tte")
    vat = f"v{a}t"
    plain.update((verb.infinitive, verb.weak, verb.third, verb.strong + vat))
    plain.update(verb.weak + person for person in personal)
    for past_strong, past_weak in zip(verb.past_strong, verb.past_weak, strict=True):
        plain.update((past_strong, past_strong + vat))
        plain.update(past_weak + person for person in personal)
    for stem in verb.conditional:
        plain.update(stem + person for person in ("", *personal, vat))
    rare = {verb.potential + person for person in ("", "e", *personal, vat)} | {verb.imperative + "k" + o}
    forms.rare |= rare - plain
    plain |= rare
    plain.update(verb.imperative + "k" + end for end in (a * 2, a * 2 + "mme", a * 2 + "tte", o * 2 + "n", o * 2 + "t"))
    passive = verb.passive_past
    plain.update((verb.passive, verb.passive + a + "n", passive + "iin"))
    plain.update(passive + end for end in (f"{a}isiin", f"{a}isi", f"{a}neen", f"{a}ne", f"{a}k{o}{o}n", f"{a}k{o}"))


def _infinite(verb: Verb, a: str, forms: Forms) -> None:
    forms.possess(verb.infinitive + "kse", a, lengthened=True)
    second = verb.infinitive[:-1]
    second = second[:-1] + "ie" if second[-1] == "e" else second + "e"
    forms.plain.update((second + "ss" + a, second + "n", verb.passive_past + a + "ess" + a))
    forms.possess(second + "ss" + a, a, lengthened=True)
    forms.possess(second, a, lengthened=False)
    forms.possess(f"{verb.strong}m{a}isill{a}", a, lengthened=True)
    agent = verb.strong + "m" + a
    participles = [
        (verb.strong + "v" + a, 10, ""),
        (verb.active, 47, ""),
        (verb.passive_past + a + "v" + a, 10, ""),
        (agent, 10, ""),
        (agent + "t" + ("on" if a == "a" else "ön"), 34, "C"),
        (verb.passive_past + ("u" if a == "a" else "y"), 1, _participle_grade(verb.passive_past)),
    ]
    for participle, kind, grade in participles:
        declined = _decline(participle, kind, grade, a, kind in (10, 47, 1) and participle != agent)
        # sanotukseen, sanomista: the first is not in use, the second is read as the noun sanominen.
        declined.possessed = {form for form in declined.possessed if "kse" not in form[len(participle) - 2 :]}
        declined.plain.discard(f"{agent[:-1]}ist{a}")
        forms.add(declined)
    forms.plain.update((agent + "n", verb.passive_past + a + "m" + a + "n"))


def _participle_grade(stem: str) -> str:
    """The gradation of the past passive participle (sanottu C, juotu F, tultu I, mentu J, purtu K)."""
    if stem[-2] in VOWELS + "h":
        return "F"
    return {"t": "C", "l": "I", "n": "J", "r": "K"}.get(stem[-2], "")
