"""Batches drawn from a pack: badly placed on purpose, augmented, some without a face."""

from dataclasses import dataclass

import torch
from torch import Tensor

from mien.augment import Look, augmented, synthetic_background
from mien.config import Config
from mien.crop_cache import Pack
from mien.models import Size
from mien.occluders import occluded
from mien.schemes import SCHEMES, Scheme
from mien.shut_eyes import closings, shut
from mien.transforms import (
    apply,
    box_of,
    crop_affine,
    crop_pictures,
    invert,
    jittered,
    mirrored,
    negative_crops,
    sampled,
)
from mien.visibility import visible


@dataclass(frozen=True)
class Batch:
    crops: Tensor  # (B, 1, H, W), normalised
    points: Tensor  # (B, P, 2), crop units; nan where there is no label, meaningless where presence is 0
    present: Tensor  # (B,) 1 or 0
    visible: Tensor | None = None  # (B, P) 0, hidden, to 1, seen; None where nobody asked

    def to(self, device: str) -> "Batch":
        visible = None if self.visible is None else self.visible.to(device)
        return Batch(self.crops.to(device), self.points.to(device), self.present.to(device), visible)

    @property
    def known(self) -> Tensor:
        """(B, P) 1 where there is a label, else 0."""
        return self.points.isfinite().all(-1).float()


def normalise(grey: Tensor, config: Config) -> Tensor:
    """Grey values 0..1 to what the network reads."""
    return (grey - config.input.mean) / config.input.deviation


def true_places(faces: Tensor, config: Config) -> tuple[Tensor, Tensor]:
    """Centres (N, 2) and longer sides (N,) of the crops from the true boxes of (N, P, 2) faces, in their px: all of
    a face's points, or the corners of their box."""
    centre, side = box_of(faces)
    return centre, side * config.input.crop_margin


def true_crops(faces: Tensor, config: Config) -> Tensor:
    """Affines (N, 2, 3) of those crops."""
    return crop_affine(*true_places(faces, config), size=config.input.size)


def mean_face(pack: Pack, config: Config) -> Tensor:
    """(P, 2): the mean of the true crops' points, crop units."""
    return apply(invert(true_crops(pack.boxes, config)), pack.points).nanmean(0)


def backgrounds(pack: Pack, count: int, size: Size, rng: torch.Generator) -> Tensor:
    """(count, 1, *size) grey crops without a face: half from the pictures, half made up."""
    made = synthetic_background(count, size, rng)
    if not len(pack.backgrounds):
        return made
    which = torch.randint(len(pack.backgrounds), (count,), generator=rng)
    span = float(pack.backgrounds.shape[-1])
    side = span * (0.5 + 0.5 * torch.rand(count, generator=rng))
    centre = torch.full((count, 2), span / 2) + (torch.rand(count, 2, generator=rng) - 0.5) * (span - side[:, None])
    real = sampled(pack.backgrounds, which, crop_affine(centre, side), size)
    return torch.where(torch.rand(count, 1, 1, 1, generator=rng) < 0.5, real, made)


