"""Copies of a made-up photograph: of a made-up head, with a disc at each of some points."""

import cv2
import numpy as np
import pytest
from conftest import DATA, draw_face, face_points
from made_up_head import WIDTH_CM, made_up_head, write_model

from mien.datasets import read_pts, write_pts
from mien.face_model.expressions import LIDS, LIPS, gap_cm, with_lids, with_open_mouth
from mien.face_model.make import gather, make
from mien.face_model.mesh import mesh_of
from mien.face_model.model import load
from mien.face_model.photograph import Canvas, photograph_of
from mien.face_model.rotate import COVERAGE, rotated

MODEL = DATA / "ict_face" / "ict_face.npz"
MARKED = 33  # the point in the middle below the nose


@pytest.fixture(scope="module")
def canvas():
    return Canvas(made_up_head())


def labels() -> np.ndarray:
    return face_points((100, 100), 8 * WIDTH_CM)


@pytest.fixture(scope="module")
def photograph(canvas):
    image = cv2.GaussianBlur(draw_face(labels(), (200, 220)), (0, 0), 1)
    cv2.circle(image, labels()[MARKED].round().astype(int).tolist(), 4, 255, -1)
    cv2.circle(image, labels()[MARKED].round().astype(int).tolist(), 2, 0, -1)
    return photograph_of(canvas, image, labels())


def test_a_copy_that_is_not_rotated_is_the_photograph(photograph):
    copy = rotated(photograph, 0, 0)
    points = labels()
    side = COVERAGE * np.ptp(copy.outline, 0).max() / COVERAGE
    scale = side / np.ptp(points, 0).max()
    shift = copy.outline[30] - points[30] * scale
    assert copy.outline[17:] == pytest.approx(points[17:] * scale + shift, abs=2)
    affine = np.column_stack([np.eye(2) * scale, shift + (scale - 1) / 2])
    expected = cv2.warpAffine(photograph.image, affine, (256, 256), borderMode=cv2.BORDER_REPLICATE)
    off = np.abs(copy.image.astype(float) - expected)
    assert off[40:220, 40:220].mean() < 6


@pytest.mark.parametrize("yaw", [-35, 35])
def test_the_points_go_with_the_picture(photograph, yaw):
    copy = rotated(photograph, yaw, 0)
    x, y = copy.outline[MARKED].astype(int)
    around = copy.image[y - 4 : y + 5, x - 4 : x + 5]
    assert around.max() > 225
    assert copy.yaw_deg == pytest.approx(rotated(photograph, 0, 0).yaw_deg + yaw, abs=1e-6)
    nose = copy.outline[30, 0] - copy.outline[[36, 45], 0].mean()
    assert np.sign(nose) == -np.sign(yaw)  # of positive yaw, to the left


def test_the_far_side_is_hidden(photograph):
    copy = rotated(photograph, 75, 0)
    assert copy.visible_bone[42:48].all()  # the eye on the picture's right
    assert not copy.visible_bone[1:5].any()
    assert copy.visible_bone[12:16].all()
    assert rotated(photograph, 0, 0).visible_outline[17:].all()


def test_no_hole_opens_at_ninety_degrees(photograph):
    white = photograph_of(photograph.canvas, np.full_like(photograph.image, 255), labels())
    assert rotated(white, 90, 0).image.min() > 200
    assert rotated(white, -60, 25).image.min() > 200


def test_lids_close_by_the_share_asked_for(photograph):
    model = photograph.canvas.mesh.model
    for name in LIDS:
        weights = with_lids(photograph, {name: 1.0})
        shape = photograph.shape + np.tensordot(weights - photograph.expression, model.expression, 1)
        other = next(each for each in LIDS if each != name)
        assert gap_cm(photograph, LIDS[name], shape) < 0.25 * gap_cm(photograph, LIDS[name])
        assert gap_cm(photograph, LIDS[other], shape) == pytest.approx(gap_cm(photograph, LIDS[other]))


def test_a_mouth_opens_dark(photograph):
    weights = with_open_mouth(photograph, 1.0, 0)
    before, after = rotated(photograph, 0, 0), rotated(photograph, 0, 0, weights)
    height = [np.mean([c.outline[lower, 1] - c.outline[upper, 1] for upper, lower in LIPS]) for c in (before, after)]
    assert height[1] > height[0] + 5
    x, y = after.outline[[62, 66]].mean(0).astype(int)
    assert after.image[y, x] < 60


def test_colour_stays_colour(canvas, photograph):
    colour = np.stack([photograph.image, photograph.image // 2, photograph.image // 4], -1)
    copy = rotated(photograph_of(canvas, colour, labels()), 20, 0, size=64)
    assert copy.image.shape == (64, 64, 3)
    assert (copy.image[..., 0] >= copy.image[..., 2]).all()


def test_copies_are_made_again_alike_and_held_out_faces_are_not(tmp_path):
    write_model(tmp_path / "head.npz", made_up_head())
    for part in ("300w/lfpw/trainset", "300w/helen/trainset", "300w/afw"):
        folder = tmp_path / part
        folder.mkdir(parents=True)
        for i in range(3):
            points = face_points((100, 100), 110 + 5 * i)
            cv2.imwrite(str(folder / f"image_{i:04}.png"), draw_face(points, (200, 220), i))
            write_pts(folder / f"image_{i:04}.pts", points)

    def run(name: str, held_out: float = 0.0) -> np.lib.npyio.NpzFile:
        make(tmp_path, tmp_path / "head.npz", tmp_path / name, count=7, seed=3, size=64, held_out=held_out)
        return np.load(tmp_path / name / "copies.npz")

    first = run("first")
    assert len(first["names"]) == 7
    again = run("again")
    assert (first["points_outline"] == again["points_outline"]).all()
    name = first["names"][0]
    assert (tmp_path / "first" / f"{name}.jpg").read_bytes() == (tmp_path / "again" / f"{name}.jpg").read_bytes()
    assert read_pts(tmp_path / "first" / f"{name}.pts") == pytest.approx(first["points_outline"][0], abs=1e-2)
    picture = tmp_path / "first" / f"{name}.jpg"
    made = picture.stat().st_mtime_ns
    run("first")
    assert picture.stat().st_mtime_ns == made
    assert gather(tmp_path / "first") == 7
    with pytest.raises(ValueError, match="no photograph"):
        run("none", held_out=1.0)


@pytest.mark.skipif(not MODEL.is_file(), reason="the face model ict_face.npz is not here")
def test_the_real_model_has_its_holes_where_they_belong():
    mesh = mesh_of(load(MODEL))
    left, right = (mesh.model.neutral[eye].mean(0) for eye in mesh.eyes)
    assert left[0] < -2
    assert right[0] > 2
    assert left[1] == pytest.approx(right[1], abs=0.1)
    assert mesh.model.neutral[mesh.mouth, 1].mean() == pytest.approx(3.4, abs=0.3)
    assert (mesh.opposite[mesh.opposite] == np.arange(len(mesh.skin))).mean() > 0.9
