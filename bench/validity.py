"""False-pass and false-fail rates per instruction id on the Finnish cases, for both rules; writes docs/validity.md.

python bench/validity.py
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from case_files import Case, case_files

from ifeval_fi import check

PAGE = Path(__file__).resolve().parents[1] / "docs" / "validity.md"
BEGIN, END = "<!-- figures: make validity -->", "<!-- end of figures -->"
RULES = ("finnish", "reference")


def errors(cases: list[Case], rules: str) -> Counter[str]:
    """How many verdicts pass or fail wrongly, among how many that should do the other."""
    counts: Counter[str] = Counter()
    for case in cases:
        followed = check(case.instruction_id, case.kwargs, case.response, rules=rules).followed
        counts["followed" if case.expected else "not followed"] += 1
        counts["false fail"] += case.expected and not followed
        counts["false pass"] += followed and not case.expected
    return counts


def share(wrong: int, total: int) -> str:
    return f"{wrong}/{total} ({100 * wrong / total:.1f} %)" if total else "–"


def row(name: str, cases: list[Case]) -> str:
    cells = [name, str(len(cases))]
    for rules in RULES:
        counts = errors(cases, rules)
        cells += [
            share(counts["false pass"], counts["not followed"]),
            share(counts["false fail"], counts["followed"]),
        ]
    return f"| {' | '.join(cells)} |"


def main() -> int:
    files = case_files("fi")
    lines = [
        "| instruction id | cases | finnish: false passes | finnish: false fails"
        " | reference: false passes | reference: false fails |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        *(row(f"`{name}`", files[name]) for name in sorted(files)),
        row("**all**", [case for cases in files.values() for case in cases]),
    ]
    table = "\n".join(lines)
    print(table)
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n{table}\n{END}{rest.split(END)[1]}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
