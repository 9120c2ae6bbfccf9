"""Take a prompt set as its readers left it: python bench/import_set.py CODE FOLDER VERSION

Copies FOLDER/prompts.jsonl and notes.jsonl to data/CODE, keeps each sample answer that still passes its row, builds the
others, and writes VERSION. Run bench/checksums.py and `ifeval-fi prompts check CODE` afterwards.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from ifeval_fi.curation.satisfy import satisfying_text
from ifeval_fi.languages import get_language
from ifeval_fi.prompts import load_prompts
from ifeval_fi.rules import get_rules

DATA = Path(__file__).resolve().parents[1] / "data"


def main(code: str, folder: str, version: str) -> int:
    target = DATA / code
    target.mkdir(exist_ok=True)
    for name in ("prompts.jsonl", "notes.jsonl"):
        shutil.copyfile(Path(folder) / name, target / name)
    (target / "VERSION").write_text(f"{version}\n", encoding="utf-8")
    (target / "SHA256SUMS").unlink(missing_ok=True)
    samples = target / "samples.jsonl"
    kept = samples.read_text(encoding="utf-8").splitlines() if samples.is_file() else []
    answers = {row["key"]: row["response"] for row in map(json.loads, kept)}
    language = get_language(code)
    rules = get_rules(language.own_rules, language)
    rows, built, missing = [], [], []
    for prompt in load_prompts(str(target / "prompts.jsonl"), language=code):
        text = answers.get(prompt.key, "")
        if not all(rules.judge(each.id, rules.normalise(text), language, each.kwargs) for each in prompt.instructions):
            built.append(prompt.key)
            text = satisfying_text(prompt) or ""
        if text:
            rows.append({"key": prompt.key, "response": text})
        else:
            missing.append(prompt.key)
    samples.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    print(f"{len(rows)} samples; built anew: {built}; to be written by hand: {missing}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
