"""Re-score a submission from its raw answers, and say everything that is wrong with it at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain
from pathlib import Path

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from ifeval_fi.errors import IfevalError
from ifeval_fi.jsonl import Row
from ifeval_fi.leaderboard.copies import Sketch, sketch
from ifeval_fi.leaderboard.disguise import FEW, disguised
from ifeval_fi.leaderboard.disguise import MANY as MANY_DISGUISED
from ifeval_fi.leaderboard.entry import (
    ENTRY_SCHEMA,
    MOST_LINES,
    SubmissionError,
    date_problem,
    digest,
    id_problem,
    model_folder,
    name_problem,
    read_answers,
    read_json,
    start_problem,
    stray_files,
    untidy,
)
from ifeval_fi.leaderboard.kept import Kept
from ifeval_fi.leaderboard.lines import answer_problems, key_problems, needed, responses_of, rows_of
from ifeval_fi.leaderboard.nothing import MANY, answers_nothing
from ifeval_fi.prompts import Key, PromptSet, bundled, language_of, load_prompts
from ifeval_fi.report.tables import one_line, showable
from ifeval_fi.schemas import schema_problem
from ifeval_fi.scoring import HEADLINE, Scores, score
from ifeval_fi.scoring.reading import skeleton
from ifeval_fi.scoring.responses import Response

MOST_TRUNCATED = 0.10
RANKED_TRUNCATED = 0.5
MOST_SHOWN = 20
CLAIM_TOLERANCE = 5e-4
_KEPT = ("summary", "followed", "nothing", "warnings")

Prompts = Mapping[str, str]
"""Where the prompts of a language are, when they are not bundled."""

Keep = Callable[["Verification", PromptSet, Scores, Sequence[Response]], None]


@dataclass
class Verification:
    """What was found: `errors` reject the submission, `warnings` are shown beside its score.

    The answers themselves are not kept; `followed` counts the instructions followed per prompt, in the prompts' order,
    `source` loads these again, `elsewhere` is the share of the answers found in entries of other models or in what
    ships with the package, most of them in `sources`, `nothing` are the keys of answers that answer nothing, and `kept`
    is the key under which a build keeps all this.
    """

    place: str
    entry: Row | None = None
    settings: Row | None = None
    summary: Row | None = None
    followed: Sequence[int] = ()
    sketch: Sketch = field(default_factory=dict)
    source: str = ""
    elsewhere: float = 0.0
    sources: list[str] = field(default_factory=list)
    nothing: list[Key] = field(default_factory=list)
    kept: str = ""
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        return not self.errors

    @property
    def run(self) -> Row | None:
        """The identity of the run; None when it is damaged."""
        return self.settings["identity"] if self.settings else None

    @property
    def target(self) -> str | None:
        """The place of the run that this one corrects."""
        name = (self.entry or {}).get("supersedes")
        return None if name is None else f"{self.place.partition('/')[0]}/{name}"

    def lines(self) -> list[tuple[str, str]]:
        """A summary: what is said, and of what kind it is: score, note, error or warning."""
        found = []
        if self.summary:
            found += [("score", f"{name}: {100 * self.summary[name]:.2f} %") for name in HEADLINE]
            found.append(("score", self.summary["signature"]))
        if self.target:
            found.append(("note", f"supersedes {self.target}, which leaves the ranking when this is merged"))
        return found + [("error", text) for text in self.errors] + [("warning", text) for text in self.warnings]

    def text(self) -> str:
        """The summary for a terminal."""
        lines = [f"{self.place}: {self._verdict}"]
        lines += [f"  {text}" if kind == "score" else f"  {kind}: {text}" for kind, text in self.lines()]
        return "\n".join(map(showable, lines))

    def markdown(self) -> str:
        """The summary for a pull request."""
        marks = {"score": "", "note": "**note**: ", "error": "**error**: ", "warning": "warning: "}
        lines = [f"- {marks[kind]}{_plain(text)}" for kind, text in self.lines()]
        return "\n".join([f"### {_plain(self.place)}: {self._verdict}", "", *lines, ""])

    @property
    def _verdict(self) -> str:
        return "accepted" if self.accepted else "rejected"


def _plain(text: str) -> str:
    """Submitter text that Markdown shows as it is."""
    plain = "".join(f"&#{ord(c)};" if c in "<>&`*_[]|\\#!@~" else c for c in one_line(text))
    # Nor does an address become a link.
    return plain.replace("://", "&#58;//").replace("www.", "www&#46;")


def verify(
    folder: Path,
    *,
    prompts: Prompts | None = None,
    keep: Keep | None = None,
    kept: Kept | None = None,
    scored: frozenset[str] | None = None,
    salt: int = 0,
) -> Verification:
    """Check one submission and score it; `keep` gets the answers and verdicts of one that could be scored.

    What `kept` knows already is not scored again, and not given to `keep`. With `scored`, only submissions of these
    places are scored; another is only read, to be held against them. The salt decides what is kept of the answers for
    that.
    """
    found = Verification(f"{folder.parent.name}/{folder.name}")
    unusable = set()
    for name, sentence in stray_files(folder):
        unusable.add(name)
        found.errors.append(sentence)
    if wrong := name_problem(folder.name):
        found.errors.append(f"the run folder's name {wrong}")
    if "entry.json" not in unusable:
        _read_entry(found, folder)
    if "run.json" not in unusable:
        _read_settings(found, folder)
    if "responses.jsonl.gz" not in unusable:
        responses = _read_answers(found, folder)
        if found.run and responses:
            asked = _asked(found, prompts or {})
            if asked is not None:
                found.sketch = sketch(responses, asked, salt)
                if (scored is None or found.place in scored) and not (kept and _known(found, kept, folder, asked)):
                    _score(found, responses, asked, keep)
                    if kept and found.kept and found.accepted:
                        kept.save(found.kept, {name: getattr(found, name) for name in _KEPT})
    hidden = len(found.errors) - MOST_SHOWN
    if hidden > 0:
        found.errors[MOST_SHOWN:] = [f"and {hidden} more errors"]
    return found


def _known(found: Verification, kept: Kept, folder: Path, prompts: PromptSet) -> bool:
    """Whether the submission was scored before; if so, this is what was found."""
    if not found.accepted:
        return False
    found.kept = kept.key(folder, prompts)
    row = kept.find(found.kept)
    if row is None:
        return False
    for name in _KEPT:
        setattr(found, name, row[name])
    return True


def _read_entry(found: Verification, folder: Path) -> None:
    data, problem = read_json(folder / "entry.json", ENTRY_SCHEMA)
    if problem or data is None:
        found.errors.append(str(problem))
        return
    found.entry = data
    wanted = model_folder(data["model"]["id"])
    if folder.parent.name != wanted:
        found.errors.append(f"the folder must be named {wanted}, after the model's id")
    if untidy(data):
        found.errors.append("entry.json: a text in it begins or ends with a space or a line end")
    if wrong := id_problem(data["model"]["id"]):
        found.errors.append(f"entry.json: model.id: {wrong}")
    if wrong := date_problem(data["model"]["released"]):
        found.errors.append(f"entry.json: model.released: {wrong}")
    if wrong := license_problem(data["model"]["license"]):
        found.errors.append(f"entry.json: model.license: {wrong}")


def license_problem(name: str) -> str | None:
    """Why this names no licence; None for an SPDX identifier as it is written there, and for LicenseRef-…"""
    try:
        spelt = str(canonicalize_license_expression(name))
    except InvalidLicenseExpression:
        plain = unicodedata.normalize("NFKD", name.removeprefix("LicenseRef-")).encode("ascii", "ignore").decode()
        own = "".join(c if c.isalnum() or c == "." else "-" for c in plain).strip("-") or "own"
        return f"{name!r:.60} is no SPDX identifier such as Apache-2.0; call another licence e.g. LicenseRef-{own:.40}"
    return None if spelt == name else f"write {spelt}"


def _read_settings(found: Verification, folder: Path) -> None:
    settings, problem = read_json(folder / "run.json", "run.schema.json")
    if problem or settings is None:
        found.errors.append(str(problem))
    elif wrong := schema_problem("responses.schema.json", {"run": settings["identity"]}):
        found.errors.append(f"run.json: {wrong}")
    elif wrong := start_problem(settings["started"]):
        found.errors.append(f"run.json: started {wrong}")
    else:
        found.settings = settings


def _read_answers(found: Verification, folder: Path) -> list[Response]:
    try:
        content = read_answers(folder / "responses.jsonl.gz")
    except SubmissionError as damage:
        found.errors.append(str(damage))
        return []
    if found.entry and found.entry["answers_sha256"] != digest(content):
        found.errors.append("responses.jsonl.gz: the checksum in entry.json is another's; the answers were changed")
    if content.count(b"\n") > MOST_LINES:
        found.errors.append(f"responses.jsonl.gz: has more than {MOST_LINES} lines")
        return []
    rows = rows_of(content, found.errors)
    first = next(rows, None)
    if first is None or "run" not in first or "key" in first:
        found.errors.append("responses.jsonl.gz: lacks the run's header line")
        rows = chain([first] if first else [], rows)
    elif found.run and first["run"] != found.run:
        found.errors.append("run.json and the header of responses.jsonl.gz describe different runs")
    return list(responses_of(map(needed, rows), found.errors))


@cache
def asked_prompts(source: str, language: str) -> PromptSet:
    """The prompts of a source, loaded once."""
    return load_prompts(source, language=language)


@cache
def _hashes(source: str, language: str) -> tuple[str, Mapping[Key, str]]:
    prompts = asked_prompts(source, language)
    return prompts.digest, {prompt.key: prompt.sha256 for prompt in prompts}


def _asked(found: Verification, sources: Prompts) -> PromptSet | None:
    """The prompts that the run asked: of a named file, or the bundled set with their hash; None when none is it."""
    assert found.run is not None
    asked = found.run["prompts"]
    language = asked["language"]
    if language in sources:
        candidates = [sources[language]]
    else:
        candidates = [name for name in bundled() if language_of(name) == language]
    if not candidates:
        found.errors.append(f"prompts in {language[:20]!r}: not at hand; name them with --prompts {language[:20]}=FILE")
        return None
    for source in candidates:
        if _hashes(source, language)[0] == asked["digest"]:
            found.source = source
            return asked_prompts(source, language)
    prompts = asked_prompts(candidates[0], language)
    found.errors.append(f"the run asked other prompts than {prompts.name}: their hash is {asked['digest'][:12]}")
    return None


def _score(found: Verification, responses: Sequence[Response], prompts: PromptSet, keep: Keep | None) -> None:
    assert found.run is not None
    hashes = {prompt.key: prompt.sha256 for prompt in prompts}
    wrong = list(key_problems(responses, hashes, found.run["samples"]))
    found.errors += wrong
    found.errors += answer_problems(responses)
    if wrong:
        return
    try:
        # Their hashes are checked already, and cost time.
        checked = [replace(each, prompt_sha256=None) for each in responses]
        scores = score(prompts, checked, run=found.run, langdetect=False)
    except IfevalError as problem:
        found.errors.append(f"cannot be scored: {problem}")
        return
    if not scores.verdicts:
        return
    found.summary = scores.summary
    found.followed = [sum(each.strict) for each in scores.verdicts if not each.sample]
    _hold_against_claims(found, scores)
    served = found.run["model"]
    if found.entry and "/" in served and skeleton(served) != skeleton(found.entry["model"]["id"]):
        found.warnings.append(f"the server called the model {served}, the entry {found.entry['model']['id']}")
    truncated = scores.summary["counts"]["truncated"] / len(responses)
    if truncated > MOST_TRUNCATED:
        ranked = "" if truncated <= RANKED_TRUNCATED else ": too many to be ranked"
        found.warnings.append(f"{truncated:.0%} of the answers were cut off at max_tokens{ranked}")
    dressed = disguised(responses)
    if len(dressed) > FEW * len(responses):
        sentence = f"{len(dressed)} answers hold letters dressed up as others or invisible characters inside words"
        into = found.errors if len(dressed) > MANY_DISGUISED * len(responses) else found.warnings
        into.append(f"{sentence}, e.g. that to {dressed[0]}")
    found.nothing = answers_nothing(responses, prompts)
    if len(found.nothing) > MANY * len(responses):
        share, keys = len(found.nothing) / len(responses), ", ".join(map(str, found.nothing[:3]))
        found.warnings.append(f"{share:.0%} of the answers say little of their own, e.g. those to {keys}")
    if keep and found.accepted:
        keep(found, prompts, scores, responses)


def _hold_against_claims(found: Verification, scores: Scores) -> None:
    claimed = found.entry.get("claimed", {}) if found.entry else {}
    for name, value in claimed.items():
        if abs(scores[name] - value) > CLAIM_TOLERANCE:
            found.errors.append(f"claims {name} {value:.4f}; the answers give {scores[name]:.4f}")
