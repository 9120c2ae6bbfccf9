"""What language a response is in, and what is looked at to tell."""

from __future__ import annotations

import json
import os
import pathlib
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paths import CASES, SHARED

from ifeval_fi.detection import (
    ENGINES,
    Detection,
    counts_as,
    detect_language,
    detector_signature,
    raw_langdetect,
    reference_langdetect,
)
from ifeval_fi.detection.natural_text import natural_text


def rows(path: pathlib.Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


TEXTS = rows(CASES / "languages.jsonl")
FILES = [CASES / "languages.jsonl", CASES / "neighbours.jsonl", *sorted(CASES.glob("*/texts*.jsonl"))]
LABELLED = [
    pytest.param(case, id=f"{path.parent.name}-{path.stem}-{number}-{case['tag']}")
    for path in FILES
    for number, case in enumerate(rows(path), 1)
]


@pytest.mark.parametrize("case", LABELLED)
def test_labelled_text(case: dict[str, str]) -> None:
    """A list of languages stands for a text whose words are words of them all."""
    found = detect_language(case["text"])
    expected = case["expected"]
    if isinstance(expected, list):
        assert [code for code in expected if not found.is_in(code)] == []
    else:
        assert counts_as(found.language, expected) or expected in found.also


@pytest.mark.parametrize("path", [*sorted((SHARED / "gold").glob("*-texts.jsonl")), SHARED / "gold/languages.jsonl"])
def test_gold(path: pathlib.Path) -> None:
    if not path.exists():
        pytest.skip("../shared/gold is not there")
    wrong = [row["id"] for row in rows(path) if not counts_as(detect_language(row["text"]).language, row["expected"])]
    assert wrong == []


def test_bokmål_and_nynorsk_are_norwegian_but_not_each_other() -> None:
    bokmål, nynorsk = detect_language("Jeg vet ikke hva det heter."), detect_language("Eg veit ikkje kva det heiter.")
    assert [bokmål.language, nynorsk.language] == ["nb", "nn"]
    assert [code for code in ("nb", "nn", "no", "da") if bokmål.is_in(code)] == ["nb", "no"]
    assert [code for code in ("nb", "nn", "no", "da") if nynorsk.is_in(code)] == ["nn", "no"]
    assert [bokmål.seen_from(code) for code in ("no", "da")] == ["no", "nb"]


def test_one_word_of_a_single_language_decides() -> None:
    assert detect_language("Vi ses i morgen.").is_in("da")
    assert detect_language("Vi ses i morgen.").is_in("nb")
    assert not detect_language("Vi ses efter ferien, hvad siger du?").is_in("nb")
    assert not detect_language("Vi ses etter ferien, hva sier du?").is_in("da")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Jeg arbejder i Malmö, og min søster bor i Göteborg.", "da"),
        ("Jeg jobber i Malmö, og søsteren min bor i Göteborg.", "nb"),
        ("Jag arbetar i Tromsø och min syster bor i København.", "sv"),
        ("Ma töötan Jyväskyläs ja mu õde elab Hämeenlinnas.", "et"),
    ],
)
def test_place_names_of_the_neighbour_say_little(text: str, code: str) -> None:
    assert detect_language(text).language == code


@pytest.mark.parametrize(
    "case", [p.values[0] for p in LABELLED if p.values[0]["expected"] in ("sv", "da", "nb", "et")][::11]
)
def test_capitals_of_neighbours_are_judged_like_lower_case(case: dict[str, str]) -> None:
    text = natural_text(case["text"])
    assert detect_language(text.upper()).language == detect_language(text.lower()).language


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Aja `python main.py` nyt.", "Aja nyt."),
        ('{"avain": "arvo", "lista": ["yksi", "kaksi"], "luku": 3}', "arvo yksi kaksi"),
        ('{"avain": "katkennut ar', "katkennut ar"),
        ("<p class='english words here'>Hei</p>", "Hei"),
        ("```python\nprint('hello')\n```", ""),
        ("```\nTavallista tekstiä aidassa.\n```", "Tavallista tekstiä aidassa."),
        ("Hei [etunimi sukunimi], tervetuloa!", "Hei , tervetuloa!"),
        ("Katso [ohje](https://example.com/english/words).", "Katso ohje ."),
        ("Kirjoita a.b@example.com tai https://example.com/x", "Kirjoita tai"),
        ("<<Syksyn laulu>>", "Syksyn laulu"),
        ("a\u0308iti", "äiti"),
        ("snake_case ja camelCase ja 5G", "ja ja"),
        ("name: Retki\nplan: Kävellään metsässä", "Retki Kävellään metsässä"),
    ],
)
def test_what_is_left_to_judge(text: str, kept: str) -> None:
    words = "".join(letter if letter.isalpha() else " " for letter in natural_text(text)).split()
    assert words == "".join(letter if letter.isalpha() else " " for letter in kept).split()


def test_a_mixture_shows_in_the_shares() -> None:
    finnish = "Suomessa on tuhansia järviä, ja kesällä niissä uidaan paljon."
    english = "There are thousands of lakes around us."
    found = detect_language(f"{finnish}\n\n{english}")
    assert found.language == "fi"
    assert found.shares["fi"] == pytest.approx(9 / 16)
    assert found.shares["en"] == pytest.approx(7 / 16)


