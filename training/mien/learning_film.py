"""A small film of how a network learned: the points and some heatmaps of the sample's face after each epoch, for the
app's Lab. No other face is in it.

python -m mien.learning_film RUN/epochs --id resnet [--suffix=-maps] [--frames 24] [--out ../static/models]

Reads `<number><suffix>.safetensors`, one checkpoint an epoch; writes `<out>/<id>/learning.json` and its line in the
registry, where the model has to be already.
"""

import argparse
import base64
import json
import re
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from mien.batches import normalise, true_crops
from mien.checkpoints import load
from mien.config import Config
from mien.datasets import load_gray
from mien.export import MODELS, read_registry, write_registry
from mien.models import LandmarkNetwork
from mien.models.layers import SpatialSoftmax
from mien.models.networks import in_pairs
from mien.schemes import SCHEMES, Scheme
from mien.transforms import crop_picture

FORMAT_VERSION = 1
NAME = "learning.json"
SAMPLE = MODELS.parent / "samples" / "astronaut.png"
SAMPLE_BOX = (176.0, 68.0, 272.0, 196.0)  # left, top, right, bottom of the face from brows to chin, px
MAP_SIDE = 32  # cells; larger maps are reduced to it
POINT_RANGE = (-0.5, 1.5)  # crop units that a point's 16 bits span


class Frame(NamedTuple):
    """What a network made of the crop after one epoch."""

    epoch: int
    points: np.ndarray  # (P, 2), crop units
    maps: np.ndarray | None  # (M, h, w), each summing to 1


def checkpoints_of(folder: Path, suffix: str = "") -> dict[int, Path]:
    """Checkpoints by their epoch, in order. Raises ValueError naming the folder when there are none."""
    pattern = re.compile(rf"(\d+){re.escape(suffix)}\.safetensors")
    found = {int(match[1]): path for path in folder.iterdir() if (match := pattern.fullmatch(path.name))}
    if not found:
        raise ValueError(f"{folder}: holds no <epoch>{suffix}.safetensors")
    return dict(sorted(found.items()))


def chosen_epochs(epochs: list[int], count: int) -> list[int]:
    """At most `count` of them, close together at the beginning, where most is learned; the first and the last among
    them."""
    if len(epochs) <= count:
        return epochs
    places = np.unique(np.geomspace(1, len(epochs), count).round().astype(int) - 1)
    return [epochs[place] for place in places]


def shown_points(scheme: Scheme) -> list[int]:
    """Whose maps are shown: the middle of each group, or the first point where there are none."""
    return sorted({group[len(group) // 2] for group in scheme.groups.values()}) or [0]


@torch.no_grad()
def look(network: LandmarkNetwork, crop: Tensor, shown: list[int]) -> tuple[np.ndarray, np.ndarray | None]:
    """Points (P, 2) and the maps (M, h, w) of the shown ones; no maps where the head reads no points from any."""
    points, logits = network.head(network.encoder(crop))
    if logits is None:
        return in_pairs(points.float())[0].numpy(), None
    maps = SpatialSoftmax()(logits.float())[:, shown]
    while max(maps.shape[-2:]) > MAP_SIDE:
        maps = functional.avg_pool2d(maps, 2) * 4
    return in_pairs(points.float())[0].numpy(), maps[0].numpy()


def sample_crop(network: LandmarkNetwork, config: Config, shown: list[int]) -> tuple[Tensor, np.ndarray]:
    """((1, 1, H, W), what the network reads of the sample's face; (2, 3), crop units to the sample's px). As in the
    app, a second crop is made by the points found in the first, where they span a face."""
    picture = load_gray(SAMPLE)
    left, top, right, bottom = SAMPLE_BOX
    box = torch.tensor([[[left, top], [right, bottom]]])
    for _ in range(2):
        affine = true_crops(box, config)[0].numpy()
        grey = torch.from_numpy(crop_picture(picture, affine, config.input.size)).float() / 255
        crop = normalise(grey, config)[None, None]
        if SCHEMES[config.scheme].eyes is None:
            break
        points, _ = look(network, crop, shown)
        box = torch.from_numpy(points @ affine[:, :2].T + affine[:, 2]).float().unsqueeze(0)
    return crop, affine


def record(folder: Path, suffix: str, count: int) -> dict:
    """The film as `LearningFilm` of src/features/lab/learned/film.ts reads it."""
    paths = checkpoints_of(folder, suffix)
    epochs = chosen_epochs(list(paths), count)
    last, config, _ = load(paths[epochs[-1]])
    shown = shown_points(SCHEMES[config.scheme])
    crop, affine = sample_crop(last, config, shown)
    frames = [Frame(epoch, *look(load(paths[epoch])[0], crop, shown)) for epoch in epochs]
    low, high = POINT_RANGE
    points = np.stack([frame.points for frame in frames])
    film = {
        "formatVersion": FORMAT_VERSION,
        "scheme": config.scheme,
        "pointCount": points.shape[1],
        "sample": SAMPLE.name,
        # x and y of the picture are [a, c, e] and [b, d, f] of those of the crop, as in Affine of src/engine/types
        "toSample": affine.T.ravel().round(4).tolist(),
        "epochs": epochs,
        "ofEpochs": max(paths),
        "pointRange": list(POINT_RANGE),
        "points": base64_of(((points - low) / (high - low) * 65535).round().clip(0, 65535).astype("<u2")),
    }
    if frames[0].maps is None:
        return film
    maps = np.stack([frame.maps for frame in frames])
    peaks = maps.max((2, 3), keepdims=True)
    cells = (maps / np.maximum(peaks, 1e-12) * 255).round().astype(np.uint8)
    height, width = maps.shape[2:]
    return film | {"maps": {"points": shown, "width": width, "height": height, "cells": base64_of(cells)}}


def base64_of(values: np.ndarray) -> str:
    return base64.b64encode(values.tobytes()).decode()


def write(film: dict, name: str, models: Path) -> Path:
    """Writes the film beside the model of that id and into the registry. Raises ValueError where there is none."""
    entries = read_registry(models)
    entry = next((entry for entry in entries if entry["id"] == name), None)
    if entry is None:
        raise ValueError(f"{models}: the registry has no model {name}")
    path = models / name / NAME
    path.write_text(json.dumps(film, separators=(",", ":")) + "\n")
    entry["learning"] = path.relative_to(models).as_posix()
    write_registry(models, entries)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="of the checkpoints, one an epoch")
    parser.add_argument("--id", required=True, help="of the app's model that was learned")
    parser.add_argument("--suffix", default="", help="between the epoch and .safetensors, such as -maps")
    parser.add_argument("--frames", type=int, default=24, help="epochs at most (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=MODELS, help="the app's models (default: %(default)s)")
    options = parser.parse_args()
    try:
        path = write(record(options.folder, options.suffix, options.frames), options.id, options.out)
    except (OSError, RuntimeError, ValueError) as error:
        raise SystemExit(f"mien.learning_film: {error}") from error
    print(f"{path.stat().st_size:>10,} bytes  {path}")


if __name__ == "__main__":
    main()
