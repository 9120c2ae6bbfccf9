"""`ifeval-fi leaderboard`."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from ifeval_fi.cli import say
from ifeval_fi.errors import IfevalError
from ifeval_fi.files import read_text, write_atomically
from ifeval_fi.jsonl import dumps, read_json
from ifeval_fi.leaderboard.board import load_board, load_boards
from ifeval_fi.leaderboard.choice import Wanted, choice, reference_of
from ifeval_fi.leaderboard.entry import FILES, SubmissionError, submissions
from ifeval_fi.leaderboard.examine import SECONDS, examine
from ifeval_fi.leaderboard.verify import Verification

SUBMISSIONS = Path("leaderboard/submissions")
REPRODUCTIONS = Path("leaderboard/reproductions")

Flag = Annotated[bool, Parameter(negative=())]
Named = Annotated[tuple[str, ...], Parameter(negative=())]

app = App(
    name="leaderboard", help="Submit runs, verify submissions, build the site, choose a model.", help_format="plaintext"
)


@app.command
def init(*, run: Path | None = None, output: Path = Path("entry.json")) -> int:
    """Ask for the metadata of an entry and write entry.json; an interrupted interview goes on where it stopped.

    Parameters
    ----------
    run
        Run folder whose server and model are suggested as answers.
    output
        File to write; one that is there is not replaced.
    """
    from rich.console import Console
    from rich.prompt import Prompt
    from rich.text import Text

    from ifeval_fi.leaderboard.interview import BACK, ask_entry, known_of_run

    if output.exists():
        raise IfevalError(f"{output}: is there already; edit it, or choose another --output")
    console = Console()
    draft = output.with_name(f"{output.name}.draft")
    answered = read_json(draft, SubmissionError) if draft.is_file() else {}
    if not isinstance(answered, dict):
        raise SubmissionError(f"{draft}: is no draft of an interview; delete it")

    def ask(question: str, suggested: str) -> str:
        if sys.stdin.isatty():
            return Prompt.ask(Text(question), console=console, default=suggested, show_default=bool(suggested))
        say(f"{question} ({suggested})" if suggested else question)
        return input() or suggested

    say(f"{len(answered)} answers are in {draft} already." if answered else f'"{BACK}" goes back to the last question.')
    try:
        entry = ask_entry(
            ask,
            lambda text: console.print(Text(text, style="red")),
            known_of_run(run) if run else {},
            answered,
            lambda typed: write_atomically(draft, dumps(typed, indent=2) + "\n"),
        )
    except (EOFError, KeyboardInterrupt):
        where = f"the same command goes on from {draft}" if draft.is_file() else "nothing was written"
        raise IfevalError(f"stopped; {where}") from None
    write_atomically(output, dumps(entry, indent=2) + "\n")
    draft.unlink(missing_ok=True)
    say(f"Saved {output}; next: ifeval-fi leaderboard submit {run or 'RUN'} --entry {output}")
    return 0


@app.command
def submit(
    run: Path,
    /,
    *,
    entry: Path | None = None,
    root: Path = SUBMISSIONS,
    name: str | None = None,
    prompts: Named = (),
    jobs: int = 1,
) -> int:
    """Prepare the submission of a run and verify it. Exit code 1: it would be rejected, and nothing is kept.

    Parameters
    ----------
    run
        Run folder.
    entry
        The metadata, as `leaderboard init` writes them; entry.json in the run folder or here when not given.
    root
        Folder of all submissions.
    name
        Name of the run within the model's folder; the run folder's when not given.
    prompts
        LANGUAGE=FILE for a language that is not bundled.
    jobs
        Processes.
    """
    from ifeval_fi.leaderboard.submit import submit as submit_run

    if entry is None:
        entry = run / "entry.json" if (run / "entry.json").is_file() else Path("entry.json")
    found = submit_run(run, entry, root, name=name, jobs=jobs, prompts=_sources(prompts))
    say(found.text())
    if found.accepted:
        say(f"Saved {root / found.place}; commit this folder and open a pull request with nothing else in it.")
    return int(not found.accepted)


@app.command
def verify(
    *paths: Path,
    markdown: Path | None = None,
    base: Path | None = None,
    prompts: Named = (),
    jobs: int = 0,
    seconds: float = SECONDS,
) -> int:
    """Re-score submissions from their answers and show all that is wrong with them. Exit code 1: one is rejected.

    Parameters
    ----------
    paths
        Run folders, models' folders, or folders of submissions.
    markdown
        Append a summary, e.g. for a pull request.
    base
        The submissions as they were before: what is there already is not blamed for a copy of it.
    prompts
        LANGUAGE=FILE for a language that is not bundled.
    jobs
        Processes; as many as there are processors when not given.
    seconds
        Processor time for one submission; longer is rejected.
    """
    if not paths:
        raise IfevalError("name a run folder or a folder of submissions")
    found: dict[str, Verification] = {}
    settled = frozenset(f"{each.parent.name}/{each.name}" for each in (submissions(base) if base else ()))
    for path in paths:
        root, places = _root_of(path)
        for each in examine(
            root,
            jobs=jobs or _processors(),
            seconds=seconds,
            prompts=_sources(prompts),
            scored=places,
            settled=settled,
        ):
            if places is None or each.place in places:
                found[each.place] = each
    say("\n\n".join(each.text() for each in found.values()))
    if markdown:
        before = read_text(markdown) if markdown.is_file() else ""
        write_atomically(markdown, before + "\n".join(each.markdown() for each in found.values()))
    rejected = sum(not each.accepted for each in found.values())
    say(f"\n{len(found)} verified, {rejected} rejected", error=True)
    return int(rejected > 0)


@app.command
def build(
    *,
    root: Path = SUBMISSIONS,
    output: Path = Path("site"),
    reproductions: Path = REPRODUCTIONS,
    prompts: Named = (),
    jobs: int = 0,
    seconds: float = SECONDS,
    url: str | None = None,
    cache: Path | None = None,
) -> int:
    """Build the site. Exit code 1: it is built, but submissions were rejected and left out.

    Parameters
    ----------
    root
        Folder of all submissions.
    output
        Folder of the site; an older site there is replaced.
    reproductions
        Folder of the records that `leaderboard reproduce` writes.
    prompts
        LANGUAGE=FILE, e.g. en=FILE for the English runs beside the Finnish ones.
    jobs
        Processes; as many as there are processors when not given.
    seconds
        Processor time for one submission; longer is rejected.
    url
        Where the site will be published, for the links of its feed.
    cache
        Folder of what was scored, for the next build; it is trusted, so keep it where nobody else writes.
    """
    from ifeval_fi.leaderboard.build import build as build_site

    boards = build_site(
        root,
        output,
        records=reproductions,
        jobs=jobs or _processors(),
        seconds=seconds,
        prompts=_sources(prompts),
        url=url,
        cache=cache,
    )
    rejected = boards[0].rejected
    for each in rejected:
        say(each.text(), error=True)
    entries = sum(len(board.entries) for board in boards)
    say(f"Saved {output / 'index.html'}: {entries} accepted, {len(rejected)} rejected")
    return int(bool(rejected))


@app.command
def reproduce(
    entry: Path,
    /,
    *,
    base_url: Annotated[tuple[str, ...], Parameter(negative=())],
    model: str | None = None,
    k: int = 20,
    seed: int | None = None,
    reproductions: Path = REPRODUCTIONS,
    prompts: Named = (),
    hidden: Path | None = None,
) -> int:
    """Ask random prompts of an entry again, greedily, and record how many verdicts agree; for the maintainers.

    Exit code 1: too few agree.

    Parameters
    ----------
    entry
        Run folder of the submission.
    base_url
        Server with the same model.
    model
        Served name.
    k
        Number of prompts.
    seed
        Of the choice of prompts; drawn when not given, and recorded.
    reproductions
        Folder of the records.
    prompts
        LANGUAGE=FILE for a language that is not bundled.
    hidden
        File of prompts that are not public, all of which are asked too; the board shows the gap between both scores.
    """
    from ifeval_fi.leaderboard.reproduce import is_reproduced
    from ifeval_fi.leaderboard.reproduce import reproduce as ask_again

    if k < 1:
        raise IfevalError("--k: must be at least 1")
    chosen = secrets.randbelow(2**32) if seed is None else seed
    record = ask_again(
        entry,
        reproductions,
        k=k,
        seed=chosen,
        model=model,
        base_urls=base_url,
        prompts=_sources(prompts),
        hidden=hidden,
    )
    if "hidden" in record:
        say(f"{100 * record['hidden']['score']:.1f} % on {record['hidden']['prompts']} hidden prompts")
    say(f"{record['agreeing']} of {record['verdicts']} verdicts on {record['prompts']} prompts agree")
    return int(not is_reproduced([record]))


@app.command
def choose(
    set: str = "fi",
    *,
    against: str | None = None,
    max_params: str | None = None,
    open_weights: Flag = False,
    open_data: Flag = False,
    eu: Flag = False,
    workstation: Flag = False,
    license: Named = (),
    root: Path = SUBMISSIONS,
    prompts: Named = (),
    jobs: int = 0,
) -> int:
    """List the models that qualify, with the points of instructions followed lost or gained.

    Exit code 1: none qualifies.

    Parameters
    ----------
    set
        Prompt set whose board is read, e.g. sv.
    against
        Model, or ORG__MODEL/RUN, to compare with; the best without open weights when not given, of any kind if none is.
    max_params
        Parameters at most, e.g. 9B.
    open_weights
        Open weights only.
    open_data
        Open training data only.
    eu
        Made in the European Union only.
    workstation
        At most 9B, or at most 35B at 4 bits, with open weights.
    license
        SPDX identifier; several may be given.
    root
        Folder of all submissions.
    prompts
        LANGUAGE=FILE for a language that is not bundled.
    jobs
        Processes; as many as there are processors when not given.
    """
    from ifeval_fi.report.console import print_tables

    board = load_board(root, set, jobs=jobs or _processors(), prompts=_sources(prompts))
    wanted = Wanted(_billions(max_params), open_weights, open_data, eu, workstation, license)
    reference = reference_of(board, against)
    found = [each for each in board.entries if each in wanted]
    if not found:
        licences = sorted({each.model["license"] for each in board.entries})
        there_are = f" Licences on this board: {', '.join(licences)}." if license and licences else ""
        say(f"No entry qualifies.{there_are}", error=True)
        return 1
    print_tables([choice(board, reference, found)])
    return 0


@app.command(name="export-eee")
def export_eee(*, root: Path = SUBMISSIONS, output: Path = Path("eee"), prompts: Named = (), jobs: int = 0) -> int:
    """Write every entry as a record of Every Eval Ever. Exit code 1: submissions were rejected and left out.

    Parameters
    ----------
    root
        Folder of all submissions.
    output
        Folder of the records.
    prompts
        LANGUAGE=FILE for a language that is not bundled.
    jobs
        Processes; as many as there are processors when not given.
    """
    from ifeval_fi.leaderboard.exports import every_eval_ever

    boards = load_boards(root, jobs=jobs or _processors(), prompts=_sources(prompts))
    entries = [each for board in boards for each in board.pages if not each.baseline]
    for each in entries:
        write_atomically(output / f"{each.place}.json", dumps(every_eval_ever(each), indent=1) + "\n")
    say(f"Saved {len(entries)} records in {output}")
    return int(bool(boards[0].rejected))


def _processors() -> int:
    return os.cpu_count() or 1


def _sources(named: Sequence[str]) -> dict[str, str]:
    pairs = [each.partition("=") for each in named]
    if wrong := [name for name, _, file in pairs if not (name and file)]:
        raise IfevalError(f"--prompts {wrong[0]}: write LANGUAGE=FILE, e.g. en=prompts.jsonl")
    return {name: file for name, _, file in pairs}


def _root_of(path: Path) -> tuple[Path, frozenset[str] | None]:
    """The folder of submissions a path belongs to, and the places of the runs it means; None for all of them."""
    if not path.is_dir():
        raise SubmissionError(f"{path}: no such folder")
    path = path.absolute() if path.name else path.resolve()
    if any((path / name).exists() for name in FILES) or "__" in path.parent.name:
        return path.parent.parent, frozenset((f"{path.parent.name}/{path.name}",))
    if "__" in path.name:
        return path.parent, frozenset(f"{path.name}/{run.name}" for run in path.iterdir() if run.is_dir())
    return path, None


def _billions(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        return float(text.strip().upper().removesuffix("B"))
    except ValueError:
        raise IfevalError(f"--max-params {text}: write a number of thousands of millions, e.g. 9B") from None
