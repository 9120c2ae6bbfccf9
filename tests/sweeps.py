"""Sweeps for tests: checkpoints that the fake vLLM serves, and what their cells wrote."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from paths import TESTS

from ifeval_fi.sweep.plan import Plan, make_plan

FAKE_VLLM = [sys.executable, str(TESTS / "fake_vllm.py")]


def checkpoint(folder: Path, **told: Any) -> str:
    """A folder that looks like a checkpoint and says how its server behaves."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(told))
    return str(folder)


def plan(output: Path, models: list[Any], **more: Any) -> Plan:
    """A quick plan, three prompts a set."""
    vllm = {"command": FAKE_VLLM, "start_seconds": 30, **more.pop("vllm", {})}
    table = {"models": models, "prompts": ["fi"], "limit": 3, "vllm": vllm}
    return make_plan({**table, **more, "output": str(output)})


def answers(made: Plan) -> dict[str, bytes]:
    """What was answered, and the files made of it, to the byte; every sample is there once."""
    found: dict[str, bytes] = {}
    for cell in made.cells:
        for asked in cell.sets:
            folder = made.folder(cell) / asked.folder
            lines = (folder / "responses.jsonl").read_bytes().splitlines()
            rows = sorted((row["key"], row["sample"], row["response"]) for row in map(json.loads, lines[1:]))
            assert len(rows) == asked.count * cell.decoding["samples"]
            place = f"{cell.id}/{asked.folder}"
            found[place] = json.dumps(rows).encode()
            found |= {f"{place}/{name}": (folder / name).read_bytes() for name in ("scores.json", "verdicts.jsonl")}
    return found
