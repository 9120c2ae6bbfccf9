"""From a source file to a draft: protect, translate, put back, clean, and say what is wrong with each row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ifeval_fi.errors import IfevalError, PromptError
from ifeval_fi.files import write_all
from ifeval_fi.jsonl import Row, lines_of, read_rows
from ifeval_fi.languages import Language
from ifeval_fi.languages.names import english_name
from ifeval_fi.prompts import parse_prompt
from ifeval_fi.runner.journal import JOURNAL
from ifeval_fi.schemas import schema_problem
from ifeval_fi.translate.arguments import Found
from ifeval_fi.translate.clean import POOR, REASONS, Flag, Thresholds, flags
from ifeval_fi.translate.engine import Engine, Outcome, Say, Segment
from ifeval_fi.translate.protect import Protected, protect
from ifeval_fi.translate.restore import restore
from ifeval_fi.translate.rows import SourceRow, is_prompt, text_at
from ifeval_fi.translate.target import target_language

STATE = ".translation.jsonl"


class TranslationError(IfevalError):
    """A file of translations does not hold what it must."""


@dataclass(frozen=True)
class Translated:
    """A row in the target language; `texts` are source and draft by place, `dropped` keeps it out of the draft."""

    source: SourceRow
    language: str
    row: Row
    texts: Mapping[str, tuple[str, str]]
    flags: tuple[tuple[str, Flag], ...]
    dropped: bool
    provenance: Mapping[str, Any]

    @property
    def complete(self) -> bool:
        """Whether every text has a translation."""
        return all(draft for _, draft in self.texts.values())

    @property
    def state(self) -> Row:
        """What `translate apply` needs of the row."""
        return {
            "key": self.source.key,
            "language": self.language,
            "row": self.row,
            "texts": {place: {"source": source, "draft": draft} for place, (source, draft) in self.texts.items()},
            "flags": [{"place": place, **asdict(flag)} for place, flag in self.flags],
            "dropped": self.dropped,
            "provenance": dict(self.provenance),
        }


@dataclass(frozen=True)
class Job:
    """What to translate how; `dropped` are the reasons that keep a row out of the draft."""

    rows: Sequence[SourceRow]
    form: str
    source: str
    target: str
    thresholds: Thresholds = field(default_factory=Thresholds)
    dropped: Collection[str] = ()

    def __post_init__(self) -> None:
        for reason in self.dropped:
            if reason not in REASONS:
                raise IfevalError(f"--drop {reason}: no such reason; there are {', '.join(REASONS)}")
        if self.source == self.target:
            raise IfevalError(f"--to {self.target} is the source's language; give --from")


def default_drops(form: str) -> tuple[str, ...]:
    """Prompts are all kept for review; poor training data is left out."""
    return () if form == "prompts" else POOR


def translate(job: Job, engine: Engine, folder: Path, say: Say) -> list[Translated]:
    """Translate the rows; EngineError when the engine cannot go on, with what is done kept in `folder`."""
    languages = (target_language(job.source), target_language(job.target))
    answers = dict(zip(*(languages[index].answers for index in (0, 1)), strict=False))
    protected: dict[str, Protected] = {}
    for row in job.rows:
        for place, text in row.texts.items():
            replaced = answers if _fixed_answer(row.row) else {}
            protected[_name(row, place)] = protect(
                text, languages[0], row.kwargs, breaks=engine.breaks, replaced=replaced
            )
    segments = [Segment(name, each.text) for name, each in protected.items()]
    outcomes = engine.translate(segments, folder, say)
    date = datetime.fromtimestamp((folder / JOURNAL).stat().st_mtime, timezone.utc).date().isoformat()
    provenance = {"engine": engine.name, "model": engine.model, "date": date, "edited": False}
    return [_translated(row, job, languages, protected, outcomes, provenance) for row in job.rows]


def _name(row: SourceRow, place: str) -> str:
    return str(row.key) if place == "prompt" and len(row.texts) == 1 else f"{row.key}/{place}"


def _fixed_answer(row: Row) -> bool:
    return is_prompt(row) and "detectable_format:constrained_response" in row["instruction_id_list"]


def _translated(
    row: SourceRow,
    job: Job,
    languages: tuple[Language, Language],
    protected: Mapping[str, Protected],
    outcomes: Mapping[str, Outcome],
    provenance: Mapping[str, Any],
) -> Translated:
    texts: dict[str, tuple[str, str]] = {}
    found_flags: list[tuple[str, Flag]] = []
    kwargs = row.kwargs
    for place, source in row.texts.items():
        name = _name(row, place)
        draft, kwargs, found = _text(protected[name], outcomes[name], row, job, languages)
        texts[place] = (source, draft)
        found_flags += [(place, flag) for flag in found]
    if job.form == "prompts":
        found_flags += [("prompt", flag) for flag in _localise(row, job.source, languages)]
    drafts = {place: draft or source for place, (source, draft) in texts.items()}
    reasons = {flag.reason for _, flag in found_flags}
    unusable = any(not draft for _, draft in texts.values())
    return Translated(
        source=row,
        language=job.target,
        row=row.with_texts(drafts, list(kwargs)),
        texts=texts,
        flags=tuple(found_flags),
        dropped=unusable or bool(reasons & set(job.dropped)),
        provenance=provenance,
    )


def _text(
    protected: Protected,
    outcome: Outcome,
    row: SourceRow,
    job: Job,
    languages: tuple[Language, Language],
) -> tuple[str, list[Mapping[str, Any]], list[Flag]]:
    """The draft of one text, the row's arguments in it, and what is wrong; an empty draft when there is none."""
    if outcome.text is None:
        return "", row.kwargs, [Flag(outcome.reason, outcome.detail)]
    restored = restore(protected, outcome.text)
    if not restored.text:
        return "", row.kwargs, [Flag("not_translated", "an empty translation")]
    found = Found(protected, restored, languages[1])
    wrong = [Flag("truncated")] if outcome.truncated else []
    wrong += flags(restore(protected, protected.text), restored, languages, job.thresholds)
    return found.text, found.kwargs(row.kwargs), wrong + found.flags


