"""Scored folders for the tests of reports and comparisons, with answers as unkind as models write them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from paths import ROOT

from ifeval_fi.jsonl import write_rows
from ifeval_fi.prompts import PromptSet, load_prompts
from ifeval_fi.scoring import score
from ifeval_fi.scoring.responses import load_responses

PROMPTS = load_prompts("fi").select(limit=40)
SAMPLES = {
    row["key"]: row["response"]
    for row in map(json.loads, (ROOT / "data" / "fi" / "samples.jsonl").read_text(encoding="utf-8").splitlines())
}
HOSTILE = (
    "</script><script>window.hacked = 1</script><!-- <script> ]]> <img src=x onerror=window.hacked=1>\n"
    "\ud800 \u2028 \u2029 \x00 \x1b[31m \u202e käänteinen {{ 7 * 7 }} {% raw %} $x^2$ | `a` & \\\\ '\"><b>"
)
DECODING = {"max_tokens": 256, "temperature": 0.0, "top_p": None, "seed": None}

Edit = Callable[[int, dict[str, Any]], None]


def identity(model: str, prompts: PromptSet, decoding: Mapping[str, Any] = DECODING) -> dict[str, Any]:
    """A run's identity as in the journal's header."""
    return {
        "format": 1,
        "package": "1.0.0",
        "model": model,
        "prompts": {
            "name": prompts.name,
            "language": prompts.language,
            "count": len(prompts),
            "digest": prompts.digest,
        },
        "samples": 1,
        "decoding": dict(decoding),
        "system_prompt": None,
        "extra_body": {},
        "engine": None,
    }


def scored_run(
    folder: Path,
    *,
    model: str = "malli",
    edit: Edit = lambda index, row: None,
    prompts: PromptSet = PROMPTS,
    decoding: Mapping[str, Any] = DECODING,
) -> Path:
    """A scored run folder in which every answer follows its prompt, but for what `edit` does to its row."""
    rows = []
    for index, prompt in enumerate(prompts):
        row: dict[str, Any] = {
            "key": prompt.key,
            "sample": 0,
            "prompt_sha256": prompt.sha256,
            "outcome": "answered",
            "response": SAMPLES.get(prompt.key, ""),
        }
        edit(index, row)
        rows.append(row)
    folder.mkdir(parents=True)
    write_rows(folder / "responses.jsonl", [{"run": identity(model, prompts, decoding)}, *rows])
    file = load_responses(folder)
    score(prompts, file.responses, run=file.run, partial=True).save(folder)
    return folder


def broken(*places: int, text: str = "Yes, no, x.") -> Edit:
    """Replace the answers at these places."""

    def edit(index: int, row: dict[str, Any]) -> None:
        if index in places:
            row["response"] = text

    return edit
