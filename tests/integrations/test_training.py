"""TRL's and transformers' own trainers with the reward and the callback, on a model of a few thousand weights."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

if not os.environ.get("IFEVAL_FI_TEST_TRAIN"):
    pytest.skip("`make test-train` runs these", allow_module_level=True)

import torch
from datasets import Dataset
from paths import TESTS
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
from trl import DPOConfig, DPOTrainer, GRPOConfig, GRPOTrainer, SFTConfig, SFTTrainer

import ifeval_fi
from ifeval_fi.errors import IfevalError
from ifeval_fi.integrations.evaluation import Watch
from ifeval_fi.integrations.generation import Generator
from ifeval_fi.runner.settings import RunSettings
from ifeval_fi.scoring.results import load_results

TEMPLATE = (
    "{% for m in messages %}<{{ m['role'] }}>{{ m['content'] }}<end>{% endfor %}"
    "{% if add_generation_prompt %}<assistant>{% endif %}"
)
SPECIAL = ["<pad>", "<end>", "<system>", "<user>", "<assistant>"]
ROWS = [{"messages": [{"role": "user", "content": f"Laske {n}."}, {"role": "assistant", "content": "Yksi kaksi."}]}
        for n in range(16)]  # fmt: skip
torch.set_num_threads(2)


def byte_tokenizer() -> Any:
    """Bytes as tokens."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    core = Tokenizer(models.BPE({token: n for n, token in enumerate([*SPECIAL, *alphabet])}, []))
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    made = PreTrainedTokenizerFast(tokenizer_object=core, pad_token="<pad>", eos_token="<end>")
    made.add_special_tokens({"additional_special_tokens": SPECIAL[2:]})
    made.chat_template = TEMPLATE
    return made


def small_model(tokenizer: Any) -> Any:
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2,
        max_position_embeddings=4096, eos_token_id=1, pad_token_id=0, attention_dropout=0.1,
    )  # fmt: skip
    return LlamaForCausalLM(config)


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return byte_tokenizer()


@pytest.fixture
def model(tokenizer: Any) -> Any:
    return small_model(tokenizer)


PROCESS = """
import sys
sys.path[:0] = sys.argv[2:]
from pathlib import Path
import test_training as own
tokenizer = own.byte_tokenizer()
trainer = own.sft(Path(sys.argv[1]) / "out", own.small_model(tokenizer), tokenizer, max_steps=6)
import ifeval_fi
from ifeval_fi.integrations.evaluation import Watch
Watch.says_stop = lambda self, step: step == 2
trainer.add_callback(
    ifeval_fi.callback(trainer, output=Path(sys.argv[1]) / "runs", steps=1, limit=3, max_tokens=2, patience=1)
)
trainer.train()
print("stopped at", trainer.state.global_step)
"""


def test_of_several_processes_the_first_evaluates_and_all_stop_together(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    common = {**os.environ, "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    common |= {"IFEVAL_FI_TEST_TRAIN": "1", "OMP_NUM_THREADS": "1"}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, str(tmp_path), str(TESTS), str(TESTS / "integrations")],
            env={**common, "RANK": str(rank), "LOCAL_RANK": str(rank)},
            stdout=subprocess.PIPE, text=True,
        )
        for rank in range(2)
    ]  # fmt: skip
    try:
        said = [process.communicate(timeout=240)[0] for process in processes]
    finally:
        for process in processes:
            process.kill()
    assert all("stopped at 2" in text for text in said)
    assert sorted(path.name for path in (tmp_path / "runs").iterdir()) == ["checkpoint-1-fi", "checkpoint-2-fi"]


def settings(folder: Path, **more: Any) -> dict[str, Any]:
    common = {"output_dir": str(folder), "per_device_train_batch_size": 4, "max_steps": 4, "logging_steps": 1}
    common |= {"report_to": [], "use_cpu": True, "bf16": False, "save_strategy": "no", "disable_tqdm": True}
    return common | more


def sft(folder: Path, model: Any, tokenizer: Any, **more: Any) -> Any:
    arguments = SFTConfig(**settings(folder, **more))
    return SFTTrainer(model, args=arguments, train_dataset=Dataset.from_list(ROWS), processing_class=tokenizer)