def test_half_is_not_more_than_half() -> None:
    found = detect_language("Koira juoksee metsässä iloisesti.\n\nThe dog runs happily.")
    assert dict(found.shares) == {"en": 0.5, "fi": 0.5}
    assert found.language == "en"


def test_foreign_names_and_quoted_titles_do_not_count() -> None:
    text = "Elokuvat: The Lord of the Rings, Pulp Fiction, Fight Club, The Silence of the Lambs ja The Green Mile."
    assert detect_language(text).language == "fi"
    assert detect_language('Kirjan nimi on "The Old Man and the Sea".').shares == {"fi": 1.0}


@pytest.mark.parametrize("case", [case for case in TEXTS if case["expected"] == "fi"][::7], ids=lambda c: c["tag"])
def test_capitals_are_judged_like_lower_case(case: dict[str, str]) -> None:
    assert detect_language(natural_text(case["text"]).upper()).language == "fi"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400))
def test_any_text_has_a_valid_detection(text: str) -> None:
    check_valid(detect_language(text))


PIECES = ["```", "`", "{", '"', '":', "}", "[", "]", "<", ">", "</", "a", "Ä", "_", ".", "/", "\n", " ", "\\", "$", "*"]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*PIECES, "kissa", "the", "\ud800", "漢", "-", "’"]), max_size=80))
def test_any_markup_has_a_valid_detection(pieces: list[str]) -> None:
    check_valid(detect_language("".join(pieces)))


def check_valid(found: Detection) -> None:
    assert 0.0 <= found.confidence <= 1.0
    if found.language == "und":
        assert found.shares == {}
    else:
        assert sum(found.shares.values()) == pytest.approx(1.0)
        assert found.language in found.shares
        assert (found.language == "fi") == (found.shares.get("fi", 0.0) > 0.5)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("text", ["", " \n", "12 000", "\ud800", "😀", "漢字"], ids=ascii)
def test_no_engine_raises(text: str, engine: str) -> None:
    if engine == "py3langid":
        pytest.importorskip("py3langid")
    assert isinstance(detect_language(text, engine=engine), Detection)


def test_shares_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        detect_language("Hyvää päivää").shares["en"] = 1.0  # type: ignore[index]


def test_raw_langdetect_is_langdetect_with_seed_0() -> None:
    langdetect = pytest.importorskip("langdetect")
    for case in TEXTS[::6]:
        langdetect.DetectorFactory.seed = 0
        try:
            expected = langdetect.detect(case["text"])
        except langdetect.LangDetectException:
            expected = None
        assert reference_langdetect(case["text"]) == expected
        assert raw_langdetect(case["text"]) == (expected or "und")


def test_unknown_engine_is_named() -> None:
    with pytest.raises(ValueError, match="fasttext"):
        detect_language("hei", engine="fasttext")
    with pytest.raises(ValueError, match="fasttext"):
        detector_signature("fasttext")


def test_signature_names_engine_and_version() -> None:
    assert detector_signature().startswith("ifeval-fi-language ")
    assert "seed 0" in detector_signature("langdetect")


def test_order_and_threads_change_nothing() -> None:
    texts = [param.values[0]["text"] for param in LABELLED]
    first = {text: detect_language(text) for text in texts}
    shuffled = random.Random(1).sample(texts * 3, 3 * len(texts))
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(detect_language, shuffled)) == [first[text] for text in shuffled]
    with ThreadPoolExecutor(16) as pool:
        assert len(set(pool.map(raw_langdetect, texts[:1] * 64))) == 1


@pytest.mark.parametrize("hash_seed", ["0", "1", "4242"])
def test_processes_and_hash_seeds_change_nothing(hash_seed: str) -> None:
    program = (
        "import json, sys\nfrom ifeval_fi.detection import detect_language\n"
        "for text in reversed(json.load(sys.stdin)):\n"
        "    d = detect_language(text)\n    print(d.language, d.confidence, list(d.shares.items()))"
    )
    texts = [case["text"] for case in TEXTS[::4]]
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
    )
    here = [detect_language(text) for text in reversed(texts)]
    assert done.stdout.splitlines() == [f"{d.language} {d.confidence} {list(d.shares.items())}" for d in here]


def test_import_loads_no_engine() -> None:
    program = "import sys, ifeval_fi.detection; print([m for m in sys.modules if m in " + (
        "('langdetect', 'langdetect_rs', 'py3langid', 'numpy', 'ifeval_fi.detection.word_languages')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


HOSTILE = {
    "letters": "a" * 1_000_000,
    "quotes": '"' * 1_000_000,
    "keys": '{"a":' * 200_000,
    "brackets": "[" * 1_000_000,
    "tags": "<a " * 333_333,
    "fences": "```\n" * 250_000,
    "hyphens": "ä-" * 500_000,
    "stars": "*a " * 333_333,
    "dots": "a." * 500_000,
    "slashes": "a/" * 500_000,
    "backslashes": "\\" * 1_000_000,
    "dollars": "$a" * 500_000,
    "at": "a@" * 500_000,
    "lines": "x = (\n" * 160_000,
    "spaces": '{"' + " " * 1_000_000,
    "long words": ("kaksitoistakuukautinenkin" * 2 + "-") * 20_000,
    "names": "Ää Öö " * 160_000,
    "arabic": "بً" * 500_000,
    "underscores": "_a" * 500_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_long_hostile_text_ends(name: str) -> None:
    check_valid(detect_language(HOSTILE[name]))
