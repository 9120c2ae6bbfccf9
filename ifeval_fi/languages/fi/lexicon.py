"""What a Finnish word can be: its dictionary words with their inflection types, listed or guessed."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from ifeval_fi.languages.fi.inflection import VOWELS, Forms, decline, roots, strengthen
from ifeval_fi.languages.fi.verbs import conjugate, verb_roots
from ifeval_fi.resources import package_data

_CONSONANTS_BEFORE_END = re.compile(rf"([^{VOWELS}\W\d_]+)[{VOWELS}]+$")
_GRADE_OF_CLUSTER = {
    "kk": "A", "pp": "B", "tt": "C", "nk": "G", "mp": "H", "lt": "I", "nt": "J", "rt": "K",
    "k": "D", "p": "E", "t": "F", "ht": "F", "lk": "D", "rk": "D", "lp": "E", "rp": "E",
}  # fmt: skip
_CASE_ENDING = re.compile(r"^(.{3,}?)i?(?:ss[aä]|st[aä]|ll[aä]|lt[aä]|lle)$")
_UNINFLECTED = 99
_BOTH_PARTS = 51

_PRONOUNS = {
    "minä": "minun minut minua minussa minusta minuun minulla minulta minulle minuna minuksi minutta",
    "sinä": "sinun sinut sinua sinussa sinusta sinuun sinulla sinulta sinulle sinuna sinuksi sinutta",
    "hän": "hänen hänet häntä hänessä hänestä häneen hänellä häneltä hänelle hänenä häneksi hänettä",
    "me": "meidän meidät meitä meissä meistä meihin meillä meiltä meille meinä meiksi meittä",
    "te": "teidän teidät teitä teissä teistä teihin teillä teiltä teille teinä teiksi teittä",
    "he": "heidän heidät heitä heissä heistä heihin heillä heiltä heille heinä heiksi heittä",
    "tämä": "tämän tätä tässä tästä tähän tällä tältä tälle tänä täksi nämä näiden näitten näitä näissä "
    "näistä näihin näillä näiltä näille näinä näiksi",
    "tuo": "tuon tuota tuossa tuosta tuohon tuolla tuolta tuolle tuona tuoksi nuo noiden noitten noita noissa "
    "noista noihin noilla noilta noille noina noiksi",
    "se": "sen sitä siinä siitä siihen sillä siltä sille siksi ne niiden niitten niitä niissä niistä niihin "
    "niillä niiltä niille niinä niiksi",
    "joka": "jonka jota jossa josta johon jolla jolta jolle jona joksi jotka joiden joitten joita joissa joista "
    "joihin joilla joilta joille joina joiksi",
    "mikä": "minkä mitä missä mistä mihin millä miltä mille miksi mitkä",
    "kuka": "kenen kenet ketä kenessä kenestä keneen kehen kenellä kellä keneltä keltä kenelle kelle kenenä "
    "keneksi ketkä keiden keitä keissä keistä keihin keillä keiltä keille",
    "ken": "kenen kenet ketä kenessä kenestä keneen kehen kenellä kellä keneltä keltä kenelle kelle",
    "joku": "jonkun jotakuta jossakussa jostakusta johonkuhun jollakulla joltakulta jollekulle jonakuna "
    "joksikuksi jotkut joidenkuiden joitakuita joissakuissa joillakuilla joiltakuilta joillekuille",
    "jokin": "jonkin jotakin jotain jossakin jossain jostakin jostain johonkin jollakin jollain joltakin "
    "joltain jollekin jonakin jonain joksikin jotkin joidenkin joitakin joitain joissakin joissain joistakin "
    "joihinkin joillakin joiltakin joillekin joinakin joiksikin",
    "mikään": "minkään mitään missään mistään mihinkään millään miltään millekään minään miksikään mitkään",
    "kukaan": "kenenkään ketään kenessäkään kenestäkään keneenkään kehenkään kenelläkään kellään keneltäkään "
    "kenellekään kellekään ketkään keitään keidenkään",
    "kukin": "kunkin kutakin kussakin kustakin kuhunkin kullakin kultakin kullekin kunakin",
    "ei": "en et emme ette eivät älä älkää älköön älkäämme älkööt",
    "hyvä": "paras",
    "olla": "on ovat lie lienen lienet lienee lienemme lienette lienevät liene",
    "meri": "merta",
    "veri": "verta",
    "lyhyt": "lyhin",
    "moni": "montaa",
}  # fmt: skip
_IRREGULAR = {
    "hyvä": (("hyvä", 10, ""), ("parempi", 16, "H"), ("parhas", 41, "")),
    "paras": (("parhas", 41, ""),),
    "pitkä": (("pitkä", 10, ""), ("pidempi", 16, "H"), ("pitempi", 16, "H"), ("pisin", 36, "")),
    "seitsemän": (("seitsemä", 10, ""),),
    "kahdeksan": (("kahdeksa", 10, ""),),
    "yhdeksän": (("yhdeksä", 10, ""),),
    "ruoka": (("ruuka", 10, "D"),),
    "veli": (("velji", 7, ""),),
    "kymmenen": (("kymmen", 32, ""),),
    "tietää": (("tiennyt", 47, ""),),
    "taitaa": (("tainnut", 47, ""),),
}  # fmt: skip

# Their comparative would be taken for the form of another word (alempi, likempi).
_NO_ADJECTIVES = frozenset("aie ala ale lika para perä tae kuu maa puu pää muutto kura nuora halva".split())

_LAST = "\U0010ffff"  # sorts behind every letter
_STEADY = frozenset("bcfghlqrwxz")  # consonants that no stem change touches
_IN_NO_ENDING = frozenset("bcfqrwxzåšž")
_LAST_LETTERS = (*VOWELS, "n", "t")  # of every form but the dictionary form, types 49 and _IRREGULAR set aside
_LOSING_SECOND_LETTER = "aika suo tie työ vyö yö juoda luoda lyödä suoda syödä tuoda viedä".split()
# How words of these endings inflect that are in no list: derivations, and verbs from other languages.
_DERIVED = {
    "nen": "38", "uus": "40", "yys": "40", "us": "39", "ys": "39", "ton": "34C", "tön": "34C", "ija": "12", "ijä": "12",
    "oida": "62 68", "öidä": "62 68", "ata": "73", "ätä": "73", "ota": "74", "ella": "67", "ellä": "67", "oilla": "67",
    "ita": "69", "itä": "69", "ista": "66", "istä": "66", "ttaa": "53C", "ttää": "53C", "taa": "53 53F",
    "tää": "53 53F", "ua": "52", "yä": "52", "ia": "61", "iä": "61", "aja": "10", "äjä": "10", "llas": "41",
}  # fmt: skip
_NOUN_AT_ALL_TIMES = frozenset({"elämä", "kuolema", "voima"})


class Lexeme(NamedTuple):
    """A dictionary word with one inflection type and gradation letter."""

    word: str
    kind: int
    grade: str
    guessed: bool = False
    head: str = ""  # the first part of a compound, which does not inflect


@lru_cache(maxsize=1)
def _lines() -> list[bytes]:
    """The word list: lines of a word and, after a tab, its inflection codes, in code point order.

    They stay UTF-8, which sorts the same, since decoding each takes five times as long as reading them all.
    """
    return package_data("languages/fi/words.tsv").splitlines()


def listed(word: str) -> tuple[Lexeme, ...] | None:
    """The lexemes the word list gives for a dictionary form; None when the list does not have it."""
    lines, sought = _lines(), _encoded(word)
    at = bisect_left(lines, sought)
    if at == len(lines):
        return None
    found, _, codes = lines[at].partition(b"\t")
    return tuple(_lexeme(word, code) for code in codes.decode().split()) if found == sought else None


def _encoded(word: str) -> bytes:
    return word.encode("utf-8", "surrogatepass")


def _lexeme(word: str, code: str) -> Lexeme:
    grade = code[-1] if code[-1].isalpha() else ""
    return Lexeme(word, int(code.rstrip(grade) if grade else code), grade)


def headword(word: str) -> tuple[Lexeme, ...]:
    """The lexemes of a dictionary form; one without a type of its own inflects like its last part."""
    found = listed(word)
    if found is None:
        return ()
    if not found and word in _PRONOUNS:
        return (Lexeme(word, _UNINFLECTED, ""),)
    return found or last_part(word) or tuple(_guess(word))


def last_part(word: str, shortest: int = 2) -> tuple[Lexeme, ...]:
    """A compound's lexemes: the word itself with the types of the dictionary word it ends in."""
    splits = [(word[:start], listed(word[start:])) for start in range(1, len(word) - shortest + 1)]
    known = [(head, parts) for head, parts in splits if parts and parts[0].kind != _UNINFLECTED]
    whole = [split for split in known if _is_listed_first_part(split[0])]
    for head, parts in (whole or known)[:1]:
        return tuple(_compounded(head, parts or ()))
    return ()


