"""What goes on inside a network: filters, feature maps, heatmaps, and these over the epochs."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor, nn

from mien.models.layers import SpatialSoftmax
from mien.report.style import FOUND, ON_ANY, TRUTH, WIDTH, figure, gallery, in_a_row, show_crop

CHANNELS = 12  # shown of each stage: those that vary most
EPOCHS = 8  # shown of a run
FILTERS = 16  # in a row


class Stage(NamedTuple):
    name: str  # path of the module that gives it
    maps: Tensor  # (C, h, w)


@torch.no_grad()
def stages_of(network: nn.Module, crop: Tensor) -> tuple[list[Stage], Tensor | None]:
    """Runs one normalised crop (1, 1, H, W). Returns the last maps of each size on the way through the network, and the
    heatmaps (P, h, w) that each sum to 1, or None where the points are not read from maps."""
    outputs: list[tuple[str, nn.Module, Tensor]] = []

    def keep(name: str):
        return lambda module, _inputs, output: outputs.append((name, module, output))

    leaves = [(name, module) for name, module in network.named_modules() if not list(module.children())]
    hooks = [module.register_forward_hook(keep(name)) for name, module in leaves]
    network(crop)
    for hook in hooks:
        hook.remove()
    heatmaps = next((output[0] for _, module, output in outputs if isinstance(module, SpatialSoftmax)), None)
    maps = [Stage(name, output[0]) for name, module, output in outputs
            if output.dim() == 4 and min(output.shape[2:]) > 1 and not isinstance(module, SpatialSoftmax)]  # fmt: skip
    sizes = [stage.maps.shape[1:] for stage in maps]
    last_of_size = [stage for stage, size, after in zip(maps, sizes, [*sizes[1:], None], strict=True) if size != after]
    return last_of_size, heatmaps


def first_filters(network: nn.Module) -> Figure:
    """The kernels that read the grey crop, each from its least to its greatest weight."""
    first = next(module for module in network.modules() if isinstance(module, nn.Conv2d))
    kernels = first.weight.detach()[:, 0].numpy()
    rows = [in_a_row(kernels[start : start + FILTERS]) for start in range(0, len(kernels), FILTERS)]
    made, axes = figure(len(rows), 1, len(rows) * WIDTH / FILTERS)
    for ax, row in zip(axes[:, 0], rows, strict=True):
        ax.imshow(row, cmap="gray")
        ax.set(xlim=(0, rows[0].shape[1]), anchor="W")
        ax.set_axis_off()
    return made


def feature_maps(stages: list[Stage]) -> Figure:
    """Of each stage the maps that vary most, each from its least to its greatest value."""
    made, axes = figure(len(stages), 1, len(stages) * (WIDTH / CHANNELS + 0.25))
    for ax, stage in zip(axes[:, 0], stages, strict=True):
        maps = stage.maps.numpy()
        chosen = np.sort(np.argsort(maps.std((1, 2)))[::-1][:CHANNELS])
        channels, height, width = maps.shape
        title = f"{stage.name}: {channels} maps of {width} × {height}"
        ax.imshow(in_a_row(maps[chosen]), cmap="magma")
        ax.set_anchor("W")
        ax.set_title(title, fontsize=8, color=ON_ANY, loc="left", pad=3)
        ax.set_axis_off()
    return made


def overlay(ax: Axes, crop: np.ndarray, heatmap: np.ndarray, title: str) -> None:
    """A heatmap laid over its crop: clear where it is zero."""
    show_crop(ax, crop, title)
    strength = heatmap / heatmap.max()
    ax.imshow(heatmap, cmap="inferno", alpha=np.sqrt(strength), extent=(0, 1, 1, 0), aspect=ax.get_aspect())


def heatmaps(crop: np.ndarray, maps: np.ndarray, point: int, name: str) -> Figure:
    """One point's map and the sum of all, (P, h, w), over the crop and alone."""
    made, axes = gallery(4, 4)
    overlay(axes[0], crop, maps[point], name)
    axes[1].imshow(maps[point], cmap="inferno")
    overlay(axes[2], crop, maps.sum(0), "all points")
    axes[3].imshow(maps.sum(0), cmap="inferno")
    return made


def over_the_epochs(files: list[Path], kind: str, point: int) -> Figure:
    """What `mien.snapshots` left after some of the epochs: the points and, where these are read from maps, one
    point's map and the sum of all."""
    which = np.unique(np.linspace(0, len(files) - 1, min(EPOCHS, len(files))).round().astype(int))
    kept = [dict(np.load(files[index])) for index in which]
    rows = 3 if f"{kind}_maps" in kept[0] else 1
    made, axes = figure(rows, len(which), rows * WIDTH / max(len(which), 4) + 0.3)
    for column, index, epoch in zip(axes.T, which, kept, strict=True):
        for ax in column:
            ax.set_axis_off()
        show_crop(column[0], epoch["crop"].astype(np.float32), f"epoch {int(files[index].stem)}")
        for points, colour in ((epoch["truth"], TRUTH), (epoch[f"{kind}_points"], FOUND)):
            column[0].plot(*points.T, ".", color=colour, markersize=1.5 if len(points) > 1 else 6)
        if rows == 3:
            maps = epoch[f"{kind}_maps"].astype(np.float32)
            column[1].imshow(maps[point], cmap="inferno")
            column[2].imshow(maps.sum(0), cmap="inferno")
    return made
