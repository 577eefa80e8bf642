"""What one network can hand to another: points for faces whose labels are poor, and weights to start from."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

from mien.batches import normalise, true_crops
from mien.checkpoints import load, save_atomically
from mien.config import Config, ConfigError
from mien.crop_cache import Pack, measured
from mien.models import LandmarkNetwork, Trainee, unpack
from mien.schemes import SCHEMES
from mien.transforms import apply, crop_pictures, mirrored

PASSES = 2  # the second crop comes from the first pass's points
BATCH = 64


@torch.no_grad()
def points_by(network: LandmarkNetwork, config: Config, images: Tensor, faces: Tensor) -> Tensor:
    """(N, P, 2) points, px of the pictures (N, 1, S, S) uint8, by a network in `PASSES` passes that start from crops
    about `faces`, all points of each or the corners of its box; each the mean of what it sees in the crop and in its
    mirror image."""
    renamed = list(SCHEMES[config.scheme].mirror)

    def seen(affine: Tensor) -> Tensor:
        crops = normalise(crop_pictures(images, torch.arange(len(images)), affine, config.input.size), config)
        return apply(affine, unpack(network(crops), config.head.values).points)

    for _ in range(PASSES):
        affine = true_crops(faces, config)
        faces = (seen(affine) + seen(mirrored(affine))[:, renamed]) / 2
    return faces


def pinned(field: str, path: Path, sha256: str) -> None:
    """Raises ConfigError naming the field where a file is not the one that a configuration pins; "" pins none."""
    if not sha256:
        return
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise ConfigError(f"{field}: {path}: cannot be read ({error.strerror})") from error
    if found != sha256:
        raise ConfigError(f"{field}: {path} has SHA-256 {found[:12]}…, the configuration pins {sha256[:12]}…")


def relabelled(
    pack: Pack, data_sets: tuple[str, ...], teacher: Path, cache: Path, share: float = 0.0, sha256: str = ""
) -> Pack:
    """The pack with the points of these data sets by the teacher, kept in `cache`; the labels of all others move
    `share` (0..1) of the way to its points, and where that is over 0, points without a label are the teacher's. Raises
    ConfigError naming the teacher when it cannot be used."""
    pinned("data.teacher", teacher, sha256)
    try:
        network, config, _ = load(teacher)
        weights = teacher.read_bytes()
    except (OSError, ValueError) as error:
        raise ConfigError(f"data.teacher: {error}") from error
    if SCHEMES[config.scheme].point_count != pack.points.shape[1]:
        raise ConfigError(f"data.teacher: {teacher} has other points than the data")
    machine = torch.tensor([name in data_sets for name in pack.data_sets])
    which = [i for i, labelled_so in enumerate(machine.tolist()) if labelled_so or share > 0]
    if not which:
        return pack
    digest = hashlib.sha256(weights + pack.points[which].numpy().tobytes()).hexdigest()[:16]
    path = cache / f"relabelled-{digest}.npy"
    if not path.exists():
        parts = torch.tensor(which).split(BATCH)
        bar = tqdm(parts, desc=f"relabelling by {teacher.stem}", leave=False)
        found = torch.cat([points_by(network, config, pack.images[part], pack.boxes[part]) for part in bar])
        save_atomically(path, lambda to: np.save(to.open("wb"), found.numpy()))
    points, taught = pack.points.clone(), torch.from_numpy(np.load(path))
    mixed = torch.where(points[which].isnan(), taught, points[which].lerp(taught, share))
    points[which] = torch.where(machine[which].view(-1, 1, 1), taught, mixed)
    return replace(pack, points=points, **measured(points, SCHEMES[config.scheme]))


def load_matching_weights(mine: nn.Module, theirs: nn.Module) -> int:
    """Copies the weights of the same name and shape; returns how many values."""
    own = mine.state_dict()
    fitting = {
        name: value
        for name, value in theirs.state_dict().items()
        if name in own and own[name].shape == value.shape and value.is_floating_point()
    }
    mine.load_state_dict(own | fitting)
    return sum(value.numel() for value in fitting.values())


def loaded(path: Path) -> tuple[LandmarkNetwork, Config]:
    """A checkpoint to start from. Raises ConfigError naming it when it is none."""
    try:
        network, config, _ = load(path)
    except (OSError, ValueError) as error:
        raise ConfigError(f"start: {error}") from error
    return network, config


def start_from(trainee: Trainee, path: Path) -> int:
    """Takes over what fits of a checkpoint, so that a network with fewer blocks starts from the first of each stage,
    and of the heads that the same run left beside it (`last-maps.safetensors` beside `last.safetensors`); returns how
    many values. Raises ConfigError naming the checkpoint when it is none, or its encoder is another."""
    network, config = loaded(path)
    taken = load_matching_weights(trainee.network.encoder, network.encoder)
    if not taken:
        raise ConfigError(f"start: {path}: none of its encoder's weights fits")
    theirs = {
        "uncertainty": network.uncertainty,
        "visibility": network.visibility,
        config.head.kind: network.head,
    }
    parts = {
        "uncertainty": trainee.network.uncertainty,
        "visibility": trainee.network.visibility,
        trainee.own: trainee.network.head,
        **trainee.companions,
    }
    for name, part in parts.items():
        beside = path.with_name(f"{path.stem}-{name}{path.suffix}")
        if name not in theirs and beside.exists():
            theirs[name] = loaded(beside)[0].head
        if part is not None and theirs.get(name) is not None:
            taken += load_matching_weights(part, theirs[name])
    return taken
