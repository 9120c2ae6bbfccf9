"""Prompts are validated when they are loaded, and what is wrong is named."""

from __future__ import annotations

import json
import unicodedata
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import Write
from hypothesis import given
from hypothesis import strategies as st
from paths import ROOT, SHARED

from ifeval_fi import load_prompts
from ifeval_fi.curation.proof import check_prompts
from ifeval_fi.curation.satisfy import conflict, satisfying_text
from ifeval_fi.errors import PromptError
from ifeval_fi.prompts import parse_prompt

ENGLISH = SHARED / "ifeval_en" / "prompts.jsonl"


def row(key: int | str = 1, prompt: str = "Kirjoita runo ilman pilkkuja.", **instructions: dict) -> dict:
    instructions = instructions or {"punctuation:no_comma": {}}
    return {
        "key": key,
        "prompt": prompt,
        "instruction_id_list": list(instructions),
        "kwargs": list(instructions.values()),
    }


def test_bundled_set_is_the_size_it_says() -> None:
    prompts = load_prompts("fi")
    assert len(prompts) == 510
    assert sum(len(prompt.instructions) for prompt in prompts) == 783
    assert prompts.name == "fi-1.1"
    assert len({prompt.key for prompt in prompts}) == 510
    assert all(unicodedata.is_normalized("NFC", prompt.text) for prompt in prompts)


@pytest.mark.skipif(not ENGLISH.exists(), reason="needs the English prompts in ../shared")
def test_bundled_set_pairs_with_the_english_one() -> None:
    english = [json.loads(line) for line in ENGLISH.read_text(encoding="utf-8").splitlines()]
    kept = [each for each in english if "language:response_language" not in each["instruction_id_list"]]
    finnish = load_prompts("fi")
    assert [prompt.key for prompt in finnish] == [each["key"] for each in kept]
    differing = [
        prompt.key
        for prompt, source in zip(finnish, kept, strict=True)
        if [instruction.id for instruction in prompt.instructions] != source["instruction_id_list"]
    ]
    assert differing == [30], "only the doubled instruction of row 30 is exchanged"


def test_bundled_set_is_clean() -> None:
    rows, findings = check_prompts("fi")
    assert (rows, findings) == (510, [])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"key": None}, "key must be"),
        ({"prompt": ""}, "prompt must be a text"),
        ({"prompt": 3}, "prompt must be a text"),
        ({"instruction_id_list": ["keywords:nonsense"]}, "unknown instruction id 'keywords:nonsense'"),
        ({"instruction_id_list": []}, "same length"),
        ({"kwargs": [{}, {}]}, "same length"),
        ({"kwargs": [[]]}, "kwargs must be an object"),
        ({"kwargs": [{"words": 3}]}, "takes no argument 'words'"),
        ({"extra": 1}, "unknown field extra"),
    ],
)
def test_wrong_row_is_named(write: Write, changed: dict, message: str) -> None:
    path = write("prompts.jsonl", [row(1), row(2) | changed])
    with pytest.raises(PromptError, match=r"prompts\.jsonl, line 2") as caught:
        load_prompts(path)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("instruction_id", "kwargs", "message"),
    [
        ("length_constraints:number_words", {"relation": "at least"}, "needs the argument 'num_words'"),
        ("length_constraints:number_words", {"relation": "more", "num_words": 3}, "'at least' or 'less than'"),
        ("length_constraints:number_words", {"relation": "at least", "num_words": "3"}, "whole number"),
        ("length_constraints:number_words", {"relation": "at least", "num_words": 2.5}, "whole number"),
        ("length_constraints:number_words", {"relation": "at least", "num_words": True}, "whole number"),
        ("length_constraints:number_words", {"relation": "at least", "num_words": -1}, "whole number"),
        ("keywords:existence", {"keywords": "katu"}, "list of strings"),
        ("keywords:existence", {"keywords": []}, "list of strings"),
        ("keywords:existence", {"keywords": [1]}, "list of strings"),
        (
            "keywords:letter_frequency",
            {"letter": "aa", "let_frequency": 1, "let_relation": "at least"},
            "single character",
        ),
        ("startend:end_checker", {"end_phrase": 7}, "must be a string"),
    ],
)
def test_wrong_argument_is_named(instruction_id: str, kwargs: dict, message: str) -> None:
    with pytest.raises(PromptError, match=instruction_id) as caught:
        parse_prompt(row(**{instruction_id: kwargs}), "fi")
    assert message in str(caught.value)


