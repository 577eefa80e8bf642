"""From which yaw on a turned head hides each of its points, by the 3-D face model of ICT-FaceKit (MIT; Li et al. 2020):
`python -m mien.visibility --data DATA` writes `hidden-from.json`, which ships; the model itself does not.

A point is hidden where a triangle of the neutral face lies before it by more than `DEPTH_CM`, or where the surface
about it faces away from the viewer."""

import argparse
import json
from functools import cache
from pathlib import Path

import numpy as np

from mien.datasets import SHARED_DATA
from mien.pose import yaw_deg
from mien.schemes import IBUG68, Scheme

TABLE = Path(__file__).with_name("hidden-from.json")
SKIN = (0, 1)  # parts of the model: face, and head with neck
YAWS_DEG = range(0, 91, 3)
AWAY = -0.5  # cosine to the viewer, of a surface that faces away: less would hide the outline itself, and folds
DEPTH_CM = 0.4  # thinner folds, of the lips and the lids, hide nothing
LEAST_DEG = 25  # below, what a head hides of its jaw lies so near the outline that the outline stands for it
RAMP_DEG = 8.0  # of yaw, over which a point goes from seen to hidden: heads differ


def about_y(degrees: float) -> np.ndarray:
    """(3, 3) that turns (x right, y up, z to the viewer) towards the right of the picture."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def vertex_normals(vertices: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """(V, 3), weighted by the triangles' areas; their lengths tell nothing."""
    corners = vertices[triangles]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    summed = np.zeros_like(vertices)
    for corner in range(3):
        np.add.at(summed, triangles[:, corner], normals)
    return summed


def hidden(vertices: np.ndarray, triangles: np.ndarray, points: np.ndarray) -> np.ndarray:
    """(P,) whether the vertices `points` (P,) are hidden from a viewer far away along +z."""
    corners = vertices[triangles]  # (T, 3, 3)
    a, b, c = (corners[:, i, :2] for i in range(3))
    area = cross(b - a, c - a)
    normals = vertex_normals(vertices, triangles)[points]
    found = normals[:, 2] < AWAY * np.linalg.norm(normals, axis=1)
    for i, point in enumerate(vertices[points]):
        place = point[:2]
        shares = np.stack([cross(b - place, c - place), cross(c - place, a - place), cross(a - place, b - place)], 1)
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = shares / area[:, None]
        over = (shares >= 0).all(1)
        depth = (shares[over] * corners[over, :, 2]).sum(1)
        found[i] |= bool((depth > point[2] + DEPTH_CM).any())
    return found


def cross(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The third coordinate of the cross products of (T, 2) vectors."""
    return first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]


def hidden_from(vertices: np.ndarray, triangles: np.ndarray, points: np.ndarray) -> list[int | None]:
    """Degrees of yaw to the right of the picture from which on each of the points is hidden; None for one that is seen
    to the last."""
    seen = np.stack([~hidden(vertices @ about_y(yaw).T, triangles, points) for yaw in YAWS_DEG])
    last_seen = [np.flatnonzero(column)[-1] if column.any() else -1 for column in seen.T]
    return [None if i == len(YAWS_DEG) - 1 else max(YAWS_DEG[i + 1], LEAST_DEG) for i in last_seen]


@cache
def hidden_from_table(scheme_id: str) -> np.ndarray:
    """(P,) degrees, infinite for points that are seen to the last. Raises KeyError where the scheme has no table."""
    return np.array([np.inf if angle is None else angle for angle in json.loads(TABLE.read_text())[scheme_id]])


def visible(points: np.ndarray, scheme: Scheme) -> np.ndarray:
    """(N, P, 2) points of which some may be `nan`, to (N, P) from 0, hidden by the head itself, to 1, seen: by the yaw
    of the head, halfway at the angle of the table, over `RAMP_DEG` to either side."""
    yaw = yaw_deg(points, scheme)[:, None]
    to_right, to_left = hidden_from_table(scheme.id), hidden_from_table(scheme.id)[list(scheme.mirror)]
    return np.clip((np.where(yaw > 0, to_right, to_left) - np.abs(yaw)) / (2 * RAMP_DEG) + 0.5, 0, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    options = parser.parse_args()
    with np.load(options.data / "ict_face" / "ict_face.npz") as model:
        skin = np.isin(model["part"][model["triangles"]], SKIN).all(1)  # not the eyeballs, which touch the corners
        vertices = model["neutral"].astype(float)
        angles = hidden_from(vertices, model["triangles"][skin], model["landmarks_jawline"])
    for group, indices in IBUG68.groups.items():
        print(f"{group:>6}  " + " ".join("–" if angles[i] is None else str(angles[i]) for i in indices))
    TABLE.write_text(json.dumps({IBUG68.id: angles}) + "\n")


if __name__ == "__main__":
    main()
