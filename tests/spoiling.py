"""Spoilt values and files, and what the command line makes of them."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import strategies as st

from ifeval_fi.cli import main
from ifeval_fi.prompts import load_prompts

FEW = load_prompts("fi").select(limit=3)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inner:
        yield from places(each, (*path, name))


def replaced(value: Any, path: tuple[Any, ...], other: Any) -> Any:
    if not path:
        return other
    whole = copy.deepcopy(value)
    inner = whole
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = other
    return whole


WRONG = st.one_of(
    st.sampled_from(
        [None, True, False, 0, -1, 1, 2.5, 1e308, 10**30, 10**400, "", "kuuma", "\x1b]0;x\x07", "\ud800", "a" * 300]
    ),
    st.sampled_from([[], {}, [1], [[]], [{}], {"a": 1}, {"key": 1}, [None], "a\x00b", "http://[::1:8000/v1"]),
    st.floats(),
    st.integers(),
    st.text(max_size=8),
)


def outcome(capsys: pytest.CaptureFixture[str], *call: object) -> tuple[int, str]:
    capsys.readouterr()
    with pytest.raises(SystemExit) as stopped:
        main([str(each) for each in call])
    out, err = capsys.readouterr()
    assert "\x1b" not in err
    assert "\x1b" not in out
    code = stopped.value.code
    assert code in (0, 1, 2)
    if code == 2:
        sentences = [line for line in err.splitlines() if line.startswith("ifeval-fi: ")]
        assert len(sentences) == 1, err
    return int(code or 0), err


def state() -> list[dict[str, Any]]:
    return [
        {
            "key": prompt.key,
            "language": "fi",
            "row": prompt.row,
            "texts": {"prompt": {"source": "Do it.", "draft": prompt.text}},
            "flags": [{"place": "prompt", "reason": "number_lost", "detail": "3"}],
            "dropped": False,
            "provenance": {"engine": "deepl", "model": "deepl", "date": "2026-01-02", "edited": False},
        }
        for prompt in FEW
    ]
