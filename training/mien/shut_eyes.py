"""Eyes shut in the picture, wholly or in part: the lids' skin is drawn over the eye, and the lids' points go along.

Few people on photographs have their eyes shut, and everybody in front of a camera does, again and again. A network that
has seen few of them leaves a shut eye half open.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

MEETING = 0.15  # where the lids meet, above the lower one, as a share of the eye's opening
UPPER_SKIN = 0.35  # how much skin above the eye stretches, in eye widths: less than up to the brow
LOWER_SKIN = 0.2
UPPER, LOWER = [1, 2], [5, 4]  # points of an eye, from the first corner to the other
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


@dataclass(frozen=True)
class Frame:
    """Where eyes lie: their coordinates go along the line of the corners, 0 to 1, and above it, in eye widths."""

    first: Tensor  # (B, 2) one corner, px
    right: Tensor  # (B, 2) unit vector to the other
    width: Tensor  # (B,) px

    @property
    def up(self) -> Tensor:
        return torch.stack([self.right[:, 1], -self.right[:, 0]], 1)  # y points down in pictures

    def of(self, which: Tensor) -> "Frame":
        return Frame(self.first[which], self.right[which], self.width[which])

    def inside(self, places: Tensor) -> tuple[Tensor, Tensor]:
        """Places (B or 1, n, 2) px as coordinates (B, n) along and above."""
        offset = (places - self.first[:, None]) / self.width[:, None, None].clamp(min=1e-6)
        return (offset * self.right[:, None]).sum(-1), (offset * self.up[:, None]).sum(-1)

    def outside(self, along: Tensor, above: Tensor) -> Tensor:
        """The reverse: (B, n, 2) px."""
        offset = along[..., None] * self.right[:, None] + above[..., None] * self.up[:, None]
        return self.first[:, None] + self.width[:, None, None] * offset


def frame_of(places: Tensor) -> Frame:
    """Of the six points (B, 6, 2) px of each eye."""
    across = places[:, 3] - places[:, 0]
    width = across.norm(dim=1)
    return Frame(places[:, 0], across / width[:, None].clamp(min=1e-6), width)


def can_shut(along: Tensor, above: Tensor) -> Tensor:
    """(B,) whether points (B, 6) lie as an eye's do: in their order, between the corners, the upper lid above."""
    ordered = (along[:, UPPER].diff(dim=1) > 0.05) & (along[:, LOWER].diff(dim=1) > 0.05)
    between = ((along[:, UPPER + LOWER] > 0.05) & (along[:, UPPER + LOWER] < 0.95)).all(1)
    is_open = (above[:, UPPER] >= above[:, LOWER]).all(1)
    return ordered.squeeze(1) & between & is_open


def _lid(along: Tensor, above: Tensor) -> tuple[Tensor, Tensor]:
    """The lid s (1 - s) (a + b s) through two points (B, 2) between the corners, at 0 and 1: a and b, (B, 1)."""
    bend = above / (along * (1 - along))
    slope = (bend[:, 1] - bend[:, 0]) / (along[:, 1] - along[:, 0])
    return (bend[:, 0] - slope * along[:, 0]).view(-1, 1), slope.view(-1, 1)


class Lids:
    """The lids of eyes with points at `along` and `above` (B, 6), before they are shut by `amount` (B,) and after."""

    def __init__(self, along: Tensor, above: Tensor, amount: Tensor):
        self.curves = [_lid(along[:, which], above[:, which]) for which in (UPPER, LOWER)]
        self.amount = amount.view(-1, 1)

    def before(self, along: Tensor) -> list[Tensor]:
        """How high the upper and the lower one are at places (B, n)."""
        inside = (along * (1 - along)).clamp(min=0)
        return [inside * (a + b * along) for a, b in self.curves]

    def after(self, along: Tensor) -> list[Tensor]:
        upper, lower = self.before(along)
        gap = (upper - lower).clamp(min=0)
        return [upper - self.amount * (1 - MEETING) * gap, lower + self.amount * MEETING * gap]

    def origin(self, along: Tensor, above: Tensor) -> Tensor:
        """How high the skin came from that covers places (B, n) after; what no lid reaches stays where it was."""
        upper, lower = self.before(along)
        upper_now, lower_now = self.after(along)
        top, bottom = upper + UPPER_SKIN, lower - LOWER_SKIN
        skin = upper + (above - upper_now) * UPPER_SKIN / (top - upper_now)
        origin = torch.where((above >= upper_now) & (above < top), skin, above)
        skin = lower + (above - lower_now) * LOWER_SKIN / (lower_now - bottom)
        return torch.where((above <= lower_now) & (above > bottom), skin, origin)


def _drawn(crops: Tensor, frame: Frame, lids: Lids) -> Tensor:
    """The crops (B, 1, H, W) with the lids' skin where it lies after."""
    height, width = crops.shape[-2:]
    ys, xs = torch.meshgrid(torch.arange(height) + 0.5, torch.arange(width) + 0.5, indexing="ij")
    grid = torch.stack([xs, ys], -1).view(1, -1, 2).to(frame.first.dtype)
    along, above = frame.inside(grid)
    moved = (lids.origin(along, above) - above)[..., None] * (frame.width[:, None] * frame.up)[:, None]
    read = (grid + moved) / torch.tensor([width, height], dtype=grid.dtype) * 2 - 1
    return F.grid_sample(crops, read.view(-1, height, width, 2), align_corners=False, padding_mode="border")


def _shut_one(crops: Tensor, points: Tensor, eye: tuple[int, ...], amount: Tensor) -> tuple[Tensor, Tensor]:
    size = torch.tensor([crops.shape[-1], crops.shape[-2]], dtype=points.dtype)
    places = points[:, list(eye)] * size  # (B, 6, 2) px
    frame = frame_of(places)
    along, above = frame.inside(places)
    is_eye = can_shut(along, above) & (frame.width > NARROWEST_PX) & places.isfinite().all((1, 2))
    chosen = (is_eye & (amount > 0)).nonzero().squeeze(1)
    if not len(chosen):
        return crops, points
    frame, along = frame.of(chosen), along[chosen]
    lids = Lids(along, above[chosen], amount[chosen])
    crops, points = crops.clone(), points.clone()
    crops[chosen] = _drawn(crops[chosen], frame, lids)
    for lid, which in enumerate((UPPER, LOWER)):
        new = frame.outside(along[:, which], lids.after(along[:, which])[lid]) / size
        points[chosen[:, None], [eye[i] for i in which]] = new
    return crops, points
