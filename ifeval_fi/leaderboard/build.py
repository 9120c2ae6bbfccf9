"""The static site: every page from a template, the same submissions always the same bytes."""

from __future__ import annotations

import math
import shutil
import tempfile
from base64 import b64encode
from collections import deque
from collections.abc import Sequence
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from ifeval_fi.files import write_atomically
from ifeval_fi.jsonl import Row, dumps
from ifeval_fi.leaderboard.answers import answers_page
from ifeval_fi.leaderboard.board import Board, Standing, is_older, load_boards
from ifeval_fi.leaderboard.choice import difference
from ifeval_fi.leaderboard.entry import SubmissionError
from ifeval_fi.leaderboard.examine import SECONDS
from ifeval_fi.leaderboard.exports import atom_feed, csv_download, every_eval_ever, json_download
from ifeval_fi.leaderboard.kept import Kept
from ifeval_fi.leaderboard.reproduce import is_reproduced
from ifeval_fi.leaderboard.texts import (
    LANGUAGE_NAMES,
    LANGUAGES,
    category_name,
    instruction_name,
    language_name,
    set_name,
    texts,
)
from ifeval_fi.leaderboard.verify import Prompts, Verification
from ifeval_fi.parallel import side_by_side
from ifeval_fi.prompts import PromptSet
from ifeval_fi.report.tables import one_line, showable
from ifeval_fi.resources import resource
from ifeval_fi.scoring import Scores
from ifeval_fi.scoring.responses import Response

MARKER = "leaderboard.json"
NONE = "–"


def build(
    root: Path,
    output: Path,
    *,
    records: Path | None = None,
    jobs: int = 0,
    seconds: float = SECONDS,
    prompts: Prompts | None = None,
    url: str | None = None,
    cache: Path | None = None,
) -> list[Board]:
    """Write the site of a submissions folder; an older site in its place is replaced in one step.

    `url` is where it will be published, for the feed's links; what was scored is kept in the folder `cache` for the
    next build, which trusts it. The boards of all prompt sets are returned, Finnish
    first. SubmissionError when the output folder holds something else.
    """
    if output.exists() and not (output / MARKER).is_file() and any(output.iterdir()):
        raise SubmissionError(f"{output}: holds something else than a leaderboard; choose another --output")
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=f".{output.name}.") as place:
        made = Path(place) / "site"
        kept = Kept(cache) if cache else None
        keep = partial(_write_answers, made, kept)
        boards = load_boards(root, records=records, jobs=jobs, seconds=seconds, prompts=prompts, keep=keep, kept=kept)
        if kept:
            _copy_answers(boards, made, kept)
        for each in boards[0].rejected:
            (made / _answers_file(each.place)).unlink(missing_ok=True)
        _write_pages(boards, made, jobs, url)
        if output.exists():
            output.rename(Path(place) / "old")
        made.rename(output)
    return boards


def _copy_answers(boards: Sequence[Board], site: Path, kept: Kept) -> None:
    """Answers pages of what was scored in an earlier build; what is on no board any more is kept no longer."""
    entries = [each.found for board in boards for each in board.pages if each.found.kept]
    for each in entries:
        page = site / _answers_file(each.place)
        if not page.exists():
            page.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(kept.page(each.kept), page)
    kept.drop_all_but({each.kept for each in entries})


def _write_answers(
    site: Path,
    kept: Kept | None,
    found: Verification,
    prompts: PromptSet,
    scores: Scores,
    responses: Sequence[Response],
) -> None:
    name = found.place if found.entry is None else found.entry["model"]["id"]
    page = answers_page(name, found.place, prompts, scores, responses)
    write_atomically(site / _answers_file(found.place), page)
    if kept and found.kept:
        write_atomically(kept.page(found.kept), page)


def _answers_file(place: str) -> str:
    return f"answers/{place}.html"


def _write_pages(boards: Sequence[Board], site: Path, jobs: int, url: str | None) -> None:
    write_atomically(site / MARKER, json_download(boards))
    write_atomically(site / "leaderboard.csv", csv_download(boards))
    write_atomically(site / "leaderboard-excel.csv", csv_download(boards, local=True))
    write_atomically(site / "feed.xml", atom_feed(boards, url))
    pages = [each for board in boards for each in board.pages]
    for each in pages:
        if not each.baseline:
            write_atomically(site / f"eee/{each.place}.json", dumps(every_eval_ever(each), indent=1) + "\n")
    sets = [board.set for board in boards]
    for board in boards:
        losses, chart = _losses(board), _chart(board)
        for language in LANGUAGES:
            page = partial(_write_page, site, language, board=board, sets=sets)
            page(board_path("index", board.set), "index.html.j2", chart=chart)
            page(board_path("choose", board.set), "choose.html.j2", losses=losses)
    models = [(language, each) for language in LANGUAGES for each in pages]
    deque(side_by_side(partial(_write_model_page, site), models, jobs if jobs > 1 else 0), maxlen=0)


