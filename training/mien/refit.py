"""Training labels laid anew where their place in the picture is uncertain, by what the network in training sees."""

from dataclasses import replace

import torch
from torch import Tensor

from mien.batches import normalise, true_crops
from mien.config import Config
from mien.crop_cache import Pack, measured
from mien.models import Trainee
from mien.placement import corrected, corrections
from mien.schemes import SCHEMES, Scheme
from mien.transforms import apply, mirrored, sampled

BATCH = 48


@torch.no_grad()
def seen_by(trainee: Trainee, pack: Pack, which: Tensor, config: Config, device: str) -> tuple[Tensor, Tensor]:
    """(N, P, 2) points and (N, P) spreads, px of the pictures, of the faces `which`: means of the crop and its
    mirror image."""
    renamed, points, spreads = list(SCHEMES[config.scheme].mirror), [], []
    for part in which.split(BATCH):
        sums = []
        for flip in (False, True):
            affine = true_crops(pack.boxes[part], config)
            affine = mirrored(affine) if flip else affine
            crops = normalise(sampled(pack.images, part, affine, config.input.size), config)
            seen, told = trainee(crops.to(device))
            found, spread = apply(affine, seen[trainee.own].points.cpu()), told.log_spread.cpu().exp()
            sums.append((found[:, renamed], spread[:, renamed]) if flip else (found, spread))
        unit_px = torch.linalg.det(affine[..., :2]).abs().sqrt().unsqueeze(1)
        points.append((sums[0][0] + sums[1][0]) / 2)
        spreads.append((sums[0][1] + sums[1][1]) / 2 * unit_px)
    return torch.cat(points), torch.cat(spreads)


def refit(trainee: Trainee, pack: Pack, labels: Tensor, config: Config, device: str) -> Tensor:
    """(N, P, 2) points of a pack whose labels as they came are (N, P, 2): those of `data.refit_sets` corrected,
    all others as they came."""
    which = torch.tensor([i for i, name in enumerate(pack.data_sets) if name in config.data.refit_sets])
    if not len(which):
        return labels
    trainee.eval()
    found, spread = seen_by(trainee, pack, which, config, device)
    trainee.train()
    points = labels.clone()
    points[which] = corrected(labels[which], corrections(found, labels[which], spread))
    return points


def with_points(pack: Pack, points: Tensor, scheme: Scheme) -> Pack:
    """The pack with other labels (N, P, 2); the faces whose labels changed have the boxes and eyes of the new ones."""
    changed = (pack.points.nan_to_num(0) != points.nan_to_num(0)).any(-1).any(-1)
    if not changed.any():
        return pack
    boxes, eyes = pack.boxes.clone(), pack.eyes.clone()
    found = measured(points[changed], scheme)
    boxes[changed], eyes[changed] = found["boxes"], found["eyes"].to(eyes.dtype)
    return replace(pack, points=points, boxes=boxes, eyes=eyes)
