"""Placeholders and postscripts as the published code finds them."""

from __future__ import annotations

import re

from ifeval_fi.checks import Verdict, counted
from ifeval_fi.languages import Language
from ifeval_fi.rules.reference.table import compiled, reference

_POSTSCRIPTS = {"P.P.S": r"p\.\s?p\.\s?s", "P.S.": r"p\.\s?s\."}
_SIMPLE_MARKER = re.compile(r"[\w.:!, -]*")


@reference("detectable_content:number_placeholders")
def number_placeholders(text: str, language: Language, *, num_placeholders: int) -> Verdict:
    """Followed when at least that many pairs of square brackets open and close on one line."""
    found = [span for line in text.split("\n") for span in _bracketed(line)]
    return counted(len(found), "at least", num_placeholders, ", ".join(found[:5]))


def _bracketed(line: str) -> list[str]:
    # The pattern \[.*?\], without its quadratic time on brackets that never close.
    spans = []
    start = line.find("[")
    while start >= 0 and (end := line.find("]", start)) >= 0:
        spans.append(line[start : end + 1])
        start = line.find("[", end)
    return spans


@reference("detectable_content:postscript")
def postscript(text: str, language: Language, *, postscript_marker: str) -> Verdict:
    """Followed when the lower-cased text holds the marker, a pattern unless P.S. or P.P.S, anywhere."""
    marker = postscript_marker.strip()
    try:
        match = compiled(_postscript_pattern(marker), re.MULTILINE).search(text.lower())
    except (re.error, RecursionError, OverflowError) as error:
        return Verdict(False, f"the marker is no regular expression: {error}")
    return Verdict(match is not None, match.group().strip()[:40] if match else "no postscript")


def _postscript_pattern(marker: str) -> str:
    lowered = marker.lower()
    # The published pattern is \s* marker .*$: around a simple marker that changes only the time.
    around = lowered if _SIMPLE_MARKER.fullmatch(lowered) else rf"\s*{lowered}.*$"
    return _POSTSCRIPTS.get(marker, around)
