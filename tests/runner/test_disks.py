"""Disks that are full, read-only or know less than others: what is said, what stays, and what is no failure."""

from __future__ import annotations

import asyncio
import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest
from misbehaving_server import MisbehavingServer

from ifeval_fi.cli import main
from ifeval_fi.errors import OutputError
from ifeval_fi.prompts import load_prompts
from ifeval_fi.runner import journal as journals
from ifeval_fi.runner.journal import Journal, JournalError
from ifeval_fi.runner.progress import Progress
from ifeval_fi.runner.run import run_prompts
from ifeval_fi.runner.settings import RunSettings

PROMPTS = load_prompts("fi").select(limit=6)
IDENTITY = {"format": 1}
LAST = [errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL, errno.EPERM]


def fails(number: int) -> Any:
    def failing(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return failing


def settings(server: MisbehavingServer, **more: Any) -> RunSettings:
    return RunSettings(base_urls=(server.url,), max_tokens=5, **more)


class Disk:
    """A disk with room for so many bytes of a journal: it takes what fits of a block, as a real one does."""

    def __init__(self, file: Any, room: int) -> None:
        self._file, self.room = file, room

    def write(self, block: memoryview) -> int:
        taken = min(self.room, len(block))
        if not taken:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.room -= taken
        return int(self._file.write(block[:taken]))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


@pytest.mark.parametrize("room", [1, 50, 400, 1500])
def test_a_full_disk_keeps_whole_lines(tmp_path: Path, room: int) -> None:
    rows = [{"key": number, "text": "ä" * 100} for number in range(10)]
    with Journal(tmp_path) as journal:
        journal.begin(IDENTITY)
        journal._file = Disk(journal._file, room)  # type: ignore[assignment]
        with pytest.raises(OSError, match="No space"):
            journal.append(rows)
        content = journal.path.read_bytes()
        assert content.endswith(b"\n")
        kept = [json.loads(line) for line in content.splitlines()]
        assert kept == [{"run": IDENTITY}, *rows][: len(kept)]


def test_a_run_on_a_full_disk_says_so_in_one_sentence_and_goes_on_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    locked = journals._locked
    room = 1900

    def small(path: Path) -> tuple[Any, bool]:
        file, held = locked(path)
        return Disk(file, room), held

    with MisbehavingServer() as server, monkeypatch.context() as patch:
        patch.setattr(journals, "_locked", small)
        call = ["run", "--base-url", server.url, "--limit", "6", "--max-tokens", "5", "--output", str(tmp_path / "run")]
        call += ["--quiet", "--concurrency", "1"]
        with pytest.raises(SystemExit) as stopped:
            main(call)
        said = capsys.readouterr().err.strip().splitlines()
        assert stopped.value.code == 1
        assert len(said) == 1, said
        assert "No space left on device" in said[0]
        patch.undo()
        with pytest.raises(SystemExit) as finished:
            main(call)
        assert finished.value.code == 0, capsys.readouterr().err
    rows = [json.loads(line) for line in (tmp_path / "run" / "responses.jsonl").read_text("utf-8").splitlines()]
    assert sorted(row["key"] for row in rows[1:]) == sorted(prompt.key for prompt in PROMPTS)


def test_a_full_disk_at_the_header_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Journal(tmp_path / "run") as journal:
        journal._file = Disk(journal._file, 0)  # type: ignore[assignment]
        with pytest.raises(JournalError, match=r"responses\.jsonl: No space left"):
            journal.begin(IDENTITY)
    assert not (tmp_path / "run").exists()


def test_a_full_disk_at_the_scores_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OutputError("scores.json: cannot be written: No space left on device")

    monkeypatch.setattr("ifeval_fi.scoring.write_all", full)
    with MisbehavingServer() as server, pytest.raises(SystemExit) as stopped:
        main(["run", "--base-url", server.url, "--limit", "2", "--output", str(tmp_path / "run"), "--quiet"])
    said = capsys.readouterr().err.strip().splitlines()
    assert (stopped.value.code, len(said)) == (2, 1)
    assert "scores.json" in said[0]


@pytest.mark.parametrize("number", LAST)
def test_a_file_system_without_fsync_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(os, "fsync", fails(number))
    with MisbehavingServer() as server:
        result = run_prompts(PROMPTS, settings(server), tmp_path / "run", quiet=True)
    assert result.finished


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC])
def test_an_fsync_that_loses_data_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setattr(os, "fsync", fails(number))
    with Journal(tmp_path) as journal, pytest.raises(JournalError):
        journal.begin(IDENTITY)


