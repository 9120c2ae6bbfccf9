"""Occurrences of a keyword in Finnish text: the same dictionary word in any inflected form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from .finnish_inflection import Forms
from .finnish_lexicon import Lexeme, dictionary_words, headword, inflect, lexemes

_LETTER = r"[^\W_\u0300-\u036f]"
_WORD = rf"(?:[^\W_]|[\u0300-\u036f])+"
_TOKEN = re.compile(rf"{_WORD}(?:['’:]{_WORD})*")
_KEYWORD = re.compile(rf"{_WORD}(?:['’]{_WORD})*(?:(?:\s+|-){_WORD}(?:['’]{_WORD})*)*")
_SPACE = re.compile(r"[*_]*\s+[*_]*")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u2060\ufeff\ufe0e\ufe0f"))
_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011"), "-")
_CLITICS = (
    "kin", "kaan", "kään", "ko", "kö", "han", "hän", "pa", "pä", "kos", "kös", "pas", "päs", "kohan", "köhän",
    "pahan", "pähän", "kinko", "kinkö", "kinhan", "kinhän", "kaanko", "käänkö", "kaanhan", "käänhän",
)  # fmt: skip
_CLITIC = rf"(?:{'|'.join(sorted(_CLITICS, key=len, reverse=True))})?"
_OWNER = r"(?:ni|si|mme|nne|ns[aä])?"
# What follows the colon of EU:n or the apostrophe of show'ssa.
_ENDING = re.compile(
    r"(?:n|t|s|ksi|kse|i?(?:t?[aä]|ss[aä]|st[aä]|ll[aä]|lt[aä]|lle|n[aä]|tt[aä])|h[aeiouyäö]n|[aeiouyäö]n|seen|"
    rf"t?ien|iden|itten|j[aä]|jen|ihin|isiin|eih?in|i?)?{_OWNER}(?:[aeiouyäö]n)?{_CLITIC}"
)
_LONGEST_WORD, _MOST_WORDS, _MOST_CHECKED = 60, 12, 64
# Postpositions and adverbs that a reader no longer takes for a form of the noun.
_GROWN_APART = {
    "kausi": {"kautta"},
    "pää": {"päällä", "päälle", "päältä"},
    "vuo": {"vuoksi"},
}


class _Matcher:
    """Tells whether a case-folded token is a form of one word of a keyword."""

    def __init__(self, word: str, name: bool) -> None:
        self.word = word
        self.lexemes: tuple[Lexeme, ...] = ()
        self.forms = Forms([word])
        if word.isalpha() and len(word) <= _LONGEST_WORD or "'" in word:
            self.lexemes = lexemes(word, name=name)
        for lexeme in self.lexemes:
            self.forms.add(inflect(lexeme))
        for lexeme in self.lexemes:
            self.forms.plain -= _GROWN_APART.get(lexeme.word, set())
        self._checked: dict[str, bool] = {}

    def __call__(self, token: str) -> bool:
        if token in self.forms.plain:
            return True
        if ":" in token or "'" in token:
            return self._has_marked_ending(token)
        return self._has_suffix(token) and not self._is_another_word(token)

    def _has_suffix(self, token: str) -> bool:
        if token in self.forms.possessed:
            return True
        for clitic in _CLITICS:
            if token.endswith(clitic):
                host = token[: -len(clitic)]
                if host in self.forms.plain or host in self.forms.possessed:
                    return True
        return False

    def _is_another_word(self, token: str) -> bool:
        """Whether a token that needs a possessive suffix or clitic is a form of another word without one."""
        if token not in self._checked and len(self._checked) < _MOST_CHECKED:
            own = {lexeme.word for lexeme in self.lexemes}
            clitic = token not in self.forms.possessed
            others = [lexeme for lexeme in headword(token) if clitic or lexeme.kind != 99]
            others += [lexeme for lexeme in dictionary_words(token) if token in inflect(lexeme).plain]
            self._checked[token] = bool(others) and not any(lexeme.word in own for lexeme in others)
        return self._checked.get(token, False)

    def _has_marked_ending(self, token: str) -> bool:
        for mark in ":'":
            base, found, ending = token.rpartition(mark)
            if found and base in self.forms.plain and _ENDING.fullmatch(ending):
                return True
        return False


@lru_cache(maxsize=512)
def _matcher(word: str, name: bool) -> _Matcher:
    return _Matcher(word, name)


def occurrences(text: str, keyword: str) -> list[str]:
    """The words or word groups of the text that are the keyword in any inflected form, in order."""
    text, keyword = _normalise(text), _normalise(keyword).strip()
    folded = text.casefold()
    if len(folded) != len(text):
        text = folded
    words = _KEYWORD.fullmatch(keyword)
    if words and len(keyword) <= _LONGEST_WORD * _MOST_WORDS and len(keyword.split()) <= _MOST_WORDS:
        return [text[start:end] for start, end in _inflected(folded, keyword)]
    return [text[match.start() : match.end()] for match in _literal(keyword).finditer(folded)] if keyword else []


def _normalise(text: str) -> str:
    text = unicodedata.normalize("NFC", text.translate(_INVISIBLE))
    return text.translate(_HYPHENS).replace("’", "'")


@lru_cache(maxsize=512)
def _literal(keyword: str) -> re.Pattern[str]:
    folded = keyword.casefold()
    before = r"(?<![^\W_])(?<![\u0300-\u036f])" if _is_word(folded[0]) else ""
    after = r"(?![^\W_]|[\u0300-\u036f])" if _is_word(folded[-1]) else r"(?![\u0300-\u036f\u200d])"
    if folded[0].isdigit():
        before += r"(?<!\d[.,])"
    if folded[-1].isdigit():
        after += r"(?![.,]\d)"
    body = r"\s+".join(re.escape(part) for part in folded.split())
    return re.compile(f"{before}(?<!\u200d){body}{after}")


def _is_word(character: str) -> bool:
    return character.isalnum()


def _inflected(folded: str, keyword: str) -> Iterator[tuple[int, int]]:
    parts = re.findall(rf"({_WORD}(?:'{_WORD})*)(\s|-|$)", keyword)
    matchers = [_matcher(word.casefold(), word[0].isupper() and not word.isupper()) for word, _ in parts]
    hyphened = [separator == "-" for _, separator in parts]
    tokens = list(_TOKEN.finditer(folded))
    at = 0
    while at + len(matchers) <= len(tokens):
        if all(
            matcher(tokens[at + i].group()) and (i == 0 or _joined(folded, tokens[at + i - 1], tokens[at + i], hyphened[i - 1]))
            for i, matcher in enumerate(matchers)
        ):
            yield tokens[at].start(), tokens[at + len(matchers) - 1].end()
            at += len(matchers)
        else:
            at += 1


def _joined(text: str, left: re.Match[str], right: re.Match[str], hyphen: bool) -> bool:
    between = text[left.end() : right.start()]
    return between == "-" if hyphen else _SPACE.fullmatch(between) is not None
