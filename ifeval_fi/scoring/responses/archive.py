"""A zip archive whose members may be packed with zstandard, as Inspect packs its logs."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from ifeval_fi.errors import MissingEngine, ResponseError
from ifeval_fi.files import MOST_UNPACKED

SIGNATURE = b"PK\x03\x04"
"""What an archive begins with."""
ZSTD_INSTALL = 'pip install "ifeval-fi[logs]"'
_ZSTD = 93
# A member's own header: 26 bytes, the lengths of its name and of its extra field, then both, then the content.
_LENGTHS, _HEADER = slice(26, 30), 30
_DAMAGE = (
    zipfile.BadZipFile,
    ValueError,
    OSError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    struct.error,
    zlib.error,
)


class Archive:
    """An archive in memory; ResponseError names the file, or the member, that cannot be read."""

    def __init__(self, path: str, content: bytes) -> None:
        self.path = path
        self._content = content
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except _DAMAGE as problem:
            raise ResponseError(f"{path}: no whole archive ({problem}); `inspect log recover` may mend it") from None

    @property
    def names(self) -> list[str]:
        """The members, in the order in which they were written; one that was written again only once."""
        return list(dict.fromkeys(self._zip.namelist()))

    def read(self, name: str) -> bytes:
        """What is packed in a member; MissingEngine where zstandard is needed and not installed."""
        member = self._zip.getinfo(name)
        where = f"{self.path}, {name}"
        if member.file_size > MOST_UNPACKED:
            raise ResponseError(f"{where}: unpacks to more than {MOST_UNPACKED // 2**20} MiB")
        try:
            return self._zip.read(name)
        except NotImplementedError as problem:
            # Before Python 3.14, zipfile knows no zstandard.
            if member.compress_type != _ZSTD:
                raise ResponseError(f"{where}: cannot be unpacked ({problem})") from None
        except _DAMAGE as problem:
            raise ResponseError(f"{where}: cannot be unpacked ({problem})") from None
        found = self._unpacked(member, where)
        if zlib.crc32(found) != member.CRC:
            raise ResponseError(f"{where}: is damaged")
        return found

    def _unpacked(self, member: zipfile.ZipInfo, where: str) -> bytes:
        try:
            import zstandard
        except ImportError:
            raise MissingEngine(
                f"{self.path}: Inspect's archives are unpacked with zstandard; {ZSTD_INSTALL}"
            ) from None
        try:
            packed = io.BytesIO(self._packed(member))
            reader = zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True)
            return bytes(reader.read(member.file_size + 1))
        except (*_DAMAGE, zstandard.ZstdError) as problem:
            raise ResponseError(f"{where}: cannot be unpacked ({problem})") from None

    def _packed(self, member: zipfile.ZipInfo) -> bytes:
        start = member.header_offset
        lengths = struct.unpack("<HH", self._content[start:][_LENGTHS])
        begin = start + _HEADER + sum(lengths)
        return self._content[begin : begin + member.compress_size]
