"""Pictures of a sweep: a curve for every setting, and how good each setting became."""

from collections.abc import Iterator
from pathlib import Path
from textwrap import fill
from typing import Any

import matplotlib

matplotlib.use("Agg")

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, NullFormatter, ScalarFormatter

from mien.checkpoints import save_atomically
from mien.sweep.plan import Range, Sweep, choice
from mien.sweep.results import REFERENCE, Result, change, label, shown

COLOURS = plt.get_cmap("viridis")
LABEL = 40  # characters in a line of what an ablation changes


def draw(found: list[Result], sweep: Sweep, out: Path) -> Iterator[Path]:
    """Writes PNG files into `out` and yields their paths: effects.png of an ablation; of others curves.png, then
    table.png where the first two fields are lists, or slices.png."""
    listed = [path for path, options in sweep.search.items() if not isinstance(options, Range)]
    figures = {"curves.png": lambda: curves(found, sweep, listed)}
    if sweep.sampler == "ablation":
        figures = {"effects.png": lambda: effects(found, sweep)}
    elif listed[:2] == list(sweep.search)[:2] and len(listed) > 1:
        figures["table.png"] = lambda: heat_table(found, sweep)
    else:
        figures["slices.png"] = lambda: slices(found, sweep)
    for name, make in figures.items():
        figure = make()
        save_atomically(out / name, lambda to, figure=figure: figure.savefig(to, format="png", dpi=120))
        plt.close(figure)
        yield out / name


def name_of(path: str) -> str:
    """The last part of a dotted path, in words."""
    return path.split(".")[-1].replace("_", " ")


def choices(sweep: Sweep, path: str) -> list[Any]:
    return [choice(option) for option in sweep.search[path]]


def style(axes: Axes, sweep: Sweep) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25)
    axes.set_ylabel(f"{sweep.metric}, held out")


def curves(found: list[Result], sweep: Sweep, listed: list[str]) -> plt.Figure:
    """The metric over the epochs: a panel for each value of the second field, a colour for each of the first, in the
    manner of a sweep of learning rate by batch size. Stopped trials end in a cross."""
    colour_by, panel_by = [*listed, None, None][:2]
    panels = choices(sweep, panel_by) if panel_by else [None]
    figure, grid = plt.subplots(
        1, len(panels), figsize=(1.5 + 3.2 * len(panels), 3.6), sharey=True, squeeze=False, layout="constrained"
    )
    legend = choices(sweep, colour_by) if colour_by else []
    for axes, panel in zip(grid[0], panels, strict=True):
        for one in found:
            if not one.curve or (panel_by and one.values[panel_by] != panel):
                continue
            place = legend.index(one.values[colour_by]) / max(1, len(legend) - 1) if colour_by else 0.5
            epochs, values = list(one.curve), list(one.curve.values())
            axes.plot(epochs, values, color=COLOURS(0.92 * place), lw=1.6)
            if one.state == "pruned":
                axes.plot(epochs[-1], values[-1], "x", color=COLOURS(0.92 * place))
        style(axes, sweep)
        if all(value > 0 for one in found for value in one.curve.values()):
            axes.set_yscale("log")
            axes.yaxis.set_major_formatter(ScalarFormatter())
            axes.yaxis.set_minor_formatter(ScalarFormatter())
        axes.set_xlabel("epoch")
        axes.set_title(f"{name_of(panel_by)} {label(sweep, panel_by, panel)}" if panel_by else sweep.id, fontsize=10)
        axes.label_outer()
    for index, value in enumerate(legend):
        grid[0][-1].plot(
            [], [], color=COLOURS(0.92 * index / max(1, len(legend) - 1)), label=label(sweep, colour_by, value)
        )
    if legend:
        figure.legend(title=name_of(colour_by), loc="outside right upper", frameon=False)
    return figure


