"""Prompt sets of the hub, read offline from parquet files laid out the same way."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from paths import SHARED

from ifeval_fi.errors import IfevalError, PromptError
from ifeval_fi.prompts import hub, load_prompts

datasets = pytest.importorskip("datasets", reason='needs pip install "ifeval-fi[hub]"')

ROWS: list[dict[str, Any]] = [
    {
        "key": 7,
        "prompt": "Älä käytä pilkkuja. Kirjoita sana katu vähintään 0 kertaa.",
        "instruction_id_list": ["punctuation:no_comma", "keywords:frequency"],
        "kwargs": [{}, {"keyword": "katu", "frequency": 0, "relation": "at least"}],
    },
    {
        "key": 8,
        "prompt": "Lopeta vastaus ei mihinkään.",
        "instruction_id_list": ["startend:end_checker", "keywords:existence"],
        "kwargs": [{"end_phrase": ""}, {"keywords": ["katu", "talo"]}],
    },
    {
        "key": 9,
        "prompt": "Vastaa ruotsiksi.",
        "instruction_id_list": ["language:response_language"],
        "kwargs": [{"language": "sv"}],
    },
]


def lay_out(folder: Path, rows: list[dict[str, Any]], config: str | None = None, split: str = "train") -> None:
    """A data set as the hub stores it: one parquet file a split, the configurations named in the card."""
    place = folder / (config or "data")
    place.mkdir(parents=True)
    datasets.Dataset.from_list(rows).to_parquet(place / f"{split}-00000-of-00001.parquet")
    if config:
        card = folder / "README.md"
        entries = card.read_text("utf-8").removesuffix("---\n") if card.exists() else "---\nconfigs:\n"
        files = f"  data_files:\n  - split: {split}\n    path: {config}/{split}-*\n"
        card.write_text(f"{entries}- config_name: {config}\n{files}---\n", "utf-8")


@pytest.fixture(autouse=True)
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    datasets.disable_progress_bars()


def test_arrow_fills_every_kwarg_with_null(tmp_path: Path) -> None:
    lay_out(tmp_path / "google" / "IFEval", ROWS)
    read = datasets.load_dataset("google/IFEval")["train"][0]["kwargs"]
    assert all(set(each) == {"keyword", "frequency", "relation", "end_phrase", "keywords", "language"} for each in read)


def test_nulls_go_and_zero_and_the_empty_string_stay(tmp_path: Path) -> None:
    lay_out(tmp_path / "google" / "IFEval", ROWS)
    prompts = load_prompts("hub:google/IFEval")
    assert [prompt.row for prompt in prompts] == ROWS[:2]
    assert prompts.language == "en"


def test_all_languages(tmp_path: Path) -> None:
    lay_out(tmp_path / "google" / "IFEval", ROWS)
    prompts = load_prompts("hub:google/IFEval", all_languages=True)
    assert [prompt.row for prompt in prompts] == ROWS


def test_a_configuration_is_a_language(tmp_path: Path) -> None:
    lay_out(tmp_path / "LumiOpen" / "ifeval_mt", ROWS, "fi")
    lay_out(tmp_path / "LumiOpen" / "ifeval_mt", ROWS[:1], "sv")
    prompts = load_prompts("hub:LumiOpen/ifeval_mt:fi")
    assert [prompt.key for prompt in prompts] == [7, 8]
    assert {prompt.language for prompt in prompts} == {"fi"}


def test_floats_from_pandas_are_whole_numbers(tmp_path: Path) -> None:
    rows = [{**ROWS[0], "kwargs": [{}, {"keyword": "katu", "frequency": 2.0, "relation": "at least"}], "extra": 1}]
    lay_out(tmp_path / "own", rows)
    prompts = load_prompts("hub:./own", language="fi")
    assert prompts[0].instructions[1].kwargs["frequency"] == 2


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([{**ROWS[0], "kwargs": [{}, {"keyword": "katu"}]}], "row 1, key 7: keywords:frequency needs the argument"),
        ([{**ROWS[0], "instruction_id_list": ["a:b", "c:d"]}], "row 1, key 7: unknown instruction id 'a:b'"),
        ([ROWS[0], ROWS[0]], "row 2, key 7: the key is already used above"),
        ([{"key": 1, "text": "x"}], "row 1, key 1: lacks instruction_id_list, kwargs, prompt"),
        (ROWS[2:], "holds no prompts"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, rows: list[dict[str, Any]], problem: str) -> None:
    lay_out(tmp_path / "own", rows)
    with pytest.raises(PromptError, match=problem.replace("(", "\\(")):
        load_prompts("hub:own", language="fi")


def test_two_splits_are_not_guessed_between(tmp_path: Path) -> None:
    lay_out(tmp_path / "own", ROWS[:1])
    datasets.Dataset.from_list(ROWS[:1]).to_parquet(tmp_path / "own" / "data" / "validation-00000-of-00001.parquet")
    with pytest.raises(PromptError, match="has the splits train, validation"):
        load_prompts("hub:own", language="fi")


def test_the_revision_is_pinned_and_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def load_dataset(*args: Any, **kwargs: Any) -> dict[str, Any]:
        asked.append((*args, kwargs["revision"]))
        return {"train": ROWS}

    monkeypatch.setattr(datasets, "load_dataset", load_dataset)
    assert load_prompts("hub:google/IFEval").name == "hub:google/IFEval@966cd895"
    assert load_prompts("hub:LumiOpen/ifeval_mt:fi").name == "hub:LumiOpen/ifeval_mt:fi@1df1bb81"
    assert load_prompts("hub:google/IFEval@0123456789", language="en").name == "hub:google/IFEval@01234567"
    assert load_prompts("hub:some/set:fi@abc").language == "fi"
    assert [(path, config, len(revision)) for path, config, revision in asked] == [
        ("google/IFEval", None, 40),
        ("LumiOpen/ifeval_mt", "fi", 40),
        ("google/IFEval", None, 10),
        ("some/set", "fi", 3),
    ]


def test_an_unpinned_set_is_refused() -> None:
    with pytest.raises(PromptError, match=r"hub:some/set: add the commit, hub:some/set@COMMIT"):
        load_prompts("hub:some/set")


def test_a_language_nobody_knows_is_asked_for() -> None:
    with pytest.raises(PromptError, match="in which language"):
        load_prompts("hub:some/set@abc")


def test_an_unreachable_hub_says_what_to_do() -> None:
    with pytest.raises(IfevalError, match="cannot be read") as problem:
        load_prompts("hub:google/IFEval")
    message = str(problem.value)
    assert "hub:google/IFEval@966cd895" in message
    assert "--prompts PATH" in message
    assert "\n" not in message


def test_importing_touches_neither_the_hub_nor_datasets() -> None:
    loaded = "sorted({'datasets', 'huggingface_hub'} & set(sys.modules))"
    code = f"import json, sys, ifeval_fi.prompts.hub; print(json.dumps({loaded}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(done.stdout) == []


def test_the_english_set_without_other_languages_has_the_finnish_keys(tmp_path: Path) -> None:
    source = SHARED / "ifeval_en" / "prompts.jsonl"
    if not source.exists():
        pytest.skip("needs the English prompts in ../shared")
    rows = [json.loads(line) for line in source.read_text("utf-8").splitlines()]
    lay_out(tmp_path / "google" / "IFEval", rows)
    english, finnish = load_prompts("hub:google/IFEval"), load_prompts("fi")
    assert [prompt.key for prompt in english] == [prompt.key for prompt in finnish]
    assert [prompt.row for prompt in load_prompts("hub:google/IFEval", all_languages=True)] == rows
    assert {known.language for known in hub.KNOWN.values()} == {"en", "fi", "sv"}
