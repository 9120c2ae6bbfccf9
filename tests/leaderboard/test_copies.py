"""Copies are found whatever they are dressed up as; what a family's runs may share, and what only a forger writes."""

from __future__ import annotations

import random
import re
from array import array
from functools import cache

import pytest
from edits import EDITS

from ifeval_fi.leaderboard.against import _picked_from
from ifeval_fi.leaderboard.asked import bones, public_answers
from ifeval_fi.leaderboard.copies import BONES, RUNS, Sketch, found_elsewhere, is_alike, sketch
from ifeval_fi.leaderboard.disguise import disguised
from ifeval_fi.prompts import PromptSet, load_prompts
from ifeval_fi.scoring.reading import letters, skeleton
from ifeval_fi.scoring.responses import Response

COUNT = 60
SALT = 0x5A5A


@cache
def finnish() -> PromptSet:
    prompts = load_prompts("fi")
    return prompts.select(keys=[prompt.key for prompt in prompts[:COUNT]])


@cache
def texts(seed: int = 1) -> tuple[Response, ...]:
    """Answers of some hundred words, made of other prompts' sentences."""
    sentences = [part for each in public_answers("fi") for part in re.split(r"(?<=[.!?])\s+", each.text)]
    rng = random.Random(seed)
    return tuple(Response(prompt.key, " ".join(rng.sample(sentences, 14))) for prompt in finnish())


def sketched(answers: tuple[Response, ...] | list[Response]) -> Sketch:
    return sketch(answers, finnish(), SALT)


@pytest.mark.parametrize("name", EDITS)
def test_a_copy_is_found_whatever_it_is_dressed_up_as(name: str) -> None:
    copy = [Response(each.key, EDITS[name](each.text)) for each in texts()]
    assert found_elsewhere([sketched(copy), sketched(texts())])[0].share > 0.6


def test_other_answers_are_no_copies() -> None:
    assert found_elsewhere([sketched(texts(1)), sketched(texts(2))])[0].share < 0.1


@pytest.mark.parametrize("code", ["fi", "fi-native", "sv", "nb", "da", "et", "en"])
def test_the_answers_of_every_set_are_held_against(code: str) -> None:
    prompts = load_prompts(code)
    public = [each for each in public_answers(prompts.language) if each.key in {prompt.key for prompt in prompts}]
    found = found_elsewhere([sketch(public, prompts), sketch(public, prompts)])[0]
    assert found.copied
    assert found.compared > 0.75 * len(prompts)


def test_former_samples_are_public_too() -> None:
    assert any(each.sample for each in public_answers("da"))


def test_what_has_few_traces_is_alike_only_when_most_of_them_agree() -> None:
    one, other = array("I", [1, 2, 3, 4]), array("I", [1, 2, 5, 6])
    assert not is_alike(one, other, RUNS)
    assert is_alike(one, array("I", [1, 2, 3, 6]), RUNS)
    assert not is_alike(one, one, BONES)


def test_the_order_and_the_endings_of_words_make_no_difference() -> None:
    assert (
        bones("Talvella järvi jäätyy kokonaan") == bones("kokonaan jäätyy jarvi talvella") != bones("Kesä tulee taas")
    )
    assert len(bones("talvella") & bones("talvellakin")) == 1


def test_the_best_of_ones_own_runs_is_no_run() -> None:
    runs = [texts(seed) for seed in (1, 2, 3)]
    best = [runs[at % 3][at] for at in range(COUNT)]
    sketches = [sketched(best), *map(sketched, runs)]
    assert sorted(_picked_from(0, [1, 2, 3], sketches)) == [1, 2, 3]


@pytest.mark.parametrize("again", [0.6, 0.8, 0.95, 1.0])
def test_runs_that_agree_as_much_as_their_likes_are_runs(again: float) -> None:
    """A greedy run done again four times, of which each answer comes out as before with this chance."""
    rng = random.Random(5)
    other = iter(range(100, 10_000))

    def run() -> list[Response]:
        fresh = texts(next(other))
        return [texts(1)[at] if rng.random() < again else fresh[at] for at in range(COUNT)]

    assert _picked_from(0, [1, 2, 3, 4], [sketched(run()) for _ in range(5)]) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("t\u200balo k\u200batu j\u200bärvi", True),
        ("tаlo kаtu jаrvi", True),
        ("𝐭𝐚𝐥𝐨 𝐤𝐚𝐭𝐮 𝐣𝐚𝐫𝐯𝐢", True),
        ("\u202eolat \u202eutak \u202eivräj", True),
        ("Talo, katu – järvi. Äiti, øl, straße, Łódź. 5 µm, π = 3,14 ja Ω.", False),
        ("Привет мир, это русский текст. Γειά σου κόσμε.", False),
        ("👩‍👩‍👧‍👦 perhe ❤️ ja 🇫🇮 lippu ☎️", False),
        ("AI模型 ja GPT模型 ovat malleja; ｆ", False),
    ],
)
def test_disguises(text: str, found: bool) -> None:
    assert bool(disguised([Response(1, text)])) is found


def test_one_reading() -> None:
    assert letters("Ä\u200bi\u00adti &auml;<b>x</b> ｆｕｌｌ 𝐛old ﬁ Äiti") == b"altlaxfulboldflaltl"
    assert letters("мир") == letters("мир\u0301")
    assert letters("🅐🄑🇨 ɐɓđ \u202eolat\u202c a\u3164b l!man Hei!") == b"abcabdtaloablmanhel"


@pytest.mark.parametrize(
    ("one", "other"), [("opt-1.3b", "opt-13b"), ("malli-2", "malli-22"), ("malli", "mali"), ("a", "b")]
)
def test_names_that_differ_to_a_reader(one: str, other: str) -> None:
    assert skeleton(f"org/{one}") != skeleton(f"org/{other}")
