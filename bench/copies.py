"""False alarms and misses of the copy check, on the real English answers of several models and on edited copies.

    python bench/copies.py ../shared/ifeval_en/responses/*.jsonl

Prints, for every pair of models, the share of answers that the check calls the same; then, for each way of editing a
copy, the share of the copied answers that it finds.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import unicodedata
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from edits import CYRILLIC, every, shuffled

from ifeval_fi.leaderboard.copies import found_elsewhere, sketch
from ifeval_fi.leaderboard.nothing import answers_nothing
from ifeval_fi.prompts import load_prompts
from ifeval_fi.scoring.responses import Response

EDITS: dict[str, Callable[[str], str]] = {
    "none": str,
    "decomposed (NFD)": lambda text: unicodedata.normalize("NFD", text),
    "fullwidth letters": lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
    "zero-width space in every 3rd word": every(3, lambda word: f"{word[:2]}\u200b{word[2:]}"),
    "Cyrillic letters in every 5th word": every(5, lambda word: word.translate(CYRILLIC)),
    "Cyrillic letters everywhere": lambda text: text.translate(CYRILLIC),
    "-kin on every 6th word": every(6, lambda word: f"{word}kin"),
    "a word after every 8th": every(8, lambda word: f"{word} kyllä"),
    "a word after every 4th": every(4, lambda word: f"{word} kyllä"),
    "every 4th word another": every(4, lambda word: "jokin"),
    "every 6th word dropped": every(6, lambda word: ""),
    "sentences shuffled": shuffled,
    "soft hyphens": lambda text: re.sub(r"(\w{3})(?=\w)", "\\1\u00ad", text),
    "_w_": every(2, lambda word: f"_{word}_"),
    "<b>": every(3, lambda word: f"<b>{word}</b>"),
    "letters doubled in every 5th": every(5, lambda word: word[:1] + word),
    "small letters, no punctuation": lambda text: re.sub(r"[^\w\s]", "", text).lower(),
    "half of it": lambda text: text[: len(text) // 2],
    "a paragraph of one's own before it": lambda text: OWN + text,
    "all of it": lambda text: shuffled(every(6, lambda word: f"{word}kin")(every(8, lambda w: f"{w} niin")(text))),
}
OWN = (
    "Tämä johdanto on omaa tekstiä, jota kukaan muu ei ole kirjoittanut, ja se kertoo lyhyesti, mistä vastauksessa on "
    "kyse. Se on mukana vain siksi, että vastaus näyttäisi toiselta kuin se, josta se on otettu.\n\n"
)


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
