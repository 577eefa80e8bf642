"""Rotated copies of the training faces of 300-W: `python -m mien.face_model.make --data DATA --out FOLDER --count N
--seed S`.

Writes `NAME.jpg` and `NAME.pts` (the jaw along its outline, all 68 points) for each copy, which a configuration takes
as the set of that folder, and `copies.npz` with the points by both conventions, which of them are seen, and the poses.
What is there already is kept, so that a run that was cut short goes on; the same seed makes the same copies.
"""

import argparse
import json
import time
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch

from mien.datasets import COPIES_FILE, SHARED_DATA, Sample, drawn_by_hash, load_gray, read_set, write_pts
from mien.face_model.camera import angles_of
from mien.face_model.expressions import mouth_is_shut, with_lids, with_open_mouth
from mien.face_model.model import load
from mien.face_model.photograph import Canvas, Photograph, photograph_of
from mien.face_model.rotate import Copy, rotated
from mien.mean_shape_3d import TRAINING_PARTS

HELD_OUT = 0.08  # share of the people and pictures that choose among networks: they are not copied
COPIES = 3  # of one photograph, one after the other: laying it on the model costs as much as rendering a copy
MOST_RESIDUAL_PCT = 3.5  # of the fit: beyond, model and photograph do not agree
YAW_SHARES = ((0, 30, 0.25), (30, 60, 0.35), (60, 90, 0.4))  # from, to, degrees, and the share of the copies
SIDED_DEG = 12.0  # of yaw: a head turned further than this is turned on to the same side alone
PITCH_DEG, MOST_PITCH_DEG = 10.0, 25.0  # deviation and bound of the change in pitch
SHUT, WINK, OPEN = 0.15, 0.05, 0.2  # shares of the copies with both eyes shut, one shut, the mouth opened
QUALITY = 90  # of JPEG
KINDS = ("as photographed", "eyes shut", "one eye shut", "mouth opened")


@dataclass(frozen=True)
class Plan:
    """How one copy differs from its photograph."""

    kind: int  # of KINDS
    yaw_deg: float  # change
    pitch_deg: float  # change
    expression: np.ndarray
    teeth_cm: float


def planned(photograph: Photograph, rng: np.random.Generator) -> Plan:
    yaw = angles_of(photograph.camera.rotation)[0]
    low, high, _ = YAW_SHARES[rng.choice(len(YAW_SHARES), p=[share for *_, share in YAW_SHARES])]
    side = np.sign(yaw) if abs(yaw) > SIDED_DEG else rng.choice([-1, 1])
    target = side * max(rng.uniform(low, high), abs(yaw) if abs(yaw) > SIDED_DEG else 0)
    pitch = float(np.clip(rng.normal(0, PITCH_DEG), -MOST_PITCH_DEG, MOST_PITCH_DEG))
    draw, teeth, expression, kind = rng.uniform(), 0.0, photograph.expression, 0
    if draw < SHUT + WINK:
        share = 1.0 if rng.uniform() < 0.7 else rng.uniform(0.4, 1)
        both = {"eyeBlink_L": share, "eyeBlink_R": share}
        kind = 1 if draw < SHUT else 2
        expression = with_lids(photograph, both if kind == 1 else {str(rng.choice(list(both))): 1.0})
    elif draw < SHUT + WINK + OPEN and mouth_is_shut(photograph):
        kind, teeth = 3, max(0.0, rng.uniform(-0.5, 0.8))
        expression = with_open_mouth(photograph, rng.uniform(0.3, 1), rng.uniform(0, 0.6) * (rng.uniform() < 0.4))
    return Plan(kind, float(target - yaw), pitch, expression, teeth)


def sources(data: Path, held_out: float) -> list[Sample]:
    """The training faces of 300-W that are not held out."""
    samples = [sample for part in TRAINING_PARTS for sample in read_set(data, part)]
    return [sample for sample in samples if not drawn_by_hash(sample.subject, held_out)]


def seed_of(seed: int, number: int) -> np.random.Generator:
    return np.random.default_rng([seed, number])


