"""The reference rules against lm-eval's own checks on mutated answers; exits 1 when a verdict differs.

    python bench/reference_fuzz.py PYTHON_WITH_LM_EVAL [TEXTS] [SEED]

Where the published code crashes, these rules must say "not followed". Answers come from ../shared/ifeval_en.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

from ifeval_fi.languages import get_language
from ifeval_fi.rules.reference import REFERENCE

SHARED = Path(__file__).resolve().parents[2] / "shared" / "ifeval_en"
PUBLISHED = Path(__file__).with_name("published.py")

MARKS = ["'", "''", '"', "`", "``", *"«»“”‘’„[](){}<>.?!,:;–—-$#@%&~_|^+=/\\", "<<", ">>", "--", "..", "...", "?!"]
SPACES = [
    "\n",
    "\n\n",
    "\n\n\n",
    "\r\n",
    *"\r\t\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u3000",
    "  ",
    "\n \n",
]
LETTERS = [*"ſKİıßǅ²½Ⅷⓐمिி中。😀\x00\x7f\u200b\ufeff\u0301\u0345\ud800", "👍🏽", "🇫🇮", "Σ", "ΑΣ"]
STARS = ["*", "**", "***", "******", "* ", "- ", "\n*\n", "\n-\n", "*hi*", "**hi**", "** **"]
PHRASES = [
    *[
        "P.S.",
        "P.P.S.",
        "p. s.",
        "PS:",
        "Dr. Smith",
        "U.S. The",
        "e.g. it",
        "a.m. Then",
        "No. 5",
        "5. Then",
        "J. R. R. T",
    ],
    *["I'M", "CAN'T.", "CANNOT", "GONNA", "WANNA ", "'TIS", "D'YE", "MORE'N", "EU'S", "DOGS' ", "N'T", "'LL ", "A.'B"],
    *["A:1B", "A,B", "X-RAY", "Section 1", "SECTION 2", "Day 3", "My answer is yes.", "<<Title>>", "<<>>", "< <a>>"],
    *[
        "[name]",
        "[]",
        "[\n]",
        "```json\n",
        "```",
        '{"a": 1}',
        "NaN",
        "[1,2]",
        "1e999",
        '{"a":1,"a":2}',
        "http://a.b",
        "3.14",
    ],
]
FRAGMENTS = MARKS + SPACES + LETTERS + STARS + PHRASES
PATTERNS = ["a.b", "(a|b)", "c++", "k", "s", "i", "(", "a*", "[", "\\", "x{2}", "é", "ß", " e"]
CHOICES: dict[str, list[str]] = {
    "relation": ["at least", "less than"],
    "let_relation": ["at least", "less than"],
    "capital_relation": ["at least", "less than"],
    "letter": list("abcdefghijklmnopqrstuvwxyzEIKS"),
    "language": ["en", "fi", "de", "ko"],
    "postscript_marker": ["P.S.", "P.P.S", "PS:", "P.P.S.", "note", "(", "*", "\\", " P.S. "],
    "section_spliter": ["Section", "SECTION", "Day", "(a)", "Se*", "(", "Q.", "\\w"],
}


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def mutated(random_: random.Random, text: str, other: str) -> str:
    pick = random_.random
    if pick() < 0.15:
        return "".join(
            random_.choice([*FRAGMENTS, "a", "B", "the ", "The ", "WORD "]) for _ in range(random_.randrange(60))
        )
    if pick() < 0.4:
        text = text[: random_.randrange(1, len(text) + 2)]
    if pick() < 0.2:
        text += random_.choice(FRAGMENTS) + other[: random_.randrange(400)]
    if pick() < 0.2:
        text = random_.choice([text.upper(), text.lower(), text.replace("\n", "\r\n"), text.replace(" ", "\xa0")])
    for _ in range(random_.choice([0, 1, 2, 5, 20])):
        start = random_.randrange(len(text) + 1)
        end = start + random_.randrange(4)
        text = (
            text[:start] + random_.choice([*FRAGMENTS, text[start:end].upper()]) + text[random_.choice([start, end]) :]
        )
    return text


def varied(random_: random.Random, name: str, value: Any, text: str) -> Any:
    """An argument near the prompt's own; never 0 or empty, which the published code replaces by a random one."""
    if name in CHOICES:
        return random_.choice([value, *CHOICES[name]])
    if isinstance(value, int):
        return random_.choice([value, random_.randrange(1, 6), random_.randrange(1, 40)])
    word = random_.choice(text.split() or ["a"])
    if isinstance(value, list):
        return [random_.choice([each, word, random_.choice(PATTERNS)]) for each in value]
    return random_.choice([value, word, text[:9].strip() or "a", text[-9:].strip() or "a"])


def generated(count: int, seed: int) -> list[tuple[str, dict[str, Any], str]]:
    random_ = random.Random(seed)
    prompts = {row["key"]: row for row in rows(SHARED / "prompts.jsonl")}
    answers = [row for path in sorted(SHARED.glob("responses/*.jsonl")) for row in rows(path)]
    asked: dict[str, list[tuple[dict[str, Any], str]]] = {}
    for row in answers:
        prompt = prompts[row["key"]]
        for name, kwargs in zip(prompt["instruction_id_list"], prompt["kwargs"], strict=True):
            asked.setdefault(name, []).append((kwargs, row["response"]))
    cases = []
    for _ in range(count):
        name = random_.choice(sorted(asked))
        kwargs, text = random_.choice(asked[name])
        text = mutated(random_, text, random_.choice(answers)["response"])
        kwargs = {key: varied(random_, key, value, text) for key, value in kwargs.items()}
        if "nth_paragraph" in kwargs:
            kwargs["nth_paragraph"] = random_.randrange(1, kwargs["num_paragraphs"] + 1)
        cases.append((name, kwargs, text))
    return cases


def main() -> int:
    python = sys.argv[1]
    count, seed = (int(sys.argv[place]) if len(sys.argv) > place else default for place, default in ((2, 5000), (3, 1)))
    warnings.simplefilter("ignore", FutureWarning)
    english = get_language("en")
    cases = generated(count, seed)
    lines = "\n".join(map(json.dumps, cases))
    process = subprocess.run([python, str(PUBLISHED), "judge"], input=lines, capture_output=True, text=True, check=True)
    tally: Counter[str] = Counter()
    for (name, kwargs, text), line in zip(cases, process.stdout.splitlines(), strict=True):
        published = json.loads(line)
        ours = REFERENCE.judge(name, text, english, REFERENCE.checks[name].validate(kwargs))
        tally[str(published)] += 1
        if bool(ours) != (published is True):
            tally["differing"] += 1
            print(f"{name} {kwargs}: ours {ours.followed} ({ours.found}), published {published}: {text[:300]!a}")
    print(f"{count} texts, seed {seed}: {dict(tally)}; differing {tally['differing']}")
    return 1 if tally["differing"] else 0


if __name__ == "__main__":
    sys.exit(main())
