"""Compare ways to tell whether a word is a form of a keyword: python bench/keywords.py

Measured on tests/cases/fi/forms.jsonl, each way in a process of its own. Needs `pip install simplemma pyvoikko`
for the rows of that name (pyvoikko is GPL: a yardstick here, no part of the package); a missing one is left out.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

FORMS = Path(__file__).parent.parent / "tests" / "cases" / "fi" / "forms.jsonl"
LICENCES = {"whole word": "-", "simplemma": "MIT", "pyvoikko": "GPL-3.0", "ifeval_fi": "Apache-2.0, list CC BY 3.0"}
Way = Callable[[str, str], bool]


def whole_word() -> Way:
    return lambda word, keyword: word.casefold() == keyword.casefold()


def simplemma_way() -> Way:
    import simplemma

    def lemma(word: str) -> str:
        return str(simplemma.lemmatize(word, lang="fi")).casefold()

    return lambda word, keyword: lemma(word) == lemma(keyword)


def pyvoikko_way() -> Way:
    import pyvoikko

    def lemmas(word: str) -> set[str]:
        try:
            found = {str(analysis.BASEFORM).replace("=", "").casefold() for analysis in pyvoikko.analyse(word)}
        except Exception:  # its tokenizer raises on characters it does not know
            found = set()
        return found or {word.casefold()}

    return lambda word, keyword: bool(lemmas(word) & lemmas(keyword))


def own_way() -> Way:
    from ifeval_fi.languages.fi.occurrences import occurrences

    return lambda word, keyword: bool(occurrences(word, keyword))


WAYS = {"whole word": whole_word, "simplemma": simplemma_way, "pyvoikko": pyvoikko_way, "ifeval_fi": own_way}


def measure(name: str) -> None:
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    occurs = WAYS[name]()
    occurs("kadulla", "katu")
    load = time.process_time() - start
    rows = [json.loads(line) for line in FORMS.read_text(encoding="utf-8").splitlines()]
    start = time.process_time()
    missed = [(row["keyword"], word) for row in rows for word in row["forms"] if not occurs(word, row["keyword"])]
    wrong = [(row["keyword"], word) for row in rows for word in row["not"] if occurs(word, row["keyword"])]
    spent = time.process_time() - start
    forms, others = sum(len(row["forms"]) for row in rows), sum(len(row["not"]) for row in rows)
    agreement = 1 - (len(missed) + len(wrong)) / (forms + others)
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(
        f"| {name} | {agreement:.1%} | {len(missed)} of {forms} | {len(wrong)} of {others} | {load:.2f} "
        f"| {1e6 * spent / (forms + others):.0f} | {memory:.0f} | {LICENCES[name]} |"
    )


def main() -> None:
    if len(sys.argv) > 1:
        return measure(sys.argv[1])
    print("| way | agreement | missed forms | wrong words | load, s | µs a pair | memory, MB | licence |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name in WAYS:
        done = subprocess.run([sys.executable, __file__, name], capture_output=True, text=True, check=False)
        print(done.stdout.strip() or f"| {name} | left out: {done.stderr.strip().splitlines()[-1]} |")


if __name__ == "__main__":
    main()
