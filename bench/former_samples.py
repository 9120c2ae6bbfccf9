"""Write data/<set>/former_samples.jsonl: sample answers that were public once and that a copy check would not find.

    python bench/former_samples.py

Reads the whole history of the clone it stands in; answers that are still near a sample of today are left out.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from ifeval_fi.jsonl import write_rows
from ifeval_fi.leaderboard.copies import found_elsewhere, sketch
from ifeval_fi.prompts import load_prompts
from ifeval_fi.scoring.responses import Response

ROOT = Path(__file__).resolve().parent.parent


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def former(path: str) -> dict[tuple[int | str, str], None]:
    """Every key and answer that the file ever held, oldest first."""
    found: dict[tuple[int | str, str], None] = {}
    for commit in git("log", "--all", "--reverse", "--format=%H", "--", path).split():
        try:
            text = git("show", f"{commit}:{path}")
        except subprocess.CalledProcessError:  # removed by this commit
            continue
        found |= {(row["key"], row["response"]): None for row in map(json.loads, text.splitlines())}
    return found


def main() -> None:
    for file in sorted((ROOT / "data").glob("*/samples.jsonl")):
        prompts = load_prompts(file.parent.name)
        held = sketch(
            (Response(r["key"], r["response"]) for r in map(json.loads, file.open(encoding="utf-8"))), prompts
        )
        kept = []
        for key, text in former(str(file.relative_to(ROOT))):
            one = sketch([Response(key, text)], prompts)
            if one and not found_elsewhere([one, held])[0].where:
                kept.append({"key": key, "response": text})
        print(f"{file.parent.name}: {len(kept)}")
        if kept:
            write_rows(file.parent / "former_samples.jsonl", kept)


if __name__ == "__main__":
    main()
