"""The leaderboard as a value: verified entries, ranked, with what belongs beside them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from ifeval_fi.jsonl import Row
from ifeval_fi.leaderboard.against import submitter
from ifeval_fi.leaderboard.baselines import baselines
from ifeval_fi.leaderboard.entry import SubmissionError
from ifeval_fi.leaderboard.examine import SECONDS, examine
from ifeval_fi.leaderboard.kept import Kept
from ifeval_fi.leaderboard.reproduce import is_reproduced, load_records
from ifeval_fi.leaderboard.verify import RANKED_TRUNCATED, Keep, Prompts, Verification, asked_prompts
from ifeval_fi.prompts import PromptSet, language_of
from ifeval_fi.scoring.ranks import rank_ranges

SCORE = "inst_level_strict_acc"
NORDIC = ("fi", "sv", "nb", "da")
SETS = (*NORDIC, "et", "en")
MOST_REFERENCES = 12
WORKSTATION_B = 9
WORKSTATION_4_BIT_B = 35
_FOUR_BITS = re.compile(r"(?i)(?<![a-z0-9])(i?q4|u?int4|fp4|nf4|nvfp4|mxfp4|w4a\d+|awq|4.?bit)")


@dataclass(frozen=True)
class Standing:
    """One row of a board: a verified entry or a baseline; `others` are the same model's runs on other sets."""

    found: Verification
    ranks: tuple[int, int] | None = None
    others: Mapping[str, Standing] = field(default_factory=dict)
    records: Sequence[Row] = field(default_factory=tuple)
    superseded_by: str | None = None

    @property
    def place(self) -> str:
        return self.found.place

    @property
    def baseline(self) -> str | None:
        """Name of the baseline; None for an entry."""
        return None if self.found.entry else self.place.partition("/")[2]

    @property
    def summary(self) -> Row:
        assert self.found.summary is not None
        return self.found.summary

    @property
    def score(self) -> float:
        """The headline."""
        return float(self.summary[SCORE])

    @property
    def entry(self) -> Row:
        """The submitted metadata; empty for a baseline."""
        return self.found.entry or {}

    @property
    def model(self) -> Row:
        model: Row = self.entry.get("model", {})
        return model

    @property
    def run(self) -> Row:
        """The identity of the run; empty for a baseline."""
        return self.found.run or {}

    @property
    def name(self) -> str:
        return str(self.model.get("id") or self.place)

    @property
    def run_name(self) -> str:
        return self.place.partition("/")[2]

    @property
    def moment(self) -> str | None:
        """When the run was started, as 2025-12-31T12:00:00Z; None for a baseline."""
        return f"{self.found.settings['started'][:19]}Z" if self.found.settings else None

    @property
    def truncated(self) -> float:
        counts = self.summary["counts"]
        return float(counts["truncated"] / counts["scored"])

    @property
    def is_ranked(self) -> bool:
        """Whether most answers are whole; what was mostly cut off says little of a model."""
        return self.truncated <= RANKED_TRUNCATED

    @property
    def english(self) -> Standing | None:
        """The same model's English run."""
        return self.others.get("en")

    @property
    def nordic(self) -> float | None:
        """The mean of the headlines in the Nordic languages; None unless all of them are there."""
        runs = {**self.others, self.set: self}
        found = [runs[code].score for code in NORDIC if code in runs]
        return sum(found) / len(NORDIC) if len(found) == len(NORDIC) else None

    @property
    def hidden_gap(self) -> float | None:
        """The public score less the one on prompts that are not public; None without such a round."""
        rounds = [record for record in self.records if "hidden" in record]
        return self.score - rounds[-1]["hidden"]["score"] if rounds else None

    @property
    def set(self) -> str:
        """The prompt set: a language's code for its current one, "fi-1.0" for an older one."""
        return self.found.source

    @property
    def size(self) -> float | None:
        """Thousands of millions of parameters, where published."""
        return self.model.get("parameters_b")

    @property
    def fits_workstation(self) -> bool:
        """Open weights, and at most 9 thousand million parameters, or at most 35 when it was run at 4 bits."""
        if self.size is None or not self.model["open_weights"]:
            return False
        four_bits = bool(_FOUR_BITS.search(self.entry["setup"]["quantisation"] or ""))
        return self.size <= (WORKSTATION_4_BIT_B if four_bits else WORKSTATION_B)

    @property
    def reproduced(self) -> bool:
        return is_reproduced(self.records)


