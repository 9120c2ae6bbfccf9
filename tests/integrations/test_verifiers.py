"""The environment for verifiers, where that is installed: `pip install verifiers` in a Python of its own."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from paths import ROOT
from scored import SAMPLES

pytest.importorskip("verifiers.v1")


def test_verifiers_finds_the_tasks_and_scores_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "examples" / "verifiers"))
    from ifeval_fi_env import IfevalConfig
    from verifiers.v1.utils.loaders import load_taskset

    tasks = list(load_taskset(IfevalConfig(id="ifeval-fi-env", prompts="fi")))
    assert len(tasks) == 510

    class Trace:
        def __init__(self, reply: str) -> None:
            self.last_reply, self.rewards, self.metrics = reply, {}, {}

        def record_reward(self, name: str, value: float, weight: float) -> None:
            self.rewards[name] = value * weight

        def record_metric(self, name: str, value: float) -> None:
            self.metrics[name] = value

    def scored(task: Any, reply: str) -> Trace:
        asyncio.run(task.score(trace := Trace(reply)))
        return trace

    good = scored(tasks[0], SAMPLES[int(tasks[0].data.id)])
    assert (good.rewards, good.metrics) == ({"followed": 1.0}, {"in_language": 1.0, "hollow": 0.0})
    assert scored(tasks[0], "<think>pitkään").rewards == {"followed": 0.0}
