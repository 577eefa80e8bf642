"""How much of a network's errors stays within a sitting, and what that makes of a look at rest:
`python -m mien.signals.sitting CHECKPOINT [--network FILE]`.

Pictures of a person that were taken on other days have errors of their own (`LASTING` of the variance stays); frames of
the same face before the same camera, a second apart, err alike. IMM's frontal pictures are of one sitting each, in the
first six of which the face is calm: what the brows' height over the eyes changes there is error alone."""

import argparse
from pathlib import Path

import numpy as np
import torch

from mien.datasets import SHARED_DATA, read_set
from mien.signals.examples import LASTING, draw_examples
from mien.signals.expression import EXPRESSION, read_layers, weights_of
from mien.signals.face import load_face
from mien.signals.heads import MODEL, draw_errors, load_heads, noise_of
from mien.signals.noise import found_points
from mien.signals.rest import brow_heights, fitted, framed
from mien.signals.train import TESTED_NOISE

SET, CALM = "imm_frontal", 6
DRAWN, PEOPLE, SEED = 600, 250, 11


def within(values: np.ndarray, people: list[str]) -> float:
    """The deviation of values (N,) from the mean of their person."""
    of = np.array(people)
    off = np.concatenate([values[of == person] - values[of == person].mean() for person in set(people)])
    return float(np.sqrt((off**2).sum() / (len(off) - len(set(people)))))


def drawn_deviation(noise: float) -> float:
    """Of the brows' height, cm, by errors as heads are rendered with."""
    rng = np.random.default_rng(SEED)
    points = framed(np.repeat(load_face().mean[None, :, :2] * (1, -1), DRAWN, 0))
    share, yaw_deg = np.full(DRAWN, noise), np.zeros(DRAWN)
    return float(brow_heights(fitted(points + noise_of(points, draw_errors(DRAWN, rng), share, yaw_deg)).own).std())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--network", type=Path, default=EXPRESSION, help="as mien.signals.train writes it")
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    parser.add_argument("--model", type=Path, default=MODEL)
    options = parser.parse_args()
    torch.set_num_threads(1)
    samples = [one for one in read_set(options.data, SET) if int(one.image.stem.rpartition("_")[2]) <= CALM]
    heights = brow_heights(fitted(found_points(options.checkpoint, samples).astype(float)).own)
    report(heights, [one.image.stem.partition("_")[0] for one in samples], options.network, options.model)


def report(heights: np.ndarray, people: list[str], network: Path, model: Path) -> None:
    deviation, drawn = within(heights, people), drawn_deviation(TESTED_NOISE)
    stays = 1 - (deviation / drawn) ** 2
    print(f"{len(heights)} calm pictures of {len(set(people))} people: brows ± {deviation:.3f} cm within a sitting")
    print(f"errors of {100 * TESTED_NOISE:.1f} % of the box make ± {drawn:.3f} cm: {100 * stays:.0f} % of them stay")
    names, layers = read_layers(network)
    heads = load_heads(model)
    columns = []
    for share in (LASTING, stays):
        examples = draw_examples(heads, PEOPLE, SEED, (TESTED_NOISE,) * 2, 1.0, 1, share)
        targets = examples.weights[:, [examples.names.index(name) for name in names]]
        found = weights_of(examples.inputs, layers)
        columns.append(1 - ((found - targets) ** 2).mean(0) / targets.var(0))
    print(
        f"R2, with a look at rest of one frame: of another day ({LASTING:.0%} stay) | of the same sitting ({stays:.0%})"
    )
    for i in np.argsort(-columns[1]):
        print(f"{names[i]:20} {columns[0][i]:.2f} {columns[1][i]:.2f}")


if __name__ == "__main__":
    main()
