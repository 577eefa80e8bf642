"""Trains BlazeFace on for faces that are covered, turned, rolled or dark; the labels are the landmarks' own.

python -m mien.detector.train --out runs/detector [--data DIR] [--crops N] [--threads N]

Writes `blazeface.json` and `.bin`, in the form of the files it starts from, and `report.json`: what both find of
held-out faces, and where no face is.
"""

import argparse
import json
import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from mien.config import DataConfig
from mien.crop_cache import held_out, read_samples
from mien.datasets import SHARED_DATA, Sample
from mien.detector.blazeface import TRAINED_PX, BlazeFace, anchors
from mien.detector.evaluate import report, report_lines
from mien.detector.harder import harder
from mien.detector.targets import anchor_sides, loss, targets
from mien.detector.windows import Cut, cut_all, detector_box, draw_window
from mien.precision import mixed_precision
from mien.run import average
from mien.start import ROOT

START = ROOT.parent / "static/models/blazeface/facemesh-detection-short.json"
DATA = DataConfig(
    sets=("300w/lfpw/trainset", "300w/helen/trainset", "300w/afw", "cfp/profile", "cfp/frontal", "aflw2000_rest"),
    weights=(1.5, 1.5, 1.5, 2.0, 0.5, 2.0),
)
BATCH = 48
BACKGROUND = 0.3  # share of windows without a labelled face
LEARNING_RATE = 4e-4
WARM_UP_STEPS = 50
EMA_HALF_LIFE_STEPS = 200
PLACE_WEIGHT = 1.0
FACE_PX = (18, 112)  # drawn evenly by their logarithm
MOSTLY_COVERED = 0.72  # of the points: from here on nothing is asked of the face


def rolls(count: int, rng: np.random.Generator) -> np.ndarray:
    """Degrees: half as heads are held, a third up to 55, the others up to 110 either way."""
    kind = rng.random(count)
    return np.where(
        kind < 0.5,
        rng.normal(0, 10, count),
        np.where(kind < 0.8, rng.uniform(-55, 55, count), rng.uniform(-110, 110, count)),
    )


class Drawn(NamedTuple):
    """B windows and their faces; nan without a face."""

    windows: Tensor  # (B, 3, px, px), -1..1
    centres: Tensor  # (B, 2), px
    sides: Tensor  # (B,), px
    eyes: Tensor  # (B, 2, 2), px
    hardly: Tensor  # (B,) bool, whether the face is all but covered


def draw_batch(cuts: Sequence[Cut], chances: np.ndarray, rng: np.random.Generator) -> Drawn:
    px, shown, faces = TRAINED_PX, [], []
    with_face = BATCH - round(BACKGROUND * BATCH)
    which = rng.choice(len(cuts), BATCH, p=chances)
    lonely = [cut for cut in cuts if cut.beside]
    other = cuts[int(which[0])].square[:px, :px]
    for i, (index, roll) in enumerate(zip(which, rolls(BATCH, rng), strict=True)):
        cut, face_px = cuts[int(index)], float(np.exp(rng.uniform(*np.log(FACE_PX))))
        if i < with_face or not lonely:
            window = draw_window(cut, px, face_px, roll, rng)
            clean, (centre, side) = window.clean, detector_box(window.points, roll)
            hard, covered = harder(clean, centre, side, other, rng)
            x, y = window.points.round().astype(int).clip(0, px - 1).T
            faces.append((centre, side, window.eyes, covered[y, x].mean() > MOSTLY_COVERED))
        else:
            squares = lonely[rng.integers(len(lonely))].beside
            clean = piece(squares[rng.integers(len(squares))], px, rng)
            hard, _ = harder(clean, rng.uniform(0.2 * px, 0.8 * px, 2), face_px, other, rng)
            faces.append((np.full(2, np.nan), np.nan, np.full((2, 2), np.nan), False))
        other = clean
        shown.append(hard)
    x = torch.from_numpy(np.stack(shown)).permute(0, 3, 1, 2).float().div_(127.5).sub_(1)
    centres, sides, eyes = (
        torch.from_numpy(np.asarray(part, np.float32)) for part in list(zip(*faces, strict=True))[:3]
    )
    hardly = torch.tensor([bool(face[3]) for face in faces])
    return Drawn(x.contiguous(memory_format=torch.channels_last), centres, sides, eyes, hardly)


