"""The words of Norwegian Bokmål and how they inflect: Norsk Ordbank's paradigms and a table of irregular words.

A lexeme is a dictionary word of one kind: noun, verb, adjective, adverb or other. Each of its forms has tags:
N, D, P for a noun's indefinite singular, definite and indefinite plural; I, F, T, M, G for a verb's infinitive,
finite form, past participle, imperative and present participle; A for an adjective; C for all else; S for a genitive.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from ifeval_fi.resources import resource

_CHANGE = re.compile(r"(\d*)(.*)")
_LONGEST_WORD = 60
_TAKES_T = re.compile(r"[lmnrpfv]$|[^s]k$|^[^aeiouyæøå]+[aeiouyæøå]+s$")
_VERB_PREFIXES = (
    "an av be bi bort for fore forut fram frem fra god gjen gjennom igjen inn iverk mis ned om opp over på sam "
    "sammen sann til tilbake under unn unna ut ved vedlike vei videre fast etter mot med del dag døds rett hånd ihjel "
    "løs selv tvang bak hjem kring stad full grunn kors"
).split()
_PREPOSITIONS = """
    i på av til med for fra om under over ved mot uten hos mellom gjennom etter før per blant rundt langs bak foran
    innen inntil utenfor innenfor omkring ifølge via kontra mens og eller men at som hvis når da fordi enn
"""
# Words of the list that a reader does not think of.
_RARE = frozenset(
    "mors n,træ v,ender d,så n,vant n,la n,tenner n,hende n,lette n,spille n,veier n,faren a,i n,om n,et "
    "n,en n,er n,ere n,le n,vise d,ville a,"
    "var a,var n,bli n,være n,ete n,får v,se n,si n,gi n,ta n,mat v,mate n,bite n,vite n,dra n,kan n,skal v,har n,"
    "gå n,stå n,fare a,bør a,må n,sin n,din n,min n,vi n,hun n,du n,de n,den n,vel n,lite n,mye n,på n,av n,til n,"
    "med n,men v,arbeide n,far v,hans n,hus v,ord v,tre a,mor v,tid v,barn v,lang n,god n,kald n,stor n,ung n,"
    "ny n,rød n,snill n,fin n,bra n,vei v,gir a".split(",")
)
# Equal spellings of what many compounds begin with.
_PAIRS = (
    "fram frem;sjøl selv;heim hjem;stein sten;steine stene;veg vei;melke mjølke;golv gulv;bein ben;hånd hand;"
    "sjuke syke;gård gard;gårds gards;lauv løv;røyk røk;aust øst;vann vatn;snø sne;hage have;farge farve;"
    "språk sprog;skau skog"
)
_FIRST_PARTS = [pair for each in _PAIRS.split(";") for pair in (each.split(), each.split()[::-1])]
_SHORTEST_REST = 2
_GUESSED_NOUN = ("", "en", "et", "a", "er", "ene")
_GUESSED_NOUN_E = ("", "n", "t", "r", "ne", "1a")


@dataclass(frozen=True)
class Lexeme:
    """A dictionary word: `kind` is n, v, a, d or o, `paradigm` how it inflects, `begins` the rest of a compound."""

    word: str
    kind: str
    paradigm: str = ""
    begins: str = ""


@cache
def _tables() -> tuple[Mapping[str, tuple[Lexeme, ...]], Mapping[str, tuple[Lexeme, ...]], Mapping[Lexeme, str]]:
    """Lexemes by dictionary word, by the first two letters of it, and the rows of the irregular ones."""
    by_word: dict[str, list[Lexeme]] = defaultdict(list)
    rows: dict[Lexeme, str] = {}
    for line in resource("languages", "nb", "irregular.tsv").read_text(encoding="utf-8").splitlines():
        name, _, rest = line.partition("\t")
        if name in ("verb", "noun", "adj", "other"):
            words, _, forms = rest.partition("\t")
            for word in words.split("/"):
                lexeme = Lexeme(word, name[0], "irregular")
                by_word[word].append(lexeme)
                rows[lexeme] = rest if name == "verb" else f"{word} {forms}"
    for word in _PREPOSITIONS.split():
        by_word[word].append(Lexeme(word, "o", "irregular"))
    irregular = {(lexeme.word, lexeme.kind) for lexeme in rows}
    for line in resource("languages", "nb", "words.tsv").read_text(encoding="utf-8").splitlines():
        head, _, listed = line.partition("\t")
        kind, _, paradigm = head.partition(" ")
        for word in listed.split():
            if (word, kind) not in irregular and f"{word} {kind}" not in _RARE:
                by_word[word].append(Lexeme(word, kind, paradigm))
    buckets: dict[str, list[Lexeme]] = defaultdict(list)
    for word, found in by_word.items():
        buckets[word[:2]] += [lexeme for lexeme in found if lexeme not in rows]
    return (
        {word: tuple(found) for word, found in by_word.items()},
        {letters: tuple(found) for letters, found in buckets.items()},
        rows,
    )


@cache
def _irregular_forms() -> Mapping[str, tuple[Lexeme, ...]]:
    found: dict[str, list[Lexeme]] = defaultdict(list)
    for lexeme in _tables()[2]:
        for form in inflect(lexeme):
            found[form].append(lexeme)
    return {form: tuple(those) for form, those in found.items()}


@cache
def strong_verbs() -> frozenset[str]:
    """The finite forms of the irregular verbs."""
    rows = (row.split("\t")[1:3] for lexeme, row in _tables()[2].items() if lexeme.kind == "v")
    return frozenset(form for cells in rows for cell in cells for form in cell.split("/"))


@cache
def spellings() -> Mapping[str, tuple[str, ...]]:
    """The equal spellings of one headword, by each of them (fram, frem)."""
    groups: dict[str, dict[str, None]] = {}
    for line in resource("languages", "nb", "irregular.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("same\t"):
            words = dict.fromkeys(line[5:].split())
            for word in tuple(words):
                words |= groups.get(word, {})
            groups |= dict.fromkeys(words, words)
    return {word: tuple(group) for word, group in groups.items()}


def variants(word: str) -> tuple[str, ...]:
    """The word in all its equal spellings, those of a compound's first part included (framgangsrik, fremgangsrik)."""
    if word in spellings():
        return spellings()[word]
    swapped = (
        other + word[len(part) :]
        for part, other in _FIRST_PARTS
        if word.startswith(part) and len(word) > len(part) + _SHORTEST_REST
    )
    return (word, *swapped)


