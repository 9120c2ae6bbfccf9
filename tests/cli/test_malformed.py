"""Malformed input of every command that reads files: one sentence, exit 2 or 1, and never a traceback."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from paths import TESTS
from scored import identity, scored_run
from spoiling import FEW, WRONG, outcome, places, replaced, state

from ifeval_fi.jsonl import MOST_DIGITS, MOST_LEVELS, loads, read_rows, write_rows
from ifeval_fi.runner.journal import Journal
from ifeval_fi.translate.review import COLUMNS, write_review

BIG = "9" * 5000
DEEP = "[" * 100_000
HASH = "0" * 64

Tree = dict[str, bytes]


def journal() -> list[dict[str, Any]]:
    rows = [{"run": identity("malli", FEW)}]
    for prompt in FEW:
        rows.append(
            {
                "key": prompt.key,
                "sample": 0,
                "prompt_sha256": prompt.sha256,
                "outcome": "answered",
                "response": "Hei.",
                "reasoning": None,
                "finish_reason": "stop",
                "usage": {"prompt_tokens": 1, "completion_tokens": 1},
                "attempts": 1,
                "latency_s": 0.1,
            }
        )
    return rows


def lm_eval_log() -> list[dict[str, Any]]:
    settings = {"until": [], "do_sample": False, "temperature": 0.0, "max_gen_toks": 1280}
    return [
        {
            "doc_id": number,
            "doc": {**prompt.row, "language": "fi"},
            "arguments": {"gen_args_0": {"arg_0": prompt.text, "arg_1": settings}},
            "resps": [["Hei."]],
            "filtered_resps": ["Hei."],
            "filter": "none",
        }
        for number, prompt in enumerate(FEW)
    ]


def batch_output() -> list[dict[str, Any]]:
    reply = {"choices": [{"message": {"role": "assistant", "content": "Hei."}, "finish_reason": "stop"}]}
    response = {"status_code": 200, "request_id": "a", "body": reply}
    return [
        {"id": "b", "custom_id": str(prompt.key), "response": response if number else None, "error": None}
        for number, prompt in enumerate(FEW)
    ]


def inspect_log() -> list[dict[str, Any]]:
    """The real one of tests/logs/, on one line, with the prompts that it was asked about."""
    log = json.loads((TESTS / "logs" / "inspect.json").read_text("utf-8"))
    log["samples"] = [each for each in log["samples"] if each["id"] in {prompt.key for prompt in FEW}]
    log["eval"]["dataset"]["sample_ids"] = [prompt.key for prompt in FEW]
    return [log]


def chats() -> list[dict[str, Any]]:
    messages = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi there"}]
    return [{"id": "a", "messages": messages, "kwargs": 5}, {"messages": messages}]


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


CALLS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "responses.jsonl": (journal, ("score", "FILE", "--prompts", "PROMPTS")),
    "run/responses.jsonl": (journal, ("run", "--base-url", "http://127.0.0.1:9", "--limit", "3", "--output", "FOLDER")),
    "log.jsonl": (lm_eval_log, ("score", "FILE", "--prompts", "PROMPTS")),
    "output.jsonl": (batch_output, ("score", "FILE", "--prompts", "PROMPTS")),
    "inspect.json": (inspect_log, ("score", "FILE", "--prompts", "PROMPTS")),
    "prompts.jsonl": (lambda: [prompt.row for prompt in FEW], ("prompts", "check", "FILE")),
    "shown.jsonl": (lambda: [prompt.row for prompt in FEW], ("prompts", "show", "--prompts", "FILE")),
    "set/samples.jsonl": (
        lambda: [{"key": prompt.key, "response": "Hei."} for prompt in FEW],
        ("prompts", "check", "FOLDER/prompts.jsonl"),
    ),
    "set/faults.jsonl": (
        lambda: [{"key": prompt.key, "kind": "language", "what": "kept"} for prompt in FEW],
        ("prompts", "check", "FOLDER/prompts.jsonl"),
    ),
    "result/verdicts.jsonl": (None, ("report", "FOLDER", "--format", "markdown")),
    "result/responses.jsonl": (None, ("report", "FOLDER")),
    "draft.translation.jsonl": (state, ("translate", "apply", "draft.review.csv", "--output", "out.jsonl")),
    "chats.jsonl": (
        chats,
        ("translate", "FILE", "--to", "fi", "--engine", "deepl", "--format", "sft", "--output", "d.jsonl"),
    ),
    "training.jsonl": (chats, ("prompts", "overlap", "FILE", "--prompts", "fi-native")),
    "stems.jsonl": (
        lambda: [{"text": "Tell a story of the moon.", "type": "story", "keywords": ["night", "sky"]}],
        ("generate", "--language", "en", "--stems", "FILE", "--count", "3", "--seed", "1", "--output", "g.jsonl"),
    ),
}
# Any JSON object that holds a text is a row of a training set.
LENIENT = ("prompts.jsonl", "chats.jsonl", "training.jsonl")


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scored_run(tmp_path_factory.mktemp("scored") / "result", prompts=FEW)


@pytest.fixture
def folder(tmp_path: Path, result: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a good file of every kind, to be spoilt one at a time."""
    monkeypatch.chdir(tmp_path)
    for name in ("DEEPL_AUTH_KEY", "http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    write_rows(tmp_path / "all.jsonl", [prompt.row for prompt in FEW])
    (tmp_path / "set").mkdir()
    shutil.copy(tmp_path / "all.jsonl", tmp_path / "set" / "prompts.jsonl")
    shutil.copytree(result, tmp_path / "result")
    shutil.copytree(result, tmp_path / "other")
    write_review(tmp_path / "draft.review.csv", state())
    for name, (make, _) in CALLS.items():
        if make is not None:
            (tmp_path / name).parent.mkdir(exist_ok=True)
            write_rows(tmp_path / name, make())
    return tmp_path


def call_of(name: str, folder: Path) -> list[str]:
    file = folder / name
    named = {"FILE": str(file), "FOLDER": str(file.parent), "PROMPTS": str(folder / "all.jsonl")}
    found = []
    for word in CALLS[name][1]:
        for place, value in named.items():
            word = word.replace(place, value)
        found.append(word)
    return found


SPOILT: dict[str, bytes] = {
    "empty": b"",
    "blank": b"\n\n",
    "torn": b'{"key": 1, "resp',
    "no JSON": b"hello\n",
    "an array": b"[1, 2]\n",
    "a number": b"5\n",
    "latin-1": '{"key": 1, "response": "ä"}\n'.encode("latin-1"),
    "utf-16": '{"key": 1, "response": "ä"}\n'.encode("utf-16"),
    "a huge number": f'{{"key": {BIG}, "response": "x"}}\n'.encode(),
    "a huge number elsewhere": f'{{"key": 1, "response": "x", "usage": {BIG}}}\n'.encode(),
    "deep": f'{{"key": {DEEP}\n'.encode(),
    "deep and whole": f'{{"key": 1, "x": {"[" * 500}{"]" * 500}}}\n'.encode(),
    "a name twice": b'{"key": 1, "key": 2, "response": "x"}\n',
    "nul": b"\x00\x00\x00\n",
    "a header that is a list": b'{"run": ["a"]}\n{"key": 1, "response": "x"}\n',
    "a header that is a number": b'{"run": 5}\n{"key": 1, "response": "x"}\n',
    "prompts that are a list": b'{"run": {"prompts": [1]}}\n{"key": 1, "response": "x"}\n',
    "decoding that is a text": b'{"run": {"decoding": "x"}}\n{"key": 1, "response": "x"}\n',
    "a key that is a list": b'{"doc": {"key": [1]}, "resps": [["x"]]}\n',
    "a doc that is a list": b'{"doc": [1], "resps": [["x"]]}\n',
    "resps of a number": b'{"doc": {"key": 1}, "resps": 5}\n',
    "NaN": b'{"key": NaN, "response": "x"}\n',
}


@pytest.mark.parametrize("name", list(CALLS))
@pytest.mark.parametrize("fault", list(SPOILT))
def test_a_spoilt_file_is_one_sentence(folder: Path, capsys: pytest.CaptureFixture[str], name: str, fault: str) -> None:
    (folder / name).write_bytes(SPOILT[fault])
    code, err = outcome(capsys, *call_of(name, folder))
    if name == "run/responses.jsonl" and fault in ("empty", "torn"):
        assert "cannot be reached" in err or "127.0.0.1" in err
    elif name == "set/faults.jsonl" and fault in ("empty", "blank"):
        assert not err, (code, err)  # a set without known faults; what it had known becomes findings
    elif name not in LENIENT:
        assert code == 2, (code, err)
        assert (folder / name).name in err


@pytest.mark.parametrize("name", list(CALLS))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_value_of_the_wrong_kind_is_one_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, data: st.DataObject
) -> None:
    good = (folder / name).read_bytes()
    rows = rows_of(folder / name)
    path = data.draw(st.sampled_from([place for place in places(rows) if place]))
    spoilt = replaced(rows, path, data.draw(WRONG))
    try:
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in spoilt), "utf-8")
        outcome(capsys, *call_of(name, folder))
    finally:
        (folder / name).write_bytes(good)
        shutil.rmtree(folder / "d.journal", ignore_errors=True)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_scores_of_the_wrong_kind_are_one_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], data: st.DataObject
) -> None:
    path = folder / "result" / "scores.json"
    good = path.read_text("utf-8")
    value = json.loads(good)
    spoilt = replaced(value, data.draw(st.sampled_from(list(places(value)))), data.draw(WRONG))
    call = data.draw(
        st.sampled_from(
            [
                ("report", folder / "result"),
                ("report", folder / "result", "--format", "latex"),
                ("report", folder / "result", folder / "other", "--format", "csv"),
                ("compare", folder / "result", folder / "other", "--max-drop", "1"),
            ]
        )
    )
    try:
        path.write_text(json.dumps(spoilt), "utf-8")
        outcome(capsys, *call)
    finally:
        path.write_text(good, "utf-8")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.one_of(st.binary(max_size=60), st.text(max_size=60).map(str.encode), st.just(b"\xef\xbb\xbf")))
