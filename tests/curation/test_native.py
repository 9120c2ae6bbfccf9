"""fi-native: every prompt can be followed, and a seed draws a twin of its templates."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from paths import DATA

from ifeval_fi import load_prompts, score
from ifeval_fi.cli import main
from ifeval_fi.curation.draw import COPIES, draw
from ifeval_fi.curation.proof import check_prompts
from ifeval_fi.errors import PromptError
from ifeval_fi.leaderboard.baselines import BASELINES
from ifeval_fi.rules import careful_checks

TEMPLATES = [json.loads(line) for line in (DATA / "fi-native" / "templates.jsonl").read_text("utf-8").splitlines()]


def test_the_set_is_proven_and_uses_every_native_id() -> None:
    assert check_prompts("fi-native") == (300, [])
    prompts = load_prompts("fi-native")
    assert prompts.name == "fi-native-1.0"
    used = Counter(instruction.id for prompt in prompts for instruction in prompt.instructions)
    native = {name for name in careful_checks() if name.startswith("fi:")}
    assert all(used[name] >= 5 for name in native)
    assert max(len(prompt.instructions) for prompt in prompts) <= 8


def test_every_sample_follows_everything() -> None:
    prompts = load_prompts("fi-native")
    rows = (DATA / "fi-native" / "samples.jsonl").read_text("utf-8").splitlines()
    scores = score(prompts, [json.loads(row) for row in rows])
    assert scores["prompt_level_strict_acc"] == 1


@pytest.mark.parametrize("name", sorted(BASELINES))
def test_doing_nothing_scores_next_to_nothing(name: str) -> None:
    prompts = load_prompts("fi-native")
    responses = [{"key": prompt.key, "response": BASELINES[name](prompt)} for prompt in prompts]
    assert score(prompts, responses)["prompt_level_loose_acc"] < 0.05


def test_seed_0_is_the_public_half() -> None:
    public = {prompt.key: prompt for prompt in load_prompts("fi-native")}
    drawn = draw("fi-native", 0)
    assert len(drawn) == COPIES * len(TEMPLATES) == 150
    assert all(public[each.prompt.key] == each.prompt for each in drawn)


def test_a_seed_draws_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a.jsonl", "b.jsonl", "c.jsonl")]
    for path, seed in zip(files, ("7", "7", "8"), strict=True):
        with pytest.raises(SystemExit) as ended:
            main(["prompts", "draw", "fi-native", "--seed", seed, "--output", str(path)])
        assert ended.value.code in (0, None)
    assert files[0].read_bytes() == files[1].read_bytes() != files[2].read_bytes()
    assert len(load_prompts(files[0])) == 150
    texts = [{prompt.text for prompt in load_prompts(path)} for path in (files[0], files[2])]
    assert len(texts[0] & texts[1]) < 30


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_drawn_rows_are_as_sound_as_the_public_ones(seed: int, tmp_path: Path) -> None:
    drawn = draw("fi-native", seed)
    (tmp_path / "prompts.jsonl").write_text(
        "".join(json.dumps(each.prompt.row, ensure_ascii=False) + "\n" for each in drawn), "utf-8"
    )
    samples = [{"key": each.prompt.key, "response": each.sample} for each in drawn]
    (tmp_path / "samples.jsonl").write_text("".join(json.dumps(row) + "\n" for row in samples), "utf-8")
    assert check_prompts(str(tmp_path / "prompts.jsonl")) == (150, [])


def test_a_set_without_templates_cannot_be_drawn_from() -> None:
    with pytest.raises(PromptError, match="no templates"):
        draw("fi", 1)