def test_nothing_is_dropped_but_none() -> None:
    prompt = parse_prompt(
        row(**{"length_constraints:number_words": {"relation": "less than", "num_words": 0.0, "num_bullets": None}}),
        "fi",
    )
    assert prompt.instructions[0].kwargs == {"num_words": 0, "relation": "less than"}
    decomposed = unicodedata.normalize("NFD", "ä")
    letter = {"letter": decomposed, "let_frequency": 0, "let_relation": "at least"}
    assert parse_prompt(row(**{"keywords:letter_frequency": letter}), "fi")


def test_unreadable_files(tmp_path: Path, write: Write) -> None:
    cases = {
        "torn.jsonl": (b'{"key": 1, "pro', "line 1: the last line is torn"),
        "latin.jsonl": ("ä".encode("latin-1"), "not UTF-8"),
        "empty.jsonl": (b"", "holds no prompts"),
        "list.jsonl": (b"[]\n", "must be a JSON object"),
        "middle.jsonl": (b'{"key": 1,\n{}\n', "line 1: not JSON"),
    }
    for name, (content, message) in cases.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(PromptError, match=message):
            load_prompts(path)
    with pytest.raises(PromptError, match="no such prompts file"):
        load_prompts(tmp_path / "missing.jsonl")
    with pytest.raises(PromptError, match="key is already used"):
        load_prompts(write("double.jsonl", [row(1), row(1)]))


def test_select() -> None:
    prompts = load_prompts("fi")
    assert [prompt.key for prompt in prompts.select(limit=2)] == [prompt.key for prompt in prompts[:2]]
    assert [prompt.key for prompt in prompts.select(keys=[1001, 1000])] == [1000, 1001]
    assert prompts.select(limit=2).digest != prompts.digest
    with pytest.raises(PromptError, match="no prompt has the key 7"):
        prompts.select(keys=[7])


def test_check_lists_every_finding(write: Write) -> None:
    words = {"relation": "at least", "num_words": 30}
    path = write(
        "prompts.jsonl",
        [
            row(1, "Write a poem about the sea and the wind that never stops."),
            row(2, "Kirjoita  runo merestä ilman pilkkuja."),
            row(3, "Käytä sanaa ”tuuli” runossa.", **{"keywords:existence": {"keywords": ["meri"]}}),
            row(4, "Kirjoita runo, jossa on vähintään 40 sanaa.", **{"length_constraints:number_words": words}),
            row(
                5,
                "Kirjoita runo, jossa on vähintään kolmekymmentä sanaa.",
                **{"length_constraints:number_words": words},
            ),
            row(6, "Kirjoita runo, jossa on yli 29 sanaa.", **{"length_constraints:number_words": words}),
            row(7, "kirjoita runo, jossa on yli 29 sanaa.", **{"length_constraints:number_words": words}),
            row(8, "Kerro merestä.", **{"combination:repeat_prompt": {"prompt_to_repeat": "Kerro tuulesta."}}),
            row(
                9,
                "Toista: Yksi, kaksi. Älä käytä pilkkuja.",
                **{"combination:repeat_prompt": {"prompt_to_repeat": "Yksi, kaksi."}, "punctuation:no_comma": {}},
            ),
            row(10, "Kirjoita runo merestä.", **{"keywords:nonsense": {}}),
        ],
    )
    _, findings = check_prompts(str(path))
    by_key = {finding.key: finding.problem for finding in findings}
    assert set(by_key) == {1, 2, 3, 4, 7, 8, 9, 10}
    assert "the prompt is in en" in by_key[1]
    assert "two spaces" in by_key[2]
    assert "“meri” is not in the prompt" in by_key[3]
    assert "num_words 30 is not in the prompt" in by_key[4]
    assert "same text as 6" in by_key[7]
    assert "is not a part of the prompt" in by_key[8]
    assert "no text was found that follows combination:repeat_prompt + punctuation:no_comma" in by_key[9]
    assert "unknown instruction id" in by_key[10]
    assert all(finding.advice for finding in findings)


