"""Packs: every face of a data set cut out once, grey and at one size, so that training draws its crops from memory."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from mien.checkpoints import save_atomically
from mien.config import Config, ConfigError, DataConfig
from mien.datasets import (
    TRAINING_PARTS,
    DataError,
    LeftOut,
    Sample,
    drawn_by_hash,
    load_gray,
    read_set,
    without_number,
)
from mien.file_cache import digest_of, lacking
from mien.metrics import inter_ocular
from mien.pose import spanning
from mien.schemes import SCHEMES, Scheme
from mien.transforms import box_of, crop_affine, crop_picture

BACKGROUND_TRIES = 6


@dataclass(frozen=True)
class Pack:
    """Faces as one batch of pictures, with points in their px."""

    images: Tensor  # (N, 1, S, S) uint8
    points: Tensor  # (N, P, 2) float32; nan where there is no label
    boxes: Tensor  # (N, 2, 2): corners of the upright box of each whole face
    eyes: Tensor  # (N,) distance of the outer eye corners
    backgrounds: Tensor  # (M, 1, S, S) uint8: parts of the same pictures that touch no labelled face
    crowded: Tensor  # (N,) bool: whether other labelled faces stand in the same picture
    weights: Tensor  # (N,) how often each face is drawn in training
    data_sets: list[str]
    subjects: list[str]


def cut(
    sample: Sample, size: int, coverage: float, crowded: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """One sample to its (size, size) picture, `coverage` times as wide as the box of the whole face, its last pixels
    going on where it ends; (P, 2) points in it; the corners (2, 2) of that box; and the (size, size) background squares
    found, none where other faces stand in the picture."""
    image = load_gray(sample.image)
    whole = span_of(sample)
    centre, side = box_of(torch.from_numpy(whole).unsqueeze(0))
    affine = crop_affine(centre, side * coverage)[0].numpy()
    local, box = ((points - affine[:, 2]) / (float(side) * coverage) * size for points in (sample.points, whole))
    found = np.empty((0, size, size), np.uint8) if crowded else backgrounds(image, whole, sample, size)
    picture = crop_picture(image, affine, (size, size))
    return picture, local, np.stack([box.min(0), box.max(0)]), found


def span_of(sample: Sample) -> np.ndarray:
    """(P, 2) points that span the whole face of a sample, all of them there."""
    return spanning(sample.points[None], SCHEMES[sample.scheme])[0]


def crowds(samples: list[Sample]) -> list[bool]:
    """Whether another of the samples stands in the same picture, or in another part of it (`name_1`, `name_2`)."""
    pictures = [(s.data_set, s.image.parent, picture_of(s)) for s in samples]
    count = Counter(pictures)
    return [count[picture] > 1 for picture in pictures]


def picture_of(sample: Sample) -> str:
    """The picture a sample is from: its file, or what its file was cut out of where the set's subjects are pictures."""
    whole = without_number(sample.image.stem)
    return whole if sample.subject == f"{sample.data_set}/{whole}" else sample.image.stem


def backgrounds(image: np.ndarray, whole: np.ndarray, sample: Sample, size: int) -> np.ndarray:
    """(n, size, size) squares beside the face that `whole` (P, 2) spans, n from 0 to 1; the draw depends on the file's
    name alone."""
    rng = np.random.default_rng(int.from_bytes(hashlib.sha256(sample.image.name.encode()).digest()[:8], "little"))
    low, high = whole.min(0), whole.max(0)
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
    whole = torch.from_numpy(spanning(points.numpy(), scheme))
    boxes = torch.stack([whole.amin(1), whole.amax(1)], 1)
    return {"boxes": boxes, "eyes": torch.from_numpy(inter_ocular(points.numpy(), scheme))}


def cut_all(samples: list[Sample], size: int, coverage: float, left_out: LeftOut) -> dict[str, np.ndarray]:
    """The arrays of a pack, and `kept`: which of the samples are in it. A bad picture raises a DataError naming it;
    given a list `left_out`, it is noted there and skipped."""
    parts, crowded = {}, crowds(samples)
    for i, sample in enumerate(tqdm(samples, desc="cutting faces out", leave=False)):
        try:
            parts[i] = cut(sample, size, coverage, crowded[i])
        except DataError as error:
            if left_out is None:
                raise
            left_out.append(error)
    if not parts:
        raise ConfigError("data.sets: not one picture can be read")
    images, points, boxes, backgrounds = zip(*parts.values(), strict=True)
    return {
        "images": np.stack(images)[:, None],
        "points": np.stack(points).astype(np.float32),
        "boxes": np.stack(boxes).astype(np.float32),
        "crowded": np.array([crowded[i] for i in parts]),
        "backgrounds": np.concatenate(backgrounds)[:, None],
        "kept": np.array(list(parts)),
    }


