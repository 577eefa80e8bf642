"""Triangles become pixels: each once, the nearest in front."""

import numpy as np
import pytest

from mien.face_model.render import rasterise, visible

SQUARE = np.array([[2.0, 2], [12, 2], [2, 12], [12, 12]])
TWO = np.array([[0, 2, 1], [1, 2, 3]])  # counter-clockwise as seen


def test_two_triangles_cover_a_square_without_a_gap():
    raster = rasterise(SQUARE, np.zeros(4), TWO, (16, 16))
    expected = np.full((16, 16), False)
    expected[2:12, 2:12] = True
    assert ((raster.triangle >= 0) == expected).all()


def test_values_between_the_corners_are_linear():
    raster = rasterise(SQUARE, SQUARE.sum(1), TWO, (16, 16))
    places = raster.sampled(TWO, SQUARE)
    y, x = np.nonzero(raster.triangle >= 0)
    assert places[y, x] == pytest.approx(np.stack([x + 0.5, y + 0.5], 1), abs=1e-4)
    assert raster.depth[y, x] == pytest.approx(x + y + 1, abs=1e-4)
    assert (places[raster.triangle < 0] == 0).all()


def test_the_nearer_of_two_squares_is_seen_whatever_their_order():
    points = np.concatenate([SQUARE, SQUARE + 4])
    depth = np.repeat([5.0, 1.0], 4)
    for triangles in (np.concatenate([TWO, TWO + 4]), np.concatenate([TWO + 4, TWO])):
        raster = rasterise(points, depth, triangles, (20, 20))
        assert raster.depth[8, 8] == 1
        assert raster.depth[4, 4] == 5
        assert triangles[raster.triangle[8, 8]].min() >= 4
    seen = visible(raster, points, depth, 0.1)
    assert seen.tolist() == [True, True, True, False, True, True, True, True]


def test_backs_are_left_out_where_asked():
    assert (rasterise(SQUARE, np.zeros(4), TWO[:, ::-1], (16, 16), np.ones(2, bool)).triangle == -1).all()
    assert (rasterise(SQUARE, np.zeros(4), TWO, (16, 16), np.ones(2, bool)).triangle >= 0).sum() == 100


def test_what_lies_off_the_picture_is_cut():
    raster = rasterise(SQUARE * 40 - 200, np.zeros(4), TWO, (10, 10))
    assert (raster.triangle >= 0).all()
    assert not visible(raster, np.array([[-1.0, 5]]), np.zeros(1), 1)[0]
