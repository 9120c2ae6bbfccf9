"""CPU seconds of the slowest `finnish` checks on hostile responses of a million characters; the goal is under one.

python bench/hostile.py [CHARACTERS]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from case_files import case_files

from ifeval_fi import check

LIMIT = 1.0
UNITS = (
    *("*", "[", "<", '"', "”", ".", " ", "\n", "a.", "* ", "1. ", "A. ", "a ", "# ", "```", "{", '{"a":', "\\", "|"),
    *("😊", "\u200b", "\x00", "\u202e", "a\u0308", "*a ", "**a *b", "P.S. ", "Osa ", "kissa ", ". ] ", "esim. Aa "),
    *("\n\n", "\n*", "* a\n", "Aa.\n", "aa, bb\n", "</", "<<a", "http://", "=", "-", "_a"),
)


def hostile(size: int) -> dict[str, str]:
    """Hostile responses by a short name."""
    texts = {f"{unit!r} repeated": unit * (size // len(unit)) for unit in UNITS}
    texts |= {f"{unit!r} between words": f"Aa{unit * (size // len(unit))}aa" for unit in "\n \u200b\u00a0"}
    return texts | {
        "emphasis nested": "*a " * (size // 6) + "b* " * (size // 6),
        "brackets nested": "[" * (size // 2) + "]" * (size // 2),
        "quotations nested": "”a " * (size // 6) + "a” " * (size // 6),
        "one word": "a" * size,
    }


def main() -> int:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    arguments = {name: cases[0].kwargs for name, cases in case_files("fi").items()}
    for name, kwargs in arguments.items():
        check(name, kwargs, "Kissa nukkuu sohvalla.")
    slow = 0
    print(f"{'seconds':>8}  {'response':28} slowest check")
    for label, text in hostile(size).items():
        times = {}
        for name, kwargs in arguments.items():
            start = time.process_time()
            check(name, kwargs, text)
            times[name] = time.process_time() - start
        slowest = max(times, key=times.__getitem__)
        slow += sum(seconds > LIMIT for seconds in times.values())
        print(f"{times[slowest]:8.2f}  {label:28} {slowest}", flush=True)
    print(f"{slow} over {LIMIT:g} s, {len(arguments)} checks on responses of {size:,} characters")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
