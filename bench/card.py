"""Write the statistics, the localisation table and the list of repaired rows into data/fi/CARD.md.

Usage: python bench/card.py [ENGLISH_PROMPTS.jsonl]   (default: ../shared/ifeval_en/prompts.jsonl)
"""

from __future__ import annotations

import json
import re
import statistics
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from ifeval_fi.files import write_atomically
from ifeval_fi.jsonl import read_rows

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "data" / "fi"
ENGLISH = ROOT.parent / "shared" / "ifeval_en" / "prompts.jsonl"
Row = dict[str, object]


def rows(path: Path) -> dict[int, dict]:
    return {row["key"]: row for _, row in read_rows(path)}


def table(header: Iterable[object], body: Iterable[Iterable[object]]) -> str:
    lines = [list(header)]
    lines += [["---"] * len(lines[0]), *map(list, body)]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def share(letter: str, text: str) -> float:
    """Per cent of the letters of the text that are this one."""
    letters = Counter(filter(str.isalpha, text.lower()))
    return 100 * letters[letter] / sum(letters.values())


def counts(prompts: dict[int, dict]) -> Counter[str]:
    return Counter(name for row in prompts.values() for name in row["instruction_id_list"])


def statistics_section(finnish: dict[int, dict], english: dict[int, dict], samples: dict[int, dict]) -> str:
    measures: list[tuple[str, Callable[[dict[int, dict]], object]]] = [
        ("prompts", len),
        ("instructions", lambda rows: sum(counts(rows).values())),
        *(
            (
                f"prompts with {n} instruction{'s' * (n > 1)}",
                lambda rows, n=n: sum(len(row["kwargs"]) == n for row in rows.values()),
            )
            for n in (1, 2, 3)
        ),
        ("words in all prompts", lambda rows: sum(len(row["prompt"].split()) for row in rows.values())),
        ("words a prompt, median", lambda rows: statistics.median(len(row["prompt"].split()) for row in rows.values())),
        ("words a prompt, longest", lambda rows: max(len(row["prompt"].split()) for row in rows.values())),
        ("characters a prompt, median", lambda rows: statistics.median(len(row["prompt"]) for row in rows.values())),
    ]
    ours, theirs = counts(finnish), counts(english)
    sizes = [len(row["response"].split()) for row in samples.values()]
    return "\n\n".join(
        (
            table(("", "Finnish", "English"), ((name, count(finnish), count(english)) for name, count in measures)),
            f"Sample answers: {len(sizes)}, median {statistics.median(sizes):.0f} words, longest {max(sizes)}.",
            table(
                ("instruction id", "Finnish", "English"),
                ((f"`{name}`", ours[name], theirs[name]) for name in sorted(ours)),
            ),
        )
    )


def letters_section(finnish: dict[int, dict], english: dict[int, dict], samples: dict[int, dict]) -> str:
    prompt_text = " ".join(row["prompt"] for row in finnish.values())
    sample_text = " ".join(row["response"] for row in samples.values())
    english_text = " ".join(row["prompt"] for row in english.values())
    body = []
    for key, row in finnish.items():
        for kwargs, source in zip(row["kwargs"], english[key]["kwargs"], strict=True):
            ours, theirs = kwargs.get("letter"), source.get("letter")
            if ours and theirs and ours.lower() != theirs.lower():
                demand = f"{kwargs['let_relation']} {kwargs['let_frequency']}"
                own = samples[key]["response"].lower().count(ours)
                shares = (
                    f"{share(ours, sample_text):.2f}",
                    f"{share(ours, prompt_text):.2f}",
                    f"{share(theirs.lower(), english_text):.2f}",
                )
                body.append((key, f"{theirs} → {ours}", demand, own, *shares))
    return table(
        (
            "key",
            "letter",
            "asked",
            "in its sample answer",
            "all sample answers %",
            "Finnish text %",
            "the English letter, English text %",
        ),
        body,
    )


def plain_section(name: str) -> str:
    return table(("key", "what"), ((row["key"], row["what"]) for _, row in read_rows(FOLDER / name)))


def notes_section(kind: str) -> str:
    notes = [row for _, row in read_rows(FOLDER / "notes.jsonl") if row["kind"] == kind]
    return table(("key", "what"), ((row["key"], row["note"]) for row in notes))


def main() -> None:
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else ENGLISH
    finnish, samples = rows(FOLDER / "prompts.jsonl"), rows(FOLDER / "samples.jsonl")
    english = {key: row for key, row in rows(source).items() if key in finnish}
    sums = (FOLDER / "SHA256SUMS").read_text(encoding="utf-8").strip()
    changed = sum(bool(row["changed"]) for _, row in read_rows(FOLDER / "review.jsonl"))
    sections = {
        "statistics": statistics_section(finnish, english, samples),
        "letters": letters_section(finnish, english, samples),
        "repaired": notes_section("repaired"),
        "localised": notes_section("localised"),
        "dropped": plain_section("dropped.jsonl"),
        "unchecked": plain_section("unchecked.jsonl"),
        "review": f"The second reading changed {changed} of {len(finnish)} rows.",
        "checksums": f"```\n{sums}\n```",
    }
    path = FOLDER / "CARD.md"
    card = path.read_text(encoding="utf-8")
    for name, content in sections.items():
        card, found = re.subn(
            rf"(<!-- {name} -->\n).*?(<!-- end -->)",
            lambda match, c=content: f"{match[1]}{c}\n{match[2]}",
            card,
            flags=re.DOTALL,
        )
        if not found:
            sys.exit(f"{path} has no place for {name}: <!-- {name} --> … <!-- end -->")
    write_atomically(path, card)
    print(json.dumps({name: len(content) for name, content in sections.items()}))


if __name__ == "__main__":
    main()
