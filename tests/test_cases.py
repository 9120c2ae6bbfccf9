"""Every verdict case, by itself: the careful reader's in Finnish, the published code's in English."""

from __future__ import annotations

from collections import Counter

import pytest
from case_files import Case, case_files

from ifeval_fi import check
from ifeval_fi.rules import careful_checks

FINNISH, ENGLISH = case_files("fi"), case_files("en")
MANY = ("keywords:", "length_constraints:")


def parameters(files: dict[str, list[Case]]) -> list[object]:
    return [
        pytest.param(case, id=f"{name.replace(':', '_')}.jsonl:{case.line}") for name in files for case in files[name]
    ]


@pytest.mark.parametrize("case", parameters(FINNISH))
def test_finnish(case: Case) -> None:
    verdict = check(case.instruction_id, case.kwargs, case.response)
    assert verdict.followed == case.expected, f"{case.why} [{verdict.found}]"


@pytest.mark.parametrize("case", parameters(ENGLISH))
def test_english_as_published(case: Case) -> None:
    verdict = check(case.instruction_id, case.kwargs, case.response, language="en", rules="reference")
    assert verdict.followed == case.expected, f"{case.why} [{verdict.found}]"


@pytest.mark.parametrize("name", sorted(careful_checks()))
def test_there_are_enough_cases_both_ways(name: str) -> None:
    verdicts = Counter(case.expected for case in FINNISH[name])
    assert verdicts.total() >= (40 if name.startswith(MANY) else 15)
    assert min(verdicts[True], verdicts[False]) >= verdicts.total() / 4


@pytest.mark.parametrize("name", sorted(FINNISH))
def test_no_case_stands_twice(name: str) -> None:
    seen = Counter((repr(sorted(case.kwargs.items())), case.response) for case in FINNISH[name])
    assert [case for case, times in seen.items() if times > 1] == []
