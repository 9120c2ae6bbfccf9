"""How a language's own rules and keyword engine do on its cases: python bench/language.py da

Prints two tables: verdicts by instruction id beside the published code's, and ways to tell a form of a keyword,
measured on tests/cases/CODE/forms.jsonl and on the keyword cases.
Needs `pip install simplemma`, and for English lemminflect, for the rows of those names.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from functools import cache, lru_cache, partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from case_files import Case, case_files  # noqa: E402

from ifeval_fi import check  # noqa: E402
from ifeval_fi.languages import get_language  # noqa: E402

Count = Callable[[str, str], int]
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def whole_word(text: str, keyword: str) -> int:
    return sum(word.casefold() == keyword.casefold() for word in WORD.findall(text))


def simplemma_lemmas(code: str) -> Count:
    import simplemma

    lemma = lru_cache(maxsize=None)(partial(simplemma.lemmatize, lang="nb" if code == "no" else code))
    return lambda text, keyword: sum(
        str(lemma(word)).casefold() == str(lemma(keyword)).casefold() for word in WORD.findall(text)
    )


def lemminflect_lemmas(code: str) -> Count:
    """English only: words with a lemma in common, in any word class."""
    if code != "en":
        raise ImportError
    import lemminflect

    @cache
    def lemmas(word: str) -> frozenset[str]:
        found = lemminflect.getAllLemmas(word.casefold())
        return frozenset({word.casefold()}.union(*found.values()))

    return lambda text, keyword: sum(not lemmas(word).isdisjoint(lemmas(keyword)) for word in WORD.findall(text))


def followed(case: Case, count: Count) -> bool:
    """The verdict on a keyword case when keywords are counted this way."""
    wanted = case.kwargs
    if "keywords" in wanted:
        return all(count(case.response, keyword) for keyword in wanted["keywords"])
    if "forbidden_words" in wanted:
        return not any(count(case.response, word) for word in wanted["forbidden_words"])
    number = count(case.response, wanted["keyword"])
    return number >= wanted["frequency"] if wanted["relation"] == "at least" else number < wanted["frequency"]


def verdicts(code: str, files: dict[str, list[Case]]) -> None:
    own = get_language(code).own_rules
    print(f"| instruction id | cases | right: {own} | right: reference |\n| --- | ---: | ---: | ---: |")
    sums = [0, 0, 0]
    for name, cases in sorted(files.items()):
        right = [
            sum(
                check(name, case.kwargs, case.response, language=code, rules=rules).followed == case.expected
                for case in cases
            )
            for rules in (own, "reference")
        ]
        sums = [total + part for total, part in zip(sums, (len(cases), *right), strict=True)]
        print(f"| `{name}` | {len(cases)} | {right[0]} | {right[1]} |")
    print(f"| **all** | {' | '.join(map(str, sums))} |")


def engines(code: str, files: dict[str, list[Case]]) -> None:
    lines = (ROOT / "tests" / "cases" / code / "forms.jsonl").read_text(encoding="utf-8").splitlines()
    pairs = [
        (row["keyword"], form, kind == "forms")
        for row in map(json.loads, lines)
        for kind in ("forms", "not")
        for form in row[kind]
    ]
    cases = [
        case for name in ("existence", "frequency", "forbidden_words") for case in files.get(f"keywords:{name}", [])
    ]
    ways: dict[str, Callable[[], Count]] = {
        "whole word": lambda: whole_word,
        "simplemma": lambda: simplemma_lemmas(code),
        "lemminflect": lambda: lemminflect_lemmas(code),
        "ifeval_fi": lambda: lambda text, keyword: len(get_language(code).occurrences(text, keyword)),
    }
    print(f"\n| way | forms right of {len(pairs)} | keyword cases right of {len(cases)} | µs a case |")
    print("| --- | ---: | ---: | ---: |")
    for name, way in ways.items():
        try:
            count = way()
        except ImportError:
            continue
        forms = sum(bool(count(f"{form}.", keyword)) == same for keyword, form, same in pairs)
        right = sum(followed(case, count) == case.expected for case in cases)
        start = time.perf_counter()
        for case in cases:
            followed(case, count)
        print(f"| {name} | {forms} | {right} | {1e6 * (time.perf_counter() - start) / len(cases):.0f} |")


if __name__ == "__main__":
    verdicts(sys.argv[1], case_files(sys.argv[1]))
    engines(sys.argv[1], case_files(sys.argv[1]))
