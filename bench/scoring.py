"""Cost of scoring the 510 Finnish sample answers strict and loose in a cold process, beside lm-eval's own functions.

    python bench/scoring.py [PYTHON_WITH_LM_EVAL]

NLTK_DATA must lead that interpreter to punkt_tab. Goals: a tenth of lm-eval's scoring CPU, a peak under 150 MB,
`import ifeval_fi` under 0.1 s and `ifeval-fi --help` under 0.4 s.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = [str(ROOT / "data/fi/prompts.jsonl"), str(ROOT / "data/fi/samples.jsonl")]
PUBLISHED = str(Path(__file__).with_name("published.py"))
ROUNDS = 3
# An installed package has its bytecode; a checkout gets it in the first round.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

SCORE = """
import json, resource, sys, time
start = time.perf_counter()
import ifeval_fi
imported = time.perf_counter() - start
ifeval_fi.score
before = time.process_time()
rows = map(json.loads, open(sys.argv[2], encoding="utf-8"))
ifeval_fi.score(ifeval_fi.load_prompts(sys.argv[1]), list(rows), rules="finnish")
done = time.process_time()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"import": imported, "process": done, "scoring": done - before, "peak_mb": peak}))
"""


def quickest(command: list[str]) -> dict[str, float]:
    """The figures of the quickest of a few cold processes."""
    runs = [
        subprocess.run(command, capture_output=True, text=True, check=True, env=ENVIRONMENT).stdout
        for _ in range(ROUNDS)
    ]
    figures: list[dict[str, float]] = [json.loads(run.splitlines()[-1]) for run in runs]
    return min(figures, key=lambda each: each["process"])


def help_seconds() -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "ifeval_fi", "--help"], capture_output=True, check=True, env=ENVIRONMENT)
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    ours = quickest([sys.executable, "-c", SCORE, *DATA])
    print(
        f"finnish  process {ours['process']:5.2f} s  scoring {ours['scoring']:5.2f} s  peak {ours['peak_mb']:4.0f} MB"
    )
    print(f"import ifeval_fi {ours['import']:.3f} s, ifeval-fi --help {help_seconds():.2f} s")
    if len(sys.argv) > 1:
        theirs = quickest([sys.argv[1], PUBLISHED, "time", *DATA])
        line = (
            f"process {theirs['process']:5.2f} s  scoring {theirs['scoring']:5.2f} s  peak {theirs['peak_mb']:4.0f} MB"
        )
        print(f"lm-eval  {line}")
        ratios = (theirs[key] / ours[key] for key in ("process", "scoring"))
        print("lm-eval / finnish: process {:.1f}x, scoring {:.1f}x".format(*ratios))


if __name__ == "__main__":
    main()
