"""Reports as one HTML file each: no network, no foreign markup, the answers as data."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from ifeval_fi.detection import detect_language
from ifeval_fi.errors import MissingEngine
from ifeval_fi.jsonl import Row, dumps
from ifeval_fi.languages.names import english_name
from ifeval_fi.report.asking import asked
from ifeval_fi.report.board import Board, board_tables, set_title
from ifeval_fi.report.content import NAMES, interval, percent, remarks, warnings
from ifeval_fi.report.curves import Curves, curve_table
from ifeval_fi.report.tables import Table, one_line, showable
from ifeval_fi.resources import resource
from ifeval_fi.scoring import PromptVerdicts
from ifeval_fi.scoring.results import Results
from ifeval_fi.scoring.signature import DECISIVE

if TYPE_CHECKING:
    from jinja2 import Environment

    from ifeval_fi.scoring.compare import Comparison, Gate

_UNSAFE = re.compile("[<>&\u2028\u2029\u202a-\u202e\u2066-\u2069]")
MIXED_BELOW = 0.9
_BEGINNING = 110


def run_page(results: Results) -> str:
    """The report of one result: scores, languages, and every answer with its verdicts."""
    summary = results.summary
    samples = list(_samples(results))
    data = {"language": summary["language"], "samples": samples}
    return render(
        "run.html.j2",
        name=one_line(results.name),
        summary=summary,
        language=english_name(summary["language"]),
        headline=[name for name in summary["headline"] if name in summary],
        remarks=remarks(summary),
        warnings=warnings(summary),
        asked=list(asked(results.run).items()),
        languages=list(_languages(summary)),
        strays=[_stray(row) for row in samples if _is_stray(row, summary["language"])],
        samples=_script_json(data),
    )


def board_page(board: Board, pairs: Sequence[Table] = (), curves: Sequence[Curves] = ()) -> str:
    """The report of several results, with the tables of `report.pairs`; without matplotlib it has no figure."""
    from ifeval_fi.report.curve_figure import curve_figure
    from ifeval_fi.report.figures import accuracy_figure

    return render(
        "runs.html.j2",
        board=board,
        tables=board_tables(board),
        pairs=pairs,
        sets=[set_title(name) for name in board.sets],
        figure=both_themes(partial(accuracy_figure, board), 2),
        curves=[(curve_table(each), both_themes(partial(curve_figure, each), 3)) for each in curves],
    )


def both_themes(draw: Callable[..., bytes], across: int) -> dict[str, str]:
    """A figure in both themes, with so many panels side by side and with one, or why there is none."""
    from ifeval_fi.report.figures import DARK, LIGHT

    themes = (("light", LIGHT), ("dark", DARK))
    try:
        return {
            f"{name}{size}": data_uri(draw(theme=theme, across=panels))
            for name, theme in themes
            for size, panels in (("1", 1), ("2", across))
        }
    except MissingEngine as missing:
        return {"missing": str(missing)}


def comparison_page(comparison: Comparison, gate: Gate | None, tables: list[Table]) -> str:
    """The report of a comparison, with both answers wherever the verdicts differ."""
    return render(
        "compare.html.j2",
        base=one_line(comparison.base.name),
        candidate=one_line(comparison.candidate.name),
        results=(comparison.base, comparison.candidate),
        summary=comparison.summary,
        flips=comparison.flips,
        tables=tables,
        gate=gate,
    )


def _samples(results: Results) -> Iterator[Row]:
    """What the viewer shows, in the prompts' order; a prompt without a scored answer stands there as such."""
    judged: dict[object, list[PromptVerdicts]] = {}
    for verdict in results.verdicts:
        judged.setdefault(verdict.prompt.key, []).append(verdict)
    failed = {each.key for each in results.responses.values() if each.outcome == "failed"}
    for prompt in results.prompts:
        ids = [{"id": each.id, "kwargs": _kwargs(each.kwargs)} for each in prompt.instructions]
        for verdict in judged.get(prompt.key, []):
            verdicts = [
                {**row, "strict": strict, "loose": loose, "found": found}
                for row, strict, loose, found in zip(ids, verdict.strict, verdict.loose, verdict.found, strict=True)
            ]
            yield {
                "key": prompt.key,
                "sample": verdict.sample,
                "prompt": prompt.text,
                "outcome": verdict.outcome,
                "language": verdict.language,
                "verdicts": verdicts,
                **_answer(results.response(verdict)),
            }
        if prompt.key not in judged:
            outcome = "failed" if prompt.key in failed else "missing"
            yield {"key": prompt.key, "prompt": prompt.text, "outcome": outcome, "verdicts": ids}


def _answer(text: str | None) -> Row:
    if text is None:
        return {}
    shares = sorted(detect_language(text).shares.items(), key=lambda item: (-item[1], item[0]))
    shown = [(code, round(share, 3)) for code, share in shares if share >= 0.005]
    return {"response": text, "shares": shown, "mixed": bool(shares) and shares[0][1] <= MIXED_BELOW}


def _kwargs(kwargs: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}: {value if isinstance(value, str) else dumps(value)}" for name, value in kwargs.items())


def _is_stray(row: Row, language: str) -> bool:
    return "language" in row and (row["language"] != language or row.get("mixed", False))


def _stray(row: Row) -> Row:
    begins = one_line(row.get("response", ""))
    begins = begins if len(begins) <= _BEGINNING else f"{begins[:_BEGINNING]}…"
    return {
        "key": row["key"],
        "language": english_name(row["language"]),
        "shares": row.get("shares", []),
        "begins": begins,
    }


def _languages(summary: Row) -> Iterator[Row]:
    """Response languages with their place in a bar from 0 to 1."""
    counts: dict[str, int] = summary.get("response_languages", {})
    total, start = sum(counts.values()), 0.0
    for code, count in counts.items():
        yield {"code": code, "name": english_name(code), "count": count, "share": count / total, "start": start}
        start += count / total


def _script_json(value: object) -> str:
    """JSON that no text can break out of inside a script element."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", dumps(value))


def data_uri(svg: bytes) -> str:
    """An SVG as the source of an image."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"


def render(template: str, **values: Any) -> str:
    """A page from one of the templates, which has the style and the script in it."""
    from markupsafe import Markup

    style, script = (_template(name) for name in ("style.css", "viewer.js"))
    if "samples" in values:
        values["samples"] = Markup(values["samples"])
    return (
        _environment()
        .get_template(template)
        .render(
            **values,
            names=NAMES,
            decisive=DECISIVE,
            style=Markup(style),
            style_hash=_csp_hash(style),
            script=Markup(script),
            script_hash=_csp_hash(script),
        )
    )


def _csp_hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def _template(name: str) -> str:
    return resource("report", "templates", name).read_text("utf-8")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader

    def finalize(value: object) -> object:
        return showable(value) if type(value) is str else value

    environment = Environment(
        loader=FunctionLoader(_template), autoescape=True, trim_blocks=True, lstrip_blocks=True, finalize=finalize
    )
    environment.filters |= {"percent": _percent, "interval": interval}
    return environment


def _percent(value: Any) -> str:
    return percent(value if isinstance(value, (int, float)) else None)
