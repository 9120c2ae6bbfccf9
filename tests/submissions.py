"""Small submissions for the tests: forty of the bundled prompts, answers that differ from entry to entry."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from typing import Any

from ifeval_fi.jsonl import dumps, write_rows
from ifeval_fi.leaderboard.entry import digest, model_folder, write_submission
from ifeval_fi.prompts import PromptSet, load_prompts

Row = dict[str, Any]
COUNT = 40
WORDS = (
    "talo katu järvi metsä juna aamu ilta kirja opettaja lapsi kesä talvi syksy marja leipä kahvi vuori saari "
    "laiva tuuli lumi sade polku kylä kaupunki silta ystävä sisar veli musiikki kuva peli tarina matka"
).split()


def small_prompts(folder: Path, language: str = "fi") -> Path:
    """A file with the first prompts of the bundled set."""
    path = folder / f"prompts-{language}.jsonl"
    write_rows(path, [prompt.row for prompt in load_prompts("fi")[:COUNT]])
    return path


def answer(rng: random.Random) -> str:
    return " ".join(rng.choices(WORDS, k=30)).capitalize() + "."


def identity(prompts: PromptSet, model: str = "malli") -> Row:
    asked = {"name": prompts.name, "language": prompts.language, "count": len(prompts), "digest": prompts.digest}
    return {
        "format": 1,
        "package": "1.0.0",
        "model": model,
        "prompts": asked,
        "samples": 1,
        "decoding": {"max_tokens": 512, "temperature": 0.0, "top_p": None, "seed": None},
        "system_prompt": None,
        "extra_body": {},
        "engine": None,
    }


def settings(run: Row, started: str = "2025-11-02T12:00:00+00:00") -> Row:
    server = {"model": None, "engine": "vllm", "version": "0.9", "fingerprint": None, "context": None}
    transport = {"servers": ["http://127.0.0.1:1/v1"], "concurrency": 1, "timeout_s": 60}
    return {"identity": run, "transport": transport, "server": server, "started": started}


def answer_rows(prompts: PromptSet, seed: int, followed: float = 0.0) -> list[Row]:
    """One row a prompt; a share of the answers repeats its prompt, which follows something now and then."""
    rng = random.Random(seed)
    rows = []
    for prompt in prompts:
        text = answer(rng)
        text = f"{prompt.text}\n\n{text}" if rng.random() < followed else text
        row = {"key": prompt.key, "sample": 0, "prompt_sha256": prompt.sha256, "outcome": "answered", "response": text}
        more = {"reasoning": None, "finish_reason": "stop", "usage": None, "attempts": 1, "latency_s": 0.1}
        rows.append(row | more)
    return rows


def entry(model_id: str = "org/malli", **changes: Any) -> Row:
    model = {
        "id": model_id,
        "revision": "1",
        "parameters_b": 8.0,
        "base_model": None,
        "license": "Apache-2.0",
        "open_weights": True,
        "open_data": False,
        "open_code": False,
        "developer": "Yritys Oy",
        "country": "FI",
        "eu": True,
        "languages": ["fi"],
        "released": "2025-01-31",
        "trained_on_ifeval": "no",
    }
    setup = {
        "quantisation": None,
        "server": "vLLM",
        "server_version": "0.9",
        "hardware": "1 × 80 GB",
        "reasoning": "none",
        "tokens_per_second": None,
    }
    for name, value in changes.items():
        group = model if name in model else setup
        group[name] = value
    return {"schema": 1, "model": model, "setup": setup, "contact": "a@example.org"}


def packed(run: Row, rows: list[Row]) -> bytes:
    return "".join(dumps(row) + "\n" for row in [{"run": run}, *rows]).encode()


def add(
    root: Path,
    prompts: PromptSet,
    data: Row,
    *,
    seed: int,
    name: str = "ajo",
    followed: float = 0.0,
    rows: list[Row] | None = None,
    started: str = "2025-11-02T12:00:00+00:00",
) -> Path:
    """Write a submission that is right in itself."""
    run = identity(prompts)
    content = packed(run, rows if rows is not None else answer_rows(prompts, seed, followed))
    folder = root / model_folder(data["model"]["id"]) / name
    write_submission(
        folder, data | {"answers_sha256": digest(content)}, json.dumps(settings(run, started)).encode(), content
    )
    return folder


def repack(folder: Path, content: bytes) -> None:
    """Replace the answers of a submission, with an honest checksum."""
    (folder / "responses.jsonl.gz").write_bytes(gzip.compress(content, mtime=0))
    data = json.loads((folder / "entry.json").read_text("utf-8"))
    (folder / "entry.json").write_text(json.dumps(data | {"answers_sha256": digest(content)}), "utf-8")