def piece(beside: np.ndarray, px: int, rng: np.random.Generator) -> np.ndarray:
    """A square (px, px, 3) of a background, turned by quarters."""
    top, left = rng.integers(0, len(beside) - px + 1, 2)
    return np.ascontiguousarray(np.rot90(beside[top : top + px, left : left + px], rng.integers(4)))


def train(cuts: Sequence[Cut], weights: np.ndarray, crops: int, seed: int = 1) -> BlazeFace:
    """The averaged weights after so many windows."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    student, slow, teacher = (BlazeFace(START).to(memory_format=torch.channels_last) for _ in range(3))
    places, anchor_px = anchors(TRAINED_PX, TRAINED_PX), anchor_sides(TRAINED_PX)
    optimiser = torch.optim.AdamW(student.parameters(), lr=LEARNING_RATE, weight_decay=1e-3)
    steps, began, sums = crops // BATCH, time.monotonic(), {}
    for step in range(steps):
        drawn = draw_batch(cuts, weights / weights.sum(), rng)
        wanted = targets(drawn.centres, drawn.sides, drawn.eyes, drawn.hardly, places, anchor_px)
        rate = min(1.0, (step + 1) / WARM_UP_STEPS) * (1 + math.cos(math.pi * step / steps)) / 2
        for group in optimiser.param_groups:
            group["lr"] = LEARNING_RATE * rate
        with mixed_precision("cpu"):
            output = student(drawn.windows)
            with torch.no_grad():
                known = teacher(drawn.windows)[..., 0].float().sigmoid()
        terms = loss(output.float(), known, wanted, drawn.sides)
        optimiser.zero_grad(set_to_none=True)
        (terms["face"] + PLACE_WEIGHT * terms["place"]).backward()
        torch.nn.utils.clip_grad_norm_(student.parameters(), 5.0)
        optimiser.step()
        average(slow, student, step, EMA_HALF_LIFE_STEPS)
        for name, term in terms.items():
            sums[name] = 0.98 * sums.get(name, term.item()) + 0.02 * term.item()
        if step % 50 == 0 or step == steps - 1:
            said = "  ".join(f"{name} {value:.4f}" for name, value in sums.items())
            speed = (step + 1) * BATCH / (time.monotonic() - began)
            print(f"step {step + 1}/{steps}  {said}  {speed:.0f} windows/s", flush=True)
    return slow.eval()


def split(data: Path) -> tuple[list[Sample], list[Sample]]:
    """(to train on, held out)."""
    samples = read_samples(DATA, data)
    parts: tuple[list[Sample], list[Sample]] = ([], [])
    for sample in samples:
        parts[held_out(sample, DATA.held_out)].append(sample)
    return parts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    parser.add_argument("--out", type=Path, default=ROOT / "runs/detector")
    parser.add_argument("--crops", type=int, default=150_000)
    parser.add_argument("--threads", type=int)
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    training, outside = split(options.data)
    cuts = cut_all(training)
    print(f"{len(cuts)} faces to train on, {len(outside)} held out", flush=True)
    network = train(cuts, np.array([sample.weight for sample in training]), options.crops)
    network.save(options.out, "blazeface")
    kept = cut_all(outside, seed=1)
    names = [sample.data_set for sample in outside]
    found = {"before": report(BlazeFace(START).eval(), kept, names), "after": report(network, kept, names)}
    (options.out / "report.json").write_text(json.dumps(found, indent=1) + "\n")
    print("\n".join(report_lines(found)))


if __name__ == "__main__":
    main()
