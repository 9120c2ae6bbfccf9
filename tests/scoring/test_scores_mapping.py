"""What `score` gives back behaves like the dictionary it looks like."""

from __future__ import annotations

import pytest

from ifeval_fi import check, load_prompts, score


def test_scores_are_a_mapping_with_a_short_name() -> None:
    prompts = load_prompts("fi").select(limit=5)
    scores = score(prompts, {prompt.key: "Hei!" for prompt in prompts})
    assert "inst_level_strict_acc" in scores
    assert "no_such_rate" not in scores
    assert dict(scores) == scores.summary
    assert scores.get("no_such_rate") is None
    assert repr(scores).startswith("<Scores of 5 responses: inst_level_strict_acc=")
    assert len(repr(scores)) < 120


def test_a_response_that_is_no_text_is_said_to_be_none() -> None:
    with pytest.raises(TypeError, match="must be a string, not NoneType"):
        check("punctuation:no_comma", {}, None)  # type: ignore[arg-type]
