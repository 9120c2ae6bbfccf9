"""Occurrences of a keyword in Norwegian text: the same dictionary word in any inflected form, homographs by context."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from ifeval_fi.languages.nb import context, homographs
from ifeval_fi.languages.nb.lexicon import Lexeme, analyses, inflect, lexemes, spellings
from ifeval_fi.text import nfc

_VARIANT = re.compile("[\u00ad\u2060\ufeff\u2010\u2011\u2019]")
_PLAIN = {**dict.fromkeys(map(ord, "\u00ad\u2060\ufeff")), 0x2010: "-", 0x2011: "-", 0x2019: "'"}
# "EU-kommisjonen", "PC-ens", "o'hara", "sol-" of "sol- og vindkraft"
_TOKEN = re.compile(r"[^\W_]+(?:['-][^\W_]+)*-?")
_ENDINGS = frozenset("s en et a er ene ens ets as ers enes n t r ne ns ts rs nes'".split())
_GAP = re.compile(r"[*_\"»«”“]*\s+[*_\"»«”“]*")
_KEYWORD = re.compile(r"[^\W_]+(?:[\s'-]+[^\W_]+)*")
_MARKS = tuple("\"'«»“”„‘’*_`[]")
_LONGEST = 120
# How much better another reading must be: a word that is asked for is likely meant, more so in its dictionary form,
# and adjectives of the list that look like a noun are rare words.
_BENEFIT, _DICTIONARY_FORM, _NO_NOUN = 0.3, 0.5, 1.5


class _Word:
    """One word of a keyword: its dictionary words and the tags of each of their forms."""

    def __init__(self, word: str) -> None:
        self.word = word
        first, hyphen, last = word.rpartition("-")
        own = [each for name in spellings().get(last, (last,)) for each in lexemes(name)]
        self.lexemes = tuple(dict.fromkeys(own))
        self.names = {lexeme.begins + lexeme.word for lexeme in self.lexemes} | {word}
        self.forms: dict[str, list[Lexeme]] = {}
        for lexeme in self.lexemes:
            for form in inflect(lexeme):
                self.forms.setdefault(first + hyphen + form, []).append(lexeme)
        self.forms.setdefault(word, [])

    def matches(self, form: str) -> bool:
        """Whether the form is one of the word's, a marked genitive (Lars') or ending (PC-en) included."""
        if form in self.forms:
            return True
        base, mark, ending = form.rpartition("-") if "-" in form else form.rpartition("'")
        return bool(mark) and ending in _ENDINGS and base in self.forms


@lru_cache(maxsize=512)
def _word(word: str) -> _Word:
    return _Word(word)


def occurrences(text: str, keyword: str) -> list[str]:
    """The words or word groups of the text that are the keyword in any inflected form, in order."""
    text, keyword = _normalise(text), _normalise(keyword).strip()
    folded = text.lower()
    if len(folded) != len(text):
        text = folded
    if not keyword:
        return []
    if len(keyword) <= _LONGEST and _KEYWORD.fullmatch(keyword) and not keyword.isdigit():
        parts = keyword.lower().split()
        found = _single(text, folded, parts[0]) if len(parts) == 1 else _phrase(folded, parts)
        return [text[start:end] for start, end in found]
    return [text[match.start() : match.end()] for match in _literal(keyword.lower()).finditer(folded)]


def _normalise(text: str) -> str:
    return nfc(text.translate(_PLAIN) if _VARIANT.search(text) else text)


@lru_cache(maxsize=512)
def _literal(keyword: str) -> re.Pattern[str]:
    before = r"(?<![^\W_])" if keyword[0].isalnum() else ""
    after = r"(?![^\W_])" if keyword[-1].isalnum() else ""
    if keyword[0].isdigit():
        before += r"(?<!\d[.,:])"
    if keyword[-1].isdigit():
        after += r"(?![.,:]\d)"
    return re.compile(before + r"\s+".join(map(re.escape, keyword.split())) + after)


def _single(text: str, folded: str, keyword: str) -> Iterator[tuple[int, int]]:
    word = _word(keyword)
    for token in _TOKEN.finditer(folded):
        start, whole = token.start(), token[0]
        form = whole.rstrip("-")
        if form in word.forms:
            if len(form) == len(whole) or _stands_for_hyphened(text[start : token.end()]):
                if _is_meant(word, text, folded, start, start + len(form)):
                    yield start, start + len(form)
        elif "-" in form or "'" in form:
            yield from _parts(word, form, start, keyword)


def _stands_for_hyphened(form: str) -> bool:
    """Whether a suspended part stands for a compound with a hyphen: "EU- og EØS-avtalen", not "sol- og vindkraft"."""
    return form.rstrip("-").isupper() or any(map(str.isdigit, form))


def _parts(word: _Word, form: str, start: int, keyword: str) -> Iterator[tuple[int, int]]:
    """Where the keyword is a part of a hyphenated compound, or the whole with a marked ending."""
    if word.matches(form):
        yield start, start + len(form)
        return
    if "-" in keyword:
        if form.startswith(keyword + "-") or form.endswith("-" + keyword):
            yield start, start + len(form)
        return
    for part in re.finditer(r"[^-]+", form):
        if word.matches(part[0]):
            yield start + part.start(), start + part.end()


def _phrase(folded: str, parts: list[str]) -> Iterator[tuple[int, int]]:
    words = [_word(part) for part in parts]
    free = 0
    for token in _TOKEN.finditer(folded):
        if token.start() < free or not words[0].matches(token[0]):
            continue
        end = token.end()
        for word in words[1:]:
            gap = _GAP.match(folded, end)
            following = _TOKEN.match(folded, gap.end()) if gap else None
            if following is None or not word.matches(following[0]):
                break
            end = following.end()
        else:
            free = end
            yield token.start(), end


def _is_mentioned(folded: str, start: int, end: int) -> bool:
    """Whether the word stands alone between quotation marks: the word «svar»."""
    return folded[start - 1 : start] in _MARKS and folded[end : end + 1] in _MARKS if 0 < start and end < len(folded) else False


def _is_meant(word: _Word, text: str, folded: str, start: int, end: int) -> bool:
    """Whether a form of the keyword is one where it stands; False when it is rather a form of another word."""
    form = folded[start:end]
    own = word.forms[form]
    if not own or (form == word.word and _is_mentioned(folded, start, end)):
        return True
    tags = {inflect(each).get(form, "") for each in own}
    others = [
        each for each in analyses(form) if each not in own and each.word not in word.names and not _kin(each, own, form)
    ]
    if all("G" in each for each in tags):
        return homographs.is_verbal(form, context.place(text, start, end))
    if not others:
        return True
    if all("S" in each and "D" not in each for each in tags) and any(each.word == form for each in others):
        return False
    return _chosen(word, form, others, text, folded, start)


def _kin(other: Lexeme, own: list[Lexeme], form: str) -> bool:
    """Whether the other word is the same as one of its own but for the kind: a participle and its adjective."""
    if any((form, each.word) in homographs.SPECIAL for each in own):
        return False
    if other.kind == "n" and other.word == form and any(each.kind == "a" for each in own):
        return True
    kinds = {each.kind for each in own} | {other.kind}
    finite = any("F" in inflect(each)[form] for each in (*own, other) if each.kind == "v")
    return len(kinds) > 1 and kinds <= set("avd") and not (finite and "a" in kinds)


def _chosen(word: _Word, form: str, others: list[Lexeme], text: str, folded: str, start: int) -> bool:
    own, end = word.forms[form], start + len(form)
    at = context.place(text, start, end)
    if not (at.before or at.after):
        return True
    for each in own:
        for name in (each.word, f"{each.word} {each.kind}"):
            if (form, name) in homographs.SPECIAL:
                return homographs.SPECIAL[form, name](at)
    best = max(context.likelihood(each, form, at) for each in own)
    against = [(context.likelihood(each, form, at), each) for each in others]
    kinds = {each.kind for each in own}
    same_kind = [each for points, each in against if each.kind in kinds and points >= best]
    if same_kind:
        for mine in own:
            about = homographs.by_topic(mine.word, folded, start, end, {each.word for each in same_kind})
            if about is not None:
                if about:
                    break
                return False
    if form == word.word:
        best = max(best + _DICTIONARY_FORM, 0.0)
    rest = [points - _NO_NOUN * (each.kind in "ad" and "n" in kinds) for points, each in against if each.kind not in kinds]
    return not rest or best + _BENEFIT >= max(rest)


def forms(keyword: str) -> Mapping[str, list[Lexeme]]:
    """Every form of a one-word keyword with the dictionary words it is of."""
    return _word(keyword.lower()).forms
