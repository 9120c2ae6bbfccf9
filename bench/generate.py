"""What `ifeval-fi generate` makes: how sound, how even, how far from the test sets, and how fast, in each language.

python bench/generate.py [COUNT] [SEED]
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from itertools import islice
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory

from ifeval_fi.curation.bank import bank_languages
from ifeval_fi.curation.draw import Drawn
from ifeval_fi.curation.generate import Generator
from ifeval_fi.curation.overlap import bundled_benchmark
from ifeval_fi.curation.proof import check_prompts
from ifeval_fi.jsonl import write_rows

COLUMNS = (
    "language",
    "prompts",
    "findings",
    "ids",
    "share of an id",
    "instructions a prompt",
    "characters",
    "ms a prompt",
    "satisfiable",
    "too near a test",
    "8-grams shared",
    "stems used",
)


def main() -> None:
    count, seed = (int(each) for each in (*sys.argv[1:], *("1000", "7")[len(sys.argv) - 1 :]))
    print(
        f"{count} prompts a language, seed {seed}. Satisfiable and too near: of those drawn, before any is left out.\n"
    )
    print(f"| {' | '.join(COLUMNS)} |")
    print(f"| :--- |{' ---: |' * (len(COLUMNS) - 1)}")
    for language in bank_languages():
        print(f"| {' | '.join(row(language, count, seed))} |", flush=True)


def row(language: str, count: int, seed: int) -> tuple[str, ...]:
    """The figures of one language."""
    generator = Generator(language, seed=seed)
    begun = time.process_time()
    rows = list(islice(generator, count))
    spent = time.process_time() - begun
    used = Counter(each.id for drawn in rows for each in drawn.prompt.instructions)
    shares = sorted(number / used.total() for number in used.values())
    left_out = generator.rejected
    judged = count + left_out["unsatisfied"] + left_out["finding"]
    return (
        language,
        str(len(rows)),
        str(findings(rows)),
        str(len(used)),
        f"{shares[0]:.1%} to {shares[-1]:.1%}",
        f"{used.total() / count:.2f}",
        f"{mean(len(drawn.prompt.text) for drawn in rows):.0f}",
        f"{1000 * spent / count:.1f}",
        f"{1 - left_out['unsatisfied'] / judged:.1%}",
        f"{left_out['overlap'] / (generator.tried + left_out['overlap']):.1%}",
        str(sum(bool(bundled_benchmark().hits(drawn.prompt.text)) for drawn in rows)),
        f"{len(generator.stem_used)} of {len(generator.stems)}",
    )


def findings(rows: list[Drawn]) -> int:
    """What `prompts check` finds in them, by their samples and by texts of its own."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "prompts.jsonl"
        write_rows(path, [each.prompt.row for each in rows])
        without = len(check_prompts(str(path))[1])
        samples = [{"key": each.prompt.key, "response": each.sample} for each in rows]
        write_rows(path.with_name("samples.jsonl"), samples)
        return without + len(check_prompts(str(path))[1])


if __name__ == "__main__":
    main()