def heat_table(found: list[Result], sweep: Sweep) -> plt.Figure:
    """The best metric of each setting of the first field (down) and the second (across); over any further fields, the
    best of them. Brackets: stopped before its end."""
    down, across = list(sweep.search)[:2]
    rows, columns = choices(sweep, down), choices(sweep, across)
    better = min if sweep.goal == "minimise" else max
    values = np.full((len(rows), len(columns)), np.nan)
    stopped = np.zeros(values.shape, bool)
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            cell = [one for one in found if one.values.get(down) == row and one.values.get(across) == column]
            tried = [one for one in cell if one.best is not None]
            if tried:
                best = better(tried, key=lambda one: one.best)
                values[i, j], stopped[i, j] = best.best, best.state != "complete"
    figure, axes = plt.subplots(figsize=(2.5 + 1.1 * len(columns), 1.4 + 0.6 * len(rows)), layout="constrained")
    colours = "viridis_r" if sweep.goal == "minimise" else "viridis"
    image = axes.imshow(values, cmap=colours, aspect="auto", norm=norm_of(values))
    for (i, j), value in np.ndenumerate(values):
        text = "–" if np.isnan(value) else f"({value:#.3g})" if stopped[i, j] else f"{value:#.3g}"
        shade = np.nan_to_num(np.mean(image.cmap(image.norm(value))[:3]), nan=1.0)
        axes.text(j, i, text, ha="center", va="center", color="white" if shade < 0.5 else "black")
    axes.set_xticks(range(len(columns)), [label(sweep, across, value) for value in columns])
    axes.set_yticks(range(len(rows)), [label(sweep, down, value) for value in rows])
    axes.set_xlabel(name_of(across))
    axes.set_ylabel(name_of(down))
    axes.set_title(f"{sweep.id}: {sweep.metric} of the best epoch", fontsize=10)
    return figure


def effects(found: list[Result], sweep: Sweep) -> plt.Figure:
    """How much the metric changes with each change, the greatest at the top; the grey band is what other seeds do."""
    done = [one for one in found if one.best is not None]
    first = next((one.best for one in done if change(one, sweep) == REFERENCE), np.nan)
    bars = sorted((one.best - first, change(one, sweep)) for one in done if change(one, sweep) != REFERENCE)
    seeds = [by for by, what in bars if what.startswith("seed ")]
    figure, axes = plt.subplots(figsize=(8, 1.4 + 0.4 * len(bars)), layout="constrained")
    axes.axvspan(min([0, *seeds]), max([0, *seeds]), color="0.88")
    axes.barh([fill(what, LABEL) for _, what in bars], [by for by, _ in bars], height=0.6, color=COLOURS(0.4))
    axes.axvline(0, color="0.3", lw=0.8)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xlabel(f"change of {sweep.metric}")
    axes.set_title(f"{sweep.id}: {sweep.metric}, held out, changes from {first:.3g}", fontsize=10)
    return figure


def norm_of(values: np.ndarray) -> matplotlib.colors.Normalize:
    """Colours by the logarithm where there is one: one run that failed does not make the others look alike."""
    seen = values[np.isfinite(values)]
    if len(seen) and (seen > 0).all():
        return matplotlib.colors.LogNorm(seen.min(), max(seen.max(), seen.min() * 1.01))
    return matplotlib.colors.Normalize()


def slices(found: list[Result], sweep: Sweep) -> plt.Figure:
    """The best metric against each field; crosses: stopped before their end."""
    figure, grid = plt.subplots(
        1,
        len(sweep.search),
        figsize=(1.5 + 3.2 * len(sweep.search), 3.4),
        sharey=True,
        squeeze=False,
        layout="constrained",
    )
    for axes, (path, options) in zip(grid[0], sweep.search.items(), strict=True):
        ranged = isinstance(options, Range)
        order = [] if ranged else choices(sweep, path)
        for one in found:
            if one.best is not None:
                x = one.values[path] if ranged else order.index(one.values[path])
                axes.plot(x, one.best, "o" if one.state == "complete" else "x", color=COLOURS(0.4))
        if not ranged:
            axes.set_xticks(range(len(order)), [label(sweep, path, value) for value in order])
        elif options.log:
            axes.set_xscale("log")
            axes.xaxis.set_major_locator(LogLocator(subs=(1, 3)))
            axes.xaxis.set_major_formatter(lambda value, _place: shown(value))
            axes.xaxis.set_minor_formatter(NullFormatter())
        style(axes, sweep)
        axes.set_xlabel(name_of(path))
        axes.label_outer()
    return figure
