"""Instructions about the form of the response."""

from __future__ import annotations

import re

from ifeval_fi.checks import Verdict, check
from ifeval_fi.checks.json_text import json_kind
from ifeval_fi.languages import Language
from ifeval_fi.text import collapse, emphasised, list_items, nfc, unfenced


@check("detectable_format:number_bullet_lists")
def number_bullet_lists(text: str, language: Language, *, num_bullets: int) -> Verdict:
    """Followed when there are exactly that many bulleted items."""
    items = list_items(text)
    return Verdict(len(items) == num_bullets, f"{len(items)}, asked {num_bullets}")


@check("detectable_format:constrained_response")
def constrained_response(text: str, language: Language) -> Verdict:
    """Followed when the response contains one of the language's fixed answers."""
    plain = collapse(re.sub(r"[*_]", "", text))
    found = [answer for answer in language.answers if collapse(answer) in plain]
    return Verdict(bool(found), ", ".join(found) or "none of the answers")


@check("detectable_format:number_highlighted_sections")
def number_highlighted_sections(text: str, language: Language, *, num_highlights: int) -> Verdict:
    """Followed when at least that many spans are *highlighted* or **highlighted**."""
    spans = emphasised(text)
    examples = ", ".join(spans[:4])
    return Verdict(len(spans) >= num_highlights, f"{len(spans)}, asked at least {num_highlights}: {examples}")


@check("detectable_format:multiple_sections")
def multiple_sections(text: str, language: Language, *, section_spliter: str, num_sections: int) -> Verdict:
    """Followed when at least that many lines open a section: the splitter and a number, markdown allowed before."""
    splitter = re.escape(nfc(section_spliter.strip()))
    # "Osa 1", "## **Osa IV**"; no word ("Osa 1a") and no inflected number ("Osa 1:ssä"). The gap is whole.
    opening = re.compile(
        rf"^[#*_ \t\\\"”“„»«]*{splitter}(?<![ \t\u00a0])[ \t\u00a0]+(?:\d+|[IVXLC]+)(?![\w]|[-:][^\W\d])", re.MULTILINE
    )
    found = [line.strip() for line in opening.findall(text)]
    return Verdict(len(found) >= num_sections, f"{len(found)}, asked at least {num_sections}: {', '.join(found[:4])}")


@check("detectable_format:json_format")
def json_format(text: str, language: Language) -> Verdict:
    """Followed when the whole response is one JSON value, optionally inside one ``` or ```json fence."""
    try:
        kind = json_kind(unfenced(text))
    except ValueError as problem:
        return Verdict(False, f"not JSON: {problem}")
    return Verdict(True, f"a JSON {kind}")


@check("detectable_format:title")
def title(text: str, language: Language) -> Verdict:
    """Followed when a non-empty title stands in <<double angular brackets>> on one line."""
    for opened in text.split("<<")[1:]:
        content, closing, _ = opened.partition(">>")
        if closing and "\n" not in content and content.strip("<> \t"):
            return Verdict(True, f"<<{content}>>")
    return Verdict(False, "no <<title>>")
