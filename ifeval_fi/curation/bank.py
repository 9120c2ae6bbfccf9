"""The bank of prompts: tasks to ask for, and the ways in which a language words each instruction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from ifeval_fi.errors import PromptError
from ifeval_fi.files import read_text
from ifeval_fi.jsonl import Row, read_json, read_rows
from ifeval_fi.languages import languages
from ifeval_fi.resources import resource
from ifeval_fi.text import has_word, nfc, words

FOLDER = ("curation", "bank")
TYPES = (
    *(
        "letter",
        "email",
        "poem",
        "song",
        "blog post",
        "article",
        "essay",
        "story",
        "dialogue",
        "speech",
        "advertisement",
    ),
    *("explanation", "instructions", "recipe", "ideas", "description", "review", "social media post", "application"),
    *("rewrite", "joke", "opinion question", "plan", "biography", "news"),
)
"""The kinds of text that a stem may ask for."""
# "{n}", "{first_word}"
_SLOT = re.compile(r"\{([a-z_]+)\}")
_BARE = frozenset({"n", "nth", "marker", "splitter"})
"""Slots that are filled without quotation marks."""


@dataclass(frozen=True, slots=True)
class Stem:
    """A task without any demand on its form; `type` is the kind of text asked for, "" when nobody has said it.

    `keywords` are words in dictionary form that a good answer would use.
    """

    text: str
    type: str = ""
    keywords: tuple[str, ...] = ()
    topic: str = ""


@dataclass(frozen=True)
class Bank:
    """What a language's writers have written; `wordings` goes by instruction id, with its relation if it has one."""

    language: str
    stems: tuple[Stem, ...]
    wordings: Mapping[str, tuple[str, ...]]
    joined_by: Mapping[str, str]
    quotes: tuple[str, str]
    letters: tuple[str, ...]
    splitters: tuple[str, ...]
    end_phrases: tuple[str, ...]
    first_words: tuple[str, ...]

    def quoted(self, text: str) -> str:
        """The text in the language's quotation marks."""
        return text.join(self.quotes)

    def listed(self, items: Iterable[str], joined_by: str = "and") -> str:
        """The items quoted, with commas and the language's "and" or "or" before the last."""
        *first, last = map(self.quoted, items)
        return f"{', '.join(first)} {self.joined_by[joined_by]} {last}" if first else last

    def worded(self, wording: str, slots: Mapping[str, Any]) -> str:
        """The wording with its slots filled, words and phrases quoted; a sentence such as "… with P.P.S" is closed."""

        def fill(slot: re.Match[str]) -> str:
            value = slots[slot[1]]
            if not isinstance(value, str):
                return str(value) if isinstance(value, int) else self.listed(*value)
            marked = slot.string[: slot.start()].endswith(('"', "“", "”", "„", "«", "»"))
            return value if slot[1] in _BARE or marked else self.quoted(value)

        said = _SLOT.sub(fill, wording)
        return said + "." if said[-1].isalnum() else said

    @cached_property
    def letter_rates(self) -> Mapping[str, float]:
        """How often each letter comes in a word of the language, on average; measured on the stems."""
        text = " ".join(stem.text for stem in self.stems)
        count = len(words(text))
        return {letter: text.lower().count(letter) / count for letter in self.letters}


@cache
def load_bank(language: str) -> Bank:
    """The bank of a language; PromptError names the languages that have one."""
    if language not in (known := bank_languages()):
        raise PromptError(f"no bank of prompts for {language!r}; there is one for {', '.join(known)}")
    folder = resource(*FOLDER, language)
    stems = tuple(
        _stem(row, f"{folder}, line {number}") for number, row in read_rows(folder / "stems.jsonl", PromptError)
    )
    said = read_json(folder / "wordings.json", PromptError)
    return Bank(
        language,
        stems,
        {name: tuple(each) for name, each in said["wordings"].items()},
        {"and": said["and"], "or": said["or"]},
        (said["open_quote"], said["close_quote"]),
        *(tuple(said[name]) for name in ("letters", "splitters", "end_phrases", "first_words")),
    )


def bank_languages() -> tuple[str, ...]:
    """The languages for which there is a bank."""
    return tuple(
        code
        for code in languages()
        if all((resource(*FOLDER, code) / name).is_file() for name in ("stems.jsonl", "wordings.json"))
    )


def load_stems(path: Path) -> tuple[Stem, ...]:
    """The stems of a file of one's own: plain lines, or JSON Lines.

    A row has the task as `text`, `prompt` or chat `messages` (the first of the user is taken), and may have `type` and
    `keywords`. PromptError names file and line.
    """
    text = read_text(path, PromptError).removeprefix("\ufeff")
    if path.suffix in (".jsonl", ".json") or text.lstrip().startswith("{"):
        stems = [_stem(row, f"{path}, line {number}") for number, row in read_rows(path, PromptError)]
    else:
        stems = [Stem(nfc(line.strip())) for line in text.splitlines() if has_word(line)]
    if not stems:
        raise PromptError(f"{path}: holds no stems; write one on each line, or JSON Lines with `text`")
    return tuple(dict.fromkeys(stems))


def _stem(row: Row, where: str) -> Stem:
    text, keywords = _task(row), row.get("keywords") or ()
    if not isinstance(text, str) or not has_word(text):
        raise PromptError(f"{where}: needs the task as a text in `text`, `prompt` or `messages`")
    if not isinstance(keywords, (list, tuple)) or not all(isinstance(each, str) and each.strip() for each in keywords):
        raise PromptError(f"{where}: keywords must be a list of words, not {keywords!r:.60}")
    kind, topic = row.get("type") or "", row.get("topic") or ""
    if kind and kind not in TYPES:
        raise PromptError(f"{where}: unknown type {kind!r:.60}; leave it out, or say one of {', '.join(TYPES)}")
    if not isinstance(topic, str):
        raise PromptError(f"{where}: topic must be a text, not {topic!r:.60}")
    return Stem(nfc(text.strip()), kind, tuple(nfc(each.strip()) for each in keywords), topic)


def _task(row: Row) -> object:
    """What the row asks for: its text, or what the user says first in its chat."""
    found = next((row[name] for name in ("text", "prompt", "messages") if row.get(name)), None)
    if not isinstance(found, list):
        return found
    said = (each.get("content") for each in found if isinstance(each, dict) and each.get("role") == "user")
    return next(said, None)
