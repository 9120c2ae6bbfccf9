"""`ifeval-fi run`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from ifeval_fi.cli import say, say_language
from ifeval_fi.cli.sets import addresses_and_sets, chosen_sets
from ifeval_fi.errors import IfevalError
from ifeval_fi.jsonl import loads
from ifeval_fi.languages import get_language
from ifeval_fi.prompts import PromptSet, load_prompts
from ifeval_fi.report.console import print_scores
from ifeval_fi.report.tables import one_line
from ifeval_fi.rules import get_rules
from ifeval_fi.runner.evaluate import Run, ask_and_score, folder_name, write_common_report
from ifeval_fi.runner.settings import MAX_TOKENS, RunSettings
from ifeval_fi.scoring.results import load_run


def run(
    *sets: str,
    model: str | None = None,
    base_url: Annotated[tuple[str, ...], Parameter(consume_multiple=True, negative=())] = (),
    prompts: Annotated[tuple[str, ...], Parameter(consume_multiple=True, negative=())] = (),
    language: str | None = None,
    all_languages: Annotated[bool, Parameter(negative=())] = False,
    rules: str | None = None,
    limit: int | None = None,
    keys: Annotated[tuple[int, ...], Parameter(consume_multiple=True, negative=())] = (),
    output: Path | None = None,
    name: str | None = None,
    again: Annotated[bool, Parameter(negative=())] = False,
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
    batch: Annotated[bool, Parameter(negative=())] = False,
    quiet: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Ask a model the prompts and score its answers; the same command again asks only what is missing.

    Written into the run folder: responses.jsonl (answers), run.json (settings and server), verdicts.jsonl, scores.json
    and report.html.

    Environment: a key is read from IFEVAL_FI_API_KEY, or OPENAI_API_KEY for https servers elsewhere; http_proxy,
    https_proxy, no_proxy and SSL_CERT_FILE are heeded.

    Exit codes: 0 every prompt has an answer; 1 some have none yet; 2 the call, the server or the folder is wrong.

    Parameters
    ----------
    sets
        Bundled sets (fi, en …), prompts files, or hub:NAME; several are asked one after the other, a folder each. The
        Finnish set when none is named.
    model
        Served name; "smollm2" or PATH.gguf for the embedded llama.cpp server; asked from the server when not given.
    base_url
        An OpenAI-compatible server, e.g. http://127.0.0.1:8000/v1; several spread the prompts over replicas.
    prompts
        The same as SETS.
    language
        Language of a prompts file; the one that most prompts are in when not given.
    all_languages
        Also the prompts that ask for an answer in another language (31 of the English set).
    rules
        finnish or reference; the language's own when not given.
    limit
        Ask only the first so many prompts.
    keys
        Ask only the prompts with these keys.
    output
        Run folder; runs/MODEL-PROMPTS-COUNT when not given, after the model that is served. Of several prompt sets,
        the folder of their folders.
    name
        What reports call this run, e.g. "after-sft"; the model's name when not given.
    again
        Ask every prompt anew; the folder's earlier answers are kept in a folder of their own there.
    concurrency
        Requests at a time; 32 (1 for the embedded server) when not given; halved by itself when the server says 429.
    max_tokens
        Tokens an answer may have; the published task's 1280 unless given.
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
        Seconds for one request; 300 and a quarter of a second a token when not given.
    batch
        Submit the prompts to the server's batch API (/v1/batches): half the price in the cloud, answers within a day.
        Ctrl-C leaves the batch at the server; the same command goes on with it.
    quiet
        No progress.
    """
    base_url, more = addresses_and_sets(base_url)
    asked = [
        say_language(load_prompts(each, language=language, all_languages=all_languages)).select(
            limit=limit, keys=keys or None
        )
        for each in chosen_sets((*sets, *more), prompts)
    ]
    for chosen in asked:
        get_rules(rules, get_language(chosen.language)).prepare()
    settings = RunSettings(
        model=model,
        name=name,
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
        batch=batch,
    )
    if samples > 1 and settings.sent("temperature") == 0:
        say(
            f"Warning: at temperature 0 all {samples} samples of a prompt are one answer; give --temperature",
            error=True,
        )
    finished = []
    for chosen in asked:
        folder = _folder(output, name, chosen, several=len(asked) > 1)
        finished.append(
            ask_and_score(chosen, settings, folder, rules=rules, keep_thinking=keep_thinking, again=again, quiet=quiet)
        )
        _tell(finished[-1])
        if finished[-1].result.stopped:
            # Ctrl-C, a refused key or a full disk would only end the next one too.
            if rest := asked[len(finished) :]:
                say(f"ifeval-fi: not begun: {', '.join(each.name for each in rest)}", error=True)
            break
    if report := write_common_report(output or Path("runs"), finished):
        say(f"Report of all sets: {report}")
    return 0 if all(each.finished for each in finished) else 1


def _tell(done: Run) -> None:
    result = done.result
    if result.nothing_asked:
        say(
            f"Nothing asked: {result.directory} holds all {result.total} answers of {result.model} already "
            f"({result.nothing_asked}). These are their results; --again asks anew."
        )
    if not result.finished:
        say(f"ifeval-fi: {one_line(result.summary)}", error=True)
    if done.scores is None:
        return
    if done.unwritten is not None:
        # A run that stopped has said why: the disk that is full for the answers is full for the scores.
        if not result.stopped:
            say(f"ifeval-fi: {one_line(done.unwritten)}", error=True)
        return
    name = done.scores.summary.get("name") or result.model
    print_scores(
        done.scores.summary,
        title=f"{name}, {done.prompts.name}",
        run=load_run(result.directory),
        saved=f"{result.directory}; report.html there shows every answer",
    )


def _folder(
    output: Path | None, name: str | None, prompts: PromptSet, *, several: bool
) -> Path | Callable[[str], Path]:
    if output is None:
        return lambda served: Path("runs") / folder_name(name or served, prompts)
    return output / prompts.name if several else output


def json_object(text: str) -> dict[str, Any]:
    """The value of --extra-body; IfevalError when it is not a JSON object."""
    try:
        value = loads(text)
    except ValueError as problem:
        raise IfevalError(f"--extra-body: not JSON: {problem}") from None
    if not isinstance(value, dict):
        raise IfevalError("--extra-body: must be a JSON object")
    return value
