"""A head that turns to its profile, for tests of tracking: the model's neutral face, painted by hand, no photograph.

`python -m mien.face_model.clip --data DATA --out ../tests/fixtures/pictures/turning-head.jpg` writes its frames, from
the front to 90° of yaw in equal steps, as one picture, row by row.
"""

import argparse
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np

from mien.datasets import SHARED_DATA
from mien.face_model.camera import Camera, rotation_of
from mien.face_model.model import EYE_LEFT, EYE_RIGHT, HEAD, MOUTH, FaceModel, load
from mien.face_model.render import rasterise
from mien.face_model.rotate import PIVOT_CM

FRAMES, COLUMNS = 20, 5
SIZE = 144  # px of a frame
PX_PER_CM = 4.5
OVERSAMPLING = 2
QUALITY = 80  # of JPEG
# Blue, green, red, 0..255.
SKIN, LIPS, BROWS, HAIR = (135, 165, 208), (105, 110, 190), (45, 58, 75), (30, 36, 46)
WHITE, IRIS, BACKDROP = (215, 220, 225), (40, 50, 60), (150, 138, 128)
BROW_CM, LIP_CM, IRIS_CM = 0.4, 0.45, 0.6  # how far from their landmarks, or from the middle of the eye, these reach
HAIRLINE_CM, NAPE_CM, EARS_CM = -7.5, 3.0, 3.0  # hair lies above the first, and above the second behind the third
LIGHT = (-0.4, -0.55, -0.75)  # towards it
AMBIENT = 0.45


def painted(model: FaceModel) -> np.ndarray:
    """(V, 3) colours of the vertices."""
    colours = np.tile(np.float32(SKIN), (len(model.neutral), 1))
    _, y, z = model.neutral.T
    colours[(model.part == HEAD) & ((y < HAIRLINE_CM) | ((z > EARS_CM) & (y < NAPE_CM)))] = HAIR
    contours = ((range(17, 22), BROW_CM, BROWS), (range(22, 27), BROW_CM, BROWS), ([*range(48, 60), 48], LIP_CM, LIPS))
    for indices, reach, colour in contours:
        corners = model.neutral[model.landmarks_outline[list(indices)]]
        line = np.concatenate([np.linspace(a, b, 8) for a, b in pairwise(corners)])
        near = np.linalg.norm(model.neutral[:, None] - line, axis=2).min(1) < reach
        colours[near & (model.part < MOUTH)] = colour
    for part in (EYE_LEFT, EYE_RIGHT):
        ball = np.flatnonzero(model.part == part)
        colours[ball] = WHITE
        front = model.neutral[ball[model.neutral[ball, 2].argmin()]]
        colours[ball[np.linalg.norm(model.neutral[ball] - front, axis=1) < IRIS_CM]] = IRIS
    return colours


def normals_of(vertices: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """(V, 3) of unit length, out of the head."""
    a, b, c = (vertices[triangles[:, i]] for i in range(3))
    faces = np.cross(b - a, c - a)
    sums = np.stack([np.bincount(triangles.ravel(), np.repeat(faces[:, i], 3), len(vertices)) for i in range(3)], 1)
    normals = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    outward = (normals * (vertices - vertices.mean(0))).sum() > 0
    return normals if outward else -normals


def frame(model: FaceModel, colours: np.ndarray, yaw_deg: float) -> np.ndarray:
    """(SIZE, SIZE, 3) uint8."""
    large = SIZE * OVERSAMPLING
    middle = Camera(np.eye(3), PX_PER_CM * OVERSAMPLING, np.full(2, large / 2))
    camera = middle.rotated(yaw_deg, 0, PIVOT_CM)
    points, depth = camera.project(model.neutral)
    normals = normals_of(model.neutral, model.triangles) @ rotation_of(yaw_deg, 0, 0).T
    light = np.array(LIGHT) / np.linalg.norm(LIGHT)
    lit = colours * (AMBIENT + (1 - AMBIENT) * np.clip(normals @ light, 0, 1))[:, None]
    raster = rasterise(points, depth, model.triangles, (large, large))
    picture = raster.sampled(model.triangles, lit)
    picture[raster.triangle < 0] = BACKDROP
    return cv2.resize(picture, (SIZE, SIZE), interpolation=cv2.INTER_AREA).clip(0, 255).astype(np.uint8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    model = load(options.data / "ict_face" / "ict_face.npz")
    colours = painted(model)
    frames = [frame(model, colours, yaw) for yaw in np.linspace(0, 90, FRAMES)]
    rows = [np.hstack(frames[at : at + COLUMNS]) for at in range(0, FRAMES, COLUMNS)]
    cv2.imwrite(str(options.out), np.vstack(rows), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])


if __name__ == "__main__":
    main()
