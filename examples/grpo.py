"""A GRPO run whose reward rises: the small model learns to write without commas.

    python examples/grpo.py --output runs/grpo

The prompts are `ifeval-fi generate`'s with that one instruction, the reward is `ifeval_fi.reward`. Before and after,
prompts that the training has not seen are answered greedily and scored, and `ifeval-fi compare` tests the difference.
A figure of the reward by step and record.json are written. Two cores take some minutes; `--model` names another model.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

# Threads that wait for each other by spinning starve on a machine that has other work.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
sys.path.insert(0, str(Path(__file__).parent / "study"))

import torch
from datasets import Dataset
from small_model import prepare
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import GRPOConfig, GRPOTrainer

import ifeval_fi
from ifeval_fi.curation.generate import generate
from ifeval_fi.integrations.generation import Generator
from ifeval_fi.jsonl import write_rows
from ifeval_fi.prompts import PromptSet, load_prompts
from ifeval_fi.report.figures import LIGHT, drawing, saved
from ifeval_fi.runner.evaluate import record_and_score
from ifeval_fi.runner.settings import RunSettings

INSTRUCTION = "punctuation:no_comma"
LANGUAGE = "en"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--output", type=Path, default=Path("runs/grpo"))
    parser.add_argument("--model", default="smollm2")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--generations", type=int, default=8)
    parser.add_argument("--prompts", type=int, default=1, help="prompts a step")
    parser.add_argument("--distinct", type=int, default=4, help="prompts in all, gone through again and again")
    parser.add_argument("--tokens", type=int, default=24)
    parser.add_argument("--held-out", type=int, default=12)
    parser.add_argument("--learning-rate", type=float, default=3e-4)
    parser.add_argument("--trained-layers", type=int, default=6, help="the last so many")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def held_out(path: Path, drawn: list[Any]) -> PromptSet:
    """The prompts as a file, so that reports and comparisons find them again."""
    write_rows(path, [each.prompt.row for each in drawn])
    return load_prompts(path, language=LANGUAGE)


def measured(name: str, folder: Path, prompts: PromptSet, model: Any, tokenizer: Any, tokens: int) -> float:
    """The share of prompts followed, in a run's folder."""
    asking = RunSettings(model=name, max_tokens=tokens)
    generator = Generator(model, tokenizer, batch_size=16)
    answers = generator.answers(prompts, asking)
    scores = record_and_score(prompts, asking, folder, answers, generator.described(name), rules="english")
    return float(scores["prompt_level_strict_acc"])


def figure(path: Path, rewards: list[float]) -> None:
    """The mean reward of each step, and the mean of the four up to it."""
    with drawing(LIGHT) as new_figure:
        drawn = new_figure(6.2, 2.9)
        axis = drawn.subplots()
        steps = range(1, len(rewards) + 1)
        around = [rewards[max(0, place - 3) : place + 1] for place in range(len(rewards))]
        axis.plot(steps, rewards, "o", color=LIGHT.bars[1], markersize=4, label="mean reward of a step")
        axis.plot(
            steps, [sum(each) / len(each) for each in around], color=LIGHT.bars[0], label="mean of the last four steps"
        )
        axis.set_ylim(0, 1.02)
        axis.set_xlabel("step")
        axis.xaxis.get_major_locator().set_params(integer=True)
        axis.grid(axis="y", color=LIGHT.faint, linewidth=0.6)
        axis.legend(loc="lower right", frameon=False)
        axis.set_title("GRPO on one instruction, no commas: ifeval_fi.reward", loc="left", fontsize=10)
        path.write_bytes(saved(drawn, "png"))


def main() -> None:
    given = arguments()
    torch.set_num_threads(given.threads)
    given.output.mkdir(parents=True, exist_ok=True)
    path = str(prepare(given.output / "smollm2")) if given.model == "smollm2" else given.model
    tokenizer = AutoTokenizer.from_pretrained(path)
    model = AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32)
    model.requires_grad_(False)
    model.model.layers[-given.trained_layers :].requires_grad_(True)
    count = given.distinct + given.held_out
    drawn = list(generate(LANGUAGE, count, seed=1, difficulty=1, instructions=[INSTRUCTION]))
    unseen = held_out(given.output / "held-out.jsonl", drawn[: given.held_out])
    rows = [
        {"prompt": [{"role": "user", "content": each.prompt.text}], "language": LANGUAGE}
        | {name: each.prompt.row[name] for name in ("instruction_id_list", "kwargs")}
        for each in drawn[given.held_out :]
    ]
    ifeval_fi.reward.verify(rows)
    begun = time.monotonic()
    before = measured("before", given.output / "before", unseen, model, tokenizer, given.tokens)
    print(f"before: {before:.3f} of {len(unseen)} unseen prompts followed", flush=True)
    settings = GRPOConfig(
        output_dir=str(given.output / "training"),
        max_steps=given.steps,
        num_generations=given.generations,
        per_device_train_batch_size=given.generations * given.prompts,
        max_completion_length=given.tokens,
        learning_rate=given.learning_rate,
        lr_scheduler_type="constant",
        temperature=1.0,
        beta=0.0,
        logging_steps=1,
        save_strategy="no",
        report_to=[],
        use_cpu=not torch.cuda.is_available(),
        bf16=torch.cuda.is_available(),
        gradient_checkpointing=False,
        seed=0,
    )
    trainer = GRPOTrainer(
        model, reward_funcs=ifeval_fi.reward, args=settings, train_dataset=Dataset.from_list(rows),
        processing_class=tokenizer,
    )  # fmt: skip
    trainer.train()
    rewards = [row["rewards/ifeval_fi/mean"] for row in trainer.state.log_history if "rewards/ifeval_fi/mean" in row]
    after = measured("after", given.output / "after", unseen, trainer.model, tokenizer, given.tokens)
    figure(given.output / "reward.png", rewards)
    compared = ifeval_fi.compare(
        given.output / "before", given.output / "after", prompts=str(given.output / "held-out.jsonl")
    )
    change = compared.summary["rates"]["prompt_level_strict_acc"]
    record = {
        "before": before,
        "after": after,
        "change_ci95": change["ci95"],
        "p": change["p"],
        "rewards": [round(each, 4) for each in rewards],
        "seconds": round(time.monotonic() - begun, 1),
        "versions": {each: version(each) for each in ("torch", "transformers", "trl")},
        "python": platform.python_version(),
        "settings": {name: str(value) for name, value in vars(given).items() if name != "output"},
    }
    (given.output / "record.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    # Prompts differ in how hard they are, so that whole passes over all of them are compared.
    each = max(1, given.distinct // given.prompts)
    first, last = (sum(part) / len(part) for part in (rewards[:each], rewards[-each:]))
    print(f"reward: {first:.3f} in the first pass over the prompts, {last:.3f} in the last")
    print(f"after: {after:.3f} of {len(unseen)} unseen prompts followed (before {before:.3f}, p {change['p']:.3g})")


if __name__ == "__main__":
    main()
