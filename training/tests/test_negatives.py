"""Crops without a face: nothing but the missing face may tell them from the others."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import torch
from conftest import face_points, tiny_config

from mien.augment import Look
from mien.batches import training_batch
from mien.crop_cache import build
from mien.datasets import Sample

PLAIN = Look(**dict.fromkeys(Look.__dataclass_fields__, 0.0))
COUNT = 1200
SAMPLING = 0.05  # shares of a few hundred crops may differ by so much


def black_share(folder: Path, edge: float) -> tuple[float, float]:
    """Shares of the crops that are partly black, of those with a face and of those badly placed, of a grey picture that
    ends a little beside the face."""
    cv2.imwrite(str(folder / "a.png"), np.full((120, 120), 128, np.uint8))
    pack = build([Sample(folder / "a.png", face_points((60, 60), 70), "set", "set/a")], 96, 2.8)
    config = replace(tiny_config(), look=replace(PLAIN, edge=edge))
    config = replace(config, optimise=replace(config.optimise, negative_crops=0.5, background=0.0))
    batch = training_batch(pack, torch.zeros(COUNT, dtype=torch.long), config, torch.Generator().manual_seed(0))
    grey = batch.crops * config.input.deviation + config.input.mean
    black = (grey < 0.01).flatten(1).any(1).float()
    return black[batch.present == 1].mean().item(), black[batch.present == 0].mean().item()


def test_black_tells_nothing_of_presence(tmp_path: Path):
    face, empty = black_share(tmp_path, 1.0)
    assert 0.2 < face < 0.7
    assert abs(face - empty) < SAMPLING


def test_where_a_picture_ends_there_is_no_black_of_its_own(tmp_path: Path):
    assert black_share(tmp_path, 0.0) == (0, 0)


def test_as_many_crops_are_empty_as_the_configuration_says(tmp_path: Path):
    cv2.imwrite(str(tmp_path / "a.png"), np.full((120, 120), 128, np.uint8))
    pack = build([Sample(tmp_path / "a.png", face_points((60, 60), 70), "set", "set/a")], 96)
    config = replace(tiny_config(), optimise=replace(tiny_config().optimise, negative_crops=0.25, background=0.125))
    batch = training_batch(pack, torch.zeros(16, dtype=torch.long), config, torch.Generator().manual_seed(0))
    assert batch.present.tolist() == [1] * 10 + [0] * 6
