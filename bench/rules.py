"""What the difference between `reference` and `english` is worth, over real English answers.

    python bench/rules.py [FOLDER] [--show ID]     (default: ../shared/ifeval_en)

FOLDER/responses holds one file of answers a model. Prints docs/reference.md's table: each model's score under both
rules and the instruction ids that move it; --show prints the verdicts on which they differ.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import ifeval_fi
from ifeval_fi.scoring import PromptVerdicts
from ifeval_fi.scoring.responses import load_responses

SHARED = Path(__file__).resolve().parents[2] / "shared" / "ifeval_en"


def judged(path: Path, rules: str) -> tuple[float, dict[int | str, PromptVerdicts]]:
    prompts = ifeval_fi.load_prompts("en")
    keys = {prompt.key for prompt in prompts}
    answers = [each for each in load_responses(path).responses if each.key in keys]
    scores = ifeval_fi.score(prompts, answers, rules=rules, langdetect=False)
    return scores["inst_level_strict_acc"], {each.prompt.key: each for each in scores.verdicts}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=SHARED)
    parser.add_argument("--show", help="an instruction id, or part of one")
    arguments = parser.parse_args()
    print("| model | reference % | english % | differing | more passes (+), fewer (−) under `english`, by id |")
    print("| --- | ---: | ---: | ---: | --- |")
    for path in sorted((arguments.folder / "responses").glob("*.jsonl")):
        (published, theirs), (careful, ours) = judged(path, "reference"), judged(path, "english")
        moved: Counter[str] = Counter()
        for key, verdict in ours.items():
            pairs = zip(verdict.prompt.instructions, verdict.strict, theirs[key].strict, verdict.found, strict=True)
            for instruction, now, before, found in pairs:
                if now != before:
                    moved[f"{instruction.id} {'+' if now else '−'}"] += 1
                    if arguments.show and arguments.show in instruction.id:
                        print(f"    {path.stem} {key} {instruction.id} {dict(instruction.kwargs)} {now}: {found}")
        parts = ", ".join(f"`{name[:-2]}` {name[-1]}{count}" for name, count in moved.most_common(6))
        print(f"| {path.stem} | {100 * published:.1f} | {100 * careful:.1f} | {moved.total()} | {parts} |")


if __name__ == "__main__":
    main()