def edges(affine: Tensor, look: Look, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """(B, 4) limits in px of a pack's pictures, left, top, right, bottom, beyond which a crop shows nothing, as where a
    picture ends near a face, and (B,) whether all beyond is black. Drawn alike for crops with a face and without: where
    a picture ends must tell nothing of presence."""
    count = len(affine)
    centre = affine[..., :2].sum(-1) / 2 + affine[..., 2]
    half = affine[..., :2].square().sum(1).sqrt().amax(-1) / 2
    reach = half * (0.7 + 0.5 * torch.rand(count, generator=rng))
    side = torch.randint(4, (count,), generator=rng)
    ends = torch.rand(count, generator=rng) < look.edge
    limits = torch.tensor([-1e6, -1e6, 1e6, 1e6]).repeat(count, 1)
    places = torch.stack([centre[:, 0] - reach, centre[:, 1] - reach, centre[:, 0] + reach, centre[:, 1] + reach], 1)
    here = ends[:, None] & (torch.arange(4) == side[:, None])
    limits = torch.where(here, places, limits)
    return limits, torch.rand(count, generator=rng) < 0.5


def blackened(crops: Tensor, affine: Tensor, limits: Tensor) -> Tensor:
    """(B, 1, H, W) crops with all black that lies beyond the limits (B, 4)."""
    height, width = crops.shape[-2:]
    u, v = (torch.arange(width) + 0.5) / width, (torch.arange(height) + 0.5) / height
    x, y = (u * affine[:, i, :1, None] + v[:, None] * affine[:, i, 1:2, None] + affine[:, i, 2:, None] for i in (0, 1))
    low, high = limits[:, :2, None, None], limits[:, 2:, None, None]
    inside = (x >= low[:, 0]) & (y >= low[:, 1]) & (x <= high[:, 0]) & (y <= high[:, 1])
    return crops * inside.unsqueeze(1)


def training_batch(pack: Pack, indices: Tensor, config: Config, rng: torch.Generator) -> Batch:
    """The faces at `indices` (B,) as augmented crops; the last shares of the batch become crops without a face."""
    count = len(indices)
    centre, side, size = *true_places(pack.boxes[indices], config), config.input.size
    empty = round(count * config.optimise.background)
    wrong = round(count * config.optimise.negative_crops)
    right = count - empty - wrong
    affine = jittered(centre, side, config.jitter, rng, size)
    affine[right:] = negative_crops(centre[right:], side[right:], rng, size, pack.crowded[indices[right:]])

    flip = torch.rand(count, generator=rng) < config.jitter.mirror
    affine = torch.where(flip.view(-1, 1, 1), mirrored(affine), affine)
    points = apply(invert(affine), pack.points[indices])
    renamed = points[:, list(SCHEMES[config.scheme].mirror)]
    points = torch.where(flip.view(-1, 1, 1), renamed, points)

    limits, black = edges(affine, config.look, rng)
    crops = sampled(pack.images, indices, affine, size, limits)
    eyes = SCHEMES[config.scheme].eyes
    if eyes and config.look.shut_eyes:
        closing = closings(count, rng) * (torch.rand(count, 1, generator=rng) < config.look.shut_eyes)
        crops, points = shut(crops, points, eyes, closing)
    if empty:
        crops[count - empty :] = backgrounds(pack, empty, size, rng)
    if black.any():
        crops[black] = blackened(crops[black], affine[black], limits[black])
    present = (torch.arange(count) < right).float()
    behind = torch.zeros(crops.shape, dtype=torch.bool)
    if config.look.occluder:
        crops, behind = occluded(crops, points, config.look.occluder, rng)
    crops, covered = augmented(crops, config.look, rng)
    covered |= behind
    visible = None
    if "visible" in config.head.values:
        visible = visible_points(points, SCHEMES[config.scheme]) * ~at_points(covered, points)
    return Batch(normalise(crops, config), points, present, visible)


def visible_points(points: Tensor, scheme: Scheme) -> Tensor:
    """(B, P) 0, hidden by the head itself, to 1, seen."""
    return torch.from_numpy(visible(points.numpy(), scheme)).to(points.dtype)


def at_points(mask: Tensor, points: Tensor) -> Tensor:
    """(B, P) whether the mask (B, 1, H, W) holds at points (B, P, 2) in crop units; beyond the crop and where there is
    no label it does not."""
    height, width = mask.shape[-2:]
    known = points.nan_to_num(-1)
    inside = ((known >= 0) & (known < 1)).all(-1)
    x, y = ((known[..., i].clamp(0, 1) * side).long().clamp(max=side - 1) for i, side in ((0, width), (1, height)))
    return mask.flatten(1).gather(1, y * width + x) & inside


def true_batch(pack: Pack, indices: Tensor, config: Config) -> Batch:
    """The faces at `indices` in crops from their true boxes, as they are."""
    affine = true_crops(pack.boxes[indices], config)
    crops = crop_pictures(pack.images, indices, affine, config.input.size)
    points = apply(invert(affine), pack.points[indices])
    visible = visible_points(points, SCHEMES[config.scheme]) if "visible" in config.head.values else None
    return Batch(normalise(crops, config), points, torch.ones(len(indices)), visible)


def checking_batch(pack: Pack, indices: Tensor, config: Config, rng: torch.Generator) -> Batch:
    """The faces at `indices` (B,) three times over: in true crops, in badly placed ones, and gone."""
    true = true_batch(pack, indices, config)
    affine = negative_crops(*true_places(pack.boxes[indices], config), rng, config.input.size)
    off = crop_pictures(pack.images, indices, affine, config.input.size)
    empty = normalise(torch.cat([off, backgrounds(pack, len(indices), config.input.size, rng)]), config)
    present = torch.cat([true.present, torch.zeros(len(empty))])
    visible = None if true.visible is None else true.visible.repeat(3, 1)
    return Batch(torch.cat([true.crops, empty]), true.points.repeat(3, 1, 1), present, visible)
