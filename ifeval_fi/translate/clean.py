"""What shows that a translation is poor: lengths, symbols, repetition, leftovers, language, lost parts."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ifeval_fi.detection import counts_as, detect_language
from ifeval_fi.detection.word_languages import known_languages
from ifeval_fi.errors import IfevalError
from ifeval_fi.languages import Language
from ifeval_fi.text import collapse, words
from ifeval_fi.translate.restore import Restored

REASONS = {
    "not_translated": "the engine gave no translation",
    "invalid_output": "the model's answer was not what was asked for",
    "truncated": "the translation was cut off at the token limit",
    "longer": "many more words than the source",
    "shorter": "far fewer words than the source",
    "symbols": "many characters that are neither letters, digits nor white space",
    "repetition": "compresses too well to be running text",
    "untranslated": "a sentence was left as it was",
    "doubled": "a sentence stands there more often than in the source",
    "wrong_language": "not in the target language",
    "number_lost": "a number of the source is missing",
    "literal_lost": "a URL, placeholder or marker is missing or doubled",
    "glued": "a word runs into a URL, placeholder or marker that stood apart",
    "tags_broken": "tags came back damaged; line breaks or arguments may be wrong",
    "argument_lost": "an argument was not found in the translation",
    "argument_ambiguous": "an argument can stand for several words",
    "argument_not_in_source": "an argument is not in the source text and was left as it is",
    "localise": "something in it belongs to the source language",
}
POOR = (
    "not_translated",
    "invalid_output",
    "truncated",
    "longer",
    "shorter",
    "symbols",
    "repetition",
    "untranslated",
    "doubled",
    "wrong_language",
    "glued",
    "tags_broken",
)

_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d{3}(?!\d))*(?:[.,]\d+)?")
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Flag:
    """One thing that is wrong with one translated text; `detail` is the evidence."""

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """When a translation counts as poor.

    `max_growth`, `max_shrink`: words more and fewer than the source's, as a share of them. `max_symbols`: share of
    characters that are neither letters, digits nor white space. `min_compression`: compressed size by size.
    `min_language_share`: share of the words in the target language. `sentence_words`: words a sentence must have to
    count as left or doubled.
    """

    max_growth: float = 1.5
    max_shrink: float = 0.67
    max_symbols: float = 0.3
    min_compression: float = 0.3
    min_language_share: float = 0.5
    sentence_words: int = 3

    def __post_init__(self) -> None:
        for name in (
            "max_growth",
            "max_shrink",
            "max_symbols",
            "min_compression",
            "min_language_share",
            "sentence_words",
        ):
            if not getattr(self, name) >= 0:
                raise IfevalError(f"--{name.replace('_', '-')}: must be 0 or more")


def flags(
    source: Restored,
    restored: Restored,
    languages: tuple[Language, Language],
    thresholds: Thresholds,
) -> Iterator[Flag]:
    """What is wrong with the translation of a source from the first language into the second."""
    text, prose = restored.text, restored.prose
    before, after = len(words(source.text)), len(words(text))
    if after > before * (1 + thresholds.max_growth):
        yield Flag("longer", f"{before} words became {after}")
    if after < before * (1 - thresholds.max_shrink):
        yield Flag("shorter", f"{before} words became {after}")
    if (share := _symbol_share(prose)) > thresholds.max_symbols:
        yield Flag("symbols", f"{share:.0%}")
    if (ratio := compression(text)) < thresholds.min_compression:
        yield Flag("repetition", f"compressed to {ratio:.0%}")
    yield from _sentences(source.prose, prose, languages, thresholds.sentence_words)
    yield from _language(prose, languages[1].code, thresholds.min_language_share)
    if lost := _lost_numbers(source.text, text, languages[1]):
        yield Flag("number_lost", ", ".join(lost))
    if restored.lost:
        yield Flag("literal_lost", ", ".join(dict.fromkeys(restored.lost)))
    if restored.glued:
        yield Flag("glued", ", ".join(dict.fromkeys(restored.glued)))
    if restored.broken:
        yield Flag("tags_broken")


def _symbol_share(text: str) -> float:
    symbols = sum(1 for character in text if not (character.isalnum() or character.isspace()))
    return symbols / max(1, len(text))


def compression(text: str) -> float:
    """Size of the text compressed by zlib as a share of its size; 1 for an empty one."""
    data = text.encode("utf-8", "replace")
    return len(zlib.compress(data, 9)) / len(data) if data else 1.0


def _sentences(source: str, prose: str, languages: tuple[Language, Language], least: int) -> Iterator[Flag]:
    before = Counter(_long_sentences(languages[0].sentences(source), least))
    after = Counter(_long_sentences(languages[1].sentences(prose), least))
    if left := [sentence for sentence in after if sentence in before]:
        yield Flag("untranslated", left[0][:80])
    most = max(before.values(), default=1)
    if doubled := [sentence for sentence, count in after.items() if count > most]:
        yield Flag("doubled", doubled[0][:80])


def _long_sentences(sentences: Iterable[str], least: int) -> Iterator[str]:
    for sentence in sentences:
        if len(words(sentence)) >= max(1, least) and len(_LETTERS.findall(sentence)) > len(sentence) / 2:
            yield collapse(sentence)


def _language(prose: str, code: str, least: float) -> Iterator[Flag]:
    if code not in known_languages():
        return
    detected = detect_language(prose)
    shares = detected.shares
    share = sum(part for found, part in shares.items() if counts_as(found, code))
    if shares and share < least and not any(counts_as(found, code) for found in detected.also):
        found = max(shares, key=lambda each: shares[each])
        yield Flag("wrong_language", f"{share:.0%} {code}, {shares[found]:.0%} {found}")


def _lost_numbers(source: str, translated: str, language: Language) -> list[str]:
    missing = Counter(_numbers(source)) - Counter(_numbers(translated))
    return [number for number in missing.elements() if not _in_words(number, translated, language)]


def _numbers(text: str) -> list[str]:
    """The digits of each number, so that 10,000 is 10 000 and 2.5 is 2,5."""
    return [re.sub(r"\D", "", found) for found in _NUMBER.findall(text)]


def _in_words(number: str, text: str, language: Language) -> bool:
    names = language.numerals.get(int(number), ()) if len(number) < 8 else ()
    return any(language.occurrences(text, name) for name in names)
