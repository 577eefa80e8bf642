"""Where the jaw's 17 points lie on a head that is turned.

Labels of 300-W follow the outline that is seen, which wanders over the cheek as the head turns. Each point of the jaw
therefore has a row of vertices, from the bone inward over the cheek; the outermost of them in the picture is the point
(after Zhu et al. 2015, "High-fidelity pose and expression normalization")."""

import numpy as np

from mien.face_model.model import FACE, JAW, FaceModel

CENTRE_CM = np.array([0.0, 0.0])  # that the rows run towards, seen from the front: below the nose
REACH = 0.6  # of the way to the centre, for the outermost row; rows at the chin are short
INWARD, OUTWARD = 9, 3  # vertices of a row inside the frontal outline, and between it and the bone
INNERMOST = 1 + INWARD  # place in a row of the vertex that lies farthest on the cheek
CANDIDATES = 6  # vertices near a place, of which the one nearest to the viewer is on the skin


def jaw_rows(model: FaceModel) -> np.ndarray:
    """(17, 13) vertices: the outline's, then the bone's, then the others of each point's row."""
    skin = np.flatnonzero(model.part == FACE)
    flat, depth = model.neutral[skin, :2], model.neutral[skin, 2]
    half_width = abs(model.neutral[model.landmarks_outline[0], 0])
    rows = []
    for outline, bone in zip(model.landmarks_outline[JAW], model.landmarks_bone[JAW], strict=True):
        start, end = model.neutral[outline, :2], model.neutral[bone, :2]
        reach = REACH * min(1, abs(start[0]) / half_width)
        inward = start + np.linspace(0, reach, INWARD + 1)[1:, None] * (CENTRE_CM - start)
        outward = start + np.linspace(0, 1, OUTWARD + 2)[1:-1, None] * (end - start)
        row = [outline, bone]
        for place in np.concatenate([inward, outward[: OUTWARD - 1]]):
            near = np.argsort(((flat - place) ** 2).sum(1))[:CANDIDATES]
            row.append(skin[near[np.argmin(depth[near])]])
        rows.append(row)
    return np.array(rows)


def outward_directions(model: FaceModel) -> np.ndarray:
    """(17, 2) unit vectors from the centre to each point of the jaw, seen from the front."""
    away = model.neutral[model.landmarks_outline[JAW], :2] - CENTRE_CM
    return away / np.linalg.norm(away, axis=1, keepdims=True)


def outermost(points: np.ndarray, directions: np.ndarray, roll: np.ndarray) -> np.ndarray:
    """Points (N, 17, K, 2) of the rows in the picture, the rows' directions (17, 2) and the heads' roll (N,) in
    radians, to which of each row lies outermost (N, 17)."""
    cos, sin = np.cos(roll)[:, None], np.sin(roll)[:, None]
    x = directions[:, 0] * cos - directions[:, 1] * sin
    y = directions[:, 0] * sin + directions[:, 1] * cos
    return np.argmax(points[..., 0] * x[..., None] + points[..., 1] * y[..., None], -1)
