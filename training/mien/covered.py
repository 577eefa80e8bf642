"""What covers and light of every kind do to a network's points: `python -m mien.covered CHECKPOINT.safetensors ...`.

Held-out faces of 300-W as they are, and with each kind of cover and light of training drawn over all of them, the same
for every network: in crops from true boxes, errors in % of the eye distance, of points that are seen, and of hidden
ones."""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from mien.augment import Look, RandomSource, darkened, light, moved, patched, shadowed, sided
from mien.batches import at_points, normalise
from mien.checkpoints import load
from mien.config import Config
from mien.crop_cache import held_out_faces
from mien.datasets import SHARED_DATA, Sample
from mien.evaluate import crops_of, in_batches
from mien.metrics import distances, inter_ocular
from mien.models import unpack
from mien.occluders import KINDS, OPAQUE, Sheet
from mien.schemes import SCHEMES
from mien.transforms import apply, invert

SEED = 7
Change = Callable[[Tensor, Tensor, torch.Generator], tuple[Tensor, Tensor | None]]


def of_light(change: Callable[[Tensor, RandomSource], Tensor]) -> Change:
    return lambda x, points, rng: (change(x, RandomSource(len(x), rng)).clamp(0, 1), None)


def of_cover(name: str) -> Change:
    def cover(x: Tensor, points: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor]:
        drawn = KINDS[name](Sheet(x, rng), points)
        return drawn.over(x).clamp(0, 1), drawn.alpha > OPAQUE

    return cover


CHANGES: dict[str, Change] = {
    "as it is": lambda x, points, rng: (x, None),
    "patch": lambda x, points, rng: patched(x, RandomSource(len(x), rng)),
    **{name: of_cover(name) for name in KINDS},
    "side light": of_light(sided),
    "shadow": of_light(shadowed),
    "motion": of_light(moved),
    "dark": of_light(darkened),
    "light": of_light(lambda x, source: light(x.clone(), Look(), source)),
}


def errors(network: nn.Module, config: Config, samples: list[Sample]) -> dict[str, tuple[float, float]]:
    """Of seen and of hidden points by each change, % of the eye distance; nan where nothing is hidden."""
    truth = np.stack([sample.points for sample in samples])
    crops, affines = crops_of(samples, config)
    grey = crops * config.input.deviation + config.input.mean
    points = apply(invert(affines), torch.from_numpy(truth))
    eyes = inter_ocular(truth, SCHEMES[config.scheme])[:, None]
    told = {}
    for name, change in CHANGES.items():
        changed, covered = change(grey, points, torch.Generator().manual_seed(SEED))
        found = unpack(in_batches(network, normalise(changed, config)), config.head.values).points
        off = distances(apply(affines, found).numpy(), truth) / eyes * 100
        hidden = np.zeros(off.shape, bool) if covered is None else at_points(covered, points).numpy()
        told[name] = float(off[~hidden].mean()), float(off[hidden].mean()) if hidden.any() else float("nan")
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoints", nargs="+", type=Path)
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    options = parser.parse_args()
    samples = held_out_faces(options.data)
    told = {}
    for checkpoint in options.checkpoints:
        network, config, _ = load(checkpoint)
        told[checkpoint.stem] = errors(network.eval(), config, samples)
    print(f"{len(samples)} faces; seen, hidden points: {', '.join(told)}")
    for name in CHANGES:
        print(f"{name:11}", *("{:6.2f} {:6.2f}".format(*of[name]) for of in told.values()), sep=" | ")


if __name__ == "__main__":
    main()
