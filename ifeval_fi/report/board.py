"""Several results beside each other: their entries, what may be compared, and the tables they make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ifeval_fi.jsonl import Row
from ifeval_fi.languages.names import english_name
from ifeval_fi.parallel import side_by_side
from ifeval_fi.report.content import GROUP_RATES, NAMES, NONE, interval, percent, spaced
from ifeval_fi.report.tables import Table, one_line
from ifeval_fi.scoring.ranks import rank_ranges
from ifeval_fi.scoring.results import ResultsError, load_run, load_scores, load_verdicts, model_name
from ifeval_fi.scoring.signature import differing, parse_signature


@dataclass(frozen=True)
class Entry:
    """One of several results in a report: what its scores and verdicts files hold, who answered, and its folder."""

    name: str
    summary: Row
    strict: tuple[tuple[object, bool], ...]
    model: str = ""
    folder: str = ""
    run: Row = field(default_factory=dict)

    @property
    def followed(self) -> list[int]:
        """Instructions followed per prompt, in an order that all results on the same prompts share."""
        counts = Counter({key: 0 for key, _ in self.strict})
        counts.update(key for key, followed in self.strict if followed)
        return [counts[key] for key in sorted(counts, key=lambda key: (isinstance(key, str), key))]

    @property
    def language(self) -> str:
        """Code of the prompts' language."""
        return str(self.summary["language"])

    @property
    def prompt_set(self) -> str:
        """The prompt set's name in a report: the language's code, or e.g. "fi-native" for another set of a language."""
        name = parse_signature(self.summary["signature"])["prompts"].rpartition("-")[0]
        return name if name.startswith(f"{self.language}-") else self.language


def set_title(prompt_set: str) -> str:
    """What a prompt set is called in words, e.g. "Finnish" or, for fi-native, "Finnish native"."""
    code, _, rest = prompt_set.partition("-")
    return f"{english_name(code)} {rest}".rstrip()


def load_entries(folders: Sequence[Path], *, jobs: int = 0) -> list[Entry]:
    """Results to put side by side; two of one model on one set are told apart by their folders.

    `jobs` processes read them; with none, this one.
    """
    entries = list(side_by_side(_load_entry, folders, jobs))
    seen = Counter((entry.name, entry.prompt_set) for entry in entries)
    named = [
        entry
        if seen[entry.name, entry.prompt_set] == 1
        else replace(entry, name=f"{entry.name} ({one_line(folder.resolve().name)})")
        for entry, folder in zip(entries, folders, strict=True)
    ]
    if len({(entry.name, entry.prompt_set) for entry in named}) < len(named):
        raise ResultsError("two of the folders hold the same model under the same name; rename one")
    return named


def _load_entry(folder: Path) -> Entry:
    summary = load_scores(folder)
    verdicts = load_verdicts(folder.parent if folder.is_file() else folder)
    if len(verdicts) != summary["counts"]["scored"]:
        raise ResultsError(f"{folder}: scores.json and verdicts.jsonl contradict each other; score again")
    strict = tuple((row["key"], followed) for row in verdicts for followed in row["strict"])
    model = one_line(model_name(folder, summary))
    return Entry(model, summary, strict, model, str(folder.resolve()), load_run(folder))


@dataclass(frozen=True)
class Board:
    """Several results side by side: by model, then by prompt set, English first."""

    entries: Sequence[Entry]

    @property
    def models(self) -> list[str]:
        """Names in the order of their headline score on the last set, best first."""
        scores: dict[str, tuple[float, ...]] = {}
        for name in dict.fromkeys(entry.name for entry in self.entries):
            found = [self.find(name, each) for each in reversed(self.sets)]
            scores[name] = tuple(-1.0 if each is None else _headline(each) for each in found)
        return sorted(scores, key=lambda name: (tuple(-score for score in scores[name]), name))

    @property
    def sets(self) -> list[str]:
        """Names of the prompt sets, English first."""
        return sorted({entry.prompt_set for entry in self.entries}, key=lambda name: (name != "en", name))

    @property
    def categories(self) -> list[str]:
        """Names of all categories."""
        return sorted({name for entry in self.entries for name in entry.summary["by_category"]})

    def find(self, model: str, prompt_set: str) -> Entry | None:
        """The model's result on the set, if there is one."""
        return next((e for e in self.entries if (e.name, e.prompt_set) == (model, prompt_set)), None)

    def ordered(self) -> Iterator[Entry]:
        """Every result, by model and prompt set."""
        for model in self.models:
            for name in self.sets:
                if entry := self.find(model, name):
                    yield entry

    @property
    def signatures(self) -> dict[str, list[str]]:
        """What numbers depend on, each with the results it holds for."""
        found: dict[str, list[str]] = {}
        for entry in self.ordered():
            found.setdefault(entry.summary["signature"], []).append(f"{entry.name}, {entry.prompt_set}")
        return found

    @property
    def warnings(self) -> list[str]:
        """Why numbers of this report must not be compared, if they must not."""
        found = [f"{entry.name}, {entry.prompt_set}: incomplete" for entry in self.ordered() if not _complete(entry)]
        for name in self.sets:
            same = [entry for entry in self.ordered() if entry.prompt_set == name]
            for other in same[1:]:
                if parts := differing(same[0].summary["signature"], other.summary["signature"]):
                    found.append(f"{name}: {same[0].name} and {other.name} differ in {', '.join(parts)}")
        return found

    def ranks(self, prompt_set: str) -> dict[str, tuple[int, int]]:
        """Best and worst rank a model may have; none where the results cannot be compared."""
        same = [entry for entry in self.entries if entry.prompt_set == prompt_set]
        alike = {tuple(differing(same[0].summary["signature"], each.summary["signature"])) for each in same}
        if len(same) < 2 or alike != {()} or not all(map(_complete, same)):
            return {}
        return rank_ranges({entry.name: entry.followed for entry in same})


