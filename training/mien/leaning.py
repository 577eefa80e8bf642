"""How much a network leans on where its crop ends. In training the crop comes from the labels, so where it ends tells
how large the face is and where; the app's crops come from points that a network found, and tell nothing. So errors in
crops from true boxes flatter a network that leans; in crops from its own points, pass after pass, they do not.

python -m mien.leaning CHECKPOINT.safetensors ... [--data DIR]
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from mien.batches import true_crops, true_places
from mien.checkpoints import load
from mien.config import Config
from mien.crop_cache import held_out_faces, span_of
from mien.datasets import SHARED_DATA, Sample, load_gray
from mien.evaluate import crops_at, in_batches, with_mirrored
from mien.metrics import distances, inter_ocular
from mien.models import unpack
from mien.schemes import SCHEMES
from mien.transforms import Jitter, apply, crop_affine, jittered

FIRST = Jitter(scale=0.08, grown=0.0, shift=0.04, angle_deg=6.0, shear=0.0)  # about as a detector's boxes
PASSES = 5  # crops from the points of the crop before settle by then
GROWN, SHIFTED = 0.04, 0.03  # of the crop's side


@dataclass(frozen=True)
class Leaning:
    """Errors in % of the eye distance, of the crop and averaged with its mirror image."""

    true_box: tuple[float, float]
    passes: list[tuple[float, float]]  # from a crop like a detector's, then each from the points of the one before
    grown: float  # how much of it the face follows where the crop is larger or smaller by `GROWN`; 0: not at all
    shifted: float  # the same, to the side by `SHIFTED`


def size_of(points: Tensor) -> Tensor:
    """(N,): root of the summed squares of (N, P, 2) points about their middle."""
    return (points - points.mean(1, keepdim=True)).norm(dim=(1, 2))


def leaning(network: nn.Module, config: Config, samples: list[Sample]) -> Leaning:
    """Of faces with all points labelled."""
    pictures = [load_gray(sample.image) for sample in samples]
    truth = np.stack([sample.points for sample in samples])
    eyes = inter_ocular(truth, SCHEMES[config.scheme])[:, None]
    centre, side = true_places(torch.from_numpy(np.stack([span_of(sample) for sample in samples])), config)

    def seen(affines: Tensor) -> tuple[Tensor, Tensor]:
        crops = crops_at(pictures, affines, config)
        points = unpack(in_batches(network, crops), config.head.values).points
        return apply(affines, points), apply(affines, with_mirrored(points, network, crops, config))

    def error_pct(points: Tensor) -> float:
        return float((distances(points.numpy(), truth) / eyes).mean() * 100)

    def at(places: Tensor, sides: Tensor) -> Tensor:
        return crop_affine(places, sides, size=config.input.size)

    found, averaged = seen(at(centre, side))
    true_box = error_pct(found), error_pct(averaged)
    grown = [
        float((size_of(seen(at(centre, side * (1 + by)))[0]) / size_of(found) - 1).mean() / by)
        for by in (GROWN, -GROWN)
    ]
    aside = side[:, None] * torch.tensor([SHIFTED, 0.0])
    shifted = (seen(at(centre + aside, side))[0] - found).mean(1)[:, 0] / aside[:, 0]

    passes = []
    affines = jittered(centre, side, FIRST, torch.Generator().manual_seed(0), config.input.size)
    for _ in range(PASSES):
        found, averaged = seen(affines)
        passes.append((error_pct(found), error_pct(averaged)))
        affines = true_crops(found, config)
    return Leaning(true_box, passes, sum(grown) / len(grown), float(shifted.mean()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoints", nargs="+", type=Path)
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    options = parser.parse_args()
    samples = held_out_faces(options.data)
    print(f"{len(samples)} faces; errors in % of the eye distance, and averaged with the mirrored crop")
    for checkpoint in options.checkpoints:
        network, config, _ = load(checkpoint)
        told = leaning(network.eval(), config, samples)
        first, second, *_, last = ("{:.2f}, {:.2f}".format(*errors) for errors in told.passes)
        print(
            f"{checkpoint.stem}: from true boxes {told.true_box[0]:.2f}, {told.true_box[1]:.2f}; "
            f"in a first crop {first}, second {second}, fifth {last}; "
            f"follows a larger or smaller crop by {told.grown:.0%}, a shifted one by {told.shifted:.0%}",
            flush=True,
        )


if __name__ == "__main__":
    main()
