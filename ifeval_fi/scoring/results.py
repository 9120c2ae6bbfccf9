"""Scored results read back from a folder: validated, and put together with their prompts and answers."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import product
from pathlib import Path

from ifeval_fi.errors import IfevalError, PromptError
from ifeval_fi.jsonl import Row, read_json, read_rows
from ifeval_fi.prompts import Key, Prompt, PromptSet, bundled, language_of, load_prompts
from ifeval_fi.schemas import schema_problem
from ifeval_fi.scoring import HEADLINE, RATES, PromptVerdicts, Scores, score
from ifeval_fi.scoring.responses import ANSWERS, Response, ResponseFile, by_key, judged, load_responses
from ifeval_fi.scoring.signature import parse_signature


class ResultsError(IfevalError):
    """A folder does not hold results as `ifeval-fi score` writes them."""


@dataclass(frozen=True)
class Results:
    """One result: who answered, the summary, the verdicts, and the answers where they are at hand.

    `run` is what run.json holds, or the header of the answers as its `identity`; empty where there is neither.
    """

    name: str
    summary: Row
    prompts: PromptSet
    verdicts: tuple[PromptVerdicts, ...]
    responses: Mapping[tuple[Key, int], Response] = field(default_factory=dict)
    run: Row = field(default_factory=dict)

    def response(self, verdict: PromptVerdicts) -> str | None:
        """The answer a verdict is on; None where the folder holds no answers."""
        found = self.responses.get((verdict.prompt.key, verdict.sample))
        return found.text if found else None


def load_scores(path: str | Path) -> Row:
    """The validated scores.json of a folder (or the file itself), or the scores of a submission's answers.

    ResultsError says what is wrong with it.
    """
    if scores := _of_submission(Path(path)):
        return scores.summary
    path = _file(path, "scores.json")
    value = read_json(path, ResultsError)
    if problem := schema_problem("scores.schema.json", value):
        raise ResultsError(f"{path}: {problem}; score the responses again")
    assert isinstance(value, dict)
    return value


def load_verdicts(path: str | Path) -> list[Row]:
    """The validated rows of a folder's verdicts.jsonl (or of the file itself), or those on a submission's answers."""
    if scores := _of_submission(Path(path)):
        return [verdict.row for verdict in scores.verdicts]
    path = _file(path, "verdicts.jsonl")
    rows = []
    for number, row in read_rows(path, ResultsError):
        if problem := schema_problem("verdicts.schema.json", row):
            raise ResultsError(f"{path}, line {number}: {problem}; score the responses again")
        rows.append(row)
    return rows


def _of_submission(folder: Path) -> Scores | None:
    """The scores of a leaderboard submission, which holds answers only; None where the folder is none."""
    packed = folder / ANSWERS[1]
    if (folder / "scores.json").exists() or not packed.is_file():
        return None
    return _scored(folder, packed.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _scored(folder: Path, changed: int) -> Scores:
    file = load_responses(folder)
    chosen = prompts_of_run(file)
    if chosen is None:
        name = (file.run or {}).get("prompts", {}).get("name", "of unknown name")
        raise ResultsError(f"{folder}: its prompts ({name}) are not bundled; `ifeval-fi score --prompts` scores it")
    return score(chosen, file.responses, partial=True, run=file.run)


def prompts_of_run(file: ResponseFile) -> PromptSet | None:
    """The bundled or hub prompts that a run's header names by their hash; None where they are neither."""
    asked = (file.run or {}).get("prompts", {})
    if not asked:
        return None
    answered = {response.key for response in file.responses}
    sources = [asked.get("source"), *(name for name in bundled() if language_of(name) == asked.get("language"))]
    for source, everything in product(dict.fromkeys(filter(None, sources)), (False, True)):
        loaded = load_prompts(source, language=asked.get("language"), all_languages=everything)
        if chosen := prompts_asked(loaded, digest=asked["digest"], count=asked["count"], answered=answered):
            return chosen
    return None


def model_name(folder: str | Path, summary: Row) -> str:
    """Who answered: the run's name, else its model, or the folder's name for answers that came without a run."""
    return str(summary.get("name") or summary.get("model") or Path(folder).resolve().name)


