"""What a forged entry tries: dressed-up copies, others' names, other people's runs, answers that answer nothing."""

from __future__ import annotations

import json
import random
import re
import tracemalloc
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import submissions as made
from edits import EDITS
from submissions import Row, add, answer_rows, entry, identity, packed

from ifeval_fi.leaderboard.asked import public_answers
from ifeval_fi.leaderboard.copies import SHIPPED
from ifeval_fi.leaderboard.entry import id_problem
from ifeval_fi.leaderboard.examine import examine
from ifeval_fi.leaderboard.verify import Verification, verify
from ifeval_fi.prompts import PromptSet, load_prompts
from ifeval_fi.scoring.reading import skeleton


@pytest.fixture
def prompts(tmp_path: Path) -> PromptSet:
    return load_prompts(made.small_prompts(tmp_path), language="fi")


class Board:
    def __init__(self, place: Path, prompts: PromptSet) -> None:
        self.root, self.prompts = place / "submissions", prompts
        self.sources = {"fi": str(place / "prompts-fi.jsonl")}

    def add(self, data: Row, texts: list[str] | None = None, *, seed: int = 1, name: str = "ajo") -> None:
        rows = answer_rows(self.prompts, seed)
        if texts is not None:
            rows = [row | {"response": text} for row, text in zip(rows, texts, strict=True)]
        add(self.root, self.prompts, data, seed=seed, rows=rows, name=name)

    def examine(self, **options: frozenset[str]) -> dict[str, Verification]:
        found = examine(self.root, prompts=self.sources, **options)  # type: ignore[arg-type]
        return {each.place: each for each in found}

    def texts(self, seed: int) -> list[str]:
        return [row["response"] for row in answer_rows(self.prompts, seed)]


@pytest.fixture
def board(tmp_path: Path, prompts: PromptSet) -> Board:
    return Board(tmp_path, prompts)


SOME = ("decomposed (NFD)", "zero-width spaces", "Cyrillic", "sentences shuffled", "all of it")


@pytest.mark.parametrize("name", SOME)
def test_a_copy_that_a_reader_would_recognise_is_found(board: Board, name: str) -> None:
    samples = [each.text for each in public_answers("fi") if not each.sample][: len(board.prompts)]
    order = random.Random(3)
    mixed = [" ".join(order.sample(re.findall(r"\S+", text), k=len(text.split()))) for text in samples]
    board.add(entry("org/eka"), mixed)
    board.add(entry("varas/toka"), [EDITS[name](text) for text in mixed])
    board.add(entry("org/oma"), seed=9)
    found = board.examine()
    assert any("nearly those of org__eka/ajo" in error for error in found["varas__toka/ajo"].errors)
    assert found["varas__toka/ajo"].elsewhere > 0.8
    assert found["org__oma/ajo"].elsewhere < 0.3


@pytest.mark.parametrize("name", SOME)
def test_the_answers_that_ship_are_worth_nothing(board: Board, name: str) -> None:
    texts = {each.key: each.text for each in public_answers("fi") if not each.sample}
    board.add(entry("varas/avain"), [EDITS[name](texts[prompt.key]) for prompt in board.prompts])
    errors = board.examine()["varas__avain/ajo"].errors
    assert any(SHIPPED in error for error in errors)


def test_the_best_of_three_is_found_though_none_has_most_of_it(board: Board) -> None:
    sources = [board.texts(seed) for seed in (21, 22, 23)]
    for number, texts in enumerate(sources):
        board.add(entry(f"org{number}/malli"), texts)
    board.add(entry("varas/paras"), [sources[at % 3][at] for at in range(len(board.prompts))])
    found = board.examine()["varas__paras/ajo"]
    assert not found.accepted
    assert all(f"org{number}__malli/ajo" in found.errors[0] for number in range(3))


def test_padding_that_aims_at_the_hashes_does_not_hide_a_copy(board: Board) -> None:
    rng = random.Random(4)
    board.add(entry("org/eka"), seed=1)
    noise = ["".join(rng.choices("aeiouklmnprst", k=600)) for _ in board.prompts]
    board.add(entry("varas/toka"), [f"{a}\n{b}" for a, b in zip(board.texts(1), noise, strict=True)])
    assert not board.examine()["varas__toka/ajo"].accepted


