"""The sample's head, turned step by step, with what a network finds of each: the picture in the README.

`python -m mien.face_model.turned_picture checkpoints/lite.safetensors --out ../docs/turned.jpg [--data DATA]`
"""

import argparse
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor

from mien import checkpoints
from mien.batches import normalise, true_crops
from mien.config import Config
from mien.datasets import SHARED_DATA
from mien.face_model.model import load
from mien.face_model.photograph import Canvas, photograph_of
from mien.face_model.rotate import rotated
from mien.models import LandmarkNetwork, unpack
from mien.schemes import SCHEMES
from mien.start import ROOT
from mien.transforms import apply, crop_pictures

SAMPLE = ROOT.parent / "static/samples/astronaut.png"
FACE = np.array([[170.0, 60.0], [280.0, 190.0]])  # corners around the face in it, px
PASSES = 4  # each from a crop by the points of the one before
YAWS_DEG = (-80, -55, -25, 25, 55, 80)
SIZE = 260  # px of each picture
LINE, RING = (60, 220, 120), (255, 255, 255)  # red, green, blue
QUALITY = 88


def found(network: LandmarkNetwork, config: Config, picture: np.ndarray, box: np.ndarray) -> tuple[Tensor, Tensor]:
    """(68, 2) points in px of the picture and (68,) visibility 0..1, of the face in or near the box (2, 2)."""
    grey = torch.from_numpy(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY))[None, None]
    at = torch.from_numpy(box.astype(np.float32))[None]
    for _ in range(PASSES):
        affine = true_crops(at, config)
        with torch.no_grad():
            crop = crop_pictures(grey, torch.tensor([0]), affine, config.input.size)
            told = unpack(network(normalise(crop, config)), config.head.values)
        at = apply(affine, told.points)
    return at[0], told.visible[0].sigmoid()


def drawn(picture: np.ndarray, points: Tensor, visible: Tensor, edges: tuple[tuple[int, int], ...]) -> np.ndarray:
    """The picture with contours, points that are seen as dots and others as rings."""
    places = (points * 16).round().int().tolist()  # sixteenths of a px
    for a, b in edges:
        cv2.line(picture, places[a], places[b], LINE, 1, cv2.LINE_AA, 4)
    for place, seen in zip(places, visible.tolist(), strict=True):
        if seen > 0.5:
            cv2.circle(picture, place, 26, LINE, cv2.FILLED, cv2.LINE_AA, 4)
        else:
            cv2.circle(picture, place, 38, RING, 1, cv2.LINE_AA, 4)
    return picture


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    network, config, _ = checkpoints.load(options.checkpoint)
    edges = SCHEMES[config.scheme].edges
    portrait = cv2.cvtColor(cv2.imread(str(SAMPLE)), cv2.COLOR_BGR2RGB)
    points, _ = found(network, config, portrait, FACE)
    photograph = photograph_of(Canvas(load(options.data / "ict_face/ict_face.npz")), portrait, points.numpy())
    tiles = []
    for yaw in YAWS_DEG:
        copy = rotated(photograph, yaw, 0, size=SIZE)
        box = np.stack([copy.outline.min(0), copy.outline.max(0)])
        tiles.append(drawn(copy.image.copy(), *found(network, config, copy.image, box), edges))
    sheet = cv2.cvtColor(np.concatenate(tiles, 1), cv2.COLOR_RGB2BGR)
    cv2.imwrite(str(options.out), sheet, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])


if __name__ == "__main__":
    main()
