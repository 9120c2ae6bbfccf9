"""Cost of the reward: CPU milliseconds an instruction, on one thread, rows repeated as GRPO repeats them.

    python bench/reward.py

The answers are those of long_answers.jsonl, as long as models' answers are, each to a prompt of the Finnish set; none
is judged twice. Goal: 0.3 ms an instruction, beside one look at the completion's language.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

from ifeval_fi import PromptSet, Reward, load_prompts, reward

LONG = Path(__file__).with_name("long_answers.jsonl")
GENERATIONS, ROUNDS = 8, 4


def main() -> None:
    answers = [json.loads(line)["response"] for line in LONG.read_text("utf-8").splitlines()]
    prompts = load_prompts("fi")
    for name, function in (("reward", reward), ("without the language", Reward(other_language=1))):
        # The first round compiles patterns; others on the machine can only slow a round down.
        rounds = [measured(function, prompts, answers, f"{name} {number}") for number in range(ROUNDS)]
        spent, completions, instructions, characters = min(rounds)
        print(
            f"{name}: {spent / instructions:.3f} ms an instruction, {spent / completions:.3f} ms a completion of "
            f"{characters // completions} characters ({completions} completions, {instructions} instructions)"
        )


def measured(function: Reward, prompts: PromptSet, answers: list[str], name: str) -> tuple[float, int, int, int]:
    """CPU milliseconds, completions, instructions and characters of one round."""
    batches = []
    for place, prompt in enumerate(prompts[: len(prompts) // GENERATIONS]):
        row, start = prompt.row, place * GENERATIONS
        # Another beginning makes another answer, as sampling does.
        said = [f"{name} {start}. {answers[(start + n) % len(answers)]}" for n in range(GENERATIONS)]
        batches.append((said, row["instruction_id_list"], row["kwargs"], prompt.text))
    begun = time.process_time()
    for said, ids, kwargs, text in batches:
        function(said, [ids] * GENERATIONS, [kwargs] * GENERATIONS, prompts=[text] * GENERATIONS)
    spent = 1000 * (time.process_time() - begun)
    instructions = GENERATIONS * sum(len(ids) for _, ids, _, _ in batches)
    return spent, GENERATIONS * len(batches), instructions, sum(len(each) for said, *_ in batches for each in said)


if __name__ == "__main__":
    main()