def _localise(row: SourceRow, source: str, languages: tuple[Language, Language]) -> Iterator[Flag]:
    """What a translator cannot settle word by word."""
    ids, text = row.row["instruction_id_list"], row.texts["prompt"]
    name = english_name(source)
    if any(each.startswith("change_case:") for each in ids) and re.search(rf"\b{name}\b", text, re.IGNORECASE):
        yield Flag("localise", f"asks for {name}")
    if _fixed_answer(row.row) and not languages[1].answers:
        yield Flag("localise", "fixed answers")
    for arguments in row.kwargs:
        letter = arguments.get("letter", "")
        if letter.isalpha():
            yield Flag("localise", f"letter {letter}")


def save(rows: Sequence[Translated], draft: Path, others: Mapping[Path, str | bytes] | None = None) -> None:
    """Write the draft, beside it the state from which `translate apply` merges a review, and other files; or none."""
    write_all(
        {
            draft: lines_of(each.row for each in rows if not each.dropped),
            state_path(draft): lines_of(each.state for each in rows),
            **(others or {}),
        }
    )


def state_path(draft: Path) -> Path:
    """The file beside a draft that holds every row with source, flags and provenance."""
    return draft.with_name(draft.stem + STATE)


def read_state(path: Path) -> list[Row]:
    """The validated rows of a state file; TranslationError also when a text has no place in its row."""
    rows = []
    for number, row in read_rows(path, TranslationError):
        where = f"{path}, line {number}"
        if problem := schema_problem("translation.schema.json", row):
            raise TranslationError(f"{where}: {problem}")
        if "row" in row:
            for place in row["texts"]:
                if not isinstance(text_at(row["row"], place), str):
                    raise TranslationError(f"{where}, key {row['key']}: the row has no text at {place!r:.60}")
            _prompt_of(row, where)
        rows.append(row)
    if not rows:
        raise TranslationError(f"{path}: holds no rows")
    return rows


def _prompt_of(state: Row, where: str) -> None:
    """TranslationError when a state holds a prompt that is none."""
    if is_prompt(state["row"]):
        try:
            parse_prompt(state["row"], state["language"])
        except PromptError as problem:
            raise TranslationError(f"{where}, key {state['key']}: {problem}") from None


def report(rows: Sequence[Translated]) -> Row:
    """How many rows there are, and how many were flagged and dropped for which reason."""
    flagged: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    for each in rows:
        reasons = {flag.reason for _, flag in each.flags}
        flagged.update(reasons)
        dropped.update(reasons if each.dropped else ())
    return {
        "rows": len(rows),
        "translated": sum(each.complete for each in rows),
        "flagged": sum(bool(each.flags) for each in rows),
        "dropped": sum(each.dropped for each in rows),
        "reasons": {
            reason: {"rows": flagged[reason], "in_dropped_rows": dropped[reason]}
            for reason in REASONS
            if flagged[reason]
        },
    }
