"""Instructions about how the response starts and ends."""

from __future__ import annotations

import re

from ifeval_fi.checks import Verdict, check
from ifeval_fi.languages import Language
from ifeval_fi.text import collapse, nfc

_CLOSING = "\"”“„»«'’‘*_ \t\n"
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
            if (end := _end_of_quotation(body, opening, closing)) == len(body) - 1:
                return Verdict(True, f"{opening}…{closing}")
            return Verdict(False, f"the quotation ends at “{body[max(0, end - 20) : end + 1]}”")
    return Verdict(False, f"begins “{body[:20]}”, ends “{body[-20:]}”")


def _unescaped(body: str) -> str:
    """Without a program's backslashes: \\"…\\" is a quotation, and escaped marks inside "…" are inner ones."""
    return body.replace('\\"', '"' if body.startswith("\\") else "")


def _end_of_quotation(body: str, opening: str, closing: str) -> int:
    """Where the quotation that opens the text ends; quotations inside it may nest."""
    opens = f"{_OPENS_BEHIND}{opening}{_OPENS_BEFORE}" if opening == closing else opening
    depth = 1
    for mark in re.compile(f"({opens})|{closing}").finditer(body, 1):
        depth += 1 if mark[1] else -1
        if depth == 0:
            return mark.start()
    return len(body) - 1
