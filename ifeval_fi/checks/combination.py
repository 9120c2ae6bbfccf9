"""Instructions that combine the response with the prompt or with a second response."""

from __future__ import annotations

import re

from ifeval_fi.checks import Verdict, check
from ifeval_fi.languages import Language
from ifeval_fi.text import collapse, nfc

_SIX_ASTERISKS = re.compile(r"(?<!\*)\*{6}(?!\*)")


@check("combination:two_responses")
def two_responses(text: str, language: Language) -> Verdict:
    """Followed when six asterisks separate exactly two different non-empty responses."""
    parts = [collapse(part) for part in _SIX_ASTERISKS.split(text.strip())]
    responses = [part for index, part in enumerate(parts) if part or 0 < index < len(parts) - 1]
    if len(responses) != 2 or not all(responses):
        return Verdict(False, f"{len([part for part in parts if part])} responses, asked 2")
    different = responses[0] != responses[1]
    return Verdict(different, "2 different responses" if different else "the same response twice")


@check("combination:repeat_prompt")
def repeat_prompt(text: str, language: Language, *, prompt_to_repeat: str) -> Verdict:
    """Followed when the response begins with that text, case and runs of white space ignored."""
    wanted, given = collapse(nfc(prompt_to_repeat)), collapse(text)
    if given.startswith(wanted):
        return Verdict(True, "begins with the request")
    same = next(
        (i for i, (a, b) in enumerate(zip(wanted, given, strict=False)) if a != b), min(len(wanted), len(given))
    )
    return Verdict(False, f"differs at “{given[max(0, same - 10) : same + 20]}”")
