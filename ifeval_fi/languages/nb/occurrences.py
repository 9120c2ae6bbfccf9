"""Occurrences of a keyword in Norwegian text: the same dictionary word in any inflected form, homographs by context."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ifeval_fi.languages.nb import context, homographs
from ifeval_fi.languages.nb.lexicon import Lexeme, analyses, inflect, lexemes, variants
from ifeval_fi.text import nfc

_VARIANT = re.compile("[\u00ad\u2060\ufeff\u2010\u2011\u2019]")
_PLAIN = {**dict.fromkeys(map(ord, "\u00ad\u2060\ufeff")), 0x2010: "-", 0x2011: "-", 0x2019: "'"}
# "EU-kommisjonen", "PC-ens", "o'hara", "sol-" of "sol- og vindkraft"
_TOKEN = re.compile(r"[^\W_]+(?:['-][^\W_]+)*-?")
_ENDINGS = frozenset("s en et a er ene ens ets as ers enes n t r ne ns ts rs nes'".split())
_GAP = re.compile(r"[*_\"»«”“]*\s+[*_\"»«”“]*")
_KEYWORD = re.compile(r"[^\W_]+(?:[\s'-]+[^\W_]+)*")
_MARKS = frozenset("\"'«»“”„‘’*_`[]")
_LONGEST = 120
# Homographs of one text that are weighed by their context; later ones are taken for the keyword.
_MOST_WEIGHED = 2000
# How much better another reading must be: a word that is asked for is likely meant, more so in its dictionary form,
# and adjectives of the list that look like a noun are rare words.
_BENEFIT, _DICTIONARY_FORM, _NO_NOUN = 0.3, 0.5, 1.5


class _Word:
    """One word of a keyword: its dictionary words, their forms, and what else each form can be."""

    def __init__(self, word: str, name: bool) -> None:
        self.word = word
        first, hyphen, last = word.rpartition("-")
        own = [
            each
            for spelling in variants(last)
            for each in lexemes(spelling)
            if spelling in (last, each.begins + each.word)
        ]
        if name and not any(each.kind == "n" and each.word == last for each in own):
            own = [Lexeme(last, "n", "")]  # Moser and Le are no forms of mose and le
        self.lexemes = tuple(dict.fromkeys(own))
        self.names = {lexeme.begins + lexeme.word for lexeme in self.lexemes} | {word}
        self.forms: dict[str, list[Lexeme]] = {}
        for lexeme in self.lexemes:
            for form in inflect(lexeme):
                self.forms.setdefault(first + hyphen + form, []).append(lexeme)
        self.forms.setdefault(word, [])
        self._rivals: dict[str, tuple[Lexeme, ...]] = {}

    def matches(self, form: str) -> bool:
        """Whether the form is one of the word's, a marked genitive (Lars') or ending (PC-en) included."""
        if form in self.forms:
            return True
        base, mark, ending = form.rpartition("-") if "-" in form else form.rpartition("'")
        return bool(mark) and ending in _ENDINGS and base in self.forms

    def rivals(self, form: str) -> tuple[Lexeme, ...]:
        """The other dictionary words that one of its forms can belong to."""
        if form not in self._rivals:
            own = self.forms[form]
            self._rivals[form] = tuple(
                each
                for each in analyses(form)
                if own and each not in own and each.word not in self.names and not _kin(each, own, form)
            )
        return self._rivals[form]

    def only(self, form: str, tag: str) -> bool:
        """Whether a form has this tag in every reading as this word."""
        return bool(self.forms[form]) and all(tag in inflect(each).get(form, "") for each in self.forms[form])


@lru_cache(maxsize=512)
def _word(word: str) -> _Word:
    return _Word(word.lower(), name=word[0].isupper() and not word.isupper())


def occurrences(text: str, keyword: str) -> list[str]:
    """The words or word groups of the text that are the keyword in any inflected form, in order."""
    text, keyword = _normalise(text), _normalise(keyword).strip()
    folded = text.lower()
    if len(folded) != len(text):
        text = folded
    if not keyword:
        return []
    if len(keyword) <= _LONGEST and _KEYWORD.fullmatch(keyword) and not keyword.isdigit():
        parts = keyword.split()
        if len(parts) > 1 and not keyword.istitle():
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
    keyword = word.word
    weighed = 0
    for token in _TOKEN.finditer(folded):
        start, whole = token.start(), token[0]
        form = whole.rstrip("-")
        if form in word.forms:
            end = start + len(form)
            if len(form) < len(whole) and not _stands_for_hyphened(text[start:end]):
                continue
            if word.rivals(form) or word.only(form, "G"):
                weighed += 1
                if weighed < _MOST_WEIGHED and not _is_meant(word, text, folded, start, end):
                    continue
            yield start, end
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
    """Whether the word stands alone between quotation marks or emphasis: the word «svar»."""
    return start > 0 and folded[start - 1] in _MARKS and folded[end : end + 1] in _MARKS


def _is_meant(word: _Word, text: str, folded: str, start: int, end: int) -> bool:
    """Whether a form of the keyword is one where it stands; False when it is rather a form of another word."""
    form = folded[start:end]
    if form == word.word and _is_mentioned(folded, start, end):
        return True
    at = context.place(text, start, end)
    if word.only(form, "G"):
        return homographs.is_verbal(form, at)
    others = word.rivals(form)
    if word.only(form, "S") and not word.only(form, "D") and any(each.word == form for each in others):
        return False  # boks is rather a box than of a book
    if not (at.before or at.after):
        return True
    own = word.forms[form]
    for each in own:
        for name in (each.word, f"{each.word} {each.kind}"):
            if (form, name) in homographs.SPECIAL:
                return homographs.SPECIAL[form, name](at)
    best, against = _weigh(form, (*own, *others), len(own), at)
    names = {each.word for points, each in against if each.kind in {mine.kind for mine in own} and points >= best}
    if any(homographs.by_topic(each.word, folded, start, end, names) is False for each in own if names):
        return False
    return _outweighs(word, form, best, against)


def _weigh(
    form: str, readings: tuple[Lexeme, ...], own: int, at: context.Place
) -> tuple[float, list[tuple[float, Lexeme]]]:
    """The points of the likeliest of the first readings, which are the word's own, and those of each other."""
    points = context.likelihoods(form, readings, at)
    return max(points[:own]), list(zip(points[own:], readings[own:], strict=True))


