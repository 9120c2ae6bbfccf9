"""English prompts through the local DeepL server and through the embedded small model, with both reports.

    python bench/translation.py [--rows 40] [--source ../shared/ifeval_en/prompts.jsonl] [--max-tokens 64] [--pairs 1]

The DeepL server is the tests' (word for word, Finnish words without sense): it shows the way through the real client.
The small model writes no Finnish, and its flags must say so; it is shown few pairs, since each answer reads them anew.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from deepl_server import KEY, DeepLServer  # noqa: E402


def translate(output: Path, source: Path, rows: int, *engine: str) -> None:
    command = [sys.executable, "-m", "ifeval_fi", "translate", str(source), "--to", "fi", "--limit", str(rows)]
    print(f"$ ifeval-fi translate {source} --to fi --limit {rows} {' '.join(engine)}", flush=True)
    started = time.perf_counter()
    environment = {**os.environ, "DEEPL_AUTH_KEY": KEY, "NO_PROXY": "127.0.0.1"}
    ended = subprocess.run([*command, *engine, "--output", str(output)], env=environment, check=False)
    print(f"exit code {ended.returncode}, {time.perf_counter() - started:.1f} s\n", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=40)
    parser.add_argument("--source", type=Path, default=ROOT.parent / "shared" / "ifeval_en" / "prompts.jsonl")
    parser.add_argument("--max-tokens", type=int, default=64)
    parser.add_argument("--pairs", type=int, default=1)
    arguments = parser.parse_args()
    source, rows = arguments.source, arguments.rows
    if not source.is_file():
        parser.error(f"{source}: no such file; give English prompts with --source")
    with tempfile.TemporaryDirectory() as folder, DeepLServer() as server:
        output = Path(folder)
        translate(output / "deepl.jsonl", source, rows, "--engine", "deepl", "--server-url", server.url)
        pairs = (ROOT / "data" / "fi" / "examples.jsonl").read_text("utf-8").splitlines(keepends=True)
        (output / "pairs.jsonl").write_text("".join(pairs[: arguments.pairs]), "utf-8")
        engine = [
            "--engine",
            "llm",
            "--model",
            "smollm2",
            "--timeout",
            "900",
            "--examples",
            str(output / "pairs.jsonl"),
        ]
        translate(output / "llm.jsonl", source, rows, *engine, "--max-tokens", str(arguments.max_tokens))


if __name__ == "__main__":
    main()
