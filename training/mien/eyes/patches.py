"""Where the patch of an eye lies, and every eye of the data sets cut out once.

The patch is parallel to the crop that follows the face (upright by the head's own axis, `CROP_MARGIN` times as wide as
the box of the points once they stand upright), its middle is the mean of the eye's six points, and its sides are shares
of the crop's. A left eye is mirrored."""

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from mien.checkpoints import save_atomically
from mien.crop_cache import span_of
from mien.datasets import Sample, load_gray
from mien.eyes.network import SIZE
from mien.file_cache import digest_of, lacking
from mien.pose import upright_rad, yaw_deg
from mien.schemes import IBUG68
from mien.transforms import apply, box_of, crop_affine, crop_picture, invert, mirrored

CROP_MARGIN = 1.4
PATCH_SHARE = 0.30  # of the crop's side, that the patch is wide
RIGHT, LEFT = (36, 37, 38, 39, 40, 41), (45, 44, 43, 42, 47, 46)  # the person's own, the outer corner first
COVERAGE = 1.6  # of an eye that was cut out, in patches
CUT_SIZE = 120, 160  # px, height and width of it: 1.6 times as fine as a patch
CUT_PATCH_PX = CUT_SIZE[1] / COVERAGE  # width of the patch in it
BESIDE = 0.75  # patches' widths, that a patch beside the eyes lies off each at least


def side_and_angle(points: Tensor) -> tuple[Tensor, Tensor]:
    """Of the crops that follow faces (N, 68, 2): their sides (N,) px and by how much they are turned (N,), radians."""
    angle = torch.from_numpy(upright_rad(points.double().numpy(), IBUG68)).to(points.dtype)
    cos, sin = angle.cos(), angle.sin()
    back = torch.stack([torch.stack([cos, sin], -1), torch.stack([-sin, cos], -1)], -2)
    return box_of(points @ back.mT)[1] * CROP_MARGIN, angle


def eye_affines(points: Tensor) -> Tensor:
    """Faces (N, 68, 2) px to the patches of their eyes (N, 2, 2, 3), patch units to px: the person's right one, then
    the left one, mirrored."""
    side, angle = side_and_angle(points)
    right, left = (
        crop_affine(points[:, list(eye)].mean(1), side * PATCH_SHARE, angle, size=SIZE) for eye in (RIGHT, LEFT)
    )
    return torch.stack([right, mirrored(left)], 1)


def grown(affine: Tensor, factor: float) -> Tensor:
    """Patches with as much more around them."""
    linear = affine[..., :2] * factor
    middle = affine[..., :2].sum(-1) / 2 + affine[..., 2]
    return torch.cat([linear, (middle - linear.sum(-1) / 2)[..., None]], -1)


@dataclass(frozen=True)
class Eyes:
    """Eyes cut out, all as right ones. Places in px of what was cut out."""

    images: Tensor  # (N, 1, *CUT_SIZE) uint8
    lids: Tensor  # (N, 6, 2); nan where there is no label
    away_deg: Tensor  # (N,) how far the head is turned so that this eye is the far one; negative: the near one
    placed: Tensor  # (N,) bool: whether the lids were labelled by hand
    beside: Tensor  # (M, 1, *CUT_SIZE) uint8: patches of the same faces beside their eyes


def openings(lids: Tensor) -> Tensor:
    """(N, 6, 2) lids to the mean gap between them over the eye's width (N,)."""
    gap = (lids[:, 1] - lids[:, 5]).norm(dim=-1) + (lids[:, 2] - lids[:, 4]).norm(dim=-1)
    return gap / 2 / (lids[:, 3] - lids[:, 0]).norm(dim=-1)


def cut(sample: Sample, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Both eyes of a face, or the one that has labels, and a patch beside them."""
    gray = load_gray(sample.image)
    whole = torch.from_numpy(span_of(sample)).float()[None]
    affines = eye_affines(whole)[0]
    yaw = float(yaw_deg(sample.points[None], IBUG68)[0])
    parts: dict[str, list] = {name: [] for name in ("images", "lids", "away_deg", "placed")}
    for i, eye in enumerate((RIGHT, LEFT)):
        labels = sample.points[list(eye)]
        if not np.isfinite(labels).all():
            continue
        affine = grown(affines[i], COVERAGE)
        local = scaled(apply(invert(affine[None]), torch.from_numpy(labels)[None]))[0].numpy()
        parts["images"].append(crop_picture(gray, affine.numpy(), CUT_SIZE)[None])
        parts["lids"].append(local)
        parts["away_deg"].append(yaw if i else -yaw)
        parts["placed"].append(sample.placed)
    return {**{name: np.array(part) for name, part in parts.items()}, "beside": beside(gray, affines, rng)}


def beside(gray: np.ndarray, affines: Tensor, rng: np.random.Generator) -> np.ndarray:
    """(n, 1, *CUT_SIZE) a patch of the face that shows no eye, n 0 or 1."""
    middles = affines[..., :2].sum(-1).numpy() / 2 + affines[..., 2].numpy()
    wide = float(affines[0, :, 0].norm())
    turn = rng.uniform(-0.3, 0.3)
    for _ in range(6):
        place = middles.mean(0) + rng.uniform(-2.2, 2.2, 2) * wide
        if (np.linalg.norm(middles - place, axis=1) > (BESIDE + COVERAGE / 2 - 0.5) * wide).all():
            side = torch.tensor([wide * COVERAGE * rng.uniform(0.6, 1.2)]).float()
            affine = crop_affine(torch.from_numpy(place).float()[None], side, torch.tensor([turn]), size=CUT_SIZE)
            return crop_picture(gray, affine[0].numpy(), CUT_SIZE)[None, None]
    return np.empty((0, 1, *CUT_SIZE), np.uint8)


def scaled(points: Tensor) -> Tensor:
    """Units of what was cut out to its px."""
    return points * points.new_tensor([CUT_SIZE[1], CUT_SIZE[0]])


def cut_all(samples: list[Sample]) -> Eyes:
    rng = np.random.default_rng(1)
    parts = []
    for sample in tqdm(samples, desc="cutting eyes out", leave=False):
        part = cut(sample, rng)
        if len(part["images"]):
            parts.append(part)

    def joined(name: str) -> Tensor:
        return torch.from_numpy(np.concatenate([part[name] for part in parts]))

    return Eyes(
        images=joined("images"),
        lids=joined("lids").float(),
        away_deg=joined("away_deg").float(),
        placed=joined("placed"),
        beside=joined("beside"),
    )


def load_or_cut(samples: list[Sample], cache: Path) -> Eyes:
    """The eyes of the samples, kept in `cache` under a name that changes with their files and points."""
    path = cache / f"eyes-{digest_of(f'eyes {CUT_SIZE} {COVERAGE} 3', samples)}.pt"
    with lacking(path) as is_lacking:
        if is_lacking:
            eyes = cut_all(samples)
            save_atomically(path, lambda to: torch.save({f.name: getattr(eyes, f.name) for f in fields(Eyes)}, to))
    return Eyes(**torch.load(path))
