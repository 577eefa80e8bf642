"""Batches drawn from a pack: badly placed on purpose, augmented, some without a face."""

from dataclasses import dataclass

import torch
from torch import Tensor

from mien.augment import augmented, synthetic_background
from mien.config import Config
from mien.models import Size
from mien.packs import Pack
from mien.schemes import SCHEMES
from mien.transforms import apply, box_of, crop_affine, crop_pictures, invert, jittered, mirrored, misplaced


@dataclass(frozen=True)
class Batch:
    crops: Tensor  # (B, 1, H, W), normalised
    points: Tensor  # (B, P, 2), crop units; meaningless where presence is 0
    present: Tensor  # (B,) 1 or 0


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
    return apply(invert(true_crops(pack.boxes, config)), pack.points).mean(0)


def backgrounds(pack: Pack, count: int, size: Size, rng: torch.Generator) -> Tensor:
    """(count, 1, *size) grey crops without a face: half from the pictures, half made up."""
    made = synthetic_background(count, size, rng)
    if not len(pack.backgrounds):
        return made
    which = torch.randint(len(pack.backgrounds), (count,), generator=rng)
    span = float(pack.backgrounds.shape[-1])
    side = span * (0.5 + 0.5 * torch.rand(count, generator=rng))
    centre = torch.full((count, 2), span / 2) + (torch.rand(count, 2, generator=rng) - 0.5) * (span - side[:, None])
    real = crop_pictures(pack.backgrounds, which, crop_affine(centre, side), size)
    return torch.where(torch.rand(count, 1, 1, 1, generator=rng) < 0.5, real, made)


def training_batch(pack: Pack, indices: Tensor, config: Config, rng: torch.Generator) -> Batch:
    """The faces at `indices` (B,) as augmented crops; the last shares of the batch become crops without a face."""
    count = len(indices)
    centre, side, size = *true_places(pack.boxes[indices], config), config.input.size
    empty = round(count * config.optimise.background)
    wrong = round(count * config.optimise.misplaced)
    right = count - empty - wrong
    affine = jittered(centre, side, config.jitter, rng, size)
    affine[right:] = misplaced(centre[right:], side[right:], rng, size)

    flip = torch.rand(count, generator=rng) < config.jitter.mirror
    affine = torch.where(flip.view(-1, 1, 1), mirrored(affine), affine)
    points = apply(invert(affine), pack.points[indices])
    renamed = points[:, list(SCHEMES[config.scheme].mirror)]
    points = torch.where(flip.view(-1, 1, 1), renamed, points)

    crops = crop_pictures(pack.images, indices, affine, size)
    if empty:
        crops[count - empty :] = backgrounds(pack, empty, size, rng)
    present = (torch.arange(count) < right).float()
    return Batch(normalise(augmented(crops, config.look, rng), config), points, present)


def true_batch(pack: Pack, indices: Tensor, config: Config) -> Batch:
    """The faces at `indices` in crops from their true boxes, as they are."""
    affine = true_crops(pack.boxes[indices], config)
    crops = crop_pictures(pack.images, indices, affine, config.input.size)
    points = apply(invert(affine), pack.points[indices])
    return Batch(normalise(crops, config), points, torch.ones(len(indices)))


def checking_batch(pack: Pack, indices: Tensor, config: Config, rng: torch.Generator) -> Batch:
    """The faces at `indices` (B,) three times over: in true crops, in badly placed ones, and gone."""
    true = true_batch(pack, indices, config)
    affine = misplaced(*true_places(pack.boxes[indices], config), rng, config.input.size)
    off = crop_pictures(pack.images, indices, affine, config.input.size)
    empty = normalise(torch.cat([off, backgrounds(pack, len(indices), config.input.size, rng)]), config)
    present = torch.cat([true.present, torch.zeros(len(empty))])
    return Batch(torch.cat([true.crops, empty]), true.points.repeat(3, 1, 1), present)