@dataclass(frozen=True)
class Board:
    """One ranking: entries that answered the same prompts, best first, with baselines, corrected and rejected ones.

    `columns` are the other sets on which one of these models has a run too.
    """

    set: str
    prompts: PromptSet
    entries: Sequence[Standing]
    baselines: Sequence[Standing]
    superseded: Sequence[Standing]
    rejected: Sequence[Verification]
    columns: Sequence[str] = ()

    @cached_property
    def rows(self) -> list[Standing]:
        """Entries and baselines in the order of their score, those that are not ranked after the others."""
        return sorted([*self.entries, *self.baselines], key=_order)

    @property
    def pages(self) -> list[Standing]:
        """Everything that has a page of its own."""
        return [*self.rows, *self.superseded]

    @property
    def has_nordic(self) -> bool:
        return any(each.nordic is not None for each in self.entries)

    @property
    def has_hidden(self) -> bool:
        return any(each.hidden_gap is not None for each in self.entries)

    @property
    def trivial(self) -> Standing:
        """The best of what no model made."""
        return max(self.baselines, key=lambda each: each.score)

    @property
    def references(self) -> list[Standing]:
        """What a choice is compared with: the best entries without open weights first, then the others."""
        return sorted(self.entries, key=lambda each: bool(each.model["open_weights"]))[:MOST_REFERENCES]


def load_boards(
    root: Path,
    *,
    records: Path | None = None,
    jobs: int = 0,
    seconds: float = SECONDS,
    prompts: Prompts | None = None,
    keep: Keep | None = None,
    kept: Kept | None = None,
) -> list[Board]:
    """Verify every submission and rank what is accepted, each prompt set by itself: Finnish first, older sets last."""
    sources = prompts or {}
    # First, so that forked workers find the word lists loaded.
    made = {"fi": _baselines("fi", sources, keep)}
    found = examine(root, jobs=jobs, seconds=seconds, prompts=prompts, keep=keep, kept=kept)
    accepted = [_standing(each, records, sources) for each in found if each.accepted]
    corrected = {each.found.target: each.place for each in accepted if each.found.target}
    current = [each for each in accepted if each.place not in corrected]
    made |= {name: _baselines(name, sources, keep) for name in sorted({each.set for each in accepted} - made.keys())}
    latest: dict[Any, dict[str, list[Standing]]] = defaultdict(lambda: defaultdict(list))
    for each in sorted(current, key=_when):
        if not is_older(each.set):
            latest[submitter(each.entry)][each.set].append(each)
    boards = []
    for name in sorted(made, key=_set_order):
        entries = sorted((each for each in current if each.set == name), key=_order)
        ranks = rank_ranges({each.place: each.found.followed for each in entries if each.is_ranked})
        entries = [
            replace(each, ranks=ranks.get(each.place), others=_others(each, latest[submitter(each.entry)]))
            for each in entries
        ]
        replaced = (each for each in accepted if each.set == name and each.place in corrected)
        boards.append(
            Board(
                name,
                _set(name, sources),
                entries,
                made[name],
                [replace(each, superseded_by=corrected[each.place]) for each in replaced],
                [each for each in found if not each.accepted],
                sorted({code for each in entries for code in each.others}, key=_set_order),
            )
        )
    return boards


def load_board(root: Path, set: str = "fi", **options: Any) -> Board:
    """The board of one prompt set; the options are those of `load_boards`. SubmissionError when it has no entry."""
    boards = {each.set: each for each in load_boards(root, **options)}
    if set not in boards:
        raise SubmissionError(f"--set {set}: no entry answered these prompts; there are {', '.join(boards)}")
    return boards[set]


def is_older(name: str) -> bool:
    """Whether this is an older version of a set: "fi-1.0", not "fi" or "fi-native"."""
    return re.search(r"-\d", name) is not None


def _set_order(name: str) -> tuple[bool, int, str]:
    return (is_older(name), SETS.index(name) if name in SETS else len(SETS), name)


def _set(name: str, sources: Prompts) -> PromptSet:
    return asked_prompts(sources.get(name, name), language_of(name))


def _baselines(name: str, sources: Prompts, keep: Keep | None) -> list[Standing]:
    folder = "baseline" if name == "fi" else f"baseline-{name}"
    found = baselines(_set(name, sources), folder, keep)
    return [Standing(replace(each, source=name)) for each in found]


def _others(each: Standing, runs: Mapping[str, list[Standing]]) -> dict[str, Standing]:
    """The submitter's run of the model on each other current set: one with the same setup, else the latest."""

    def likeness(other: Standing) -> int:
        return sum(other.entry["setup"][name] == each.entry["setup"][name] for name in ("quantisation", "reasoning"))

    # The latest is last, and the first of equals wins.
    return {name: max(reversed(found), key=likeness) for name, found in runs.items() if name != each.set}


def _standing(found: Verification, records: Path | None, sources: Prompts) -> Standing:
    # A file that stands in for a language's set goes by the language.
    name = next((code for code, file in sources.items() if file == found.source), found.source)
    return Standing(replace(found, source=name), records=tuple(load_records(records, found.place)) if records else ())


def _order(each: Standing) -> tuple[bool, float, float, str]:
    return (not each.is_ranked, -each.score, -float(each.summary["prompt_level_strict_acc"]), each.place)


def _when(each: Standing) -> tuple[str, str]:
    return (each.moment or "", each.place)
