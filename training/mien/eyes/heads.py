"""How well the eye network finds irises of rendered heads that are turned and look about:
`python -m mien.eyes.heads CHECKPOINT.safetensors [--data DATA] [--sheet PICTURE.png]`.

The face model's eyeballs are turned about their middles, its lids follow by its own expressions. Skin is plain, so that
this measures places, not likeness; no such head is trained on."""

import argparse
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch

from mien.datasets import SHARED_DATA
from mien.eyes.checkpoint import load_eye
from mien.eyes.evaluate import HALF, look, spread
from mien.eyes.patches import LEFT, RIGHT
from mien.face_model.camera import Camera, rotation_of
from mien.face_model.clip import normals_of, painted
from mien.face_model.model import EYE_LEFT, EYE_RIGHT, FaceModel, load
from mien.face_model.render import rasterise, visible
from mien.face_model.rotate import PIVOT_CM

HEADS = 40
YAW_DEG, PITCH_DEG, GAZE_YAW_DEG, GAZE_PITCH_DEG = 40.0, 20.0, 30.0, 20.0
PX_PER_CM = 11.0  # an eye is about 29 px wide
SIZE = 320
OVERSAMPLING = 2
IRIS_CM, PUPIL_CM = 0.59, 0.2
SOCKETS = {EYE_LEFT: (EYE_LEFT, 3), EYE_RIGHT: (EYE_RIGHT, 4)}  # parts that turn with each eye
LEAST_SEEN = 0.5  # share of the iris's rim from which on it is measured


@dataclass(frozen=True)
class Rendered:
    picture: np.ndarray  # (SIZE, SIZE) uint8
    points: np.ndarray  # (68, 2) px
    irises: np.ndarray  # (2, 2) px, the person's right one first
    seen: np.ndarray  # (2,) share of the rim of each that is seen