@pytest.mark.parametrize("checkpointing", [False, True])
def test_the_callback_evaluates_logs_and_leaves_the_training_as_it_is(
    tmp_path: Path, model: Any, tokenizer: Any, checkpointing: bool
) -> None:
    weights = {name: value.clone() for name, value in model.state_dict().items()}
    losses = []
    for evaluated in (False, True):
        model.load_state_dict(weights)
        trainer = sft(tmp_path / "out", model, tokenizer, gradient_checkpointing=checkpointing)
        if evaluated:
            trainer.add_callback(
                ifeval_fi.callback(trainer, ["fi", "en"], output=tmp_path / "runs", name="koe", steps=2, limit=5,
                                   at_start=True, max_tokens=12, batch_size=2)
            )  # fmt: skip
        trainer.train()
        losses.append([row["loss"] for row in trainer.state.log_history if "loss" in row])
    assert losses[0] == losses[1]
    assert len(losses[0]) == 4
    assert tokenizer.padding_side == "right"
    rows = [row for row in trainer.state.log_history if "eval_ifeval_fi/inst_level_strict_acc" in row]
    assert [row["step"] for row in rows] == [0, 2, 4]
    assert all("eval_ifeval_en/prompt_level_strict_acc_stderr" in row for row in rows)
    assert not any("loss" in row for row in rows)
    folders = sorted(path.name for path in (tmp_path / "runs").iterdir())
    assert folders == sorted(f"checkpoint-{step}-{code}" for step in (0, 2, 4) for code in ("fi", "en"))
    results = load_results(tmp_path / "runs" / "checkpoint-4-fi")
    assert results.summary["counts"]["scored"] == 5
    assert results.run["server"]["engine"] == "transformers"


def test_answers_do_not_depend_on_what_stands_beside_them(model: Any, tokenizer: Any) -> None:
    prompts = ifeval_fi.load_prompts("fi")[:5]
    asked = RunSettings(model="m", max_tokens=16, system_prompt="Vastaa.")
    together, alone = (
        {row["key"]: row for batch in Generator(model, tokenizer, size).answers(prompts, asked) for row in batch}
        for size in (5, 1)
    )
    assert {key: row["response"] for key, row in together.items()} == {k: row["response"] for k, row in alone.items()}
    assert all(row["outcome"] == "truncated" and row["usage"]["completion_tokens"] == 16 for row in alone.values())
    assert model.training
    bare = PreTrainedTokenizerFast(tokenizer_object=tokenizer._tokenizer, eos_token="<end>")
    with pytest.raises(IfevalError, match="no chat template"):
        list(Generator(model, bare).answers(prompts, asked))


def test_it_stops_a_training_that_has_got_worse(
    tmp_path: Path, model: Any, tokenizer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What the gate says is tested beside `Watch`; here it finds the third evaluation to be one too many.
    steps: list[int] = []
    monkeypatch.setattr(Watch, "says_stop", lambda self, step: steps.append(step) or len(steps) == 3)
    trainer = sft(tmp_path / "out", model, tokenizer, max_steps=8)
    trainer.add_callback(
        ifeval_fi.callback(trainer, output=tmp_path / "runs", steps=1, limit=3, max_tokens=2, patience=2)
    )
    trainer.train()
    assert steps == [1, 2, 3]
    assert trainer.state.global_step == 3


@pytest.mark.parametrize("chat", [False, True])
def test_grpo_takes_the_reward(tmp_path: Path, model: Any, tokenizer: Any, chat: bool) -> None:
    asked = "Kirjoita runo ilman pilkkuja."
    prompt: Any = [{"role": "user", "content": asked}] if chat else asked
    rows = [
        {"prompt": prompt, "instruction_id_list": ["punctuation:no_comma"], "kwargs": [{}], "language": "fi"},
        {"prompt": prompt, "instruction_id_list": ["keywords:existence", "punctuation:no_comma"],
         "kwargs": [{"keywords": ["runo"]}, {}], "language": "fi"},
    ] * 4  # fmt: skip
    data = Dataset.from_list(rows)
    own = ifeval_fi.Reward(other_language=1.0, hollow=1.0, name="tottelu")
    assert own.verify(data) == 8
    arguments = GRPOConfig(**settings(tmp_path, max_steps=2, num_generations=4, max_completion_length=8))
    trainer = GRPOTrainer(
        model, [ifeval_fi.reward, own], args=arguments, train_dataset=data, processing_class=tokenizer
    )
    trainer.train()
    logs = [row for row in trainer.state.log_history if "rewards/tottelu/mean" in row]
    assert len(logs) == 2
    assert all("rewards/ifeval_fi/mean" in row and "ifeval_fi/in_language" in row for row in logs)


def test_dpo_may_be_evaluated_too(tmp_path: Path, model: Any, tokenizer: Any) -> None:
    rows = [{"prompt": "Laske. ", "chosen": "Yksi.", "rejected": "Yksi, kaksi."}] * 8
    # The reference model is read from where the model is.
    for each in (model, tokenizer):
        each.save_pretrained(tmp_path / "model")
    data, arguments = Dataset.from_list(rows), DPOConfig(**settings(tmp_path))
    trainer = DPOTrainer(str(tmp_path / "model"), args=arguments, train_dataset=data, processing_class=tokenizer)
    trainer.add_callback(ifeval_fi.callback(trainer, output=tmp_path / "runs", epochs=1, limit=2, max_tokens=2))
    trainer.train()
    scores = json.loads((tmp_path / "runs" / "checkpoint-4-fi" / "scores.json").read_text("utf-8"))
    assert scores["name"].endswith("step 4")
