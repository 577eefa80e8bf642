"""What a run leaves of every epoch to show later how it learned: one held-out face as the network saw it then."""

from pathlib import Path

import numpy as np
import torch

from mien.batches import true_batch
from mien.checkpoints import save_atomically
from mien.config import Config
from mien.crop_cache import Pack
from mien.models import Trainee
from mien.models.layers import SpatialSoftmax

FACE = 0  # of the held-out faces; always the same


@torch.no_grad()
def save_snapshot(trainee: Trainee, held_out: Pack, config: Config, device: str, path: Path) -> None:
    """Writes one .npz of some 100 kB: `crop` (H, W), normalised, the true points `truth` (P, 2), and of each head
    `<kind>_points` (P, 2) and, where it reads them from maps, `<kind>_maps` (P, h, w), each summing to 1. Points are in
    crop units; everything is float16."""
    training = trainee.training
    batch = true_batch(held_out, torch.tensor([FACE]), config)
    seen, _ = trainee.eval()(batch.crops.to(device))
    trainee.train(training)
    arrays = {"crop": batch.crops[0, 0], "truth": batch.points[0]}
    for kind, head in seen.items():
        arrays[f"{kind}_points"] = head.points[0]
        if head.logits is not None:
            arrays[f"{kind}_maps"] = SpatialSoftmax()(head.logits.float())[0]
    halves = {name: array.cpu().numpy().astype(np.float16) for name, array in arrays.items()}
    path.parent.mkdir(exist_ok=True)
    save_atomically(path, lambda to: write(to, halves))


def write(path: Path, arrays: dict[str, np.ndarray]) -> None:
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)
