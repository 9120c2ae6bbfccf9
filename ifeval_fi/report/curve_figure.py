"""The figure of a training's course: rates with their intervals over steps or data mixes, and each category."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ifeval_fi.report.board import Entry, set_title
from ifeval_fi.report.content import NAMES, spaced
from ifeval_fi.report.curves import Curves, Series
from ifeval_fi.report.figures import LIGHT, Format, Theme, drawing, saved, short, sign

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_RATES = ("inst_level_strict_acc", "prompt_level_strict_acc", "response_language_rate")
_LINES = ("-", "--", ":", "-.")
# Of a theme's colours, those that stay apart as thin lines first.
_COLOURS = (0, 5, 2, 3, 4, 1)
_MARKS = ("o", "s", "^", "D", "v", "P")

Fields = Callable[[Entry], tuple[Mapping[str, Any], str]]


def curve_figure(curves: Curves, *, form: Format = "svg", theme: Theme = LIGHT, across: int = 3) -> bytes:
    """One panel a rate: both strict levels, the answers' language, then the categories; bands are 95 % intervals.

    A colour is a prompt set, or, where there are several series, a series, and then a kind of line is a prompt set.
    `across` panels stand side by side: one on a telephone.
    """
    panels = _panels(curves)
    across = min(across, len(panels))
    down = -(-len(panels) // across)
    with drawing(theme) as new_figure:
        figure = new_figure(3.1 * across + 0.6, 2.15 * down + 0.9)
        axes = figure.subplots(down, across, sharex=True, sharey=True, squeeze=False)
        for place, axis in enumerate(axes.flat):
            if place >= len(panels):
                axis.set_visible(False)
                continue
            title, fields = panels[place]
            _draw(axis, curves, fields, theme)
            axis.set_title(title, loc="left", fontsize=9, fontweight="bold" if place < len(_RATES) else "normal")
            if place + across >= len(panels):
                axis.set_xlabel(curves.axis, fontsize=8)
                axis.tick_params(labelbottom=True)
        handles, labels = axes.flat[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper left", ncols=min(across, len(labels)), frameon=False)
        sign(figure, curves.entries, theme)
        return saved(figure, form)


def _panels(curves: Curves) -> list[tuple[str, Fields]]:
    def rate(name: str) -> Fields:
        return lambda entry: (entry.summary, name)

    def category(name: str) -> Fields:
        return lambda entry: (entry.summary["by_category"].get(name, {}), "strict_acc")

    names = sorted({name for entry in curves.entries for name in entry.summary["by_category"]})
    return [(NAMES[name], rate(name)) for name in _RATES] + [(spaced(name), category(name)) for name in names]


def _draw(axis: Axes, curves: Curves, fields: Fields, theme: Theme) -> None:
    names = list(dict.fromkeys(each.name for each in curves.series))
    # The language under test stands first and strongest, English after it for comparison.
    sets = sorted({each.prompt_set for each in curves.series}, key=lambda name: (name == "en", name))
    for each in sorted(curves.series, key=lambda each: (names.index(each.name), sets.index(each.prompt_set))):
        number, place = names.index(each.name), sets.index(each.prompt_set)
        colour = theme.bars[_COLOURS[(place if len(names) == 1 else number) % len(_COLOURS)]]
        xs, values, low, high = _values(each, fields)
        label = f"{set_title(each.prompt_set)} prompts"
        axis.plot(
            xs,
            values,
            color=colour,
            linestyle="-" if len(names) == 1 else _LINES[place % len(_LINES)],
            marker=_MARKS[place % len(_MARKS)],
            markersize=3.5,
            linewidth=1.4,
            clip_on=False,
            label=label if len(names) == 1 else f"{short(each.name)}, {label}",
        )
        axis.fill_between(xs, low, high, color=colour, alpha=0.16 if len(curves.series) <= 2 else 0.08, linewidth=0)
    axis.set_ylim(0, 100)
    axis.set_yticks([0, 25, 50, 75, 100])
    axis.yaxis.set_major_formatter("{x:.0f} %")
    axis.grid(axis="y", color=theme.faint, linewidth=0.6)
    axis.set_axisbelow(True)
    axis.tick_params(length=0, labelsize=8)


def _values(series: Series, fields: Fields) -> tuple[list[float], list[float], list[float], list[float]]:
    """Places, values and ends of the intervals in per cent, of those results that have the rate."""
    found = []
    for point in series.points:
        group, name = fields(point.entry)
        if name in group:
            found.append((point.x, 100 * group[name], *(100 * end for end in group[f"{name}_ci95"])))
    xs, values, low, high = ([row[column] for row in found] for column in range(4))
    return xs, values, low, high
