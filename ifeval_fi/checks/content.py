"""Instructions about parts the response must contain."""

from __future__ import annotations

import re

from ifeval_fi.checks import Verdict, check
from ifeval_fi.languages import Language
from ifeval_fi.text import has_word, nfc, untagged

_BRACKETS = re.compile(r"\[([^\[\]\n]+)\](?!\()")
_NO_PLACEHOLDER = re.compile(r"\s*(?:[xX]|\^.*|\d+(?:[–,-]\s*\d+)*|[\"'].*)\s*")
_DECORATION = r"[*_>#\t \u00a0]*"
_BEGINS = r"(?=[\s*_–—-]|(?<=\.)[^\W_]{2})(?!\s*\d+:\d)"


@check("detectable_content:number_placeholders")
def number_placeholders(text: str, language: Language, *, num_placeholders: int) -> Verdict:
    """Followed when there are at least that many [square-bracket] placeholders.

    Links, task boxes, footnote and reference numbers and JSON lists are no placeholders.
    """
    found = [
        content for content in _BRACKETS.findall(text) if has_word(content) and not _NO_PLACEHOLDER.fullmatch(content)
    ]
    examples = ", ".join(f"[{content}]" for content in found[:5])
    return Verdict(len(found) >= num_placeholders, f"{len(found)}, asked at least {num_placeholders}: {examples}")


# "D.S." closes a postscript in the Nordic languages and is no word of it.
_CLOSING = re.compile(r"(?<![^\W_])d\.?[ ]?s\b\W*\Z", re.IGNORECASE)


@check("detectable_content:postscript")
def postscript(text: str, language: Language, *, postscript_marker: str) -> Verdict:
    """Followed when a postscript begins with the marker, or a usual written variant of it, and says something.

    A variant stands at the start of a line and is no inflected word (PS:n) or psalm (Ps. 23:1); the exact marker
    may also follow other text on its line.
    """
    text, marker = untagged(text), nfc(postscript_marker.strip())
    exact = re.escape(marker)
    variants = language.postscripts.get(_canonical(marker), exact)
    at_line_start = rf"(?im:^{_DECORATION}(?:{variants}|{exact})){_BEGINS}"
    within_line = rf"(?<=[\s*_]){exact}\.?:?[*_]*\s+[*_\"”“]*(?=[A-ZÅÄÖÆØ])"
    for mark in re.finditer(f"{at_line_start}|{within_line}", text):
        if has_word(_CLOSING.sub("", text[mark.end() :])):
            return Verdict(True, text[mark.start() : mark.end() + 60])
    return Verdict(False, f"no postscript with {marker}")


def _canonical(marker: str) -> str:
    letters = re.sub(r"[\s.:]", "", marker).upper()
    return {"PS": "P.S.", "PPS": "P.P.S"}.get(letters, marker)
