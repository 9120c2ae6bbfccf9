"""False alarms and misses of the copy check, on the real English answers of several models and on edited copies.

    python bench/copies.py ../shared/ifeval_en/responses/*.jsonl

Prints, for every pair of models, the share of answers that the check calls the same; then, for each way of editing a
copy, the share of the copied answers that it finds.
"""

from __future__ import annotations

import argparse
import json
import sys
from itertools import combinations
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from edits import EDITS

from ifeval_fi.leaderboard.copies import found_elsewhere, sketch
from ifeval_fi.leaderboard.nothing import answers_nothing
from ifeval_fi.prompts import load_prompts
from ifeval_fi.scoring.responses import Response


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("responses", nargs="+", type=Path)
    asked = parser.parse_args()
    prompts = load_prompts("en")
    known = {prompt.key for prompt in prompts}
    models = {}
    for path in asked.responses:
        rows = map(json.loads, path.read_text("utf-8").splitlines())
        models[path.stem] = [Response(row["key"], row["response"]) for row in rows if row["key"] in known]
    sketches = {name: sketch(rows, prompts, 0x5A5A5A5A) for name, rows in models.items()}
    print("found in another model (false alarms):")
    for one, other in combinations(sketches, 2):
        found = found_elsewhere([sketches[one], sketches[other]])[0]
        print(f"  {found.share:6.1%} of {found.compared}  {one} × {other}")
    for name, found in zip(sketches, found_elsewhere(list(sketches.values())), strict=True):
        print(f"  {found.share:6.1%} of {found.compared}  {name} in any of the others")
    print("copies found, by how they are edited (least and most of the models):")
    for edit, change in EDITS.items():
        shares = []
        for name, rows in models.items():
            copy = sketch([Response(row.key, change(row.text)) for row in rows], prompts, 0x5A5A5A5A)
            shares.append(found_elsewhere([copy, sketches[name]])[0].share)
        print(f"  {min(shares):6.1%} {max(shares):6.1%}  {edit}")
    print("answers that answer nothing (false alarms):")
    for name, rows in models.items():
        empty = answers_nothing(rows, prompts)
        print(f"  {len(empty) / len(rows):6.1%}  {name} {empty[:3]}")


if __name__ == "__main__":
    main()
