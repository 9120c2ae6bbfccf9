"""Files as people have them: read whole from a file or pipe; written whole, all of them or none.

Links are followed, and what is no plain file is never replaced by one.
"""

from __future__ import annotations

import errno
import gzip
import os
import stat
import sys
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from time import monotonic, sleep
from typing import IO, TYPE_CHECKING

from ifeval_fi.errors import IfevalError, OutputError

if TYPE_CHECKING:
    from importlib.abc import Traversable

MOST_UNPACKED = 512 * 2**20
NO_WRITER_SECONDS = 3.0
SILENT_WRITER_SECONDS = 60.0
_STREAMS = ("/dev/", "/proc/")


def read_bytes(path: Path | Traversable, error: type[IfevalError] = IfevalError) -> bytes:
    """The content of a file, or of a pipe to its end; of NAME.gz, what is packed in it. The error says why not."""
    try:
        content = _read(path) if isinstance(path, Path) else path.read_bytes()
        return _unpacked(content) if path.name.endswith(".gz") else content
    except FileNotFoundError:
        raise error(f"{path}: no such file") from None
    except IsADirectoryError:
        raise error(f"{path}: is a folder, not a file") from None
    except OSError as problem:
        raise error(f"{path}: {problem.strerror or problem}") from None
    except ValueError as problem:
        raise error(f"{path}: {problem}") from None


def _unpacked(content: bytes) -> bytes:
    """ValueError for what is no gzip file, or grows beyond measure."""
    try:
        with gzip.GzipFile(fileobj=BytesIO(content)) as packed:
            found = packed.read(MOST_UNPACKED + 1)
    except (OSError, EOFError, zlib.error) as problem:
        raise ValueError(f"no whole gzip file ({problem})") from None
    if len(found) > MOST_UNPACKED:
        raise ValueError(f"unpacks to more than {MOST_UNPACKED // 2**20} MiB")
    return found


def read_text(path: Path | Traversable, error: type[IfevalError] = IfevalError) -> str:
    """The file's UTF-8 text; the error says what keeps it from being read."""
    try:
        return read_bytes(path, error).decode("utf-8")
    except UnicodeDecodeError as problem:
        raise error(f"{path}: not UTF-8 (byte {problem.start}); save the file as UTF-8") from None


def _read(path: Path) -> bytes:
    # Without O_NONBLOCK, opening a pipe waits for a writer, for ever if there is none.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if stat.S_ISFIFO(mode):
            return b"".join(_poured(file.fileno()))
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "is a device, not a file")
        return file.read()


def _poured(pipe: int) -> Iterator[bytes]:
    """What comes out of a pipe until its writers are gone; OSError when nobody writes or nothing comes."""
    begun, waiting = False, monotonic()
    while True:
        try:
            part: bytes | None = os.read(pipe, 1 << 20)
        except BlockingIOError:
            part = None
        if part:
            yield part
            begun, waiting = True, monotonic()
        elif part is not None and begun:
            return
        elif monotonic() - waiting > (NO_WRITER_SECONDS if part is not None else SILENT_WRITER_SECONDS):
            raise OSError(errno.EAGAIN, "is a pipe into which nobody writes; name a file")
        else:
            sleep(0.01)


def write_atomically(path: Path, content: str | bytes) -> None:
    """Replace the file in one step, so that a reader sees the old or the new content and nothing between."""
    write_all({path: content})


def write_all(contents: Mapping[Path, str | bytes]) -> None:
    """Write every file or, when one cannot be written, none; OutputError names it and the reason.

    A link is followed; a pipe, terminal or other character device is written into.
    """
    staged: dict[Path, Path] = {}
    streams: list[tuple[Path, IO[bytes], bytes]] = []
    try:
        for path, content in contents.items():
            data = content.encode("utf-8", "replace") if isinstance(content, str) else content
            with _reason(path):
                if _is_stream(path):
                    streams.append((path, _opened(path), data))
                else:
                    place = _place(path)
                    staged[place] = _stage(place, data)
        for place, draft in staged.items():
            with _reason(place):
                draft.replace(place)
        for path, stream, data in streams:
            with _reason(path), stream:
                stream.write(data)
    finally:
        for _, stream, _ in streams:
            with suppress(OSError):
                stream.close()
        for draft in staged.values():
            draft.unlink(missing_ok=True)


@contextmanager
def writing(path: Path) -> Iterator[IO[bytes]]:
    """A file to write bit by bit, which takes its place when all is written; OutputError says why it cannot.

    A pipe, terminal or other character device is written into.
    """
    with _reason(path):
        if _is_stream(path):
            with _opened(path) as stream:
                yield stream
            return
        place = _place(path)
        with _draft(place) as (file, draft):
            yield file
        try:
            draft.replace(place)
        finally:
            draft.unlink(missing_ok=True)


@contextmanager
def _reason(path: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError as problem:
        raise OutputError(f"{path}: cannot be written: {problem.filename} is no folder") from None
    except OSError as problem:
        raise OutputError(f"{path}: cannot be written: {problem.strerror or problem}") from None


def _is_stream(path: Path) -> bool:
    """Whether to write into what is there, as into /dev/stdout; OSError for what must not be written to at all."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return False
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "is a folder")
    if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)):
        raise OSError(errno.EINVAL, "is no plain file")
    return not stat.S_ISREG(mode) or str(path.absolute()).startswith(_STREAMS)


def _place(path: Path) -> Path:
    """Where the file behind all links lies or will lie, in a folder that is made when it is missing."""
    place = Path(os.path.realpath(path))
    if place.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


def _stage(place: Path, data: bytes) -> Path:
    """A file with the content beside the place, so that it takes one step to get there."""
    with _draft(place) as (file, draft):
        file.write(data)
    return draft


@contextmanager
def _draft(place: Path) -> Iterator[tuple[IO[bytes], Path]]:
    """A file beside the place to write into; it is gone when that fails."""
    import tempfile  # which loads all that packs and unpacks archives

    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".ifeval-fi.")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file, draft
        # Not every file system knows permissions.
        with suppress(OSError):
            draft.chmod(stat.S_IMODE(place.stat().st_mode) if place.exists() else 0o644)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _opened(stream: Path) -> IO[bytes]:
    try:
        # Without O_NONBLOCK, opening a pipe that nobody reads waits for ever.
        handle = os.open(stream, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as problem:
        if problem.errno == errno.ENXIO:
            raise OSError(errno.ENXIO, "is a pipe from which nobody reads") from None
        raise
    if sys.platform != "win32":
        os.set_blocking(handle, True)
    return os.fdopen(handle, "wb")
