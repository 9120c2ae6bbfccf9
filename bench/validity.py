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
from ifeval_fi.languages import languages

PAGE = Path(__file__).resolve().parents[1] / "docs" / "validity.md"
BEGIN, END = "<!-- figures: make validity -->", "<!-- end of figures -->"
LANGUAGES_BEGIN, LANGUAGES_END = "<!-- languages: make validity -->", "<!-- end of languages -->"
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


def _classic(code: str) -> dict[str, list[Case]]:
    """The cases of IFEval's own instructions: the published code has no others."""
    return {name: cases for name, cases in case_files(code).items() if not name.startswith("fi:")}


def languages_table() -> str:
    """How many cases of each language its own rules and the published code's get right."""
    lines = ["| language | cases | own rules right | published code's right |", "| --- | ---: | ---: | ---: |"]
    for code, language in languages().items():
        cases = [case for group in _classic(code).values() for case in group]
        if not cases:
            continue
        right = [
            sum(
                check(c.instruction_id, c.kwargs, c.response, language=code, rules=rules).followed == c.expected
                for c in cases
            )
            for rules in (language.own_rules, "reference")
        ]
        shares = (f"{count} ({100 * count / len(cases):.1f} %)" for count in right)
        lines.append(f"| {language.name} | {len(cases)} | {' | '.join(shares)} |")
    return "\n".join(lines)


def main() -> int:
    files = _classic("fi")
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
    for begin, content, end in ((BEGIN, table, END), (LANGUAGES_BEGIN, languages_table(), LANGUAGES_END)):
        before, rest = page.split(begin)
        page = f"{before}{begin}\n{content}\n{end}{rest.split(end)[1]}"
    PAGE.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
