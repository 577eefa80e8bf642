"""What the networks are trained to make small."""

import torch
from torch import Tensor
from torch.nn import functional as F

from mien.models import soft_argmax


def robust_l1(error: Tensor, knee: float = 0.01) -> Tensor:
    """Smooth L1 (Girshick 2015) of errors in crop units: squared under `knee` (1.3 px at 128 px), straight above."""
    return F.smooth_l1_loss(error, torch.zeros_like(error), beta=knee, reduction="none")


def point_loss(points: Tensor, truth: Tensor) -> Tensor:
    """(B, P, 2) against (B, P, 2) to (B,)."""
    return robust_l1(points - truth).mean((1, 2))


def spread_loss(log_spread: Tensor, distance: Tensor) -> Tensor:
    """Negative log-likelihood of a point's distance from the truth under the isotropic density exp(-r/b) / (2 pi b^2),
    whose mean distance 2b is the spread: ln spread = ln 2b. (B, P) and (B, P) to (B,). The distance carries no
    gradient, so that a point that is hard is not given up for a wide spread (Seitzer et al. 2022)."""
    scale = log_spread.clamp(-8, 1).exp() / 2
    return (distance.detach() / scale + 2 * scale.log()).mean(1)


def gaussian_maps(truth: Tensor, height: int, width: int, sigma: float) -> Tensor:
    """(B, P, 2) points in crop units to (B, P, H, W) maps, each summing to 1; a point outside the crop has its weight
    at the border nearest to it."""
    xs = (torch.arange(width, device=truth.device) + 0.5) / width
    ys = (torch.arange(height, device=truth.device) + 0.5) / height
    across = torch.softmax(-((xs - truth[..., :1].clamp(0, 1)) ** 2) / (2 * sigma**2), -1)
    down = torch.softmax(-((ys - truth[..., 1:].clamp(0, 1)) ** 2) / (2 * sigma**2), -1)
    return down.unsqueeze(-1) * across.unsqueeze(-2)


def map_loss(logits: Tensor, truth: Tensor, sigma: float, shape_weight: float) -> Tensor:
    """Robust L1 of the maps' expectation plus `shape_weight` times the Kullback-Leibler divergence from a Gaussian of
    `sigma` crop units about the truth, which supervises the shape (Nibali et al. 2018). (B, P, H, W) to (B,)."""
    target = gaussian_maps(truth, *logits.shape[-2:], sigma).flatten(2)
    divergence = F.kl_div(logits.flatten(2).log_softmax(-1), target, reduction="none").sum(-1).mean(1)
    return point_loss(soft_argmax(logits), truth) + shape_weight * divergence


def presence_loss(logit: Tensor, present: Tensor) -> Tensor:
    """Binary cross-entropy, (B,) and (B,) to (B,)."""
    return F.binary_cross_entropy_with_logits(logit, present, reduction="none")