def pack_of(arrays: Mapping[str, np.ndarray], samples: list[Sample]) -> Pack:
    """A pack of samples of one scheme, as `cut_all` cut them."""
    kept, points = [samples[i] for i in arrays["kept"]], torch.from_numpy(arrays["points"])
    return Pack(
        images=torch.from_numpy(arrays["images"]),
        points=points,
        boxes=torch.from_numpy(arrays["boxes"]),
        eyes=torch.from_numpy(inter_ocular(arrays["points"], SCHEMES[samples[0].scheme])),
        backgrounds=torch.from_numpy(arrays["backgrounds"]),
        crowded=torch.from_numpy(arrays["crowded"]),
        weights=torch.tensor([sample.weight for sample in kept]),
        data_sets=[sample.data_set for sample in kept],
        subjects=[sample.subject for sample in kept],
    )


def build(samples: list[Sample], size: int, coverage: float = 2.4) -> Pack:
    """Cuts samples of one scheme out; a bad picture raises a DataError naming it."""
    return pack_of(cut_all(samples, size, coverage, None), samples)


def load_faces(samples: list[Sample], options: DataConfig, cache: Path, scheme: Scheme) -> Pack:
    """The samples, in their order, with the points of `scheme` out of those they have. Raises ValueError where a
    sample has not all of them."""
    parts = []
    for source, group in groupby(samples, lambda sample: SCHEMES[sample.scheme]):
        pack, which = load_or_build(list(group), options, cache), list(scheme.among(source))
        parts.append(replace(pack, points=pack.points[:, which]))
    return parts[0] if len(parts) == 1 else joined(parts)


def joined(packs: list[Pack]) -> Pack:
    """One after the other."""
    tensors = {
        name: torch.cat([getattr(pack, name) for pack in packs])
        for name in ("images", "points", "boxes", "eyes", "backgrounds", "crowded", "weights")
    }
    lists = {name: [x for pack in packs for x in getattr(pack, name)] for name in ("data_sets", "subjects")}
    return Pack(**tensors, **lists)


def load_or_build(samples: list[Sample], options: DataConfig, cache: Path) -> Pack:
    """The samples cut out, kept in `cache` under a name that changes with the samples' files, points, size and
    coverage. Prints which pictures are bad and so left out."""
    how = f"{options.cache_px} {options.coverage} 4"
    path = cache / f"{digest_of(how, samples, lambda sample: f' {sample.subject}')}.npz"
    with lacking(path) as is_lacking:
        if is_lacking:
            left_out: list[DataError] = []
            arrays = cut_all(samples, options.cache_px, options.coverage, left_out)
            save_atomically(path, lambda to: write(to, **arrays, left_out=np.array(list(map(str, left_out)), np.str_)))
    with np.load(path) as stored:
        for error in stored["left_out"]:
            print(f"left out: {error}")
        return pack_of(stored, samples)


def write(path: Path, **arrays: np.ndarray) -> None:
    with path.open("wb") as file:
        np.savez(file, **arrays)


def held_out(sample: Sample, share: float) -> bool:
    """Whether a person or picture belongs to the validation part: as its set says, else by hash of its subject."""
    return drawn_by_hash(sample.subject, share) if sample.held_out is None else sample.held_out


SHIPPED_SHARE = 0.08  # held out by every configuration of the networks that ship


def held_out_faces(data: Path) -> list[Sample]:
    """Those of 300-W that no network that ships was trained on."""
    samples = [sample for name in TRAINING_PARTS for sample in read_set(data, name)]
    return [sample for sample in samples if held_out(sample, SHIPPED_SHARE)]


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
    outside = [s for s in read_samples(config.data, data) if held_out(s, config.data.held_out)]
    if not outside:
        raise ConfigError("data.held_out: leaves no face to choose by")
    return load_faces(outside, config.data, cache, SCHEMES[config.scheme])


def load_training(config: Config, data: Path, cache: Path) -> Pack:
    """The faces of all others."""
    inside = [s for s in read_samples(config.data, data) if not held_out(s, config.data.held_out)]
    return load_faces(inside, config.data, cache, SCHEMES[config.scheme])
