"""Packs: every face of a data set cut out once, grey and at one size, so that training draws its crops from memory."""

import hashlib
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from mien.checkpoints import save_atomically
from mien.config import Config, ConfigError, DataConfig
from mien.datasets import DataError, Sample, load_gray, read_set
from mien.metrics import inter_ocular
from mien.schemes import SCHEMES, Scheme
from mien.transforms import box_of, crop_affine, crop_picture

COVERAGE = 2.4  # side of a pack's picture over the larger side of the points' box
BACKGROUND_TRIES = 6


@dataclass(frozen=True)
class Pack:
    """Faces as one batch of pictures, with points in their px."""

    images: Tensor  # (N, 1, S, S) uint8
    points: Tensor  # (N, P, 2) float32
    boxes: Tensor  # (N, 2, 2): corners of the upright box of all points of each face, of which `points` may be a choice
    eyes: Tensor  # (N,) distance of the outer eye corners
    backgrounds: Tensor  # (M, 1, S, S) uint8: parts of the same pictures that do not touch the face
    data_sets: list[str]
    subjects: list[str]


def cut(sample: Sample, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One sample to its (size, size) picture, (P, 2) points in it, and the (size, size) background squares found."""
    image = load_gray(sample.image)
    points = torch.from_numpy(sample.points).unsqueeze(0)
    centre, side = box_of(points)
    affine = crop_affine(centre, side * COVERAGE)[0].numpy()
    local = (sample.points - affine[:, 2]) / (float(side) * COVERAGE) * size
    return crop_picture(image, affine, (size, size)), local, backgrounds(image, sample, size)


def backgrounds(image: np.ndarray, sample: Sample, size: int) -> np.ndarray:
    """(n, size, size) squares beside the face, n from 0 to 1; the draw depends on the file's name alone."""
    rng = np.random.default_rng(int.from_bytes(hashlib.sha256(sample.image.name.encode()).digest()[:8], "little"))
    low, high = sample.points.min(0), sample.points.max(0)
    face = float((high - low).max())
    height, width = image.shape
    for _ in range(BACKGROUND_TRIES):
        side = face * rng.uniform(0.4, 1.2)
        if side >= min(width, height):
            continue
        corner = rng.uniform([0, 0], [width - side, height - side])
        if (corner > high + 0.05 * face).any() or (corner + side < low - 0.3 * face).any():
            affine = np.array([[side, 0, corner[0]], [0, side, corner[1]]])
            return crop_picture(image, affine, (size, size))[None]
    return np.empty((0, size, size), np.uint8)


def measured(points: Tensor, scheme: Scheme) -> dict[str, Tensor]:
    """The boxes and eye distances of a pack of faces with these points (N, P, 2), all that were labelled."""
    boxes = torch.stack([points.amin(1), points.amax(1)], 1)
    return {"boxes": boxes, "eyes": torch.from_numpy(inter_ocular(points.numpy(), scheme))}


def pack_of(images: np.ndarray, points: np.ndarray, backgrounds: np.ndarray, samples: list[Sample]) -> Pack:
    """A pack of samples of one scheme."""
    faces = torch.from_numpy(points)
    return Pack(
        torch.from_numpy(images), faces, **measured(faces, SCHEMES[samples[0].scheme]),
        backgrounds=torch.from_numpy(backgrounds),
        data_sets=[sample.data_set for sample in samples], subjects=[sample.subject for sample in samples],
    )  # fmt: skip


def build(samples: list[Sample], size: int) -> Pack:
    """Cuts samples of one scheme out; a bad picture raises a DataError naming it."""
    parts = [cut(sample, size) for sample in tqdm(samples, desc="cutting faces out", leave=False)]
    return pack_of(
        np.stack([part[0] for part in parts])[:, None],
        np.stack([part[1] for part in parts]).astype(np.float32),
        np.concatenate([part[2] for part in parts])[:, None],
        samples,
    )


def load_faces(samples: list[Sample], size: int, cache: Path, scheme: Scheme) -> Pack:
    """The samples, in their order, with the points of `scheme` out of those they have. Raises ValueError where a
    sample has not all of them."""
    parts = []
    for source, group in groupby(samples, lambda sample: SCHEMES[sample.scheme]):
        pack, which = load_or_build(list(group), size, cache), list(scheme.among(source))
        parts.append(replace(pack, points=pack.points[:, which]))
    return parts[0] if len(parts) == 1 else joined(parts)


def joined(packs: list[Pack]) -> Pack:
    """One after the other."""
    tensors = {
        name: torch.cat([getattr(pack, name) for pack in packs])
        for name in ("images", "points", "boxes", "eyes", "backgrounds")
    }
    lists = {name: [x for pack in packs for x in getattr(pack, name)] for name in ("data_sets", "subjects")}
    return Pack(**tensors, **lists)


def load_or_build(samples: list[Sample], size: int, cache: Path) -> Pack:
    """`build`, kept in `cache` under a name that changes with the samples' files, points and the size."""
    digest = hashlib.sha256(f"{size} {COVERAGE} 2".encode())
    for sample in samples:
        digest.update(f"{sample.image} {sample.image.stat().st_size} {sample.subject}".encode())
        digest.update(sample.points.tobytes())
    path = cache / f"{digest.hexdigest()[:16]}.npz"
    if path.exists():
        with np.load(path) as stored:
            return pack_of(*(stored[key] for key in ("images", "points", "backgrounds")), samples)
    pack = build(samples, size)
    cache.mkdir(parents=True, exist_ok=True)
    save_atomically(path, lambda to: write(pack, to))
    return pack


def write(pack: Pack, path: Path) -> None:
    with path.open("wb") as file:
        np.savez(
            file,
            images=pack.images.numpy(),
            points=pack.points.numpy(),
            backgrounds=pack.backgrounds.numpy(),
        )


def held_out(subject: str, share: float) -> bool:
    """Whether a person or picture belongs to the validation part: by hash, so the same in every run and list."""
    draw = int.from_bytes(hashlib.sha256(subject.encode()).digest()[:4], "little") / 2**32
    return draw < share


def read_samples(options: DataConfig, data: Path) -> tuple[list[Sample], list[float]]:
    """The samples of every set of a configuration, and how often each is drawn. Prints what was left out and why."""
    samples, weights = [], []
    for name, weight in zip(options.sets, options.weights, strict=True):
        left_out: list[DataError] = []
        found = read_set(data, name, left_out)
        for error in left_out:
            print(f"left out: {error}")
        samples += found
        weights += [weight] * len(found)
    return samples, weights


def load_held_out(config: Config, data: Path, cache: Path) -> Pack:
    """The faces of the people and pictures that are held out. Raises ConfigError if there are none."""
    samples, _ = read_samples(config.data, data)
    outside = [sample for sample in samples if held_out(sample.subject, config.data.held_out)]
    if not outside:
        raise ConfigError("data.held_out: leaves no face to choose by")
    return load_faces(outside, config.data.pack_px, cache, SCHEMES[config.scheme])


def load_training(config: Config, data: Path, cache: Path) -> tuple[Pack, Tensor]:
    """The faces of all others, and how often each is drawn."""
    samples, weights = read_samples(config.data, data)
    inside = [i for i, sample in enumerate(samples) if not held_out(sample.subject, config.data.held_out)]
    pack = load_faces([samples[i] for i in inside], config.data.pack_px, cache, SCHEMES[config.scheme])
    return pack, torch.tensor([weights[i] for i in inside])
