"""Take a written prompt set into data/<code>: python bench/import_prompts.py CODE FOLDER [VERSION]

FOLDER holds prompts.jsonl and notes.jsonl as a writer or reader left them. Rows are written in one form (fields in
order, arguments as the checks take them), so that a later reading shows as a small difference.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "data"


def main() -> None:
    code, source = sys.argv[1], Path(sys.argv[2])
    version = sys.argv[3] if len(sys.argv) > 3 else f"{code}-1.0"
    folder = DATA / code
    folder.mkdir(exist_ok=True)
    for name in ("prompts.jsonl", "notes.jsonl"):
        text = unicodedata.normalize("NFC", (source / name).read_text(encoding="utf-8"))
        rows = [json.loads(line) for line in text.splitlines() if line.strip()]
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / name).write_text(lines, encoding="utf-8")
        print(f"{name}: {len(rows)} rows")
    (folder / "VERSION").write_text(f"{version}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
