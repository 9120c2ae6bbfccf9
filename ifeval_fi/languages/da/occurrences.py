"""Occurrences of a keyword in Danish text: the same dictionary word in any inflected form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ifeval_fi.languages.da.context import Surroundings, function_word_weight, surroundings, weight
from ifeval_fi.languages.da.inflection import OTHER, Lexeme, listed_noun
from ifeval_fi.languages.da.lexicon import FUNCTION_WORDS, by_form, lexemes, listed
from ifeval_fi.text import nfc

_LETTERS = r"[^\W_]+"
_TOKEN = re.compile(rf"{_LETTERS}(?:'{_LETTERS})*")
_KEYWORD = re.compile(rf"{_LETTERS}(?:'{_LETTERS})*'?(?:(?:\s+|-){_LETTERS}(?:'{_LETTERS})*'?)*")
_BETWEEN = re.compile(r"[*_]*\s+[*_]*")
_PLAIN = {**dict.fromkeys(map(ord, "\u00ad\u2060\ufeff\ufe0e\ufe0f")), 0x2010: "-", 0x2011: "-", 0x2019: "'", 0xB4: "'"}
_VARIANT = re.compile(f"[{''.join(map(chr, _PLAIN))}]")
_ACUTE = str.maketrans("éáíóúýÉÁÍÓÚÝ", "eaiouyEAIOUY")
# What follows the apostrophe of EU's, tv'et, pc'erne.
_ENDING = re.compile(r"(?:e?n|e?t|e?r|e?rne|ene|e)?s?")
# A noun before a verb or adjective that is spelled alike: a prompt that asks for the word means the noun.
_NOUN_MEANT = frozenset(
    "dyr have får tog ret kort bad fyr fast led vand løber leder sang unge ende leje ged ged stille lade tro gift vagt rest "
    "mål gang væg hav mod ved fad rør vask spil slag fald skat hus måde lys under vej art bank fare lyst".split()
)
_VERB_MEANT = frozenset("få være blive".split())
# Words that only the accent tells from another: allé, armé, entré.
# Closed-class verbs that inflect.
_INFLECTED = frozenset("har have havde er var være kan kunne skal skulle vil ville må".split())
_TOLD_BY_ACCENT = frozenset("alle arme entre".split())
_ADJECTIVE_MEANT = frozenset("tør fast stille rig let glat".split())
# First names and surnames that are common nouns too; written with a capital inside a sentence they are names.
_NAMES = frozenset(
    "bjørn sten rose lærke vibe ravn ulv falk bo dag liv pil storm ask birk svend viola iris lilje my holm lund berg bæk dal "
    "smed skov krog lind krone bonde jul kok fisker jæger præst due bro borg busk friis gran hjort høj krag kvist lærke møller "
    "munk myre odin palle per ring skytte stig stær svane thor tang vang vinter sommer winther bech buhl gade hede kær mark nygaard "
    "toft vest nord øst hansen rask bager skrædder degn fynbo jyde kæmpe kjær lang lykke mus nørgaard rosen kaj lasse ib ulla".split()
)
# Verbs in -s with an entry of their own: no passives of the verb without it.
_DEPONENTS = {
    "synes": None, "syntes": None, "mindes": None, "mindedes": None, "længes": None, "længtes": None, "enes": None, "enedes": None,
    "lykkes": None, "lykkedes": None, "nøjes": None, "undres": None, "undredes": None, "trives": None, "skændes": None, "skændtes": None,
    "sloges": None, "ældes": None,
    "slås": re.compile(r"(?!\W+(?:op|ned|fast|ud|ind|sammen|til|af)\b)"),
    "findes": None, "fandtes": None,
}  # fmt: skip
_LONGEST_WORD = 60


class _Matcher:
    """Tells whether a token, in small letters and without accents, is a form of one word of a keyword."""

    def __init__(self, word: str) -> None:
        folded = word.lower()
        self.word = folded.translate(_ACUTE)
        self.accented = self.word != folded
        self.lexemes: tuple[Lexeme, ...] = ()
        if len(word) <= _LONGEST_WORD and self.word.isalpha():
            self.lexemes = _meant(self.word, name=word[0].isupper(), accented=self.accented)
        kinds = {lexeme.kind for lexeme in self.lexemes}
        self.closed = kinds <= {"word"} or (self.word in FUNCTION_WORDS and kinds <= {"word", "adjective"})
        self.auxiliary = kinds == {"verb"} and self.word in _INFLECTED
        self.forms: dict[str, list[Lexeme]] = {}
        for lexeme in self.lexemes:
            for form in lexeme.forms:
                self.forms.setdefault(form, []).append(lexeme)
        self.forms.setdefault(self.word, [])
        if not self.lexemes and self.word[-1:].isalpha() and not word.isupper():
            self.forms.setdefault(self.word + "s", [])
        self.others: dict[str, list[Lexeme]] = {}
        self.starts = _common_beginning(min(self.forms), max(self.forms))

    def __call__(self, text: str, start: int, end: int) -> bool:
        written = text[start:end]
        token = written.translate(_ACUTE)
        base, mark, ending = token.partition("'")
        if mark:
            return base in self.forms and _ENDING.fullmatch(ending) is not None
        if token not in self.forms:
            return False
        if token != self.word and token in _DEPONENTS and self.word not in _DEPONENTS:
            used = _DEPONENTS[token]
            if used is None or used.match(text, end):
                return False
        return self._is_meant(token, written != token, text, start, end)

    def _is_meant(self, token: str, accented: bool, text: str, start: int, end: int) -> bool:
        """Whether the form is this word and no other that is spelled alike."""
        if accented and (self.accented or self.word in _TOLD_BY_ACCENT):
            return self.accented
        others = self._others(token)
        closed = token in FUNCTION_WORDS and not self.closed
        if self.auxiliary or not (others or closed) or not self.forms[token]:
            return True
        around = surroundings(text.translate(_ACUTE), start, end) if len(text) < 400 else _near(text, start, end)
        if not around.before and not around.after:
            return True
        own = max(weight(token, lexeme, around) for lexeme in self.forms[token])
        if self.closed:
            own = max(own, function_word_weight(token, around))
        other = max((weight(token, lexeme, around) for lexeme in others), default=-99.0)
        if closed and not accented:
            other = max(other, function_word_weight(token, around))
        return own >= other

    def _others(self, token: str) -> list[Lexeme]:
        if token not in self.others:
            own = {(lexeme.word, lexeme.kind) for lexeme in self.lexemes}
            self.others[token] = [each for each in by_form().get(token, ()) if (each.word, each.kind) not in own]
        return self.others[token]


def _near(text: str, start: int, end: int) -> Surroundings:
    first = max(0, start - 160)
    return surroundings(text[first : end + 160].translate(_ACUTE), start - first, end - first)


def _meant(word: str, *, name: bool, accented: bool) -> tuple[Lexeme, ...]:
    """The words a keyword can stand for; of two that are spelled alike the one a prompt would ask for.

    A name or abbreviation has none: only its genitive needs no apostrophe.
    """
    found = lexemes(word)
    if word in _TOLD_BY_ACCENT and not accented:
        found = tuple(each for each in by_form()[word] if each.word != word) or found
    if name and word not in listed() and word not in by_form():
        return ()
    if found[0].guessed and accented and word.endswith("e"):
        forms = listed_noun([word], [word + "en", word + "et"], [word + "er"], [word + "erne"])
        return (Lexeme(word, "noun", forms, guessed=True),)
    for words, kind in ((_ADJECTIVE_MEANT, "adjective"), (_NOUN_MEANT, "noun"), (_VERB_MEANT, "verb")):
        if word in words and (chosen := tuple(lexeme for lexeme in found if lexeme.kind == kind)):
            return chosen
    if word in FUNCTION_WORDS and not accented:
        same = tuple(each for each in found if each.kind in ("word", "adjective") or word in _INFLECTED)
        return same or (Lexeme(word, "word", {word: OTHER}),)
    return found


def _common_beginning(first: str, second: str) -> str:
    length = next(
        (i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
    )
    return first[:length]


@lru_cache(maxsize=256)
def _matcher(word: str) -> _Matcher:
    return _Matcher(word)


def occurrences(text: str, keyword: str) -> list[str]:
    """The words or word groups of the text that are the keyword in any inflected form, in order."""
    text, keyword = _normalise(text), _normalise(keyword).strip()
    if not keyword:
        return []
    folded = text.lower()
    if len(folded) != len(text):
        text = folded
    if len(keyword) <= _LONGEST_WORD * 2 and _KEYWORD.fullmatch(keyword) and not keyword.isdigit():
        return [text[start:end] for start, end in _inflected(text, folded, keyword)]
    return [text[match.start() : match.end()] for match in _literal(keyword).finditer(folded)]


def _normalise(text: str) -> str:
    if _VARIANT.search(text):
        text = text.translate(_PLAIN)
    return nfc(text)


@lru_cache(maxsize=512)
def _literal(keyword: str) -> re.Pattern[str]:
    folded = keyword.lower()
    before = r"(?<![^\W_])" if folded[0].isalnum() else ""
    after = r"(?![^\W_])" if folded[-1].isalnum() else ""
    if folded[0].isdigit():
        before += r"(?<!\d[.,:])"
    if folded[-1].isdigit():
        after += r"(?![.,:]\d)"
    body = r"\s+".join(re.escape(part) for part in folded.split())
    return re.compile(f"{before}{body}{after}")


def _inflected(text: str, folded: str, keyword: str) -> Iterator[tuple[int, int]]:
    """Spans of the text where the keyword's words stand in a row, each in some form."""
    parts = re.findall(rf"({_LETTERS}(?:'{_LETTERS})*)'?(\s|-|$)", keyword)
    if keyword == "I":
        yield from (match.span() for match in re.finditer(r"(?<![^\W_])(?:I(?!['’]|\.\w)|[Jj]er|JER)(?![^\W_])", text))
        return
    matchers = [_matcher(word) for word, _ in parts]
    hyphened = [separator == "-" for _, separator in parts]
    name = len(parts) == 1 and keyword.lower() in _NAMES
    free = 0
    for token in _TOKEN.finditer(folded):
        start, end = token.span()
        if start < free or not token[0].translate(_ACUTE).startswith(matchers[0].starts):
            continue
        if not matchers[0](folded, start, end) or _suspended(folded, start, end, len(parts) > 1 and hyphened[0]):
            continue
        if name and keyword[0].islower() and _is_name(text, start, end, keyword):
            continue
        last: int | None = end
        for matcher, hyphen in zip(matchers[1:], hyphened, strict=False):
            last = last and _next(folded, last, matcher, hyphen)
        if last:
            free = last
            yield start, last


