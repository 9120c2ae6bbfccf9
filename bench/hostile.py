"""Hostile texts, built of the parts of the package's own patterns: time must grow with length, and stay small.

    python bench/hostile.py [SEED] [FUNCTION …]

Every function that reads a model's text gets each part repeated n, 2n and 4n times, alone, behind what leads to it, and
in lines. Exit status 1 when the time of any doubling grows beyond 2.5 times, or a megabyte would take over a second.
Optional names (a part of one will do) choose among the functions.
"""

from __future__ import annotations

import io
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from case_files import case_files
from pattern_parts import package_patterns, parts

from ifeval_fi import check
from ifeval_fi.detection import _own_again, _own_anew
from ifeval_fi.detection.natural_text import natural_text
from ifeval_fi.errors import IfevalError
from ifeval_fi.jsonl import read_rows
from ifeval_fi.languages import get_language, languages
from ifeval_fi.leaderboard.copies import sketch
from ifeval_fi.leaderboard.entry import strict_json
from ifeval_fi.report.tables import one_line
from ifeval_fi.scoring import loose_variants
from ifeval_fi.scoring.responses import Response
from ifeval_fi.scoring.thinking import split_thinking
from ifeval_fi.text import normalise
from ifeval_fi.translate.engine import untagged
from ifeval_fi.translate.llm import parse_answer
from ifeval_fi.translate.protect import Argument, Protected, protect
from ifeval_fi.translate.restore import restore

Function = Callable[[str], object]

SIZE = 10_000  # characters at 4n, within what language detection reads whole
GROWTH, SECONDS_A_MEGABYTE = 2.5, 1.0
MEGABYTE = 1_000_000
NOTICEABLE = 2e-3  # seconds; what takes less is not measured closer
UNITS = (
    *(" ", "\n", "\t", " \n", "\u00a0", "\u200b", "\x00", "\u202e", "\u0301", "a\u0308", "\u0301\u0323", "😊", "\v"),
    *"*[]<>{}()\"”“'’`.,;:!?#|\\/=-+_~^@$%&a1Ä",
    *("a.", "* ", "1. ", "A. ", "a ", "# ", "```", "```\n", '{"a":', "[],", "**a *b", "P.S. ", "Osa ", "kissa "),
    *("esim. Aa ", "\n\n", "* a\n", "aa, bb\n", "</", "<<a", "http://", "_a", "<think>", "</think>", "<think></think>"),
    *("< ", '<x id="0">', "import ", "<!--", "<script>", "</script>", "a: ", "- a: b\n", "\\u00e4", "``` "),
)
# A keyword of each language, which stands in the texts too, bare and inflected.
KEYWORDS = {
    "fi": ("kissa", "kissallanikin"),
    "en": ("cat", "cats"),
    "sv": ("katt", "kattens"),
    "da": ("kat", "kattens"),
    "nb": ("katt", "kattens"),
    "et": ("kass", "kassidega"),
}
UNITS += (*(f"{word} " for words in KEYWORDS.values() for word in words), "Hi ho. ", "Jo. ", "7. ", "Kat-")
LEADS = ("", "```", "```yaml\n", "```json\n", "<think>", '{"a": "', "import", "Aa", "<a ", "P.S.", "* ", "def f")


def functions() -> dict[str, Function]:
    """What reads a model's text, by name."""
    finnish = get_language("fi")
    kept = Protected('<x id="0">a</x><w id="0">b</w><n id="0"/>', ("a",), ("\n",), (Argument("b", "word"),))
    found: dict[str, Function] = {
        "detection": _own_anew,
        "detection's natural text": natural_text,
        "normal form": normalise,
        "loose variants": loose_variants,
        "thinking": split_thinking,
        "translate: protect": lambda text: protect(text, finnish, [{"keyword": "kissa", "end_phrase": "a b"}]),
        "translate: restore": lambda text: restore(kept, text),
        "translate: untagged": untagged,
        "translate: answer": lambda text: parse_answer(Response(1, text)),
        "translate: cut answer": lambda text: parse_answer(Response(1, text, outcome="truncated")),
        "one line of a table": one_line,
        "sketch": lambda text: sketch({1: text}),
        "submission's JSON": strict_json,
        "rows": lambda text: list(read_rows(_File(text), IfevalError)),  # type: ignore[arg-type]
        "row's response": lambda text: list(read_rows(_File(json.dumps({"key": 1, "response": text})))),  # type: ignore[arg-type]
    }
    for code, language in languages().items():
        found[f"sentences of {code}"] = language.sentences
        found[f"occurrences of {code}"] = partial(_occurrences, language.occurrences, KEYWORDS[code][0])
        for rules in dict.fromkeys((language.own_rules, language.default_rules, "reference" if code == "en" else "")):
            for name, cases in (case_files("fi") | case_files(code)).items() if rules else ():
                found[f"{name} ({rules}, {code})"] = _judge(name, cases[0].kwargs, code, rules)
    return found


