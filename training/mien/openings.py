"""How far open a network leaves eyes that are shut in the picture (`mien.shut_eyes`), on held-out faces with open eyes.

python -m mien.openings CHECKPOINT.safetensors ... [--data DIR]
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from mien.checkpoints import load
from mien.crop_cache import held_out_faces
from mien.datasets import SHARED_DATA, Sample
from mien.evaluate import crops_of, in_batches
from mien.models import unpack
from mien.schemes import IBUG68
from mien.shut_eyes import shut
from mien.transforms import apply, invert

OPEN = 0.2  # gap of the lids over the eye's width from which an eye counts as open
CLOSINGS = {"half shut": (0.5, 0.5), "shut": (1.0, 1.0), "one shut": (1.0, 0.0)}


def openings(points: np.ndarray) -> np.ndarray:
    """(N, 2) mean gap of the lids over the eye's width, of each eye of (N, 68, 2) points."""
    each = []
    for eye in IBUG68.eyes or ():
        corner, upper, upper_2, other, lower_2, lower = np.moveaxis(points[:, list(eye)], 1, 0)
        gap = (np.linalg.norm(upper - lower, axis=-1) + np.linalg.norm(upper_2 - lower_2, axis=-1)) / 2
        each.append(gap / np.linalg.norm(corner - other, axis=-1))
    return np.stack(each, 1)


def open_eyed(data: Path) -> list[Sample]:
    """The held-out faces with two open eyes."""
    samples = held_out_faces(data)
    are_open = (openings(np.stack([s.points for s in samples])) > OPEN).all(1)
    return [sample for sample, is_open in zip(samples, are_open, strict=True) if is_open]


def found_openings(checkpoint: Path, samples: list[Sample]) -> dict[str, np.ndarray]:
    """(N, 2) of what the network finds, over what it finds with both eyes as they are, for each kind of closing."""
    network, config, _ = load(checkpoint)
    crops, affines = crops_of(samples, config)
    points = torch.from_numpy(np.stack([s.points for s in samples])).float()
    points = apply(invert(affines.float()), points)

    def found(seen: Tensor) -> np.ndarray:
        return openings(unpack(in_batches(network.eval(), seen), config.head.values).points.numpy())

    def closed(closing: tuple[float, float]) -> Tensor:
        return shut(crops, points, IBUG68.eyes or (), torch.tensor([closing]).repeat(len(samples), 1))[0]

    before = found(crops)
    return {name: found(closed(closing)) / before for name, closing in CLOSINGS.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoints", nargs="+", type=Path)
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    options = parser.parse_args()
    samples = open_eyed(options.data)
    print(f"{len(samples)} faces; opening that is found over that of the open eye, median and 9th decile")
    for checkpoint in options.checkpoints:
        ratios = found_openings(checkpoint, samples)
        half, both, one = (ratios[name] for name in ("half shut", "shut", "one shut"))
        rows = {"half shut": half, "shut": both, "one shut, that one": one[:, 0], "one shut, the other": one[:, 1]}
        told = "; ".join(f"{name} {np.median(r):.2f}, {np.quantile(r, 0.9):.2f}" for name, r in rows.items())
        print(f"{checkpoint.stem}: {told}")


if __name__ == "__main__":
    main()
