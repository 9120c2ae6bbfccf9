"""Instructions about how the response starts and ends."""

from __future__ import annotations

import re

from ifeval_fi.checks import Verdict, check
from ifeval_fi.languages import Language
from ifeval_fi.text import collapse, nfc

_CLOSING = "\"”“„»«'’‘‹›*_ \t\n"
# A mark that can do both opens: white space or an opening bracket before it, a word after it.
_OPENS_BEHIND, _OPENS_BEFORE = r"(?<=[\s(\[{<*_–—\-/:\"”])", r"(?=[^\s\"”])"


@check("startend:end_checker")
def end_checker(text: str, language: Language, *, end_phrase: str) -> Verdict:
    """Followed when the response ends with the phrase; case and closing quotation marks or emphasis are ignored."""
    ending = collapse(text.rstrip().rstrip(_CLOSING))
    phrase = collapse(nfc(end_phrase).strip().rstrip(_CLOSING))
    before = ending[: -len(phrase)][-1:] if phrase else ""
    followed = ending.endswith(phrase) and not (before.isalnum() and phrase[:1].isalnum())
    return Verdict(followed, f"ends with “{text.rstrip()[-60:]}”")


@check("startend:quotation")
def quotation(text: str, language: Language) -> Verdict:
    """Followed when the whole response stands inside one pair of double quotation marks."""
    body = _unescaped(text.strip())
    for opening, closing in language.quotation_marks:
        if len(body) > 2 and body.startswith(opening) and body.endswith(closing) and body[1:-1].strip():
            if language.nests_quotations:
                end = _end_of_nesting(body, closing, language.quotation_marks)
            else:
                end = _end_of_quotation(body, opening, closing, language.inner_quotations_close)
            if end == len(body) - 1:
                return Verdict(True, f"{opening}…{closing}")
            return Verdict(False, f"the quotation ends at “{body[max(0, end - 20) : end + 1]}”")
    return Verdict(False, f"begins “{body[:20]}”, ends “{body[-20:]}”")


def _unescaped(body: str) -> str:
    """Without a program's backslashes: \\"…\\" is a quotation, and escaped marks inside "…" are inner ones."""
    return body.replace('\\"', '"' if body.startswith("\\") else "")


def _end_of_quotation(body: str, opening: str, closing: str, inner_close: bool) -> int:
    """Where the quotation that opens the text ends; quotations inside it may nest, and must close if so said."""
    opens = f"{_OPENS_BEHIND}{opening}{_OPENS_BEFORE}" if opening == closing else opening
    depth = 1
    for mark in re.compile(f"({opens})|{closing}").finditer(body, 1):
        depth += 1 if mark[1] else -1
        if depth == 0:
            return mark.start()
    return len(body) if inner_close else len(body) - 1


def _end_of_nesting(body: str, closing: str, pairs: tuple[tuple[str, str], ...]) -> int:
    """Where the quotation that opens the text ends, when any pair may nest in it and a mark may open and close.

    "»Den lyder: „Nej.“ Og »ja« er »nej«.«": a mark after white space opens, one before white space closes.
    """
    openings, marks = {opening for opening, _ in pairs}, {mark for pair in pairs for mark in pair}
    inner: list[str] = []
    for at in (at for at in range(1, len(body) - 1) if body[at] in marks):
        before, after = body[at - 1], body[at + 1]
        if not after.isspace() and (before.isspace() or before in "([{—–-" or (before in openings and after.isalnum())):
            if body[at] in openings:
                inner.append(body[at])
        elif inner and (inner[-1], body[at]) in pairs:
            inner.pop()
        elif not inner and body[at] == closing:
            return at
    return len(body) - 1 if not inner else body.rindex(inner[0], 0, len(body) - 1)
