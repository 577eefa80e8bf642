"""Points that the engine's tests read: `python -m mien.signals.fixture [--model ict_face.npz]` writes them.

`heads.json`: random heads with a tracker's noise, their true angles, and what `mien.signals.fit` and the network
make of them.
`blinks.json`: a track of frames with known blinks.
`gaze.json`: random heads with a tracker's noise, whose eyes look in known directions, with the exact places of irises
and of the corners of eyes."""

import argparse
import base64
import json
from pathlib import Path

import numpy as np

from mien.signals.examples import inputs_of
from mien.signals.expression import read_layers, weights_of
from mien.signals.expressions import draw_weights
from mien.signals.face import SOURCE, load_face
from mien.signals.fit import fit
from mien.signals.heads import (
    BALL_CM,
    MODEL,
    OUTWARD_DEG,
    UPWARD_DEG,
    HeadModel,
    draw_angles,
    draw_errors,
    draw_heads,
    load_heads,
    noise_of,
    rotation_of,
    sight_rotation,
)

FOLDER = Path(__file__).parents[3] / "tests" / "fixtures" / "signals"
SIZE = 1280, 720
CAMERA_DEG = 60.0  # across the longer side: of a webcam
COUNT = 240
NOISE = 0.015  # mean error of a point, of the box's size
MOST_DEG = 60.0, 25.0, 30.0
UNITS_PER_PX = 16  # of the stored integers
HUNDREDTHS = 100  # of a degree, of a cm
THOUSANDS = 1000  # of a weight
SEED = 11
FRAMES, FRAMES_PER_S = 420, 30
FRAME_MS = 1000 / FRAMES_PER_S
TRACK_NOISE, MEMORY = 0.012, 0.8  # mean error of a point, and how much of it stays from frame to frame
MOST_GAZE_DEG = 25.0, 15.0  # to the side, and up or down, of the eyes in the head
BLINK = 0.95  # weight of a shut eye
# the frame before the lids move, and how many it takes until they are open again
BOTH = {40: 6, 95: 5, 150: 8, 210: 6, 290: 10, 330: 5, 390: 6}
LEFT, RIGHT = {70: 9, 250: 6}, {180: 9}


def packed(values: np.ndarray, units: int) -> str:
    return base64.b64encode(np.round(values * units).astype("<i2").tobytes()).decode()


def rounded(points: np.ndarray) -> np.ndarray:
    return np.round(points * UNITS_PER_PX) / UNITS_PER_PX


