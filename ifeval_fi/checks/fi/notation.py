"""Instructions about numbers, dates, quotation marks and capitals written the Finnish way."""

from __future__ import annotations

import re
from typing import Literal

from ifeval_fi.checks import Verdict, check
from ifeval_fi.languages import Language
from ifeval_fi.languages.fi.numerals import is_numeral
from ifeval_fi.languages.fi.syllables import words_of
from ifeval_fi.text import has_word

Kind = Literal["date", "time", "decimal"]

_MONTHS = r"(?:tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu)kuu"
_UNITS = (
    r"(?:%|€|(?:km|kg|m|l|cm|g|dl|cl|mm|h|t)\b|prosent|euro|metri|kilo|litr|aste|tun|min|miljoon|tuhat|kuutio|neliö"
    r"|senttim|desi|gramm|vuo|kerta|km/h|m²)"
)
_RIGHT = {
    # "5.6.2024", "24.12.", "6. joulukuuta"
    "date": re.compile(
        rf"(?<![\d.])(?:0?[1-9]|[12]\d|3[01])\.(?:(?:0?[1-9]|1[0-2])\.(?:\d{{4}})?(?!\d)|[ \u00a0]{_MONTHS})"
    ),
    # "14.30", "klo 9"
    "time": re.compile(r"(?<![\d.,])(?:[01]?\d|2[0-3])\.[0-5]\d(?![\d.]\d)(?!\d)|\b(?:klo|kello) (?:[01]?\d|2[0-4])\b"),
    # "2,5"
    "decimal": re.compile(r"(?<![\d,.])\d+,\d+(?![\d,])"),
}
_WRONG = {
    # "2024-06-05", "5/6/2024", "June 5"
    "date": re.compile(r"\b\d{4}-\d{1,2}-\d{1,2}\b|\b\d{1,2}[/-]\d{1,2}[/-]\d{2,4}\b"),
    # "14:30", "2 pm", "klo 14,30"
    "time": re.compile(r"(?<![\d:])\d{1,2}:\d{2}(?![\d:])|\b\d{1,2} ?[ap]\.?m\b|\b(?:klo|kello) \d+,\d", re.IGNORECASE),
    # "2.5 kg", but neither "klo 14.30" nor "5.6."
    "decimal": re.compile(rf"(?<!klo )(?<!kello )(?<![\d.,])\d+\.\d+[ \u00a0]?{_UNITS}", re.IGNORECASE),
}
_OTHER_QUOTES = re.compile(r"[\"“„«»‟]")


@check("fi:numbers_in_words")
def numbers_in_words(text: str, language: Language, *, min_numbers: int) -> Verdict:
    """Followed when there is no digit, and at least so many numbers are said in words, in any inflected form."""
    if digits := next((run for run in text.split() if any(map(str.isdecimal, run))), None):
        return Verdict(False, f"in digits: {digits}")
    found = [word for word in words_of(text) if is_numeral(word)]
    return Verdict(len(found) >= min_numbers, f"{len(found)}, asked at least {min_numbers}: {', '.join(found[:6])}")


@check("fi:finnish_notation")
def finnish_notation(text: str, language: Language, *, kinds: tuple[Kind, ...]) -> Verdict:
    """Followed when each kind ("date", "time", "decimal") occurs as Finnish writes it, and never otherwise."""
    shown = []
    for kind in kinds:
        if wrong := _WRONG[kind].search(text):
            return Verdict(False, f"{kind} {wrong.group()}")
        right = _RIGHT[kind].search(text)
        if not right:
            return Verdict(False, f"no {kind}")
        shown.append(right.group())
    return Verdict(True, ", ".join(shown))


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
