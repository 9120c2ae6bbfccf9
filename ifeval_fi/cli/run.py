"""`ifeval-fi run`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from ifeval_fi.cli import say
from ifeval_fi.errors import IfevalError, OutputError
from ifeval_fi.files import write_atomically
from ifeval_fi.jsonl import loads
from ifeval_fi.languages import get_language
from ifeval_fi.prompts import PromptSet, load_prompts
from ifeval_fi.report.console import print_scores
from ifeval_fi.report.content import Board, load_entries
from ifeval_fi.report.html import board_page, run_page
from ifeval_fi.report.pairs import load_pairs
from ifeval_fi.report.tables import one_line
from ifeval_fi.rules import get_rules
from ifeval_fi.runner.run import run_prompts
from ifeval_fi.runner.settings import MAX_TOKENS, RunSettings
from ifeval_fi.scoring import score as score_responses
from ifeval_fi.scoring.responses import load_responses
from ifeval_fi.scoring.results import load_results


def run(
    *,
    model: str | None = None,
    base_url: Annotated[tuple[str, ...], Parameter(negative=())] = (),
    prompts: Annotated[tuple[str, ...], Parameter(consume_multiple=True, negative=())] = ("fi",),
    language: str | None = None,
    all_languages: Annotated[bool, Parameter(negative=())] = False,
    rules: str | None = None,
    limit: int | None = None,
    keys: Annotated[tuple[int, ...], Parameter(consume_multiple=True, negative=())] = (),
    output: Path | None = None,
    concurrency: int | None = None,
    max_tokens: int = MAX_TOKENS,
    temperature: float = 0.0,
    top_p: float | None = None,
    seed: int | None = None,
    system_prompt: str | None = None,
    extra_body: str = "{}",
    samples: int = 1,
    keep_thinking: Annotated[bool, Parameter(negative=())] = False,
    timeout: float | None = None,
    quiet: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Ask a model the prompts and score its answers; the same command again asks only what is missing.

    A key is read from OPENAI_API_KEY or IFEVAL_FI_API_KEY. Exit code 1: some prompts have no answer yet.

    Parameters
    ----------
    model
        Served name; "smollm2" or PATH.gguf for the embedded llama.cpp server; asked from the server when not given.
    base_url
        An OpenAI-compatible server, e.g. http://127.0.0.1:8000/v1; several spread the prompts over replicas.
    prompts
        Bundled sets (fi, en …), prompts files, or hub:NAME; several are asked one after the other, a folder each.
    language
        Language of a prompts file.
    all_languages
        Also the prompts that ask for an answer in another language (31 of the English set).
    rules
        finnish or reference; the language's own when not given.
    limit
        Ask only the first so many prompts.
    keys
        Ask only the prompts with these keys.
    output
        Run folder; runs/MODEL-PROMPTS when not given. Of several prompt sets, the folder of their folders.
    concurrency
        Requests at a time; halved by itself when the server says 429.
    max_tokens
        Tokens an answer may have.
    temperature
        0 is greedy.
    top_p
        Nucleus sampling.
    seed
        Sent to the server; sample n gets seed + n.
    system_prompt
        Sent before each prompt.
    extra_body
        JSON merged into each request, e.g. '{"chat_template_kwargs": {"enable_thinking": false}}'.
    samples
        Answers per prompt, for pass@k.
    keep_thinking
        Judge a model's leading thinking as part of its answer, for numbers that were published so.
    timeout
        Seconds for one request.
    quiet
        No progress.
    """
    sets = [
        load_prompts(name, language=language, all_languages=all_languages).select(limit=limit, keys=keys or None)
        for name in prompts
    ]
    settings = RunSettings(
        model=model,
        base_urls=base_url,
        max_tokens=max_tokens,
        temperature=temperature,
        top_p=top_p,
        seed=seed,
        system_prompt=system_prompt,
        extra_body=json_object(extra_body),
        samples=samples,
        concurrency=concurrency,
        timeout=timeout,
    )
    for chosen in sets:
        get_rules(rules, get_language(chosen.language)).prepare()
    folders = [_folder(output, model or "served", chosen, several=len(sets) > 1) for chosen in sets]
    finished = [
        _ask_and_score(chosen, settings, folder, rules=rules, keep_thinking=keep_thinking, quiet=quiet)
        for chosen, folder in zip(sets, folders, strict=True)
    ]
    scored = [folder for folder in folders if (folder / "scores.json").is_file()]
    if len(scored) > 1:
        report = (output or Path("runs")) / "report.html"
        write_atomically(report, board_page(Board(load_entries(scored)), load_pairs(scored)))
        say(f"Report of all sets: {report}")
    return 0 if all(finished) else 1


def _ask_and_score(
    chosen: PromptSet, settings: RunSettings, folder: Path, *, rules: str | None, keep_thinking: bool, quiet: bool
) -> bool:
    """Whether every prompt of the set has an answer in the end."""
    result = run_prompts(chosen, settings, folder, quiet=quiet)
    if not result.finished:
        say(f"ifeval-fi: {one_line(result.summary)}", error=True)
    if result.answered + result.truncated == 0:
        return False
    file = load_responses(result.journal)
    scores = score_responses(
        chosen, file.responses, rules=rules, partial=True, run=file.run, keep_thinking=keep_thinking
    )
    try:
        scores.save(folder)
        report = run_page(load_results(folder, prompts=chosen))
        write_atomically(folder / "report.html", report)
    except OutputError as problem:
        if result.finished:
            raise
        # A run that stopped has said why: the disk that is full for the answers is full for the scores.
        if not result.stopped:
            say(f"ifeval-fi: {one_line(str(problem))}", error=True)
        return False
    print_scores(scores.summary, title=f"{result.model}, {chosen.name}", saved=folder)
    say(f"Report: {folder / 'report.html'}")
    return result.finished


def _folder(output: Path | None, model: str, prompts: PromptSet, *, several: bool) -> Path:
    if output is None:
        return Path("runs") / _folder_name(model, prompts)
    return output / prompts.name if several else output


def _folder_name(model: str, prompts: PromptSet) -> str:
    name = Path(model).stem if model.endswith(".gguf") else model
    return re.sub(r"[^\w.-]+", "_", f"{name}-{prompts.name}-{len(prompts)}")


def json_object(text: str) -> dict[str, Any]:
    """The value of --extra-body; IfevalError when it is not a JSON object."""
    try:
        value = loads(text)
    except ValueError as problem:
        raise IfevalError(f"--extra-body: not JSON: {problem}") from None
    if not isinstance(value, dict):
        raise IfevalError("--extra-body: must be a JSON object")
    return value