def test_what_was_on_the_board_before_is_not_blamed_for_its_copy(board: Board) -> None:
    board.add(entry("org/eka"), seed=1)
    board.add(entry("varas/toka"), seed=1)
    found = board.examine(settled=frozenset({"org__eka/ajo"}))
    assert found["org__eka/ajo"].accepted
    assert not found["varas__toka/ajo"].accepted


def test_runs_of_one_model_and_declared_siblings_may_agree(board: Board) -> None:
    board.add(entry("org/eka"), seed=1)
    board.add(entry("org/eka"), seed=1, name="uudelleen")
    board.add(entry("a/viritetty", base_model="org/pohja"), seed=2)
    board.add(entry("b/viritetty", base_model="org/pohja"), seed=2)
    found = board.examine()
    assert all(each.accepted for each in found.values())
    assert "a model of the same base" in found["a__viritetty/ajo"].warnings[0]
    assert found["a__viritetty/ajo"].elsewhere == 1
    assert found["org__eka/ajo"].elsewhere < 0.3


def test_samples_of_one_prompt_may_agree(board: Board) -> None:
    run = identity(board.prompts) | {"samples": 4}
    rows = [row | {"sample": n} for row in answer_rows(board.prompts, 1) for n in range(4)]
    content = packed(run, rows)
    folder = board.root / "org__malli" / "ajo"
    add(board.root, board.prompts, entry(), seed=1)
    (folder / "run.json").write_text(json.dumps(made.settings(run)), "utf-8")
    made.repack(folder, content)
    assert board.examine()["org__malli/ajo"].errors == []


@pytest.mark.parametrize(
    ("links", "wrong"),
    [
        ({"a": "b", "b": "a"}, {"a", "b"}),
        ({"a": "b", "b": "c", "c": "a"}, {"a", "b", "c"}),
        ({"a": "a"}, {"a"}),
        ({"a": "x"}, {"a"}),
        ({"a": "b", "b": "c"}, set()),
    ],
)
def test_corrections_run_in_a_line(board: Board, links: dict[str, str], wrong: set[str]) -> None:
    for name in {*links, *links.values()} - {"x"}:
        more = {"supersedes": links[name]} if name in links else {}
        board.add(entry() | more, seed=ord(name), name=name)
    found = board.examine()
    assert {place[-1] for place, each in found.items() if not each.accepted} == wrong


def test_a_strangers_run_of_a_model_is_named_and_stands_in_no_column(board: Board) -> None:
    board.add(entry(), seed=1)
    board.add(entry() | {"contact": "toinen@example.org"}, name="toka", seed=2)
    warnings = board.examine(settled=frozenset({"org__malli/ajo"}))["org__malli/toka"].warnings
    assert any("another submitter has a run of this model" in each for each in warnings)


def test_the_best_of_a_models_own_runs_is_refused(board: Board) -> None:
    runs = [board.texts(seed) for seed in (31, 32, 33)]
    for number, texts in enumerate(runs):
        board.add(entry(), texts, name=f"ajo{number}")
    board.add(entry(), [runs[at % 3][at] for at in range(len(board.prompts))], name="paras")
    found = board.examine(settled=frozenset(f"org__malli/ajo{n}" for n in range(3)))
    assert [place for place, each in found.items() if not each.accepted] == ["org__malli/paras"]
    assert "picked from" in found["org__malli/paras"].errors[0]


def test_a_dressed_up_text_is_refused_even_if_it_copies_nothing(board: Board) -> None:
    board.add(entry(), [text.replace("a", "а") for text in board.texts(1)])
    assert any("dressed up" in error for error in board.examine()["org__malli/ajo"].errors)


def test_a_correction_is_the_submitters_own_and_is_named(board: Board) -> None:
    board.add(entry(), name="eka", seed=1)
    board.add(entry() | {"supersedes": "eka", "contact": "toinen@example.org"}, name="toka", seed=2)
    board.add(entry() | {"supersedes": "eka"}, name="kolmas", seed=3)
    found = board.examine()
    assert "another submitter" in found["org__malli/toka"].errors[0]
    assert found["org__malli/kolmas"].accepted
    assert "supersedes org&#95;&#95;malli/eka" in found["org__malli/kolmas"].markdown()
    assert "supersedes org__malli/eka" in found["org__malli/kolmas"].text()


