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
_KEYWORD = re.compile(rf"{_LETTERS}(?:'{_LETTERS})*'?(?:(?:\s+|-){_LETTERS}(?:'{_LETTERS})*'?)*")
_BETWEEN = re.compile(r"[*_]*\s+[*_]*")
_PLAIN = {**dict.fromkeys(map(ord, "\u00ad\u2060\ufeff\ufe0e\ufe0f")), 0x2010: "-", 0x2011: "-", 0x2019: "'", 0xB4: "'"}
_VARIANT = re.compile(f"[{''.join(map(chr, _PLAIN))}]")
_ACUTE = str.maketrans("éáíóúýÉÁÍÓÚÝ", "eaiouyEAIOUY")
# What follows the apostrophe of EU's, tv'et, pc'erne.
_ENDING = "(?:e?n|e?t|e?rne|e?r|ene|e)?s?"
# A noun before a verb or adjective that is spelled alike: a prompt that asks for the word means the noun.
_NOUN_MEANT = frozenset(
    """
    dyr have får tog ret kort bad fyr fast led vand løber leder sang unge ged ged gift vagt mål gang væg hav mod
    ved fad rør vask spil slag fald skat hus lys under vej
""".split()
)
_VERB_MEANT = frozenset("få være blive".split())
# Words that only the accent tells from another: allé, armé, entré.
# Closed-class verbs that inflect.
_INFLECTED = frozenset("har have havde er var være kan kunne skal skulle vil ville må".split())
_TOLD_BY_ACCENT = frozenset("alle arme entre".split())
_ADJECTIVE_MEANT = frozenset("tør fast stille rig let glat".split())
# First names and surnames that are common nouns too; written with a capital inside a sentence they are names.
_NAMES = frozenset(
    """
    bjørn sten rose lærke vibe ravn ulv falk bo dag liv pil storm ask birk svend viola iris lilje my holm lund
    berg bæk dal smed skov krog lind krone bonde jul kok fisker jæger præst due bro borg busk friis gran hjort
    høj krag kvist lærke møller munk myre odin palle per ring skytte stig stær svane thor tang vang vinter
    sommer winther bech buhl gade hede kær mark nygaard toft vest nord øst hansen rask bager skrædder degn fynbo
    jyde kæmpe kjær lang lykke mus nørgaard rosen kaj lasse ib ulla
""".split()
)
# Verbs in -s with an entry of their own: no passives of the verb without it.
_DEPONENTS: dict[str, re.Pattern[str] | None] = {
    **dict.fromkeys(
        """
    synes syntes mindes mindedes længes længtes enes enedes lykkes lykkedes nøjes undres undredes trives skændes
    skændtes sloges ældes findes fandtes
""".split()
    ),
    "slås": re.compile(r"(?!\W+(?:op|ned|fast|ud|ind|sammen|til|af)\b)"),
}
_ACCENTED = re.compile("[éáíóúý]")
# The pronoun I and its object form: "I kan", "hos jer"; the preposition i only where it opens a sentence.
_PRONOUN_I = re.compile(r"(?<![^\W_])(?:I(?!['’]|\.\w)|[Jj]er|JER)(?![^\W_])")
# "musik-, billed- og -museum"
_GOES_BEFORE = re.compile(r"[^\W_](?:[ ,]|[ ,](?:og|eller) )-$")
_LONGEST_WORD, _MOST_ASKED = 60, 5_000
_NOWHERE = Surroundings((), ())


class _Text:
    """A text as it is searched: as written, and in small letters without accents."""

    def __init__(self, text: str) -> None:
        self.folded = text.lower()
        self.written = text if len(self.folded) == len(text) else self.folded
        self.plain = self.folded.translate(_ACUTE) if _ACCENTED.search(self.folded) else self.folded
        self._asked = 0

    def around(self, start: int, end: int) -> Surroundings:
        """The words around; none for the many-thousandth question, so that a long text takes linear time."""
        self._asked += 1
        return _NOWHERE if self._asked > _MOST_ASKED else surroundings(self.plain, start, end)


class _Matcher:
    """Finds the forms of one word of a keyword."""

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
        self.forms: dict[str, list[Lexeme]] = {self.word: []}
        for lexeme in self.lexemes:
            for form in lexeme.forms:
                self.forms.setdefault(form, []).append(lexeme)
        if not self.lexemes and self.word[-1:].isalpha() and not word.isupper():
            self.forms.setdefault(self.word + "s", [])
        self.others = {form: self._others(form) for form in self.forms}
        longest_first = "|".join(map(re.escape, sorted(self.forms, key=len, reverse=True)))
        # "tv", "tv'et", but neither the et of "tv'et" nor the tv of "tv-avisens" without its hyphen
        self.pattern = re.compile(rf"(?<![^\W_])(?<![^\W_]')({longest_first})(?:'{_ENDING})?(?![^\W_]|'[^\W_])")

    def _others(self, form: str) -> list[Lexeme]:
        own = {(lexeme.word, lexeme.kind) for lexeme in self.lexemes}
        return [each for each in by_form().get(form, ()) if (each.word, each.kind) not in own]

    def find(self, text: _Text) -> Iterator[tuple[int, int]]:
        """Where the word stands in the text."""
        for match in self.pattern.finditer(text.plain):
            if self._accepts(match, text):
                yield match.span()

    def match(self, text: _Text, at: int) -> int | None:
        """Where the word ends that stands at this place, if it does."""
        found = self.pattern.match(text.plain, at)
        return found.end() if found and self._accepts(found, text) else None

    def _accepts(self, match: re.Match[str], text: _Text) -> bool:
        """Whether the form is this word and no other that is spelled alike."""
        form, start, end = match[1], *match.span()
        if match.end(1) < end:
            return True
        if form != self.word and form in _DEPONENTS:
            used = _DEPONENTS[form]
            if used is None or used.match(text.plain, end):
                return False
        accented = text.folded[start:end] != form
        if accented and (self.accented or self.word in _TOLD_BY_ACCENT):
            return self.accented
        others = self.others[form]
        closed = form in FUNCTION_WORDS and not self.closed
        if form == self.word and all(lexeme.guessed for lexeme in self.lexemes):
            return True
        if self.auxiliary or not (others or closed) or not self.forms[form]:
            return True
        around = text.around(start, end)
        if not around.before and not around.after:
            return True
        own = max(weight(form, lexeme, around) for lexeme in self.forms[form])
        if self.closed:
            own = max(own, function_word_weight(form, around))
        other = max((weight(form, lexeme, around) for lexeme in others), default=-99.0)
        if closed and not accented:
            other = max(other, function_word_weight(form, around))
        return own >= other


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


