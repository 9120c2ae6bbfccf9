"""`ifeval-fi score`."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ifeval_fi.cli import language_note, say
from ifeval_fi.errors import IfevalError
from ifeval_fi.files import write_all
from ifeval_fi.jsonl import Row
from ifeval_fi.parallel import side_by_side
from ifeval_fi.prompts import load_prompts
from ifeval_fi.report.console import print_scores
from ifeval_fi.scoring import score as score_responses
from ifeval_fi.scoring.responses import ANSWERS, by_key, load_responses
from ifeval_fi.scoring.results import load_run, prompts_asked, prompts_of_run


def score(
    *responses: Path,
    prompts: str | None = None,
    language: str | None = None,
    all_languages: Annotated[bool, Parameter(negative=())] = False,
    rules: str | None = None,
    output: Path | None = None,
    partial: bool = False,
    keep_thinking: Annotated[bool, Parameter(negative=())] = False,
    jobs: int = 1,
) -> int:
    """Score responses that are already there.

    Written: verdicts.jsonl and scores.json, into a run's own folder or --output; else the scores are only printed.

    Exit codes: 0 fine; 1 requests failed, so that prompts are missing; 2 the call or the responses are wrong.

    Parameters
    ----------
    responses
        Run folders, submissions, files of {"key", "response"} or {"prompt", "response"} lines, lm-eval's sample logs
        or the folder they lie in.
    prompts
        A bundled language (fi), a prompts file, or hub:NAME; the run's own, or fi, when not given.
    language
        Language of a prompts file, e.g. en; the run's, or the one that most prompts are in, when not given.
    all_languages
        Of a hub set, also the prompts that ask for an answer in another language.
    rules
        finnish or reference; the language's own when not given.
    output
        Folder for verdicts.jsonl and scores.json; beside each file when several are given.
    partial
        Score what is there although prompts are missing.
    keep_thinking
        Judge a model's leading thinking as part of its answer, for numbers that were published so.
    jobs
        Processes to use for several files.
    """
    if not responses:
        raise IfevalError("name at least one file of responses, or a run folder")
    folders = [_folder(path, output, several=len(responses) > 1) for path in responses]
    score_one = functools.partial(
        _score_file,
        prompts=prompts,
        language=language,
        all_languages=all_languages,
        rules=rules,
        partial=partial,
        keep_thinking=keep_thinking,
    )
    incomplete = False
    # Said and written here and in order: whatever happens, the number of processes does not show.
    for path, folder, scored in zip(
        responses, folders, side_by_side(score_one, responses, jobs if jobs > 1 else 0), strict=True
    ):
        if scored.note:
            say(scored.note, error=True)
        if folder:
            write_all({folder / name: text for name, text in scored.files.items()})
        print_scores(scored.summary, title=str(path), run=_run(path), saved=str(folder) if folder else None)
        incomplete |= not scored.summary["complete"] and not partial
    return 1 if incomplete else 0


def _run(path: Path) -> Row:
    """What a run's folder tells of how it was asked; files of answers from elsewhere tell nothing."""
    return load_run(path) if (path / "run.json").is_file() else {}


@dataclass(frozen=True)
class _Scored:
    """The scores of a file as far as they are shown and written, and how the language of its prompts was found."""

    note: str | None
    summary: Row
    files: dict[str, str]


def _score_file(
    path: Path,
    *,
    prompts: str | None,
    language: str | None,
    all_languages: bool,
    rules: str | None,
    partial: bool,
    keep_thinking: bool,
) -> _Scored:
    file = load_responses(path)
    chosen, note = prompts_of_run(file) if prompts is None else None, None
    if chosen is None:
        asked = (file.run or {}).get("prompts", {})
        told = language or asked.get("language")
        chosen = load_prompts(prompts or asked.get("source") or "fi", language=told, all_languages=all_languages)
        note = language_note(chosen)
        if asked:
            answered = {response.key for response in file.responses}
            part = prompts_asked(chosen, digest=asked["digest"], count=asked["count"], answered=answered)
            chosen = part or chosen
    if file.asked is not None:
        chosen = chosen.select(keys=file.asked)
    elif file.of_all_asked and partial:
        # lm_eval --limit asked these and no others.
        chosen = chosen.select(keys={response.key for response in by_key(file.responses, chosen)})
    scores = score_responses(
        chosen, file.responses, rules=rules, partial=partial, run=file.run, keep_thinking=keep_thinking
    )
    return _Scored(note, scores.summary, scores.files)


def _folder(path: Path, output: Path | None, *, several: bool) -> Path | None:
    """Where the results of this file go; a run folder keeps its own, those of others are only printed."""
    if output:
        return output / (path.name if path.is_dir() else path.stem) if several else output
    return path if (path / ANSWERS[0]).is_file() else None