def _suspended(text: str, start: int, end: int, joined: bool) -> bool:
    """Whether a hyphen stands for the rest of a closed compound: skole- og kulturudvalget, musikskole og -skole."""
    if not joined and text[end : end + 1] == "-" and not text[end + 1 : end + 2].isalnum():
        return text[end + 1 : end + 2] in (" ", ",", "\n", "\u00a0", "/", "")
    return (
        text[start - 1 : start] == "-"
        and re.search(r"[^\W_](?:[ ,]|[ ,](?:og|eller) )-$", text[max(0, start - 8) : start]) is not None
    )


def _is_name(text: str, start: int, end: int, keyword: str) -> bool:
    """Whether the token is a person's name: a capital inside a sentence, or opening one without an ending."""
    if not text[start].isupper() or text[start:end].isupper() and end - start > 1:
        return False
    before = text[max(0, start - 3) : start].rstrip(" \"”“»«*_'")
    inside = before[-1:].isalnum() or before[-1:] in (",", ";", "-", "&")
    bare = text[start:end].lower() in (keyword.lower(), keyword.lower() + "s")
    return bare and (inside or not re.match(r"[ ]*[.!?:,\n]|$", text[end : end + 2]))


def _next(text: str, at: int, matcher: _Matcher, hyphen: bool) -> int | None:
    """Where the next word of a keyword ends, if it follows."""
    if hyphen:
        token = _TOKEN.match(text, at + 1) if text[at : at + 1] == "-" else None
    else:
        gap = _BETWEEN.match(text, at)
        token = _TOKEN.match(text, gap.end()) if gap else None
    return token.end() if token and matcher(text, *token.span()) else None