def test_any_bytes_are_one_sentence(folder: Path, capsys: pytest.CaptureFixture[str], content: bytes) -> None:
    path = folder / "any.jsonl"
    path.write_bytes(content)
    for call in (
        ("score", path),
        ("prompts", "check", path),
        ("prompts", "show", "--prompts", path),
        ("report", path),
        ("translate", path, "--to", "fi", "--engine", "deepl", "--output", folder / "d.jsonl"),
        ("translate", "apply", path, "--output", folder / "o.jsonl", "--draft", folder / "draft.jsonl"),
        ("leaderboard", "submit", folder / "result", "--entry", path),
        ("prompts", "overlap", path, "--prompts", "fi-native"),
        ("generate", "--stems", path, "--count", "2", "--seed", "1", "--output", folder / "g.jsonl"),
        ("leaderboard", "init", "--run", path, "--output", folder / "e.json"),
    ):
        code, _ = outcome(capsys, *call)
        # Plain lines are rows to compare, and stems.
        assert code == 2 or call[:2] in (("prompts", "check"), ("prompts", "overlap")) or call[0] == "generate"


LOGS = {name: (TESTS / "logs" / name).read_bytes() for name in ("inspect.eval", "lighteval.parquet", "inspect.json")}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_log_with_other_bytes_in_it_is_scored_or_one_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(LOGS)))
    content = bytearray(LOGS[name])
    begin = data.draw(st.integers(0, len(content)))
    content[begin : begin + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=40))
    path = folder / name.replace("inspect.json", "other.json")
    path.write_bytes(content[: data.draw(st.sampled_from([len(content), begin, begin + 100]))])
    code, err = outcome(capsys, "score", path, "--partial")
    assert code != 2 or str(path) in err or "key " in err


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.one_of(st.binary(max_size=60), st.text(max_size=60).map(str.encode)))
@pytest.mark.parametrize("begins", [b"", b"key,response\n", b"PK\x03\x04", b"PAR1", b'{"eval": '])
@pytest.mark.parametrize("name", ["any.csv", "any.parquet", "any.eval", "any.json"])
def test_any_bytes_by_any_name_are_one_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, begins: bytes, content: bytes
) -> None:
    (folder / name).write_bytes(begins + content)
    code, err = outcome(capsys, "score", folder / name)
    assert (code, name in err or "key" in err) == (2, True)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_review_with_anything_in_a_cell_is_merged_or_one_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], data: st.DataObject
) -> None:
    path = folder / "draft.review.csv"
    good = path.read_bytes()
    lines = good.decode("utf-8-sig").splitlines()
    cell = data.draw(st.one_of(st.text(max_size=12), st.sampled_from(['"', "[{]", BIG, DEEP, "[1]", '[{"a": 1e999}]'])))
    cells = [f"c{number}" for number in range(len(COLUMNS))]
    cells[data.draw(st.integers(0, len(COLUMNS) - 1))] = cell
    try:
        path.write_text("\n".join([*lines, ",".join(cells)]), "utf-8")
        outcome(capsys, "translate", "apply", path, "--output", folder / "o.jsonl")
    finally:
        path.write_bytes(good)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"key": 1, "response": None}, "line 2, key 1: response must be a string, not None"),
        ({"key": [1], "response": "x"}, "line 2: key must be a whole number or a string"),
        ({"key": 1, "response": "x", "sample": "a"}, "line 2, key 1: sample"),
        ({"key": 1, "response": "x", "outcome": ["a"]}, "line 2, key 1: outcome"),
        ({"key": 1, "response": "x", "prompt_sha256": 5}, "line 2, key 1: prompt_sha256"),
        ({"run": []}, "line 2: run must be an object, not []"),
        ({"run": {"samples": "2"}}, "line 2: run.samples must be a whole number, not '2'"),
        ({"run": {"prompts": {"digest": 5, "count": 1}}}, "line 2: run.prompts.digest must be a text"),
        ({"run": {"system_prompt": 5}}, "line 2: run.system_prompt must be a text or null"),
    ],
)
def test_the_sentence_names_file_line_and_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], row: dict[str, Any], said: str
) -> None:
    write_rows(tmp_path / "answers.jsonl", [{"key": 0, "response": "x"}, row])
    code, err = outcome(capsys, "score", tmp_path / "answers.jsonl")
    assert code == 2
    assert f"answers.jsonl, {said}" in err


