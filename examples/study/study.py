"""The study's design, end to end: SFT on mixes of English and Finnish, DPO on pairs made by checks, all models scored.

    python examples/study/study.py examples/study/small.toml --output runs/study

Models: the base; SFT on 0, 25, 50, 75 and 100 % Finnish; from the half-and-half one, DPO on English, Finnish and both.
Each is evaluated on `en` and `fi` and has a run's folder for each. `report` then makes Table 1 (the mixes), Table 2
(DPO) and Figure 1 (rates over the share of Finnish). The same command goes on where it was interrupted.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import tomllib

# Threads that wait for each other by spinning starve on a machine that has other work.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch
from datasets import Dataset
from small_model import prepare
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import DPOConfig, DPOTrainer, SFTConfig, SFTTrainer

import ifeval_fi
from data import Example, instructions, mix, pairs
from ifeval_fi.integrations.evaluation import subset
from ifeval_fi.integrations.generation import Generator
from ifeval_fi.prompts import PromptSet, load_prompts
from ifeval_fi.runner.evaluate import record_and_score
from ifeval_fi.runner.settings import RunSettings

SHARES = (0, 25, 50, 75, 100)
SETS = ("fi", "en")
MIDDLE = "sft-en-fi-50"


@dataclass(frozen=True)
class Settings:
    """What a settings file may say.

    `limit` prompts of each set are asked, drawn by seed, all without it; `trained_layers` are the last so many, all
    without it.
    """

    model: str
    rows: int
    sft_steps: int
    dpo_steps: int
    sft_learning_rate: float
    dpo_learning_rate: float
    batch: int = 8
    accumulation: int = 1
    max_length: int = 1024
    max_tokens: int = 1280
    limit: int | None = None
    dtype: str = "float32"
    threads: int | None = None
    trained_layers: int | None = None
    answered_at_a_time: int = 16
    seed: int = 0
    data_en: str | None = None
    data_fi: str | None = None


class Study:
    """The models of one study and what was measured of them."""

    def __init__(self, settings: Settings, output: Path) -> None:
        self.settings = settings
        self.output = output
        self.models = output / "models"
        self.base = str(prepare(self.models / "smollm2")) if settings.model == "smollm2" else settings.model
        self.tokenizer = AutoTokenizer.from_pretrained(self.base)
        self.sets = [subset(load_prompts(each), settings.limit, settings.seed) for each in SETS]
        self.record = output / "record.json"
        self.seconds: dict[str, float] = json.loads(self.record.read_text())["seconds"] if self.record.exists() else {}

    def load(self, path: str) -> Any:
        """A model in the precision of the settings, on the GPU where there is one."""
        model = AutoModelForCausalLM.from_pretrained(path, dtype=getattr(torch, self.settings.dtype))
        return model.to("cuda" if torch.cuda.is_available() else "cpu")

    def freeze(self, model: Any) -> Any:
        """The model with only its last layers to be trained, where the settings say so."""
        if self.settings.trained_layers is not None:
            model.requires_grad_(False)
            model.model.layers[-self.settings.trained_layers :].requires_grad_(True)
        return model

    def folder(self, name: str, prompts: PromptSet) -> Path:
        return self.output / f"{name}-{prompts.source}"

    def missing(self, name: str) -> bool:
        """Whether a model is still to be made and evaluated."""
        return not all((self.folder(name, prompts) / "scores.json").exists() for prompts in self.sets)

    def evaluate(self, name: str, model: Any) -> None:
        """A run's folder for each set."""
        asking = RunSettings(model=name, max_tokens=self.settings.max_tokens)
        generator = Generator(model, self.tokenizer, batch_size=self.settings.answered_at_a_time)
        for prompts in self.sets:
            answers = generator.answers(prompts, asking)
            scores = record_and_score(
                prompts, asking, self.folder(name, prompts), answers, generator.described(self.base)
            )
            print(f"{name}, {prompts.source}: {scores!r}", flush=True)

    def timed(self, name: str, begun: float) -> None:
        self.seconds[name] = round(time.monotonic() - begun, 1)
        packages = {each: version(each) for each in ("torch", "transformers", "trl")}
        machine = torch.cuda.get_device_name() if torch.cuda.is_available() else f"{platform.machine()}, CPU"
        facts = {"ifeval_fi": ifeval_fi.__version__, **packages, "python": platform.python_version()}
        record = {"settings": asdict(self.settings), "versions": facts, "machine": machine, "seconds": self.seconds}
        self.record.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")

    def arguments(self, name: str, steps: int, rate: float) -> dict[str, Any]:
        settings = self.settings
        return {
            "output_dir": str(self.models / f"{name}.training"),
            "max_steps": steps,
            "per_device_train_batch_size": settings.batch,
            "gradient_accumulation_steps": settings.accumulation,
            "learning_rate": rate,
            "lr_scheduler_type": "cosine",
            "warmup_steps": max(1, steps // 10),
            "max_length": settings.max_length,
            "bf16": settings.dtype == "bfloat16",
            "gradient_checkpointing": torch.cuda.is_available(),
            "logging_steps": max(1, steps // 6),
            "save_strategy": "no",
            "report_to": [],
            "seed": settings.seed,
            "use_cpu": not torch.cuda.is_available(),
            "disable_tqdm": True,
        }

    def sft(self, share: int, rows: Sequence[dict[str, Any]]) -> None:
        """Train the base on a mix; the one in the middle is watched on the way, and kept for DPO."""
        name, begun = f"sft-en-fi-{share}", time.monotonic()
        kept = self.models / name
        if not self.missing(name) and (name != MIDDLE or kept.exists()):
            return
        settings = self.settings
        arguments = SFTConfig(**self.arguments(name, settings.sft_steps, settings.sft_learning_rate))
        trainer = SFTTrainer(
            self.freeze(self.load(self.base)), args=arguments, train_dataset=Dataset.from_list(list(rows)),
            processing_class=self.tokenizer,
        )  # fmt: skip
        if name == MIDDLE:
            watched = ifeval_fi.callback(
                trainer, self.sets, output=self.output / "course", name=name, steps=-(-settings.sft_steps // 2),
                at_start=True, max_tokens=settings.max_tokens,
                batch_size=settings.answered_at_a_time,
            )  # fmt: skip
            trainer.add_callback(watched)
        trainer.train()
        self.evaluate(name, trainer.model)
        if name == MIDDLE:
            trainer.model.save_pretrained(kept)
            self.tokenizer.save_pretrained(kept)
        self.timed(name, begun)

    def dpo(self, name: str, rows: Sequence[dict[str, Any]]) -> None:
        """Train the model of the middle mix to prefer what follows."""
        begun = time.monotonic()
        if not self.missing(name):
            return
        settings = self.settings
        # The reference model reads every row once beforehand, so that there are no more than are trained on.
        rows = rows[: settings.dpo_steps * settings.batch * settings.accumulation]
        arguments = DPOConfig(
            **self.arguments(name, settings.dpo_steps, settings.dpo_learning_rate), precompute_ref_log_probs=True,
            model_init_kwargs={"dtype": settings.dtype},
        )  # fmt: skip
        trainer = DPOTrainer(
            str(self.models / MIDDLE), args=arguments, train_dataset=Dataset.from_list(list(rows)),
            processing_class=self.tokenizer,
        )  # fmt: skip
        self.freeze(trainer.model)
        trainer.train()
        self.evaluate(name, trainer.model)
        self.timed(name, begun)

    def report(self) -> None:
        """Tables 1 and 2, Figure 1, and the course of the middle SFT."""
        mixes = ["base", *(f"sft-en-fi-{share}" for share in SHARES)]
        tuned = [MIDDLE, *(f"dpo-{each}" for each in ("en", "fi", "both"))]
        course = [str(each) for each in sorted((self.output / "course").iterdir())]
        for name, folders in (
            ("table1", [str(self.folder(each, prompts)) for each in mixes for prompts in self.sets]),
            ("table2", [str(self.folder(each, prompts)) for each in tuned for prompts in self.sets]),
            ("course", course),
        ):
            files = [f"--output={self.output / name}.{form}" for form in ("html", "md", "tex")]
            drawn = ["--figures", str(self.output / f"{name}-figures")]
            subprocess.run([sys.executable, "-m", "ifeval_fi", "report", *folders, *files, *drawn], check=True)
        print((self.output / "table1.md").read_text("utf-8").partition("## Rates")[0])
        print((self.output / "table2.md").read_text("utf-8").partition("## Rates")[0])


def examples(settings: Settings, language: str, seed: int) -> list[Example]:
    # A token is less than two characters of Finnish to a model made for English.
    return instructions(language, settings.rows, seed, int(1.6 * settings.max_length))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("settings", type=Path)
    parser.add_argument("--output", type=Path, default=Path("runs/study"))
    given = parser.parse_args()
    settings = Settings(**tomllib.loads(given.settings.read_text("utf-8")))
    if settings.threads:
        torch.set_num_threads(settings.threads)
    torch.manual_seed(settings.seed)
    study = Study(settings, given.output)
    begun = time.monotonic()
    if study.missing("base"):
        study.evaluate("base", study.load(study.base))
        study.timed("base", begun)
    english, finnish = (examples(settings, each, settings.seed) for each in ("en", "fi"))
    for share in SHARES:
        study.sft(share, mix(english, finnish, share))
    preferred = {each: pairs(examples(settings, each, settings.seed + 1), settings.seed) for each in ("en", "fi")}
    both = [row for pair in zip(preferred["en"], preferred["fi"], strict=False) for row in pair]
    for name, rows in (*preferred.items(), ("both", both)):
        study.dpo(f"dpo-{name}", rows)
    study.report()


if __name__ == "__main__":
    main()
