"""Build a site of many synthetic entries twice and print how long it takes and how large the table page is.

    python bench/leaderboard.py [--entries 200] [--languages fi sv et da nb en] [--jobs 2] [--output FOLDER]

Answers are sentences of the bundled sample answers, different for every entry, with a prompt's own answer shuffled
among them the oftener the better the model. `--entries` is per language.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import tempfile
import time
from pathlib import Path

from ifeval_fi.jsonl import Row, dumps
from ifeval_fi.leaderboard.build import build
from ifeval_fi.leaderboard.entry import digest, model_folder, write_submission
from ifeval_fi.prompts import PromptSet, load_prompts
from ifeval_fi.resources import resource

LICENSES = ("Apache-2.0", "MIT", "LicenseRef-own", "CC-BY-4.0")
COUNTRIES = ("FI", "FR", "US", "CN", "SE")


def shuffled(text: str, rng: random.Random) -> str:
    """The words of a text in another order."""
    words = text.split()
    rng.shuffle(words)
    return " ".join(words)


def synthetic_run(prompts: PromptSet, answers: dict[int, str], sentences: list[str], seed: int) -> tuple[Row, bytes]:
    """The run.json and the answers of a model that follows more the higher its skill."""
    rng = random.Random(seed)
    skill = rng.uniform(0.1, 0.95)
    asked = {"name": prompts.name, "language": prompts.language, "count": len(prompts), "digest": prompts.digest}
    identity: Row = {
        "format": 1,
        "package": "1.0.0",
        "model": f"synthetic-{seed}",
        "prompts": asked,
        "samples": 1,
        "decoding": {"max_tokens": 2048, "temperature": 0.0, "top_p": None, "seed": None},
        "system_prompt": None,
        "extra_body": {},
        "engine": None,
    }
    lines = [dumps({"run": identity})]
    for prompt in prompts:
        # Words in another order each time, so that no entry is a copy of the samples or of another.
        filler = shuffled(" ".join(rng.sample(sentences, rng.randint(2, 8))), rng)
        text = f"{shuffled(answers[prompt.key], rng)}\n\n{filler}" if rng.random() < skill else filler
        row = {"key": prompt.key, "sample": 0, "prompt_sha256": prompt.sha256, "outcome": "answered", "response": text}
        more = {"reasoning": None, "finish_reason": "stop", "usage": None, "attempts": 1, "latency_s": 0.5}
        lines.append(dumps(row | more))
    server = {"model": "m", "engine": "synthetic", "version": "1", "fingerprint": None, "context": 4096}
    transport = {"servers": ["http://127.0.0.1:8000/v1"], "concurrency": 8, "timeout_s": 60}
    started = f"2025-{seed % 12 + 1:02d}-{seed % 28 + 1:02d}T12:00:00+00:00"
    settings = {"identity": identity, "transport": transport, "server": server, "started": started}
    return settings, ("\n".join(lines) + "\n").encode()


def synthetic_entry(seed: int, answers: bytes) -> Row:
    """The metadata of a synthetic entry."""
    rng = random.Random(seed)
    country = rng.choice(COUNTRIES)
    is_open = rng.random() < 0.8
    model = {
        "id": f"org{seed % 17}/malli-{seed}",
        "revision": "1",
        "parameters_b": round(10 ** rng.uniform(-0.8, 2.5), 1) if is_open else None,
        "base_model": None,
        "license": rng.choice(LICENSES),
        "open_weights": is_open,
        "open_data": is_open and rng.random() < 0.3,
        "open_code": False,
        "developer": f"Yritys {seed % 17} Oy",
        "country": country,
        "eu": country in ("FI", "FR", "SE"),
        "languages": ["fi", "en"],
        "released": "2025-01-31",
        "trained_on_ifeval": "unknown",
    }
    setup = {
        "quantisation": rng.choice([None, "Q4_K_M", "FP8"]),
        "server": "vLLM",
        "server_version": "0.9",
        "hardware": "1 × 80 GB",
        "reasoning": "none",
        "tokens_per_second": 100.5,
    }
    return {"schema": 1, "model": model, "setup": setup, "contact": "a@example.org", "answers_sha256": digest(answers)}


def write_entries(root: Path, count: int, language: str) -> None:
    """Synthetic submissions below a folder; English has no samples, and borrows the prompts' own sentences."""
    prompts = load_prompts(language)
    file = resource("data", language, "samples.jsonl")
    rows = map(json.loads, file.read_text("utf-8").splitlines()) if file.is_file() else []
    answers = {prompt.key: prompt.text for prompt in prompts} | {row["key"]: row["response"] for row in rows}
    parts = (part for text in answers.values() for part in re.split(r"(?<=[.!?])\s+", text))
    sentences = sorted({part for part in parts if 30 < len(part) < 160 and "\n" not in part})
    for seed in range(count):
        settings, content = synthetic_run(prompts, answers, sentences, seed)
        entry = synthetic_entry(seed, content)
        folder = root / model_folder(entry["model"]["id"]) / f"bench-{language}"
        write_submission(folder, entry, dumps(settings).encode(), content)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=200)
    parser.add_argument("--languages", nargs="+", default=["fi"])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--output", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "submissions"
        for language in asked.languages:
            write_entries(root, asked.entries, language)
        site = asked.output or Path(place) / "site"
        for cache in ("empty", "full"):
            before, start = sum(os.times()[:4]), time.perf_counter()
            boards = build(root, site, jobs=asked.jobs, cache=Path(place) / "cache")
            seconds, spent = time.perf_counter() - start, sum(os.times()[:4]) - before
            entries, rejected = sum(len(board.entries) for board in boards), boards[0].rejected
            print(f"{entries} entries, {len(rejected)} rejected, {asked.jobs} jobs, cache {cache}: {seconds:.1f} s,")
            print(f"  {spent:.1f} s of processor time in all processes, load {os.getloadavg()[0]:.1f}", flush=True)
        pages = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
        print(f"index.html {(site / 'index.html').stat().st_size / 1e6:.2f} MB, the whole site {pages / 1e6:.0f} MB")
        for each in rejected[:3]:
            print(each.place, each.errors[:3])


if __name__ == "__main__":
    main()