def rendered(
    model: FaceModel, pose: tuple[float, float], gaze: tuple[float, float], rng: np.random.Generator
) -> Rendered:
    """A head with a random face at `pose`, yaw and pitch, whose eyes look by `gaze` away from straight ahead, degrees;
    angles as `mien.face_model.camera` has them."""
    yaw, pitch = gaze
    side = {
        "L": ("Out", "In"),
        "R": ("In", "Out"),
    }  # yaw is positive to the person's own right
    weights = {f"eyeLook{side[eye][yaw > 0]}_{eye}": min(1, abs(yaw) / 30) for eye in "LR"}
    weights[f"eyeLook{'Down' if pitch > 0 else 'Up'}"] = min(1, abs(pitch) / 25)
    expression = model.weights()
    for name, value in weights.items():
        expression += model.weights(**{name: value})
    shape = model.shape(rng.normal(0, 0.7, len(model.identity)).astype(np.float32), expression)
    colours = painted(model).mean(1) * rng.uniform(0.5, 1.1)
    rims = {}
    for ball, parts in SOCKETS.items():
        at = np.isin(model.part, parts)
        own = model.part == ball
        middle = (shape[own].min(0) + shape[own].max(0)) / 2
        off = shape[at] - middle
        radius, front = np.hypot(off[:, 0], off[:, 1]), off[:, 2] < 0
        dark = np.interp(radius, [PUPIL_CM, PUPIL_CM + 0.05, IRIS_CM - 0.04, IRIS_CM + 0.04], [0.1, 0.35, 0.35, 0.95])
        colours[at] = 215 * np.where(front, dark, 0.95)
        turn = rotation_of(yaw, pitch, 0)
        depth = off[(radius > IRIS_CM - 0.1) & (radius < IRIS_CM + 0.1) & front, 2].mean()
        angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
        rim = np.stack([IRIS_CM * np.cos(angles), IRIS_CM * np.sin(angles), np.full(24, depth)], 1)
        shape[at] = off @ turn.T + middle
        rims[ball] = rim @ turn.T + middle
    large = SIZE * OVERSAMPLING
    camera = Camera(np.eye(3), PX_PER_CM * OVERSAMPLING, np.array([large / 2, large / 2 + 2 * PX_PER_CM]))
    camera = camera.rotated(*pose, PIVOT_CM)
    points, depth = camera.project(shape)
    light = rng.normal(0, 0.5, 3) + np.array([0, -0.3, -1])
    lit = np.clip(normals_of(shape, model.triangles) @ camera.rotation.T @ (light / np.linalg.norm(light)), 0, 1)
    lit = np.where(model.part >= 3, 0.6 + 0.4 * lit, 0.45 + 0.55 * lit)
    raster = rasterise(points, depth, model.triangles, (large, large))
    picture = raster.sampled(model.triangles, (colours * lit)[:, None])[..., 0]
    picture[raster.triangle < 0] = rng.uniform(40, 220)
    small = cv2.resize(picture, (SIZE, SIZE), interpolation=cv2.INTER_AREA)
    irises, seen = [], []
    for ball in (EYE_RIGHT, EYE_LEFT):
        rim, rim_depth = camera.project(rims[ball])
        irises.append(rim.mean(0) / OVERSAMPLING)
        seen.append(visible(raster, rim, rim_depth, 0.12 * camera.scale).mean())
    landmarks = points[model.landmarks_outline] / OVERSAMPLING
    return Rendered(small.clip(0, 255).astype(np.uint8), landmarks, np.array(irises), np.array(seen))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    parser.add_argument("--sheet", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    network, _ = load_eye(options.checkpoint)
    model, rng = load(options.data / "ict_face" / "ict_face.npz"), np.random.default_rng(1)
    errors, rows = [], []
    for _ in range(HEADS):
        pose = rng.uniform(-YAW_DEG, YAW_DEG), rng.uniform(-PITCH_DEG, PITCH_DEG)
        gaze = rng.uniform(-GAZE_YAW_DEG, GAZE_YAW_DEG), rng.uniform(-GAZE_PITCH_DEG, GAZE_PITCH_DEG)
        head = rendered(model, pose, gaze, rng)
        told = look(network, [head.picture], torch.from_numpy(head.points)[None].float())
        for eye, lids in enumerate((RIGHT, LEFT)):
            width = np.linalg.norm(head.points[lids[3]] - head.points[lids[0]])
            off = np.linalg.norm(told.points[0, eye, 0] - head.irises[eye]) / width
            errors.append((off, told.presence[0, eye], head.seen[eye], abs(pose[0])))
        rows.append(drawn(head, told.points[0]))
    off, presence, seen, yaw = np.array(errors).T
    measured = seen > LEAST_SEEN
    print(
        f"{HEADS} heads, {measured.sum()} of {len(off)} irises half seen or more, errors in widths of the eye as seen,"
    )
    print(f"median and 90 %: {spread(off[measured])}; to 20° of yaw {spread(off[measured & (yaw < 20)])}; "
          f"called present {(presence[measured] > HALF).mean():.3f}")  # fmt: skip
    if options.sheet:
        cv2.imwrite(str(options.sheet), np.vstack([np.hstack(rows[i : i + 4]) for i in range(0, min(24, HEADS), 4)]))


def drawn(head: Rendered, found: np.ndarray) -> np.ndarray:
    """The eyes of a head, enlarged, with truth (white) and what was found (black and white dots)."""
    zoom = 3
    picture = cv2.resize(head.picture, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_CUBIC)
    for place, colour in [*((p, 255) for p in head.irises), *((p, 0) for p in found[:, 0])]:
        cv2.circle(picture, tuple((place * zoom).astype(int)), 3, colour, -1)
    x, y = (head.points[36:48].mean(0) * zoom).astype(int)
    return picture[max(0, y - 75) : max(0, y - 75) + 150, max(0, x - 200) : max(0, x - 200) + 400]


if __name__ == "__main__":
    main()
