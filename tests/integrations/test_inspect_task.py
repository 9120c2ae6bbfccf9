"""Inspect's tasks in one process, with a model that answers from a list; skipped where Inspect is not installed."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("inspect_ai", reason='needs pip install "ifeval-fi[inspect]"')

from inspect_ai import eval as evaluate
from inspect_ai.model import ModelOutput, ModelUsage, get_model

from ifeval_fi.integrations.inspect_ai import _plain, ifeval
from ifeval_fi.prompts import load_prompts
from ifeval_fi.scoring import score
from ifeval_fi.scoring.responses import load_responses


@pytest.mark.parametrize("prompts", ["fi", "fi-native", "sv"])
def test_every_answer_of_a_log_is_judged_as_by_score(prompts: str, tmp_path: Path) -> None:
    texts = ["Hei!", "<think>Öö.</think>Katu, talo.", "", "```\n`kaksi`\n```", "Det är en gata."]
    outputs = [ModelOutput.from_content("mockllm/model", text) for text in texts * 2]
    for output in outputs:
        # Without it, Inspect counts the tokens itself, with a table that it loads from the net.
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
    model = get_model("mockllm/model", custom_outputs=outputs)
    log = evaluate(ifeval(prompts), model=model, limit=10, log_dir=str(tmp_path), display="none")[0]
    assert log.status == "success", log.error
    file = load_responses(log.location)
    scores = score(load_prompts(prompts).select(limit=10), file.responses)
    assert log.results is not None
    found = {name: each.value for name, each in log.results.scores[0].metrics.items()}
    assert found == {name: scores[name] for name in found}
    assert scores["with_thinking"] == 2
    told = [next(iter((sample.scores or {}).values())).explanation or "" for sample in log.samples or ()]
    assert all(each.startswith("Answered in ") for each in told)
    assert all("**" in each for each in told)


@pytest.mark.parametrize(
    ("evidence", "shown"), [("", "nothing found"), ("2 of 3", "` 2 of 3 `"), ("a `b` ``c``", "``` a `b` ``c`` ```")]
)
def test_evidence_stands_as_code(evidence: str, shown: str) -> None:
    assert _plain(evidence) == shown
