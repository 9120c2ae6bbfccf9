"""How close `ifeval-fi run` comes to the ideal against a server with a fixed latency and no limit.

    python bench/runner.py [--lm-eval PYTHON] [--prompts 510] [--concurrency 64] [--latency 0.2]

`--lm-eval` names an interpreter with `lm-eval[api]`; it then answers as many prompts of its own ifeval-like task
with the same concurrency on the same server, start-up included for both.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = 1.15
CPU_TARGET_MS = 2.0

CHILD = """
import json, resource, sys, time
begun = time.perf_counter()
from pathlib import Path
from ifeval_fi.prompts import Prompt, PromptSet
from ifeval_fi.runner.run import run_prompts
from ifeval_fi.runner.settings import RunSettings
url, count, concurrency, output = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])
rows = (Prompt(n, f"Kirjoita runo numero {n}. " * 12, (), "fi") for n in range(count))
prompts = PromptSet(rows, name="bench", language="fi")
started, cpu = time.perf_counter(), time.process_time()
result = run_prompts(prompts, RunSettings(base_urls=(url,), concurrency=concurrency), output, quiet=True)
print(json.dumps({
    "finished": result.finished, "asking_s": result.seconds, "call_s": time.perf_counter() - started,
    "cpu_ms": (time.process_time() - cpu) / count * 1e3,
    "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
}))
"""

TASK = """
task: bench
custom_dataset: !function bench_task.rows
test_split: test
output_type: generate_until
doc_to_text: "{{prompt}}"
doc_to_target: ""
generation_kwargs: {until: [], do_sample: false, temperature: 0.0, max_gen_toks: 2048}
metric_list: [{metric: bypass}]
"""

ROWS = """
def rows(**_):
    import datasets
    texts = [f"Kirjoita runo numero {n}. " * 12 for n in range(COUNT)]
    return {"test": datasets.Dataset.from_dict({"prompt": texts})}
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lm-eval", metavar="PYTHON")
    parser.add_argument("--prompts", type=int, default=510)
    parser.add_argument("--concurrency", type=int, default=64)
    parser.add_argument("--latency", type=float, default=0.2)
    parser.add_argument("--rounds", type=int, default=3, help="the quickest counts, for others use the machine too")
    asked = parser.parse_args()
    server = subprocess.Popen(
        [sys.executable, ROOT / "tests" / "misbehaving_server.py", "--latency", str(asked.latency)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        return report(asked, url)
    finally:
        server.terminate()
        server.wait()


def report(asked: argparse.Namespace, url: str) -> int:
    ideal = math.ceil(asked.prompts / asked.concurrency) * asked.latency
    rounds = [run_ours(url, asked.prompts, asked.concurrency) for _ in range(asked.rounds)]
    ours, wall = min(rounds, key=lambda each: each[0]["asking_s"])
    many, _ = run_ours(url, asked.prompts * 4, asked.concurrency * 4)
    ratio = ours["asking_s"] / ideal
    print(f"{asked.prompts} prompts, concurrency {asked.concurrency}, latency {asked.latency} s: ideal {ideal:.2f} s")
    print(f"ifeval-fi  {ours['asking_s']:.2f} s asking = {ratio:.3f} x ideal (at most {TARGET})")
    print(f"           {wall:.2f} s wall with start-up, probe and journal")
    print(f"           {ours['cpu_ms']:.2f} ms client CPU a request (at most {CPU_TARGET_MS})")
    print(f"           {ours['peak_mib']:.0f} MiB peak; {many['peak_mib']:.0f} MiB with four times the prompts")
    good = ours["finished"] and ratio <= TARGET and ours["cpu_ms"] <= CPU_TARGET_MS
    if asked.lm_eval:
        theirs = run_lm_eval(asked.lm_eval, url, asked.prompts, asked.concurrency)
        print(f"lm-eval    {theirs:.2f} s wall, local-chat-completions")
        good = good and wall < theirs
    print("ok" if good else "NOT MET")
    return 0 if good else 1


def run_ours(url: str, prompts: int, concurrency: int) -> tuple[dict[str, float], float]:
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", CHILD, url, str(prompts), str(concurrency), f"{folder}/run"],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        )
        wall = time.perf_counter() - started
    return json.loads(done.stdout), wall


def run_lm_eval(python: str, url: str, prompts: int, concurrency: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "bench.yaml").write_text(TASK, encoding="utf-8")
        Path(folder, "bench_task.py").write_text(f"COUNT = {prompts}\n{ROWS}", encoding="utf-8")
        arguments = f"model=malli,base_url={url}/chat/completions,num_concurrent={concurrency},max_retries=3"
        started = time.perf_counter()
        subprocess.run(
            [
                *(python, "-m", "lm_eval", "--model", "local-chat-completions", "--model_args", arguments),
                *("--tasks", "bench", "--include_path", folder, "--apply_chat_template"),
                *("--log_samples", "--output_path", f"{folder}/out"),
            ],
            check=True,
            capture_output=True,
            cwd=folder,
            env={**os.environ, "OPENAI_API_KEY": "none", "HF_HUB_OFFLINE": "1", "PYTHONPATH": folder},
        )
        return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