def _is_listed_first_part(word: str) -> bool:
    return any(listed(form) is not None for form in (word, word.removesuffix("n"), word.removesuffix("s") + "nen"))


def _compounded(head: str, parts: Iterable[Lexeme]) -> Iterator[Lexeme]:
    for part in parts:
        if part.kind != _UNINFLECTED:
            yield part._replace(word=head + part.word, head=head + part.head)


@lru_cache(maxsize=512)
def inflect(lexeme: Lexeme) -> Forms:
    """Every form of a lexeme."""
    word, kind, grade, guessed, head = lexeme
    forms = Forms([word])
    if head:
        forms.add(inflect(Lexeme(word[len(head) :], kind, grade)), head)
    elif kind == _UNINFLECTED:
        if word not in _PRONOUNS and len(word) > 3:
            forms.possess([word], lengthened=True)
    elif kind == _BOTH_PARTS:
        forms.add(_inflect_both(word))
    elif kind > _BOTH_PARTS:
        forms.add(conjugate(word, kind, grade))
        _set_apart_nouns(forms, word[-1])
    else:
        base = _singular(word, kind, grade) if _is_plural(word, kind) else word
        compare = word not in _NO_ADJECTIVES and (not guessed or kind == 38)
        forms.add(decline(base, kind, grade, compare=compare))
    if guessed and kind != 38:
        forms.plain -= forms.rare
    for part in _IRREGULAR.get(word, ()):
        forms.add(decline(*part, compare=True))
    forms.plain.update(_PRONOUNS.get(word, "").split())
    return forms


