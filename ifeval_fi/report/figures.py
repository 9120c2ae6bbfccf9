"""Figures for a paper or a page: accuracy by category, and a heat map of models and categories."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ifeval_fi.errors import MissingEngine
from ifeval_fi.report.board import Board, Entry, set_title
from ifeval_fi.report.content import spaced
from ifeval_fi.report.tables import one_line
from ifeval_fi.scoring.signature import parse_signature

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Format = Literal["svg", "png"]
_BARS = 0.72  # of a category's height, shared by its languages
_LONGEST_NAME = 48


@dataclass(frozen=True)
class Theme:
    """Colours of a figure."""

    paper: str
    ink: str
    faint: str
    bars: tuple[str, ...]
    scale: tuple[str, str]


LIGHT = Theme(
    "#ffffff",
    "#1c2733",
    "#d5dbe1",
    ("#0b5cad", "#9db4c8", "#5f7f67", "#b08d57", "#8a6d9e", "#c06a5b"),
    ("#f3f6f9", "#0b5cad"),
)
DARK = Theme(
    "#171e26",
    "#e4e9ee",
    "#37424e",
    ("#6fb1f2", "#61758a", "#8db596", "#d0ae7a", "#b49cc8", "#d9998c"),
    ("#1e2731", "#4d9be6"),
)


def accuracy_figure(board: Board, *, form: Format = "svg", theme: Theme = LIGHT, across: int = 2) -> bytes:
    """Strict accuracy by category with 95 % intervals, one panel a model, its languages beside each other.

    `across` panels stand side by side at most: one on a telephone.
    """
    with drawing(theme) as new_figure:
        panels = board.models
        across = min(across, len(panels))
        down = -(-len(panels) // across)
        height = 0.17 * len(board.sets) + 0.13
        panel = max(1.2, height * len(board.categories)) + 0.85
        figure = new_figure(4.9 * across + 1.1, panel * down + 0.5)
        axes = figure.subplots(down, across, sharex=True, sharey=True, squeeze=False)
        for place, axis in enumerate(axes.flat):
            if place >= len(panels):
                axis.set_visible(False)
                continue
            _draw_bars(axis, board, panels[place], theme)
        handles, labels = axes.flat[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper left", ncols=2 * across, frameon=False)
        sign(figure, board.entries, theme)
        return saved(figure, form)


def _draw_bars(axis: Axes, board: Board, model: str, theme: Theme) -> None:
    # The language under test stands first and strongest, English below it for comparison.
    sets = [name for name in board.sets if name != "en"] + [name for name in board.sets if name == "en"]
    bar = _BARS / len(sets)
    for shift, prompt_set in enumerate(sets):
        entry = board.find(model, prompt_set)
        groups: Mapping[str, Any] = entry.summary["by_category"] if entry else {}
        centres, values, errors = [], [], []
        for row, name in enumerate(board.categories):
            if fields := groups.get(name):
                value = 100 * fields["strict_acc"]
                low, high = (100 * end for end in fields["strict_acc_ci95"])
                centres.append(row + (shift - (len(sets) - 1) / 2) * bar)
                values.append(value)
                errors.append((max(0.0, value - low), max(0.0, high - value)))
        axis.barh(
            centres,
            values,
            height=bar * 0.86,
            color=theme.bars[shift % len(theme.bars)],
            label=f"{set_title(prompt_set)} prompts",
            xerr=list(zip(*errors, strict=True)) if errors else None,
            error_kw={"ecolor": theme.ink, "elinewidth": 0.8, "alpha": 0.65},
        )
    axis.set_title(short(model), loc="left", fontweight="bold", fontsize=10)
    axis.set_yticks(range(len(board.categories)), [spaced(name) for name in board.categories])
    if not axis.yaxis_inverted():
        axis.invert_yaxis()
    axis.set_xlim(0, 100)
    # Without the last word "100 %", which would touch the "0 %" of the panel beside it.
    axis.set_xticks([0, 25, 50, 75])
    axis.xaxis.set_major_formatter("{x:.0f} %")
    axis.grid(axis="x", color=theme.faint, linewidth=0.6)
    axis.set_axisbelow(True)
    axis.tick_params(length=0)


def heat_map(board: Board, *, form: Format = "svg", theme: Theme = LIGHT) -> bytes:
    """Strict accuracy in per cent, models down and categories across."""
    from matplotlib.colors import LinearSegmentedColormap

    with drawing(theme) as new_figure:
        rows = list(board.ordered())
        figure = new_figure(0.82 * max(4, len(board.categories)) + 3.6, 0.36 * len(rows) + 1.6)
        axis = figure.subplots()
        values = [[_cell(entry, name) for name in board.categories] for entry in rows]
        colours = LinearSegmentedColormap.from_list("accuracy", theme.scale)
        axis.imshow(values, cmap=colours, vmin=0, vmax=100, aspect="auto")
        for y, line in enumerate(values):
            for x, value in enumerate(line):
                if value == value:
                    ink = theme.paper if value > 60 and theme is LIGHT else theme.ink
                    axis.text(x, y, f"{value:.0f}", ha="center", va="center", color=ink, fontsize=8.5)
        axis.set_xticks(range(len(board.categories)), [spaced(n).replace(" ", "\n") for n in board.categories])
        axis.set_yticks(range(len(rows)), [f"{short(entry.name)} · {entry.prompt_set}" for entry in rows])
        axis.xaxis.tick_top()
        axis.tick_params(length=0)
        sign(figure, board.entries, theme)
        return saved(figure, form)


def _cell(entry: Entry, category: str) -> float:
    value = entry.summary["by_category"].get(category, {}).get("strict_acc")
    return float("nan") if value is None else 100 * float(value)


def sign(figure: Figure, entries: Sequence[Entry], theme: Theme) -> None:
    """What the numbers depend on, in small print below: the parts of the signature that all share, by name."""
    kept = {}
    for entry in entries:
        parts = parse_signature(entry.summary["signature"])
        kept[entry.prompt_set] = (
            f"{parts['prompts']} ({parts['n']}), rules {parts['rules']}, version {parts['version']}"
        )
    text = "\n".join(f"{code}: {one_line(kept[code])}" for code in sorted(kept))
    figure.supxlabel(text, fontsize=6.5, color=theme.ink, alpha=0.7, x=0.01, ha="left")


def short(name: str) -> str:
    """A name that fits a figure."""
    name = one_line(name)
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


@contextmanager
def drawing(theme: Theme) -> Iterator[Callable[[float, float], Figure]]:
    """A maker of figures in this theme; names are text, never formulas, and equal input gives equal bytes."""
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingEngine('figures need matplotlib: pip install "ifeval-fi[report]"') from None
    settings: dict[Any, Any] = {
        "text.parse_math": False,
        "svg.fonttype": "none",
        "svg.hashsalt": "ifeval-fi",
        "font.family": "sans-serif",
        "font.size": 9,
        "figure.facecolor": theme.paper,
        "axes.facecolor": theme.paper,
        "savefig.facecolor": theme.paper,
        **dict.fromkeys(("text.color", "axes.labelcolor", "xtick.color", "ytick.color"), theme.ink),
        **{f"axes.spines.{side}": False for side in ("top", "right", "bottom", "left")},
    }
    with matplotlib.rc_context(settings):
        yield lambda width, height: Figure(figsize=(width, height), layout="constrained")


def saved(figure: Figure, form: Format) -> bytes:
    """The figure as a file's content."""
    out = io.BytesIO()
    metadata = {"Date": None, "Creator": None} if form == "svg" else {"Software": None}
    figure.savefig(out, format=form, dpi=200, metadata=metadata)
    return out.getvalue()
