"""Eyes shut in the picture, wholly or in part: the lids' skin is drawn over the eye, and the lids' points go along.

Few people on photographs have their eyes shut, and everybody in front of a camera does, again and again. A network that
has seen few of them leaves a shut eye half open.
"""

import torch
from torch import Tensor
from torch.nn import functional as F

MEETING = 0.15  # where the lids meet, above the lower one, as a share of the eye's opening
UPPER_SKIN = 0.35  # how much skin above the eye stretches, in eye widths: less than up to the brow
LOWER_SKIN = 0.2
NARROWEST_PX = 4.0  # eyes less wide than this are left as they are


def closings(count: int, rng: torch.Generator) -> Tensor:
    """(count, 2) how far each of two eyes is shut, 0 not at all to 1: three in five faces shut both alike, the others
    one; half of them wholly."""
    part = torch.where(torch.rand(count, generator=rng) < 0.5, 1.0, 0.2 + 0.8 * torch.rand(count, generator=rng))
    kind = torch.rand(count, generator=rng)
    both, first = kind < 0.6, kind < 0.8
    return torch.stack([part * (both | first), part * (both | ~first)], 1)


def shut(crops: Tensor, points: Tensor, eyes: tuple[tuple[int, ...], ...], closing: Tensor) -> tuple[Tensor, Tensor]:
    """Crops (B, 1, H, W) and their points (B, P, 2), crop units, with eye e of each shut by closing[:, e] of what it
    was open. An eye is six points: a corner, two of the upper lid, the other corner, two of the lower lid. Eyes
    without all their labels, or too narrow, are left."""
    for eye, amount in zip(eyes, closing.unbind(1), strict=True):
        crops, points = _shut_one(crops, points, eye, amount)
    return crops, points


def _lid(along: Tensor, up: Tensor) -> tuple[Tensor, Tensor]:
    """The lid s (1 - s) (a + b s) through two points (B, 2) between the corners, at 0 and 1: a and b, (B, 1, 1)."""
    bend = up / (along * (1 - along))
    slope = (bend[:, 1] - bend[:, 0]) / (along[:, 1] - along[:, 0])
    return (bend[:, 0] - slope * along[:, 0]).view(-1, 1, 1), slope.view(-1, 1, 1)


def _shut_one(crops: Tensor, points: Tensor, eye: tuple[int, ...], amount: Tensor) -> tuple[Tensor, Tensor]:
    height, width = crops.shape[-2:]
    size = torch.tensor([width, height], dtype=points.dtype)
    places = points[:, list(eye)] * size  # (B, 6, 2) px
    first, across = places[:, 0], places[:, 3] - places[:, 0]
    long = across.norm(dim=1)
    right = across / long[:, None].clamp(min=1e-6)
    upwards = torch.stack([right[:, 1], -right[:, 0]], 1)  # y points down in pictures

    def local(place: Tensor) -> tuple[Tensor, Tensor]:
        """Places (B, n, 2) px as they lie along the eye, 0 to 1, and above the line of its corners, in eye widths."""
        offset = (place - first[:, None]) / long[:, None, None].clamp(min=1e-6)
        return (offset * right[:, None]).sum(-1), (offset * upwards[:, None]).sum(-1)

    s, t = local(places)
    upper, lower = [1, 2], [5, 4]  # from the first corner to the other
    ordered = (s[:, upper].diff(dim=1) > 0.05) & (s[:, lower].diff(dim=1) > 0.05)
    between = ((s[:, upper + lower] > 0.05) & (s[:, upper + lower] < 0.95)).all(1)
    open_ = (t[:, upper] >= t[:, lower]).all(1)
    able = ordered.squeeze(1) & between & open_ & (long > NARROWEST_PX) & (amount > 0) & places.isfinite().all((1, 2))
    chosen = able.nonzero().squeeze(1)
    if not len(chosen):
        return crops, points
    s, t, amount = s[chosen], t[chosen], amount[chosen].view(-1, 1, 1)
    first, right, upwards, long = first[chosen], right[chosen], upwards[chosen], long[chosen]

    lids = [_lid(s[:, which], t[:, which]) for which in (upper, lower)]

    def heights(along: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """The upper and lower lid as they were, and as they are after, at places along the eye."""
        inside = (along * (1 - along)).clamp(min=0)
        was = [inside * (a + b * along) for a, b in lids]
        gap = (was[0] - was[1]).clamp(min=0)
        return was[0], was[1], was[0] - amount * (1 - MEETING) * gap, was[1] + amount * MEETING * gap

    ys, xs = torch.meshgrid(torch.arange(height) + 0.5, torch.arange(width) + 0.5, indexing="ij")
    grid = torch.stack([xs, ys], -1).view(1, -1, 2).to(points.dtype)
    along, above = local(grid)
    along, above = along.view(-1, height, width), above.view(-1, height, width)
    was_upper, was_lower, upper_now, lower_now = heights(along)
    top, bottom = was_upper + UPPER_SKIN, was_lower - LOWER_SKIN
    source = above
    skin = was_upper + (above - upper_now) * UPPER_SKIN / (top - upper_now)
    source = torch.where((above >= upper_now) & (above < top), skin, source)
    skin = was_lower + (above - lower_now) * LOWER_SKIN / (lower_now - bottom)
    source = torch.where((above <= lower_now) & (above > bottom), skin, source)
    moved = (source - above)[..., None] * (long[:, None] * upwards)[:, None, None, :]
    places_read = (grid.view(1, height, width, 2) + moved) / size * 2 - 1
    crops, points = crops.clone(), points.clone()
    crops[chosen] = F.grid_sample(crops[chosen], places_read, align_corners=False, padding_mode="border")

    for which, index in ((upper, 2), (lower, 3)):
        at = s[:, which]
        new = heights(at.unsqueeze(1))[index].squeeze(1)
        offset = at[..., None] * right[:, None] + new[..., None] * upwards[:, None]
        place = first[:, None] + long[:, None, None] * offset
        for k, i in enumerate(which):
            points[chosen, eye[i]] = place[:, k] / size
    return crops, points
