"""A reward for verl, which loads this file by its path: `custom_reward_function.path`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ifeval_fi.errors import PromptError
from ifeval_fi.integrations.reward import Reward
from ifeval_fi.integrations.training_rows import parsed

_reward = lru_cache(maxsize=8)(Reward)


def compute_score(
    data_source: str, solution_str: str, ground_truth: Any, extra_info: Mapping[str, Any] | None = None, **options: Any
) -> dict[str, float]:
    """The reward of one answer as `score`, and what it is made of.

    `ground_truth` holds instruction_id_list, kwargs and, where it is not Finnish, language: an object, or JSON of one.
    The options of `Reward` are verl's `custom_reward_function.reward_kwargs`. PromptError on a row no check can take.
    """
    row = parsed(ground_truth)
    if not isinstance(row, Mapping):
        raise PromptError(f"ground_truth must hold instruction_id_list and kwargs, not {row!r:.60}")
    found = _reward(**options).judge(
        solution_str,
        row.get("instruction_id_list"),
        row.get("kwargs"),
        prompt=(extra_info or {}).get("prompt", ""),
        language=row.get("language"),
    )
    return {
        "score": found.value,
        "followed_all": float(found.followed),
        "in_language": float(found.in_language),
        "hollow": float(found.hollow is not None),
    }
