"""Formats as the published code sees them."""

from __future__ import annotations

import re

from ifeval_fi.checks import Verdict, counted
from ifeval_fi.checks.json_text import json_kind
from ifeval_fi.jsonl import nests_deeper
from ifeval_fi.languages import Language
from ifeval_fi.rules.reference.table import compiled, reference

_STAR_BULLET = re.compile(r"^[^\S\n]*\*[^*].*$", re.MULTILINE)
_DASH_BULLET = re.compile(r"^[^\S\n]*-", re.MULTILINE)
_SINGLE_HIGHLIGHT = re.compile(r"\*[^\n*]*\*")
_DOUBLE_HIGHLIGHT = re.compile(r"\*\*([^\n*]*)\*\*")
_STRING_OR_NUMBER = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|(\d+)([.eE][\d.eE+-]*)?', re.ASCII)
_JSON_DEPTH = 800
_INTEGER_DIGITS = 4300
_MANY_DIGITS = re.compile(rf"\d{{{_INTEGER_DIGITS + 1}}}", re.ASCII)


@reference("detectable_format:number_bullet_lists")
def number_bullet_lists(text: str, language: Language, *, num_bullets: int) -> Verdict:
    """Followed when exactly that many lines begin with a dash, or with one asterisk and something other."""
    stars, dashes = len(_STAR_BULLET.findall(text)), len(_DASH_BULLET.findall(text))
    return Verdict(stars + dashes == num_bullets, f"{stars} with *, {dashes} with -, asked {num_bullets}")


@reference("detectable_format:constrained_response")
def constrained_response(text: str, language: Language) -> Verdict:
    """Followed when one of the language's fixed answers stands in the text, letter for letter."""
    found = [answer for answer in language.answers if answer in text]
    return Verdict(bool(found), found[0] if found else "no fixed answer")


@reference("detectable_format:number_highlighted_sections")
def number_highlighted_sections(text: str, language: Language, *, num_highlights: int) -> Verdict:
    """Followed when asterisks, and double ones once more, enclose at least that many non-empty spans."""
    spans = [span.strip("*").strip() for span in _SINGLE_HIGHLIGHT.findall(text)]
    spans += [span.strip() for span in _DOUBLE_HIGHLIGHT.findall(text)]
    found = list(filter(None, spans))
    return counted(len(found), "at least", num_highlights, ", ".join(span[:30] for span in found[:4]))


@reference("detectable_format:multiple_sections")
def multiple_sections(text: str, language: Language, *, section_spliter: str, num_sections: int) -> Verdict:
    """Followed when the splitter, as a pattern, and a number occur that often, anywhere in the text."""
    try:
        parts = compiled(rf"\s?{section_spliter.strip()}\s?\d+\s?").split(text)
    except (re.error, RecursionError, OverflowError) as error:
        return Verdict(False, f"the splitter is no regular expression: {error}")
    return counted(len(parts) - 1, "at least", num_sections)


@reference("detectable_format:json_format")
def json_format(text: str, language: Language) -> Verdict:
    """Followed when the text, less a code fence, is what Python reads as JSON, NaN and Infinity included."""
    text = text.strip()
    for fence in ("```json", "```Json", "```JSON", "```"):
        text = text.removeprefix(fence)
    text = text.removesuffix("```").strip()
    if nests_deeper(text, _JSON_DEPTH):  # the published code crashes there, sooner or later
        return Verdict(False, f"JSON nested over {_JSON_DEPTH} deep")
    try:
        json_kind(text, constants=True)
    except ValueError as error:
        return Verdict(False, f"no JSON: {error}")
    if _has_long_integer(text):
        return Verdict(False, "an integer of too many digits")
    return Verdict(True, "JSON")


def _has_long_integer(text: str) -> bool:
    """Whether JSON holds an integer that Python's default limit refuses, whatever limit this process runs under."""
    if not _MANY_DIGITS.search(text):
        return False
    numbers = _STRING_OR_NUMBER.findall(text)
    return any(len(digits) > _INTEGER_DIGITS and not fraction for digits, fraction in numbers)


@reference("detectable_format:title")
def title(text: str, language: Language) -> Verdict:
    """Followed when a line holds << and, further on, >>, with more than brackets and white space between."""
    for line in text.split("\n"):
        # The longest span from the first << : the pattern <<[^\n]+>>, without its quadratic time.
        start, end = line.find("<<"), line.rfind(">>")
        if 0 <= start < end - 2:
            inside = line[start : end + 2].lstrip("<").rstrip(">").strip()
            if inside:
                return Verdict(True, inside[:60])
    return Verdict(False, "no title")
