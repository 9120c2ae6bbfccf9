"""The language of a response, judged by its natural-language words."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from ifeval_fi.errors import MissingEngine

__all__ = [
    "ENGINES",
    "Detection",
    "counts_as",
    "detect_language",
    "detector_signature",
    "raw_langdetect",
    "reference_langdetect",
]

MODEL_VERSION = "2"
_SURROGATE = re.compile("[\ud800-\udfff]")
ENGINES = ("ifeval-fi", "langdetect", "py3langid")
UNDETERMINED = "und"
REMEMBERED = 10_000  # characters; the memory of longer texts would weigh more than the time it saves


@dataclass(frozen=True, slots=True)
class Detection:
    """A response's language (ISO 639-1, or "und"), the confidence in it, and each language's share of words.

    `also` holds the neighbours whose words these are too, as "God jul!" is Danish, Norwegian and Swedish.
    """

    language: str
    confidence: float
    shares: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    also: tuple[str, ...] = ()

    def is_in(self, code: str) -> bool:
        """Whether the text counts as one in the language with this code."""
        return any(counts_as(found, code) for found in (self.language, *self.also))

    def seen_from(self, *codes: str) -> str:
        """The first of these codes in whose language the text counts as one, or else that of the language found."""
        return next(filter(self.is_in, codes), self.language)


# What is called Norwegian is Bokmål or Nynorsk; engines without Nynorsk mean Bokmål by it.
_COUNTED = {"no": ("nb", "nn"), "nb": ("no",)}


def counts_as(found: str, code: str) -> bool:
    """Whether a text found to be in one language is one in the other: Bokmål and Nynorsk are Norwegian ("no")."""
    return found == code or found in _COUNTED.get(code, ())


NOTHING = Detection(UNDETERMINED, 0.0)


def detect_language(text: str, *, engine: str = "ifeval-fi") -> Detection:
    """The language of the response's words; Finnish when more than half of them are Finnish.

    The engines "langdetect" and "py3langid" judge the raw text whole, for comparison with published numbers.
    """
    if engine == "ifeval-fi":
        return _own(text)
    if engine == "langdetect":
        return _single(raw_langdetect(text))
    if engine == "py3langid":
        return _single(_py3langid(text))
    raise ValueError(f"unknown language engine {engine!r}: use one of {', '.join(ENGINES)}")


def _own(text: str) -> Detection:
    return _own_again(text) if len(text) <= REMEMBERED else _own_anew(text)


def _own_anew(text: str) -> Detection:
    # Compiling their patterns takes longer than the import may.
    from ifeval_fi.detection.natural_text import natural_text
    from ifeval_fi.detection.word_languages import labelled_shares

    shares, certainty, also = labelled_shares(natural_text(text))
    if not shares:
        return NOTHING
    finnish = shares.get("fi", 0.0)
    others = [(share, code) for code, share in shares.items() if code != "fi"]
    if finnish > 0.5 or not others:
        return Detection("fi", finnish * certainty, MappingProxyType(shares), also)
    share, language = max(others, key=lambda pair: (pair[0], pair[1]))
    return Detection(language, share * certainty, MappingProxyType(shares), also)


# A run's answers are judged for their scores and again for their report.
_own_again = lru_cache(maxsize=1024)(_own_anew)


def _single(code: str) -> Detection:
    if code == UNDETERMINED:
        return NOTHING
    return Detection(code, 1.0, MappingProxyType({code: 1.0}))


_lock = threading.Lock()
_engines: dict[str, object] = {}


def reference_langdetect(text: str) -> str | None:
    """What langdetect 1.0.9 answers with seed 0, or None where it finds no features and raises."""
    factory = _engine("langdetect", _load_langdetect)
    from langdetect_rs import LangDetectException

    detector = factory.create()
    detector.append(_encodable(text))
    try:
        code = detector.detect()
    except LangDetectException:
        return None
    return str(code)


def raw_langdetect(text: str) -> str:
    """langdetect's code for the raw text, as in the published study; "und" where it has no answer."""
    code = reference_langdetect(text)
    return UNDETERMINED if code in (None, "unknown") else str(code)


def _py3langid(text: str) -> str:
    identifier = _engine("py3langid", _load_py3langid)
    if not text.strip():
        return UNDETERMINED
    code = str(identifier.classify(_encodable(text))[0])
    return "no" if code in ("nb", "nn") else code


def _encodable(text: str) -> str:
    """A lone surrogate has no UTF-8, which both engines need; langdetect takes this character as it takes those."""
    return text if text.isascii() else _SURROGATE.sub("\ue000", text)


def _engine(name: str, load: Callable[[], Any]) -> Any:
    engine = _engines.get(name)
    if engine is None:
        with _lock:
            engine = _engines.get(name)
            if engine is None:
                engine = _engines[name] = load()
    return engine


def _load_langdetect() -> Any:
    from langdetect_rs import PROFILES_DIRECTORY, DetectorFactory

    factory = DetectorFactory()
    factory.load_profile(PROFILES_DIRECTORY)
    factory.set_seed(0)
    return factory


def _load_py3langid() -> Any:
    try:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier
    except ImportError as error:
        raise MissingEngine("the engine py3langid is not installed: pip install py3langid") from error
    return LanguageIdentifier.from_model_file(MODEL_FILE)


def _data_digest() -> str:
    from hashlib import sha256

    from ifeval_fi.resources import package_data

    data = b"".join(
        package_data(f"detection/{name}")
        for name in ("ngrams.bin", "function_words.txt", "neighbours.bin", "neighbours.txt")
    )
    return sha256(data).hexdigest()[:8]


def detector_signature(engine: str = "ifeval-fi") -> str:
    """The names and versions of what a language verdict depends on."""
    if engine == "ifeval-fi":
        return f"ifeval-fi-language {MODEL_VERSION} (data {_engine('data', _data_digest)})"
    from importlib.metadata import version

    package = {"langdetect": "langdetect-rs", "py3langid": "py3langid"}.get(engine)
    if package is None:
        raise ValueError(f"unknown language engine {engine!r}: use one of {', '.join(ENGINES)}")
    seeded = " (langdetect 1.0.9, seed 0)" if engine == "langdetect" else ""
    return f"{package} {version(package)}{seeded}"
