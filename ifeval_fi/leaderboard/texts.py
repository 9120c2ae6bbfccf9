"""What the site says, in each language that words/ has a file for."""

from __future__ import annotations

import json
from functools import cache

from ifeval_fi.languages.names import english_name
from ifeval_fi.resources import resource

LANGUAGE_NAMES = {
    "fi": "Suomi",
    "sv": "Svenska",
    "nb": "Norsk",
    "da": "Dansk",
    "et": "Eesti",
    "en": "English",
}
LANGUAGES = tuple(LANGUAGE_NAMES)


@cache
def texts(language: str) -> dict[str, str]:
    """Every text of the site in one of its languages, by name."""
    words: dict[str, str] = json.loads(resource("leaderboard", "words", f"{language}.json").read_text("utf-8"))
    return words


def category_name(name: str, language: str) -> str:
    """A category of instructions in words."""
    return texts(language).get(f"category_{name}", name.replace("_", " "))


def instruction_name(instruction_id: str, language: str) -> str:
    """An instruction in words: "number of words" for `length_constraints:number_words`."""
    return texts(language).get(f"id_{instruction_id.partition(':')[2]}", instruction_id)


def set_name(name: str, language: str) -> str:
    """A prompt set in words: "suomi", "fi-1.0"."""
    return texts(language).get(f"in_{name}", name)


def language_name(code: str, language: str) -> str:
    """A language in words where the site has them, else in English."""
    return texts(language).get(f"in_{code}", english_name(code))
