"""Occurrences of a keyword in Estonian text: the same dictionary word in any inflected form."""

from __future__ import annotations

import re
from functools import lru_cache

from ifeval_fi.languages.et.homographs import fits, other_sense
from ifeval_fi.languages.et.lexicon import Lexeme, lexemes, words_of
from ifeval_fi.languages.et.readers import Place
from ifeval_fi.text import nfc

_PLAIN = {
    **dict.fromkeys(map(ord, "\u00ad\u2060\ufeff\ufe0e\ufe0f\u200b")),
    0x2010: "-",
    0x2011: "-",
    0x2019: "'",
    0x60: "'",
}
# Letters and digits, and what follows the apostrophe of Google'isse.
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_KEYWORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?(?:(?:\s+|-)[^\W_]+(?:'[^\W_]+)?)*")
_ENDING = re.compile(
    r"(?:i|e|a|u|t|d|id|ide|te|sid|d[ae]|[ieau]?(?:s|st|sse|l|lt|le|ks|ni|na|ta|ga|d|t|de|te)|[ie]?(?:tes|test|tele|tel|tega|"
    r"des|dest|dele|del|dega|desse|tesse))(?:gi|ki)?"
)
_GAP = re.compile(r"\**\s+\**")
_SENTENCE_MARK = re.compile(r"[.!?…\n:;]")
_TITLE = re.compile(
    r"\b(?:[A-ZÕÄÖÜŠŽ]|[Pp]r|[Hh]r|[Pp]rl|[Dd]r|[Pp]rof|[Ii]ns|[Dd]ots)\.\s$|\b(?:härra|proua|preili|doktor)\s$",
)
_QUOTES = "\"„“”«»‚‘'"
_QUOTE_MARKS = frozenset(_QUOTES)
_LONGEST_WORD, _AROUND, _MOST_REMEMBERED = 60, 90, 10_000
# Beyond so many forms, more than any instruction asks for, their places are no longer read one by one.
_MOST_READ = 4_000


class _Matcher:
    """Tells whether a word in small letters is a form of one word of a keyword."""

    def __init__(self, keyword: str) -> None:
        self.keyword = keyword
        self.word = keyword.lower()
        self.lexemes: tuple[Lexeme, ...] = lexemes(self.word) if len(self.word) <= _LONGEST_WORD else ()
        self.sure = frozenset((self.word,)).union(*(lexeme.forms for lexeme in self.lexemes))
        self.rare = frozenset().union(*(lexeme.rare for lexeme in self.lexemes)) - self.sure
        self.abbreviation = keyword.isupper() or any(map(str.isdigit, keyword))
        self._seen: dict[str, bool] = {}

    def __call__(self, token: str) -> bool:
        known = self._seen.get(token)
        if known is None:
            if len(self._seen) > _MOST_REMEMBERED:
                self._seen.clear()
            known = self._seen[token] = self._is_form(token)
        return known

    def _is_form(self, token: str) -> bool:
        if token in self.sure:
            return True
        base, mark, ending = token.partition("'")
        if mark:
            return (base == self.word or base in self.sure) and _ENDING.fullmatch(ending) is not None
        if token in self.rare:
            return not words_of(token)
        if token.endswith(("gi", "ki")) and (token[:-2] in self.sure or token[:-2] in self.rare):
            return not words_of(token)
        return (
            self.abbreviation and token.startswith(self.word) and _ENDING.fullmatch(token[len(self.word) :]) is not None
        )


@lru_cache(maxsize=256)
def _matcher(word: str) -> _Matcher:
    return _Matcher(word)


def occurrences(text: str, keyword: str) -> list[str]:
    """The words or word groups of the text that are the keyword in any inflected form, in order."""
    text, keyword = nfc(text.translate(_PLAIN)), nfc(keyword.translate(_PLAIN)).strip()
    if not keyword:
        return []
    if len(keyword) <= 2 * _LONGEST_WORD and _KEYWORD.fullmatch(keyword) and not keyword.isdigit():
        return [text[start:end] for start, end in _spans(text, keyword)]
    return [match.group() for match in _literal(keyword).finditer(text)]


@lru_cache(maxsize=512)
def _literal(keyword: str) -> re.Pattern[str]:
    before = r"(?<!\w)" if keyword[0].isalnum() else ""
    after = r"(?!\w)" if keyword[-1].isalnum() else ""
    if keyword[0].isdigit():
        before += r"(?<!\d[.,:])"
    if keyword[-1].isdigit():
        after += r"(?![.,:]\d)"
    return re.compile(before + r"\s+".join(map(re.escape, keyword.split())) + after, re.IGNORECASE)


def _spans(text: str, keyword: str) -> list[tuple[int, int]]:
    """Where the keyword's words stand in a row, each in some form that is that word in its place."""
    parts = re.findall(r"([^\W_]+(?:'[^\W_]+)?)(\s|-|$)", keyword)
    matchers = [_matcher(word) for word, _ in parts]
    hyphened = [separator == "-" for _, separator in parts]
    found: list[tuple[int, int]] = []
    senses: list[bool] = []
    all_capitals = text.isupper()
    free = places = 0
    is_form = matchers[0]
    folded = lowered if len(lowered := text.lower()) == len(text) else text
    for token in _TOKEN.finditer(folded):
        if not is_form(token[0]):
            continue
        start = token.start()
        if start < free or (text[start - 1 : start] == "-" and _is_ending(text, start, token.end())):
            continue
        places += 1
        place = _place(text, start, token.end(), all_capitals) if places < _MOST_READ else None
        if place and len(parts) == 1 and not fits(place, is_form.lexemes, keyword):
            continue
        end: int | None = token.end()
        for matcher, hyphen in zip(matchers[1:], hyphened, strict=False):
            end = end and _next(text, end, matcher, hyphen)
        if end:
            free = end
            found.append((start, end))
            senses.append(place is not None and other_sense(place))
    if any(senses) and not all(senses):  # road and drink in one text: the commoner of the two, the road when even
        drink = sum(senses) * 2 > len(senses)
        return [span for span, other in zip(found, senses, strict=True) if other == drink]
    return found


def _is_ending(text: str, start: int, end: int) -> bool:
    """Whether what follows a hyphen is the ending of an abbreviation: the -le of EL-le."""
    before = text[start - 2 : start - 1]
    return text[start].islower() and (before.isupper() or before.isdigit()) and bool(_ENDING.fullmatch(text[start:end]))


def _place(text: str, start: int, end: int, all_capitals: bool) -> Place:
    """The words around a form in its sentence."""
    head = text[max(0, start - _AROUND) : start]
    titled = text[start].isupper() and _TITLE.search(head) is not None
    marks = list(_SENTENCE_MARK.finditer(head))
    opens = start == 0 or not head.strip(_QUOTES + " \t*_#>–—-•")
    if marks:
        rest = head[marks[-1].end() :]
        opens = opens or not rest.strip(_QUOTES + " \t*_#>–—-•")
        head = rest
    tail = text[end : end + _AROUND]
    stop = _SENTENCE_MARK.search(tail)
    following = tail[: stop.start()] if stop else tail
    words = _TOKEN.findall(following)
    between = head[len(head.rstrip(_QUOTES + " *_–—-,(")) :]
    mark = next((letter for letter in between if letter in ",(–—"), "")
    if any(quote in between for quote in _QUOTES) and not mark:
        opens = True
    return Place(
        form=text[start:end].lower(),
        before=tuple(word.lower() for word in _TOKEN.findall(head)[-4:]),
        after=tuple(word.lower() for word in words[:5]),
        mark=mark,
        capital=text[start].isupper() and not all_capitals and not (end - start > 1 and text[start:end].isupper()),
        opens=opens,
        quoted=text[start - 1 : start] in _QUOTE_MARKS and text[end : end + 1] in _QUOTE_MARKS,
        titled=titled,
        name_follows=bool(words) and words[0][0].isupper() and following[:1] == " ",
    )


def _next(text: str, at: int, matcher: _Matcher, hyphen: bool) -> int | None:
    """Where the next word of a keyword ends, if it follows."""
    if hyphen:
        token = _TOKEN.match(text, at + 1) if text[at : at + 1] == "-" else None
    else:
        gap = _GAP.match(text, at)
        token = _TOKEN.match(text, gap.end()) if gap else None
    return token.end() if token and matcher(token[0].lower()) else None


def dictionary_forms(form: str) -> tuple[str, ...]:
    """The dictionary words the form can belong to; the form itself when it is a phrase or no listed word's."""
    return tuple(dict.fromkeys(lexeme.word for lexeme in lexemes(form.lower()))) if form.isalpha() else (form,)
