"""A face model made up of a grid on half an ellipsoid: with a nose, holes for eyes and mouth, and the few shapes the
tests need. Coordinates as in `mien.face_model.model`."""

from pathlib import Path

import numpy as np
from conftest import face_points

from mien.face_model.model import AXES, FaceModel

WIDTH_CM = 15.0
STEP_CM = 0.4
NAMES = ("eyeBlink_L", "eyeBlink_R", "jawOpen", "mouthClose", "mouthFunnel")
EYES = (3.0, -1.1), (-3.0, -1.1)  # the person's left, which is on the picture's right, and right
MOUTH_Y = 4.1


def grid() -> tuple[np.ndarray, np.ndarray]:
    """Vertices (V, 3) and triangles (T, 3) of the skin, clockwise in the picture where they are seen from behind."""
    x, y = np.meshgrid(np.arange(-8.4, 8.41, STEP_CM), np.arange(-11.6, 11.61, STEP_CM))
    inside = (x / 8.6) ** 2 + (y / 11.8) ** 2 < 0.97
    z = -11 * np.sqrt(np.maximum(1 - (x / 8.6) ** 2 - (y / 11.8) ** 2, 0)) - 2.5 * np.exp(-(x**2 + (y - 1.5) ** 2) / 2)
    number = np.where(inside, np.cumsum(inside).reshape(inside.shape) - 1, -1)
    a, b, c, d = number[:-1, :-1], number[:-1, 1:], number[1:, :-1], number[1:, 1:]
    triangles = np.concatenate([np.stack(t, -1).reshape(-1, 3) for t in ((a, c, b), (b, c, d))])
    vertices = np.stack([x[inside], y[inside], z[inside]], 1)
    triangles = triangles[(triangles >= 0).all(1)]
    middle = vertices[triangles].mean(1)
    hole = (np.abs(middle[:, 0]) < 1.6) & (np.abs(middle[:, 1] - MOUTH_Y) < 0.3)
    for ex, ey in EYES:
        hole |= (np.abs(middle[:, 0] - ex) < 1) & (np.abs(middle[:, 1] - ey) < 0.4)
    triangles = triangles[~hole]
    used = np.unique(triangles)
    new = np.full(len(vertices), -1)
    new[used] = np.arange(len(used))
    return vertices[used].astype(np.float32), new[triangles].astype(np.int32)


def made_up_head() -> FaceModel:
    vertices, triangles = grid()
    x, y = vertices[:, 0], vertices[:, 1]
    identity = np.zeros((3, *vertices.shape), np.float32)
    identity[0, :, 0], identity[1, :, 1], identity[2, :, 2] = 0.06 * x, 0.06 * y, 0.5 * np.cos(x / 4)
    expression = np.zeros((len(NAMES), *vertices.shape), np.float32)
    for i, (ex, ey) in enumerate(EYES):
        lid = (np.abs(x - ex) < 1.5) & (y < ey) & (y > ey - 1)
        expression[i, lid, 1] = 1.2
    expression[2, y > MOUTH_Y, 1] = 2.0
    expression[4, :, 0] = -0.3 * x * (np.abs(y - MOUTH_Y) < 1)
    flat = face_points((0, 0), WIDTH_CM)
    landmarks = np.argmin(((flat[:, None] - vertices[None, :, :2]) ** 2).sum(-1), 1).astype(np.int32)
    part = np.zeros(len(vertices), np.uint8)
    return FaceModel(
        vertices, identity, expression, NAMES, triangles, vertices[:, :2], part, landmarks, landmarks.copy()
    )


def write_model(path: Path, model: FaceModel) -> None:
    """As `mien.face_model.model.load` reads it."""
    np.savez(
        path, neutral=model.neutral * AXES, identity=model.identity * AXES, expression=model.expression * AXES,
        expression_names=np.array(model.expression_names), triangles=model.triangles, uv=model.uv, part=model.part,
        landmarks_multipie=model.landmarks_outline, landmarks_jawline=model.landmarks_bone,
    )  # fmt: skip
