"""The study's training data: answers that follow, pairs of which one does not, mixes in the share asked for."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from paths import ROOT

from ifeval_fi import detect_language


@pytest.fixture(scope="module")
def data() -> Iterator[ModuleType]:
    sys.path.insert(0, str(ROOT / "examples" / "study"))
    try:
        import data

        yield data
    finally:
        sys.path.pop(0)
        sys.modules.pop("data", None)


@pytest.mark.parametrize("language", ["fi", "en"])
def test_answers_follow_and_the_rejected_do_not(data: Any, language: str) -> None:
    examples = data.instructions(language, 24, seed=5, longest=320)
    assert [each.answer for each in examples] == [each.answer for each in data.instructions(language, 24, 5, 320)]
    assert len({each.prompt.text for each in examples}) == 24
    by_text = {each.prompt.text: each for each in examples}
    assert all(data.follows(each.prompt, each.answer) for each in examples)
    assert all(len(each.prompt.text) + len(each.answer) <= 320 for each in examples)
    assert sum(detect_language(each.answer).is_in(language) for each in examples) >= 22
    found = data.pairs(examples, seed=5)
    assert len(found) >= 18
    sides = [{row[side][0]["content"] for row in found} for side in ("chosen", "rejected")]
    assert not sides[0] & sides[1]
    for row in found:
        prompt = by_text[row["prompt"][0]["content"]].prompt
        assert data.follows(prompt, row["chosen"][0]["content"])
        assert not data.follows(prompt, row["rejected"][0]["content"])


def test_a_mix_has_the_share_asked_for(data: Any) -> None:
    english, finnish = (data.instructions(code, 12, seed=1, longest=320) for code in ("en", "fi"))
    finnish_texts = {each.prompt.text for each in finnish}
    for share, count in ((0, 0), (25, 3), (50, 6), (75, 9), (100, 12)):
        rows = data.mix(english, finnish, share)
        assert len(rows) == 12
        assert sum(row["prompt"][0]["content"] in finnish_texts for row in rows) == count


def test_too_few_short_ones_are_said(data: Any) -> None:
    with pytest.raises(SystemExit, match="only"):
        data.instructions("fi", 3, seed=1, longest=60)
