"""The signs of the angles, and the camera."""

import numpy as np
import pytest

from mien.face_model.camera import Camera, angles_of, rotation_by, rotation_of

NOSE = np.array([[0.0, 0.0, -10.0]])  # before the origin, towards the viewer


def at_rest(yaw=0.0, pitch=0.0, roll=0.0, distance_cm=np.inf) -> Camera:
    return Camera(rotation_of(yaw, pitch, roll), 2.0, np.array([100.0, 50.0]), distance_cm)


def test_a_head_of_positive_yaw_faces_the_left_of_the_picture():
    (x, y), _ = at_rest(yaw=30).project(NOSE)[0][0], None
    assert x == pytest.approx(100 - 2 * 10 * 0.5)
    assert y == pytest.approx(50)


def test_a_head_of_positive_pitch_looks_down():
    assert at_rest(pitch=30).project(NOSE)[0][0] == pytest.approx([100, 50 + 2 * 10 * 0.5])


def test_positive_roll_is_clockwise():
    top = np.array([[0.0, -10.0, 0.0]])
    assert at_rest(roll=90).project(top)[0][0] == pytest.approx([120, 50])


@pytest.mark.parametrize("angles", [(0, 0, 0), (40, -20, 10), (-85, 15, -60), (5, 60, 170)])
def test_angles_are_those_of_the_rotation(angles):
    assert angles_of(rotation_of(*angles)) == pytest.approx(angles)


def test_a_pinhole_makes_near_things_larger_and_keeps_the_size_at_the_origin():
    points = np.array([[1.0, 0, 0], [1.0, 0, -10]])
    near = at_rest(distance_cm=50).project(points)[0][:, 0] - 100
    assert near == pytest.approx([2, 2 / (1 - 10 / 50)])


def test_a_rotation_about_a_pivot_leaves_it_in_place():
    pivot = np.array([1.0, 2.0, -5.0])
    camera = at_rest(10, 5, 20)
    further = camera.rotated(40, -10, pivot)
    assert angles_of(further.rotation) == pytest.approx((50, -5, 20))
    assert further.project(pivot[None])[0] == pytest.approx(camera.project(pivot[None])[0])


def test_small_rotations_are_those_of_their_axis():
    quarter = rotation_by(np.array([[0, 0, np.pi / 2], [0, 0, 0]]))
    assert quarter[0] @ [1, 0, 0] == pytest.approx([0, 1, 0])
    assert quarter[1] == pytest.approx(np.eye(3))
