"""One reading of a text for every comparison of texts and names: what two careful readers would take for the same."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache, lru_cache

from ifeval_fi.text import normalise

_MARKS = re.compile("[\u0300-\u036f]+")
# "<b>", "</span>" and "<!-- x -->", which no reader sees, and where "[talo](https://a.example)" leads.
_TAG = re.compile(r"<!--[^<>]{0,200}-->|</?[A-Za-z]{1,12}(?:\s[^<>]{0,200})?/?>")
_TARGET = re.compile(r"\]\([^()\s]{1,200}\)")
# What stands behind a right-to-left override is read from its end: "\u202eolat" is "talo".
_TURNED = re.compile("\u202e([^\u202a-\u202e\u2066-\u2069\n]*)")
# "l!man", but not "Hei! Ja".
_MARK_AS_I = re.compile(r"(?<=[^\W\d_])!(?=[^\W\d_])")
# The letter at the end of names such as "NEGATIVE CIRCLED LATIN CAPITAL LETTER B" and "LATIN SMALL LETTER B WITH HOOK".
_NAMED = re.compile(r".*(?:LATIN|REGIONAL INDICATOR).*\b([A-Z])(?: WITH .*)?")
_TWICE = re.compile(rb"(.)\1+")
# Letters that look like a Latin one, as both texts and names have been dressed up with them; what Unicode itself calls
# compatible (fullwidth, mathematical, circled) needs no line here.
_LIKE = {
    "a": "аαɑΑАꓮᎪⲀⲁ", "b": "вЬьβΒВꓐЪᏴⲂꞵ", "c": "сϲСϹꓚⲤⲥᏟ", "d": "ԁդðꓓᎠꭰ", "e": "еεєЕΕꓰҽəᎬⲈⲉℯ", "f": "ϝꓝքϜ", "g": "ԍցꓖᏀ",
    "h": "һнհΗНꓧᎻⲎʜ", "i": "ıіιІΙӏꓲӀᎥⲒⲓ", "j": "јϳյЈꓙᎫ", "k": "кκΚКꓗᏦⲔⲕ", "l": "լꓡᏞ", "m": "мΜМꓟᎷⲘⲙ", "n": "пηոΝꓠⲚ",
    "o": "оοσօОΟꓳഠ૦ⲞⲟƟ", "p": "рρΡРꓑᏢⲢⲣ", "q": "ԛզգ", "r": "гяꓣᴦᏒⲅ", "s": "ѕЅꓢᏚʃ", "t": "тτТΤꓔᎢⲦⲧ", "u": "υսцꓴ",
    "v": "νѵѴꓦᏙ", "w": "ωԝшѡꓪᏔᎳⲱ", "x": "хχΧХꓫⲬⲭ", "y": "уγУΥүҮꓬⲨⲩ", "z": "ζΖꓜᏃⲌ",
}  # fmt: skip
_LOOKALIKES = {character: letter for letter, like in _LIKE.items() for character in like}
_SPELT = {"æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ß": "ss", "þ": "th"}
# Letters without a form of their own, which show nothing.
_UNSEEN = frozenset(("Cf", "Mn", "Me", "Mc", "Cs", "Co", "Cn"))
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")
# What stands for letters, as in "ma11i", "maIIi" and "t@lo", reads the same in both texts.
_ASCII = (
    bytes(ord(chr(code).lower()) if chr(code).isalnum() or chr(code) in "@$" else 32 for code in range(128)).translate(
        bytes.maketrans(b"013457i@$", b"oleastlas")
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
        elif found := _LOOKALIKES.get(character) or _LOOKALIKES.get(character.upper()) or _SPELT.get(character):
            read = found
        elif named := _NAMED.fullmatch(unicodedata.name(character, "")):
            read = named[1].lower()
        elif character in _FILLERS or kind in _UNSEEN or (0x80 <= code < 0xA0 and code != 0x85):
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

    Accents, invisible characters, mark-up, capitals, spacing, doubled and look-alike letters make no difference.
    """
    return _TWICE.sub(rb"\1", _read(text).replace(b" ", b""))


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
    if "](" in seen:
        seen = _TARGET.sub("]", seen)
    if "!" in seen:
        seen = _MARK_AS_I.sub("i", seen)
    if "\u202e" in seen:
        seen = _TURNED.sub(lambda found: found[1][::-1], seen)
    if not seen.isascii():
        seen = _MARKS.sub("", unicodedata.normalize("NFKD", seen))
    if not seen.isascii():
        seen = seen.translate(_FOLDS)
    return seen.encode("ascii", "ignore").translate(_ASCII, b"\0\x07\x08\x7f\x1b")


# "opt-1.3b", which is not "opt-13b", though "opt-1-3b" is the same to a reader.
_POINT = re.compile(r"(?<=\d)[._-](?=\d)")


@cache
def skeleton(name: str) -> str:
    """A name as it looks: "Org/MaIIi", "org/ma11i" and "0rg/malli" have one skeleton."""
    read = _read(_POINT.sub("p", name)).replace(b" ", b"")
    return read.replace(b"rn", b"m").replace(b"vv", b"w").replace(b"cl", b"d").decode()
