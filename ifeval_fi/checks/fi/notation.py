"""Instructions about numbers, dates, quotation marks and capitals written the Finnish way."""

from __future__ import annotations

import re
from typing import Literal

from ifeval_fi.checks import Verdict, check
from ifeval_fi.languages import Language
from ifeval_fi.text import has_word

_NUMBERS = (
    "nolla yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän kymmenen yksitoista kaksitoista kolmetoista neljätoista "
    "viisitoista kuusitoista seitsemäntoista kahdeksantoista yhdeksäntoista kaksikymmentä kolmekymmentä neljäkymmentä viisikymmentä "
    "kuusikymmentä seitsemänkymmentä kahdeksankymmentä yhdeksänkymmentä sata tuhat miljoona kaksisataa kolmesataa"
).split()
# "5.6.2024" with no zeros needed, "klo 14.30", "2,5"; and what other languages write for them.
_RIGHT = {
    "date": re.compile(r"(?<![\d.])(?:[12]?\d|3[01])\.(?:1[0-2]|[1-9])\.(?:\d{4})?(?![\d])"),
    "time": re.compile(r"\b(?:klo|kello) (?:[01]?\d|2[0-3])(?:\.[0-5]\d)?(?!\d)"),
    "decimal": re.compile(r"(?<![\d,.])\d+,\d+(?![\d,])"),
}
_WRONG = {
    "date": re.compile(r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b"),
    "time": re.compile(r"(?<![\d:])\d{1,2}:\d{2}(?![\d:])|\b\d{1,2} ?[ap]\.?m\b", re.IGNORECASE),
    # "2.5 kg", but neither "klo 14.30" nor "5.6."
    "decimal": re.compile(
        r"(?<!klo )(?<!kello )(?<![\d.,])\d+\.\d+(?= ?(?:%|€|km|kg|m|l|cm|g|dl|prosenttia|euroa|metriä|kilometriä|kiloa|litraa|astetta|tuntia)\b)"
    ),
}
_OTHER_QUOTES = re.compile(r"[\"“„«»‟]")


@check("fi:numbers_in_words")
def numbers_in_words(text: str, language: Language, *, min_numbers: int) -> Verdict:
    """Followed when there is no digit, and at least so many numbers are said in words, in any inflected form."""
    digit = re.search(r"\S*\d\S*", text)
    if digit:
        return Verdict(False, f"in digits: {digit.group()}")
    found = [hit for number in _NUMBERS for hit in language.occurrences(text, number)]
    return Verdict(len(found) >= min_numbers, f"{len(found)}, asked at least {min_numbers}: {', '.join(found[:6])}")


@check("fi:finnish_notation")
def finnish_notation(text: str, language: Language, *, kinds: tuple[str, ...]) -> Verdict:
    """Followed when each kind ("date", "time", "decimal") occurs as Finnish writes it, and never otherwise."""
    for kind in kinds:
        if wrong := _WRONG[kind].search(text):
            return Verdict(False, f"{kind} {wrong.group()}")
        if not _RIGHT[kind].search(text):
            return Verdict(False, f"no {kind}")
    return Verdict(True, ", ".join(found.group() for kind in kinds if (found := _RIGHT[kind].search(text))))


@check("fi:finnish_quotes")
def finnish_quotes(text: str, language: Language, *, min_quotes: int) -> Verdict:
    """Followed when ”…” is the only kind of double quotation mark, at least so many pairs of it."""
    if other := _OTHER_QUOTES.search(text):
        return Verdict(False, f"another mark: {text[max(0, other.start() - 10) : other.start() + 10]}")
    marks = text.count("”")
    followed = marks % 2 == 0 and marks // 2 >= min_quotes
    return Verdict(followed, f"{marks} marks ”, asked at least {min_quotes} pairs")


@check("fi:capital_exception")
def capital_exception(text: str, language: Language, *, words: tuple[str, ...]) -> Verdict:
    """Followed when every letter is small but those words', which occur in capitals each time and at least once."""
    wanted = {word.upper() for word in words}
    seen: set[str] = set()
    for word in text.split():
        bare = word.strip("\"”“»«'’.,:;!?()[]*_–—-")
        if bare.upper() in wanted:
            if not bare.isupper():
                return Verdict(False, f"not in capitals: {bare}")
            seen.add(bare)
        elif any(map(str.isupper, word)) and has_word(word):
            return Verdict(False, f"capitals: {word}")
    missing = wanted - seen
    return Verdict(not missing, f"missing: {', '.join(sorted(missing))}" if missing else ", ".join(sorted(seen)))


Kind = Literal["date", "time", "decimal"]
