"""An environment for verifiers 0.4 (prime-rl): prompts as tasks, the share of instructions followed as the reward.

    pip install ifeval-fi "verifiers==0.4.0"
    ifeval-fi generate --language fi --count 2000 --seed 1 --output train.jsonl
    PYTHONPATH=examples/verifiers vf-eval ifeval-fi-env --env.taskset.prompts train.jsonl …

Every option of `ifeval_fi.Reward` that a training turns is an option of the taskset here.
"""

from __future__ import annotations

from typing import Any, Literal

import verifiers.v1 as vf
from pydantic import Field

from ifeval_fi import Reward, load_prompts

__all__ = ["IfevalTaskset"]


class IfevalData(vf.TaskData):
    """A prompt with its instructions, as they stand in a prompts file."""

    instruction_id_list: list[str]
    kwargs: list[dict[str, Any]]
    language: str


class IfevalTaskConfig(vf.TaskConfig):
    """How a completion is rewarded: `ifeval_fi.Reward`."""

    of: Literal["share", "all"] = "share"
    other_language: float = Field(0.0, ge=0, le=1)
    hollow: float = Field(0.0, ge=0, le=1)
    least_words: int = 1


class IfevalTask(vf.Task[IfevalData, vf.State, IfevalTaskConfig]):
    """One prompt; what the model says last is judged."""

    @vf.reward
    async def followed(self, trace: vf.Trace) -> float:
        return self._judged(trace).value

    @vf.metric
    async def in_language(self, trace: vf.Trace) -> float:
        return float(self._judged(trace).in_language)

    @vf.metric
    async def hollow(self, trace: vf.Trace) -> float:
        return float(self._judged(trace).hollow is not None)

    def _judged(self, trace: vf.Trace) -> Any:
        config, data = self.config, self.data
        reward = Reward(
            of=config.of,
            other_language=config.other_language,
            hollow=config.hollow,
            least_words=config.least_words,
        )
        return reward.judge(trace.last_reply, data.instruction_id_list, data.kwargs, data.prompt_text, data.language)


class IfevalConfig(vf.TasksetConfig):
    """`prompts` is a file of rows to train on, or a bundled set for an evaluation."""

    prompts: str
    task: IfevalTaskConfig = IfevalTaskConfig()


class IfevalTaskset(vf.Taskset[IfevalTask, IfevalConfig]):
    """The prompts of a file or a bundled set."""

    def load(self) -> list[IfevalTask]:
        found = []
        for prompt in load_prompts(self.config.prompts):
            row = prompt.row
            columns = {name: row[name] for name in ("instruction_id_list", "kwargs")}
            data = IfevalData(id=str(prompt.key), prompt=prompt.text, language=prompt.language, **columns)
            found.append(IfevalTask(data, self.config.task))
        return found
