"""What the networks are trained to make small."""

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from mien.batches import Batch
from mien.config import Config
from mien.models import Seen, Size, Told
from mien.models.layers import cell_centres


def robust_l1(error: Tensor, knee: float = 0.01) -> Tensor:
    """Smooth L1 (Girshick 2015) of errors in crop units: squared under `knee` (1.3 px at 128 px), straight above."""
    return F.smooth_l1_loss(error, torch.zeros_like(error), beta=knee, reduction="none")


def sharp_l1(error: Tensor) -> Tensor:
    """The same with its knee at 0.003 (0.4 px at 128 px), below the error of a typical point."""
    return robust_l1(error, 0.003)


def wing(error: Tensor, width: float = 10 / 256, curvature: float = 2 / 256) -> Tensor:
    """Wing (Feng et al. 2018) of errors in crop units, its constants those for 256 px: steepest at 0, straight above
    `width`."""
    error = error.abs()
    bent = width * (error / curvature).log1p()
    return torch.where(error < width, bent, error - width + width * math.log1p(width / curvature))


def soft_wing(error: Tensor, low: float = 2 / 256, high: float = 20 / 256, curvature: float = 0.5 / 256) -> Tensor:
    """Soft Wing (Lin et al. 2021) of errors in crop units, its constants those for 256 px: straight up to `low`, so
    that small errors do not count too much, then a logarithm."""
    error = error.abs()
    bent = high * ((error / curvature).log1p() - math.log1p(low / curvature))
    return torch.where(error < low, error, low + bent)


POINT_ERRORS = {
    "smooth-l1": robust_l1,
    "sharp-l1": sharp_l1,
    "wing": wing,
    "soft-wing": soft_wing,
    "squared": torch.square,
    "absolute": torch.abs,
    "none": torch.zeros_like,
}


def over_known(each: Tensor, known: Tensor | None) -> Tensor:
    """(B, P) terms to their mean (B,) over the points that are `known` (B, P), 1 or 0; of none, 0."""
    if known is None:
        return each.mean(1)
    return (each * known).sum(1) / known.sum(1).clamp(min=1)


def point_loss(points: Tensor, truth: Tensor, error: str = "smooth-l1", known: Tensor | None = None) -> Tensor:
    """(B, P, 2) against (B, P, 2) to (B,), by one of POINT_ERRORS, over the `known` (B, P) points."""
    return over_known(POINT_ERRORS[error](points - truth).mean(2), known)


def spread_loss(log_spread: Tensor, distance: Tensor, known: Tensor | None = None) -> Tensor:
    """Negative log-likelihood of a point's distance from the truth under the isotropic density exp(-r/b) / (2 pi b^2),
    whose mean distance 2b is the spread: ln spread = ln 2b. (B, P) and (B, P) to (B,). The distance carries no
    gradient, so that a point that is hard is not given up for a wide spread (Seitzer et al. 2022)."""
    scale = log_spread.clamp(-8, 1).exp() / 2
    return over_known(distance.detach() / scale + 2 * scale.log(), known)


def gaussian_target(truth: Tensor, height: int, width: int, sigma: float) -> tuple[Tensor, Tensor]:
    """(B, P, 2) points in crop units to the two factors of Gaussian maps that sum to 1: down (B, P, H) and across
    (B, P, W). A point outside the crop has its weight at the border nearest to it."""
    xs, ys = cell_centres(width, truth), cell_centres(height, truth)
    across = torch.softmax(-((xs - truth[..., :1].clamp(0, 1)) ** 2) / (2 * sigma**2), -1)
    down = torch.softmax(-((ys - truth[..., 1:].clamp(0, 1)) ** 2) / (2 * sigma**2), -1)
    return down, across