@lru_cache(maxsize=8192)
def inflect(lexeme: Lexeme) -> Mapping[str, str]:
    """The tags of each form of the lexeme."""
    forms: dict[str, str] = {}
    row = _tables()[2].get(replace(lexeme, begins="") if lexeme.begins else lexeme)
    if row is None:
        forms |= _regular(lexeme)
    elif lexeme.kind == "v":
        forms |= _strong(row)
    elif lexeme.kind == "n":
        forms |= _noun_tags(lexeme.word, row.split())
    else:
        forms |= dict.fromkeys(row.split(), "A" if lexeme.kind == "a" else "C")
    if lexeme.kind == "n":
        forms = {form + "s": tag + "S" for form, tag in forms.items() if form[-1] not in "sxz"} | forms
    elif lexeme.kind == "a":
        forms |= {form + "s": "A" for form in tuple(forms) if form.endswith("e")}
    return {lexeme.begins + form: tag for form, tag in forms.items()} if lexeme.begins else forms


def _regular(lexeme: Lexeme) -> dict[str, str]:
    if lexeme.kind == "v":
        return _weak(lexeme.word, lexeme.paradigm)
    if lexeme.kind not in "na" or not lexeme.paradigm:
        return {lexeme.word: "C" if lexeme.kind == "d" else "A" if lexeme.kind == "a" else "NP"}
    forms = []
    for each in lexeme.paradigm.split(" "):
        less, more = _CHANGE.fullmatch(each).groups()  # type: ignore[union-attr]
        forms.append(lexeme.word[: len(lexeme.word) - int(less or 0)] + more)
    if lexeme.kind == "a":
        return dict.fromkeys((lexeme.word, *forms, *_neuter(lexeme.word, forms)), "A")
    return {lexeme.word: "N"} | _noun_tags(lexeme.word, forms)


def _neuter(word: str, forms: list[str]) -> Iterable[str]:
    """The -t of an adjective whose paradigm leaves it out: klar, klart; tykk, tykt; not norsk, glad, billig."""
    if any(form in (word + "t", word[:-1] + "t") for form in forms) or not _TAKES_T.search(word):
        return ()
    return ((word[:-1] if word[-1] == word[-2] else word) + "t",)


def _noun_tags(word: str, forms: Iterable[str]) -> dict[str, str]:
    """Tags of a noun's forms; the bare word is a plural too where there is no other (hus)."""
    tags = {
        form: "P" if form.endswith(("er", "re", "ler")) or not form.endswith(("en", "et", "a", "ne")) else "D"
        for form in forms
        if form != word
    }
    return {word: "N" if "P" in tags.values() else "NP"} | tags


def _weak(word: str, classes: str) -> dict[str, str]:
    """A weak verb's forms; its class is e (kastet), t (leste), d (levde) or D (bodde)."""
    if word.endswith("s"):
        return {word: "I"} | ({word[:-2] + "tes": "F", word[:-2] + "des": "F"} if word.endswith("es") else {})
    stem = word.removesuffix("e")
    short = stem[:-1] if stem[-2:-1] == stem[-1:] else stem
    forms = {word: "I", word + "r": "F", word + "s": "I", stem + "ende": "G"}
    if "e" in classes or not classes:
        forms |= {stem + "et": "FT", stem + "a": "FT", stem + "ede": "T"}
        if not any(each.kind == "a" for each in _tables()[0].get(stem + "ete", ())):
            forms[stem + "ete"] = "T"  # but tåkete is no form of tåke
    for letter in "td":
        if letter in classes:
            forms |= {short + letter + "e": "FT", short + letter: "T", short + letter + "es": "F"}
    if "D" in classes:
        forms |= {stem + "dde": "F", stem + "dd": "T"}
    imperative = short if stem.endswith("mm") else stem
    return forms | ({imperative: "M"} if imperative not in forms else {})


