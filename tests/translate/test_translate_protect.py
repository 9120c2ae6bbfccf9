"""What is protected comes back as it was; arguments are found again in whatever form they come."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import SHARED

from ifeval_fi.jsonl import read_rows
from ifeval_fi.languages import get_language
from ifeval_fi.text import nfc
from ifeval_fi.translate.arguments import Found
from ifeval_fi.translate.protect import protect
from ifeval_fi.translate.restore import restore
from ifeval_fi.translate.target import target_language

ENGLISH, FINNISH = get_language("en"), get_language("fi")
SOURCE = SHARED / "ifeval_en" / "prompts.jsonl"

PIECES = st.sampled_from(
    ["word", "Word", " ", "  ", "\n", "\n\n", "<<title>>", "[name]", "***", "* item", "P.S.", "{", '{"a": 1}', "&amp;",
     "<", ">", "https://example.org/a_b?c=1", "`code`", "```\nx = 1\n```", '<x id="0">', "</w>", '"', "é", "\x07", "\t"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=60), st.booleans())
def test_an_untouched_translation_is_the_source(text: str, breaks: bool) -> None:
    kwargs = [{"keywords": ("word",)}, {"end_phrase": "word [name]"}, {"postscript_marker": "P.S."}]
    protected = protect(text, ENGLISH, kwargs, breaks=breaks)
    ElementTree.fromstring(f"<t>{protected.text}</t>")
    restored = restore(protected, protected.text)
    assert restored.text == nfc(text.strip())
    assert not restored.lost
    assert not restored.broken


@pytest.mark.skipif(not SOURCE.is_file(), reason="needs ../shared/ifeval_en")
def test_every_english_prompt_survives_with_its_arguments() -> None:
    absent = 0
    for _, row in read_rows(SOURCE):
        protected = protect(row["prompt"], ENGLISH, row["kwargs"])
        restored = restore(protected, protected.text)
        assert restored.text == nfc(row["prompt"].strip())
        found = Found(protected, restored, ENGLISH)
        assert found.kwargs(row["kwargs"]) == row["kwargs"]
        absent += bool(protected.absent)
    assert absent == 3, "one of two forms of a word (3166), a literal list (3748), a word the prompt lacks (1936)"


@pytest.mark.parametrize(
    "literal",
    ["https://en.wikipedia.org/wiki/Raymond_III,_Count_of_Tripoli", "<<title>>", "***", "******", "P.P.S", "P.S.",
     "[address]", '{"name": "x", "list": [1, {"a": 2}]}', "`ls -l`", "me@example.org", "{placeholder}", "<b>"],
)  # fmt: skip
def test_what_is_literal_is_not_given_to_the_engine(literal: str) -> None:
    protected = protect(f"Write it with {literal} in it.", ENGLISH)
    assert literal in protected.literals
    kept = restore(protected, protected.text.replace("Write it with", "Kirjoita").replace("in it", "mukaan"))
    assert kept.text == f"Kirjoita {literal} mukaan."
    assert literal not in kept.prose


def test_an_engine_that_rewrites_a_literal_changes_nothing() -> None:
    protected = protect("See https://example.org now.", ENGLISH)
    assert restore(protected, 'Katso <x id="0">https://esimerkki.fi</x> nyt.').text == "Katso https://example.org nyt."


@pytest.mark.parametrize(
    ("answer", "lost", "broken"),
    [
        ("Katso nyt.", ["https://example.org"], False),
        ('Katso <x id="0">a</x> tai <x id="0">b</x>.', ["https://example.org"], False),
        ('Katso <x id="7">a</x>.', ["https://example.org"], True),
        ('Katso <x id="0">a.', [], True),
        ("Katso <x>a</x>.", ["https://example.org"], True),
        ('Katso <x id="0">a</x></w>.', [], True),
        ("Katso <w id=", ["https://example.org"], True),
        ("Katso < X  id='0' >a</ x >.", [], False),
    ],
)
def test_damaged_tags_are_noticed(answer: str, lost: list[str], broken: bool) -> None:
    restored = restore(protect("See https://example.org now.", ENGLISH), answer)
    assert (restored.lost, restored.broken) == (lost, broken)


def test_line_breaks_survive_an_engine_that_drops_white_space() -> None:
    source = "List:\n\n* one\n* two\n\nDone."
    protected = protect(source, ENGLISH)
    squeezed = re.sub(r"\s+", " ", protected.text.replace("<n ", " <n ").replace("/>", "/> "))
    assert restore(protected, squeezed).text.split("\n") == source.split("\n")
    assert restore(protected, re.sub(r'<n id="0"/>', "", protected.text)).broken


CASES: list[tuple[dict[str, Any], str, dict[str, str], dict[str, Any], list[str]]] = [
    # arguments, source, what the tags' content becomes, the arguments after, the flags
    ({"keywords": ["forest"]}, "Say forest.", {"forest": "metsässä"}, {"keywords": ["metsä"]}, []),
    ({"keyword": "war"}, "Say WAR twice: war.", {"WAR": "SODAN", "war": "sotaa"}, {"keyword": "sota"}, []),
    ({"keywords": ["cats", "dog"]}, "Say cats, dog.", {"cats": "kissoista", "dog": "koiran"},
     {"keywords": ["kissa", "koira"]}, []),
    ({"keywords": ["climate change"]}, "Say climate change.", {"climate change": "ilmastonmuutoksesta"},
     {"keywords": ["ilmastonmuutos"]}, []),
    ({"forbidden_words": ["I can"]}, "No I can.", {"I can": "voin"}, {"forbidden_words": ["voi"]},
     ["argument_ambiguous"]),
    ({"keywords": ["Zelda"]}, "Say Zelda.", {"Zelda": "Zelda"}, {"keywords": ["Zelda"]}, []),
    ({"keywords": ["rock"]}, "Say rock.", {"rock": ""}, {"keywords": ["rock"]}, ["argument_lost"]),
    ({"keywords": ["stone"]}, "Say rock.", {}, {"keywords": ["stone"]}, ["argument_not_in_source"]),
    ({"first_word": "firms"}, "Start with \"Firms\".", {"Firms": "Yritykset"}, {"first_word": "yritykset"}, []),
    ({"first_word": "it"}, "Start with it.", {"it": "se on"}, {"first_word": "se on"}, ["argument_ambiguous"]),
    ({"section_spliter": "SECTION"}, "Use SECTION X.", {"SECTION": "Osa"}, {"section_spliter": "OSA"}, []),
    ({"section_spliter": "Day"}, "Day 1 and Day 2.", {"Day": "Päivä"}, {"section_spliter": "Päivä"}, []),
    ({"end_phrase": "Is that all?"}, "End: \"Is that all?\"", {"Is that all?": "Onko siinä kaikki?"},
     {"end_phrase": "Onko siinä kaikki?"}, []),
    ({"prompt_to_repeat": "Write <<a>>."}, "Write <<a>>. Repeat it.", {"Write ": "Kirjoita "},
     {"prompt_to_repeat": "Kirjoita <<a>>."}, []),
    ({"postscript_marker": "P.P.S"}, "Add P.P.S", {}, {"postscript_marker": "P.P.S"}, []),
    ({"num_words": 300, "relation": "at least"}, "300 words.", {}, {"num_words": 300, "relation": "at least"}, []),
]  # fmt: skip


@pytest.mark.parametrize(("kwargs", "source", "words", "after", "flags"), CASES)
def test_arguments_are_found_again(
    kwargs: dict[str, Any], source: str, words: dict[str, str], after: dict[str, Any], flags: list[str]
) -> None:
    protected = protect(source, ENGLISH, [kwargs])
    answer = protected.text
    for before, now in words.items():
        answer = answer.replace(f">{before}", f">{now}")
    found = Found(protected, restore(protected, answer), FINNISH)
    assert found.kwargs([kwargs]) == [after]
    assert [flag.reason for flag in found.flags] == flags
    for value in after.values():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str) and not flags and "relation" not in after:
                assert FINNISH.occurrences(found.text, each) or each in found.text or each in found.text.lower()


def test_a_language_without_a_file_takes_the_form_as_it_is() -> None:
    protected = protect("Say forest.", ENGLISH, [{"keywords": ["forest"]}])
    found = Found(protected, restore(protected, 'Säg <w id="0">skogen</w>.'), target_language("xq"))
    assert found.kwargs([{"keywords": ["forest"]}]) == [{"keywords": ["skogen"]}]


def test_fixed_answers_become_those_of_the_language() -> None:
    replaced = dict(zip(ENGLISH.answers, FINNISH.answers, strict=True))
    protected = protect('Say "My answer is yes." or nothing.', ENGLISH, replaced=replaced)
    assert restore(protected, protected.text).text == 'Say "Vastaukseni on kyllä." or nothing.'


def test_a_word_inside_another_word_is_not_tagged() -> None:
    protected = protect("Concatenate. Say cat.", ENGLISH, [{"keywords": ["cat"]}])
    assert protected.text == 'Concatenate. Say <w id="0">cat</w>.'


def test_a_long_text_does_not_take_long() -> None:
    text = "* one line with `code` and https://example.org\n" * 4000
    protected = protect(text, ENGLISH)
    assert len(protected.breaks) == 4000
    assert restore(protected, protected.text).text == text.strip()


@pytest.mark.parametrize(
    ("source", "answer", "text", "glued"),
    [
        ("Visit https://a.fi now.", 'Käy<x id="0">u</x> nyt.', "Käy https://a.fi nyt.", []),
        ("Visit https://a.fi Then go.", 'Käy <x id="0">u</x>Sitten mene.', "Käy https://a.fi Sitten mene.", []),
        ("Visit https://a.fi now.", 'Käy <x id="0">u</x>nyt.', "Käy https://a.finyt.", ["https://a.finyt."]),
        ("Say {name} now.", 'Sano <x id="0">u</x>n nimi.', "Sano {name}n nimi.", ["{name}n"]),
        ("Say [NAME] now.", 'Sano <x id="0">u</x>N NIMI.', "Sano [NAME]N NIMI.", ["[NAME]N"]),
        ("https://a.fi is it.", 'Se on<x id="0">u</x>.', "Se on https://a.fi.", []),
        ("See https://a.fi https://b.fi", '<x id="0">u</x><x id="1">u</x>', "https://a.fi https://b.fi", []),
        ("a (https://a.fi) b", 'a<x id="0">u</x> b', "a https://a.fi b", []),
        ("Say pre{name}post.", 'Sano pre<x id="0">u</x>post.', "Sano pre{name}post.", []),
        ("Say {name}'s.", 'Sano <x id="0">u</x>:n.', "Sano {name}:n.", []),
        ("Say {name} now.", '今<x id="0">u</x>を', "今{name}を", []),
        ("Say {name} now.", '<w id="0">sano<x id="0">u</x></w> nyt.', "sano {name} nyt.", []),
    ],
)
def test_what_stood_apart_stands_apart_or_is_flagged(source: str, answer: str, text: str, glued: list[str]) -> None:
    restored = restore(protect(source, ENGLISH), answer)
    assert (restored.text, restored.glued) == (text, glued)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_a_translation_that_loses_every_space_glues_nothing_unseen(text: str) -> None:
    protected = protect(text, ENGLISH)
    restored = restore(protected, re.sub(r" (?=<x )|(?<=</x>) ", "", protected.text))
    assert restored.glued or re.findall(r"[^\W_]+", restored.text) == re.findall(r"[^\W_]+", nfc(text))


@pytest.mark.parametrize("times", [0, 1, 2, 3])
@pytest.mark.parametrize(
    "source", ["Cats & dogs < 5.", 'Write "&amp;" & https://a.fi', "Use &nbsp; or &#228; here.", "AT&T"]
)
def test_entities_come_back_as_they_were_however_often_they_are_escaped(source: str, times: int) -> None:
    """An engine that escapes what is between the tags once more, or the tags too."""
    protected = protect(source, ENGLISH)
    answer = protected.text
    for _ in range(times):
        answer = re.sub(r"(<[^>]*>)|&", lambda found: found[1] or "&amp;", answer)
    assert restore(protected, answer).text == source
    escaped = protected.text
    for _ in range(times):
        escaped = html.escape(escaped)
    restored = restore(protected, escaped)
    assert (restored.text, restored.broken, restored.lost) == (source, False, [])


def test_tags_that_stay_in_the_text_are_noticed() -> None:
    protected = protect("See https://a.fi and https://b.fi now.", ENGLISH)
    assert restore(protected, 'Katso <x id="0">a</x> ja &lt;x id="1"&gt;b&lt;/x&gt;.').broken


def test_letters_after_an_ampersand_are_no_entity() -> None:
    protected = protect("Ask it.", ENGLISH)
    assert restore(protected, "R&D, A&copy=2, &notit").text == "R&D, A&copy=2, &notit"
