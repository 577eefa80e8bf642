"""How much a network leans on where its crop ends."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from conftest import face_points, tiny_config
from torch import Tensor, nn

from mien.datasets import Sample
from mien.leaning import PASSES, Leaning, leaning

BOX = np.float32([[40, 50], [120, 130]])  # of the face, px
MOST = 0.2  # of what the crop is changed by, where edges are seen to a fraction of a pixel of 64
SHAPE = face_points((0.0, 0.0), 2.0)
SHAPE = (SHAPE - SHAPE.min(0)) / np.ptp(SHAPE, 0)  # 0..1 in the box


class Finds(nn.Module):
    def __init__(self, corners: Callable[[Tensor], tuple[Tensor, Tensor]]) -> None:
        super().__init__()
        self.corners = corners

    def forward(self, crops: Tensor) -> Tensor:
        low, high = self.corners(crops)
        return (low[:, None] + (high - low)[:, None] * torch.from_numpy(SHAPE)).flatten(1)


def always_in_the_middle(crops: Tensor) -> tuple[Tensor, Tensor]:
    return torch.full((len(crops), 2), 0.2), torch.full((len(crops), 2), 0.8)


def where_it_is_bright(crops: Tensor) -> tuple[Tensor, Tensor]:
    lows, highs = [], []
    for lines in (crops.amax((1, 2)), crops.amax((1, 3))):
        bright = (lines + 2) / 4  # 0..1; an edge within a pixel makes it partly bright
        first = bright.argmax(-1) - bright.gather(1, (bright.argmax(-1, keepdim=True) - 1).clamp(min=0))[:, 0]
        size = bright.sum(-1)
        lows.append(first / lines.shape[-1])
        highs.append((first + size) / lines.shape[-1])
    return torch.stack(lows, -1), torch.stack(highs, -1)


@pytest.fixture
def measured(tmp_path: Path) -> Callable[[nn.Module], Leaning]:
    picture = np.zeros((180, 180), np.uint8)
    (x0, y0), (x1, y1) = BOX.astype(int)
    picture[y0:y1, x0:x1] = 255
    cv2.imwrite(str(tmp_path / "face.png"), picture)
    points = BOX[0] + (BOX[1] - BOX[0]) * SHAPE
    sample = Sample(tmp_path / "face.png", points.astype(np.float32), "faces", "faces/face")
    config = tiny_config()
    config = replace(config, head=replace(config.head, values="points"), input=replace(config.input, crop_margin=1.5))
    return lambda network: leaning(network, config, [sample, sample])


def test_a_network_that_sees_nothing_follows_its_crop(measured):
    told = measured(Finds(always_in_the_middle))
    assert told.grown == pytest.approx(1, abs=1e-3)
    assert told.shifted == pytest.approx(1, abs=1e-3)
    assert len(told.passes) == PASSES
    assert told.passes[0][0] > 3 + told.true_box[0]
    assert told.passes[-1][0] > 3 + told.true_box[0]


def test_a_network_that_sees_the_face_does_not(measured):
    told = measured(Finds(where_it_is_bright))
    assert abs(told.grown) < MOST
    assert abs(told.shifted) < MOST
    assert told.passes[-1][0] < 3
