"""`ifeval-fi generate`."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from rich.console import Console
from rich.progress import track

from ifeval_fi.cli import say
from ifeval_fi.curation.bank import load_stems
from ifeval_fi.curation.chat import Format, row_of
from ifeval_fi.curation.generate import generate as generated
from ifeval_fi.errors import IfevalError
from ifeval_fi.files import writing
from ifeval_fi.jsonl import Row, dumps

Several = Parameter(consume_multiple=True, negative=())


def generate(
    *,
    language: Annotated[tuple[str, ...], Several] = ("fi",),
    count: int = 1000,
    seed: int,
    output: Path,
    difficulty: Literal["easy", "medium", "hard", "1", "2", "3", "4"] | None = None,
    stems: Path | None = None,
    instructions: Annotated[tuple[str, ...], Several] = (),
    without: Annotated[tuple[str, ...], Several] = (),
    format: Format = "ifeval",
    samples: Path | None = None,
    quiet: Annotated[bool, Parameter(negative=())] = False,
) -> None:
    """Make verifiable prompts to train on: none shares 8 words in a row with a bundled test set, each can be followed.

    Parameters
    ----------
    language
        Languages of the prompts; with several, each has a file of its own, FILE.fi.jsonl for FILE.jsonl.
    count
        How many prompts in each language.
    seed
        A whole number; the same gives the same bytes, and a smaller count the first of the same rows.
    output
        The file to write, JSON Lines.
    difficulty
        easy (1 instruction), medium (2), hard (3 or 4), or how many; 1 to 4 in a mix when not given.
    stems
        Tasks of your own in place of the bank's: plain lines, or JSON Lines with text, prompt or messages, and, if they
        are to be asked for, keywords.
    instructions
        The only instruction ids to use; `ifeval-fi list` shows them.
    without
        Instruction ids not to use.
    format
        ifeval (rows for --prompts), trl (prompt as messages), chat (messages), verl or open-instruct.
    samples
        A file for the answers that prove that each prompt can be followed; beside the prompts as samples.jsonl, they
        are what `prompts check` proves the rows by.
    quiet
        Show no progress.
    """
    languages = tuple(dict.fromkeys(language))
    if stems and len(languages) > 1:
        raise IfevalError("--stems are in one language; give one --language")
    own = load_stems(stems) if stems else None
    if samples and samples.resolve() == output.resolve():
        raise IfevalError(f"{output}: --samples and --output are one file; name another")
    sources = {
        code: generated(
            code, count, seed=seed, difficulty=difficulty, stems=own, instructions=instructions, without=without
        )
        for code in languages
    }
    console = Console(stderr=True)
    hidden = quiet or not console.is_terminal
    with ExitStack() as opened:
        for code, source in sources.items():
            rows = opened.enter_context(writing(_place(output, code, languages)))
            answers = opened.enter_context(writing(_place(samples, code, languages))) if samples else None
            said = f"prompts in {code}"
            for each in track(source, said, count, console=console, transient=True, disable=hidden):
                rows.write(_line(row_of(each.prompt, format)))
                if answers:
                    answers.write(_line({"key": each.prompt.key, "response": each.sample}))
    for code in languages:
        say(f"{count} prompts in {code} with seed {seed}: {_place(output, code, languages)}", error=True)


def _line(row: Row) -> bytes:
    return (dumps(row) + "\n").encode()


def _place(path: Path, code: str, languages: tuple[str, ...]) -> Path:
    return path if len(languages) == 1 else path.with_suffix(f".{code}{path.suffix}")
