"""Pose and shape are found again from points of the model itself."""

import numpy as np
import pytest
from conftest import DATA
from made_up_head import made_up_head

from mien.face_model.camera import Camera, angles_of, rotation_of
from mien.face_model.fit import Fitter
from mien.face_model.model import JAW, FaceModelError, load

MODEL = DATA / "ict_face" / "ict_face.npz"
needs_model = pytest.mark.skipif(not MODEL.is_file(), reason="the face model ict_face.npz is not here")
POSES = [(0, 0, 0), (25, 10, 15), (-40, -10, 5), (60, 5, -30), (-80, 0, 0)]


@pytest.fixture(scope="module")
def head():
    return made_up_head()


def bone_points(model, pose, identity, expression) -> np.ndarray:
    vertices = model.shape(identity, expression)[model.landmarks_bone]
    return Camera(rotation_of(*pose), 8.0, np.array([150.0, 140.0])).project(vertices)[0]


def made_up_faces(model) -> np.ndarray:
    identity, expression = np.array([1.0, -0.5, 0.5]), model.weights(jawOpen=0.6)
    return np.stack([bone_points(model, pose, identity, expression) for pose in POSES])


def angles(fits) -> np.ndarray:
    return np.array([angles_of(rotation) for rotation in fits.rotation])


def test_pose_and_expression_are_found_again(head):
    fits = Fitter(head).fit(made_up_faces(head), "bone")
    assert angles(fits) == pytest.approx(np.array(POSES, float), abs=2)
    assert fits.residual_pct.max() < 0.3
    assert fits.expression[:, 2] == pytest.approx(0.6, abs=0.15)
    assert fits.scale == pytest.approx(8, rel=0.05)


def test_half_of_the_points_is_enough(head):
    points = made_up_faces(head)
    points[:, 1::2] = np.nan
    assert angles(Fitter(head).fit(points, "bone")) == pytest.approx(np.array(POSES, float), abs=4)


def test_a_point_that_does_not_count_changes_nothing(head):
    points, mask = made_up_faces(head), np.ones((len(POSES), 68), bool)
    mask[:, 30] = False
    moved = points.copy()
    moved[:, 30] += 40
    fitter = Fitter(head)
    assert fitter.fit(moved, "bone", mask).rotation == pytest.approx(fitter.fit(points, "bone", mask).rotation)


def test_the_hidden_jaw_of_a_turned_head_is_its_outline(head):
    fitter = Fitter(head)
    every = head.neutral[None, fitter.used]
    outline = fitter.used[fitter.assigned(every, rotation_of(45, 0, 0)[None], np.ones(1))[0, JAW]]
    x = (head.neutral @ rotation_of(45, 0, 0).T)[:, 0]
    off = x[head.landmarks_bone[JAW]] - x[outline]
    assert (off[:8] >= 0).all()
    assert off[1:3].max() > 0.3


def test_too_few_points_and_unknown_jaws_are_refused(head):
    points = made_up_faces(head)
    with pytest.raises(ValueError, match="outline or bone"):
        Fitter(head).fit(points, "cheek")
    points[0, 5:] = np.nan
    with pytest.raises(ValueError, match="fewer than 6"):
        Fitter(head).fit(points)


def test_weights_are_named_and_counted(head):
    assert head.weights(eyeBlink=1).tolist() == [1, 1, 0, 0, 0]
    with pytest.raises(ValueError, match="no expression frown"):
        head.weights(frown=1)
    with pytest.raises(ValueError, match="expected 3 identity"):
        head.shape(np.zeros(2), np.zeros(5))


def test_a_file_that_is_no_model_is_named(tmp_path):
    with pytest.raises(FaceModelError, match=r"none\.npz"):
        load(tmp_path / "none.npz")
    np.savez(tmp_path / "empty.npz", neutral=np.zeros((3, 3)))
    with pytest.raises(FaceModelError, match=r"empty\.npz: .*identity"):
        load(tmp_path / "empty.npz")


@needs_model
def test_the_real_model_is_found_again_to_a_degree():
    model = load(MODEL)
    rng = np.random.default_rng(0)
    faces = [
        bone_points(model, pose, rng.normal(0, 0.7, len(model.identity)), model.weights(jawOpen=0.3)) for pose in POSES
    ]
    fits = Fitter(model).fit(np.stack(faces), "bone")
    assert np.abs(angles(fits) - POSES).max() < 6
    assert np.median(np.abs(angles(fits) - POSES)) < 2
    assert fits.residual_pct.max() < 1
