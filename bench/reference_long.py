"""CPU seconds of every reference check on hostile answers of a megabyte, slowest first.

python bench/reference_long.py [SHOWN]
"""

from __future__ import annotations

import sys
import time

from ifeval_fi.languages import get_language
from ifeval_fi.rules.reference import REFERENCE

SIZE = 1_000_000
UNITS = [
    *"a .!'\"*[]<-{:1`\n",
    *[
        "<<",
        ">>",
        "a.b",
        "A.",
        "A. ",
        "a. B ",
        ". ",
        "\xa0.",
        "a\xa0",
        "*\n",
        "* ",
        "\n*",
        "- ",
        "\n-",
        "***",
        "******",
    ],
    *[
        "[a",
        "'S ",
        "A'S. ",
        "''",
        "--",
        "1,",
        "x' ",
        '\\"',
        '"\\"',
        "p. ",
        "p. p. ",
        "Section 1",
        "\u0301",
        "😀",
        "\x00",
    ],
    *[
        "\x1c",
        "\u202e",
        "CAN'T. ",
        "\r\n",
        "(((",
        "The word. ",
        "Dr. A. ",
        ".'",
        "wanna",
        "http://a",
        "a@b.",
        "漢",
        "กา",
    ],
]
KWARGS = {
    "keywords": ("zzz", "word"),
    "keyword": "word",
    "forbidden_words": ("zzz",),
    "letter": "z",
    "language": "en",
    "first_word": "a",
    "postscript_marker": "P.P.S",
    "section_spliter": "Section",
    "prompt_to_repeat": "a",
    "end_phrase": "a",
    "relation": "at least",
    "let_relation": "at least",
    "capital_relation": "at least",
}


def main() -> None:
    REFERENCE.prepare()
    english = get_language("en")
    taken = []
    for unit in UNITS:
        for text in ((unit * (SIZE // len(unit) + 1))[:SIZE], "X" + (unit * (SIZE // len(unit)))[: SIZE - 1]):
            for name, check in REFERENCE.checks.items():
                kwargs = {key: KWARGS.get(key, 3) for key in check.parameters}
                start = time.process_time()
                REFERENCE.judge(name, text, english, kwargs)
                taken.append((time.process_time() - start, name, text[:8]))
    for seconds, name, text in sorted(taken, reverse=True)[: int(sys.argv[1]) if len(sys.argv) > 1 else 10]:
        print(f"{seconds:6.2f} {name:45} {text!a}…")


if __name__ == "__main__":
    main()
