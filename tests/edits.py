"""How a copied answer is dressed up, for the tests of the board and the benchmark of its copy check."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable

Edit = Callable[[str], str]

CYRILLIC = str.maketrans("aeopcxyi", "аеорсхуі")
GREEK = str.maketrans("aoeivupkxytn", "αοεινυρκχγτη")
ARMENIAN = str.maketrans("uohnsgpfq", "սօհոѕցքֆզ")
CHEROKEE = str.maketrans("ABCDEGHJKLMPRSTVWZ", "ᎪᏴᏟᎠᎬᏀᎻᎫᏦᏞᎷᏢᏒᏚᎢᏙᎳᏃ")
SMALL_CAPITALS = str.maketrans("abcdefghijklmnoprstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ")
HOOKED = str.maketrans("bdgkpctmnrsvyfhl", "ɓɗɠƙƥƈƭɱɲɽʂⱱƴƒɦɭ")
STRUCK = str.maketrans("dhtlbouie", "đħŧłƀøʉɨɇ")
TURNED = str.maketrans("aecmrvwyhtk", "ɐǝɔɯɹʌʍʎɥʇʞ")
PUNCTUATION = str.maketrans({".": "。", ",": "，", "!": "！", "?": "？", ":": "：", '"': "»", "(": "（", ")": "）"})
DIGITS = str.maketrans("aeiost", "@3!0$7")
FILLERS = "niinpä kuitenkin ehkä juuri siis toki vain myös silti aina usein joskus melko varsin hieman".split()


def every(step: int, change: Edit) -> Edit:
    """The text with every so manyth word changed."""

    def edit(text: str) -> str:
        parts = re.split(r"(\s+)", text)
        return "".join(change(part) if at % (2 * step) == 0 else part for at, part in enumerate(parts))

    return edit


def shuffled(text: str) -> str:
    """The text with its sentences in another order."""
    parts = re.split(r"(?<=[.!?])\s+", text)
    random.Random(1).shuffle(parts)
    return " ".join(parts)


def shuffled_words(text: str) -> str:
    words = text.split()
    random.Random(1).shuffle(words)
    return " ".join(words)


def swapped(text: str) -> str:
    """The text with every two neighbouring words in the other order."""
    words = text.split()
    words[1::2], words[0 : len(words) // 2 * 2 : 2] = words[0 : len(words) // 2 * 2 : 2], words[1::2]
    return " ".join(words)


def in_words(change: Edit) -> Edit:
    return lambda text: re.sub(r"\w+", lambda found: change(found[0]), text)


def styled(first: int) -> Edit:
    """The text in capitals of the alphabet whose A has this code point."""

    def edit(text: str) -> str:
        return "".join(chr(first + ord(c) - 65) if "A" <= c <= "Z" else c for c in text.upper())

    return edit


def inserted(character: str) -> Edit:
    return lambda text: character.join(text)


def filled(step: int) -> Edit:
    """Another small word after every so manyth."""

    def edit(text: str) -> str:
        rng = random.Random(len(text))
        return every(step, lambda word: f"{word} {rng.choice(FILLERS)}")(text)

    return edit


EDITS: dict[str, Edit] = {
    "decomposed (NFD)": lambda text: unicodedata.normalize("NFD", text),
    "full width": lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
    "mathematical bold": styled(0x1D400),
    "circled": styled(0x24B6),
    "negative circled": styled(0x1F150),
    "negative squared": styled(0x1F170),
    "regional indicators": styled(0x1F1E6),
    "small capitals": lambda text: text.translate(SMALL_CAPITALS),
    "Cyrillic": lambda text: text.translate(CYRILLIC),
    "Cyrillic in every 5th word": every(5, lambda word: word.translate(CYRILLIC)),
    "Greek": lambda text: text.translate(GREEK),
    "Armenian": lambda text: text.translate(ARMENIAN),
    "Cherokee": lambda text: text.upper().translate(CHEROKEE),
    "hooked letters": lambda text: text.translate(HOOKED),
    "struck letters": lambda text: text.translate(STRUCK),
    "turned letters": lambda text: text.translate(TURNED),
    "digits and signs for letters": lambda text: text.translate(DIGITS),
    "l for I": lambda text: text.replace("i", "l"),
    "rn for m": lambda text: text.replace("m", "rn"),
    "accents": lambda text: text.replace("a", "á").replace("e", "ê"),
    "many accents": inserted("\u0301\u0302\u0323"),
    "zero-width spaces": inserted("\u200b"),
    "zero-width space in every 3rd word": every(3, lambda word: f"{word[:2]}\u200b{word[2:]}"),
    "word joiners": inserted("\u2060"),
    "combining grapheme joiners": inserted("\u034f"),
    "soft hyphens": inserted("\u00ad"),
    "variation selectors": inserted("\ufe0f"),
    "tag characters": inserted("\U000e0061"),
    "Hangul fillers": inserted("\u3164"),
    "direction marks": inserted("\u200e"),
    "overrides": in_words(lambda word: f"\u202e{word[::-1]}\u202c"),
    "HTML comments": inserted("<!-- x -->"),
    "HTML tags": in_words(lambda word: f'{word[:2]}<b class="x">{word[2:]}</b>'),
    "HTML entities": in_words(lambda word: "".join(f"&#{ord(c)};" for c in word)),
    "links": in_words(lambda word: f"[{word}](https://a.example)"),
    "_w_": every(2, lambda word: f"_{word}_"),
    "hyphens": in_words("-".join),
    "emoji": lambda text: text.replace(" ", " 🙂 "),
    "lines": lambda text: text.replace(" ", "\n"),
    "capitals": str.upper,
    "other punctuation": lambda text: text.translate(PUNCTUATION),
    "small letters, no punctuation": lambda text: re.sub(r"[^\w\s]", "", text).lower(),
    "doubled vowels": lambda text: re.sub("([aeiou])", r"\1\1", text),
    "-kin on every 6th": every(6, lambda word: f"{word}kin"),
    "-kin on every 3rd": every(3, lambda word: f"{word}kin"),
    "a vowel less in every 2nd": every(2, lambda word: word[:1] + re.sub("[aeiouyäö]", "", word[1:], count=1)),
    "a word after every 3rd": filled(3),
    "a word after every 6th": filled(6),
    "every 4th word another": every(4, lambda word: "jokin"),
    "every 6th word dropped": every(6, lambda word: ""),
    "sentences shuffled": shuffled,
    "words in pairs swapped": swapped,
    "words shuffled": shuffled_words,
    "letters swapped in every word": in_words(lambda word: word[:1] + word[2:3] + word[1:2] + word[3:]),
    "half of it": lambda text: text[: len(text) // 2],
    "twice": lambda text: f"{text}\n{text}",
    "a beginning of one's own": lambda text: (
        f"Tämä johdanto on omaa tekstiä, jota kukaan muu ei ole kirjoittanut. {text}"
    ),
    "all of it": lambda text: shuffled(every(6, lambda word: f"{word}kin")(filled(8)(text))).upper(),
}
