"""How the figures look. Charts are drawn for paper, and the page inverts them where it is dark; pictures of faces are
not inverted, so what is written on them is a grey that can be read on both."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from mien.schemes import Scheme

mpl.use("Agg")  # no window, on any machine
mpl.rcParams.update(
    {
        "font.size": 9, "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.alpha": 0.25,
        "legend.frameon": False, "savefig.transparent": True, "savefig.dpi": 160, "figure.constrained_layout.use": True,
        "svg.fonttype": "none", "svg.hashsalt": "mien",
    }
)  # fmt: skip
WIDTH = 9.0  # inches, of every figure
# Okabe and Ito's colours, told apart by the colour-blind too
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#555555")
HEADS = {"linear": COLOURS[0], "grid_offset": COLOURS[1], "maps": COLOURS[2], "grid": COLOURS[3]}
TRUTH, FOUND = "#3ec7ff", "#ff9a1f"  # on grey faces
ON_ANY = "#7d7d7d"  # text on white and on black paper


def figure(rows: int = 1, columns: int = 1, height: float = 3.2) -> tuple[Figure, np.ndarray]:
    """A figure of the report's width and (rows, columns) axes."""
    made = Figure(figsize=(WIDTH, height))
    return made, made.subplots(rows, columns, squeeze=False)


def save_svg(made: Figure, path: Path) -> None:
    """On white, since a card may be read on dark paper; the same bytes for the same figure."""
    made.savefig(path, format="svg", transparent=False, facecolor="white", metadata={"Date": None})


def gallery(count: int, columns: int, title_room: float = 0.22) -> tuple[Figure, list[Axes]]:
    """Square axes without ticks for `count` pictures."""
    rows = -(-count // columns)
    made, axes = figure(rows, columns, rows * (WIDTH / columns + title_room))
    for ax in axes.flat:
        ax.set_axis_off()
    return made, list(axes.flat[:count])


def show_crop(ax: Axes, crop: np.ndarray, title: str = "") -> None:
    """A (H, W) crop over 0..1 of both axes, so that points in crop units lie on it. From its darkest to its
    lightest."""
    ax.imshow(crop, cmap="gray", extent=(0, 1, 1, 0), aspect=crop.shape[0] / crop.shape[1])
    ax.set(xlim=(0, 1), ylim=(1, 0))
    if title:
        ax.set_title(title, fontsize=8, color=ON_ANY, pad=3)


def in_a_row(tiles: np.ndarray) -> np.ndarray:
    """(N, h, w) pictures side by side as one, each from its least to its greatest value, empty columns between them."""
    low, high = tiles.min((1, 2), keepdims=True), tiles.max((1, 2), keepdims=True)
    scaled = (tiles - low) / np.where(high > low, high - low, 1)
    gap = max(1, tiles.shape[2] // 12)
    return np.concatenate(list(np.pad(scaled, ((0, 0), (0, 0), (0, gap)), constant_values=np.nan)), 1)[:, :-gap]


def draw_edges(ax: Axes, points: np.ndarray, scheme: Scheme, colour: str) -> None:
    if scheme.edges:
        ax.add_collection(LineCollection(points[np.array(scheme.edges)], colors=colour, linewidths=0.7, alpha=0.8))


def draw_points(ax: Axes, points: np.ndarray, scheme: Scheme, colour: str) -> None:
    """(P, 2) points with their edges."""
    draw_edges(ax, points, scheme, colour)
    ax.plot(*points.T, ".", color=colour, markersize=2.5 if len(points) > 1 else 9)