def load_results(
    folder: str | Path, *, prompts: str | PromptSet | None = None, responses: Path | None = None
) -> Results:
    """Everything in a run or score folder.

    `prompts` are the prompts, or their name, when their language is not bundled; `responses` the file of answers
    when it lies elsewhere.
    ResultsError when the files contradict each other.
    """
    folder = Path(folder)
    summary, rows = load_scores(folder), load_verdicts(folder)
    answers = _answers(folder, responses)
    chosen = prompts if isinstance(prompts, PromptSet) else _prompts(folder, summary, rows, answers, prompts)
    known = {prompt.key: prompt for prompt in chosen}
    verdicts = tuple(_verdict(folder, row, known) for row in rows)
    for name in HEADLINE:
        shares = [verdict for _, verdict in RATES[name](verdicts)]
        if shares and abs(sum(shares) / len(shares) - summary.get(name, -1)) > 1e-9:
            raise ResultsError(f"{folder}: scores.json and verdicts.jsonl contradict each other; score again")
    answers = replace(answers, responses=tuple(by_key(answers.responses, chosen)))
    keep = parse_signature(summary["signature"]).get("thinking") == "kept"
    texts = {(each.key, each.sample): judged(each, keep_thinking=keep) for each in answers.responses}
    return Results(model_name(folder, summary), summary, chosen, verdicts, texts, _run(folder, answers.run))


def load_run(path: str | Path) -> Row:
    """What a folder tells of how its answers were asked for: run.json, else the header of the answers as `identity`."""
    folder = Path(path)
    folder = folder.parent if folder.is_file() else folder
    if (folder / "run.json").is_file():
        return _run(folder, None)
    return _run(folder, _answers(folder, None).run)


def _run(folder: Path, header: Row | None) -> Row:
    identity = {"identity": header or {}}
    path = folder / "run.json"
    if not path.is_file():
        return identity
    value = read_json(path, ResultsError)
    if problem := schema_problem("run.schema.json", value):
        raise ResultsError(f"{path}: {problem}")
    return {**value, **(identity if header else {})}


def _file(path: str | Path, name: str) -> Path:
    path = Path(path)
    if path.is_dir():
        if not (path / name).is_file():
            raise ResultsError(f"{path}: has no {name}; `ifeval-fi score {path}` writes it")
        return path / name
    return path


def _answers(folder: Path, elsewhere: Path | None) -> ResponseFile:
    if elsewhere is None and not any((folder / name).is_file() for name in ANSWERS):
        return ResponseFile(())
    return load_responses(elsewhere or folder)


def _prompts(folder: Path, summary: Row, rows: list[Row], answers: ResponseFile, source: str | None) -> PromptSet:
    """The prompts that were scored, known by their hash in the signature: those named, or bundled ones."""
    signed = parse_signature(summary["signature"])
    answered = {row["key"] for row in rows} | {each.key for each in answers.responses}
    count = signed.get("n", "")
    if not count.isdecimal() or len(count) > 9:
        raise ResultsError(f"{folder}: the signature in scores.json says no number of prompts; score again")
    sources = [source] if source else _sources(summary, answers.run or {})
    for each, everything in product(sources, (False, True)):
        loaded = load_prompts(each, language=summary["language"], all_languages=everything)
        chosen = prompts_asked(loaded, digest=signed.get("sha", ""), count=int(count), answered=answered)
        if chosen is not None:
            return chosen
    name = summary.get("prompts", {}).get("name") or signed.get("prompts", "of unknown name")
    if source:
        raise PromptError(f"{folder}: scored on other prompts ({name}) than {source}; name those with --prompts")
    spoken = summary["language"]
    raise PromptError(f"{folder}: its prompts ({name}, language {spoken}) are not bundled; name them with --prompts")


def _sources(summary: Row, run: Row) -> list[str]:
    """Where the prompts may lie: where the result says, else any bundled set of the language."""
    told = (summary.get("prompts", {}).get("source"), run.get("prompts", {}).get("source"))
    same = [name for name in bundled() if language_of(name) == summary["language"]]
    return list(dict.fromkeys([*filter(None, told), *same]))


def prompts_asked(loaded: PromptSet, *, digest: str, count: int, answered: Container[Key]) -> PromptSet | None:
    """The part of a prompt set that has this digest (or its beginning): all, the first `count`, or those answered."""
    parts = (
        loaded,
        loaded.select(limit=count),
        PromptSet((p for p in loaded if p.key in answered), name=loaded.name, language=loaded.language),
    )
    return next((part for part in parts if digest and part.digest.startswith(digest)), None)


def _verdict(folder: Path, row: Row, prompts: Mapping[Key, Prompt]) -> PromptVerdicts:
    prompt = prompts.get(row["key"])
    if prompt is None or any(len(row[name]) != len(prompt.instructions) for name in ("strict", "loose", "found")):
        raise ResultsError(f"{folder}: the verdict on key {row['key']} does not fit its prompts; score again")
    strict, loose, found = (tuple(row[name]) for name in ("strict", "loose", "found"))
    language, raw = row["language"], row["language_langdetect"]
    return PromptVerdicts(prompt, row.get("sample", 0), row["outcome"], strict, loose, found, language, raw)
