"""Results are written whole, all or none, and never in the place of what is no plain file."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import pytest
from scored import scored_run
from spoiling import FEW, outcome, state

from ifeval_fi import files
from ifeval_fi.errors import OutputError
from ifeval_fi.files import write_all, write_atomically, writing
from ifeval_fi.jsonl import write_rows
from ifeval_fi.translate.review import write_review

posix = pytest.mark.skipif(os.name != "posix", reason="makes links and pipes")


def listing(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_is_written_is_there_and_nothing_else(tmp_path: Path) -> None:
    write_all({tmp_path / "a" / "b.txt": "ä", tmp_path / "c.bin": b"\x00"})
    assert (tmp_path / "a" / "b.txt").read_bytes() == "ä".encode()
    assert listing(tmp_path) == ["a", "c.bin"]
    assert listing(tmp_path / "a") == ["b.txt"]


def test_what_is_written_bit_by_bit_is_there_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "rows.jsonl"
    with writing(path) as file:
        file.write(b"one\n")
        assert not path.exists()
        file.write(b"two\n")
    assert path.read_bytes() == b"one\ntwo\n"
    with pytest.raises(KeyboardInterrupt), writing(path) as file:
        _interrupted(file)
    assert path.read_bytes() == b"one\ntwo\n"
    assert listing(path.parent) == ["rows.jsonl"]
    with pytest.raises(OutputError, match="is a folder"), writing(tmp_path / "folder"):
        pass
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with (
        pytest.raises(OutputError, match=r"new\.jsonl: cannot be written: No space left"),
        writing(tmp_path / "new.jsonl"),
    ):
        raise full
    assert listing(tmp_path) == ["folder"]


def _interrupted(file: IO[bytes]) -> None:
    file.write(b"three\n")
    raise KeyboardInterrupt


def test_a_name_as_long_as_a_name_may_be(tmp_path: Path) -> None:
    write_atomically(tmp_path / ("a" * 255), "x")
    assert listing(tmp_path) == ["a" * 255]
    with pytest.raises(OutputError, match="too long"):
        write_atomically(tmp_path / ("a" * 256), "x")


@pytest.mark.parametrize("room", [0, 1, 2, 3])
def test_a_full_disk_leaves_all_old_files_or_all_new_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    """The disk takes so many files, then no more."""
    names = ("one", "two", "three")
    for name in names[:2]:
        (tmp_path / name).write_text("old")
    stage, left = files._stage, [room]

    def full(place: Path, data: bytes) -> Path:
        if not left[0]:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        left[0] -= 1
        return stage(place, data)

    monkeypatch.setattr(files, "_stage", full)
    if room == 3:
        write_all({tmp_path / name: "new" for name in names})
        assert [(tmp_path / name).read_text() for name in names] == ["new"] * 3
        return
    with pytest.raises(OutputError, match=rf"{names[room]}: cannot be written: No space left on device"):
        write_all({tmp_path / name: "new" for name in names})
    assert listing(tmp_path) == ["one", "two"]
    assert [(tmp_path / name).read_text() for name in names[:2]] == ["old"] * 2


def test_a_disk_that_fills_within_a_file_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = os.fdopen

    def small(*given: Any) -> Any:
        file = opened(*given)

        class Full:
            def __enter__(self) -> Any:
                return self

            def __exit__(self, *_: object) -> None:
                file.close()

            def write(self, data: bytes) -> None:
                file.write(data[:1])
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        return Full()

    monkeypatch.setattr(files.os, "fdopen", small)
    with pytest.raises(OutputError, match="No space left"):
        write_atomically(tmp_path / "scores.json", "{}")
    assert listing(tmp_path) == []


@pytest.mark.parametrize("number", [errno.EPERM, errno.ENOTSUP, errno.ENOSYS])
def test_a_file_system_without_permissions_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "chmod", unknown)
    write_atomically(tmp_path / "x", "1")
    assert (tmp_path / "x").read_text() == "1"


@posix
def test_permissions_of_a_file_that_is_there_stay(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("old")
    path.chmod(0o640)
    write_atomically(path, "new")
    assert path.stat().st_mode & 0o777 == 0o640
    write_atomically(tmp_path / "y", "new")
    assert (tmp_path / "y").stat().st_mode & 0o777 == 0o644


@posix
@pytest.mark.parametrize("there", [True, False])
def test_a_link_is_followed(tmp_path: Path, there: bool) -> None:
    target, link, second = (tmp_path / name for name in ("target", "link", "second"))
    if there:
        target.write_text("old")
    link.symlink_to("target")
    second.symlink_to(link)
    write_atomically(second, "new")
    assert (link.is_symlink(), second.is_symlink(), target.read_text()) == (True, True, "new")


@posix
def test_a_link_to_itself_is_refused_and_stays(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to("link")
    with pytest.raises(OutputError, match="symbolic links"):
        write_atomically(link, "new")
    assert link.is_symlink()


@posix
def test_a_pipe_is_written_into_when_somebody_reads(tmp_path: Path) -> None:
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    content = "ä" * 200_000
    reader = threading.Thread(target=lambda: read.append(pipe.read_text("utf-8")))
    reader.start()
    while reader.is_alive() and not read:
        with suppress(OutputError):  # The reader may not have opened it yet.
            write_atomically(pipe, content)
            reader.join()
    assert read == [content]
    assert pipe.is_fifo()


@posix
def test_a_pipe_that_nobody_reads_is_refused_and_stays(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OutputError, match="pipe from which nobody reads"):
        write_all({tmp_path / "pipe": "x"})
    assert (tmp_path / "pipe").is_fifo()


@posix
def test_a_socket_is_refused_and_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s")
        with pytest.raises(OutputError, match="no plain file"):
            write_atomically(Path("s"), "x")
        assert Path("s").is_socket()


def below_a_file(folder: Path) -> Path:
    (folder / "file").write_text("precious")
    return folder / "file" / "out"


def at_a_folder(folder: Path) -> Path:
    (folder / "out").mkdir()
    return folder / "out"


def at_a_pipe(folder: Path) -> Path:
    os.mkfifo(folder / "out")
    return folder / "out"


CALLS: dict[str, tuple[str, ...]] = {
    "export": ("prompts", "export", "--output", "OUT"),
    "markdown": ("compare", "RUN", "OTHER", "--markdown", "OUT"),
    "json": ("compare", "RUN", "OTHER", "--json", "good.json", "--html", "OUT"),
    "report": ("report", "RUN", "--output", "OUT.csv"),
    "apply": ("translate", "apply", "draft.review.csv", "--output", "OUT"),
}


@posix
@pytest.mark.parametrize("place", [below_a_file, at_a_folder, at_a_pipe])
@pytest.mark.parametrize("name", list(CALLS))
def test_an_impossible_output_is_one_sentence_and_changes_nothing(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    place: Callable[[Path], Path],
    name: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    for run in ("run", "other"):
        scored_run(tmp_path / run, prompts=FEW)
    write_rows(tmp_path / "draft.translation.jsonl", state())
    write_review(tmp_path / "draft.review.csv", state())
    out = place(tmp_path)
    if "OUT.csv" in CALLS[name] and place is not below_a_file:
        out = out.rename(tmp_path / "out.csv")
        out = tmp_path / "out"
    words = {"OUT": str(out), "OUT.csv": f"{out}.csv", "RUN": "run", "OTHER": "other"}
    before = listing(tmp_path)
    code, err = outcome(capsys, *(words.get(word, word) for word in CALLS[name]))
    assert code == 2
    assert "out" in err
    assert "cannot be written" in err
    assert listing(tmp_path) == before


@posix
def test_a_responses_file_that_is_a_folder_or_a_socket_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    monkeypatch.chdir(tmp_path)
    Path("prompts").mkdir()
    assert "is a folder" in outcome(capsys, "prompts", "show", "--prompts", "./prompts")[1]
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s")
        assert outcome(capsys, "score", "s")[0] == 2
