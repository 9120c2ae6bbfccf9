"""A reward is what the scores say of an answer, for whatever form a trainer hands it over in."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paths import DATA, ROOT

import ifeval_fi
from ifeval_fi import Reward, reward
from ifeval_fi.errors import IfevalError, PromptError
from ifeval_fi.integrations.verl import compute_score
from ifeval_fi.scoring.responses import load_responses

NO_COMMA = ["punctuation:no_comma"]
BOTH = ["punctuation:no_comma", "length_constraints:number_words"]
BOTH_KWARGS = [{}, {"num_words": 5, "relation": "at least"}]
# As Arrow gives them: every argument of any row, null where this row has none.
ARROW = [
    {"num_words": None, "relation": None, "keywords": None},
    {"num_words": 5, "relation": "at least", "keywords": None},
]
GOOD = "Tänään sataa vettä ja huomenna paistaa aurinko."
COMMA = "Tänään sataa vettä, mutta huomenna paistaa aurinko."
ENGLISH = "It rains today and the sun will shine tomorrow."


def assistant(content: Any, **more: Any) -> list[dict[str, Any]]:
    return [{"role": "assistant", "content": content, **more}]


@pytest.mark.parametrize("kwargs", [BOTH_KWARGS, ARROW, json.dumps(BOTH_KWARGS), tuple(BOTH_KWARGS)])
@pytest.mark.parametrize(
    ("completion", "value"),
    [
        (GOOD, 1.0),
        (COMMA, 0.5),
        (ENGLISH, 0.0),
        (assistant(GOOD), 1.0),
        (assistant([{"type": "text", "text": GOOD}]), 1.0),
        (assistant(None, tool_calls=[{"function": {"name": "f"}}]), 0.0),
        ([*assistant("Haen sään, odota."), {"role": "tool", "content": "sadetta"}, *assistant(GOOD)], 1.0),
        (f"<think>Pilkku, ei pilkkua, …</think>{GOOD}", 1.0),
        (f"Mallipohja avasi, minä suljen.</think>{GOOD}", 1.0),
        (f"<think>{GOOD}", 0.0),
        (assistant(GOOD, reasoning_content="Pilkku, …"), 1.0),
        ("", 0.0),
        (None, 0.0),
        (float("nan"), 0.0),
        ([], 0.0),
        ([None, 3, "x"], 0.0),
        ({"content": GOOD}, 1.0),
    ],
)
def test_completions_as_trainers_give_them(completion: Any, value: float, kwargs: Any) -> None:
    found = reward([completion] * 3, [BOTH] * 3, [kwargs] * 3, prompts=["Millainen sää?"] * 3, trainer_state=None)
    assert found == [value] * 3


def test_what_arrow_and_pandas_make_of_rows() -> None:
    datasets = pytest.importorskip("datasets")
    rows = [
        {"instruction_id_list": BOTH, "kwargs": BOTH_KWARGS, "language": "fi"},
        {"instruction_id_list": ["keywords:existence"], "kwargs": [{"keywords": ["sun", "rains"]}], "language": "en"},
        {"instruction_id_list": NO_COMMA, "kwargs": [{}], "language": None},
    ]
    data = datasets.Dataset.from_list(rows)
    assert reward.verify(data) == 3
    columns = {name: data[name] for name in data.column_names}
    assert reward([GOOD, ENGLISH, COMMA], **{k: list(v) for k, v in columns.items()}) == [1.0, 1.0, 0.0]
    frame = data.to_pandas()
    assert reward([GOOD, ENGLISH, COMMA], **{name: list(frame[name]) for name in frame}) == [1.0, 1.0, 0.0]
    alone = datasets.Dataset.from_list(rows[2:])
    assert reward([GOOD], instruction_id_list=alone["instruction_id_list"], kwargs=alone["kwargs"]) == [1.0]


def test_a_repeated_id_counts_each_time_with_its_own_arguments() -> None:
    ids = ["keywords:frequency"] * 2
    kwargs = [{"keyword": word, "frequency": 1, "relation": "at least"} for word in ("sataa", "lumi")]
    assert reward([GOOD], [ids], [kwargs]) == [0.5]


def test_it_is_the_score_of_every_sample_answer() -> None:
    prompts = [prompt for prompt in ifeval_fi.load_prompts("fi") if not prompt.answer_languages]
    keys = {prompt.key for prompt in prompts}
    samples = load_responses(DATA / "fi" / "samples.jsonl").responses
    answers = {each.key: each.text for each in samples if each.key in keys}
    spoilt = {key: text if key % 3 else text.replace(".", ", eh.").lower() for key, text in answers.items()}  # type: ignore[operator]
    verdicts = ifeval_fi.score(prompts, spoilt, langdetect=False).verdicts
    rows = [verdict.prompt.row for verdict in verdicts]
    columns = {name: [row[name] for row in rows] for name in ("instruction_id_list", "kwargs")}
    found = Reward(hollow=1.0)([spoilt[row["key"]] for row in rows], **columns)
    assert found == [sum(v.strict) / len(v.strict) * v.in_language for v in verdicts]
    everything = Reward(of="all", other_language=1.0, hollow=1.0)([spoilt[row["key"]] for row in rows], **columns)
    assert everything == [float(all(v.strict)) for v in verdicts]
    assert 0.2 < sum(everything) / len(everything) < 0.95


def test_options() -> None:
    assert Reward(of="all")([COMMA], [BOTH], [BOTH_KWARGS]) == [0.0]
    assert Reward(other_language=0.25)([ENGLISH], [BOTH], [BOTH_KWARGS]) == [0.25]
    assert Reward(language="en")([ENGLISH], [BOTH], [BOTH_KWARGS]) == [1.0]
    assert reward([ENGLISH, GOOD], [BOTH] * 2, [BOTH_KWARGS] * 2, language=["en", None]) == [1.0, 1.0]
    assert Reward(least_words=8)([GOOD], [BOTH], [BOTH_KWARGS]) == [0.0]
    assert Reward(least_words=8, hollow=0.1)([GOOD], [BOTH], [BOTH_KWARGS]) == [0.1]
    opened = Reward(thinking_opened=True)
    assert opened([GOOD, f"Hm.</think>{GOOD}", f"<think>Hm.</think>{GOOD}"], [BOTH] * 3, [BOTH_KWARGS] * 3) == [0, 1, 1]
    asked = [["language:response_language"], [{"language": "en"}]]
    assert reward([ENGLISH, GOOD], [asked[0]] * 2, [asked[1]] * 2) == [1.0, 0.0]


@pytest.mark.parametrize(
    "options",
    [{"of": "some"}, {"hollow": 2}, {"other_language": -1}, {"language": "xx"}, {"rules": "norwegian"}],
)
def test_wrong_options_are_told_when_it_is_made(options: dict[str, Any]) -> None:
    with pytest.raises(IfevalError):
        Reward(**options)


@pytest.mark.parametrize(
    ("ids", "kwargs"),
    [
        (["keywords:nonsense"], [{}]),
        (["keywords:existence"], [{}]),
        (["keywords:existence"], [{"keywords": "kissa"}]),
        (NO_COMMA, [{}, {}]),
        (NO_COMMA, "[{"),
        (None, None),
        ([None], [None]),
        ([], []),
        (5, object()),
        (NO_COMMA, [{"comma": 1}]),
    ],
)
def test_a_row_no_check_can_take_is_found_before_and_gives_nothing_in_between(ids: Any, kwargs: Any) -> None:
    row = {"instruction_id_list": ids, "kwargs": kwargs}
    with pytest.raises(PromptError, match="row 2: "):
        reward.verify([{"instruction_id_list": NO_COMMA, "kwargs": [{}]}, row])
    with pytest.warns(UserWarning, match="no reward for a row"):
        assert reward([GOOD, GOOD], [ids, NO_COMMA], [kwargs, [{}]]) == [0.0, 1.0]


def test_columns_of_another_length_are_an_error() -> None:
    with pytest.raises(ValueError, match="shorter"):
        reward([GOOD, GOOD], [NO_COMMA], [[{}]])


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["role", "content", "text", "type", "reasoning_content"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(completion=ANYTHING, prompt=ANYTHING)
def test_nothing_that_a_model_writes_raises(completion: Any, prompt: Any) -> None:
    [found] = reward([completion], [BOTH], [BOTH_KWARGS], prompts=[prompt])
    assert 0.0 <= found <= 1.0


def test_it_says_what_it_rests_on() -> None:
    found = reward.judge(COMMA, BOTH, BOTH_KWARGS)
    assert (found.value, found.strict, found.language, found.in_language) == (0.5, (False, True), "fi", True)
    assert found.found[0]
    logged: dict[str, float] = {}
    reward([GOOD, ENGLISH, "* *"], [BOTH] * 3, [BOTH_KWARGS] * 3, log_metric=logged.__setitem__)
    assert logged == {
        "ifeval_fi/followed_all": pytest.approx(2 / 3),
        "ifeval_fi/in_language": pytest.approx(1 / 3),
        "ifeval_fi/hollow": pytest.approx(1 / 3),
    }


WORKER = """
import json, pickle, sys
reward, rows = pickle.loads(sys.stdin.buffer.read())
print(json.dumps(reward(**rows)))
"""


def test_every_worker_gives_the_same_in_any_order() -> None:
    prompts = ifeval_fi.load_prompts("fi")[:60]
    answers = {each.key: each.text for each in load_responses(DATA / "fi" / "samples.jsonl").responses}
    own = Reward(other_language=0.3, name="tottelu")
    rows = {
        "completions": [answers[prompt.key][::2] if prompt.key % 2 else answers[prompt.key] for prompt in prompts],  # type: ignore[operator]
        "prompts": [prompt.text for prompt in prompts],
        "instruction_id_list": [prompt.row["instruction_id_list"] for prompt in prompts],
        "kwargs": [prompt.row["kwargs"] for prompt in prompts],
    }
    here = own(**rows)
    assert own(**{name: column[::-1] for name, column in rows.items()}) == here[::-1]
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", WORKER],
            input=pickle.dumps((own, rows)),
            capture_output=True,
            check=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        assert json.loads(done.stdout) == here
    assert pickle.loads(pickle.dumps(own)).__name__ == "tottelu"


def test_verl_has_its_form(tmp_path: Path) -> None:
    truth = {"instruction_id_list": BOTH, "kwargs": BOTH_KWARGS, "language": "fi"}
    whole = {"score": 1.0, "followed_all": 1.0, "in_language": 1.0, "hollow": 0.0}
    assert compute_score("ifeval", GOOD, json.dumps(truth), None) == whole
    assert compute_score("ifeval", GOOD, truth, {"prompt": "Sää?"}) == whole
    assert compute_score("ifeval", COMMA, truth, of="all")["score"] == 0.0
    with pytest.raises(PromptError):
        compute_score("ifeval", GOOD, "42")
    # verl loads the file by its path, under a name of its own.
    code = (
        "import importlib.util as u, ifeval_fi.integrations.verl as v\n"
        "spec = u.spec_from_file_location('custom_module', v.__file__)\n"
        "module = u.module_from_spec(spec); spec.loader.exec_module(module)\n"
        "print(module.compute_score('x', 'Hei.', {'instruction_id_list': ['punctuation:no_comma'], 'kwargs': None}))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, capture_output=True)
