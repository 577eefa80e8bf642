"""What one network can hand to another: points for faces whose labels are poor, and weights to start from."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from mien.batches import normalise, true_crops
from mien.checkpoints import load, save_atomically
from mien.config import Config, ConfigError
from mien.models import LandmarkNetwork, Trainee, unpack
from mien.packs import Pack
from mien.schemes import SCHEMES
from mien.transforms import apply, mirrored, warp

PASSES = 2  # the second crop comes from the first pass's points
BATCH = 64


@torch.no_grad()
def points_by(network: LandmarkNetwork, config: Config, images: Tensor, points: Tensor) -> Tensor:
    """(N, P, 2) points, px of the pictures (N, 1, S, S) uint8, by a network in `PASSES` passes that start from crops
    about `points`; each the mean of what it sees in the crop and in its mirror image."""
    renamed = list(SCHEMES[config.scheme].mirror)

    def seen(affine: Tensor) -> Tensor:
        crops = normalise(warp(images.float() / 255, affine, config.input.size), config)
        return apply(affine, unpack(network(crops))[0])

    for _ in range(PASSES):
        affine = true_crops(points, config)
        points = (seen(affine) + seen(mirrored(affine))[:, renamed]) / 2
    return points


def relabelled(pack: Pack, data_sets: tuple[str, ...], teacher: Path, cache: Path) -> Pack:
    """The pack with the points of these data sets by the teacher, kept in `cache`. Raises ConfigError naming the
    teacher when it cannot be used."""
    try:
        network, config, _ = load(teacher)
        weights = teacher.read_bytes()
    except (OSError, ValueError) as error:
        raise ConfigError(f"data.teacher: {error}") from error
    if SCHEMES[config.scheme].point_count != pack.points.shape[1]:
        raise ConfigError(f"data.teacher: {teacher} has other points than the data")
    which = [i for i, name in enumerate(pack.data_sets) if name in data_sets]
    digest = hashlib.sha256(weights + pack.points[which].numpy().tobytes()).hexdigest()[:16]
    path = cache / f"relabelled-{digest}.npy"
    if not path.exists():
        parts = torch.tensor(which).split(BATCH)
        bar = tqdm(parts, desc=f"relabelling by {teacher.stem}", leave=False)
        found = torch.cat([points_by(network, config, pack.images[part], pack.points[part]) for part in bar])
        save_atomically(path, lambda to: np.save(to.open("wb"), found.numpy()))
    points = pack.points.clone()
    points[which] = torch.from_numpy(np.load(path))
    return replace(pack, points=points)


def start_from(trainee: Trainee, path: Path) -> None:
    """Takes over a checkpoint's encoder, its head where the trainee has one of that kind, and its doubt. Raises
    ConfigError naming the checkpoint when it is of another make."""
    try:
        network, config, _ = load(path)
        trainee.network.encoder.load_state_dict(network.encoder.state_dict())
        trainee.network.doubt.load_state_dict(network.doubt.state_dict())
        heads = {trainee.own: trainee.network.head, **trainee.companions}
        if head := heads.get(config.head.kind):
            head.load_state_dict(network.head.state_dict())
    except (OSError, ValueError, RuntimeError) as error:
        raise ConfigError(f"start: {path}: {error}") from error
