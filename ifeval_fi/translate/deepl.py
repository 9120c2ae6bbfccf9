"""DeepL, through its official client: batches, usage, glossary, and a journal so that nothing is paid for twice."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from ifeval_fi.errors import MissingEngine
from ifeval_fi.runner.endpoint import is_loopback
from ifeval_fi.runner.journal import FORMAT, Journal, JournalError, differences
from ifeval_fi.translate.engine import EngineError, Outcome, Say, Segment
from ifeval_fi.translate.protect import BREAK, IGNORED, WORD
from ifeval_fi.version import __version__

KEY_VARIABLE = "DEEPL_AUTH_KEY"
MOST_TEXTS = 50
MOST_BYTES = 120 * 1024  # of the 128 KiB that a request may have, the rest for its other fields
DEFAULT_CONTEXT = "A person asks a chat assistant, informally, to write something and says how."
_VARIANTS = {"EN": "EN-US", "PT": "PT-PT"}
_SPLITTABLE = frozenset({400, 413})
_NO_KEY = (
    f"{KEY_VARIABLE} is not set; sign up for the DeepL API (its free plan has a monthly allowance), copy the "
    f"authentication key from the account page and set it: export {KEY_VARIABLE}=…"
)


@dataclass
class DeepL:
    """The DeepL API, free or pro by the key; `context` is sent along unbilled."""

    source: str
    target: str
    server_url: str | None = None
    context: str = DEFAULT_CONTEXT
    formal: bool = False
    glossary: Mapping[str, str] = field(default_factory=dict)
    name: str = "deepl"
    breaks: bool = True

    @property
    def model(self) -> str:
        return "deepl"

    def translate(self, segments: Sequence[Segment], folder: Path, say: Say) -> dict[str, Outcome]:
        """Translate what the journal does not hold yet, after a look at what is left of the quota."""
        with Journal(folder) as journal:
            done, run = self._recovered(journal), _Run(self, journal)
            wanted = {segment.sha256: segment for segment in segments}
            missing = [segment for sha256, segment in wanted.items() if sha256 not in done]
            if missing:
                run.go(missing, done, say)
            elif segments:
                say("every text is in the journal; nothing is sent to DeepL")
        return {segment.key: done[segment.sha256] for segment in segments}

    def identity(self, count: int) -> dict[str, Any]:
        """What translations depend on, in the form of a run's identity."""
        options = {
            "target": self.target,
            "context": self.context,
            "formality": "more" if self.formal else "less",
            "glossary_sha256": _digest(self.glossary) if self.glossary else None,
        }
        return {
            "format": FORMAT,
            "package": __version__,
            "model": self.name,
            "prompts": {"name": "texts", "language": self.source, "count": count, "digest": "0" * 64},
            "samples": 1,
            "decoding": {"max_tokens": 1, "temperature": 0.0, "top_p": None, "seed": None},
            "system_prompt": None,
            "extra_body": {name: value for name, value in options.items() if value is not None},
            "engine": None,
        }

    def _recovered(self, journal: Journal) -> dict[str, Outcome]:
        done: dict[str, Outcome] = {}
        for row in journal.recover():
            if "response" in row:
                done[row["prompt_sha256"]] = Outcome(row["response"])
        if journal.identity is not None:
            # Rows are found again by their text, so that a source may grow or shrink.
            now = {**self.identity(1), "prompts": journal.identity["prompts"]}
            if differing := differences(journal.identity, now):
                raise JournalError(
                    f"{journal.directory} holds another translation ({'; '.join(differing)}); choose another --output"
                )
        return done


