"""Pictures of faces: what the network is trained on, and where it does best and worst."""

import numpy as np
import torch
from matplotlib.figure import Figure
from torch import Tensor

from mien.batches import Batch, training_batch, true_batch
from mien.config import Config
from mien.crop_cache import Pack
from mien.predictions import Predictions
from mien.report.style import FOUND, TRUTH, draw_points, gallery, show_crop
from mien.schemes import SCHEMES

COLUMNS = 6
SHOWN = 12


def spaced(held_out: Pack) -> Tensor:
    """Indices of `SHOWN` faces from all over the list, so from every data set."""
    return torch.linspace(0, len(held_out.points) - 1, min(SHOWN, len(held_out.points))).long()


def with_truth(batch: Batch, config: Config) -> Figure:
    made, axes = gallery(len(batch.crops), COLUMNS)
    for ax, crop, points, present in zip(axes, batch.crops, batch.points, batch.present, strict=True):
        show_crop(ax, crop[0].numpy(), "" if present else "no face")
        if present:
            draw_points(ax, points.numpy(), SCHEMES[config.scheme], TRUTH)
    return made


def plain_samples(held_out: Pack, config: Config) -> Figure:
    return with_truth(true_batch(held_out, spaced(held_out), config), config)


def augmented_samples(held_out: Pack, config: Config) -> Figure:
    """The same faces as a training batch would have them."""
    return with_truth(training_batch(held_out, spaced(held_out), config, torch.Generator().manual_seed(1)), config)


def extremes(seen: Predictions, held_out: Pack, worst: bool) -> Figure:
    """The faces with the least or greatest errors: truth and what was found."""
    faces = np.flatnonzero(seen.clean)
    order = faces[np.argsort(seen.nme_pct[faces])]
    chosen = order[::-1][:SHOWN] if worst else order[:SHOWN]
    crops = true_batch(held_out, torch.from_numpy(chosen.copy()), seen.config).crops[:, 0].numpy()
    made, axes = gallery(len(chosen), COLUMNS)
    scheme = SCHEMES[seen.config.scheme]
    for ax, face, crop in zip(axes, chosen, crops, strict=True):
        show_crop(ax, crop, f"{seen.nme_pct[face]:.1f} %  {seen.data_sets[face]}")
        draw_points(ax, seen.crop_truth[face], scheme, TRUTH)
        draw_points(ax, seen.crop_points[face], scheme, FOUND)
    return made