def _set_apart_nouns(forms: Forms, harmony: str) -> None:
    """Mark as unusual what looks like a noun of its own (sanoa: sanoma) unless it is an infinitive (sanomaan)."""
    for agent in [form for form in forms.plain if form.endswith("m" + harmony) and listed(form)]:
        infinitives = {agent + ending.replace("A", harmony) for ending in ("ssA", "stA", "An", "llA", "ttA")}
        usual = infinitives
        if agent in _NOUN_AT_ALL_TIMES:
            usual = set()
            forms.hosts = {host for host in forms.hosts if not host.startswith(agent)}
            forms.lengthened = {form for form in forms.lengthened if not form.startswith(agent)}
        forms.rare |= {form for form in forms.plain if form.startswith(agent)} - usual
        forms.rare |= {form for form in forms.plain if form.startswith(agent[:-1] + "i")}


def _is_plural(word: str, kind: int) -> bool:
    return word[-1] == "t" and (kind not in (5, 22, 43, 44, 46, 47) or (kind == 5 and word[-2:-1] == "i"))


def _singular(word: str, kind: int, grade: str) -> str:
    """The singular that a plural dictionary form (kasvot, sakset, häät) inflects like."""
    stem = word[:-1]
    if kind in (38, 39, 41, 48):
        cut, ending = {38: (2, "nen"), 39: (3, "s"), 41: (1, "s"), 48: (1, "")}[kind]
        return stem[:-cut] + ending
    if grade:
        stem = strengthen(stem, grade)
    return stem[:-1] + "i" if kind in (7, 23, 24, 25, 26) else stem


def _inflect_both(word: str) -> Forms:
    """The forms of a compound whose both parts inflect (omatunto: omantunnon)."""
    for start in range(3, len(word) - 2):
        first, second = headword(word[:start]), headword(word[start:])
        if first and second:
            heads = {form for lexeme in first for form in inflect(lexeme).plain if len(form) < start + 8}
            tails = {form for lexeme in second for form in inflect(lexeme).plain if len(form) < len(word) - start + 8}
            return Forms(head + tail for head in heads for tail in tails)
    return Forms()


@lru_cache(maxsize=20_000)
def dictionary_words(form: str) -> tuple[Lexeme, ...]:
    """The listed lexemes a form without possessive suffix can belong to, other than as their dictionary form."""
    return tuple(lexeme for lexeme in _candidates(form) if form in inflect(lexeme).plain)


@lru_cache(maxsize=20_000)
def possessed_words(form: str) -> tuple[Lexeme, ...]:
    """The listed lexemes that the form belongs to with a possessive suffix."""
    return tuple(lexeme for lexeme in _candidates(form) if inflect(lexeme).possessed(form))


@lru_cache(maxsize=64)
def _candidates(form: str) -> tuple[Lexeme, ...]:
    """Listed lexemes that may have the form: stem changes touch at most the last four letters of a word."""
    return tuple(lexeme for lexeme in _lexemes_near(form) if _may_have(lexeme, form))


def _lexemes_near(form: str) -> Iterator[Lexeme]:
    for word, forms in _PRONOUNS.items():
        if form in forms.split():
            yield from headword(word) or (Lexeme(word, _UNINFLECTED, ""),)
    for word in _LOSING_SECOND_LETTER:
        if word[0] == form[0]:
            yield from headword(word)
    third = form[2:3] if form[0] not in VOWELS else ""
    for line in _lines_near(form, 3 if third in _STEADY else 2):
        if third and line[2:3] != third and line[2:3] in _STEADY:
            continue
        word, _, codes = line.partition("\t")
        if form.startswith(word[: max(2, len(word) - 4)]) and word != form:
            yield from (_lexeme(word, code) for code in codes.split()) if codes else last_part(word)


