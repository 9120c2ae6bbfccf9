"""The published IFEval code on standard input; run by the interpreter that has lm-eval, never imported here.

    python bench/published.py judge   < rows of [instruction id, kwargs, response]   > verdicts, "crash" where it raises
    python bench/published.py time PROMPTS RESPONSES                                 > CPU seconds as JSON

NLTK's punkt_tab must be where NLTK finds it (NLTK_DATA), or lm-eval downloads it. langdetect gets seed 0.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

logging.disable(logging.CRITICAL)


def verdict(registry: Any, instruction_id: str, kwargs: dict[str, Any], response: str) -> bool | str:
    if not response.strip():
        return False
    try:
        instruction = registry.INSTRUCTION_DICT[instruction_id](instruction_id)
        instruction.build_description(**kwargs)
        return bool(instruction.check_following(response))
    except Exception:
        return "crash"


def judge(lines: Iterable[str]) -> None:
    from lm_eval.tasks.ifeval import instructions_registry

    for line in lines:
        print(json.dumps(verdict(instructions_registry, *json.loads(line))))


def measure(prompts: Path, responses: Path) -> None:
    from lm_eval.tasks.ifeval import utils

    imported = time.process_time()
    texts = {row["key"]: row["response"] for row in map(json.loads, responses.read_text("utf-8").splitlines())}
    for prompt in map(json.loads, prompts.read_text("utf-8").splitlines()):
        utils.process_results(prompt, [texts[prompt["key"]]])
    done = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"process": done, "scoring": done - imported, "peak_mb": peak}))


if __name__ == "__main__":
    import langdetect

    langdetect.DetectorFactory.seed = 0
    if sys.argv[1] == "judge":
        judge(sys.stdin)
    else:
        measure(Path(sys.argv[2]), Path(sys.argv[3]))
