"""Which anchors a face belongs to, and what they are to say."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from mien.detector.blazeface import LAYERS, TRAINED_PX

# Sides of the anchors over the input's, after MediaPipe's short-range detector: spread evenly from 0.148 to 0.75 over
# four maps, of which three are one; between two the geometric mean.
SCALES = (0.1484375, 0.2276, 0.3489583, 0.4378, 0.5494792, 0.6420, 0.75, 0.8660)
POSITIVE = 0.5  # overlap (intersection over union) with the face's box from which on an anchor is to find it
IGNORED = 0.35  # and below which it is not
EYES = slice(4, 8)  # of the 16 regressions


@dataclass(frozen=True)
class Targets:
    """Of a batch of windows."""

    face: Tensor  # (B, A) 1 where an anchor is to find the face, 0 where not, nan where it may
    values: Tensor  # (B, A, 8) centre x, y, width, height, eyes; px from the anchor, nan where unknown


def anchor_sides(px: int) -> Tensor:
    """(A,) in px of the input the anchors' scales were made for, whatever size is shown."""
    scales, made = list(SCALES), []
    for _, cell, count in LAYERS:
        sides = torch.tensor([scales.pop(0) for _ in range(count)]) * TRAINED_PX
        made.append(sides.repeat((px // cell) ** 2))
    return torch.cat(made)


def targets(centres: Tensor, sides: Tensor, eyes: Tensor, hardly: Tensor, places: Tensor, anchor_px: Tensor) -> Targets:
    """Boxes (B, 2), (B,) and eyes (B, 2, 2), nan where a window has no face, against anchors (A, 2) of sides (A,).
    Of faces that can `hardly` (B,) be seen nothing is asked."""
    apart = (places[None] - centres[:, None]).abs()  # (B, A, 2)
    reach = (sides[:, None, None] + anchor_px[None, :, None]) / 2
    least = torch.minimum(sides[:, None], anchor_px[None])
    shared = torch.minimum((reach - apart).clamp(min=0), least[..., None]).prod(-1)
    overlap = shared / (sides[:, None] ** 2 + anchor_px[None] ** 2 - shared)
    # each face has at least the anchor that fits it best
    best = overlap.nan_to_num(-1).amax(1, keepdim=True)
    positive = (overlap >= POSITIVE) | ((overlap == best) & (best > 0))
    face = torch.where(positive, 1.0, torch.where(overlap >= IGNORED, math.nan, 0.0))
    face = torch.where(hardly[:, None] & positive, math.nan, face)
    face = torch.where(sides[:, None].isfinite(), face, torch.zeros(()))
    size = sides[:, None, None].expand(-1, len(places), 2)
    offset = centres[:, None] - places[None]
    to_eyes = (eyes[:, None] - places[None, :, None]).flatten(2)
    return Targets(face, torch.cat([offset, size, to_eyes], -1))


def loss(output: Tensor, teacher: Tensor, wanted: Targets, sides: Tensor) -> dict[str, Tensor]:
    """`output` (B, A, 17) against the face where there is one, elsewhere against what the teacher (B, A) says, 0..1:
    the pictures' other faces are not labelled, and what was known is not to be forgotten."""
    logits, known = output[..., 0], wanted.face.isfinite()
    positive = wanted.face == 1
    aim = torch.where(positive, 1.0, teacher)
    each = F.binary_cross_entropy_with_logits(logits, aim, reduction="none")
    distance = (logits.detach().sigmoid() - aim).abs()
    count = positive.sum().clamp(min=1)
    focal = (each * distance.square() * known).sum() / count
    difference = (output[..., 1:9] - wanted.values) / sides.nan_to_num(1)[:, None, None]
    placed = positive[..., None] & wanted.values.isfinite()
    place = F.smooth_l1_loss(difference[placed], torch.zeros_like(difference[placed]), beta=0.05, reduction="sum")
    return {"face": focal, "place": place / (8 * count)}