@pytest.mark.parametrize(
    "model_id",
    ["org/malli\n", "org/malli.", "con/aux", "org/nul.json", "org/", "a/b/c", "org /malli", "o__g/malli", "org/mаlli"],
)
def test_an_id_has_one_form(model_id: str) -> None:
    assert id_problem(model_id)


@pytest.mark.parametrize("other", ["Org/Malli", "org/ma11i", "org/maIIi", "0rg/malli", "org/m-alli", "org/mal_li"])
def test_ids_that_look_alike_are_flagged(board: Board, other: str) -> None:
    assert skeleton(other) == skeleton("org/malli")
    board.add(entry("org/malli"), seed=1)
    board.add(entry(other), seed=2)
    assert all("reads like" in each.errors[0] for each in board.examine().values())


@pytest.mark.parametrize("other", ["org/malli-2", "org/mallit", "org2/malli"])
def test_other_ids_are_other_ids(other: str) -> None:
    assert skeleton(other) != skeleton("org/malli")


@pytest.mark.parametrize("day", ["9999-01-01", "2026-02-31", "1970-01-01", "tomorrow"])
def test_dates_are_real_and_past(board: Board, day: str) -> None:
    tomorrow = (datetime.now(timezone.utc) + timedelta(days=2)).strftime("%Y-%m-%d")
    board.add(entry(released=tomorrow if day == "tomorrow" else day))
    assert any("released" in error for error in board.examine()["org__malli/ajo"].errors)


@pytest.mark.parametrize("name", ["NotALicence", "70B", "apache-2.0", "MIT\n"])
def test_a_licence_is_one_that_spdx_knows(board: Board, name: str) -> None:
    board.add(entry(license=name))
    assert any("license" in error or "line end" in error for error in board.examine()["org__malli/ajo"].errors)


def test_nobody_is_called_from_the_report() -> None:
    hostile = "@everyone [x](https://evil.example) https://evil.example www.evil.example <img> `a` | b"
    text = Verification("org__malli/ajo", errors=[hostile], warnings=[hostile]).markdown()
    assert not re.search(r"@|\]\(|://|www\.|<|`", text)
    assert hostile in Verification("org__malli/ajo", errors=[hostile]).text()


def test_rows_that_grow_when_parsed_do_not_fill_the_memory(board: Board) -> None:
    board.add(entry())
    folder = board.root / "org__malli" / "ajo"
    # The word lists that any verification loads do not count; unpacking reserves 128 MiB whatever is in it.
    assert verify(folder, prompts=board.sources).accepted
    line = b'{"key": 1, "x": [' + b"[],[]," * 80_000 + b"[]]}\n"
    made.repack(folder, b'{"run": {}}\n' + line * 20)
    tracemalloc.start()
    try:
        assert not verify(folder, prompts=board.sources).accepted
        assert tracemalloc.get_traced_memory()[1] < 200e6
    finally:
        tracemalloc.stop()


def test_stuffing_without_an_answer_is_warned_of(board: Board) -> None:
    filler = "Tämä on hyvä asia ja se on tehty hyvin. Kaikki sujuu, kun aikaa on. Työ jatkuu huomenna."
    stuffed = [f"{prompt.text[:40]} {filler} {filler}" for prompt in board.prompts]
    board.add(entry(), stuffed)
    found = board.examine()["org__malli/ajo"]
    assert found.accepted
    assert len(found.nothing) > 0.9 * len(board.prompts)
    assert "say little of their own" in found.warnings[0]


@pytest.mark.parametrize("order", ["as it is", "shuffled", "twice"])
def test_the_prompt_said_back_in_whatever_order_is_warned_of(board: Board, order: str) -> None:
    rng = random.Random(2)
    change: dict[str, Callable[[list[str]], list[str]]] = {
        "as it is": list,
        "shuffled": lambda words: rng.sample(words, len(words)),
        "twice": lambda words: words * 2,
    }
    board.add(entry(), [" ".join(change[order](prompt.text.split())) for prompt in board.prompts])
    assert len(board.examine()["org__malli/ajo"].nothing) > 0.9 * len(board.prompts)
