"""What a network says of the held-out faces: the source of every number told of it beside those of the test sets."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch

from mien.batches import true_batch, true_crops
from mien.config import Config
from mien.crop_cache import Pack
from mien.metrics import Metrics, Yardsticks, distances, mean_over, measure
from mien.models import LandmarkNetwork, unpack
from mien.pose import yaw_bin_masks, yaw_deg
from mien.schemes import SCHEMES
from mien.transforms import apply
from mien.validate import FITTED, hand_placed, placed_by, well_labelled

BATCH = 64


@dataclass(frozen=True)
class Predictions:
    """N faces of P points, each seen once in the crop from its true box."""

    config: Config
    crop_points: np.ndarray  # (N, P, 2), crop units: what was found
    crop_truth: np.ndarray  # (N, P, 2), crop units
    points: np.ndarray  # (N, P, 2), px of the pictures: what was found
    truth: np.ndarray  # (N, P, 2), px
    spread: np.ndarray | None  # (N, P), px; None where the network tells none
    yardsticks: Yardsticks
    data_sets: np.ndarray  # (N,) names
    clean: np.ndarray  # (N,) whether a face counts where all sets are taken together: all points placed by hand
    by_hand: np.ndarray  # (N,) whether those points of a face that have a label were placed by hand

    @cached_property
    def point_errors_pct(self) -> np.ndarray:
        """(N, P) distances from the truth, % of the distance of the outer eye corners."""
        return distances(self.points, self.truth) / self.yardsticks.eyes[:, None] * 100

    @cached_property
    def nme_pct(self) -> np.ndarray:
        """(N,); nan where a label lacks an outer eye corner."""
        return mean_over(self.point_errors_pct, 1)

    @cached_property
    def yaw_bins(self) -> dict[str, np.ndarray]:
        """Masks (N,) of the faces in each bin of |yaw|, by its name."""
        return yaw_bin_masks(yaw_deg(self.truth, SCHEMES[self.config.scheme]))

    @property
    def errors_in_spreads(self) -> np.ndarray:
        """(N, P) distances from the truth, counted in each point's spread. Raises ValueError where there is none."""
        if self.spread is None:
            raise ValueError(f"{self.config.id}: tells no spread")
        return distances(self.points, self.truth) / self.spread

    @property
    def mean_face(self) -> np.ndarray:
        """(P, 2), crop units."""
        return mean_over(self.crop_truth, 0)

    def metrics(self, which: np.ndarray) -> Metrics:
        """Of some of the faces, by a mask."""
        scheme = SCHEMES[self.config.scheme]
        return measure(self.points[which], self.truth[which], self.yardsticks[which], scheme)

    def parts(self) -> dict[str, np.ndarray]:
        """Masks of the faces of each data set by its name, and of `all` that are clean."""
        return {"all": self.clean} | {name: self.data_sets == name for name in dict.fromkeys(self.data_sets.tolist())}


@torch.no_grad()
def predict_held_out(network: LandmarkNetwork, config: Config, held_out: Pack) -> Predictions:
    points, spreads, truths = [], [], []
    for which in torch.arange(len(held_out.points)).split(BATCH):
        batch = true_batch(held_out, which, config)
        found, log_spread, *_ = unpack(network(batch.crops), config.head.values)
        points.append(found)
        truths.append(batch.points)
        if log_spread is not None:
            spreads.append(log_spread.exp())
    affine, found = true_crops(held_out.boxes, config), torch.cat(points)
    points_px = apply(affine, found).numpy()
    uncertain = np.isin(held_out.data_sets, (FITTED,))
    unit_px = torch.linalg.det(affine[..., :2]).sqrt().unsqueeze(1)  # of a spread of 1: sqrt(width * height)
    names = np.array(held_out.data_sets)
    return Predictions(
        config,
        found.numpy(),
        torch.cat(truths).numpy(),
        points_px,
        placed_by(points_px, held_out.points.numpy(), uncertain),
        (torch.cat(spreads) * unit_px).numpy() if spreads else None,
        Yardsticks.of(held_out.boxes.numpy(), held_out.eyes.numpy(), config.input.crop_margin),
        names,
        well_labelled(names),
        hand_placed(names),
    )
