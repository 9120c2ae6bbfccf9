"""Cost of scoring Finnish answers strict and loose in a cold process, beside lm-eval's own functions.

    python bench/scoring.py [PYTHON_WITH_LM_EVAL]

NLTK_DATA must lead that interpreter to punkt_tab. The answers are the 510 sample answers, which are short, and 510 as
long as models' answers are, from the halves of the 128 in long_answers.jsonl, written as a chat model writes. Goals on
the long ones: an eighth of lm-eval's CPU for the process, a sixth for the scoring; a peak under 150 MB,
`import ifeval_fi` under 0.1 s, `ifeval-fi --help` under 0.4 s, a check of 1,000 characters under 0.3 ms.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from case_files import case_files

from ifeval_fi import check

ROOT = Path(__file__).resolve().parents[1]
DATA = [str(ROOT / "data/fi/prompts.jsonl"), str(ROOT / "data/fi/samples.jsonl")]
LONG = Path(__file__).with_name("long_answers.jsonl")
PUBLISHED = str(Path(__file__).with_name("published.py"))
ROUNDS = 3
# What nearly every model does when asked; the published code then asks langdetect, once for each loose variant.
CASES = {"change_case:english_capital": str.upper, "change_case:english_lowercase": str.lower}
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


def quickest_import() -> float:
    return quickest([sys.executable, "-c", SCORE, *DATA])["import"]


def help_seconds() -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "ifeval_fi", "--help"], capture_output=True, check=True, env=ENVIRONMENT)
        times.append(time.perf_counter() - start)
    return min(times)


def long_answers(folder: Path) -> list[str]:
    """All prompts and an answer of model length to each: the first half of one long answer, the second of another."""
    prompts = [json.loads(line) for line in Path(DATA[0]).read_text("utf-8").splitlines()]
    halves = [halved(json.loads(line)["response"]) for line in LONG.read_text("utf-8").splitlines()]
    rows = []
    for number, prompt in enumerate(prompts):
        # In the first round a long answer stays whole; in each later one its second half comes from further on.
        first, second = number % len(halves), (number + number // len(halves) * 37) % len(halves)
        cased = next((CASES[name] for name in prompt["instruction_id_list"] if name in CASES), str)
        rows.append({"key": prompt["key"], "response": cased(halves[first][0] + halves[second][1])})
    path = folder / "responses.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return [DATA[0], str(path)]


def halved(text: str) -> tuple[str, str]:
    """The text in two, at the line break or space nearest before its middle."""
    middle = len(text) // 2
    cut = max(text.rfind("\n", middle // 2, middle), text.rfind(" ", 0, middle) if "\n" not in text[:middle] else 0)
    return text[:cut], text[cut:]


def beside(name: str, data: list[str], lm_eval: list[str]) -> None:
    """Print the figures of both on the same prompts and answers."""
    ours = quickest([sys.executable, "-c", SCORE, *data])
    print(f"{name}\n  finnish  {shown(ours)}")
    if lm_eval:
        theirs = quickest([*lm_eval, PUBLISHED, "time", *data])
        print(f"  lm-eval  {shown(theirs)}")
        ratios = (theirs[key] / ours[key] for key in ("process", "scoring"))
        print("  lm-eval / finnish: process {:.1f}x, scoring {:.1f}x".format(*ratios))


def shown(figures: dict[str, float]) -> str:
    return "process {process:5.2f} s  scoring {scoring:5.2f} s  peak {peak_mb:4.0f} MB".format(**figures)


def milliseconds_a_check() -> dict[str, float]:
    """By instruction id, what `ifeval_fi.check` takes in a warm process for an answer of 1,000 characters."""
    answers = [json.loads(line)["response"][:1000] for line in LONG.read_text("utf-8").splitlines()]
    answers = [answer for answer in answers if len(answer) == 1000]
    taken = {}
    for name, cases in case_files("fi").items():
        check(name, cases[0].kwargs, answers[0])
        start = time.process_time()
        for number, answer in enumerate(answers):
            # Another text each time: language detection remembers those it has read.
            check(name, cases[0].kwargs, f"{answer} {name} {number}")
        taken[name] = (time.process_time() - start) / len(answers) * 1000
    return taken


def main() -> None:
    lm_eval = sys.argv[1:2]
    with TemporaryDirectory() as folder:
        beside("510 sample answers, 430 characters on average", DATA, lm_eval)
        beside(
            "510 answers as long as models write, 1,050 characters on average",
            long_answers(Path(folder)),
            lm_eval,
        )
    print(f"import ifeval_fi {quickest_import():.3f} s, ifeval-fi --help {help_seconds():.2f} s")
    taken = milliseconds_a_check()
    for name, native in (("IFEval's ids", False), ("fi: ids", True)):
        some = {each: taken[each] for each in taken if each.startswith("fi:") is native}
        slowest = max(some, key=some.__getitem__)
        mean = sum(some.values()) / len(some)
        print(f"check, warm: {mean:.3f} ms over {len(some)} {name}, most {some[slowest]:.2f} {slowest}")


if __name__ == "__main__":
    main()