@pytest.mark.parametrize("number", [*LAST, errno.ENOLCK])
def test_a_file_system_without_locks_is_no_failure_and_has_one_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(journals, "_lock", fails(number))
    with Journal(tmp_path / "run"), pytest.raises(JournalError, match=r"another run on .* is writing"):
        Journal(tmp_path / "run")
    assert not (tmp_path / "run").exists()
    with MisbehavingServer() as server:
        result = run_prompts(PROMPTS, settings(server), tmp_path / "run")
    assert result.finished


@pytest.mark.parametrize("number", [errno.EAGAIN, errno.EACCES])
def test_a_held_lock_is_another_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setattr(journals, "_lock", fails(number))
    with pytest.raises(JournalError, match="another run"):
        Journal(tmp_path)


def test_a_place_below_a_file_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("precious")
    with pytest.raises(SystemExit) as stopped:
        main(["run", "--base-url", "http://127.0.0.1:9/v1", "--output", str(tmp_path / "file" / "run")])
    assert stopped.value.code == 2
    assert "Not a directory" in capsys.readouterr().err
    assert (tmp_path / "file").read_text() == "precious"


@pytest.mark.skipif(os.name != "posix", reason="makes a pipe")
def test_a_journal_that_is_a_pipe_is_refused_and_stays(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "responses.jsonl")
    with pytest.raises(JournalError, match="no plain file"):
        Journal(tmp_path)
    assert (tmp_path / "responses.jsonl").is_fifo()


@pytest.mark.skipif(os.name != "posix", reason="makes a link")
def test_a_journal_behind_a_link_is_written_there(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    link = tmp_path / "run" / "responses.jsonl"
    link.symlink_to(tmp_path / "elsewhere.jsonl")
    Journal(tmp_path / "run").close()
    assert link.is_symlink()
    with Journal(tmp_path / "run") as journal:
        journal.begin(IDENTITY)
    assert link.is_symlink()
    assert (tmp_path / "elsewhere.jsonl").read_text() == '{"run": {"format": 1}}\n'


def test_a_run_in_a_notebook_where_a_loop_runs(tmp_path: Path) -> None:
    async def cell() -> Any:
        with MisbehavingServer() as server:
            return run_prompts(PROMPTS, settings(server), tmp_path / "run", quiet=True)

    assert asyncio.run(cell()).finished


def test_an_interrupted_notebook_keeps_what_was_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from concurrent.futures import Future

    waited = Future.result

    def interrupted(self: Any, timeout: float | None = None) -> Any:
        if not (tmp_path / "run" / "responses.jsonl").exists():
            return waited(self, timeout)
        monkeypatch.setattr(Future, "result", waited)
        while not (tmp_path / "run" / "responses.jsonl").read_text().count("\n") > 2:
            pass
        raise KeyboardInterrupt

    async def cell() -> Any:
        with MisbehavingServer(latency=0.05) as server:
            monkeypatch.setattr(Future, "result", interrupted)
            return run_prompts(PROMPTS, settings(server, concurrency=1), tmp_path / "run", quiet=True)

    result = asyncio.run(cell())
    assert result.stopped == "interrupted"
    assert 0 < result.answered < len(PROMPTS)
    assert (tmp_path / "run" / "responses.jsonl").read_text("utf-8").count("\n") == result.answered + 1


def test_any_number_of_tokens_can_be_shown() -> None:
    progress = Progress(2, None, quiet=True)
    progress.count({"outcome": "answered", "usage": {"prompt_tokens": 1, "completion_tokens": 10**400}})
    assert "tokens/s" in progress.state