def board_path(kind: str, name: str) -> str:
    """Where the board, or the choice, of a prompt set lies: the Finnish ones at the root."""
    return f"{kind}.html" if name == "fi" else f"sets/{name}/{kind}.html"


def _write_model_page(site: Path, page: tuple[str, Standing]) -> None:
    language, each = page
    _write_page(site, language, f"models/{each.place}/index.html", "model.html.j2", each=each)


def _write_page(site: Path, language: str, path: str, template: str, **values: Any) -> None:
    file = _place(language, path)
    up = "../" * file.count("/")

    def link(target: str, to: str | None = None) -> str:
        return up + quote(_place(to, target) if to else target)

    text = (
        _environment(language)
        .get_template(template)
        .render(
            **values,
            path=path,
            link=link,
            here=language,
            style=Markup(_style()),
            style_hash=_hash(_style()),
            script=Markup(_template("board.js")),
            script_hash=_hash(_template("board.js")),
        )
    )
    write_atomically(site / file, text)


def _place(language: str, path: str) -> str:
    return path if language == "fi" else f"{language}/{path}"


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


@cache
def _template(name: str) -> str:
    return resource("leaderboard", "templates", name).read_text("utf-8")


@cache
def _style() -> str:
    return resource("report", "templates", "style.css").read_text("utf-8") + _template("board.css")


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=lambda value: showable(value) if type(value) is str else value,
    )
    mark = "." if language == "en" else ","

    def number(value: float | None, digits: int = 1) -> str:
        return NONE if value is None else f"{value:.{digits}f}".replace(".", mark).replace("-", "−")

    def percent(value: float | None) -> str:
        return NONE if value is None else number(100 * value)

    def signed(value: float) -> str:
        return ("+" if value > 0 else "") + number(value)

    def size(value: float | None) -> str:
        return NONE if value is None else f"{value:.3g}".replace(".", mark) if value < 1000 else f"{value:.0f}"

    def interval(fields: Row, name: str) -> str:
        ends = fields.get(f"{name}_ci95")
        return f"{percent(ends[0])}–{percent(ends[1])}" if ends else NONE

    environment.filters |= {
        "number": number,
        "percent": percent,
        "signed": signed,
        "size": size,
        "interval": interval,
        "one_line": one_line,
        "category": partial(category_name, language=language),
        "instruction": partial(instruction_name, language=language),
        "set_name": partial(set_name, language=language),
        "language_name": partial(language_name, language=language),
        "is_older": is_older,
        "json": dumps,
        "is_reproduced": is_reproduced,
    }
    environment.globals |= {"t": SimpleNamespace(**texts(language)), "languages": LANGUAGE_NAMES, "dash": NONE}
    environment.globals |= {"board_path": board_path}
    return environment


def _losses(board: Board) -> Row:
    """Points gained or lost against each reference, with intervals, by place; None beside itself."""
    return {
        each.place: [
            [round(100 * value, 1) for value in difference(board, reference, each)] if reference is not each else None
            for reference in board.references
        ]
        for each in board.entries
    }


def _label(board: Board, each: Standing) -> str:
    alike = sum(other.name == each.name for other in board.entries)
    return each.run_name if alike > 1 else each.name.partition("/")[2]


def _chart(board: Board) -> Row:
    """Dots and ticks of the chart of size and score, in its own units."""
    sized = [each for each in board.entries if each.size]
    if not sized:
        return {}
    sizes = [math.log10(float(each.size or 1)) for each in sized]
    low, high = min(sizes) - 0.15, max(sizes) + 0.15
    top = min(1.0, math.ceil(10 * max(each.score for each in sized) + 0.5) / 10)

    def x(value: float) -> float:
        return round(50 + 830 * (value - low) / (high - low), 1)

    def y(value: float) -> float:
        return round(20 + 330 * (1 - value / top), 1)

    ticks = [m * 10**e for e in range(-4, 6) for m in (1, 2, 5) if low <= math.log10(m * 10**e) <= high]
    return {
        "dots": [
            {"x": x(value), "y": y(each.score), "each": each, "label": _label(board, each)}
            for each, value in zip(sized, sizes, strict=True)
        ],
        "x": [{"at": x(math.log10(tick)), "label": tick} for tick in ticks],
        "y": [{"at": y(step / 10), "label": 10 * step} for step in range(0, round(10 * top) + 1)],
        "named": len(sized) <= 12,
    }
