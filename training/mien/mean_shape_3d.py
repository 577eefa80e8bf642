"""The mean face in three dimensions, out of many faces in two: `python -m mien.mean_shape_3d --data DATA`.

A face under weak perspective is its 3-D shape turned, flattened, scaled and shifted. All faces taken for one rigid
shape seen from many sides, this shape is a factor of the matrix of their points (Tomasi and Kanade 1992); each face and
its mirror image count as two, so that the shape comes out symmetric. Coordinates: x to the right of the picture, y
down, z away from the viewer; one unit is the distance of the normalising pair; a face at rest looks as the median of
these faces does.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from mien.datasets import SHARED_DATA, TRAINING_PARTS, read_300w
from mien.pose import MEAN_SHAPES, nearest_rotation
from mien.schemes import IBUG68, Scheme

ROUNDS = 50  # of refining poses and shape by turns
STEPS = 20  # of refining a pose; another 180 change no angle by 0.001°
DECIMALS = 4


def centred(points: np.ndarray) -> np.ndarray:
    return points - points.mean(-2, keepdims=True)


def fit_turns(points: np.ndarray, solid: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Poses of centred faces (N, P, 2): the first two rows of their rotations (N, 2, 3) and their scales (N,), those
    which lay the centred solid (P, 3) over them with the smallest mean square distance."""
    spread = solid.T @ solid  # (3, 3)
    target = points.transpose(0, 2, 1) @ solid  # (N, 2, 3)
    bound = np.linalg.eigvalsh(spread)[-1]
    turns = nearest_rotation(target @ np.linalg.inv(spread))
    for _ in range(STEPS):
        scales = scales_of(turns, target, spread)
        # the square distance lies under one whose lowest point is known and which touches it here (Kiers 1990)
        turns = nearest_rotation(target + scales[:, None, None] * turns @ (bound * np.eye(3) - spread))
    return turns, scales_of(turns, target, spread)


def scales_of(turns: np.ndarray, target: np.ndarray, spread: np.ndarray) -> np.ndarray:
    return (turns * target).sum((1, 2)) / (turns @ spread * turns).sum((1, 2))


def first_solid(points: np.ndarray) -> np.ndarray:
    """(P, 3) by factorisation of centred faces (N, P, 2)."""
    sizes = np.sqrt((points**2).sum((1, 2), keepdims=True))
    rows = (points / sizes).transpose(0, 2, 1).reshape(-1, points.shape[1])  # x row, y row of each face
    u, s, v = np.linalg.svd(rows, full_matrices=False)
    flattenings = (u[:, :3] * s[:3]).reshape(-1, 2, 3)
    # a symmetric L by which each face's two rows are at right angles and equally long: a L a = b L b, a L b = 0
    x, y = flattenings[:, 0], flattenings[:, 1]
    pairs = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)]

    def terms(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return np.stack([a[:, i] * b[:, j] + (i != j) * a[:, j] * b[:, i] for i, j in pairs], 1)

    equations = np.concatenate([terms(x, x) - terms(y, y), terms(x, y)])
    solution = np.linalg.svd(equations)[2][-1]
    metric = np.zeros((3, 3))
    for value, (i, j) in zip(solution, pairs, strict=True):
        metric[i, j] = metric[j, i] = value
    values, vectors = np.linalg.eigh(metric * np.sign(np.trace(metric)))
    if values.min() <= 0:
        raise ValueError("the faces do not tell depth: they are too few, or all seen from one side")
    upgrade = vectors * np.sqrt(values)
    return np.linalg.solve(upgrade, v[:3]).T


def refined(points: np.ndarray, solid: np.ndarray) -> np.ndarray:
    """Least squares in poses and shape, by turns. Each face counts by its own size."""
    for _ in range(ROUNDS):
        turns, scales = fit_turns(points, solid)
        normal = (turns.transpose(0, 2, 1) @ turns).sum(0)
        sized = (points / scales[:, None, None]).transpose(0, 2, 1)
        solid = centred(np.linalg.solve(normal, (turns.transpose(0, 2, 1) @ sized).sum(0)).T)
    return solid


def upright(solid: np.ndarray, scheme: Scheme) -> np.ndarray:
    """Turned so that x is the axis of symmetry, y down and the nose towards the viewer, and made symmetric."""
    mirror = list(scheme.mirror)
    across = np.linalg.svd(solid - solid[mirror])[2][0]  # every point lies straight across from its mirror image
    left, right = (solid[list(eye)].mean(0) for eye in scheme.eyes)
    across *= np.sign(across @ (right - left))
    down = solid[list(scheme.groups["mouth"])].mean(0) - (left + right) / 2
    down -= across * (across @ down)
    down /= np.linalg.norm(down)
    solid = centred(solid @ np.stack([across, down, np.cross(across, down)], 1))
    jaw, nose = scheme.groups["jaw"], scheme.groups["nose"]
    if solid[list(nose), 2].mean() > solid[list(jaw), 2].mean():
        solid = solid * (1, 1, -1)  # depth and its reverse give the same pictures
    return (solid + solid[mirror] * (-1, 1, 1)) / 2


def pitch_of(turns: np.ndarray) -> np.ndarray:
    """Radians, positive where a face looks up; the face turned by pitch, then yaw, then roll."""
    third = np.cross(turns[:, 0], turns[:, 1])
    return np.arctan2(-third[:, 1], third[:, 2])


def mean_solid(points: np.ndarray, scheme: Scheme) -> np.ndarray:
    """(N, P, 2) faces of one scheme to the mean face (P, 3). Raises ValueError where they do not tell depth."""
    both = centred(np.concatenate([points, points[:, list(scheme.mirror)] * (-1, 1)]).astype(float))
    solid = upright(refined(both, first_solid(both)), scheme)
    pitch = float(np.median(pitch_of(fit_turns(both, solid)[0])))
    c, s = np.cos(pitch), np.sin(pitch)
    solid = (
        solid @ np.array([[1, 0, 0], [0, c, s], [0, -s, c]]).T
    )  # looks up by the median pitch, which is thus at rest
    first, second = scheme.normalising_pair
    return solid / np.linalg.norm(solid[first] - solid[second])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    parser.add_argument("--out", type=Path, default=MEAN_SHAPES)
    options = parser.parse_args()
    samples = [sample for part in TRAINING_PARTS for sample in read_300w(options.data / part, part)]
    points = np.stack([sample.points for sample in samples])
    solid = mean_solid(points, IBUG68)
    turns, scales = fit_turns(centred(points.astype(float)), centred(solid))
    left = centred(points) / scales[:, None, None] - centred(solid) @ turns.transpose(0, 2, 1)
    distance_pct = 100 * np.sqrt((left**2).sum(2).mean())
    print(f"{len(points)} faces; root mean square distance {distance_pct:.2f} % of the eye distance")
    print(f"nose tip {solid[:17, 2].mean() - solid[30, 2]:.3f} eye distances before the jaw")
    rows = ",\n".join(f"    {json.dumps(row)}" for row in solid.round(DECIMALS).tolist())
    options.out.write_text(f'{{\n  "{IBUG68.id}": [\n{rows}\n  ]\n}}\n')


if __name__ == "__main__":
    main()
