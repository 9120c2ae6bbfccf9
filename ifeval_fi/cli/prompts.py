"""`ifeval-fi prompts show|check|export|draw|overlap`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.text import Text

from ifeval_fi.cli import say
from ifeval_fi.cli.sets import chosen_sets, names_a_set
from ifeval_fi.jsonl import Row, dumps, write_rows
from ifeval_fi.prompts import load_prompts
from ifeval_fi.report.tables import one_line, showable

AllLanguages = Annotated[bool, Parameter(negative=())]
Sets = Annotated[tuple[str, ...], Parameter(consume_multiple=True, negative=())]

app = App(
    name="prompts",
    help="Show, check, export and draw prompts; compare a training set with them.",
    help_format="plaintext",
)


@app.command
def show(
    *keys: int | str,
    prompts: str | None = None,
    language: str | None = None,
    limit: int | None = None,
    all_languages: AllLanguages = False,
) -> None:
    """Print prompts with their instructions.

    Parameters
    ----------
    keys
        A prompt set, then keys of the prompts to show; all when none are given.
    prompts
        A bundled set (fi), a prompts file, or hub:NAME; the Finnish set when none is named here or first.
    language
        Language of a prompts file; the one that most prompts are in when not given.
    limit
        Show only the first so many.
    all_languages
        Of a hub set, also the prompts that ask for an answer in another language.
    """
    if prompts is None:
        prompts, keys = (str(keys[0]), keys[1:]) if keys and names_a_set(str(keys[0])) else ("fi", keys)
    console = Console()
    chosen = load_prompts(prompts, language=_any_language(prompts, language), all_languages=all_languages)
    for prompt in chosen.select(limit=limit, keys=keys or None):
        console.rule(Text(one_line(str(prompt.key))), align="left")
        console.print(Text(showable(prompt.text)))
        for instruction in prompt.instructions:
            kwargs = ", ".join(f"{name}={value!r}" for name, value in instruction.kwargs.items())
            console.print(Text(f"  {instruction.id} {showable(kwargs)}".rstrip(), style="cyan"))


@app.command
def check(*sets: str, prompts: Sets = (), language: str | None = None) -> int:
    """Prove what a program can prove of a prompt set; list every finding that is no known fault (faults.jsonl).

    Exit code 1: there are findings.

    Parameters
    ----------
    sets
        Bundled sets (fi) or prompts files; the Finnish set when none is named.
    prompts
        The same as SETS.
    language
        Language of a prompts file; the one that most prompts are in when not given.
    """
    from ifeval_fi.curation.proof import check_prompts, known_faults

    chosen, found = chosen_sets(sets, prompts), 0
    for name in chosen:
        rows, findings = check_prompts(name, language=language)
        for finding in findings:
            row = "" if finding.key is None else f"{finding.key}: "
            say(one_line(f"{row}{finding.problem}; {finding.advice}"))
        faults = len(known_faults(name))
        of = f"{name}: " if len(chosen) > 1 else ""
        say(f"{of}{rows} prompts, {len(findings)} findings" + (f", {faults} known faults" if faults else ""))
        found += len(findings)
    return int(found > 0)


@app.command
def export(
    prompts: str = "fi",
    *,
    language: str | None = None,
    output: Path | None = None,
    all_languages: AllLanguages = False,
) -> None:
    """Write the prompts as JSON Lines, to a file or to standard output.

    Parameters
    ----------
    prompts
        A bundled language (fi), a prompts file, or hub:NAME.
    language
        Language of a prompts file; the one that most prompts are in when not given.
    output
        The file to write.
    all_languages
        Of a hub set, also the prompts that ask for an answer in another language.
    """
    chosen = load_prompts(prompts, language=_any_language(prompts, language), all_languages=all_languages)
    rows = [prompt.row for prompt in chosen]
    if output:
        write_rows(output, rows)
    else:
        sys.stdout.writelines(_line(row) + "\n" for row in rows)


@app.command
def draw(prompts: str = "fi-native", *, seed: int, output: Path, samples: Path | None = None) -> None:
    """Draw a private twin of a set: its templates with other names, words and numbers, the same for the same seed.

    Parameters
    ----------
    prompts
        A bundled set that has templates (fi-native).
    seed
        A whole number of your own; the public rows are those of seed 0.
    output
        The prompts file to write.
    samples
        A file for the sample answers that prove the rows.
    """
    from ifeval_fi.curation.draw import draw as drawn_rows

    rows = drawn_rows(prompts, seed)
    write_rows(output, [each.prompt.row for each in rows])
    if samples:
        write_rows(samples, [{"key": each.prompt.key, "response": each.sample} for each in rows])
    say(f"{len(rows)} prompts drawn with seed {seed}: {output}")


@app.command
def overlap(
    file: Path,
    *,
    prompts: Annotated[tuple[str, ...], Parameter(consume_multiple=True, negative=())] = (),
    ngram: int = 8,
    output: Path | None = None,
) -> int:
    """Compare a training set with the test sets: whole prompts and runs of words that both have.

    Exit code 1: something overlaps.

    Parameters
    ----------
    file
        JSON Lines, a JSON list, Parquet or plain lines; every text in every column is compared, e.g. those of prompt,
        completion, messages, instruction and output.
    prompts
        Prompt sets to compare with; all bundled ones when not given.
    ngram
        How many words in a row count as shared; case and punctuation do not matter.
    output
        A file for every overlap: the row's line, the field, set, key, kind, share and shared words.
    """
    from ifeval_fi.cli.overlap import measure

    return measure(file, prompts, ngram, output)


def _any_language(prompts: str, language: str | None) -> str | None:
    """A language for rows of a file, which are shown and written alike whichever it is."""
    return language or ("fi" if Path(prompts).is_file() else None)


def _line(row: Row) -> str:
    """The row as JSON; in ASCII where a terminal would obey it, or the encoding of standard output lacks a letter."""
    line = dumps(row)
    lacking = line.encode(sys.stdout.encoding or "utf-8", "replace").decode(sys.stdout.encoding or "utf-8") != line
    return json.dumps(row) if lacking or showable(line) != line else line
