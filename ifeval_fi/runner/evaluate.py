"""A whole evaluation: ask, score, write the run's folder. What `ifeval-fi run` and `ifeval_fi.run` do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ifeval_fi.errors import OutputError
from ifeval_fi.files import write_atomically
from ifeval_fi.languages import get_language
from ifeval_fi.prompts import PromptSet, load_prompts
from ifeval_fi.report.board import Board, load_entries
from ifeval_fi.report.html import board_page, run_page
from ifeval_fi.report.pairs import load_pairs
from ifeval_fi.rules import get_rules
from ifeval_fi.runner.journal import Journal, set_aside, write_settings
from ifeval_fi.runner.ledger import Ledger
from ifeval_fi.runner.progress import Progress
from ifeval_fi.runner.run import RunResult, run_prompts
from ifeval_fi.runner.settings import RunSettings
from ifeval_fi.scoring import Scores
from ifeval_fi.scoring import score as score_responses
from ifeval_fi.scoring.responses import load_responses
from ifeval_fi.scoring.results import load_results


@dataclass(frozen=True)
class Run:
    """An evaluation as far as it came: its folder, its scores (None while nothing is answered), and where it stands."""

    prompts: PromptSet
    result: RunResult
    scores: Scores | None
    unwritten: str | None = None

    @property
    def folder(self) -> Path:
        """Where answers, verdicts, scores and report lie."""
        return self.result.directory

    @property
    def finished(self) -> bool:
        """Whether every prompt has an answer and the scores are written."""
        return self.result.finished and self.scores is not None and self.unwritten is None


def run(
    prompts: PromptSet | str | Path = "fi",
    *,
    base_url: str | Iterable[str] = (),
    model: str | None = None,
    output: str | Path | None = None,
    name: str | None = None,
    language: str | None = None,
    limit: int | None = None,
    rules: str | None = None,
    keep_thinking: bool = False,
    again: bool = False,
    quiet: bool = True,
    **settings: Any,
) -> Run:
    """Ask a model the prompts, score its answers and write the folder, as the command `ifeval-fi run` does.

    `settings` are those of `RunSettings`: max_tokens, temperature, top_p, seed, system_prompt, extra_body, samples,
    concurrency, timeout, batch. The same call again asks only what is missing. IfevalError says in a sentence what
    keeps it from beginning; a run that stopped on the way says so in `result.stopped`.
    """
    chosen = prompts if isinstance(prompts, PromptSet) else load_prompts(prompts, language=language)
    urls = (base_url,) if isinstance(base_url, str) else tuple(base_url)
    chosen = chosen.select(limit=limit)
    return ask_and_score(
        chosen,
        RunSettings(model=model, base_urls=urls, name=name, **settings),
        Path(output) if output is not None else lambda served: Path("runs") / folder_name(name or served, chosen),
        rules=rules,
        keep_thinking=keep_thinking,
        again=again,
        quiet=quiet,
    )


def ask_and_score(
    prompts: PromptSet,
    settings: RunSettings,
    folder: Path | Callable[[str], Path],
    *,
    rules: str | None = None,
    keep_thinking: bool = False,
    again: bool = False,
    quiet: bool = False,
    local_url: str | None = None,
) -> Run:
    """One prompt set. OutputError when all is answered and the scores cannot be written."""
    get_rules(rules, get_language(prompts.language)).prepare()
    result = run_prompts(prompts, settings, folder, again=again, quiet=quiet, local_url=local_url)
    if result.answered + result.truncated == 0:
        return Run(prompts, result, None)
    scores = _scores(prompts, result.journal, rules, keep_thinking)
    try:
        _save(scores, prompts, result.directory)
    except OutputError as problem:
        if result.finished:
            raise
        return Run(prompts, result, scores, str(problem))
    return Run(prompts, result, scores)


def record_and_score(
    prompts: PromptSet,
    settings: RunSettings,
    folder: Path,
    answers: Iterable[Sequence[Mapping[str, Any]]],
    server: Mapping[str, Any],
    *,
    rules: str | None = None,
) -> Scores:
    """The run's folder for answers got without a server, e.g. from a model in training; earlier ones are set aside.

    `answers` are rows of the journal in batches, each written as it comes; `server` is what gave them, for run.json.
    """
    set_aside(folder)
    with Journal(folder) as journal:
        progress = Progress(len(prompts), None, quiet=True)
        identity = Ledger(prompts, settings, progress, model=settings.model, engine=None).identity()
        transport = {"servers": [], "concurrency": settings.concurrency or 1, "timeout_s": settings.seconds}
        started = datetime.now(timezone.utc).isoformat(timespec="seconds")
        write_settings(
            folder, {"identity": identity, "transport": transport, "server": dict(server), "started": started}
        )
        journal.begin(identity)
        for batch in answers:
            journal.append(batch)
    return score_run(prompts, folder, rules=rules)


def score_run(prompts: PromptSet, folder: Path, *, rules: str | None = None, keep_thinking: bool = False) -> Scores:
    """Score a run folder's answers as far as they are there, and write scores, verdicts and report beside them."""
    scores = _scores(prompts, folder, rules, keep_thinking)
    _save(scores, prompts, folder)
    return scores


def _scores(prompts: PromptSet, answers: Path, rules: str | None, keep_thinking: bool) -> Scores:
    file = load_responses(answers)
    return score_responses(
        prompts, file.responses, rules=rules, partial=True, run=file.run, keep_thinking=keep_thinking
    )


def _save(scores: Scores, prompts: PromptSet, folder: Path) -> None:
    scores.save(folder)
    write_atomically(folder / "report.html", run_page(load_results(folder, prompts=prompts)))


def write_common_report(folder: Path, runs: Sequence[Run]) -> Path | None:
    """Write the report of several sets beside each other; None where fewer than two have scores."""
    scored = [each.folder for each in runs if (each.folder / "scores.json").is_file()]
    if len(scored) < 2:
        return None
    path = folder / "report.html"
    write_atomically(path, board_page(Board(load_entries(scored)), load_pairs(scored)))
    return path


def folder_name(model: str, prompts: PromptSet) -> str:
    """A folder for a model's answers to a prompt set, e.g. `Qwen_Qwen3-8B-fi-1.1-510`."""
    name = Path(model).stem if model.endswith(".gguf") else model
    return re.sub(r"[^\w.-]+", "_", f"{name}-{prompts.name}-{len(prompts)}")
