"""How well presence tells faces from the rest, and where the line is drawn."""

import math
from dataclasses import dataclass, replace

import numpy as np
import torch

from mien.augment import Look
from mien.batches import training_batch
from mien.config import Config
from mien.crop_cache import Pack
from mien.metrics import area_under_roc
from mien.models import LandmarkNetwork, unpack
from mien.pose import yaw_bin_masks, yaw_deg
from mien.schemes import SCHEMES

KINDS = ("face", "negative_crops", "background")
LOST_FACES = 0.005  # share of faces that the threshold may lose
LOST_IN_BIN = 0.015  # and of those in a bin of yaw, where they are few and half of them made hard to see
BIN_FACES = 200  # that a bin needs to tell such a share
DRAWS = 12  # crops of each held-out face with each look, a third of each kind; of three, as few turned crops decided
AS_IT_IS = Look(**dict.fromkeys(Look.__dataclass_fields__, 0.0))
BATCH = 60  # a multiple of the kinds
STEPS = 1000  # that a threshold is rounded to, from 0 to 1
THRESHOLDS = np.linspace(-12, 12, 97)  # logits, at which a card tells what each would do


@dataclass(frozen=True)
class Scores:
    """Presence logits (N,) of crops of each kind from held-out pictures: half of them as they are, half augmented as in
    training, so that pictures in good light and in bad count alike."""

    face: np.ndarray  # jittered about a face
    negative_crops: np.ndarray  # on a face, but badly placed
    background: np.ndarray  # without a face
    face_yaw_deg: np.ndarray | None = None  # (N,) of the faces, where it is known

    @property
    def yaw_bins(self) -> dict[str, np.ndarray]:
        """Masks (N,) of the faces in each bin of |yaw| that has some, by its name."""
        bins = {} if self.face_yaw_deg is None else yaw_bin_masks(self.face_yaw_deg)
        return {name: which for name, which in bins.items() if which.any()}

    @property
    def empty(self) -> np.ndarray:
        return np.concatenate([self.negative_crops, self.background])


@torch.no_grad()
def presence_scores(network: LandmarkNetwork, config: Config, held_out: Pack) -> Scores | None:
    """Scores of as many crops of each kind, the same draw for every network; None where it does not tell presence."""
    if network.uncertainty is None:
        return None
    thirds = replace(config.optimise, negative_crops=1 / 3, background=1 / 3)
    rng, logits, faces = torch.Generator().manual_seed(0), [], []
    for look in (AS_IT_IS, config.look):
        drawing = replace(config, optimise=thirds, look=look)
        drawn = torch.cat([torch.randperm(len(held_out.points), generator=rng) for _ in range(DRAWS)])
        for which in drawn[: len(drawn) // len(KINDS) * len(KINDS)].split(BATCH):
            logit = unpack(network(training_batch(held_out, which, drawing, rng).crops), config.head.values).presence
            logits.append(logit.unflatten(0, (len(KINDS), -1)))
            faces.append(which[: len(which) // len(KINDS)])
    face, negative_crops, background = torch.cat(logits, 1).numpy()
    yaw = yaw_deg(held_out.points.numpy(), SCHEMES[config.scheme])[torch.cat(faces).numpy()]
    return Scores(face, negative_crops, background, yaw)


def area(scores: Scores, kind: str = "empty") -> float:
    """Area under the ROC curve of faces against another kind, 0..1."""
    other = getattr(scores, kind)
    both = np.concatenate([scores.face, other])
    return area_under_roc(both, np.arange(len(both)) < len(scores.face))


def roc(faces: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shares of others let through and of faces kept, as the threshold falls."""
    thresholds = np.sort(np.concatenate([faces, others]))[::-1]
    return shares_over(others, thresholds), shares_over(faces, thresholds)


def shares_over(logits: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """Shares of crops with at least each of the thresholds, both logits."""
    return 1 - np.searchsorted(np.sort(logits), thresholds, side="left") / len(logits)


def share_over(logits: np.ndarray, threshold: float) -> float:
    """Share of crops with a presence, 0..1, of at least `threshold`."""
    return float((logits >= logit(threshold)).mean())


def logit(presence: float) -> float:
    """Of a presence between 0 and 1."""
    return math.log(presence / (1 - presence))


def choose_threshold(scores: Scores) -> float:
    """The presence, 0..1, under which a crop is said to hold no face. It loses no more than `LOST_FACES` of the faces,
    and no more than `LOST_IN_BIN` of those in a bin of yaw, so that it is not the few turned faces that are lost.
    Where the other crops leave room below that, it lies halfway, in logits, to what as large a share of them exceeds:
    faces unlike those seen here shall have a margin too."""
    bins = [scores.face[which] for which in scores.yaw_bins.values() if which.sum() >= BIN_FACES]
    allowed = [(scores.face, LOST_FACES), *((logits, LOST_IN_BIN) for logits in bins)]
    lowest_face = min(np.quantile(logits, share, method="lower") for logits, share in allowed)
    highest_empty = np.quantile(scores.empty, 1 - LOST_FACES)
    chosen = min(lowest_face, (lowest_face + highest_empty) / 2)
    steps = math.floor(STEPS / (1 + math.exp(-chosen)))  # down, so that it loses no more
    return min(max(steps, 1), STEPS - 1) / STEPS


def facts_of(scores: Scores, threshold: float) -> dict:
    """Areas under the ROC curve and what the threshold does, and others in its place would do, all shares 0..1, as a
    checkpoint's card has them."""
    others = KINDS[1:]
    return {
        "auc": area(scores),
        "aucOf": {kind: area(scores, kind) for kind in others},
        "crops": {kind: len(getattr(scores, kind)) for kind in KINDS},
        "lost": 1 - share_over(scores.face, threshold),
        "lostByYaw": {name: 1 - share_over(scores.face[which], threshold) for name, which in scores.yaw_bins.items()},
        "letThrough": {kind: share_over(getattr(scores, kind), threshold) for kind in others},
        "over": {kind: shares_over(getattr(scores, kind), THRESHOLDS).round(5).tolist() for kind in KINDS},
    }
