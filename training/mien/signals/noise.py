"""How far a network's points are off, and what of it is shared: `python -m mien.signals.noise CHECKPOINT --data DATA
[--set cfp/frontal]`.

An error has three parts: a shift of the whole face, which changes no expression, a shift of each group of points, and
what is left of each point alone. What all faces of the set have in common is taken off first: labels of another set
follow other customs. Labels are not free of errors either, so that these figures are rather too large."""

import argparse
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch

from mien.checkpoints import load
from mien.datasets import SHARED_DATA, Sample, read_set
from mien.evaluate import crops_of, in_batches
from mien.models import unpack
from mien.schemes import IBUG68
from mien.signals.heads import box_sizes
from mien.transforms import apply

HELD_OUT_FACES = 360


def found_points(checkpoint: Path, samples: list[Sample]) -> np.ndarray:
    """(N, 68, 2) as the network finds them in crops about the labelled ones, px of the pictures."""
    network, config, _ = load(checkpoint)
    crops, affines = crops_of(samples, config)
    points = unpack(in_batches(network.eval(), crops), config.head.values).points
    return apply(affines, points).numpy()


def errors_pct(checkpoint: Path, samples: list[Sample]) -> np.ndarray:
    """(N, 68, 2) what the found points are off, % of √(box area); `nan` where there is no label."""
    found = found_points(checkpoint, samples)
    truth = np.stack([sample.points for sample in samples])
    return (found - truth) / box_sizes(found)[:, None, None] * 100


def shares_of(errors: np.ndarray, groups: dict[str, tuple[int, ...]]) -> dict[str, dict[str, float]]:
    """For each group the mean error, in the units of `errors` (N, 68, 2), and the shares of its variance that move the
    whole face, the group, and each point alone."""
    errors = errors - np.nanmean(errors, 0)
    face = np.nanmean(errors, 1, keepdims=True)
    told = {}
    for name, points in groups.items():
        of_group = errors[:, list(points)]
        shift = np.nanmean(of_group, 1, keepdims=True)
        parts = {
            "face": np.nanmean((face + 0 * of_group) ** 2),
            "group": np.nanmean((shift - face + 0 * of_group) ** 2),
            "alone": np.nanmean((of_group - shift) ** 2),
        }
        whole = sum(parts.values())
        error = float(np.nanmean(np.linalg.norm(of_group, axis=-1)))
        told[name] = {"error": error, **{part: float(value / whole) for part, value in parts.items()}}
    return told


def persistence(errors: np.ndarray, people: list[str]) -> float:
    """The share of the variance that is the same in all pictures of a person."""
    errors = errors - np.nanmean(errors, 0)
    errors = errors - np.nanmean(errors, 1, keepdims=True)
    pictures = defaultdict(list)
    for person, error in zip(people, errors, strict=True):
        pictures[person].append(error)
    same = [one * other for of_one in pictures.values() for i, one in enumerate(of_one) for other in of_one[i + 1 :]]
    return float(np.nanmean(same) / np.nanmean(errors**2))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    parser.add_argument("--set", default="cfp/frontal")
    options = parser.parse_args()
    torch.set_num_threads(1)
    samples = read_set(options.data, options.set)[-HELD_OUT_FACES:]
    errors = errors_pct(options.checkpoint, samples)
    same = persistence(errors, [sample.subject for sample in samples])
    print(f"{len(samples)} faces; {100 * same:.0f} % of the variance but the face's shift stays with a person")
    brows, eyes = IBUG68.groups["brows"], IBUG68.groups["eyes"]
    groups = dict(IBUG68.groups) | {"brows": brows[:5], "eyes": eyes[:6]}  # one brow and one eye have labels
    for name, told in {**shares_of(errors, {"all": tuple(range(68))}), **shares_of(errors, groups)}.items():
        print(f"{name:6}", *(f"{part} {value:.2f}" for part, value in told.items()), sep="  ")


if __name__ == "__main__":
    main()
