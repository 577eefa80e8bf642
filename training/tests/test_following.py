"""Crops that follow a face."""

import numpy as np
import pytest
import torch

from mien.following import ANGLES, PASSES, crop_of_points, eye_line_rad, follow
from mien.pose import Poses, mean_shape
from mien.schemes import IBUG68
from mien.transforms import apply, invert

SHAPE = mean_shape("ibug68")
SIZE = (128, 128)
MARGIN = 1.4
EXACT = 1e-4  # crop units


def head(roll_deg: float, yaw_deg: float = 0.0) -> torch.Tensor:
    """(1, 68, 2) px."""
    r, y = np.radians([roll_deg, yaw_deg])
    about_z = np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    pose = Poses((about_z @ about_y)[None, :2], np.array([60.0]), np.array([[90.0, 80.0]]))
    return torch.from_numpy(pose.project(SHAPE))


@pytest.mark.parametrize("rule", ANGLES)
def test_a_rolled_head_stands_in_its_crop_as_an_upright_one(rule: str):
    points = [head(roll) for roll in (0, 35, -120)]
    local = []
    for each in points:
        angle = torch.from_numpy(ANGLES[rule](each.numpy(), IBUG68))
        local.append(apply(invert(crop_of_points(each, angle, MARGIN, SIZE)), each))
    assert (local[1] - local[0]).abs().max() < EXACT
    assert (local[2] - local[0]).abs().max() < EXACT
    low, high = local[0][0].amin(0), local[0][0].amax(0)
    assert (high - low).max() == pytest.approx(1 / MARGIN, abs=EXACT)
    assert ((low + high) / 2 - 0.5).abs().max() < EXACT


def test_the_line_through_the_eyes_is_level_where_the_eyes_are():
    assert np.degrees(eye_line_rad(head(20).numpy(), IBUG68))[0] == pytest.approx(20, abs=1e-3)


@pytest.mark.parametrize("rule", ANGLES)
def test_crops_follow_what_was_seen_in_the_ones_before(rule: str):
    truth, looked = head(40, 30), []

    def look(crops: torch.Tensor) -> torch.Tensor:
        looked.append(crops)
        return truth

    first = torch.tensor([[[100.0, 0, 0], [0, 100.0, 0]]], dtype=torch.float64)
    last = follow(look, first, rule, IBUG68, MARGIN, SIZE)
    assert len(looked) == PASSES
    assert torch.equal(looked[0], first)
    assert torch.allclose(looked[1], last)