def _outweighs(word: _Word, form: str, best: float, against: list[tuple[float, Lexeme]]) -> bool:
    """Whether the word's own reading is about as likely as those of other kinds."""
    kinds = {each.kind for each in word.forms[form]}
    if form == word.word:
        best = max(best + _DICTIONARY_FORM, 0.0)
    rest = [
        points - _NO_NOUN * (each.kind in "ad" and "n" in kinds) for points, each in against if each.kind not in kinds
    ]
    return not rest or best + _BENEFIT >= max(rest)


def _kin(other: Lexeme, own: list[Lexeme], form: str) -> bool:
    """Whether the other word is the same as one of its own but for the kind: a participle and its adjective."""
    if any((form, each.word) in homographs.SPECIAL for each in own):
        return False
    if other.kind == "n" and other.word == form and any(each.kind == "a" for each in own):
        return True
    kinds = {each.kind for each in own} | {other.kind}
    finite = any("F" in inflect(each)[form] for each in (*own, other) if each.kind == "v")
    if form.endswith("t") and not all(_same_participle(each, other) for each in own):
        return False
    return len(kinds) > 1 and kinds <= set("avd") and not (finite and "a" in kinds)


def _same_participle(one: Lexeme, other: Lexeme) -> bool:
    """Whether an adjective beside a verb is its participle: kjent of kjenne; not klar beside klare (klart)."""
    if {one.kind, other.kind} != {"a", "v"}:
        return True
    verb, adjective = (one, other) if one.kind == "v" else (other, one)
    return bool({"T", "G"} & set(inflect(verb).get(adjective.word, "")))
