"""docs/new-language.md, followed for a made-up language: one language folder, one data folder, and everything works."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from deepl_server import KEY, LANGUAGES, DeepLServer
from paths import ROOT

PACKAGE = ROOT / "ifeval_fi"

LANGUAGE = '''
"""Blorkish: plurals end in -zu."""

import re

from ifeval_fi.languages import Language
from ifeval_fi.languages.sentences import SentenceMarks, split_sentences
from ifeval_fi.text import words

MARKS = SentenceMarks(frozenset(), frozenset(), (), frozenset(), frozenset())


def occurrences(text, keyword):
    return re.findall(rf"(?<!\\w){re.escape(keyword)}(?:zu)?(?!\\w)", text, re.IGNORECASE)


LANGUAGE = Language(
    code="xq",
    name="Blorkish",
    own_name="blork",
    own_rules="blorkish",
    default_rules="blorkish",
    words=words,
    sentences=lambda text: split_sentences(text, MARKS),
    occurrences=occurrences,
    dictionary_forms=lambda form: (form.removesuffix("zu"),),
    answers=("Blork ja.", "Blork ne.", "Blork po."),
    numerals={2: ("dvo",), 3: ("tri",)},
    filler=("Mafi lork zu.", "Gano blim.", "Tiro mafi.", "Losa gano.", "Blim tiro.", "Zano losa."),
)
'''
SOURCE = [
    {
        "key": 1,
        "prompt": 'Write about cats. Use "cats" 2 times and do not use commas.',
        "instruction_id_list": ["keywords:frequency", "punctuation:no_comma"],
        "kwargs": [{"keyword": "cats", "frequency": 2, "relation": "at least"}, {}],
    },
    {
        "key": 2,
        "prompt": "Answer My answer is yes. or My answer is no. now: are 3 cats enough?",
        "instruction_id_list": ["detectable_format:constrained_response"],
        "kwargs": [{}],
    },
]


def ifeval_fi(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder), "DEEPL_AUTH_KEY": KEY, "NO_PROXY": "127.0.0.1"}
    command = [sys.executable, "-m", "ifeval_fi", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)


def test_a_new_language_is_a_folder_here_and_one_in_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("deepl")
    monkeypatch.setitem(LANGUAGES, "XQ", ("Blorkish", False))
    monkeypatch.setattr("deepl_server.NOUNS", ["gatozu"])
    shutil.copytree(PACKAGE, tmp_path / "ifeval_fi", ignore=shutil.ignore_patterns("__pycache__"))
    source = tmp_path / "source.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in SOURCE))
    draft, data = tmp_path / "draft.jsonl", tmp_path / "data" / "xq"

    call = ("translate", source.name, "--to", "xq", "--engine", "deepl", "--output", draft.name)
    with DeepLServer() as server:
        before = ifeval_fi(tmp_path, *call, "--server-url", server.url)
        assert before.returncode == 0, before.stderr
        assert "no checks for xq yet" in before.stdout
        folder = tmp_path / "ifeval_fi" / "languages" / "xq"
        folder.mkdir()
        (folder / "__init__.py").write_text(LANGUAGE)
        after = ifeval_fi(tmp_path, *call, "--server-url", server.url)
        assert "prompts check: 0 findings in 2 rows" in after.stdout, after.stdout + after.stderr
        assert "the language detector does not know xq" in after.stdout
        assert len(server.texts) == 3, "the fixed answers are new literal texts; the other row is paid once"

    applied = ifeval_fi(tmp_path, "translate", "apply", "draft.review.csv", "--output", "data/xq/prompts.jsonl")
    assert applied.returncode == 0, applied.stdout + applied.stderr
    (data / "VERSION").write_text("xq-0.1\n")
    sums = [
        f"{hashlib.sha256((data / name).read_bytes()).hexdigest()}  {name}\n" for name in ("VERSION", "prompts.jsonl")
    ]
    (data / "SHA256SUMS").write_text("".join(sums))
    prompts = [json.loads(line) for line in (data / "prompts.jsonl").read_text().splitlines()]
    assert prompts[0]["kwargs"][0]["keyword"] == "gato"
    assert "Blork ja. " in prompts[1]["prompt"]
    assert (data / "provenance.jsonl").is_file()

    checked = ifeval_fi(tmp_path, "prompts", "check", "xq")
    assert checked.stdout.strip() == "2 prompts, 0 findings"
    (tmp_path / "answers.jsonl").write_text(
        '{"key": 1, "response": "Gato losa. Gatozu tiro."}\n{"key": 2, "response": "My answer is yes."}\n'
    )
    scored = ifeval_fi(tmp_path, "score", "answers.jsonl", "--prompts", "xq", "--output", "out")
    assert scored.returncode == 0, scored.stdout + scored.stderr
    verdicts = [json.loads(line) for line in (tmp_path / "out" / "verdicts.jsonl").read_text().splitlines()]
    assert [verdict["strict"] for verdict in verdicts] == [[True, True], [False]]
    assert "blorkish" in (tmp_path / "out" / "scores.json").read_text()
