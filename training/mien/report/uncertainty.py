"""Charts of what a network says of itself: spread and presence."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mien.predictions import Predictions
from mien.presence import LOST_FACES, THRESHOLDS, Scores, area, logit, roc
from mien.report.style import COLOURS, figure
from mien.schemes import Scheme
from mien.spread import SPREADS, Calibration, observed, promised

FINE = np.linspace(0, 4, 200)  # spreads


def calibration(seen: Predictions, found: Calibration, scheme: Scheme) -> Figure:
    """Promised and observed shares within so many spreads: of the half that checks, and by group of all clean faces."""
    made, axes = figure(1, 2, 3.6)
    draw_promise(axes[0, 0], found)
    errors = seen.errors_in_spreads[seen.clean] / found.scale
    axes[0, 1].plot([0, 100], [0, 100], color="#888888")
    for i, (name, indices) in enumerate(scheme.groups.items()):
        shares = observed(errors[:, list(indices)], FINE) * 100
        axes[0, 1].plot(promised(FINE) * 100, shares, color=COLOURS[i % len(COLOURS)], label=name)
    axes[0, 1].set(title="by group, all held-out faces, after the factor", xlabel="promised, %", ylabel="observed, %")
    axes[0, 1].legend(fontsize=8, loc="lower right")
    return made


def draw_promise(ax: Axes, found: Calibration) -> None:
    """Promised shares within so many spreads, and those of the half that checks."""
    ax.plot(FINE, promised(FINE) * 100, color="#888888", label="promised")
    for label, within, colour in (
        ("as trained", found.withinBefore, COLOURS[1]),
        (f"spread × {found.scale:.3f}", found.withinAfter, COLOURS[0]),
    ):
        ax.plot(SPREADS, np.array(list(within.values())) * 100, "o", color=colour, label=label)
    title = f"fitted on {found.fittedOn} faces, checked on {found.checkedOn} others"
    ax.set(title=title, xlabel="distance, spreads", ylabel="points within, %", xlim=(0, 4), ylim=(0, 100))
    ax.legend(fontsize=8, loc="lower right")


def draw_threshold(ax: Axes, over: dict[str, list[float]], threshold: float) -> None:
    """What each threshold would do, by the shares of each kind of crop over `THRESHOLDS`, and the one chosen."""
    lost = 1 - np.array(over["face"])
    ax.plot(THRESHOLDS, lost * 100, color=COLOURS[0], label="faces lost")
    for kind, colour in (("negative_crops", COLOURS[1]), ("background", COLOURS[2])):
        ax.plot(THRESHOLDS, np.array(over[kind]) * 100, color=colour, label=f"{kind} crops let through")
    ax.axvline(logit(threshold), color="#888888", linestyle="--", label=f"threshold {threshold:.3f}")
    ax.axhline(LOST_FACES * 100, color=COLOURS[0], linestyle=":", label=f"faces it may lose: {LOST_FACES * 100:g} %")
    ax.set(title="what each threshold would do", xlabel="presence, logit", ylabel="crops, %", yscale="log",
           xlim=(THRESHOLDS[0], THRESHOLDS[-1]), ylim=(0.05, 100))  # fmt: skip
    ax.legend(fontsize=8, loc="lower left")


def told(card: dict) -> Figure | None:
    """What a checkpoint's card tells of spread and presence; None where `mien.calibrate` told nothing of both."""
    if not ("calibration" in card and "over" in card.get("presence", {})):
        return None
    made, axes = figure(1, 2, 3.6)
    draw_promise(axes[0, 0], Calibration(**card["calibration"]))
    draw_threshold(axes[0, 1], card["presence"]["over"], card["presenceThreshold"])
    return made


def presence(scores: Scores, threshold: float) -> Figure:
    """ROC curves and how the scores lie."""
    made, axes = figure(1, 2, 3.6)
    for kind, colour in (("negative_crops", COLOURS[1]), ("background", COLOURS[2])):
        passed, kept = roc(scores.face, getattr(scores, kind))
        label = f"{kind}: area {area(scores, kind):.5f}"
        axes[0, 0].plot(np.clip(passed, 1e-4, 1), kept * 100, color=colour, label=label)
    axes[0, 0].set(
        title="ROC", xscale="log", xlim=(1e-4, 1), ylim=(90, 100.2), xlabel="share of other crops let through",
        ylabel="faces kept, %",
    )  # fmt: skip
    axes[0, 0].legend(fontsize=8, loc="lower right")
    low, high = np.quantile(scores.empty, 0.05), scores.face.max()
    bins = np.linspace(low, high, 60)
    for kind, colour in (("face", COLOURS[0]), ("negative_crops", COLOURS[1]), ("background", COLOURS[2])):
        shown = np.clip(getattr(scores, kind), low, high)
        axes[0, 1].hist(shown, bins, color=colour, alpha=0.6, label=kind)
    axes[0, 1].axvline(logit(threshold), color="#888888", linestyle="--", label=f"threshold {threshold:.3f}")
    axes[0, 1].set(title="scores", xlabel="presence, logit", ylabel="crops", yscale="log")
    axes[0, 1].legend(fontsize=8)
    return made
