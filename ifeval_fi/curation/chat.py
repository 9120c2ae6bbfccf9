"""Generated prompts as the rows that trainers read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from ifeval_fi.jsonl import Row, dumps
from ifeval_fi.prompts import Prompt

Format = Literal["ifeval", "chat", "trl", "verl", "open-instruct"]
VERIFIER = "ifeval_fi"
"""The name by which verl and open-instruct choose what judges a row."""


def row_of(prompt: Prompt, format: Format) -> Row:
    """The prompt as a row of this format.

    ifeval: a row of a prompts file. trl: `prompt` as messages, beside it what a reward function gets as columns. chat:
    the same with `messages`. verl: `data_source`, `reward_model` and `extra_info`. open-instruct: `messages`,
    `ground_truth` and `dataset`. The last two carry the instructions as JSON.
    """
    return _ROWS[format](prompt)


def _messages(prompt: Prompt) -> list[Row]:
    return [{"role": "user", "content": prompt.text}]


def _columns(prompt: Prompt) -> Row:
    row = prompt.row
    return {name: row[name] for name in ("instruction_id_list", "kwargs")} | {
        "language": prompt.language,
        "difficulty": len(prompt.instructions),
        "key": prompt.key,
    }


def _verl(prompt: Prompt) -> Row:
    columns = _columns(prompt)
    return {
        "data_source": VERIFIER,
        "prompt": _messages(prompt),
        "ability": "instruction_following",
        "reward_model": {"style": "rule", "ground_truth": dumps(columns)},
        "extra_info": {name: columns[name] for name in ("key", "language", "difficulty")},
    }


def _open_instruct(prompt: Prompt) -> Row:
    columns = _columns(prompt)
    asked = {"instruction_id": columns["instruction_id_list"], "kwargs": columns["kwargs"]}
    return {
        "messages": _messages(prompt),
        "ground_truth": dumps([asked | {"language": prompt.language}]),
        "dataset": VERIFIER,
        "key": prompt.key,
    }


_ROWS: dict[Format, Callable[[Prompt], Row]] = {
    "ifeval": lambda prompt: prompt.row,
    "chat": lambda prompt: {"messages": _messages(prompt)} | _columns(prompt),
    "trl": lambda prompt: {"prompt": _messages(prompt)} | _columns(prompt),
    "verl": _verl,
    "open-instruct": _open_instruct,
}
