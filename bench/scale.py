"""How the time and memory of scoring grow with prompts, results and processes.

    python bench/scale.py [--results 2 4 8] [--languages fi en …] [--characters 1500]

A result is one model's answers to one prompt set. The answers are sample answers of the set, put together to the
length that models' answers have; every result has others. Measured is the command `ifeval-fi score --jobs N` with its
files written. The last lines say what 200 results in six languages would take at the measured rate.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from ifeval_fi.jsonl import write_rows
from ifeval_fi.prompts import load_prompts

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("fi", "sv", "et", "da", "nb", "en")
TARGET = 200 * 6

MEASURE = """
import json, resource, sys, time
from ifeval_fi.cli import main
begun = time.perf_counter()
sys.stdout = open(__import__("os").devnull, "w")
try:
    main(sys.argv[1:])
except SystemExit as ended:
    assert ended.code == 0, ended.code
own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
cpu = own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
peak = [each.ru_maxrss / 1024 for each in (own, others)]
print(json.dumps({"seconds": time.perf_counter() - begun, "cpu": cpu, "peaks": peak}), file=sys.stderr)
"""


def make_result(folder: Path, language: str, seed: int, *, limit: int | None, samples: int, characters: int) -> None:
    """A run folder with its journal as `run` writes it."""
    prompts = load_prompts(language).select(limit=limit)
    lines = (ROOT / "data" / language / "samples.jsonl").read_text("utf-8").splitlines()
    own = {row["key"]: row["response"] for row in map(json.loads, lines)}
    texts = sorted(own.values())
    draw = random.Random(seed)
    rows = []
    for prompt in prompts:
        for sample in range(samples):
            parts = [own.get(prompt.key, "")]
            while sum(map(len, parts)) < characters:
                parts.append(draw.choice(texts))
            row = {"key": prompt.key, "sample": sample, "prompt_sha256": prompt.sha256, "outcome": "answered"}
            rows.append({**row, "response": "\n\n".join(parts)})
    run = {
        "format": 1,
        "package": "1.0.0",
        "model": f"model-{seed}",
        "prompts": {
            "name": prompts.name,
            "source": prompts.source,
            "language": language,
            "count": len(prompts),
            "digest": prompts.digest,
        },
        "samples": samples,
        "decoding": {"max_tokens": 1280, "temperature": 0.0, "top_p": None, "seed": None},
        "system_prompt": None,
        "extra_body": {},
        "engine": None,
    }
    folder.mkdir(parents=True)
    write_rows(folder / "responses.jsonl", [{"run": run}, *rows])


def measured(folders: Sequence[Path], jobs: int) -> dict[str, float]:
    """One call of `score`; the peak is the command's own and, added to it, one for each process beside it."""
    command = [sys.executable, "-c", MEASURE, "score", *map(str, folders), "--jobs", str(jobs)]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True)
    figures = json.loads(done.stderr.splitlines()[-1])
    own, other = figures["peaks"]
    return {**figures, "peak": own + (jobs * other if jobs > 1 else 0)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--results", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--languages", nargs="+", default=list(LANGUAGES))
    parser.add_argument("--characters", type=int, default=1500)
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--sizes", action=argparse.BooleanOptionalAction, default=True, help="rows for more prompts")
    given = parser.parse_args()
    sizes = [(128, 1), (None, 1), (None, 4)] if given.sizes else []
    plans = [(1, limit, samples, 1) for limit, samples in sizes]
    plans += [(results, None, 1, jobs) for results in given.results for jobs in given.jobs]
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; {given.characters} characters an answer\n")
    print("| results | prompts | samples | processes | s | CPU s | answers/s | answers/CPU s | peak MB |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    rate = cpu_rate = 0.0
    with TemporaryDirectory() as place:
        for number, (results, limit, samples, jobs) in enumerate(plans):
            folders = []
            for seed in range(results):
                for language in given.languages:
                    folder = Path(place) / str(number) / f"m{seed}-{language}"
                    shape = {"limit": limit, "samples": samples, "characters": given.characters}
                    make_result(folder, language, seed, **shape)  # type: ignore[arg-type]
                    folders.append(folder)
            answers = len(folders) * (limit or 510) * samples
            found = measured(folders, jobs)
            rate, cpu_rate = answers / found["seconds"], answers / found["cpu"]
            print(
                f"| {len(folders)} | {limit or 510} | {samples} | {jobs} | {found['seconds']:.1f} | {found['cpu']:.1f} "
                f"| {rate:.0f} | {cpu_rate:.0f} | {found['peak']:.0f} |",
                flush=True,
            )
    whole = TARGET * 510
    print(f"\nload after: {os.getloadavg()[0]:.1f}")
    print(f"200 results × 510 prompts × 6 languages = {whole:,} answers: {whole / rate / 60:.1f} min at the last rate;")
    print(
        f"{whole / cpu_rate / 60:.1f} CPU minutes, that is {whole / cpu_rate / 120:.1f} min on two cores of their own"
    )


if __name__ == "__main__":
    main()
