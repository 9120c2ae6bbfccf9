"""The language that a file of prompts is written in, where nobody has said it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from ifeval_fi.detection import detect_language
from ifeval_fi.errors import PromptError
from ifeval_fi.languages import languages
from ifeval_fi.languages.names import english_name

_LOOKED_AT = 60
_MOST = 0.7


def spoken_language(texts: Sequence[Any], *, file: str) -> str:
    """The code of the language that most prompts are in; PromptError asks for it where they do not tell.

    Prompts that quote another language, or are too short to tell, are outvoted by the others.
    """
    step = max(1, len(texts) // _LOOKED_AT)
    looked_at = [text for text in texts[::step] if isinstance(text, str)]
    known = sorted(languages())
    votes = Counter(_vote(text, known) for text in looked_at)
    votes.pop("und", None)
    choices = f"--language {' or '.join(known)}"
    if not votes:
        raise PromptError(f"{file}: its prompts do not show which language they are in; say {choices}")
    code, count = votes.most_common(1)[0]
    if code not in known:
        raise PromptError(f"{file}: its prompts look {english_name(code)}, for which there are no rules; say {choices}")
    if count < _MOST * votes.total():
        found = " and ".join(f"{english_name(each)} ({number})" for each, number in votes.most_common(3))
        raise PromptError(f"{file}: its prompts are in several languages, {found}; say {choices}")
    return code


def _vote(text: str, known: Sequence[str]) -> str:
    found = detect_language(text)
    return found.language if found.language in known else next(filter(found.is_in, known), found.language)
