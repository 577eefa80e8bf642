"""How well the network's visibility tells points that are seen from those that the head itself hides, or something in
the way."""

from dataclasses import replace

import numpy as np
import torch

from mien.batches import training_batch, visible_points
from mien.config import Config
from mien.crop_cache import Pack
from mien.metrics import area_under_roc
from mien.models import LandmarkNetwork, unpack
from mien.schemes import SCHEMES

BATCH = 60
HALF = 0.5  # of a target and of what is told: above, a point counts as seen


@torch.no_grad()
def visibility_facts(network: LandmarkNetwork, config: Config, held_out: Pack) -> dict | None:
    """Areas under the ROC curve, 0..1, of seen points against those hidden by the head (`byHead`) and against those
    covered (`byCover`), and the share of all that fall on their side of one half (`right`); of each held-out face
    once, in a crop placed and augmented as in training. None where the network tells no visibility, an area None where
    nothing is hidden so."""
    if network.visibility is None:
        return None
    drawing = replace(config, optimise=replace(config.optimise, negative_crops=0.0, background=0.0))
    rng, told, by_head, seen = torch.Generator().manual_seed(0), [], [], []
    for which in torch.arange(len(held_out.points)).split(BATCH):
        batch = training_batch(held_out, which, drawing, rng)
        logits = unpack(network(batch.crops), config.head.values).visible
        known = batch.visible.isfinite() & batch.points.isfinite().all(-1)
        told.append(logits[known])
        seen.append(batch.visible[known] > HALF)
        by_head.append(visible_points(batch.points, SCHEMES[config.scheme])[known] <= HALF)
    logits, is_seen, is_turned = (torch.cat(parts).numpy() for parts in (told, seen, by_head))

    def area(hidden: np.ndarray) -> float | None:
        which = is_seen | hidden
        return area_under_roc(logits[which], is_seen[which]) if hidden.any() else None

    return {
        "byHead": area(is_turned),
        "byCover": area(~is_seen & ~is_turned),
        "right": float(((logits > 0) == is_seen).mean()),
        "points": len(logits),
    }