def _strong(row: str) -> dict[str, str]:
    """A strong verb's forms: infinitives, presents, preterites and participles, each parted by slashes."""
    infinitives, presents, pasts, participles = (cell.split("/") for cell in row.split("\t"))
    forms: dict[str, str] = {}
    for word in infinitives:
        stem = word.removesuffix("e")
        if word.endswith("s"):
            forms |= {word: "I"}
            continue
        forms |= {
            word: "I",
            word + "s": "I",
            word.removesuffix("e" if len(word) > 2 else "") + "es": "I",
            stem + "ende": "G",
        }
        forms.setdefault(stem[:-1] if stem.endswith("mm") else stem, "M")
    for form in (*presents, *pasts):
        forms[form] = forms.get(form, "") + "F"
    for participle in participles:
        forms[participle] = forms.get(participle, "") + "T"
        for agreeing in _agreeing(participle):
            forms.setdefault(agreeing, "T")
    for past in pasts:
        if past.endswith("te") or past.endswith("de"):
            forms.setdefault(past + "s", "F")
    return forms


def _agreeing(participle: str) -> Iterable[str]:
    """A participle as an attribute: skrevet, skreven, skrevne; gitt, gitte."""
    if not participle.endswith("et"):
        return (participle + "e",)
    stem = participle[:-2]
    short = stem[:-1] if stem[-2:-1] == stem[-1:] else stem
    plural = stem + "e" if stem.endswith("nn") else short + "ne"
    return (stem + "en", plural, stem + "ede", stem + "ete")


@lru_cache(maxsize=4096)
def lexemes(word: str) -> tuple[Lexeme, ...]:
    """The dictionary words that the small-lettered word is, else those it is a form of, else how it likely inflects."""
    by_word = _tables()[0]
    found = tuple(_known(lexeme) for lexeme in by_word.get(word, ()))
    if len(word) < 5 and found and all(each.kind == "n" and not each.paradigm for each in found):
        return _guess(word)  # an abbreviation: tv, pc
    if found or len(word) > _LONGEST_WORD:
        return found or (Lexeme(word, "o"),)
    return analyses(word) or _compound(word) or _guess(word)


def _known(lexeme: Lexeme) -> Lexeme:
    """A verb without a class of its own inflects as the strong verb it ends in (beskrive)."""
    if lexeme.kind == "v" and lexeme.paradigm != "irregular":
        for start in range(2, len(lexeme.word) - 1):
            end = Lexeme(lexeme.word[start:], "v", "irregular")
            if end in _tables()[2] and lexeme.word[:start] in _VERB_PREFIXES:
                return Lexeme(end.word, "v", "irregular", lexeme.word[:start])
    return lexeme


@lru_cache(maxsize=8192)
def analyses(form: str) -> tuple[Lexeme, ...]:
    """The listed words that the form belongs to."""
    found = dict.fromkeys(_irregular_forms().get(form, ()))
    for lexeme in _tables()[1].get(form[:2], ()):
        word = lexeme.word
        if form.startswith(word[: max(2, len(word) - 4)]) and len(form) <= len(word) + 6:
            lexeme = _known(lexeme)
            if form in _cheaply_inflected(lexeme):
                found[lexeme] = None
    return tuple(found)


@lru_cache(maxsize=65536)
def _cheaply_inflected(lexeme: Lexeme) -> Mapping[str, str]:
    return inflect(lexeme)


def _compound(word: str) -> tuple[Lexeme, ...]:
    """An unlisted compound inflects as its last part (hundehus, underprestere), the longest that is listed."""
    by_word = _tables()[0]
    found = [
        replace(each, begins=prefix)
        for prefix in _VERB_PREFIXES
        if word.startswith(prefix)
        for each in by_word.get(word[len(prefix) :], ())
        if each.kind == "v"
    ]
    if found and word.endswith("ere"):
        return tuple(found)
    for start in range(2, len(word) - 2):
        last = [lexeme for lexeme in by_word.get(word[start:], ()) if lexeme.kind in "na"]
        if not last and start < 12:
            last = [each for each in analyses(word[start:]) if each.kind in "n" and len(word) - start > 4]
        if last:
            return (*(replace(each, begins=word[:start]) for each in last), *found)
    return tuple(found)


def _guess(word: str) -> tuple[Lexeme, ...]:
    if len(word) < 2 or not word.isalpha():
        return (Lexeme(word, "n", ""),)
    changes = _GUESSED_NOUN_E if word.endswith("e") else _GUESSED_NOUN + (("e", "ne") if word.endswith("er") else ())
    noun = Lexeme(word, "n", " ".join(changes))
    return (noun, Lexeme(word, "v", "te")) if word.endswith("e") else (noun,)
