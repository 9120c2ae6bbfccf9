"""Generated prompts: the same for the same seed, sound, possible to follow, and none of them the test's."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections import Counter
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spoiling import outcome

from ifeval_fi import load_prompts, score
from ifeval_fi.curation import suits
from ifeval_fi.curation.bank import Stem, bank_languages, load_bank
from ifeval_fi.curation.chat import row_of
from ifeval_fi.curation.dice import Dice
from ifeval_fi.curation.draw import Drawn
from ifeval_fi.curation.generate import DIFFICULTIES, generate
from ifeval_fi.curation.overlap import bundled_benchmark
from ifeval_fi.curation.proof import check_prompts
from ifeval_fi.errors import PromptError
from ifeval_fi.jsonl import write_rows
from ifeval_fi.languages import get_language
from ifeval_fi.prompts import parse_prompt
from ifeval_fi.rules import careful_checks

LANGUAGES = bank_languages()
COUNT = 120
OWN = [Stem("Tell me about the moon."), Stem("Why do cats purr"), Stem("Write a note to my landlord.", "letter")]


@cache
def drawn(language: str, count: int = COUNT) -> list[Drawn]:
    return list(generate(language, count, seed=7))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_of_them_has_no_findings_with_and_without_its_samples(tmp_path: Path, language: str) -> None:
    path = tmp_path / "prompts.jsonl"
    write_rows(path, [each.prompt.row for each in drawn(language)])
    assert check_prompts(str(path)) == (COUNT, [])
    assert [prompt.language for prompt in load_prompts(path)] == [language] * COUNT
    samples = [{"key": each.prompt.key, "response": each.sample} for each in drawn(language)]
    write_rows(tmp_path / "samples.jsonl", samples)
    assert check_prompts(str(path)) == (COUNT, [])
    rules = get_language(language).own_rules
    assert score(load_prompts(path), samples, rules=rules)["prompt_level_strict_acc"] == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_they_share_nothing_with_the_test_sets(language: str) -> None:
    tests = bundled_benchmark()
    asked = {
        word.casefold()
        for prompt in tests.prompts
        if prompt.language == language
        for instruction in prompt.instructions
        for name in ("keywords", "forbidden_words", "keyword", "end_phrase", "first_word")
        for word in _words(instruction.kwargs.get(name, ()))
    }
    for each in drawn(language):
        assert not tests.hits(each.prompt.text), each.prompt.text
        for instruction in each.prompt.instructions:
            for name in ("keywords", "forbidden_words", "keyword", "end_phrase", "first_word"):
                assert not asked & {word.casefold() for word in _words(instruction.kwargs.get(name, ()))}


def _words(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_instruction_comes_about_as_often(language: str) -> None:
    used = Counter(each.id for row in drawn(language, 600) for each in row.prompt.instructions)
    assert set(used) == set(suits.IDS) == {name for name in careful_checks() if not name.startswith("fi:")}
    assert min(used.values()) > 0.5 * used.total() / len(used)
    assert max(used.values()) < 1.5 * used.total() / len(used)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_instructions_of_a_prompt_suit_it_and_one_another(language: str) -> None:
    spoken = get_language(language)
    stems = {stem.text: stem for stem in load_bank(language).stems}
    for each in drawn(language, 600):
        text, asked = each.prompt.text, {instruction.id: instruction.kwargs for instruction in each.prompt.instructions}
        stem = stems[next(known for known in stems if text.startswith(known))]
        assert 1 <= len(asked) == len(each.prompt.instructions) <= 4
        assert all(suits.agree(one, other) for one, other in combinations(asked, 2))
        assert all(suits.suits(name, stem) for name in asked)
        if suits.CONSTRAINED in asked:
            assert stem.type == "opinion question"
            assert all(answer in text for answer in spoken.answers)
        if suits.REPEAT in asked:
            assert asked[suits.REPEAT]["prompt_to_repeat"] == stem.text
            assert each.prompt.instructions[0].id == suits.REPEAT
        words, sentences = asked.get(suits.WORDS), asked.get(suits.SENTENCES)
        length = suits.length_of(stem)
        if words:
            assert length.least - 10 <= words["num_words"] <= length.most
        if sentences:
            assert 3 <= sentences["num_sentences"] <= max(4, length.most // 8)
        if words and sentences and words["relation"] != sentences["relation"]:
            assert words["num_words"] / sentences["num_sentences"] >= 4
        keywords = [
            word
            for kwargs in asked.values()
            for name in ("keywords", "forbidden_words", "keyword")
            for word in _words(kwargs.get(name, ()))
        ]
        assert len(set(keywords)) == len(keywords)
        assert not [word for word in keywords if spoken.occurrences(stem.text, word)]


def test_the_same_seed_gives_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    files = []
    for number, (seed, hash_seed) in enumerate(((7, "0"), (7, "123"), (8, "0"))):
        files.append(tmp_path / f"{number}.jsonl")
        call = ["generate", "--language", "fi", "--count", "60", "--seed", str(seed), "--output", str(files[-1])]
        environment = os.environ | {"PYTHONHASHSEED": hash_seed}
        subprocess.run([sys.executable, "-m", "ifeval_fi", *call], env=environment, check=True, capture_output=True)
    first, again, other = (path.read_bytes() for path in files)
    assert first == again != other
    texts = [{json.loads(line)["prompt"] for line in content.splitlines()} for content in (first, other)]
    assert len(texts[0]) == 60
    assert not texts[0] & texts[1]


def test_the_dice_are_the_same_for_ever() -> None:
    """Other draws would be other prompts for everyone who has named a seed."""
    assert [Dice("7/en/1").below(1000), Dice("7/fi/1").below(1000)] == [944, 72]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(-(2**70), 2**70), count=st.integers(1, 6), difficulty=st.sampled_from(sorted(DIFFICULTIES)))
def test_a_smaller_count_gives_the_first_rows(seed: int, count: int, difficulty: str) -> None:
    rows = list(generate("en", count + 3, seed=seed, difficulty=difficulty))
    assert list(generate("en", count, seed=seed, difficulty=difficulty)) == rows[:count]
    assert {len(each.prompt.instructions) for each in rows} <= set(DIFFICULTIES[difficulty])
    assert len({each.prompt.text for each in rows}) == len({each.prompt.key for each in rows}) == count + 3


@settings(max_examples=25, deadline=None)
@given(chosen=st.sets(st.sampled_from(suits.IDS), min_size=1, max_size=6), seed=st.integers(0, 99))
def test_only_the_instructions_that_were_asked_for(chosen: set[str], seed: int) -> None:
    rows = list(generate("en", 4, seed=seed, difficulty=1, instructions=sorted(chosen)))
    assert {each.id for row in rows for each in row.prompt.instructions} <= chosen
    others = sorted(set(suits.IDS) - chosen)
    assert rows == list(generate("en", 4, seed=seed, difficulty=1, without=others))


def test_stems_of_ones_own_stand_in_for_the_bank() -> None:
    rows = list(generate("en", 60, seed=1, stems=OWN))
    assert {next(stem.text for stem in OWN if each.prompt.text.startswith(stem.text)) for each in rows} == {
        stem.text for stem in OWN
    }
    used = {each.id for row in rows for each in row.prompt.instructions}
    assert not used & (suits.KEYWORDS | {suits.CONSTRAINED})
    own = list(generate("en", 30, seed=1, stems=[Stem("Sum it up:\n\nCats purr. Dogs bark."), Stem("Why?")]))
    assert all(each.prompt.text.startswith(("Sum it up:\n\nCats purr. Dogs bark.\n\n", "Why?")) for each in own)
    unended = [each.prompt.text for each in rows if each.prompt.text.startswith(OWN[1].text)]
    assert all(text.startswith(f"{OWN[1].text}\n\n") for text in unended)


def test_how_own_stems_are_written_is_their_writers_affair() -> None:
    rough = [Stem("Write  a poem ,please"), Stem("Kerro kuusta.")]
    assert len(list(generate("en", 20, seed=1, stems=rough))) == 20


def test_when_there_are_no_more_it_says_so() -> None:
    rows = generate("en", 10_000, seed=1, stems=OWN[:1], instructions=[suits.TITLE])
    found = []
    with pytest.raises(PromptError) as problem:
        found.extend(rows)
    said = f"en: there are only {len(found)} different prompts of this kind; ask for fewer, give more stems"
    assert str(problem.value).startswith(said)
    assert len(load_bank("en").wordings[suits.TITLE]) / 2 < len(found) <= 2 * len(load_bank("en").wordings[suits.TITLE])


def test_an_instruction_that_has_run_out_gives_way_to_others() -> None:
    stems = [Stem("Is the moon made of cheese?", "opinion question"), *OWN]
    rows = list(generate("en", 150, seed=1, stems=stems, difficulty=1, instructions=[suits.CONSTRAINED, suits.WORDS]))
    used = Counter(row.prompt.instructions[0].id for row in rows)
    assert 1 <= used[suits.CONSTRAINED] < used[suits.WORDS]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ({"language": "xx"}, "no bank of prompts for 'xx'"),
        ({"count": 0}, "0 prompts: ask for at least 1"),
        ({"difficulty": 5}, "difficulty 5: it is easy, medium, hard or 1 to 4 instructions"),
        ({"difficulty": "brutal"}, "difficulty 'brutal'"),
        (
            {"instructions": ["keywords:nope"]},
            "no instruction 'keywords:nope' can be generated; there are change_case:",
        ),
        ({"without": ["fi:case"]}, "no instruction 'fi:case' can be generated"),
        ({"without": suits.IDS}, "no instruction is left"),
        ({"stems": OWN, "instructions": [suits.EXISTENCE]}, "none of the instructions suits any of the stems"),
        ({"stems": []}, "none of the instructions suits any of the stems"),
        (
            {"stems": [*OWN, Stem(load_prompts("en")[3].text)]},
            "1 of the stems share 8 words in a row with a test set, the first is “Write an email to my boss",
        ),
        (
            {
                "stems": [
                    Stem(f"Kerro minulle, miksi {what} on niin suosittu harrastus.")
                    for what in ("golf", "uinti", "jooga")
                ]
            },
            "the stems are in fi, not en; name their language",
        ),
    ],
)
def test_a_wrong_call_is_one_sentence(call: dict[str, Any], said: str) -> None:
    with pytest.raises(PromptError) as problem:
        list(generate(**{"language": "en", "count": 3, "seed": 1} | call))
    assert said in str(problem.value)


def test_files_a_language_and_samples(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = ("generate", "--language", "fi", "en", "--count", "20", "--seed", "7", "--output", tmp_path / "p.jsonl")
    assert outcome(capsys, *call, "--samples", tmp_path / "s.jsonl")[0] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p.en.jsonl", "p.fi.jsonl", "s.en.jsonl", "s.fi.jsonl"]
    for language in ("fi", "en"):
        rows = (tmp_path / f"p.{language}.jsonl").read_text("utf-8").splitlines()
        assert [json.loads(row) for row in rows] == [each.prompt.row for each in drawn(language, 20)]
        answers = (tmp_path / f"s.{language}.jsonl").read_text("utf-8").splitlines()
        assert [json.loads(row)["response"] for row in answers] == [each.sample for each in drawn(language, 20)]


@pytest.mark.parametrize("format", ["chat", "trl", "verl", "open-instruct"])
def test_rows_that_trainers_read(tmp_path: Path, capsys: pytest.CaptureFixture[str], format: str) -> None:
    path = tmp_path / "rows.jsonl"
    call = ("generate", "--language", "fi", "--count", "20", "--seed", "7", "--format", format, "--output", path)
    assert outcome(capsys, *call)[0] == 0
    for line, each in zip(path.read_text("utf-8").splitlines(), drawn("fi", 20), strict=True):
        row, prompt = json.loads(line), each.prompt.row
        assert row["prompt" if format in ("trl", "verl") else "messages"] == [
            {"role": "user", "content": prompt["prompt"]}
        ]
        if format == "open-instruct":
            (asked,) = ast.literal_eval(row["ground_truth"])
            assert (asked["instruction_id"], row["dataset"]) == (prompt["instruction_id_list"], "ifeval_fi")
        else:
            asked = json.loads(row["reward_model"]["ground_truth"]) if format == "verl" else row
            assert asked["instruction_id_list"] == prompt["instruction_id_list"]
            assert asked["difficulty"] == len(prompt["kwargs"])
        assert (asked["kwargs"], asked["language"]) == (prompt["kwargs"], "fi")


def test_rows_stay_what_they_are_in_a_table_of_columns(tmp_path: Path) -> None:
    """As data sets of the hub keep them: every argument in every row, null where it is none of this instruction's."""
    pyarrow_json = pytest.importorskip("pyarrow.json")
    path = tmp_path / "rows.jsonl"
    write_rows(path, [row_of(each.prompt, "trl") for each in drawn("fi")])
    for row, each in zip(pyarrow_json.read_json(path).to_pylist(), drawn("fi"), strict=True):
        (said,) = row["prompt"]
        columns = {"key": row["key"], "prompt": said["content"]}
        columns |= {name: row[name] for name in ("instruction_id_list", "kwargs")}
        assert parse_prompt(columns, row["language"]) == each.prompt


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--count", "0"], "0 prompts: ask for at least 1"),
        (["--stems", "missing.txt"], "missing.txt: no such file"),
        (["--difficulty", "5"], "difficulty"),
        (["--format", "xml"], "format"),
        (["--output", "a.jsonl", "--samples", "./a.jsonl"], "--samples and --output are one file"),
        (["--language", "fi", "en", "--stems", "own.txt"], "--stems are in one language"),
        (["--language", "xx"], "no bank of prompts for 'xx'"),
        (["--instructions", "title"], "no instruction 'title' can be generated"),
    ],
)
def test_a_wrong_command_is_one_sentence(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    said: str,
) -> None:
    place = () if "--output" in arguments else ("--output", tmp_path / "x.jsonl")
    monkeypatch.chdir(tmp_path)
    code, err = outcome(capsys, "generate", "--seed", "1", *place, *arguments)
    assert (code, said in err) == (2, True), err
    assert not list(tmp_path.iterdir())
