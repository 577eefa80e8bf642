"""How well pupils can be found in the eyes that a network's points mark: `python -m mien.signals.pupils CHECKPOINT
[--data DATA]`, by the voting of gradients (Timm and Barth 2011) within the lids. The engine does not tell gaze yet;
this measures what it could. `pupils.csv` has the middles of irises that were placed by eye on enlarged eyes."""

import argparse
import csv
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch

from mien.checkpoints import load
from mien.datasets import SHARED_DATA, Sample, load_gray, picture_beside, read_pts
from mien.evaluate import crops_of, in_batches
from mien.models import unpack
from mien.transforms import apply

LABELS = Path(__file__).with_name("pupils.csv")
EYES = {"right": slice(36, 42), "left": slice(42, 48)}  # the person's own
EYE_PX = 32  # width of the eye in the patch
RADII = 0.15, 0.30  # of irises over the eye's width
SHARPNESS = 4  # power of the cosine between a gradient and the line from the candidate


@dataclass(frozen=True)
class Pupil:
    picture: str
    eye: str
    place: np.ndarray  # (2,) px


def read_pupils(path: Path = LABELS) -> list[Pupil]:
    with path.open(newline="") as file:
        return [
            Pupil(row["picture"], row["eye"], np.array([float(row["x"]), float(row["y"])]))
            for row in csv.DictReader(file)
        ]


def eye_frame(eye: np.ndarray) -> tuple[np.ndarray, float]:
    """Of the six points of an eye (6, 2): axes along and down the eye as rows (2, 2), and its width."""
    along = eye[3] - eye[0]
    width = float(np.linalg.norm(along))
    along = along / width
    return np.array([along, [-along[1], along[0]]]), width


def find_pupil(gray: np.ndarray, eye: np.ndarray) -> np.ndarray:
    """(H, W) uint8 and the six points of an eye (6, 2) px, to the middle of its iris (2,) px."""
    axes, eye_width = eye_frame(eye)
    width, height = int(EYE_PX * 1.3) | 1, int(EYE_PX * 0.9) | 1
    turn = axes * EYE_PX / eye_width
    shift = np.array([width, height]) / 2 - turn @ eye.mean(0)
    centres = shift - 0.5 + turn @ (0.5, 0.5)  # OpenCV counts from the middles of pixels
    patch = cv2.warpAffine(gray, np.c_[turn, centres], (width, height), borderMode=cv2.BORDER_REPLICATE)
    patch = cv2.GaussianBlur(patch.astype(np.float32), (0, 0), 1.0)
    contour = [np.round(eye @ turn.T + shift - 0.5).astype(np.int32)]
    inside = cv2.fillPoly(np.zeros((height, width), np.uint8), contour, 1)
    near = cv2.dilate(inside, np.ones((3, 3), np.uint8)) > 0

    down, across = np.gradient(patch)
    strength = np.hypot(across, down)
    typical = strength[near].mean()
    ys, xs = np.nonzero(near & (strength > typical))
    direction = np.stack([across[ys, xs], down[ys, xs]], -1) / strength[ys, xs, None]
    weight = np.minimum(strength[ys, xs], 3 * typical)  # so that highlights do not outvote the iris

    cy, cx = np.nonzero(inside)
    lines = np.stack([xs - cx[:, None], ys - cy[:, None]], -1)
    distance = np.linalg.norm(lines, axis=-1)
    cosine = (lines * direction).sum(-1) / np.maximum(distance, 1e-6)
    on_rim = (distance > RADII[0] * EYE_PX) & (distance < RADII[1] * EYE_PX)
    votes = (on_rim * np.maximum(cosine, 0) ** SHARPNESS * weight).sum(1)
    around = cv2.blur(patch, (9, 9))
    darkness = (around.max() - around[cy, cx]) / max(float(np.ptp(around)), 1e-6)
    score = np.zeros((height, width), np.float32)
    score[cy, cx] = votes * darkness
    y, x = middle_of_peak(cv2.GaussianBlur(score, (0, 0), 1.2))
    return np.linalg.inv(turn) @ (np.array([x, y]) + 0.5 - shift)


def middle_of_peak(score: np.ndarray, reach: int = 2) -> tuple[float, float]:
    """Row and column of the highest peak, finer than pixels."""
    y, x = np.unravel_index(score.argmax(), score.shape)
    rows = np.arange(max(0, y - reach), min(score.shape[0], y + reach + 1))
    columns = np.arange(max(0, x - reach), min(score.shape[1], x + reach + 1))
    part = score[np.ix_(rows, columns)].astype(float) ** 2 + 1e-12
    return (part.sum(1) @ rows) / part.sum(), (part.sum(0) @ columns) / part.sum()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    options = parser.parse_args()
    torch.set_num_threads(1)
    pupils = read_pupils()
    labels = {pupil.picture: read_pts((options.data / pupil.picture).with_suffix(".pts")) for pupil in pupils}
    samples = [
        Sample(picture_beside((options.data / picture).with_suffix(".pts")), points, "pupils", picture)
        for picture, points in labels.items()
    ]
    network, config, _ = load(options.checkpoint)
    crops, affines = crops_of(samples, config)
    points = unpack(in_batches(network.eval(), crops), config.head.values).points
    told = dict(zip(labels, apply(affines, points).numpy(), strict=True))
    errors, middles = [], []
    for pupil in pupils:
        eye = told[pupil.picture][EYES[pupil.eye]].astype(float)
        axes, width = eye_frame(labels[pupil.picture][EYES[pupil.eye]].astype(float))
        found = find_pupil(load_gray(options.data / pupil.picture), eye)
        errors.append(axes @ (found - pupil.place) / width)
        middles.append(np.linalg.norm(eye.mean(0) - pupil.place) / width)
    errors = np.array(errors)
    whole = np.linalg.norm(errors, axis=1)
    print(f"{len(pupils)} eyes; errors in eye widths, median and 90 %")
    for name, values in (
        ("pupil", whole),
        ("along the eye", np.abs(errors[:, 0])),
        ("down", np.abs(errors[:, 1])),
        ("middle of the lids instead", np.array(middles)),
    ):
        print(f"{name:27} {np.median(values):.3f} {np.quantile(values, 0.9):.3f}")


if __name__ == "__main__":
    main()