def write(path: Path, data: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    source = SOURCE.replace("mien.signals.face", "mien.signals.fixture")
    path.write_text(json.dumps({"source": source, **data}, indent=2) + "\n")
    print(f"{path}: {path.stat().st_size:,} bytes")


def heads(model: HeadModel) -> dict:
    rng = np.random.default_rng(SEED)
    angles = draw_angles(COUNT, rng, MOST_DEG)
    identity = rng.normal(size=(COUNT, len(model.identity)))
    drawn = draw_heads(model, identity, draw_weights(model.names, COUNT, rng), angles, rng, SIZE, CAMERA_DEG)
    points = rounded(drawn.points + noise_of(drawn.points, draw_errors(COUNT, rng), NOISE, angles[:, 0]))
    size = np.tile(np.array(SIZE, float), (COUNT, 1))
    fits = fit(load_face(), points, size, CAMERA_DEG)
    names, layers = read_layers()
    inputs = inputs_of(fits.own, np.tile(load_face().mean, (COUNT, 1, 1)), fits.angles, np.zeros(COUNT))
    error = np.abs((fits.angles - angles + 180) % 360 - 180)
    print(f"median error of yaw, pitch, roll: {np.median(error, 0).round(2)} degrees")
    return {
        "width": SIZE[0],
        "height": SIZE[1],
        "fieldOfViewDeg": CAMERA_DEG,
        "unitsPerPx": UNITS_PER_PX,
        "points": packed(points, UNITS_PER_PX),
        "anglesDeg": packed(angles, HUNDREDTHS),
        "fittedDeg": packed(fits.angles, HUNDREDTHS),
        "fittedCm": packed(fits.translation, HUNDREDTHS),
        "movements": names,
        "weights": packed(weights_of(inputs, layers), THOUSANDS),
    }


def closures(lengths: dict[int, int], frames: int) -> np.ndarray:
    """(frames,) how far an eye is shut: blinks that begin at a frame and last as many, opening slower than
    they shut."""
    shut = np.zeros(frames)
    for start, length in lengths.items():
        phase = np.arange(1, length) / length
        shut[start + 1 : start + length] = np.minimum(1, np.minimum(phase / 0.3, (1 - phase) / 0.45)) * BLINK
    return shut


def blinks(model: HeadModel) -> dict:
    """A head that turns, nods and talks, whose eyes blink together, and each alone."""
    rng, names = np.random.default_rng(SEED + 1), list(model.names)
    time_s = np.arange(FRAMES) / FRAMES_PER_S
    weights = np.zeros((FRAMES, len(names)))
    weights[:, names.index("jawOpen")] = 0.25 * np.maximum(0, np.sin(9 * time_s)) * (time_s > 3)
    for name in ("mouthSmile_L", "mouthSmile_R"):
        weights[:, names.index(name)] = 0.6 * np.clip(np.sin(time_s), 0, 1)
    events = {"left": {**BOTH, **LEFT}, "right": {**BOTH, **RIGHT}}
    for eye, side in (("left", "L"), ("right", "R")):
        weights[:, names.index(f"eyeBlink_{side}")] = closures(events[eye], FRAMES)
    angles = np.stack([30 * np.sin(1.1 * time_s), 10 * np.sin(1.7 * time_s), 8 * np.sin(0.9 * time_s)], 1)
    identity = np.repeat(rng.normal(size=(1, len(model.identity))), FRAMES, 0)
    place = np.stack([8 * np.sin(0.7 * time_s), 3 * np.cos(0.8 * time_s), -55 + 8 * np.sin(0.5 * time_s)], 1)
    rotation = sight_rotation(place) @ rotation_of(angles)
    size = np.tile(np.array(SIZE, float), (FRAMES, 1))
    focal = np.full(FRAMES, max(SIZE) / 2 / np.tan(np.radians(CAMERA_DEG) / 2))
    points = model.seen(model.shapes(identity, weights), rotation, place, focal, size)
    errors = draw_errors(FRAMES, rng)
    for i in range(1, FRAMES):  # what a tracker is off changes slowly
        errors[i] = MEMORY * errors[i - 1] + np.sqrt(1 - MEMORY**2) * errors[i]
    off = noise_of(points, errors, TRACK_NOISE, angles[:, 0])
    made = [
        {"eye": eye, "startMs": start * FRAME_MS, "durationMs": length * FRAME_MS}
        for eye, lengths in events.items()
        for start, length in lengths.items()
    ]
    return {
        "width": SIZE[0],
        "height": SIZE[1],
        "fieldOfViewDeg": CAMERA_DEG,
        "frameMs": FRAME_MS,
        "blinks": made,
        "unitsPerPx": UNITS_PER_PX,
        "points": packed(rounded(points + off), UNITS_PER_PX),
    }


def turn_lids(weights: np.ndarray, names: list[str], looks: np.ndarray) -> None:
    """Lids follow the eyes, by angles (N, 2) in the head; and are not shut."""
    yaw, pitch = (looks / MOST_GAZE_DEG).T
    sides = {"In_L": -yaw, "Out_L": yaw, "In_R": yaw, "Out_R": -yaw}
    told = sides | {f"{way}_{side}": sign * pitch for way, sign in (("Up", 1), ("Down", -1)) for side in "LR"}
    for name, value in told.items():
        weights[:, names.index(f"eyeLook{name}")] = 0.7 * np.clip(value, 0, 1)
    for side in "LR":
        weights[:, names.index(f"eyeBlink_{side}")] = 0


def gaze(model: HeadModel) -> dict:
    """Two frames of each person: in the first both eyes look into the camera, in the second anywhere, both the same
    way. Angles of eyes are relative to the line of sight to each."""
    rng = np.random.default_rng(SEED + 2)
    people = COUNT // 2
    each = np.repeat(np.arange(people), 2)
    identity = rng.normal(size=(people, len(model.identity)))[each]
    angles = draw_angles(len(each), rng, (40.0, *MOST_DEG[1:])) * np.tile([0.3, 1], people)[:, None]
    looks = rng.uniform(-1, 1, (len(each), 2)) * MOST_GAZE_DEG
    weights, names = draw_weights(model.names, len(each), rng), list(model.names)
    turn_lids(weights, names, np.where(np.arange(len(each))[:, None] % 2, looks, -angles[:, :2]))
    drawn = draw_heads(model, identity, weights, angles, rng, SIZE, CAMERA_DEG)
    noise = noise_of(drawn.points, draw_errors(len(each), rng), NOISE, angles[:, 0])
    focal = max(SIZE) / 2 / np.tan(np.radians(CAMERA_DEG) / 2)
    middle = model.eyes(identity) @ drawn.rotation.transpose(0, 2, 1) + drawn.translation[:, None]
    aside = (drawn.rotation @ rotation_of(np.c_[looks, np.zeros(len(each))]))[:, None, :, 2].repeat(2, 1)
    aside[::2] = -middle[::2] / np.linalg.norm(middle[::2], axis=-1, keepdims=True)
    x, y, z = (aside @ drawn.rotation).reshape(-1, 3).T
    axes = np.degrees(np.stack([np.arctan2(x, z), np.arcsin(y), 0 * x], 1)).reshape(-1, 2, 3)
    axes[..., 0] += OUTWARD_DEG, -OUTWARD_DEG
    axes[..., 1] += UPWARD_DEG
    in_head = rotation_of(axes.reshape(-1, 3))[..., 2].reshape(-1, 2, 3)
    iris = middle + BALL_CM * in_head @ drawn.rotation.transpose(0, 2, 1)
    places = iris[..., :2] / -iris[..., 2:] * focal * (1, -1) + np.array(SIZE) / 2
    corners = drawn.points[:, [[42, 45], [36, 39]]]
    back = sight_rotation(middle.reshape(-1, 3)).transpose(0, 2, 1)
    x, y, z = (back @ aside.reshape(-1, 3, 1))[..., 0].T
    told = np.degrees(np.stack([np.arctan2(x, z), np.arcsin(y)], 1))
    return {
        "width": SIZE[0],
        "height": SIZE[1],
        "fieldOfViewDeg": CAMERA_DEG,
        "unitsPerPx": UNITS_PER_PX,
        "points": packed(drawn.points + noise, UNITS_PER_PX),
        # of the left eye, then of the right: its iris, then its corners from left to right, without noise
        "eyes": packed(np.concatenate([places[:, :, None], corners], 2), UNITS_PER_PX),
        "gazeDeg": packed(told, HUNDREDTHS),  # yaw and pitch, left, right
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--out", type=Path, default=FOLDER)
    options = parser.parse_args()
    model = load_heads(options.model)
    write(options.out / "heads.json", heads(model))
    write(options.out / "blinks.json", blinks(model))
    write(options.out / "gaze.json", gaze(model))


if __name__ == "__main__":
    main()
