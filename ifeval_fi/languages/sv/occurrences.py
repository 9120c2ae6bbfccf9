"""Occurrences of a keyword in Swedish text: the same dictionary word in any inflected form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ifeval_fi.languages.sv.context import REACH, SUBJECTS, Place, meant_here, part_here, place
from ifeval_fi.languages.sv.lexicon import Lexeme, lexemes, readings
from ifeval_fi.text import nfc

_TOKEN = re.compile(r"[^\W_][\w\u0300-\u036f]*(?:[':](?!//)[^\W_][\w\u0300-\u036f]*)*")
_KEYWORD = re.compile(rf"{_TOKEN.pattern}(?:(?:\s+|-){_TOKEN.pattern})*")
_BETWEEN = re.compile(r"\**\s+\**|-")
_VARIANT = re.compile("[\u00ad\u2060\ufeff\ufe0e\ufe0f\u2010\u2011\u2019]")
_PLAIN = {**dict.fromkeys(map(ord, "\u00ad\u2060\ufeff\ufe0e\ufe0f")), 0x2010: "-", 0x2011: "-", 0x2019: "'"}
# What follows the colon of EU:s, tv:n, pdf:er, or an apostrophe.
_ENDING = re.compile(r"(?:[nta]|en|et|er|ar|or|na|(?:er|ar|or)na|ern|are|aren)?s?")
# Written together or apart, one word.
_TOGETHER = frozenset(
    "idag imorgon igår ikväll inatt iår ifjol imorse iförrgår istället iväg isär ihop igen ikapp ihjäl framförallt "
    "överhuvudtaget tillbaks tillsvidare såsom uppifrån tillgodo".split()
)
_LONGEST_WORD = 60
# So many words of a text that may be homographs are judged by their place; no answer has as many.
_MOST_PLACES = 2000


class _Matcher:
    """Tells whether a token of a text, in small letters, is a form of one word of a keyword."""

    def __init__(self, word: str, name: bool) -> None:
        self.word = word
        self.lexemes = lexemes(word, name=name) if len(word) <= _LONGEST_WORD else ()
        self.own = frozenset(lexeme.word for lexeme in self.lexemes) | {word}
        self.parts = frozenset(lexeme.part for lexeme in self.lexemes)
        self.listed = any(lexeme.listed for lexeme in self.lexemes)
        self.forms = frozenset({word}.union(*(lexeme.forms for lexeme in self.lexemes)))
        beginnings = "|".join(sorted(map(re.escape, {form[:2] for form in self.forms})))
        self.tokens = re.compile(rf"(?<![^\W_])(?<![^\W_][':])(?={beginnings}){_TOKEN.pattern}")
        """Finds the tokens of a text that begin as a form does."""

    def __call__(self, text: str, start: int, end: int, closely: bool = True) -> bool:
        token = text[start:end]
        if token not in self.forms:
            return (":" in token or "'" in token) and self._has_marked_ending(token)
        others = [lexeme for lexeme in readings(token) if lexeme.word not in self.own]
        if not others or not closely:
            return True
        if not self.listed:
            return token == self.word
        if token == f"{self.word}s" and any(each.word == token and each.part == "n" for each in others):
            return False  # "majs" is maize before it is May's
        where = place(text[max(0, start - REACH) : start], text[end : end + REACH])
        fitting = {lexeme.part for lexeme in self.lexemes if token in lexeme.forms} or self.parts
        parts = fitting.union(lexeme.part for lexeme in others)
        part = part_here(where, token, frozenset(parts)) if len(parts) > 1 and {"v", "x"} & parts else None
        if part == "v" and "v" not in fitting:
            return False
        if (meant := meant_here(where, token, self.own)) is not None:
            return meant
        if part not in (None, *fitting):
            return False
        return "v" not in fitting or self._asks(where, token, others)

    def _asks(self, where: Place, token: str, others: list[Lexeme]) -> bool:
        """False when the token is a request where another verb's past stands, or the past for a request (sköt)."""
        mine = token == self.word[:-1]
        if mine == any(token == each.word[:-1] for each in others if each.part == "v"):
            return True
        if not (where.before or where.after) or (mine and all(each.part != "v" for each in others)):
            return True
        return mine == (not where.before and (where.after or ("",))[0] not in SUBJECTS)

    def _has_marked_ending(self, token: str) -> bool:
        for mark in ":'":
            base, found, ending = token.rpartition(mark)
            if found and (base == self.word or base in self.forms) and _ENDING.fullmatch(ending):
                return True
        return False