def shape_loss(logits: Tensor, truth: Tensor, sigma: float, known: Tensor | None = None) -> Tensor:
    """Divergence (Kullback-Leibler) of the maps from a Gaussian of `sigma` crop units about the truth, which supervises
    their shape beside their expectation (Nibali et al. 2018). (B, P, H, W) to (B,). The Gaussian is a product of two
    factors, so no target map is ever laid out."""
    log_share = logits.flatten(2).log_softmax(-1).unflatten(-1, logits.shape[-2:])
    down, across = gaussian_target(truth, *logits.shape[-2:], sigma)
    seen = torch.einsum("bph,bphw,bpw->bp", down, log_share, across)
    certain = torch.special.entr(down).sum(-1) + torch.special.entr(across).sum(-1)
    return -over_known(seen + certain, known)


def squared_shape_loss(logits: Tensor, truth: Tensor, sigma: float, known: Tensor | None = None) -> Tensor:
    """Squared difference of the maps from the same Gaussian, summed over each map. (B, P, H, W) to (B,)."""
    share = logits.flatten(2).softmax(-1).unflatten(-1, logits.shape[-2:])
    down, across = gaussian_target(truth, *logits.shape[-2:], sigma)
    overlap = torch.einsum("bph,bphw,bpw->bp", down, share, across)
    each = share.square().sum((-2, -1)) - 2 * overlap + down.square().sum(-1) * across.square().sum(-1)
    return over_known(each, known)


SHAPE_LOSSES = {"divergence": shape_loss, "squared": squared_shape_loss}


def sides(size: Size, like: Tensor) -> Tensor:
    """(2,) width and height of a crop of `size` in the unit of the spread, the square root of its area."""
    height, width = size
    return like.new_tensor([width, height]) / math.sqrt(height * width)


def presence_loss(logit: Tensor, present: Tensor) -> Tensor:
    """Binary cross-entropy, (B,) and (B,) to (B,)."""
    return F.binary_cross_entropy_with_logits(logit, present, reduction="none")


def visible_loss(logit: Tensor, visible: Tensor) -> Tensor:
    """Binary cross-entropy, (B, P) against 0..1 (B, P), `nan` where nothing is known, to (B,)."""
    known = visible.isfinite().float()
    each = F.binary_cross_entropy_with_logits(logit, visible.nan_to_num(0), reduction="none")
    return over_known(each, known)


def total_loss(
    seen: dict[str, Seen],
    told: Told | None,
    own: str,
    batch: Batch,
    config: Config,
    faces: Tensor | None = None,
) -> dict[str, Tensor]:
    """Each term of the loss, weighted, averaged over the batch; points count only where there is a face and a label.
    Heads that read maps are not taught points beyond the crop, which their maps cannot show. `faces` is the mean number
    of faces in the shares of a batch that falls to several processes, so that each face counts the same."""
    weights = config.loss
    share = batch.present / (batch.present.sum() if faces is None else faces).clamp(min=1)
    sigmas = {"grid_offset": weights.grid_offset_sigma, "grid": weights.grid_sigma, "maps": weights.maps_sigma}
    known = batch.known
    truth = batch.points.nan_to_num(0.5)  # a number where nothing is known, so that no gradient becomes nan
    shown = known * ((truth >= 0) & (truth <= 1)).all(-1)
    terms = {}
    for kind, weight in weights.heads().items():
        reads_maps = seen[kind].logits is not None
        each = point_loss(seen[kind].points, truth, weights.points, shown if reads_maps else known)
        if reads_maps:
            shape = SHAPE_LOSSES[weights.maps_error](seen[kind].logits, truth, sigmas[kind], shown)
            each = each + weights.shape * shape
        terms[kind] = weight * (each * share).sum()
    if told is None:
        return terms
    distance = ((seen[own].points - truth) * sides(config.input.size, truth)).norm(dim=-1)
    terms["spread"] = weights.spread * (spread_loss(told.log_spread, distance, known) * share).sum()
    terms["presence"] = weights.presence * presence_loss(told.presence, batch.present).mean()
    if told.visible is not None and batch.visible is not None:
        terms["visible"] = weights.visible * (visible_loss(told.visible, batch.visible) * share).sum()
    return terms