@lru_cache(maxsize=256)
def _matcher(word: str) -> _Matcher:
    return _Matcher(word)


def occurrences(text: str, keyword: str) -> list[str]:
    """The words or word groups of the text that are the keyword in any inflected form, in order."""
    text, keyword = _normalise(text), _normalise(keyword).strip()
    if not keyword:
        return []
    if keyword == "I":
        return [match.group() for match in _PRONOUN_I.finditer(text)]
    if len(keyword) <= _LONGEST_WORD * 2 and _KEYWORD.fullmatch(keyword) and not keyword.isdigit():
        searched = _Text(text)
        return [searched.written[start:end] for start, end in _inflected(searched, keyword)]
    return [match.group() for match in _literal(keyword).finditer(text)]


def _normalise(text: str) -> str:
    if _VARIANT.search(text):
        text = text.translate(_PLAIN)
    return nfc(text)


@lru_cache(maxsize=512)
def _literal(keyword: str) -> re.Pattern[str]:
    before = r"(?<![^\W_])" if keyword[0].isalnum() else ""
    after = r"(?![^\W_])" if keyword[-1].isalnum() else ""
    if keyword[0].isdigit():
        before += r"(?<!\d[.,:])"
    if keyword[-1].isdigit():
        after += r"(?![.,:]\d)"
    body = r"\s+".join(re.escape(part) for part in keyword.split())
    return re.compile(f"{before}{body}{after}", re.IGNORECASE)


def _inflected(text: _Text, keyword: str) -> Iterator[tuple[int, int]]:
    """Spans of the text where the keyword's words stand in a row, each in some form."""
    parts = re.findall(rf"({_LETTERS}(?:'{_LETTERS})*)'?(\s|-|$)", keyword)
    matchers = [_matcher(word) for word, _ in parts]
    hyphened = [separator == "-" for _, separator in parts]
    name = len(parts) == 1 and keyword.lower() in _NAMES and keyword[0].islower()
    free = 0
    for start, end in matchers[0].find(text):
        joined = len(parts) > 1 and hyphened[0]
        if start < free or (
            "-" in text.plain[max(0, start - 1) : end + 1] and _suspended(text.plain, start, end, joined)
        ):
            continue
        if name and _is_name(text.written, start, end, keyword):
            continue
        last: int | None = end
        for matcher, hyphen in zip(matchers[1:], hyphened, strict=False):
            last = last and _next(text, last, matcher, hyphen)
        if last:
            free = last
            yield start, last


def _suspended(text: str, start: int, end: int, joined: bool) -> bool:
    """Whether a hyphen stands for the rest of a closed compound: skole- og kulturudvalget, musikskole og -museum."""
    if not joined and text[end : end + 1] == "-" and not text[end + 1 : end + 2].isalnum():
        return text[end + 1 : end + 2] in (" ", ",", "\n", "\u00a0", "/", "")
    if start < 3 or text[start - 1] != "-" or text[start - 2].isalnum():
        return False
    return _GOES_BEFORE.search(text[max(0, start - 8) : start]) is not None


def _is_name(text: str, start: int, end: int, keyword: str) -> bool:
    """Whether the token is a person's name: a capital inside a sentence, or opening one without an ending."""
    if not text[start].isupper() or (text[start:end].isupper() and end - start > 1):
        return False
    before = text[max(0, start - 3) : start].rstrip(" \"”“»«*_'")
    inside = before[-1:].isalnum() or before[-1:] in (",", ";", "-", "&")
    bare = text[start:end].lower() in (keyword.lower(), keyword.lower() + "s")
    return bare and (inside or not re.match(r"[ ]*[.!?:,\n]|$", text[end : end + 2]))


def _next(text: _Text, at: int, matcher: _Matcher, hyphen: bool) -> int | None:
    """Where the next word of a keyword ends, if it follows."""
    if hyphen:
        return matcher.match(text, at + 1) if text.plain[at : at + 1] == "-" else None
    gap = _BETWEEN.match(text.plain, at)
    return matcher.match(text, gap.end()) if gap else None
