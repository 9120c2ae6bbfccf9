"""Occurrences of a keyword in Finnish text: the same dictionary word in any inflected form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TypeVar

from ifeval_fi.languages.fi.inflection import Forms
from ifeval_fi.languages.fi.lexicon import Lexeme, dictionary_words, every_form_begins, headword, inflect, lexemes
from ifeval_fi.text import nfc

_WORD = r"[^\W_][\w\u0300-\u036f]*"
_TOKEN = re.compile(rf"{_WORD}(?:[':]{_WORD})*")
_TOKEN_ANEW = re.compile(rf"(?<![^\W_])(?<![\u0300-\u036f])(?<![^\W_]')(?:{_TOKEN.pattern})")
_WORD_REST = re.compile(r"[\w\u0300-\u036f]*")
_KEYWORD = re.compile(rf"{_WORD}(?:'{_WORD})*(?:(?:\s+|-){_WORD}(?:'{_WORD})*)*")
_BETWEEN = re.compile(r"\**\s+\**")
_VARIANT = re.compile("[\u00ad\u2060\ufeff\ufe0e\ufe0f\u2010\u2011\u2019]")
_PLAIN = {**dict.fromkeys(map(ord, "\u00ad\u2060\ufeff\ufe0e\ufe0f")), 0x2010: "-", 0x2011: "-", 0x2019: "'"}
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
_LONGEST_WORD, _MOST_REMEMBERED = 60, 2_000
# In one text, so many different tokens are held against the dictionary; only a text made for it has more.
_MOST_CHECKED = 64
# Postpositions and adverbs that a reader no longer takes for a form of the noun.
_GROWN_APART = {
    "kausi": {"kautta"},
    "pää": {"päällä", "päälle", "päältä"},
    "vuo": {"vuoksi"},
    "jälki": {"jälkeen"},
    "tosi": {"todella"},
}
_OWNER_BEFORE = re.compile(r"\b(?:minun|sinun|hänen|meidän|teidän|heidän|oma|oman|omaa|omat|omien) $")
_COMPARED_HEADWORDS = frozenset({"vanhempi", "vanhin", "uusin"})
_COMMON_PASTS = frozenset(
    "haluta hakata hakea haitata herätä hypätä kadota keksiä kerätä kuvata lakata leikata lisätä luvata maata "
    "mitata murskata määrätä napata osata palata palkata pilata pelätä pysyä seurata suoda suunnata tajuta tarjota "
    "tavata tietää tilata tuhota tuntea uhata vaivata vallata varata vastata verrata viitata".split()
)


class _Matcher:
    """Tells whether a case-folded token is a form of one word of a keyword.

    What it remembers saves time and changes no answer.
    """

    def __init__(self, word: str, name: bool) -> None:
        self.word = word
        self.lexemes: tuple[Lexeme, ...] = ()
        self.forms = Forms([word])
        if len(word) <= _LONGEST_WORD and word.replace("'", "").isalpha():
            self.lexemes = lexemes(word, name=name)
        for lexeme in self.lexemes:
            self.forms.add(inflect(lexeme))
        for lexeme in self.lexemes:
            self.forms.plain -= _GROWN_APART.get(lexeme.word, set())
        self._checked: dict[str, bool] = {}
        self._seen: dict[str, tuple[bool, bool]] = {}
        stems = (word, *self.forms.plain, *self.forms.hosts)
        self.beginning = _common_beginning(min(stems), max(stems))

    def __call__(self, token: str, before: str, checked: set[str]) -> bool:
        """Whether the token is a form, given the letters before it and the tokens of its text checked so far."""
        looks_alike, doubtful = _remembered(self._seen, token, self._matches)
        if doubtful and (token in checked or len(checked) < _MOST_CHECKED):
            checked.add(token)
            looks_alike = not _remembered(self._checked, token, self._is_another_word)
        return looks_alike or (self.forms.possessed(token) and _OWNER_BEFORE.search(before) is not None)

    def _matches(self, token: str) -> tuple[bool, bool]:
        """Whether the token looks like a form, and whether it may be another word all the same."""
        if token in self.forms.plain:
            return True, token in self.forms.rare
        if ":" in token or "'" in token:
            return self._has_marked_ending(token), False
        found = self._has_suffix(token)
        return found, found

    def _has_suffix(self, token: str) -> bool:
        if len(self.word) < 4 and all(lexeme.guessed for lexeme in self.lexemes):
            return False  # Jouni is no form of jou
        if self.forms.possessed(token):
            return True
        for clitic in _CLITICS if token.endswith(_CLITICS) else ():
            if token.endswith(clitic):
                host = token[: -len(clitic)]
                if host in self.forms.plain or self.forms.possessed(host):
                    return True
        return False

    def _is_another_word(self, token: str) -> bool:
        """Whether a token that is an unusual form of the keyword is a usual form of another word."""
        own = {lexeme.word for lexeme in self.lexemes}
        words = {lexeme.word for lexeme in headword(token)}
        inflects = any(lexeme.kind != 99 for lexeme in self.lexemes)
        for lexeme in dictionary_words(token):
            if not inflects and lexeme.kind != 99:
                continue  # sekin is se with a clitic, though also a form of sekki; jotakin is jokin
            if token in inflect(lexeme).plain and not self._is_doubtful(token, lexeme):
                words.add(lexeme.word)
        return bool(words - _COMPARED_HEADWORDS) and not words & own

    def _is_doubtful(self, token: str, lexeme: Lexeme) -> bool:
        """Whether the other word is hardly meant: an unusual form of it, or a verb where a noun is likelier."""
        verb = lexeme.kind > 51 and lexeme.kind != 99
        doer = lexeme.kind == 12 and token.endswith(("jaan", "jään"))  # sanojaan: of sana rather than of sanoja
        if doer or token in inflect(lexeme).rare:
            return True
        if self.forms.possessed(token):
            # Nimesi is rather your name than the past tense of nimetä, tapasi rather met than your custom.
            return verb and token.endswith("si") and lexeme.word not in _COMMON_PASTS
        return verb and not all(own.guessed for own in self.lexemes)

    def _has_marked_ending(self, token: str) -> bool:
        for mark in ":'":
            base, found, ending = token.rpartition(mark)
            if found and base in self.forms.plain and _ENDING.fullmatch(ending):
                return True
        return False


_Answer = TypeVar("_Answer")


def _remembered(memory: dict[str, _Answer], token: str, answer: Callable[[str], _Answer]) -> _Answer:
    """The answer, found once a token; threads may share the memory and empty it at any time."""
    found = memory.get(token)
    if found is None:
        found = answer(token)
        if len(memory) >= _MOST_REMEMBERED:
            memory.clear()
        if len(token) <= 2 * _LONGEST_WORD:
            memory[token] = found
    return found


def _common_beginning(first: str, second: str) -> str:
    length = next(
        (i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
    )
    return first[:length]


@lru_cache(maxsize=256)
def _matcher(word: str, name: bool) -> _Matcher:
    return _Matcher(word, name)


def occurrences(text: str, keyword: str) -> list[str]:
    """The words or word groups of the text that are the keyword in any inflected form, in order."""
    text, folded = _folded(text)
    keyword = _normalise(keyword).strip()
    if not keyword:
        return []
    if len(keyword) <= _LONGEST_WORD * 2 and _KEYWORD.fullmatch(keyword) and not keyword.isdigit():
        return [text[start:end] for start, end in _inflected(folded.replace("_", " "), keyword)]
    return [text[match.start() : match.end()] for match in _literal(keyword).finditer(folded)]


@lru_cache(maxsize=4)
def _folded(text: str) -> tuple[str, str]:
    """The text as its words are shown and as they are compared; both have the same length."""
    text = _normalise(text)
    folded = text.casefold()
    return (text if len(folded) == len(text) else folded), folded


def _normalise(text: str) -> str:
    if _VARIANT.search(text):
        text = text.translate(_PLAIN)
    return nfc(text)


@lru_cache(maxsize=512)
def _literal(keyword: str) -> re.Pattern[str]:
    folded = keyword.casefold()
    before = r"(?<![^\W_])(?<![\u0300-\u036f])" if _is_word(folded[0]) else ""
    after = r"(?![^\W_]|[\u0300-\u036f])" if _is_word(folded[-1]) else r"(?![\u0300-\u036f\u200d])"
    if folded[0].isdigit():
        before += r"(?<!\d[.,:])"
    if folded[-1].isdigit():
        after += r"(?![.,:]\d)"
    body = r"\s+".join(re.escape(part) for part in folded.split())
    return re.compile(f"{before}(?<!\u200d){body}{after}")


def _is_word(character: str) -> bool:
    return character.isalnum()


def _inflected(folded: str, keyword: str) -> Iterator[tuple[int, int]]:
    """Spans of the text where the keyword's words stand in a row, each in some form."""
    parts = re.findall(rf"({_WORD}(?:'{_WORD})*)(\s|-|$)", keyword.replace("_", " "))
    if len(parts) == 1 and (beginning := every_form_begins(keyword.casefold())):
        tokens = list(_beginning_with(beginning, folded))
        if all(match[0] == keyword.casefold() for match in tokens):
            yield from (match.span() for match in tokens)
            return
    matchers = [_matcher(word.casefold(), _is_name(word)) for word, _ in parts]
    hyphened = [separator == "-" for _, separator in parts]
    free = 0
    checked: set[str] = set()
    for token in _beginning_with(matchers[0].beginning, folded):
        before = folded[max(0, token.start() - 10) : token.start()]
        if token.start() < free or not matchers[0](token[0], before, checked):
            continue
        end: int | None = token.end()
        for matcher, hyphen in zip(matchers[1:], hyphened, strict=False):
            end = end and _next(folded, end, matcher, hyphen, checked)
        if end:
            free = end
            yield token.start(), end


def _beginning_with(letters: str, text: str) -> Iterator[re.Match[str]]:
    """Tokens of the text that begin with these letters, but not inside a word nor behind its apostrophe (vaa'an)."""
    at = text.find(letters)
    while 0 <= at < len(text):
        token = _TOKEN_ANEW.match(text, at)
        if token:
            yield token
        passed = token or _WORD_REST.match(text, at)
        at = text.find(letters, max(at + 1, passed.end() if passed else 0))


def _is_name(word: str) -> bool:
    """Written as a name or an abbreviation; a longer word in capitals is just that."""
    return word[0].isupper() and (len(word) < 6 or not word.isupper())


def _next(text: str, at: int, matcher: _Matcher, hyphen: bool, checked: set[str]) -> int | None:
    """Where the next word of a keyword ends, if it follows."""
    if hyphen:
        token = _TOKEN.match(text, at + 1) if text[at : at + 1] == "-" else None
    else:
        gap = _BETWEEN.match(text, at)
        token = _TOKEN.match(text, gap.end()) if gap else None
    return token.end() if token and matcher(token[0], "", checked) else None