def write_copy(folder: Path, name: str, copy: Copy, plan: Plan, sample: Sample) -> None:
    """The record comes last: a copy that has one is complete."""
    cv2.imwrite(str(folder / f"{name}.jpg"), copy.image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    write_pts(folder / f"{name}.pts", copy.outline)
    record = {
        "subject": sample.subject, "kind": plan.kind,
        "pose": [copy.yaw_deg, copy.pitch_deg, copy.roll_deg],
        "outline": copy.outline.tolist(), "bone": copy.bone.tolist(),
        "visible_outline": copy.visible_outline.tolist(), "visible_bone": copy.visible_bone.tolist(),
    }  # fmt: skip
    (folder / "records").mkdir(exist_ok=True)
    (folder / "records" / f"{name}.json").write_text(json.dumps(record))


def gather(folder: Path) -> int:
    """Packs the records of all copies into `copies.npz`; how many there are."""
    paths = sorted((folder / "records").glob("*.json"))
    records = [json.loads(path.read_text()) for path in paths]
    np.savez_compressed(
        folder / COPIES_FILE,
        names=np.array([path.stem for path in paths]),
        subjects=np.array([record["subject"] for record in records]),
        kinds=np.array([KINDS[record["kind"]] for record in records]),
        poses_deg=np.array([record["pose"] for record in records], np.float32),
        points_outline=np.array([record["outline"] for record in records], np.float32),
        points_bone=np.array([record["bone"] for record in records], np.float32),
        visible_outline=np.array([record["visible_outline"] for record in records]),
        visible_bone=np.array([record["visible_bone"] for record in records]),
    )
    return len(paths)


def make(data: Path, model: Path, out: Path, count: int, seed: int, size: int, held_out: float) -> None:
    """Writes `count` copies; prints how many photographs were left out and why."""
    canvas, samples = Canvas(load(model)), sources(data, held_out)
    if not samples:
        raise ValueError("rotated copies: there is no photograph that is not held out")
    out.mkdir(parents=True, exist_ok=True)
    order = seed_of(seed, 0).permutation(len(samples))
    started, made, left_out, turn = time.perf_counter(), 0, 0, 0
    while made < count:
        sample, number = samples[order[turn % len(order)]], turn
        if turn == len(order) and made == 0:
            raise ValueError("rotated copies: the model fits none of the photographs")
        turn += 1
        names = [f"{sample.data_set}-{sample.image.stem}-{number:05}{'abc'[i]}" for i in range(COPIES)][: count - made]
        made += len(names)
        if all((out / "records" / f"{name}.json").exists() for name in names):
            continue
        photograph = photograph_of(canvas, load_gray(sample.image), sample.points)
        if photograph.residual_pct > MOST_RESIDUAL_PCT:
            made, left_out = made - len(names), left_out + 1
            continue
        rng = seed_of(seed, number + 1)
        for name in names:
            plan = planned(photograph, rng)
            copy = rotated(photograph, plan.yaw_deg, plan.pitch_deg, plan.expression, size, plan.teeth_cm)
            write_copy(out, name, copy, plan, sample)
    seconds = time.perf_counter() - started
    print(
        f"{gather(out)} copies in {out}, {made / seconds:.1f} a second; {left_out} of {turn} photographs left out: "
        f"the model fits them worse than {MOST_RESIDUAL_PCT} % of their box"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=SHARED_DATA, help="the folder of the data sets")
    parser.add_argument("--model", type=Path, help="ict_face.npz; by default that of the data sets")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write to")
    parser.add_argument("--count", type=int, default=5000, help="copies")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--size", type=int, default=256, help="side of the pictures, px")
    parser.add_argument("--held-out", type=float, default=HELD_OUT, help="share of people and pictures not copied")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    cv2.setNumThreads(options.threads)
    torch.set_num_threads(options.threads)
    model = options.model or options.data / "ict_face" / "ict_face.npz"
    make(options.data, model, options.out, options.count, options.seed, options.size, options.held_out)


if __name__ == "__main__":
    main()