def test_an_absurd_journal_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = journal()
    rows[1]["usage"]["completion_tokens"] = 10**400
    write_rows(tmp_path / "responses.jsonl", rows)
    code, err = outcome(
        capsys, "run", "--model", "malli", "--base-url", "http://127.0.0.1:9/v1", "--output", tmp_path, "--limit", "3"
    )
    assert (code, err.count("Traceback")) == (2, 0)
    with Journal(tmp_path) as found:
        assert len(list(found.recover())) == 3


def test_reading_is_strict_about_what_nobody_means() -> None:
    assert loads('{"a": [1, 2.5, "x", null]}') == {"a": [1, 2.5, "x", None]}
    assert loads("9" * MOST_DIGITS) == int("9" * MOST_DIGITS)
    assert loads("[NaN]", constants=True)[0] != 0
    for text in ("9" * (MOST_DIGITS + 1), "-" + BIG, "[NaN]", "[-Infinity]", DEEP, "[" * 101 + "]" * 101):
        with pytest.raises(ValueError):  # noqa: PT011
            loads(text)
    assert loads("[" * MOST_LEVELS + "]" * MOST_LEVELS)
    with pytest.raises(ValueError, match="the name 'key' stands twice"):
        loads('{"a": {"key": 1, "key": 1}}')