def _lines_near(form: str, shared: int) -> list[str]:
    """Lines that share so many first letters with the form, most words too long for it left out."""
    lines, beginning, longer = _lines(), form[:shared], form[: shared + 1]
    first = bisect_left(lines, _encoded(beginning))
    after = bisect_left(lines, _encoded(beginning + _LAST), first)
    near = b"\n".join(lines[first:after]).decode().splitlines()
    long = shared + 5
    return [line for line in near if line.startswith(longer) or len(line) < long or "\t" in line[:long]]


def every_form_begins(word: str) -> str:
    """Letters that every form of a listed dictionary word begins with; "" where none are known."""
    found = listed(word)
    if found is None or len(word) < 4 or word in _PRONOUNS or word in _IRREGULAR or word in _LOSING_SECOND_LETTER:
        return ""
    if any(lexeme.kind == _BOTH_PARTS for lexeme in found or last_part(word)):
        return ""
    changing = 6 if word.endswith(("lla", "llä")) else 4
    return word[: max(1 if word[0] in VOWELS else 2, len(word) - changing)]


def _may_have(lexeme: Lexeme, form: str) -> bool:
    """A cheap first test: the form begins like one of the word's stems."""
    word, kind, grade, _, head = lexeme
    if head:
        return form.startswith(head) and _may_have(Lexeme(word[len(head) :], kind, grade), form[len(head) :])
    if kind == _BOTH_PARTS or word in _PRONOUNS or word in _IRREGULAR or _is_plural(word, kind):
        return True
    if kind == _UNINFLECTED:
        return form.startswith(word)
    if kind != 49 and not form.endswith(_LAST_LETTERS):
        return False
    if any(letter not in word for letter in _IN_NO_ENDING.intersection(form)):
        return False
    return form.startswith(verb_roots(word, kind, grade) if kind > _BOTH_PARTS else roots(word, kind, grade))


def lexemes(word: str, *, name: bool = False) -> tuple[Lexeme, ...]:
    """The lexemes a keyword stands for; name says that it is written as a proper name or an abbreviation."""
    found = headword(word)
    if found:
        return found + tuple(Lexeme(word, kind, "", guessed=True) for kind in _kinds(word) if name and kind < 17)
    if name and word[-1] == "t":  # Alankomaat
        return _compound(word) + tuple(_guesses(word))
    if not name:
        found = dictionary_words(word) or possessed_words(word) or _compound(word)
        if found:
            return found
    return tuple(_guesses(word))


def _compound(word: str) -> tuple[Lexeme, ...]:
    """Lexemes of a compound the list does not have, given in the dictionary form or inflected."""
    for start in range(len(word) - 3, 2, -1):
        head, tail = word[:start], word[start:]
        if not is_first_part(head):
            continue
        found = headword(tail)
        if not found and len(tail) > 3:
            found = dictionary_words(tail)
        usable = tuple(_compounded(head, found))
        if usable:
            return usable
    return ()


def is_first_part(word: str) -> bool:
    """Whether the word can begin a compound: listed, or the genitive of a listed nominal."""
    if _is_listed_first_part(word):
        return True
    return word[-1] == "n" and any(kind < _BOTH_PARTS for _, kind, *_ in dictionary_words(word))


def _guesses(word: str) -> Iterator[Lexeme]:
    yield from _guess(word)
    inflected = _CASE_ENDING.match(word)
    if inflected:
        stem = inflected[1]
        for base in dict.fromkeys((stem, *(strengthen(stem, grade) for grade in "ABCDFGHIJK"))):
            yield from _guess(base)


def _guess(word: str) -> Iterator[Lexeme]:
    """Lexemes of a word the list does not have, by its ending and by listed words that end alike."""
    yield from last_part(word, shortest=4)
    cluster = _CONSONANTS_BEFORE_END.search(word)
    consonants = cluster[1] if cluster else ""
    grade = _GRADE_OF_CLUSTER.get(consonants) or _GRADE_OF_CLUSTER.get(consonants[-2:], "")
    for kind in _kinds(word):
        yield Lexeme(word, kind, "", guessed=True)
        if grade and kind < 17:
            yield Lexeme(word, kind, grade, guessed=True)
    for ending, codes in _DERIVED.items():
        if word.endswith(ending):
            yield from (_lexeme(word, code)._replace(guessed=True) for code in codes.split())
            break


def _kinds(word: str) -> tuple[int, ...]:
    last, before = word[-1], word[-2:-1]
    if last not in VOWELS:
        if word.endswith("nen"):
            return (38, 5)
        return (5, 22, 39, 41) if last == "s" else (5, 22)
    if last == before:
        return (17, 18, 20)
    if last in "aä":
        return (9, 10, 12)
    if last in "eé":
        return (8, 48, 21) if last == "e" else (21,)
    if last == "i":
        return (5, 6, 18) if before and before in VOWELS else (5, 6)
    return (1, 2, 3, 19) if before and before in VOWELS else (1, 2, 21)
