"""One reading of a text for every comparison of texts and names: what two careful readers would take for the same."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache, lru_cache

from ifeval_fi.text import normalise

_MARKS = re.compile("[\u0300-\u036f]+")
# "<b>" and "</span>", which no reader sees.
_TAG = re.compile(r"</?[A-Za-z]{1,12}\s{0,9}/?>")
# Letters that look like a Latin one, as both texts and names have been dressed up with them; what Unicode itself calls
# compatible (fullwidth, mathematical, circled) needs no line here.
_LIKE = {
    "a": "аαɑΑАꓮᴀ",
    "b": "вЬьβΒВꓐЪʙ", "c": "сϲСϹꓚᴄⲥ", "d": "ԁդđðꓓᴅ", "e": "еεєеЕΕꓰᴇҽ", "f": "ϝꓝք", "g": "ɡԍցꓖɢ", "h": "һнհΗНꓧʜ",
    "i": "ıіιɩɪІΙӏꓲӀ", "j": "јϳյЈꓙᴊ", "k": "кκΚКꓗᴋ", "l": "լꓡʟⅼ", "m": "мΜМꓟᴍ", "n": "пηոΝꓠɴ", "o": "оοσօοОΟꓳᴏഠ૦",
    "p": "рρΡРꓑᴘ", "q": "ԛզգ", "r": "гяꓣʀᴦ", "s": "ѕսЅꓢꜱ", "t": "тτΤТꓔᴛ", "u": "υսцʋꓴᴜ", "v": "νѵѴꓦᴠ", "w": "ωԝшѡꓪᴡ",
    "x": "хχΧХꓫ", "y": "уγУΥүҮꓬʏ", "z": "ζΖꓜᴢ",
}  # fmt: skip
_LOOKALIKES = {character: letter for letter, like in _LIKE.items() for character in like}
_SPELT = {"æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ø": "o", "Ø": "o", "ß": "ss", "þ": "th", "ł": "l", "Ł": "l"}
# Digits that stand for letters, "ma11i" and "t4lo", read the same in both texts; numbers are only spelt another way.
_ASCII = (
    bytes(ord(chr(code).lower()) if chr(code).isalnum() else 32 for code in range(128)).translate(
        bytes.maketrans(b"013457|", b"oieast|")
    )
    + b" " * 128
)


class _Folds(dict[int, str]):
    """What a character outside ASCII is read as: its look-alike, nothing when it cannot be seen, else a space."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        kind = unicodedata.category(character)
        if code < 128:
            read = character
        elif character in _LOOKALIKES or character in _SPELT:
            read = _LOOKALIKES.get(character) or _SPELT[character]
        elif kind in ("Cf", "Mn", "Me", "Mc", "Cs", "Co", "Cn") or (0x80 <= code < 0xA0 and code != 0x85):
            read = ""
        elif kind[0] in "LN":
            read = f"u{code:x}"
        else:
            read = " "
        self[code] = read
        return read


_FOLDS = _Folds()


def letters(text: str) -> bytes:
    """The letters and digits of the text as a reader takes them, in small ASCII letters without spaces between.

    Accents, invisible characters, mark-up, capitals, spacing and look-alike letters make no difference.
    """
    return _read(text).replace(b" ", b"")


def words(text: str) -> list[bytes]:
    """The same letters, word by word."""
    return _read(text).split()


def _read(text: str) -> bytes:
    """Remembered, for an answer is read for several measures; an endless one is not kept for that."""
    return _remembered(text) if len(text) < 20_000 else _remembered.__wrapped__(text)


@lru_cache(maxsize=2048)
def _remembered(text: str) -> bytes:
    seen = normalise(text)
    if "&" in seen:
        seen = html.unescape(seen)
    if "<" in seen:
        seen = _TAG.sub("", seen)
    if not seen.isascii():
        seen = _MARKS.sub("", unicodedata.normalize("NFKD", seen))
    if not seen.isascii():
        seen = seen.translate(_FOLDS)
    return seen.encode("ascii", "ignore").translate(_ASCII, b"\0\x07\x08\x7f\x1b")


@cache
def skeleton(name: str) -> str:
    """A name as it looks: "Org/MaIIi", "org/ma11i" and "0rg/malli" have one skeleton."""
    folded = re.sub(rb"[il]", b"i", letters(name).replace(b"rn", b"m").replace(b"vv", b"w"))
    return folded.decode()
