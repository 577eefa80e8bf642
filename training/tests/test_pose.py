"""Head pose from labels, whole or partial, and what follows from it."""

import numpy as np
import pytest
from conftest import DATA, face_points, needs_data

from mien.datasets import read_set
from mien.pose import (
    Poses,
    fit_poses,
    mean_shape,
    spanning,
    upright_rad,
    upright_weights,
    without_hidden_jaw,
    yaw_bin_masks,
    yaw_deg,
)  # fmt: skip
from mien.schemes import IBUG68, IMM73

ANGLE_DEG = 0.5  # what a fit of points without noise may be off by
SHAPE = mean_shape("ibug68")
LEFT_HALF = [*range(9), 17, 19, 21, *range(27, 34), *range(36, 42), 48, 51, 57, 62, 66]  # as CFP labels it
CFP_AND_AFLW_AGREE = 0.95


def rotation(roll: float, yaw: float, pitch: float) -> np.ndarray:
    """(2, 3) rows of roll · yaw · pitch, degrees; positive: clockwise, to the right of the picture, up."""
    r, y, p = np.radians([roll, -yaw, -pitch])
    about_z = np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    return (about_z @ about_y @ about_x)[:2]


def seen(roll=0.0, yaw=0.0, pitch=0.0) -> np.ndarray:
    """(1, 68, 2) px of the mean face so posed."""
    return Poses(rotation(roll, yaw, pitch)[None], np.array([80.0]), np.array([[150.0, 120.0]])).project(SHAPE)


@pytest.mark.parametrize("pose", [(0, 0, 0), (20, 40, -10), (-35, -75, 15), (50, 60, 20)])
def test_a_fit_finds_the_pose_back(pose):
    fitted = fit_poses(seen(*pose), SHAPE)
    angles = fitted.roll_deg[0], fitted.yaw_deg[0], fitted.pitch_deg[0]
    np.testing.assert_allclose(angles, pose, atol=ANGLE_DEG)
    np.testing.assert_allclose(fitted.project(SHAPE), seen(*pose), atol=0.1)


@pytest.mark.parametrize("yaw", [60, 30, -20])
def test_half_of_the_points_tell_the_pose_too(yaw):
    points = seen(5, yaw, 5)
    points[:, [i for i in range(68) if i not in LEFT_HALF]] = np.nan
    assert fit_poses(points, SHAPE).yaw_deg[0] == pytest.approx(yaw, abs=2)


def test_too_few_points_are_refused():
    points = np.full((1, 68, 2), np.nan)
    points[0, :5] = 1
    with pytest.raises(ValueError, match="fewer than 6 points"):
        fit_poses(points, SHAPE)


def test_a_scheme_without_a_shape_has_no_yaw():
    assert np.isnan(yaw_deg(np.zeros((2, 73, 2)), IMM73)).all()
    assert not any(mask.any() for mask in yaw_bin_masks(np.array([np.nan])).values())


def test_each_yaw_falls_into_one_bin():
    masks = yaw_bin_masks(np.array([0, -29.9, 30, -60, 90]))
    assert [mask.tolist() for mask in masks.values()] == [
        [True, True, False, False, False], [False, False, True, False, False], [False, False, False, True, True]
    ]  # fmt: skip


def test_whole_labels_span_themselves_and_half_a_front_view_the_whole_face():
    whole = seen().astype(np.float32)
    assert spanning(whole, IBUG68) is whole
    half = whole.copy()
    half[:, [i for i in range(68) if i not in LEFT_HALF]] = np.nan
    found = spanning(half, IBUG68)
    np.testing.assert_allclose(found, whole, atol=0.5)
    assert np.isnan(half).any()  # what was given stays as it was


def test_of_a_profile_the_half_that_is_seen_spans_the_face():
    half = seen(0, 70, 0).astype(np.float32)
    half[:, [i for i in range(68) if i not in LEFT_HALF]] = np.nan
    found = spanning(half, IBUG68)
    np.testing.assert_array_equal(found.min(1), np.nanmin(half, 1))
    np.testing.assert_array_equal(found.max(1), np.nanmax(half, 1))


@pytest.mark.parametrize(("yaw", "hidden"), [(-40, range(8)), (40, range(9, 17)), (10, range(0))])
def test_the_side_of_the_jaw_that_is_turned_away_is_left_out(yaw, hidden):
    points = seen(10, yaw, 0)[0]
    found = without_hidden_jaw(points)
    assert np.flatnonzero(np.isnan(found[:, 0])).tolist() == list(hidden)
    assert not np.isnan(points).any()


@needs_data
def test_the_side_that_people_did_not_label_is_the_side_that_is_left_out():
    profiles = read_set(DATA, "cfp/profile")[::20]
    points = np.stack([sample.points for sample in profiles])
    left_seen = np.isfinite(points[:, 0, 0])
    turned_to_right = yaw_deg(points, IBUG68) > 0
    assert (left_seen == turned_to_right).mean() > CFP_AND_AFLW_AGREE


@pytest.mark.parametrize("yaw", [0, 45, -85])
@pytest.mark.parametrize("roll", [-50, 0, 30])
def test_heads_stand_upright_at_any_yaw(yaw, roll):
    assert np.degrees(upright_rad(seen(roll, yaw, 0), IBUG68))[0] == pytest.approx(roll, abs=ANGLE_DEG)


def test_a_profile_that_nods_is_turned_upright():
    # seen from the side, a nod is a turn within the picture; the line through the eyes has no length there
    assert abs(np.degrees(upright_rad(seen(0, 90, 25), IBUG68))[0]) == pytest.approx(25, abs=ANGLE_DEG)


def test_the_angle_does_not_ask_where_a_face_lies_or_how_large_it_is():
    assert upright_weights(IBUG68).sum() == pytest.approx(0, abs=1e-9)
    points = face_points()[None]
    np.testing.assert_allclose(upright_rad(points * 3 + 50, IBUG68), upright_rad(points, IBUG68), atol=1e-6)
    across = (points * [-1, 1])[:, list(IBUG68.mirror)]
    np.testing.assert_allclose(upright_rad(across, IBUG68), -upright_rad(points, IBUG68), atol=1e-6)
