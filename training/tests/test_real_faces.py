"""Labels of real faces, how well movements are told apart on them, and pupils."""

from collections import Counter

import cv2
import numpy as np
import pytest

from mien.signals.faces import MEASURES, Label, auc, read_labels, signals_of, table
from mien.signals.pupils import EYES, find_pupil, read_pupils

WITHIN = 0.04  # eye widths that a drawn iris is found within


def test_the_area_is_the_share_of_pairs_in_the_right_order():
    assert auc(np.array([3.0, 2.0]), np.array([1.0, 0.0])) == 1
    assert auc(np.array([2.0]), np.array([1.0, 2.0, 3.0, 4.0])) == pytest.approx((1 + 0.5) / 4)


def test_every_movement_has_labels_of_both_kinds_and_faces_at_random():
    labels = read_labels()
    assert {label.movement for label in labels} == set(MEASURES)
    assert len({(label.face, label.movement) for label in labels}) == len(labels)
    counts = Counter((label.movement, label.shown) for label in labels if label.shown or not label.sought)
    for movement in MEASURES:
        assert counts[movement, True] >= (6 if movement == "wink" else 19)  # six winks is all there are
        assert counts[movement, False] >= 40


def test_sought_faces_without_the_movement_count_in_the_second_area_alone():
    def label(name: str, shown: bool, sought: bool) -> Label:
        return Label((name, "0", "0"), "openMouth", shown, sought)

    labels = [label("wide", True, True), label("shut", False, False), label("talking", False, True)]
    jaws = {"wide": 0.5, "shut": 0.1, "talking": 0.9}
    told = {(name, "0", "0"): {"jawOpen": jaw} for name, jaw in jaws.items()}
    assert table(labels, told) == [("openMouth", "jawOpen", 1, 1, 1.0, 0.5)]


def test_signals_have_flat_names():
    signals = {
        "pose": {"yawDeg": 3.0},
        "eyes": {"left": 0.9, "right": 1.0},
        "mouth": {"opening": 0.1, "width": 1.0, "asymmetry": 0.0},
        "expression": {"jawOpen": 0.2},
    }
    assert set(signals_of({"signals": signals})) == {
        "jawOpen", "eyes.left", "eyes.right", "mouth.opening", "mouth.width", "mouth.asymmetry",
    }  # fmt: skip


@pytest.mark.parametrize("roll_deg", [0.0, 25.0])
@pytest.mark.parametrize("along", [-0.15, 0.0, 0.15])
@pytest.mark.parametrize("width", [24.0, 60.0])
def test_a_drawn_iris_is_found(width: float, along: float, roll_deg: float):
    rad = np.radians(roll_deg)
    axes = np.array([[np.cos(rad), np.sin(rad)], [-np.sin(rad), np.cos(rad)]])
    middle = np.array([80.3, 70.7])
    contour = np.array([[-0.5, 0], [-0.2, -0.18], [0.2, -0.18], [0.5, 0], [0.2, 0.14], [-0.2, 0.14]])
    eye = middle + width * contour @ axes
    place = middle + width * np.array([along, -0.04]) @ axes

    def drawn(points: np.ndarray) -> np.ndarray:
        return np.round((points - 0.5) * 256).astype(np.int32)  # OpenCV counts from the middles of pixels

    skin, white, iris = 150, 225, 60
    gray = np.full((140, 160), skin, np.uint8)
    ball = gray.copy()
    cv2.fillPoly(ball, [drawn(eye)], white, shift=8)
    disc = gray.copy()
    cv2.circle(disc, tuple(map(int, drawn(place))), int(0.21 * width * 256), iris, -1, cv2.LINE_AA, shift=8)
    gray = np.where((ball == white) & (disc != skin), disc, ball)
    found = find_pupil(cv2.GaussianBlur(gray, (0, 0), 0.8), eye)
    assert np.linalg.norm(found - place) / width < WITHIN


def test_pupils_are_placed_in_known_eyes():
    pupils = read_pupils()
    assert len(pupils) > 100
    assert {pupil.eye for pupil in pupils} == set(EYES)