class _Run:
    """One session with the server."""

    def __init__(self, engine: DeepL, journal: Journal) -> None:
        self.engine = engine
        self.journal = journal
        self.billed = self.translated = self.total = 0
        self.client: Any = None
        self.api: Any = None

    def go(self, missing: Sequence[Segment], done: dict[str, Outcome], say: Say) -> None:
        self.total = len(missing)
        try:
            with self._client(), self._errors():
                language = self._language()
                self._check_usage(missing, say)
                if self.journal.identity is None:
                    self.journal.begin(self.engine.identity(len(missing)))
                with self._glossary() as glossary:
                    for batch in batches(missing):
                        self._translate(batch, language, glossary, done)
        except KeyboardInterrupt:
            raise EngineError(f"interrupted; {self._kept()}") from None
        say(f"DeepL counted {self.billed:,} characters for {self.translated} texts")

    @contextmanager
    def _client(self) -> Iterator[None]:
        try:
            import deepl
        except ImportError:
            raise MissingEngine('the DeepL client is not installed; pip install "ifeval-fi[translate]"') from None
        url = self.engine.server_url
        try:
            unsafe = bool(url) and urlsplit(url).scheme != "https" and not is_loopback(str(url))
        except ValueError:
            raise EngineError(f"--server-url {url} is no address such as https://api.deepl.com") from None
        if unsafe:
            raise EngineError(f"--server-url {url}: the key would travel unencrypted; give an https address")
        key = os.environ.get(KEY_VARIABLE, "").strip()
        if not key:
            raise EngineError(_NO_KEY)
        self.api = deepl
        try:
            self.client = deepl.Translator(key, server_url=url, send_platform_info=False)
            yield
        finally:
            if self.client is not None:
                self.client.close()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """DeepL's errors in the user's terms; the key is in none of them."""
        api = self.api
        try:
            yield
        except api.AuthorizationException:
            raise EngineError(f"DeepL refuses the key (403); check {KEY_VARIABLE} and --server-url") from None
        except api.QuotaExceededException:
            raise EngineError(
                f"DeepL's quota for this period is used up (456); {self._kept()} when the quota is renewed or raised"
            ) from None
        except api.TooManyRequestsException:
            raise EngineError(f"DeepL says there are too many requests (429); {self._kept()} later") from None
        except api.ConnectionException as problem:
            raise EngineError(f"DeepL cannot be reached ({_short(problem)}); {self._kept()}") from None
        except api.DeepLException as problem:
            raise EngineError(f"DeepL: {_short(problem)}; {self._kept()}") from None
        except (TypeError, ValueError, KeyError) as problem:
            raise EngineError(
                f"the server does not answer as DeepL does ({_short(problem)}); check --server-url"
            ) from None

    def _kept(self) -> str:
        return f"{self.translated} of {self.total} texts are kept and the same command goes on from there"

    def _language(self) -> Any:
        wanted = self.engine.target.upper()
        wanted = _VARIANTS.get(wanted, wanted)
        known = {language.code.upper(): language for language in self.client.get_target_languages()}
        if wanted not in known:
            raise EngineError(
                f"DeepL does not translate into {self.engine.target!r}; it knows {', '.join(sorted(known))}"
            )
        return known[wanted]

    def _check_usage(self, missing: Sequence[Segment], say: Say) -> None:
        needed = sum(segment.characters for segment in missing)
        free = os.environ[KEY_VARIABLE].strip().endswith(":fx")
        plan = "DeepL API Free, not billed" if free else "DeepL API Pro, billed by the character"
        character = self.client.get_usage().character
        if not character.valid or character.limit is None:
            say(f"{needed:,} characters to translate; {plan}")
            return
        left = max(0, character.limit - character.count)
        say(f"{needed:,} characters to translate, {left:,} of {character.limit:,} left in this period; {plan}")
        if needed > left:
            raise EngineError(
                f"{needed:,} characters are needed and {left:,} are left of DeepL's quota; "
                "translate fewer rows with --limit now, and the rest when the quota is renewed"
            )

    @contextmanager
    def _glossary(self) -> Iterator[Any]:
        if not self.engine.glossary:
            yield None
            return
        glossary = self.client.create_glossary(
            f"ifeval-fi {_digest(self.engine.glossary)[:12]}",
            self.engine.source.upper(),
            self.engine.target.upper(),
            dict(self.engine.glossary),
        )
        try:
            yield glossary
        finally:
            self.client.delete_glossary(glossary)

    def _translate(self, batch: Sequence[Segment], language: Any, glossary: Any, done: dict[str, Outcome]) -> None:
        """Translate a batch and journal it; one that is refused as a whole is halved to find the text at fault."""
        oversized = len(batch) == 1 and _size(batch[0]) > MOST_BYTES
        if oversized:
            detail = f"{_size(batch[0]):,} bytes; DeepL takes {MOST_BYTES:,}"
            done[batch[0].sha256] = Outcome(None, "not_translated", detail)
            return
        started = monotonic()
        try:
            results = self._send(batch, language, glossary)
        except self.api.DeepLException as problem:
            if problem.http_status_code not in _SPLITTABLE:
                raise
            if len(batch) == 1:
                done[batch[0].sha256] = Outcome(None, "not_translated", _short(problem))
                return
            half = len(batch) // 2
            for part in (batch[:half], batch[half:]):
                self._translate(part, language, glossary, done)
            return
        if len(results) != len(batch):
            raise ValueError(f"{len(results)} translations for {len(batch)} texts")
        seconds = round(monotonic() - started, 3)
        rows = [_row(segment, result.text, seconds) for segment, result in zip(batch, results, strict=True)]
        try:
            self.journal.append(rows)
        except OSError as problem:
            raise EngineError(f"{self.journal.path}: {problem.strerror or problem}; {self._kept()}") from None
        for segment, result in zip(batch, results, strict=True):
            done[segment.sha256] = Outcome(result.text)
            self.billed += result.billed_characters or 0
        self.translated += len(batch)

    def _send(self, batch: Sequence[Segment], language: Any, glossary: Any) -> list[Any]:
        formality = None
        if language.supports_formality:
            formality = "more" if self.engine.formal else "less"
        results: list[Any] = self.client.translate_text(
            [segment.text for segment in batch],
            source_lang=self.engine.source.upper(),
            target_lang=language.code,
            context=self.engine.context or None,
            formality=formality,
            glossary=glossary,
            tag_handling="xml",
            outline_detection=False,
            preserve_formatting=True,
            ignore_tags=[IGNORED],
            non_splitting_tags=[IGNORED, WORD],
            splitting_tags=[BREAK],
        )
        return results


def batches(segments: Sequence[Segment]) -> Iterator[list[Segment]]:
    """Segments in order, as many at a time as DeepL takes; one that is too large comes alone."""
    batch: list[Segment] = []
    size = 0
    for segment in segments:
        if batch and (len(batch) == MOST_TEXTS or size + _size(segment) > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(segment)
        size += _size(segment)
    if batch:
        yield batch


def _size(segment: Segment) -> int:
    return len(json.dumps(segment.text)) + 2


def _row(segment: Segment, text: str, seconds: float) -> dict[str, Any]:
    return {
        "key": segment.key,
        "sample": 0,
        "prompt_sha256": segment.sha256,
        "outcome": "answered",
        "response": text,
        "reasoning": None,
        "finish_reason": None,
        "usage": None,
        "attempts": 1,
        "latency_s": seconds,
    }


def _digest(glossary: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(sorted(glossary.items())).encode()).hexdigest()


def _short(problem: Exception) -> str:
    text = " ".join(str(problem).split())
    if key := os.environ.get(KEY_VARIABLE, "").strip():
        text = text.replace(key, "***")
    return text[:200]
