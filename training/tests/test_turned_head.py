"""What the networks that ship say of a rendered head that turns to its profile, from the app's own test clip."""

from pathlib import Path

import numpy as np
import pytest
import torch

from mien.batches import true_crops
from mien.checkpoints import load
from mien.datasets import load_gray
from mien.evaluate import crops_at
from mien.models import unpack
from mien.transforms import apply, crop_affine

ROOT = Path(__file__).parents[2]
CLIP = ROOT / "tests" / "fixtures" / "pictures" / "turning-head.jpg"
SIZE, COLUMNS, FRAMES = 144, 5, 20  # as tests/fixtures/turning-head.ts has them
PASSES = 3  # each crop from the points of the one before
SEEN = 0.5


@pytest.mark.parametrize("name", ["lite", "resnet", "unet"])
def test_the_half_that_is_turned_away_is_hidden_and_less_certain(name: str):
    network, config, _ = load(ROOT / "training" / "checkpoints" / f"{name}.safetensors")
    sheet = load_gray(CLIP)
    tiles = [
        sheet[row : row + SIZE, column : column + SIZE]
        for row, column in ((at // COLUMNS * SIZE, at % COLUMNS * SIZE) for at in range(FRAMES))
    ]
    middle, side = torch.full((FRAMES, 2), SIZE / 2), torch.full((FRAMES,), float(SIZE))
    affines = crop_affine(middle, side, torch.zeros(FRAMES), size=config.input.size)
    for _ in range(PASSES):
        with torch.no_grad():
            found = unpack(network(crops_at(tiles, affines, config)), config.head.values)
        affines = true_crops(apply(affines, found.points), config)
    is_seen, spread = (found.visible.sigmoid() > SEEN).numpy(), found.log_spread.exp().numpy()
    assert is_seen[0].all()
    profiles = range(FRAMES * 2 // 3, FRAMES)  # from 60 degrees on
    for frame in profiles:
        assert 0.15 < 1 - is_seen[frame].mean() < 0.6
    seen = np.mean([spread[i][is_seen[i]].mean() for i in profiles])
    assert np.mean([spread[i][~is_seen[i]].mean() for i in profiles]) > seen > spread[0].mean()
