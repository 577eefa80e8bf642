"""The mean face in three dimensions is found again from flat pictures of it."""

import numpy as np
from conftest import face_points

from mien.mean_shape_3d import centred, fit_turns, mean_solid, pitch_of
from mien.schemes import IBUG68

PICTURES = 400
NOISE = 0.02  # eye distances, deviation of every coordinate
SHAPE_TOLERANCE = 0.03  # eye distances
PITCH_TOLERANCE = 0.06  # radians


def made_up_solid() -> np.ndarray:
    """(68, 3) a symmetric face: the plain front view on a rounded head with a nose; eye distance 1."""
    flat = face_points((0, 0), 2)
    flat = (flat + flat[list(IBUG68.mirror)] * (-1, 1)) / 2
    depth = 0.5 * (flat**2).sum(1)
    depth[30] -= 0.4
    solid = np.concatenate([flat, depth[:, None]], 1)
    return centred(solid / np.linalg.norm(solid[36] - solid[45]))


def rotation(pitch: float, yaw: float, roll: float) -> np.ndarray:
    """Positive: up, to the right of the picture, clockwise."""
    (cp, sp), (cy, sy), (cr, sr) = ((np.cos(a), np.sin(a)) for a in (pitch, yaw, roll))
    about_x = np.array([[1, 0, 0], [0, cp, sp], [0, -sp, cp]])
    about_y = np.array([[cy, 0, -sy], [0, 1, 0], [sy, 0, cy]])
    about_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    return about_z @ about_y @ about_x


def test_a_face_and_its_poses_are_found_again_from_pictures():
    solid = made_up_solid()
    random = np.random.default_rng(0)
    pitches = random.permutation(np.linspace(-0.4, 0.4, PICTURES))  # their median, how it looks at rest, is 0
    turns = np.stack([rotation(pitch, *random.normal(0, 0.3, 2)) for pitch in pitches])
    flat = np.einsum("nij,pj->npi", turns[:, :2], solid) + random.normal(0, NOISE, (PICTURES, 68, 2))
    points = flat * random.uniform(20, 200, (PICTURES, 1, 1)) + random.uniform(0, 500, (PICTURES, 1, 2))

    found = centred(mean_solid(points, IBUG68))
    assert np.abs(found - solid).max() < SHAPE_TOLERANCE
    fitted, _ = fit_turns(centred(points), found)
    assert np.abs(pitch_of(fitted) - pitches).max() < PITCH_TOLERANCE
