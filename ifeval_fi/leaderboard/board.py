"""The leaderboard as a value: verified entries, ranked, with what belongs beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from ifeval_fi.jsonl import Row
from ifeval_fi.leaderboard.baselines import baselines
from ifeval_fi.leaderboard.examine import SECONDS, examine
from ifeval_fi.leaderboard.ranks import rank_ranges
from ifeval_fi.leaderboard.reproduce import is_reproduced, load_records
from ifeval_fi.leaderboard.verify import Keep, Prompts, Verification
from ifeval_fi.prompts import PromptSet, load_prompts
from ifeval_fi.scoring.paired import Difference, change, interval

SCORE = "inst_level_strict_acc"
MOST_REFERENCES = 12
WORKSTATION_B = 9
WORKSTATION_4_BIT_B = 35
_FOUR_BITS = re.compile(r"(?i)(?<![a-z0-9])(i?q4|u?int4|fp4|nf4|nvfp4|mxfp4|w4a\d+|awq|4.?bit)")


@dataclass(frozen=True)
class Standing:
    """One row of the board: a verified entry or a baseline."""

    found: Verification
    ranks: tuple[int, int] | None = None
    english: Standing | None = None
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
    """Ranked entries best first, baselines, corrected and English runs, and the rejected with their errors."""

    prompts: PromptSet
    entries: Sequence[Standing]
    baselines: Sequence[Standing]
    superseded: Sequence[Standing]
    english: Sequence[Standing]
    rejected: Sequence[Verification]

    @cached_property
    def rows(self) -> list[Standing]:
        """Entries and baselines in the order of their score."""
        return sorted([*self.entries, *self.baselines], key=_order)

    @property
    def pages(self) -> list[Standing]:
        """Everything that has a page of its own."""
        return [*self.rows, *self.superseded, *self.english]

    @property
    def references(self) -> list[Standing]:
        """What a choice is compared with: the best entries without open weights; of any kind when there are none."""
        closed = [each for each in self.entries if not each.model["open_weights"]]
        return (closed or list(self.entries))[:MOST_REFERENCES]


def load_board(
    root: Path,
    *,
    records: Path | None = None,
    jobs: int = 0,
    seconds: float = SECONDS,
    prompts: Prompts | None = None,
    keep: Keep | None = None,
) -> Board:
    """Verify every submission and rank what is accepted."""
    asked = load_prompts((prompts or {}).get("fi", "fi"), language="fi")
    # First, so that forked workers find the word lists loaded.
    unmade = [Standing(each) for each in baselines(asked, keep)]
    found = examine(root, jobs=jobs, seconds=seconds, prompts=prompts, keep=keep)
    accepted = [_standing(each, records) for each in found if each.accepted]
    corrected = {
        f"{each.place.partition('/')[0]}/{each.entry['supersedes']}": each.place
        for each in accepted
        if "supersedes" in each.entry
    }
    current = [each for each in accepted if each.place not in corrected]
    english = {each.name: each for each in sorted(current, key=_when) if each.summary["language"] == "en"}
    finnish = sorted((each for each in current if each.summary["language"] == "fi"), key=_order)
    ranks = rank_ranges({each.place: each.found.followed for each in finnish})
    return Board(
        asked,
        [replace(each, ranks=ranks[each.place], english=english.get(each.name)) for each in finnish],
        unmade,
        [replace(each, superseded_by=corrected[each.place]) for each in accepted if each.place in corrected],
        [each for each in current if each.summary["language"] == "en"],
        [each for each in found if not each.accepted],
    )


def _standing(found: Verification, records: Path | None) -> Standing:
    return Standing(found, records=tuple(load_records(records, found.place)) if records else ())


def _order(each: Standing) -> tuple[float, float, str]:
    return (-each.score, -float(each.summary["prompt_level_strict_acc"]), each.place)


def _when(each: Standing) -> tuple[str, str]:
    return (each.moment or "", each.place)


def difference(board: Board, reference: Standing, candidate: Standing) -> tuple[float, float, float]:
    """Candidate's headline less the reference's, with its 95 % interval, paired by prompt."""
    sizes = [len(prompt.instructions) for prompt in board.prompts]
    pairs = [
        Difference(after - before, size)
        for before, after, size in zip(reference.found.followed, candidate.found.followed, sizes, strict=True)
    ]
    return change(pairs), *interval(pairs)


@dataclass(frozen=True)
class Wanted:
    """Conditions on a model; what is None or False is not asked for."""

    most_b: float | None = None
    open_weights: bool = False
    open_data: bool = False
    eu: bool = False
    workstation: bool = False
    licenses: Sequence[str] = ()

    def __contains__(self, each: Standing) -> bool:
        model = each.model
        return (
            (self.most_b is None or (each.size is not None and each.size <= self.most_b))
            and (not self.open_weights or model["open_weights"])
            and (not self.open_data or model["open_data"])
            and (not self.eu or model["eu"])
            and (not self.workstation or each.fits_workstation)
            and (not self.licenses or model["license"].lower() in {name.lower() for name in self.licenses})
        )
