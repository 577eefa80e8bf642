"""Which points a turned head hides."""

import numpy as np
import pytest

from mien.pose import fit_poses, mean_shape
from mien.schemes import IBUG68
from mien.visibility import LEAST_DEG, RAMP_DEG, about_y, hidden, hidden_from, hidden_from_table, visible

SHAPE = mean_shape("ibug68")
GROUPS = {name: list(indices) for name, indices in IBUG68.groups.items()}
LEFT_EYE, RIGHT_EYE = range(36, 42), range(42, 48)


def turned(yaw: float) -> np.ndarray:
    """(1, 68, 2) of the mean face, which looks to the right of the picture where yaw is positive."""
    c, s = np.cos(np.radians(yaw)), np.sin(np.radians(yaw))
    return (SHAPE @ np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]]).T)[None, :, :2] * 100


def test_a_front_view_hides_nothing():
    assert visible(turned(0), IBUG68).min() == 1
    assert visible(turned(LEAST_DEG - RAMP_DEG - 1), IBUG68).min() == 1


@pytest.mark.parametrize(("yaw", "near", "far"), [(85, LEFT_EYE, RIGHT_EYE), (-85, RIGHT_EYE, LEFT_EYE)])
def test_a_profile_shows_the_near_eye_and_not_the_far_one(yaw, near, far):
    assert fit_poses(turned(yaw), SHAPE).yaw_deg[0] == pytest.approx(yaw, abs=1)
    seen = visible(turned(yaw), IBUG68)[0]
    assert seen[list(near)].mean() > 0.9
    assert seen[list(far)].mean() < 0.35
    assert seen[[27, 28, 29, 30, 33, 51, 57, 8]].min() > 0.9  # the profile itself


def test_points_go_one_after_the_other_and_never_come_back():
    over_yaw = np.concatenate([visible(turned(yaw), IBUG68) for yaw in range(0, 90, 2)])
    assert (np.diff(over_yaw, axis=0) <= 0.02).all()
    assert len(np.unique(hidden_from_table("ibug68"))) > 8


def test_mirror_images_hide_mirrored_points():
    left = visible(turned(-50), IBUG68)[0]
    np.testing.assert_allclose(visible(turned(50), IBUG68)[0], left[list(IBUG68.mirror)], atol=0.02)


def test_what_lies_behind_a_triangle_or_faces_away_is_hidden():
    # a plate before the viewer, and three vertices of triangles of their own: before it, behind it, beside it
    plate = [[-2, -2, 0], [2, -2, 0], [0, 3, 0]]
    spots = [corner for x, z in ((0, 1), (0, -1), (5, -1)) for corner in ([x, 0, z], [x + 0.1, 0, z], [x, 0.1, z])]
    vertices = np.array([*plate, *spots], float)
    triangles = np.arange(12).reshape(4, 3)
    points = np.array([3, 6, 9])
    assert hidden(vertices, triangles, points).tolist() == [False, True, False]
    assert hidden(vertices @ about_y(180).T, triangles, points).all()  # their backs
    angles = hidden_from(vertices, triangles, np.array([3]))
    assert angles == [None] or angles[0] > 60
