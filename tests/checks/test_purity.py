"""A verdict and its evidence depend on the text and the arguments alone, to the byte."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache

import pytest
from paths import TESTS

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a fresh process for each text is a fork")


@cache
def verdicts(way: str, seed: int, **environment: str) -> list[list[str]]:
    run = subprocess.run(
        [sys.executable, str(TESTS / "purity.py"), way, str(seed)],
        capture_output=True,
        check=True,
        env={**os.environ, **environment},
    )
    answers: list[list[str]] = json.loads(run.stdout)
    return answers


@pytest.mark.parametrize(
    ("way", "seed", "environment"),
    [
        ("shuffled", 1, {"PYTHONHASHSEED": "1"}),
        ("deep", 2, {"PYTHONHASHSEED": "2", "PYTHONINTMAXSTRDIGITS": "640"}),
        ("threads", 3, {"PYTHONHASHSEED": "3", "PYTHONINTMAXSTRDIGITS": "0"}),
        ("workers", 4, {"LC_ALL": "tr_TR.UTF-8", "LANG": "C"}),
    ],
)
def test_same_bytes_as_alone_in_a_fresh_process(way: str, seed: int, environment: dict[str, str]) -> None:
    alone, among_others = verdicts("alone", 0), verdicts(way, seed, **environment)
    assert sum(map(len, alone)) > 2500
    differing = [
        (at, place)
        for at, (one, other) in enumerate(zip(alone, among_others, strict=True))
        for place, (mine, theirs) in enumerate(zip(one, other, strict=True))
        if mine != theirs
    ]
    assert not differing, "\n".join(f"{alone[i][j]} / {among_others[i][j]}" for i, j in differing[:5])
