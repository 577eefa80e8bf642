"""How the points of photographed people lie beside those of the face model: `python -m mien.signals.people` writes
`people.json`.

The mean head of ICT-FaceKit is not that of the people of 300-W, and its points are not placed as their labels are: on
people the brows lie lower, the mouth higher and narrower. An expression that the points tell is one of ours only once
that is taken off. What is measured is the median over near-frontal faces with their mouth shut, of the training part of
300-W, in the frames that the engine's fit finds; the pictures of `labels.csv` are left out, since nothing is to be
chosen on them."""

import argparse
import json
from pathlib import Path

import numpy as np
from PIL import Image

from mien.datasets import SHARED_DATA, TRAINING_PARTS, Sample, read_set
from mien.face_model.model import FaceModel, load
from mien.signals.face import MIRROR, made_from
from mien.signals.faces import read_labels
from mien.signals.fit import fit, focal_px
from mien.signals.heads import CORNERS, IDENTITIES, MODEL, PEOPLE, HeadModel

MOST_YAW_DEG = 20.0
MOST_GAP = 0.04  # between the lips of a shut mouth, over its width
ROUNDS = 5  # the fit rests on the mean face, which rests on what is fitted
SEED = 7
EYES, MOUTH, LIPS = (36, 45), (48, 54), (62, 66)


def samples_of(data: Path) -> list[Sample]:
    labelled = {data / label.face[0] for label in read_labels()}
    return [sample for name in TRAINING_PARTS for sample in read_set(data, name) if sample.image not in labelled]


def sizes_of(samples: list[Sample]) -> np.ndarray:
    """Of their pictures (N, 2), px."""
    sizes = []
    for sample in samples:
        with Image.open(sample.image) as picture:
            sizes.append(picture.size)
    return np.array(sizes, float)


def offsets_of(model: FaceModel, points: np.ndarray, sizes: np.ndarray) -> tuple[np.ndarray, int]:
    """Points (N, 68, 2) px in pictures (N, 2) to how far from the model's they lie (68, 2), cm, alike on both sides,
    and of how many faces. Compared are faces and heads in the same poses, each as the fit finds them."""
    offsets, rng = np.zeros((68, 2)), np.random.default_rng(SEED)
    focal = focal_px(sizes)
    for _ in range(ROUNDS):
        people = HeadModel(model, offsets)
        face = made_from(people)
        fits = fit(face, points, sizes)
        calm = np.abs(fits.angles[:, 0]) < MOST_YAW_DEG
        calm &= between(fits.own, LIPS) < MOST_GAP * between(fits.own, MOUTH)
        eyes_cm = between(face.mean, EYES)
        found = median_face(fits.own[calm], eyes_cm)
        identity = rng.normal(size=(len(points), IDENTITIES))
        shapes = people.shapes(identity, np.zeros((len(points), len(people.names))))
        drawn = people.seen(shapes, fits.rotation, fits.translation, focal, sizes)
        off = found - median_face(fit(face, drawn[calm], sizes[calm]).own, eyes_cm)
        offsets += off
        print(f"{calm.sum()} faces, off by {np.abs(off).mean():.3f} cm in the mean of all points", flush=True)
    return offsets, int(calm.sum())


def median_face(own: np.ndarray, eyes_cm: float) -> np.ndarray:
    """Faces (N, 68, 3) in their own frames to one (68, 2), alike on both sides, with its eyes so far apart, and the
    origin between them: how large a face is, a picture does not tell."""
    middle = np.median(own, 0)
    middle -= middle[list(CORNERS)].mean(0)
    middle = (middle + middle[MIRROR] * (-1, 1, 1)) / 2
    return middle[:, :2] * eyes_cm / between(middle, EYES)


def between(points: np.ndarray, pair: tuple[int, int]) -> np.ndarray:
    """(..., 68, 3) to the distance of two of them (...)."""
    return np.linalg.norm(points[..., pair[0], :] - points[..., pair[1], :], axis=-1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--out", type=Path, default=PEOPLE)
    options = parser.parse_args()
    samples = samples_of(options.data)
    points = np.stack([sample.points for sample in samples]).astype(float)
    offsets, faces = offsets_of(load(options.model, IDENTITIES), points, sizes_of(samples))
    source = (
        f"Made by python -m mien.signals.people from {faces} faces of 300-W: cm to the right of the picture, and up"
    )
    rows = ",\n    ".join(f"[{x:.2f}, {y:.2f}]" for x, y in offsets + 0.0)
    options.out.write_text(f'{{\n  "source": {json.dumps(source)},\n  "offsetsCm": [\n    {rows}\n  ]\n}}\n')


if __name__ == "__main__":
    main()
