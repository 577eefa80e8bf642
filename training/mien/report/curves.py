"""Charts of a run: its losses, and how well each head does."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mien.predictions import Predictions
from mien.report.style import COLOURS, HEADS, draw_edges, figure
from mien.schemes import Scheme

CURVE_TO_PCT = 10.0  # NME, where the cumulative error curves end


def losses(rows: list[dict[str, float]], learning_rates: list[float]) -> Figure:
    """Terms of the loss in training (solid) and on the held-out faces (dashed), errors, learning rate (dotted)."""
    terms = [name.removeprefix("loss_") for name in rows[0] if name.startswith("loss_")]
    others = [term for term in terms if term not in HEADS]
    colours = HEADS | dict(zip(others, COLOURS[3:], strict=False))
    panels = {
        "loss of the points, weighted": [term for term in terms if term in HEADS],
        "other terms of the loss": others,
    }
    panels = {title: shown for title, shown in panels.items() if shown}
    made, axes = figure(1, len(panels) + 1, 3.4)
    for ax, (title, shown) in zip(axes[0], panels.items(), strict=False):
        for term in shown:
            draw(ax, rows, f"loss_{term}", color=colours[term], label=term)
            draw(ax, rows, f"validation_{term}", color=colours[term], linestyle="--")
        ax.set(title=title, yscale="linear" if shown == others else "log")
    last = axes[0, -1]
    for i, name in enumerate(name for name in rows[0] if name.startswith("nme_")):
        draw(last, rows, name, color=COLOURS[i % len(COLOURS)], label=name.removeprefix("nme_"))
    last.set(title="NME on the held-out faces, %")
    rate = last.twinx()
    rate.plot([row["epoch"] for row in rows], learning_rates, ":", color="#888888")
    rate.set(ylabel="learning rate (dotted)", ylim=(0, None))
    rate.grid(False)
    for ax in axes[0]:
        ax.set_xlabel("epoch")
        ax.legend(fontsize=7)
    return made


def draw(ax: Axes, rows: list[dict[str, float]], name: str, **line) -> None:
    """A column of the log over the epochs; nothing where the log lacks it."""
    at = [(row["epoch"], row[name]) for row in rows if name in row]
    if at:
        ax.plot(*zip(*at, strict=True), marker=".", **line)


def cumulative(ax: Axes, nme_pct: np.ndarray, label: str, **line) -> None:
    ax.step(np.sort(nme_pct), (np.arange(len(nme_pct)) + 1) / len(nme_pct) * 100, where="post", label=label, **line)


def cumulative_errors(heads: dict[str, Predictions], own: str) -> Figure:
    """Share of faces under each error: all heads, and the own head by data set."""
    made, axes = figure(1, 2, 3.6)
    for kind, seen in heads.items():
        nme = seen.nme_pct[seen.clean]
        cumulative(axes[0, 0], nme, f"{kind}: {nme.mean():.2f} %", color=HEADS[kind])
    seen = heads[own]
    for i, name in enumerate(dict.fromkeys(seen.data_sets)):
        nme = seen.nme_pct[seen.data_sets == name]
        cumulative(axes[0, 1], nme, f"{name}: {nme.mean():.2f} %", color=COLOURS[i % len(COLOURS)])
    axes[0, 0].set(title="by head", ylabel="faces, %")
    axes[0, 1].set(title=f"{own} by data set")
    for ax in axes[0]:
        ax.set(xlim=(0, CURVE_TO_PCT), ylim=(0, 100), xlabel="NME, % of the distance of the outer eye corners")
        ax.legend(fontsize=8, loc="lower right")
    return made


def error_per_point(seen: Predictions, scheme: Scheme) -> Figure:
    """Mean error of each point on the mean face, and sorted by group."""
    made, axes = figure(1, 2, 4.0)
    errors = seen.point_errors_pct[seen.clean].mean(0)
    face = seen.mean_face
    draw_edges(axes[0, 0], face, scheme, "#999999")
    dots = axes[0, 0].scatter(*face.T, c=errors, s=12 + 18 * errors, cmap="viridis_r", zorder=2)
    made.colorbar(dots, ax=axes[0, 0], label="mean error, %", shrink=0.8)
    axes[0, 0].set(title="on the mean face", aspect="equal", xticks=[], yticks=[])
    axes[0, 0].margins(0.1)
    axes[0, 0].invert_yaxis()
    for i, (name, indices) in enumerate(scheme.groups.items()):
        axes[0, 1].bar(indices, errors[list(indices)], color=COLOURS[i % len(COLOURS)], label=name)
    axes[0, 1].set(title="by point", xlabel="point", ylabel="mean error, % of the outer eye corners' distance")
    axes[0, 1].legend(fontsize=8)
    return made
