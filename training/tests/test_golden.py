"""Golden crops: four squares of the app's own sample, as training draws them. The app's canvas is held to the same
pixels in tests/e2e. After a deliberate change `PYTHONPATH=. python tests/test_golden.py` writes them anew."""

import json
from pathlib import Path

import cv2
import numpy as np
import torch

from mien.datasets import load_gray
from mien.transforms import crop_affine, crop_picture

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "static" / "samples" / "astronaut.png"
GOLDEN = ROOT / "tests" / "fixtures" / "golden-crops"
SIZE = 128
CROPS = {  # centre x, y and side in image px, angle in radians
    "upright face": (222.0, 118.0, 170.0, 0.0),
    "turned and enlarged": (222.0, 118.0, 96.0, 0.35),
    "whole picture, halved first": (256.0, 256.0, 512.0, -0.2),
    "over the border": (30.0, 40.0, 300.0, 0.1),
}
SAME_GREY = 1  # of 255


def affines() -> dict[str, list[list[float]]]:
    """Crop units to image px, (2, 3) each."""
    placed = torch.tensor(list(CROPS.values()), dtype=torch.float64)
    return dict(zip(CROPS, crop_affine(placed[:, :2], placed[:, 2], placed[:, 3]).tolist(), strict=True))


def draw() -> np.ndarray:
    """(4 * SIZE, SIZE) uint8: the crops, one below the other."""
    image = load_gray(PICTURE)
    return np.concatenate([crop_picture(image, np.array(affine), (SIZE, SIZE)) for affine in affines().values()])


def test_training_still_draws_the_golden_crops():
    golden = cv2.imread(str(GOLDEN.with_suffix(".png")), cv2.IMREAD_GRAYSCALE)
    assert np.abs(draw().astype(int) - golden).max() <= SAME_GREY
    stored = json.loads(GOLDEN.with_suffix(".json").read_text())
    assert stored["size"] == SIZE
    for name, affine in affines().items():
        np.testing.assert_allclose(stored["affines"][name], affine, atol=1e-6)


if __name__ == "__main__":
    GOLDEN.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(GOLDEN.with_suffix(".png")), draw())
    GOLDEN.with_suffix(".json").write_text(json.dumps({"size": SIZE, "affines": affines()}, indent=1) + "\n")
