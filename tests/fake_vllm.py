"""Stands in for vLLM where its start, health, options and death are tested: `fake_vllm.py --model FOLDER --port P …`.

The folder's config.json says how it behaves: `dies` (lines it ends with), `after` (requests until it ends), `slow`
(seconds to come up), `once` (a file that it makes; with it, it says that the port is in use).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from misbehaving_server import Act, MisbehavingServer


class FakeVllm(MisbehavingServer):
    def _route(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Act:
        if path == "/health":
            return Act(b"")
        return super()._route(method, path, headers, body)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--served-model-name", required=True)
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--tensor-parallel-size", type=int, default=1)
    parser.add_argument("--max-model-len", type=int)
    arguments = parser.parse_args()
    told: dict[str, Any] = json.loads((arguments.model / "config.json").read_text())
    print(f"fake vLLM: {vars(arguments)} GPUs {os.environ.get('CUDA_VISIBLE_DEVICES')}", flush=True)
    if "once" in told and not Path(told["once"]).exists():
        Path(told["once"]).touch()
        sys.exit("OSError: [Errno 98] Address already in use")
    if told.get("dies"):
        sys.exit("\n".join(told["dies"]))
    # As vLLM's engine: a process of its own, that must end too.
    engine = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    print(f"engine {engine.pid}", flush=True)
    time.sleep(told.get("slow", 0.0))

    def act(request: Mapping[str, Any], number: int) -> Act | None:
        if number > told.get("after", 10**9):
            print("torch.OutOfMemoryError: CUDA out of memory.", file=sys.stderr, flush=True)
            os._exit(1)
        return None

    FakeVllm(act, models=(arguments.served_model_name,), port=arguments.port, latency=told.get("latency", 0.0)).run()


if __name__ == "__main__":
    main()
