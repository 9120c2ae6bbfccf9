"""How often the gate is wrong: false alarms on equal models, and power to see a drop, at the size of the Finnish set.

    python bench/gate.py                  simulated answers and shuffled labels, and the power table
    python bench/gate.py BASE CANDIDATE   also shuffles the labels of two real results

Labels are shuffled per prompt, which makes the two results equal by construction; the share of alarms among the
shuffles is then the false alarm rate, and must not exceed alpha.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator

from ifeval_fi.jsonl import Row
from ifeval_fi.prompts import load_prompts
from ifeval_fi.scoring.paired import Difference, detection_power, differences, exact_test, minimum_detectable_drop
from ifeval_fi.scoring.results import load_verdicts
from ifeval_fi.scoring.stats import wilson

ALPHA = 0.05
REPETITIONS = 4000
SEED = 1
METRICS = ("prompt_level_strict_acc", "inst_level_strict_acc")
DISCORDANT = (0.05, 0.10, 0.18, 0.25)
DROPS = (0.0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.10)


def main() -> None:
    print(f"False alarms in {REPETITIONS} repetitions at alpha {ALPHA}, no drop allowed (max-drop 0):\n")
    print("| labels | metric | prompts | differing | false alarms | 95 % interval |")
    print("| :--- | :--- | ---: | ---: | ---: | ---: |")
    for name, pairs in simulated():
        report("one model answering twice, simulated", name, pairs)
    if len(sys.argv) == 3:
        base, candidate = (load_verdicts(folder) for folder in sys.argv[1:])
        for name, outcomes in zip(METRICS, (_prompt_outcomes, _instruction_outcomes), strict=True):
            report("two real results, shuffled", name, differences(outcomes(base), outcomes(candidate)))
    power_table(len(load_prompts("fi")))


def _prompt_outcomes(rows: list[Row]) -> list[tuple[object, bool]]:
    return [(row["key"], all(row["strict"])) for row in rows]


def _instruction_outcomes(rows: list[Row]) -> list[tuple[object, bool]]:
    return [(row["key"], followed) for row in rows for followed in row["strict"]]


def simulated() -> Iterator[tuple[str, list[Difference]]]:
    """Two runs of one model on the Finnish prompts: each instruction is followed with its own, unknown chance."""
    draw = random.Random(SEED)
    prompts, instructions = [], []
    for prompt in load_prompts("fi"):
        ease = draw.betavariate(1.6, 0.9)
        first, second = ([draw.random() < ease for _ in prompt.instructions] for _ in range(2))
        prompts.append(Difference(all(second) - all(first), 1))
        instructions.append(Difference(sum(second) - sum(first), len(first)))
    yield METRICS[0], prompts
    yield METRICS[1], instructions


def report(labels: str, metric: str, pairs: list[Difference]) -> None:
    """One line of the table: how often shuffled labels look like a significant drop."""
    draw = random.Random(SEED)
    alarms = 0
    for _ in range(REPETITIONS):
        shuffled = [Difference(each.change * draw.choice((-1, 1)), each.size) for each in pairs]
        alarms += sum(each.change for each in shuffled) < 0 and exact_test(shuffled)[0] <= ALPHA
    rate = alarms / REPETITIONS
    low, high = wilson(rate, REPETITIONS)
    differing = sum(each.change != 0 for each in pairs)
    print(f"| {labels} | {metric} | {len(pairs)} | {differing} | {rate:.3f} | {low:.3f}–{high:.3f} |")


def power_table(prompts: int) -> None:
    """The exact chance to find a true drop, for shares of prompts on which base and candidate differ."""
    print(f"\nPower on {prompts} prompts at alpha {ALPHA}, exact; in brackets with --max-drop 2:\n")
    print("| true drop | " + " | ".join(f"{100 * share:.0f} % differ" for share in DISCORDANT) + " |")
    print("| ---: |" + " ---: |" * len(DISCORDANT))
    for drop in DROPS:
        cells = [f"{100 * drop:.0f} point{'s' if drop != 0.01 else ''}"]
        for share in DISCORDANT:
            plain, gated = (
                detection_power(prompts, share, drop, alpha=ALPHA, allowed=allowed) for allowed in (0.0, 0.02)
            )
            cells.append("–" if drop > share else f"{plain:.2f} ({gated:.2f})")
        print(f"| {' | '.join(cells)} |")
    smallest = [minimum_detectable_drop(prompts, share, alpha=ALPHA) for share in DISCORDANT]
    cells = ["–" if each is None else f"{100 * each:.1f} points" for each in smallest]
    print(f"| detectable at 80 % | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