def _judge(name: str, kwargs: dict[str, object], code: str, rules: str) -> Function:
    return lambda text: check(name, kwargs, text, language=code, rules=rules)


def _occurrences(occurrences: Callable[[str, str], object], keyword: str, text: str) -> object:
    return occurrences(text, keyword)


class _File(io.StringIO):
    """A text as a file to be read whole."""

    def read_bytes(self) -> bytes:
        return self.getvalue().encode("utf-8", "surrogatepass")


def shapes(seed: int) -> Iterator[tuple[str, str, str]]:
    """What leads to the repeated part, the part, and what stands behind it."""
    draw = Random(seed)
    found = {(lead, unit): None for unit in UNITS for lead in ("", draw.choice(LEADS))}
    found |= {(lead, unit): None for unit in UNITS[:12] for lead in LEADS}
    for pattern in package_patterns():
        found |= dict.fromkeys((lead[:40], unit[:40]) for lead, unit in parts(pattern) if unit)
    for lead, unit in found:
        yield lead, unit, draw.choice(("", "", "x", "\x00", "!\n", " a"))
        line = f"{lead}{(unit * 600)[: draw.choice((60, 400, 600))]}"
        yield "", f"{line}\n", draw.choice(("", "x"))


def seconds(function: Function, text: str, rounds: int = 1) -> float:
    best = float("inf")
    for _ in range(rounds):
        _own_again.cache_clear()
        start = time.process_time()
        with suppress(IfevalError, ValueError):
            function(text)
        best = min(best, time.process_time() - start)
    return best


def fault(function: Function, build: Callable[[int], str]) -> str:
    """What is wrong with how the time grows; nothing where it is fine, or too short to say."""
    small, text = build(SIZE // 4), build(SIZE)
    quick = seconds(function, text)
    if quick > 20 * len(text) * SECONDS_A_MEGABYTE / 1e6:
        quick = seconds(function, text)  # the first may have loaded a word list
    if quick < len(text) * SECONDS_A_MEGABYTE / 2e6 and quick < max(6 * seconds(function, small), NOTICEABLE / 4):
        return ""
    if quick > 20 * len(text) * SECONDS_A_MEGABYTE / 1e6:
        return f"{quick / len(text) * 1e6:.0f} s a megabyte at {len(text):,} characters"
    texts = [build(n) for n in (SIZE, 2 * SIZE, 4 * SIZE)]
    times = [seconds(function, text, 4) for text in texts]
    shown = " / ".join(f"{1000 * each:.1f}" for each in times) + " ms"
    if times[2] > len(texts[2]) * SECONDS_A_MEGABYTE / 1e6:
        # Language detection reads 40,000 characters of a longer text, so that the megabyte itself is tried.
        whole = seconds(function, build(MEGABYTE))
        if whole > SECONDS_A_MEGABYTE:
            return f"{whole:.1f} s for a megabyte: {shown}"
    if times[1] > NOTICEABLE and times[2] > GROWTH * times[1] and times[1] > GROWTH * times[0]:
        return f"grows: {shown}"
    return ""


def main() -> int:
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    chosen = {name: f for name, f in functions().items() if not sys.argv[2:] or any(a in name for a in sys.argv[2:])}
    for function in chosen.values():
        seconds(function, "Kissa nukkuu sohvalla. P.S. Osa 1 https://a.fi <b>a</b>")
    faults = tried = 0
    for lead, unit, end in shapes(seed):

        def build(size: int, lead: str = lead, unit: str = unit, end: str = end) -> str:
            return lead + unit * (size // len(unit)) + end

        for name, function in chosen.items():
            tried += 1
            if wrong := fault(function, build):
                faults += 1
                print(f"{name}: {lead!r} + n × {unit[:60]!r}{'…' * (len(unit) > 60)} + {end!r}: {wrong}", flush=True)
    print(f"{faults} faults in {tried} growths of {len(chosen)} functions, texts to {4 * SIZE:,} characters")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