@pytest.mark.skipif(os.name != "posix", reason="makes a pipe")
@pytest.mark.parametrize(
    "call",
    [("score", "PIPE"), ("prompts", "check", "PIPE"), ("report", "PIPE"), ("score", "good.jsonl", "--prompts", "PIPE")],
)
def test_a_pipe_without_a_writer_does_not_wait_for_ever(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, call: tuple[str, ...]
) -> None:
    monkeypatch.setattr("ifeval_fi.files.NO_WRITER_SECONDS", 0.1)
    monkeypatch.chdir(tmp_path)
    os.mkfifo("PIPE")
    write_rows(Path("good.jsonl"), [{"key": 1, "response": "x"}])
    code, err = outcome(capsys, *call)
    assert code == 2
    assert "pipe into which nobody writes" in err


@pytest.mark.skipif(os.name != "posix", reason="makes a pipe")
def test_a_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    import threading

    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    rows = [{"key": number, "response": "ä" * 40_000} for number in range(10)]
    writer = threading.Thread(target=lambda: pipe.write_text("".join(json.dumps(row) + "\n" for row in rows)))
    writer.start()
    assert [row for _, row in read_rows(pipe)] == rows
    writer.join()


@pytest.mark.parametrize("address", ["http://[::1:8000/v1", "http://[", "http://a:b/v1", "//", "é://x"])
def test_an_address_that_is_none_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("DEEPL_AUTH_KEY", "0" * 20)
    code, err = outcome(capsys, "run", "--base-url", address, "--output", tmp_path / "run")
    assert (code, "--base-url" in err) == (2, True)
    write_rows(tmp_path / "chats.jsonl", chats())
    call = ["translate", tmp_path / "chats.jsonl", "--to", "fi", "--format", "sft", "--output", tmp_path / "d.jsonl"]
    code, err = outcome(capsys, *call, "--engine", "deepl", "--server-url", address)
    assert (code, "--server-url" in err) == (2, True)
    code, err = outcome(capsys, *call, "--engine", "llm", "--base-url", address)
    assert (code, "--base-url" in err) == (2, True)


@pytest.mark.parametrize("body", ["{", "[]", "5", BIG, DEEP, '{"a": NaN}', '{"a": 1, "a": 2}', '{"n": 2}', "é"])
def test_an_extra_body_that_is_none_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], body: str
) -> None:
    code, err = outcome(
        capsys, "run", "--base-url", "http://127.0.0.1:9/v1", "--extra-body", body, "--output", tmp_path
    )
    assert (code, "--extra-body" in err) == (2, True)
    assert len(err) < 500
