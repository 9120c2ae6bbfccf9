"""lm-eval's sample log as a file of responses; needs no lm-eval."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ifeval_fi.errors import ResponseError
from ifeval_fi.prompts import Prompt, parse_prompt
from ifeval_fi.scoring import score
from ifeval_fi.scoring.responses import load_responses

ROW: dict[str, Any] = {
    "key": 3,
    "prompt": "Älä käytä pilkkuja. Mainitse katu.",
    "instruction_id_list": ["punctuation:no_comma", "keywords:existence"],
    "kwargs": [{}, {"keywords": ["katu"]}],
}
NULL_FILLED = ROW | {"kwargs": [{"keywords": None}, {"keywords": ["katu"]}]}
SETTINGS = {"until": [], "do_sample": False, "temperature": 0.0, "max_gen_toks": 1280}


def prompt(row: dict[str, Any] = ROW) -> Prompt:
    return parse_prompt(row, "fi")


def sample(responses: Any, doc: dict[str, Any] = NULL_FILLED, context: Any = "Älä …", **more: Any) -> dict[str, Any]:
    arguments = {"gen_args_0": {"arg_0": context, "arg_1": SETTINGS}}
    return {"doc_id": 0, "doc": doc, "arguments": arguments, "resps": responses, "filter": "none"} | more


def write(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "samples_ifeval_fi.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


@pytest.mark.parametrize(
    ("responses", "texts"),
    [
        ([["Katu."]], ["Katu."]),
        ([["Katu.", "Tie."]], ["Katu.", "Tie."]),
        (["Katu."], ["Katu."]),
        ([[None]], [""]),
        ([[""]], [""]),
    ],
)
def test_each_repeat_is_a_sample(responses: Any, texts: list[str], tmp_path: Path) -> None:
    file = load_responses(write(tmp_path, sample(responses)))
    assert [(each.key, each.sample, each.text) for each in file.responses] == [
        (3, number, text) for number, text in enumerate(texts)
    ]
    assert file.run is not None
    assert file.run["samples"] == len(texts)


def test_the_filtered_answers_are_the_ones_lm_eval_scored(tmp_path: Path) -> None:
    file = load_responses(write(tmp_path, sample([["<think>", "Katu."]], filtered_resps=["Katu."])))
    assert [each.text for each in file.responses] == ["Katu."]


def test_decoding_and_system_prompt_are_in_the_signature(tmp_path: Path) -> None:
    chat = json.dumps([{"role": "system", "content": "Ole lyhyt."}, {"role": "user", "content": ROW["prompt"]}])
    with_system = load_responses(write(tmp_path, sample([["Katu."]], context=[chat])))
    assert with_system.run is not None
    assert with_system.run["system_prompt"] == "Ole lyhyt."
    signature = score([prompt()], with_system.responses, run=with_system.run)["signature"]
    assert "|samples:1|decoding:max_tokens=1280,system_prompt=" in signature
    without = sample([["Katu."]])
    del without["arguments"]
    assert load_responses(write(tmp_path, without)).run is None


def test_another_version_of_the_prompt_is_refused(tmp_path: Path) -> None:
    file = load_responses(write(tmp_path, sample([["Katu."]], doc=NULL_FILLED | {"prompt": "Toinen kehote."})))
    with pytest.raises(ResponseError, match="key 3: answers another version of the prompt"):
        score([prompt()], file.responses)
    same = load_responses(write(tmp_path, sample([["Katu."]])))
    assert score([prompt()], same.responses)["prompt_level_strict_acc"] == 1


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (
            {"doc": {"question": "?"}, "resps": [["x"]]},
            "line 1: looks like an lm-eval sample, but has no doc with a key",
        ),
        (sample([[3]]), "line 1, key 3: an lm-eval response must be a string, not 3"),
    ],
)
def test_what_is_wrong_is_named(row: dict[str, Any], problem: str, tmp_path: Path) -> None:
    with pytest.raises(ResponseError, match=problem):
        load_responses(write(tmp_path, row))


@pytest.mark.parametrize(
    ("filtered", "texts"),
    [
        (None, ["Katu."]),
        ([], ["Katu."]),
        ([None], ["Katu."]),
        ([[None]], ["Katu."]),
        ([""], [""]),
        (["Tie."], ["Tie."]),
        ([["Tie."]], ["Tie."]),
    ],
)
def test_a_filter_that_gave_nothing_leaves_the_models_answer(filtered: Any, texts: list[str], tmp_path: Path) -> None:
    file = load_responses(write(tmp_path, sample([["Katu."]], filtered_resps=filtered)))
    assert [each.text for each in file.responses] == texts


def test_answers_of_two_filters_are_refused_by_name(tmp_path: Path) -> None:
    log = write(
        tmp_path,
        sample([["Katu."]], filtered_resps=["Katu."]),
        sample([["Katu."]], filtered_resps=["katu"]) | {"filter": "lower"},
    )
    with pytest.raises(ResponseError, match=r"line 2, key 3: answered by the filters 'none' and 'lower'; keep"):
        load_responses(log)
    with pytest.raises(ResponseError, match="line 2, key 3: answered already above"):
        load_responses(write(tmp_path, sample([["a"]]), sample([["b"]])))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"temperature": "kuuma"}, "line 1: temperature must be a number, not 'kuuma'"),
        ({"temperature": [0]}, "line 1: temperature must be a number"),
        ({"temperature": float("nan")}, "line 1: temperature must be a number, not nan"),
        ({"max_gen_toks": "1280"}, "line 1: max_gen_toks must be a whole number, not '1280'"),
        ("kuuma", "line 1: arguments.gen_args_0.arg_1 must be an object, not 'kuuma'"),
    ],
)
def test_settings_of_the_wrong_kind_are_named(settings: Any, said: str, tmp_path: Path) -> None:
    arguments = {"gen_args_0": {"arg_0": "Älä", "arg_1": settings}}
    with pytest.raises(ResponseError, match=re.escape(said)):
        load_responses(write(tmp_path, sample([["a"]], arguments=arguments)))


@pytest.mark.parametrize("context", ["[" * 100_000, [], [[]], 5, None, '[{"role": "system"}]', "[" + "9" * 5000 + "]"])
def test_any_context_can_be_read(context: Any, tmp_path: Path) -> None:
    file = load_responses(write(tmp_path, sample([["a"]], context=context)))
    assert file.run is not None
    assert file.run["system_prompt"] is None
