"""Write data/<lang>/SHA256SUMS anew, after a change to a prompt set."""

from __future__ import annotations

import hashlib
from pathlib import Path

NAMES = ("VERSION", "prompts.jsonl", "samples.jsonl", "answer_languages.jsonl", "faults.jsonl")

for version in sorted((Path(__file__).resolve().parent.parent / "data").glob("*/VERSION")):
    folder = version.parent
    names = [name for name in NAMES if (folder / name).is_file()]
    sums = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (folder / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")