@lru_cache(maxsize=256)
def _matcher(word: str, name: bool) -> _Matcher:
    return _Matcher(word, name)


def occurrences(text: str, keyword: str) -> list[str]:
    """The words or word groups of the text that are the keyword in any inflected form, in order."""
    text, keyword = _normalise(text), _normalise(keyword).strip()
    lowered = text.lower()
    if len(lowered) != len(text):
        text = lowered
    if not keyword:
        return []
    if len(keyword) <= _LONGEST_WORD * 2 and _KEYWORD.fullmatch(keyword) and not keyword.isdigit():
        return [text[start:end] for start, end in _inflected(lowered.replace("_", " "), keyword.replace("_", " "))]
    return [text[match.start() : match.end()] for match in _literal(keyword).finditer(lowered)]


def _normalise(text: str) -> str:
    if _VARIANT.search(text):
        text = text.translate(_PLAIN)
    return nfc(text)


@lru_cache(maxsize=512)
def _literal(keyword: str) -> re.Pattern[str]:
    lowered = keyword.lower()
    before = r"(?<![^\W_])" if lowered[0].isalnum() else ""
    after = r"(?![^\W_])" if lowered[-1].isalnum() else ""
    if lowered[0].isdigit():
        before += r"(?<!\d[.,:])"
    if lowered[-1].isdigit():
        after += r"(?![.,:]\d)"
    return re.compile(before + r"\s+".join(re.escape(part) for part in lowered.split()) + after)


def _inflected(text: str, keyword: str) -> Iterator[tuple[int, int]]:
    """Spans of the text where the keyword's words stand in a row, each in some form."""
    parts = _TOKEN.findall(keyword)
    hyphened = ["-" in gap for gap in _TOKEN.split(keyword)[1:-1]]
    together = "".join(parts).lower()
    apart = together if together in _TOGETHER and not any(hyphened) else None
    matchers = [_matcher(word.lower(), _is_name(word)) for word in parts]
    free = 0
    for number, token in enumerate((_TOKEN if apart else matchers[0].tokens).finditer(text)):
        start = token.start()
        if start < free:
            continue
        end = _spelled(text, token, apart) if apart else None
        if end is None and matchers[0](text, start, token.end(), number < _MOST_PLACES):
            end = token.end()
            for matcher, hyphen in zip(matchers[1:], hyphened, strict=True):
                end = end and _next(text, end, matcher, hyphen)
        if end:
            free = end
            yield start, end


def _spelled(text: str, token: re.Match[str], together: str) -> int | None:
    """Where the word ends that is written in one or in two or three (idag, i dag)."""
    said, end = token[0], token.end()
    while together.startswith(said):
        if said == together:
            return end
        gap = re.compile(r"[ \u00a0\n]").match(text, end)
        following = _TOKEN.match(text, gap.end()) if gap else None
        if following is None:
            return None
        said, end = said + following[0], following.end()
    return None


def _is_name(word: str) -> bool:
    """Written as a name or an abbreviation, and not a listed word with a capital letter."""
    return word[0].isupper() and not any(lexeme.listed for lexeme in lexemes(word.lower()))


def _next(text: str, at: int, matcher: _Matcher, hyphen: bool) -> int | None:
    """Where the next word of a keyword ends, if it follows."""
    gap = _BETWEEN.match(text, at)
    if gap is None or (hyphen and gap[0] != "-"):
        return None
    token = _TOKEN.match(text, gap.end())
    return token.end() if token and matcher(text, *token.span()) else None