def test_a_known_fault_is_no_finding_and_one_of_no_row_is(write: Write) -> None:
    path = write(
        "prompts.jsonl", [row(1, "Kerro pitkä  tarina merestä ilman pilkkuja.", **{"punctuation:no_comma": {}})]
    )
    faults = path.with_name("faults.jsonl")
    faults.write_text('{"key": 1, "kind": "argument", "what": "of another kind"}\n', encoding="utf-8")
    assert [finding.kind for finding in check_prompts(str(path))[1]] == ["typography"]
    faults.write_text('{"key": 1, "kind": "typography", "what": "two spaces, as in the source"}\n', encoding="utf-8")
    assert check_prompts(str(path)) == (1, [])
    faults.write_text('{"key": 2, "kind": "typography", "what": "row 2 is gone"}\n', encoding="utf-8")
    assert [finding.key for finding in check_prompts(str(path))[1]] == [1, 2]


@pytest.mark.parametrize(
    "instructions",
    [
        {"keywords:existence": {"keywords": ["katu"]}, "keywords:forbidden_words": {"forbidden_words": ["katu"]}},
        {"startend:quotation": {}, "combination:repeat_prompt": {"prompt_to_repeat": "Kerro."}},
        {
            "length_constraints:number_words": {"relation": "less than", "num_words": 3},
            "detectable_content:number_placeholders": {"num_placeholders": 5},
        },
        {"change_case:english_capital": {}, "change_case:english_lowercase": {}},
    ],
)
def test_conflict_is_found(instructions: dict) -> None:
    prompt = parse_prompt(row(**instructions), "fi")
    assert satisfying_text(prompt) is None
    assert {instruction.id for instruction in conflict(prompt)} == set(instructions)


def test_every_bundled_prompt_can_be_satisfied_or_has_a_sample() -> None:
    built = sum(satisfying_text(prompt) is not None for prompt in load_prompts("fi"))
    assert built >= 500


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_any_row_is_a_prompt_or_an_error(value: object) -> None:
    for field in ("key", "prompt", "instruction_id_list", "kwargs"):
        with suppress(PromptError):
            parse_prompt(row() | {field: value}, "fi")


def test_schema_describes_the_bundled_rows() -> None:
    import jsonschema

    schema = json.loads((ROOT / "ifeval_fi" / "schemas" / "prompts.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    for prompt in load_prompts("fi"):
        validator.validate(prompt.row)


@pytest.mark.parametrize("language", ["en", "sv"])
def test_an_instruction_of_one_language_is_refused_in_another(language: str) -> None:
    with pytest.raises(PromptError, match="'fi' only"):
        parse_prompt(row(**{"fi:no_passive": {}}), language)
    assert parse_prompt(row(**{"fi:no_passive": {}}), "fi")


@pytest.mark.parametrize(
    ("instruction_id", "kwargs", "message"),
    [
        ("fi:finnish_notation", {"kinds": ["date", "week"]}, "non-empty list of 'date', 'time', 'decimal'"),
        ("fi:finnish_notation", {"kinds": []}, "non-empty list"),
        ("fi:line_syllables", {"syllables": [5, 0], "num_lines": 2}, "whole numbers above 0"),
        ("fi:line_syllables", {"syllables": [True], "num_lines": 1}, "whole numbers above 0"),
        ("fi:vowel_harmony", {"vowels": "middle"}, "'front' or 'back'"),
    ],
)
def test_wrong_native_argument_is_named(instruction_id: str, kwargs: dict, message: str) -> None:
    with pytest.raises(PromptError, match=message):
        parse_prompt(row(**{instruction_id: kwargs}), "fi")
