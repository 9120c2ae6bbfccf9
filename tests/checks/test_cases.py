"""Every verdict case, by itself: the careful reader's in each language, and the published code's in English."""

from __future__ import annotations

from collections import Counter

import pytest
from case_files import Case, case_files
from paths import CASES

from ifeval_fi import check
from ifeval_fi.languages import languages
from ifeval_fi.rules import careful_checks

FILES = {code: case_files(code) for code in languages() if (CASES / code).is_dir()}
REFERENCE = case_files("reference")
MANY = ("keywords:", "length_constraints:")


def parameters(code: str, files: dict[str, list[Case]]) -> list[object]:
    return [
        pytest.param(code, case, id=f"{code}/{name.replace(':', '_')}.jsonl:{case.line}")
        for name in files
        for case in files[name]
    ]


@pytest.mark.parametrize(("code", "case"), [each for code, files in FILES.items() for each in parameters(code, files)])
def test_careful_reader(code: str, case: Case) -> None:
    verdict = check(case.instruction_id, case.kwargs, case.response, language=code, rules=languages()[code].own_rules)
    assert verdict.followed == case.expected, f"{case.why} [{verdict.found}]"


@pytest.mark.parametrize(("code", "case"), parameters("en", REFERENCE))
def test_english_as_published(code: str, case: Case) -> None:
    verdict = check(case.instruction_id, case.kwargs, case.response, language=code, rules="reference")
    assert verdict.followed == case.expected, f"{case.why} [{verdict.found}]"


@pytest.mark.parametrize("name", sorted(careful_checks()))
def test_there_are_enough_finnish_cases_both_ways(name: str) -> None:
    verdicts = Counter(case.expected for case in FILES["fi"][name])
    assert verdicts.total() >= (40 if name.startswith(MANY) else 15)
    assert min(verdicts[True], verdicts[False]) >= verdicts.total() / 4


@pytest.mark.parametrize(("code", "name"), [(code, name) for code, files in FILES.items() for name in sorted(files)])
def test_no_case_stands_twice(code: str, name: str) -> None:
    seen = Counter((repr(sorted(case.kwargs.items())), case.response) for case in FILES[code][name])
    assert [case for case, times in seen.items() if times > 1] == []
