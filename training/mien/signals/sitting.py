"""How much of a network's errors stays within a sitting: `python -m mien.signals.sitting CHECKPOINT ...`.

Pictures of a person that were taken on other days have errors of their own (`mien.signals.noise`); frames of the same
face before the same camera err alike. IMM's frontal pictures are of one sitting for each person: in the first six the
face is calm, in the others it turns a little, smiles or is merry. Their labels are of another scheme, so points that
lie alike are compared, and what all faces differ by is taken off. Labels have errors of their own, and a person's
points of two schemes may differ in their own way, so that the shares are rough; the brows' height over the eyes, which
in calm pictures changes by errors alone, needs no labels."""

import argparse
from pathlib import Path

import numpy as np
import torch

from mien.datasets import SHARED_DATA, read_set
from mien.metrics import inter_ocular
from mien.schemes import SCHEMES
from mien.signals.face import load_face
from mien.signals.heads import draw_errors, noise_of
from mien.signals.noise import found_points
from mien.signals.rest import brow_heights, fitted, framed
from mien.signals.train import TESTED_NOISE

SET, SCHEME, CALM = "imm_frontal", "imm73", 6
# points of the 68 and those of IMM that lie alike: within 0.04 of the eye distance in the mean, by `lite`
ALIKE = {
    17: 0, 18: 1, 19: 2, 20: 3, 21: 4, 22: 12, 23: 13, 24: 14, 25: 15, 26: 8,
    30: 45, 31: 41, 33: 39, 35: 37,
    36: 16, 37: 17, 39: 20, 41: 23, 42: 28, 43: 29, 45: 24, 47: 27,
    48: 46, 49: 47, 50: 48, 51: 49, 52: 50, 53: 51, 54: 52, 55: 53, 57: 54, 59: 55, 62: 60,
}  # fmt: skip
DRAWN, SEED = 600, 11


def within(values: np.ndarray, people: list[str]) -> float:
    """The deviation of values (N,) from the mean of their person."""
    of = np.array(people)
    off = np.concatenate([values[of == person] - values[of == person].mean() for person in set(people)])
    return float(np.sqrt((off**2).sum() / (len(off) - len(set(people)))))


def staying(errors: np.ndarray, people: list[str], calm: np.ndarray) -> tuple[float, float]:
    """The share of the variance of errors (N, P, 2) but the face's shift that is the same in two calm pictures of a
    person, and in a calm one and another."""
    errors = errors - errors.mean(0)
    errors = errors - errors.mean(1, keepdims=True)
    flat, of = errors.reshape(len(errors), -1), np.array(people)
    products = flat @ flat.T / flat.shape[1]
    pairs = np.triu(of[:, None] == of, 1)
    of_calm, of_others = (flat[some] ** 2 for some in (calm, ~calm))
    both, either = calm[:, None] & calm, calm[:, None] ^ calm
    return (
        float(products[pairs & both].mean() / of_calm.mean()),
        float(products[pairs & either].mean() / np.sqrt(of_calm.mean() * of_others.mean())),
    )


def drawn_deviation(noise: float) -> float:
    """Of the brows' height, cm, by errors as heads are rendered with."""
    rng = np.random.default_rng(SEED)
    points = framed(np.repeat(load_face().mean[None, :, :2] * (1, -1), DRAWN, 0))
    share, yaw_deg = np.full(DRAWN, noise), np.zeros(DRAWN)
    return float(brow_heights(fitted(points + noise_of(points, draw_errors(DRAWN, rng), share, yaw_deg)).own).std())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("checkpoints", nargs="+", type=Path)
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    options = parser.parse_args()
    torch.set_num_threads(1)
    samples = read_set(options.data, SET)
    people = [one.image.stem.partition("_")[0] for one in samples]
    calm = np.array([int(one.image.stem.rpartition("_")[2]) <= CALM for one in samples])
    truth = np.stack([one.points for one in samples])
    eyes = inter_ocular(truth, SCHEMES[SCHEME])[:, None, None]
    drawn = drawn_deviation(TESTED_NOISE)
    print(f"{len(samples)} pictures of {len(set(people))} people, {calm.sum()} of them calm")
    for checkpoint in options.checkpoints:
        found = found_points(checkpoint, samples).astype(float)
        errors = (found[:, list(ALIKE)] - truth[:, list(ALIKE.values())]) / eyes
        both_calm, one_calm = staying(errors, people, calm)
        calm_people = [person for person, is_calm in zip(people, calm, strict=True) if is_calm]
        deviation = within(brow_heights(fitted(found[calm]).own), calm_people)
        print(
            f"{checkpoint.stem}: {both_calm:.0%} of the variance of errors stay between calm pictures, {one_calm:.0%} "
            f"between a calm one and another; brows ± {deviation:.3f} cm in calm ones, where errors of "
            f"{TESTED_NOISE:.1%} of the box make ± {drawn:.3f} cm: {1 - (deviation / drawn) ** 2:.0%} of them stay",
            flush=True,
        )


if __name__ == "__main__":
    main()
