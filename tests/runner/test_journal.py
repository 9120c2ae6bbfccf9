"""The journal: what is written stays, what is torn is asked again, and nobody else writes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ifeval_fi.runner.journal import Journal, JournalError, differences, read_settings

HASH = "0" * 64
IDENTITY: dict[str, Any] = {
    "format": 1,
    "package": "1.0.0",
    "model": "malli",
    "prompts": {"name": "fi", "language": "fi", "count": 3, "digest": HASH},
    "samples": 1,
    "decoding": {"max_tokens": 10, "temperature": 0.0, "top_p": None, "seed": None},
    "system_prompt": None,
    "extra_body": {},
    "engine": None,
}


def row(key: int | str, response: str = "Hei") -> dict[str, Any]:
    return {
        "key": key,
        "sample": 0,
        "prompt_sha256": HASH,
        "outcome": "answered",
        "response": response,
        "reasoning": None,
        "finish_reason": "stop",
        "usage": None,
        "attempts": 1,
        "latency_s": 0.1,
    }


def written(directory: Path, rows: list[dict[str, Any]]) -> bytes:
    with Journal(directory) as journal:
        list(journal.recover())
        journal.begin(IDENTITY)
        journal.append(rows)
    return (directory / "responses.jsonl").read_bytes()


def recovered(directory: Path) -> list[dict[str, Any]]:
    with Journal(directory) as journal:
        return list(journal.recover())


def test_rows_come_back_as_they_were(tmp_path: Path) -> None:
    rows = [row(1, "a\nb\u2028c\r"), row("1", 'ä "ö" 😀\x00'), row(2, "")]
    content = written(tmp_path, rows)
    assert recovered(tmp_path) == rows
    assert content.count(b"\n") == 4
    assert json.loads(content.split(b"\n")[0]) == {"run": IDENTITY}


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 4000), st.lists(st.text(max_size=40), max_size=5))
def test_a_journal_cut_anywhere_keeps_its_whole_lines(tmp_path_factory: Any, cut: int, texts: list[str]) -> None:
    directory = tmp_path_factory.mktemp("run")
    rows = [row(number, text) for number, text in enumerate(texts)]
    content = written(directory, rows)
    kept = content[: cut % (len(content) + 1)]
    path = directory / "responses.jsonl"
    path.write_bytes(kept)
    whole = kept[: kept.rfind(b"\n") + 1]
    assert recovered(directory) == rows[: max(0, whole.count(b"\n") - 1)]
    assert (path.read_bytes() if path.exists() else b"") == whole


def test_what_follows_a_torn_line_starts_on_its_own(tmp_path: Path) -> None:
    path = tmp_path / "responses.jsonl"
    path.write_bytes(written(tmp_path, [row(1)]) + b'{"key": 2, "resp')
    with Journal(tmp_path) as journal:
        assert list(journal.recover()) == [row(1)]
        journal.append([row(3)])
    assert recovered(tmp_path) == [row(1), row(3)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{\n", "line 2: damaged"),
        (b"\xff\n", "line 2: damaged"),
        (b"[]\n", "line 2: "),
        (b'{"key": 1}\n', "line 2: "),
        (json.dumps({**row(1), "outcome": "failed"}).encode() + b"\n", "line 2: "),
        (json.dumps({**row(1), "response": None}).encode() + b"\n", "line 2: response: "),
        (json.dumps({"run": IDENTITY}).encode() + b"\n", "line 2: a second header"),
    ],
)
def test_another_damaged_line_is_named_and_left_alone(tmp_path: Path, line: bytes, said: str) -> None:
    header, last = written(tmp_path, [row(9)]).splitlines(keepends=True)
    path = tmp_path / "responses.jsonl"
    path.write_bytes(header + line + last)
    with pytest.raises(JournalError, match=said):
        recovered(tmp_path)
    assert path.read_bytes() == header + line + last


@given(st.integers(0, 10_000), st.integers(1, 3_000), st.integers(1, 6))
@settings(max_examples=60, deadline=None)
def test_blocks_that_a_lost_node_never_wrote_cost_the_lines_they_lie_in_and_no_other(
    tmp_path_factory: Any, start: int, length: int, count: int
) -> None:
    directory = tmp_path_factory.mktemp("run")
    rows = [row(number, "ä" * 300) for number in range(count)]
    content = written(directory, rows)
    header = content.index(b"\n") + 1
    start = header + start % (len(content) - header)
    holed = content[:start] + b"\0" * min(length, len(content) - start) + content[start + length :]
    (directory / "responses.jsonl").write_bytes(holed)
    kept = [each for each, line in zip(rows, content.splitlines(keepends=True)[1:], strict=True) if line in holed]
    assert recovered(directory) == kept
    with Journal(directory) as journal:
        assert list(journal.recover()) == kept
        journal.append([row(99)])
    assert recovered(directory) == [*kept, row(99)]


def test_a_file_of_another_tool_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "responses.jsonl"
    path.write_text(json.dumps(row(1)) + "\n")
    with pytest.raises(JournalError, match="no run's header"):
        recovered(tmp_path)


def test_a_second_writer_is_refused_until_the_first_is_gone(tmp_path: Path) -> None:
    with Journal(tmp_path) as first:
        first.begin(IDENTITY)
        with pytest.raises(JournalError, match="another run"):
            Journal(tmp_path)
    assert recovered(tmp_path) == []


@pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")
def test_a_killed_writer_leaves_no_lock(tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom ifeval_fi.runner.journal import Journal\n"
        "journal = Journal(Path(sys.argv[1]))\njournal.begin({'format': 1})\n"
        "print('locked', flush=True)\ntime.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline()
    with pytest.raises(JournalError, match="another run"):
        Journal(tmp_path)
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    Journal(tmp_path).close()


def test_a_journal_that_was_never_begun_leaves_nothing(tmp_path: Path) -> None:
    Journal(tmp_path / "new" / "run").close()
    assert not (tmp_path / "new" / "run").exists()


def test_an_unwritable_place_is_an_error_of_the_user(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalError, match="file"):
        Journal(tmp_path / "file")


def test_differences_name_what_differs() -> None:
    decoding = {**IDENTITY["decoding"], "temperature": 0.7}
    other = {**IDENTITY, "decoding": decoding, "package": "2.0.0", "extra_body": {"top_k": 1}}
    assert differences(IDENTITY, IDENTITY) == []
    assert differences(IDENTITY, other) == [
        "decoding.temperature 0.0 there, 0.7 now",
        "extra_body.top_k None there, 1 now",
    ]


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"identity": {}}'])
def test_settings_are_validated_when_read(tmp_path: Path, content: str) -> None:
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(JournalError, match=r"run\.json"):
        read_settings(tmp_path)
