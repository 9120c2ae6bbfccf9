"""Learning curves: a measure by training step, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ifeval_fi.report.content import set_title
from ifeval_fi.report.figures import LIGHT, Format, Theme, drawing, saved, short

if TYPE_CHECKING:
    from ifeval_fi.report.sweep import Curve

_ACROSS = 2


def curve_figure(curves: Sequence[Curve], *, form: Format = "svg", theme: Theme = LIGHT) -> bytes:
    """Instructions followed, in per cent, by step: one panel a training, a line with its 95 % interval a prompt set."""
    with drawing(theme) as new_figure:
        across = min(_ACROSS, len(curves))
        down = -(-len(curves) // across)
        figure = new_figure(4.9 * across + 1.1, 3.1 * down + 0.4)
        axes = list(figure.subplots(down, across, sharey=True, squeeze=False).flat)
        sets = sorted({name for curve in curves for name in curve.sets})
        colours = {name: theme.bars[place % len(theme.bars)] for place, name in enumerate(sets)}
        for axis, curve in zip(axes, curves, strict=False):
            for name, points in curve.sets.items():
                steps = [step for step, _ in points]
                values = [100 * summary["inst_level_strict_acc"] for _, summary in points]
                ends = [
                    summary.get("inst_level_strict_acc_ci95", (value / 100,) * 2)
                    for value, (_, summary) in zip(values, points, strict=True)
                ]
                axis.plot(steps, values, marker="o", markersize=4, color=colours[name], label=set_title(name))
                low, high = ([100 * each[side] for each in ends] for side in (0, 1))
                axis.fill_between(steps, low, high, color=colours[name], alpha=0.14, linewidth=0)
            axis.set_title(short(curve.title), loc="left", fontweight="bold", fontsize=10)
            axis.set_xlabel("step")
            axis.grid(color=theme.faint, linewidth=0.6)
            axis.yaxis.set_major_formatter("{x:.0f} %")
            axis.tick_params(length=0)
        for axis in axes[len(curves) :]:
            axis.set_visible(False)
        handles = {
            label: handle for axis in axes for handle, label in zip(*axis.get_legend_handles_labels(), strict=True)
        }
        figure.legend(handles.values(), handles, loc="outside upper left", ncols=6, frameon=False)
        return saved(figure, form)
