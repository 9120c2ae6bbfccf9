"""What `ifeval-fi prompts overlap` says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import track

from ifeval_fi.cli import say
from ifeval_fi.curation.overlap import Benchmark, Hit, best
from ifeval_fi.curation.training import training_rows
from ifeval_fi.jsonl import Row, write_rows
from ifeval_fi.prompts import bundled
from ifeval_fi.report.console import print_tables
from ifeval_fi.report.tables import Table, one_line

_SHOWN = 20
_WORDS_SHOWN = 100


def measure(file: Path, prompts: Sequence[str], ngram: int, output: Path | None) -> int:
    """Print the overlaps and their counts a set, and write them; 1 when there are any."""
    benchmark = Benchmark(prompts or bundled(), ngram)
    console = Console(stderr=True)
    rows, found = 0, list[tuple[str, str, Hit]]()
    hidden = not console.is_terminal
    for place, texts in track(
        training_rows(file), one_line(file.name), console=console, transient=True, disable=hidden
    ):
        rows += 1
        found += [(place, *each) for each in _hits(texts, benchmark)]
    for place, field, hit in found[:_SHOWN]:
        where = f"{place}, {field}" if field else place
        say(one_line(f"{where}: {hit.kind} with {hit.set} {hit.key}: “{_cut(hit.words)}”"))
    if len(found) > _SHOWN:
        rest = f"{len(found) - _SHOWN} more"
        say(f"… and {rest}" + ("" if output else "; --output FILE has all"))
    if output:
        write_rows(output, (_row(place, field, hit) for place, field, hit in found))
    touched = len({place for place, _, _ in found})
    print_tables([_table(benchmark, found)])
    say(f"{touched} of {rows} rows share {ngram} words in a row with a test prompt, or are one")
    return 1 if found else 0


def _hits(texts: Sequence[tuple[str, str]], benchmark: Benchmark) -> Iterator[tuple[str, Hit]]:
    """The best hit of a row for each prompt, with the field it was found in."""
    hits = {hit: field for field, text in reversed(texts) for hit in benchmark.hits(text)}
    return ((hits[hit], hit) for hit in best(hits))


def _cut(words: str) -> str:
    return words if len(words) <= _WORDS_SHOWN else f"{words[:_WORDS_SHOWN].rpartition(' ')[0]}…"


def _row(place: str, field: str, hit: Hit) -> Row:
    name, _, number = place.partition(" ")
    return {name: int(number), "field": field} | hit.row


def _table(benchmark: Benchmark, found: Sequence[tuple[str, str, Hit]]) -> Table:
    rows: dict[tuple[str, str], set[str]] = defaultdict(set)
    keys: dict[str, set[object]] = defaultdict(set)
    for place, _, hit in found:
        rows[hit.set, hit.kind].add(place)
        if hit.kind != "formula":
            keys[hit.set].add(hit.key)
    cells = [
        (
            name,
            str(benchmark.sizes[name]),
            str(len(keys[name])),
            *(str(len(rows[name, kind])) for kind in ("exact", "shared", "formula")),
        )
        for name in benchmark.sets
    ]
    columns = ("set", "prompts", "prompts touched", "rows: exact", "shared", "formula")
    note = (
        "A formula is a run of words that four or more of the prompts have, as “your entire response should be in …”."
    )
    return Table("Overlap with the test sets", columns, cells, left=1, note=note)