def _headline(entry: Entry) -> float:
    return float(entry.summary.get("inst_level_strict_acc", 0.0))


def _complete(entry: Entry) -> bool:
    return bool(entry.summary["complete"])


def study_table(board: Board) -> Table:
    """The published study's table: instruction-level strict accuracy per prompt set, and the response language."""
    others = [name for name in board.sets if name != "en"] or board.sets
    ranks = {name: board.ranks(name) for name in others}
    columns = ["model", *(f"{name.upper()} %" for name in board.sets)]
    columns += [
        f"{name.upper()} answered in language %" if "-" in name else f"answers in {name.upper()} %" for name in others
    ]
    columns += [f"rank, {name.upper()}" for name in others if ranks[name]]
    rows = []
    for model in board.models:
        found = {name: board.find(model, name) for name in board.sets}
        cells = [percent(each.summary.get("inst_level_strict_acc")) if each else NONE for each in found.values()]
        for name in others:
            entry = found[name]
            cells.append(percent(entry.summary.get("response_language_rate")) if entry else NONE)
        cells += [rank_text(ranks[name].get(model)) for name in others if ranks[name]]
        rows.append([model, *cells])
    rules = {
        name: sorted({parse_signature(e.summary["signature"])["rules"] for e in board.entries if e.prompt_set == name})
        for name in board.sets
    }
    note = "Instruction level, strict. Rules: " + "; ".join(f"{name} {', '.join(rules[name])}" for name in rules) + "."
    if any(ranks.values()):
        note += " A rank range counts the models that are better or worse at p ≤ 0.05 in a paired test."
    return Table("Models", columns, rows, note=note)


def rank_text(ends: tuple[int, int] | None) -> str:
    """A rank, or the best and the worst, e.g. `2–5`."""
    if ends is None:
        return NONE
    return str(ends[0]) if ends[0] == ends[1] else f"{ends[0]}–{ends[1]}"


def board_tables(board: Board) -> list[Table]:
    """Several results: the study's table, the rates in full, and accuracy by category."""
    full = [
        (
            entry.name,
            entry.prompt_set,
            *(
                f"{percent(entry.summary.get(name))} ({interval(entry.summary, name)})"
                for name in ("inst_level_strict_acc", "prompt_level_strict_acc", "response_language_rate")
            ),
            str(entry.summary["counts"]["truncated"]),
            str(entry.summary["counts"]["scored"]),
        )
        for entry in board.ordered()
    ]
    columns = ("model", "prompts", "instruction level %", "prompt level %", "in language %", "truncated", "scored")
    groups = [
        (
            entry.name,
            entry.prompt_set,
            *(percent(entry.summary["by_category"].get(name, {}).get("strict_acc")) for name in board.categories),
        )
        for entry in board.ordered()
    ]
    return [
        study_table(board),
        Table("Rates with 95 % intervals, strict", columns, full, left=2),
        Table("Accuracy by category, strict, %", ("model", "prompts", *map(spaced, board.categories)), groups, left=2),
    ]


def _basis(summary: Row, measure: str) -> int:
    """How many verdicts a rate of the whole result counts: of instructions, or of answers."""
    if measure.startswith("inst_level"):
        return sum(int(fields["n"]) for fields in summary["by_category"].values())
    return int(summary["counts"]["scored"])


def records(entries: Sequence[Entry]) -> list[dict[str, object]]:
    """Every number of every result, one a record, unrounded, with the signature it depends on."""
    found: list[dict[str, object]] = []
    for entry in entries:
        groups = [("", "", entry.summary, NAMES)]
        for kind in ("category", "instruction"):
            groups += [(kind, name, fields, GROUP_RATES) for name, fields in entry.summary[f"by_{kind}"].items()]
        for kind, name, fields, measures in groups:
            for measure in measures:
                if measure in fields:
                    low, high = fields.get(f"{measure}_ci95", ("", ""))
                    found.append(
                        {
                            "model": entry.name,
                            "language": entry.language,
                            "group": kind,
                            "name": name,
                            "measure": measure,
                            "n": fields.get("n", "") if kind else _basis(entry.summary, measure),
                            "value": fields[measure],
                            "stderr": fields.get(f"{measure}_stderr", ""),
                            "low95": low,
                            "high95": high,
                            "signature": entry.summary["signature"],
                        }
                    )
    return found
