"""Tags that keep a text's literal parts as they are and let its arguments be found again in the translation.

`<x>` holds what stays as it is (the engine must not translate it), `<w>` a word and `<p>` a passage that an
argument quotes, and `<n/>` line breaks, which some engines would otherwise lose.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, islice
from typing import Any, Literal, NamedTuple

from ifeval_fi.languages import Language

IGNORED, WORD, PASSAGE, BREAK = "x", "w", "p", "n"
WORDS = ("keyword", "keywords", "forbidden_words")
PASSAGES = ("prompt_to_repeat", "end_phrase")
FORMS = ("first_word", "section_spliter")

ArgumentKind = Literal["word", "form", "passage"]

_LITERAL = re.compile(
    r"""
      ```.*?(?:```|\Z) | ~~~.*?(?:~~~|\Z) | `[^`\n]+`                   # code
    | (?:https?|ftp)://[^\s<>"”)\]]*[^\s<>"”)\].,;:!?] | www\.[^\s<>"”)\]]*[^\s<>"”)\].,;:!?]
    | (?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+
    | <<[^<>\n]*>> | </?[A-Za-z][^<>\n]{0,80}>                          # titles, elements
    | \$?\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\} | %\(?\w*\)?[sd]\b    # JSON samples, templates
    | (?<!\w)\[[^\[\]\n]{1,40}\](?!\()                                  # placeholders
    | \*{3,} | -{3,} | _{3,} | ={3,}
    | &(?:[A-Za-z][A-Za-z0-9]{1,31}|\#\d{1,7}|\#[xX][0-9A-Fa-f]{1,6});    # entities, which the text itself shows
    | (?<!\w)P\.(?:\ ?P\.)?\ ?S\b\.?
    | ^[ \t]*(?:[*+•-]|\#{1,6}|>)[ \t]+(?=\S)                           # list, heading and quotation marks
    | [\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]+           # what XML cannot hold
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_BREAKS = re.compile(r"(?<![ \t])[ \t]*(?:\r?\n[ \t]*)+")
_AS_XML = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
    | dict.fromkeys(map(chr, (*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)))
)


class Span(NamedTuple):
    """A part of a text under a tag; `number` names the literal, the argument or the run of breaks."""

    start: int
    end: int
    tag: str
    number: int


@dataclass(frozen=True)
class Argument:
    """A text that instructions quote from the prompt; a word may come back inflected, a form and a passage may not."""

    value: str
    kind: ArgumentKind


@dataclass(frozen=True)
class Protected:
    """A text with its tags, what they stand for, and the arguments it does not hold.

    `apart` says of each literal whether it stands apart from the words before and after it.
    """

    text: str
    literals: tuple[str, ...] = ()
    apart: tuple[tuple[bool, bool], ...] = ()
    breaks: tuple[str, ...] = ()
    arguments: tuple[Argument, ...] = ()
    tagged: frozenset[int] = frozenset()

    @property
    def absent(self) -> list[str]:
        """Arguments the source does not say."""
        return [each.value for number, each in enumerate(self.arguments) if number not in self.tagged]


def protect(
    text: str,
    language: Language,
    kwargs: Iterable[Mapping[str, Any]] = (),
    *,
    breaks: bool = True,
    replaced: Mapping[str, str] | None = None,
) -> Protected:
    """The text as XML with its literal parts and arguments tagged.

    `replaced` are literal texts with what stands for them in the target language; `breaks` tags line breaks.
    """
    kwargs = list(kwargs)
    arguments = list(_arguments(kwargs))
    literals: list[str] = []
    apart: list[tuple[bool, bool]] = []
    spans: list[Span] = []
    for start, end, literal in _literals(text, kwargs, replaced or {}):
        spans.append(Span(start, end, IGNORED, len(literals)))
        literals.append(literal)
        apart.append((not joins(text[start - 1 : start]), not joins(text[end : end + 1])))
    for number, argument in enumerate(arguments):
        tag = PASSAGE if argument.kind == "passage" else WORD
        spans += [Span(start, end, tag, number) for start, end in _places(text, argument, language)]
    runs: list[str] = []
    if breaks:
        for found in _BREAKS.finditer(text):
            spans.append(Span(*found.span(), BREAK, len(runs)))
            runs.append(found.group())
    nested = _nested(spans)
    return Protected(
        _tagged(text, nested),
        tuple(literals),
        tuple(apart),
        tuple(runs),
        tuple(arguments),
        frozenset(span.number for span in nested if span.tag in (WORD, PASSAGE)),
    )


def _arguments(kwargs: Sequence[Mapping[str, Any]]) -> Iterator[Argument]:
    found: dict[Argument, None] = {}
    for arguments in kwargs:
        for name, value in arguments.items():
            kind: ArgumentKind | None = "word" if name in WORDS else "form" if name in FORMS else None
            kind = "passage" if name in PASSAGES else kind
            if kind is not None:
                for each in [value] if isinstance(value, str) else value:
                    found[Argument(each, kind)] = None
    return iter(found)


def _literals(
    text: str, kwargs: Sequence[Mapping[str, Any]], replaced: Mapping[str, str]
) -> Iterator[tuple[int, int, str]]:
    """Where literal parts stand, longest reading first, and what stands for them in the translation."""
    taken = 0
    for before, after in replaced.items():
        for found in re.finditer(re.escape(before), text, re.IGNORECASE):
            yield (*found.span(), after)
    patterns = [_LITERAL.pattern]
    for arguments in kwargs:
        if marker := arguments.get("postscript_marker"):
            patterns.insert(0, _verbose(marker))
        letter = arguments.get("letter")
        if letter and not letter.isalnum():
            patterns.append(_verbose(letter))
        elif letter:
            quoted = rf"(?<=letter\ ){letter}(?!\w)|(?<=[\"'“”‘’]){letter}(?=[\"'“”‘’])"
            patterns.append(f"(?i:{quoted})")
    for found in re.finditer("|".join(patterns), text, _LITERAL.flags):
        if found.start() >= taken:
            taken = found.end()
            yield (*found.span(), found.group())


def _verbose(literal: str) -> str:
    return re.escape(literal).replace("#", r"\#").replace(r"\\#", r"\#")


def _places(text: str, argument: Argument, language: Language) -> Iterator[tuple[int, int]]:
    value = argument.value
    if argument.kind == "word":
        start = 0
        for form, again in groupby(language.occurrences(text, value)):
            places = re.compile(rf"(?<!\w){re.escape(form)}(?!\w)").finditer(text, start)
            for found in islice(places, len(list(again))):
                start = found.end()
                yield found.span()
        return
    body = r"\s+".join(map(re.escape, value.split()))
    flags = re.IGNORECASE if argument.kind == "form" and value.islower() else 0
    before, after = (r"(?<!\w)", r"(?!\w)") if argument.kind == "form" else ("", "")
    yield from (found.span() for found in re.finditer(f"{before}{body}{after}", text, flags) if body)


def _nested(spans: list[Span]) -> list[Span]:
    """The spans without those that cross another or lie in a literal part; longer ones go before shorter ones."""
    order = {IGNORED: 0, PASSAGE: 1, WORD: 2, BREAK: 3}
    # Spans of one list lie apart, so that only the neighbours can clash; a passage may lie in one of another argument.
    others: list[Span] = []
    passages: dict[int, list[Span]] = {}
    for tag in order:
        free = [span for span in spans if span.tag == tag and _fits(span, [others, *passages.values()])]
        if tag == PASSAGE:
            for span in sorted(free, key=lambda each: (each.start - each.end, each.start)):
                if _fits(span, passages.values()):
                    insort(passages.setdefault(span.number, []), span)
        else:
            others = sorted(
                others + [span for run in _overlapping(free) for span in (_longest(run) if run[1:] else run)]
            )
    return sorted(chain(others, *passages.values()), key=lambda each: (each.start, -each.end, order[each.tag]))


def _overlapping(spans: list[Span]) -> Iterator[list[Span]]:
    """The spans in runs that share no character with one another."""
    run: list[Span] = []
    end = 0
    for span in sorted(spans):
        if run and span.start >= end:
            yield run
            run = []
        run.append(span)
        end = max(end, span.end)
    if run:
        yield run


def _longest(run: list[Span]) -> list[Span]:
    """Of spans that overlap, those that lie apart from every longer one, and from those as long before them."""
    kept: list[Span] = []
    for span in sorted(run, key=lambda each: (each.start - each.end, each.start)):
        if _fits(span, [kept]):
            insort(kept, span)
    return kept


def _fits(span: Span, lists: Iterable[list[Span]]) -> bool:
    """Whether the span clashes with none of these; each list is in order, and its spans lie apart."""
    for others in filter(None, lists):
        at, last = bisect_left(others, span), bisect_left(others, (span.end,))
        if any(_clash(span, other) for other in (*others[max(0, at - 1) : at + 1], *others[max(0, last - 1) : last])):
            return False
    return True


def _clash(inner: Span, outer: Span) -> bool:
    apart = inner.end <= outer.start or outer.end <= inner.start
    if apart:
        return False
    within = outer.start <= inner.start and inner.end <= outer.end
    around = inner.start <= outer.start and outer.end <= inner.end
    if within and outer.tag == PASSAGE:
        return False
    return not (around and inner.tag == PASSAGE)


def _tagged(text: str, spans: list[Span]) -> str:
    parts: list[str] = []
    open_spans: list[Span] = []
    at = 0

    def move(to: int) -> None:
        nonlocal at
        if at < to:
            parts.append(text[at:to].translate(_AS_XML))
            at = to

    def close(until: int) -> None:
        while open_spans and open_spans[-1].end <= until:
            span = open_spans.pop()
            move(span.end)
            parts.append(f"</{span.tag}>")

    for span in spans:
        close(span.start)
        move(span.start)
        if span.tag == BREAK:
            parts.append(f'<n id="{span.number}"/>')
            at = span.end
        else:
            parts.append(f'<{span.tag} id="{span.number}">')
            open_spans.append(span)
    close(len(text))
    move(len(text))
    return "".join(parts)


def joins(character: str) -> bool:
    """Whether the character is part of a word in a script that has spaces between words; not あ, not ""."""
    return character.isalnum() and unicodedata.category(character) != "Lo"
