"""CPU time of the reference rules against lm-eval's own functions: English answers, strict and loose, cold processes.

    python bench/reference.py [PYTHON_WITH_LM_EVAL]

Reads ../shared/ifeval_en; NLTK_DATA must lead that interpreter to punkt_tab. Without one only ours is timed.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared" / "ifeval_en"
PUBLISHED = Path(__file__).with_name("published.py")
ROUNDS = 3

VERDICTS = """
import json, resource, sys, time
from ifeval_fi.languages import get_language
from ifeval_fi.prompts import load_prompts
from ifeval_fi.rules import get_rules
from ifeval_fi.scoring import loose_variants
language = get_language("en")
rules = get_rules("reference", language)
imported = time.process_time()
rules.prepare()
texts = {row["key"]: row["response"] for row in map(json.loads, open(sys.argv[2], encoding="utf-8"))}
for prompt in load_prompts(sys.argv[1], language="en"):
    text = texts[prompt.key]
    variants = loose_variants(text)
    for each in prompt.instructions:
        strict = rules.judge(each.id, text, language, each.kwargs)
        strict or any(rules.judge(each.id, variant, language, each.kwargs) for variant in variants)
done = time.process_time()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"process": done, "scoring": done - imported, "peak_mb": peak}))
"""

COMPLETE = """
import json, resource, sys, time
import ifeval_fi
imported = time.process_time()
rows = map(json.loads, open(sys.argv[2], encoding="utf-8"))
ifeval_fi.score(ifeval_fi.load_prompts(sys.argv[1], language="en"), list(rows), rules="reference")
done = time.process_time()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"process": done, "scoring": done - imported, "peak_mb": peak}))
"""


def best(command: list[str]) -> dict[str, float]:
    """The quickest of a few cold processes."""
    runs = [subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(ROUNDS)]
    figures: list[dict[str, float]] = [json.loads(run.splitlines()[-1]) for run in runs]
    return min(figures, key=lambda each: each["process"])


def has_lm_eval(python: str) -> bool:
    code = "import importlib.metadata as m; print(m.version('lm-eval'), m.version('nltk'))"
    found = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    print(f"{python}: {'lm-eval and NLTK ' + found.stdout.strip() if found.returncode == 0 else 'no lm-eval'}")
    return found.returncode == 0


def main() -> None:
    python = sys.argv[1] if len(sys.argv) > 1 else sys.executable
    if not SHARED.is_dir():
        raise SystemExit(f"no English answers at {SHARED}")
    compare = has_lm_eval(python)
    print(f"{'model':40} {'what':28} {'process s':>9} {'scoring s':>9} {'peak MB':>8}")
    for responses in sorted(SHARED.glob("responses/*.jsonl")):
        data = [str(SHARED / "prompts.jsonl"), str(responses)]
        rows = {
            "reference rules, verdicts": best([sys.executable, "-c", VERDICTS, *data]),
            "reference rules, score()": best([sys.executable, "-c", COMPLETE, *data]),
        }
        if compare:
            rows["lm-eval"] = best([python, str(PUBLISHED), "time", *data])
        for what, row in rows.items():
            times = f"{row['process']:9.2f} {row['scoring']:9.2f} {row['peak_mb']:8.0f}"
            print(f"{responses.stem[:40]:40} {what:28} {times}")
        if compare:
            ours, theirs = rows["reference rules, verdicts"], rows["lm-eval"]
            ratios = {key: theirs[key] / ours[key] for key in ("process", "scoring")}
            print(f"{'':40} {'lm-eval / verdicts':28} {ratios['process']:8.1f}x {ratios['scoring']:8.1f}x")


if __name__ == "__main__":
    main()
