"""People's looks at rest: their labels, and what they add to what is told."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from mien.schemes import IBUG68, IMM73
from mien.signals.examples import draw_examples
from mien.signals.expression import EXPRESSION
from mien.signals.face import load_face
from mien.signals.faces import Label
from mien.signals.heads import MODEL, load_heads
from mien.signals.rest import (
    FACE_PX,
    FRAME,
    brow_heights,
    changes,
    fitted,
    framed,
    read_pairs,
    tables,
    tables_of_engine,
    told_by,
)
from mien.signals.sitting import ALIKE, staying, within

needs_model = pytest.mark.skipif(not MODEL.is_file(), reason="the face model ict_face.npz is not here")


def test_every_label_has_another_picture_of_the_person_at_rest():
    pairs = read_pairs()
    assert len({(label.face, label.movement) for label, _ in pairs}) == len(pairs)
    rests = {rest for _, rest in pairs}
    assert not rests & {label.face[0] for label, _ in pairs}
    for label, rest in pairs:
        person, other = (
            picture[:-7] if picture.startswith("cfp") else picture.rpartition("/")[2][:-7]
            for picture in (label.face[0], rest)
        )
        assert person == other


def test_there_are_labels_of_both_kinds_and_people_at_random():
    counts = Counter((label.movement, label.shown, label.sought) for label, _ in read_pairs())
    for movement, least in (("browsLowered", 50), ("pucker", 30), ("browsRaised", 10)):
        assert counts[movement, True, False] + counts[movement, True, True] >= least
        assert counts[movement, False, False] >= 200


def picture_of(own: np.ndarray, px_per_cm: float = 15.0) -> np.ndarray:
    """A face (68, 3) cm from the front, and from afar, to (68, 2) px."""
    return own[:, :2] * (px_per_cm, -px_per_cm) + (90.0, 70.0)


def test_framed_faces_are_as_large_as_each_other_in_the_middle():
    mean = load_face().mean
    found = framed(np.stack([picture_of(mean, 15.0), picture_of(mean, 4.0)]))
    np.testing.assert_allclose(found[0], found[1])
    low, high = found.min(1), found.max(1)
    np.testing.assert_allclose((low + high) / 2, [np.array(FRAME) / 2] * 2)
    np.testing.assert_allclose((high - low).max(1), FACE_PX)


def label(picture: str, movement: str, shown: bool) -> Label:
    return Label((picture, "0", "0"), movement, shown, False)


@pytest.fixture(scope="module")
def brows_of_two():
    """One person has low brows and raises them, the other has high ones."""
    mean = load_face().mean
    moved = {"low at rest": -0.5, "low raised": 0.2, "high at rest": 0.6, "high, the same": 0.6}
    brows = np.isin(np.arange(68), range(17, 27))[:, None]
    shapes = [mean + up_cm * brows * (0, 1, 0) for up_cm in moved.values()]
    return list(moved), fitted(np.stack([picture_of(shape) for shape in shapes]))


PAIRS = [
    (label("low raised", "browsRaised", True), "low at rest"),
    (label("high, the same", "browsRaised", False), "high at rest"),
]


def test_a_look_at_rest_tells_high_brows_from_raised_ones(brows_of_two):
    mean, own = tables(PAIRS, *brows_of_two, EXPRESSION)
    assert {row[1]: row[4] for row in mean}["browOuterUp"] == 0
    assert {row[1]: row[4] for row in own}["browOuterUp"] == 1


def test_what_the_engine_told_is_read_before_and_after_it_was_calibrated():
    def face(picture: str, before: float, after: float) -> dict:
        signals = [{"expression": {"browInnerUp": value}} for value in (before, after)]
        return {"picture": picture, "x": 0, "y": 0, "signals": signals[0], "calibrated": {"signals": signals[1]}}

    lost = {"picture": "lost", "x": 0, "y": 0, "signals": None, "calibrated": None}
    found = [face("low raised", 0.2, 0.7), face("high, the same", 0.6, 0.1), lost]
    before, after = tables_of_engine([*PAIRS, (label("lost", "browsRaised", True), "low at rest")], found, None)
    assert before == [("browsRaised", "browInnerUp", 1, 1, 0.0, 0.0)]
    assert after == [("browsRaised", "browInnerUp", 1, 1, 1.0, 1.0)]


def test_changes_are_those_from_the_look_at_rest(brows_of_two):
    pictures, fits = brows_of_two
    change = changes(PAIRS, "browsRaised", dict(zip(pictures, brow_heights(fits.own), strict=True)))
    assert change[True] == pytest.approx([0.7], abs=0.25)
    assert change[False] == pytest.approx([0.0], abs=0.01)


def test_the_width_of_the_mouth_is_that_over_the_width_at_rest(brows_of_two):
    _, fits = brows_of_two
    wide = replace(fits, own=fits.own * np.where(np.isin(np.arange(68), range(48, 68)), 1.2, 1.0)[:, None])
    assert [told["mouth.width"] for told in told_by(EXPRESSION, wide, fits.own, 1.0)] == pytest.approx([1.2] * 4)


def test_what_scatters_within_a_sitting_is_off_the_mean_of_each_person():
    assert within(np.array([1.0, 3.0, 11.0, 13.0]), ["a", "a", "b", "b"]) == pytest.approx(np.sqrt(2))


@needs_model
def test_errors_that_stay_are_the_same_in_all_pictures_of_a_person():
    """All of them: then every look at rest differs from the face by pose and expression alone."""
    heads = load_heads()
    some, all_of_them = (draw_examples(heads, 20, 3, (0.02, 0.02), 1.0, 1, share) for share in ((0.0, 0.0), (1.0, 1.0)))
    calm = some.weights.sum(1) < np.quantile(some.weights.sum(1), 0.3)
    np.testing.assert_array_equal(some.weights, all_of_them.weights)
    apart, together = (np.abs(one.inputs[calm, :136]).mean() for one in (some, all_of_them))
    assert together < 0.8 * apart


def test_what_stays_of_errors_between_calm_pictures_and_between_those_and_others():
    rng = np.random.default_rng(3)
    people, calm = [str(i // 8) for i in range(400)], np.arange(400) % 8 < 4
    of_person, of_kind = (np.repeat(rng.normal(size=(50, 30, 2)), 8, 0) for _ in range(2))
    drawn = rng.normal(size=(400, 30, 2))
    face = 5 * rng.normal(size=(400, 1, 2))  # shifts, which do not count
    same = 3 * rng.normal(size=(1, 30, 2))  # as do not what all faces have in common
    errors = face + same + of_person + np.where(calm[:, None, None], of_kind, 0) + drawn
    both, either = staying(errors, people, calm)
    assert both == pytest.approx(2 / 3, abs=0.05)
    assert either == pytest.approx(1 / np.sqrt(3 * 2), abs=0.05)


def test_points_that_lie_alike_are_of_both_schemes_and_none_twice():
    assert max(ALIKE) < 68
    assert max(ALIKE.values()) < 73
    assert len(set(ALIKE.values())) == len(ALIKE)
    assert all(
        ALIKE[IBUG68.mirror[one]] == IMM73.mirror[other] for one, other in ALIKE.items() if IBUG68.mirror[one] in ALIKE
    )
