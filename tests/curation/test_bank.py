"""The bank of every language: enough tasks and wordings, each complete, none of them the test's."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from ifeval_fi.curation import suits
from ifeval_fi.curation.bank import TYPES, Bank, bank_languages, load_bank, load_stems
from ifeval_fi.curation.demands import Task, demand
from ifeval_fi.curation.dice import Dice
from ifeval_fi.curation.overlap import bundled_benchmark
from ifeval_fi.errors import PromptError
from ifeval_fi.jsonl import write_rows
from ifeval_fi.languages import get_language, languages
from ifeval_fi.text import collapse

LANGUAGES = bank_languages()
STEMS, WORDINGS = 420, 8
SLOTS = {
    suits.EXISTENCE: {"keywords"},
    suits.FORBIDDEN: {"keywords"},
    suits.FREQUENCY: {"keyword", "n"},
    suits.LETTERS: {"letter", "n"},
    suits.FIRST_WORD: {"n", "nth", "first_word"},
    suits.POSTSCRIPT: {"marker"},
    suits.CONSTRAINED: {"answers"},
    suits.SECTIONS: {"n", "splitter"},
    suits.END: {"phrase"},
    **{each: {"n"} for each in (suits.SENTENCES, suits.WORDS, suits.PARAGRAPHS, suits.PLACEHOLDERS)},
    **{each: {"n"} for each in (suits.BULLETS, suits.HIGHLIGHTS, suits.CAPITALS)},
}
VARIANTS = [
    name
    for each in suits.IDS
    for name in ([f"{each}|at least", f"{each}|less than"] if each in suits.RELATIONS else [each])
]
SAID = {
    suits.PARAGRAPHS: "***",
    suits.BULLETS: "*",
    suits.PLACEHOLDERS: "[",
    suits.TITLE: "<<",
    suits.TWO: "******",
}
"""What a wording has to show, or nobody could know what is meant."""


@pytest.fixture(params=LANGUAGES)
def bank(request: pytest.FixtureRequest) -> Bank:
    return load_bank(request.param)


def test_every_language_has_a_bank() -> None:
    assert tuple(sorted(languages())) == LANGUAGES


def test_there_are_enough_tasks_of_every_kind(bank: Bank) -> None:
    assert len(bank.stems) >= STEMS
    kinds = Counter(stem.type for stem in bank.stems)
    assert set(kinds) == set(TYPES) == set(suits._LENGTHS)
    assert len(bank.stems) / 16 <= kinds["opinion question"] <= len(bank.stems) / 6
    assert len({stem.topic for stem in bank.stems}) >= 40
    assert len({collapse(stem.text) for stem in bank.stems}) == len(bank.stems)


def test_tasks_are_sentences_with_keywords_that_they_do_not_hold(bank: Bank) -> None:
    language = get_language(bank.language)
    for stem in bank.stems:
        assert stem.text[-1] in ".?!", stem
        assert 6 <= len(stem.keywords) <= 8, stem
        assert len(set(stem.keywords)) == len(stem.keywords), stem
        for word in stem.keywords:
            assert word.isalpha(), (word, stem)
            assert word == word.lower(), (word, stem)
            assert not language.occurrences(stem.text, word), (word, stem)


def test_every_instruction_has_wordings_with_all_slots(bank: Bank) -> None:
    assert set(bank.wordings) == set(VARIANTS)
    for name, wordings in bank.wordings.items():
        instruction = name.partition("|")[0]
        assert len({collapse(each) for each in wordings}) == len(wordings) >= WORDINGS, name
        for wording in wordings:
            found = Counter(re.findall(r"\{([a-z_]+)\}", wording))
            assert set(found) == SLOTS.get(instruction, set()), wording
            assert all(count == 1 or slot == "splitter" for slot, count in found.items()), wording
            assert SAID.get(instruction, "") in wording, wording
            assert wording == wording.strip(), wording


def test_no_task_and_few_wordings_are_the_tests(bank: Bank) -> None:
    """Eight wordings of each instruction can be used whatever stands before and after them."""
    tests = bundled_benchmark()
    assert not [stem for stem in bank.stems if tests.touches(stem.text)]
    for name, wordings in bank.wordings.items():
        free = [each for each in wordings if not tests.touches(re.sub(r"\{\w+\}", "zzz", each))]
        assert len(free) >= WORDINGS, (name, set(wordings) - set(free))


def test_phrases_letters_and_first_words_can_be_used(bank: Bank) -> None:
    assert len(bank.letters) >= 15
    assert all(len(letter) == 1 and letter == letter.lower() for letter in bank.letters)
    assert len(bank.splitters) >= 5
    assert len(set(bank.end_phrases)) == len(bank.end_phrases) >= 25
    assert not [each for each in bank.end_phrases if "," in each]
    assert len(set(bank.first_words)) == len(bank.first_words) >= 40
    assert not [each for each in bank.first_words if not each.isalpha() or each != each.lower()]


@pytest.mark.parametrize("instruction", suits.IDS)
def test_what_a_wording_says_can_be_checked_for(bank: Bank, instruction: str) -> None:
    """Every wording renders with everything in its slots, and leaves none open."""
    for number, stem in enumerate(bank.stems[:40]):
        if not suits.suits(instruction, stem):
            continue
        task = Task(stem, bank, Dice(f"{number}"), list(stem.keywords), frozenset(), [("a", "b", "c")], growing=False)
        if asked := demand(instruction, task):
            for wording in bank.wordings[asked.wording]:
                assert not re.search(r"\{[a-z_]+\}", bank.worded(wording, asked.slots))


def test_stems_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "own.txt"
    path.write_text("\ufeffTell a story.\n\n  Sing a song.  \nTell a story.\n", "utf-8")
    assert [stem.text for stem in load_stems(path)] == ["Tell a story.", "Sing a song."]
    turns = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Why?"}]
    rows = [
        {"text": "Tell a story.", "type": "story", "keywords": ["wolf", "forest"]},
        {"prompt": "Sing a song."},
        {"prompt": turns},
        {"messages": [*turns, {"role": "assistant", "content": "So."}, {"role": "user", "content": "How?"}]},
    ]
    write_rows(path, rows)  # as what they are, whatever the name
    found = load_stems(path)
    assert [stem.text for stem in found] == ["Tell a story.", "Sing a song.", "Why?"]
    assert (found[0].type, found[0].keywords) == ("story", ("wolf", "forest"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "holds no stems"),
        ('{"text": ""}', "line 1: needs the task"),
        ('{"text": "Sing."}\n{"text": 5}', "line 2: needs the task"),
        ('{"messages": [{"role": "assistant", "content": "So."}]}', "line 1: needs the task"),
        ('{"prompt": [5]}', "line 1: needs the task"),
        ('{"text": "Sing.", "keywords": "wolf"}', "line 1: keywords must be a list of words"),
        ('{"text": "Sing.", "keywords": [""]}', "line 1: keywords must be a list of words"),
        ('{"text": "Sing.", "type": 5}', "line 1: unknown type 5; leave it out, or say one of letter, email"),
        ('{"text": "Sing.", "type": "haiku"}', "line 1: unknown type 'haiku'"),
        ('{"text": "Sing.", "topic": []}\n{"text": "Sing.", "topic": [1]}', "line 2: topic must be a text"),
        ('{"text": "Sing."', "line 1"),
    ],
)
def test_stems_that_are_none_are_one_sentence(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text(content, "utf-8")
    with pytest.raises(PromptError) as problem:
        load_stems(path)
    assert f"own.jsonl{', ' if said.startswith('line') else ': '}{said}" in str(problem.value)


def test_a_language_without_a_bank_is_named() -> None:
    with pytest.raises(PromptError, match=r"no bank of prompts for 'xx'; there is one for .*en"):
        load_bank("xx")
