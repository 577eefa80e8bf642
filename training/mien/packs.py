"""Packs: every face of a data set cut out once, grey and at one size, so that training draws its crops from memory."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import numpy as np
import torch
from filelock import FileLock
from torch import Tensor
from tqdm import tqdm

from mien.checkpoints import save_atomically
from mien.config import Config, ConfigError, DataConfig
from mien.datasets import DataError, LeftOut, Sample, load_gray, read_set
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
    weights: Tensor  # (N,) how often each face is drawn in training
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


def cut_all(samples: list[Sample], size: int, left_out: LeftOut) -> dict[str, np.ndarray]:
    """The arrays of a pack, and `kept`: which of the samples are in it. A bad picture raises a DataError naming it;
    given a list `left_out`, it is noted there and skipped."""
    parts = {}
    for i, sample in enumerate(tqdm(samples, desc="cutting faces out", leave=False)):
        try:
            parts[i] = cut(sample, size)
        except DataError as error:
            if left_out is None:
                raise
            left_out.append(error)
    if not parts:
        raise ConfigError("data.sets: not one picture can be read")
    images, points, backgrounds = zip(*parts.values(), strict=True)
    return {
        "images": np.stack(images)[:, None],
        "points": np.stack(points).astype(np.float32),
        "backgrounds": np.concatenate(backgrounds)[:, None],
        "kept": np.array(list(parts)),
    }


def pack_of(arrays: Mapping[str, np.ndarray], samples: list[Sample]) -> Pack:
    """A pack of samples of one scheme, as `cut_all` cut them."""
    kept, points = [samples[i] for i in arrays["kept"]], torch.from_numpy(arrays["points"])
    return Pack(
        torch.from_numpy(arrays["images"]), points, **measured(points, SCHEMES[samples[0].scheme]),
        backgrounds=torch.from_numpy(arrays["backgrounds"]), weights=torch.tensor([sample.weight for sample in kept]),
        data_sets=[sample.data_set for sample in kept], subjects=[sample.subject for sample in kept],
    )  # fmt: skip


def build(samples: list[Sample], size: int) -> Pack:
    """Cuts samples of one scheme out; a bad picture raises a DataError naming it."""
    return pack_of(cut_all(samples, size, None), samples)


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
        for name in ("images", "points", "boxes", "eyes", "backgrounds", "weights")
    }
    lists = {name: [x for pack in packs for x in getattr(pack, name)] for name in ("data_sets", "subjects")}
    return Pack(**tensors, **lists)


def load_or_build(samples: list[Sample], size: int, cache: Path) -> Pack:
    """The samples cut out, kept in `cache` under a name that changes with the samples' files, points and the size.
    Prints which pictures are bad and so left out."""
    digest = hashlib.sha256(f"{size} {COVERAGE} 3".encode())
    for sample in samples:
        digest.update(f"{sample.image.resolve()} {sample.image.stat().st_size} {sample.subject}".encode())
        digest.update(sample.points.tobytes())
    path = cache / f"{digest.hexdigest()[:16]}.npz"
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock")):  # of several processes one cuts, and the others wait
        if not path.exists():
            left_out: list[DataError] = []
            arrays = cut_all(samples, size, left_out)
            save_atomically(path, lambda to: write(to, **arrays, left_out=np.array(list(map(str, left_out)), np.str_)))
    with np.load(path) as stored:
        for error in stored["left_out"]:
            print(f"left out: {error}")
        return pack_of(stored, samples)


def write(path: Path, **arrays: np.ndarray) -> None:
    with path.open("wb") as file:
        np.savez(file, **arrays)


def held_out(subject: str, share: float) -> bool:
    """Whether a person or picture belongs to the validation part: by hash, so the same in every run and list."""
    draw = int.from_bytes(hashlib.sha256(subject.encode()).digest()[:4], "little") / 2**32
    return draw < share


def read_samples(options: DataConfig, data: Path) -> list[Sample]:
    """The samples of every set of a configuration, with how often each is drawn. Prints what was left out and why."""
    samples = []
    for name, weight in zip(options.sets, options.weights, strict=True):
        left_out: list[DataError] = []
        samples += [replace(sample, weight=weight) for sample in read_set(data, name, left_out)]
        for error in left_out:
            print(f"left out: {error}")
    return samples


def load_held_out(config: Config, data: Path, cache: Path) -> Pack:
    """The faces of the people and pictures that are held out. Raises ConfigError if there are none."""
    outside = [s for s in read_samples(config.data, data) if held_out(s.subject, config.data.held_out)]
    if not outside:
        raise ConfigError("data.held_out: leaves no face to choose by")
    return load_faces(outside, config.data.pack_px, cache, SCHEMES[config.scheme])


def load_training(config: Config, data: Path, cache: Path) -> Pack:
    """The faces of all others."""
    inside = [s for s in read_samples(config.data, data) if not held_out(s.subject, config.data.held_out)]
    return load_faces(inside, config.data.pack_px, cache, SCHEMES[config.scheme])
