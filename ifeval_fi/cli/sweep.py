"""`ifeval-fi sweep`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter
from rich.console import Console

from ifeval_fi.cli import say
from ifeval_fi.errors import IfevalError
from ifeval_fi.sweep.drive import carry_out
from ifeval_fi.sweep.plan import load_plan, make_plan, read_toml
from ifeval_fi.sweep.report import write_sweep_report
from ifeval_fi.sweep.state import Standing, Watch
from ifeval_fi.sweep.table import LiveTable, standings_table, summary

Several = Annotated[tuple[str, ...], Parameter(consume_multiple=True, negative=())]


def sweep(
    plan: Path | None = None,
    *,
    models: Several = (),
    prompts: Several = (),
    base_url: Several = (),
    samples: int | None = None,
    max_tokens: int | None = None,
    temperature: float | None = None,
    seed: int | None = None,
    limit: int | None = None,
    concurrency: int | None = None,
    executor: Literal["local", "ray", "slurm"] | None = None,
    jobs: int | None = None,
    output: Path | None = None,
    status: Annotated[bool, Parameter(negative=())] = False,
    quiet: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Ask many models many prompt sets: on this machine, on Ray or on SLURM; the same command again goes on.

    Each cell (a model with one setting) starts its server (vLLM for a checkpoint, llama.cpp for a .gguf), asks all
    prompt sets, scores and stops the server. Written into the folder: cells/ with a run folder per prompt set, and
    report.html over all. Options stand above what the plan's file says.

    Exit codes: 0 every cell is done; 1 some failed or are not done yet; 2 the call or the plan is wrong.

    Parameters
    ----------
    plan
        A sweep.toml (docs/scale.md describes it), or with --status the folder of a sweep.
    models
        Checkpoint folders, names on the hub, PATH.gguf, "smollm2"; or with --base-url the names served there.
    prompts
        Bundled sets (fi, en …), prompts files, or hub:NAME; fi when not given.
    base_url
        A server that runs already, for all --models.
    samples
        Answers per prompt, for pass@k.
    max_tokens
        Tokens an answer may have; 1280 when not given.
    temperature
        0 is greedy, and the default.
    seed
        Sent to the server; sample n gets seed + n.
    limit
        Ask only the first so many prompts of each set.
    concurrency
        Requests at a time of one cell.
    executor
        local (the default), ray (an existing cluster, else one on this machine), or slurm (a job array).
    jobs
        Cells at a time; when not given, on this machine one or as many as there are GPUs for, elsewhere all.
    output
        Folder of the sweep, which every node must see; runs/sweep when not given.
    status
        Only show how far the sweep is, from any machine that sees its folder.
    quiet
        No table.
    """
    if status:
        return _status(plan or output)
    table: dict[str, Any] = read_toml(plan) if plan else {}
    given = {
        "prompts": list(prompts),
        "samples": samples,
        "max_tokens": max_tokens,
        "temperature": temperature,
        "seed": seed,
        "limit": limit,
        "concurrency": concurrency,
        "executor": executor,
        "jobs": jobs,
        "output": str(output) if output else None,
    }
    table |= {name: value for name, value in given.items() if value not in (None, [])}
    if models:
        table["models"] = [{"model": each, "base_url": list(base_url)} if base_url else each for each in models]
    elif base_url:
        raise IfevalError("--base-url goes with --models")
    if not table.get("models"):
        raise IfevalError("name a sweep.toml, or --models")
    made = make_plan(table, str(plan) if plan else "the call")
    with LiveTable(Console(stderr=True), quiet=quiet) as live:
        outcome = carry_out(made, live.show)
    _tell(outcome.standings)
    if report := write_sweep_report(made, outcome.standings):
        say(f"Report: {report}")
    if outcome.stopped:
        say(f"ifeval-fi: {outcome.stopped}", error=True)
    return 0 if outcome.complete else 1


def _status(folder: Path | None) -> int:
    if folder is None:
        raise IfevalError("--status: name the folder of the sweep")
    if folder.is_file():
        folder = Path(read_toml(folder).get("output", "runs/sweep"))
    standings = Watch(load_plan(folder)).look()
    Console().print(standings_table(standings))
    return 0 if all(each.state == "done" for each in standings) else 1


def _tell(standings: list[Standing] | Any) -> None:
    say(summary(standings))
    for each in standings:
        if each.state == "failed":
            say(f"Failed: {each.cell.label}: {each.reason}", error=True)
            for line in each.lines:
                say(f"    {line}", error=True)
