"""Eyeballs painted between the lids of photographed eyes, on whole batches: the iris then lies where it was painted, at
the edge of the eye too. Edges are soft over about a pixel, so that they look as the photograph's do."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from mien.augment import RandomSource
from mien.shut_eyes import Frame, Lids, can_shut, frame_of

BALL_RADIUS = 0.43  # eye widths: 12 mm of 28
IRIS_RADIUS = 0.21
LIDS_BELOW_BALL = 0.105  # how far the middle of the lids' points lies below the ball's, as in 14 held-out eyes
TYPICAL_WIDTH = 0.44  # of an eye seen from the front, in patches: the iris of a turned head's narrow eye is as large
SHARE_STEP = 2  # px, by which the share of an iris that is seen is counted
PRESENT_FROM, ABSENT_UP_TO = 0.35, 0.15  # share of the iris that is seen


def grid_of(size: torch.Size, step: int = 1) -> Tensor:
    """(1, H·W / step², 2) middles of a patch's pixels, or of squares of `step` px, px."""
    height, width = size[-2:]
    ys, xs = (torch.arange(step / 2, side, step) for side in (height, width))
    return torch.stack(torch.meshgrid(xs, ys, indexing="xy"), -1).view(1, -1, 2)


@dataclass(frozen=True)
class Within:
    """Of each pixel (B, H·W) how far it lies below the upper lid and above the lower one, eye widths."""

    under: Tensor
    over: Tensor
    width: Tensor  # (B, 1) of the eye, px

    def mask(self, grown_px: Tensor | float = 0.0) -> Tensor:
        """(B, H·W) 0..1."""
        return (torch.minimum(self.under, self.over) * self.width + 0.5 + grown_px).clamp(0, 1)


def within(lids: Tensor, grid: Tensor) -> tuple[Within, Frame, Tensor]:
    """Of lids (B, 6, 2) px; also the eyes' frames and (B,) whether the points lie as an eye's do."""
    frame = frame_of(lids)
    along, above = frame.inside(lids)
    curves = Lids(along, above, torch.zeros(len(lids)))
    x, y = frame.inside(grid)
    upper, lower = curves.before(x)
    inside = (x > 0) & (x < 1)
    outside = torch.full_like(x, -1.0)
    under, over = torch.where(inside, upper - y, outside), torch.where(inside, y - lower, outside)
    return Within(under, over, frame.width[:, None]), frame, can_shut(along, above)


def iris_share(lids: Tensor, iris: Tensor, radius: Tensor, size: torch.Size, covered: Tensor | None = None) -> Tensor:
    """(B,) what is seen between lids (B, 6, 2) of irises about (B, 2) with these radii (B,), all px, and not `covered`
    (B, 1, H, W); nan where a place is not known."""
    grid = grid_of(size, SHARE_STEP)
    seen, _, _ = within(lids, grid)
    disc = (radius[:, None] - (grid - iris[:, None]).norm(dim=-1) + 0.5).clamp(0, 1)
    mask = seen.mask()
    if covered is not None:
        mask = mask * (~covered[..., SHARE_STEP // 2 :: SHARE_STEP, SHARE_STEP // 2 :: SHARE_STEP]).flatten(1)
    return (disc * mask).sum(1) * SHARE_STEP**2 / (torch.pi * radius**2)


def presence_of(share: Tensor) -> Tensor:
    """1, 0, or nan where it could be said either way."""
    unsure = torch.where(share < ABSENT_UP_TO, 0.0, torch.nan)
    return torch.where(share > PRESENT_FROM, 1.0, unsure)


def soft_noise(count: int, size: torch.Size, cells: tuple[int, int], rng: torch.Generator) -> Tensor:
    coarse = torch.randn(count, 1, *cells, generator=rng)
    return F.interpolate(coarse, size=size[-2:], mode="bilinear", align_corners=False).flatten(1)


def looks(count: int, draw: RandomSource) -> Tensor:
    """(B, 2) radians to the right of the patch and down, relative to the view: half near the front, half anywhere."""
    near = torch.cat([draw.normal(0.25).view(-1, 1), draw.normal(0.17).view(-1, 1)], 1)
    far = torch.cat([draw.uniform(-0.85, 0.85).view(-1, 1), draw.uniform(-0.5, 0.5).view(-1, 1)], 1)
    return torch.where((draw.uniform() < 0.5).view(-1, 1), near, far)


def painted(crops: Tensor, lids: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Patches (B, 1, H, W), 0..1, and their lids (B, 6, 2) px, to the patches with new eyeballs, the middles of their
    irises (B, 2) px and their radii (B,) px. Eyes whose points do not lie as an eye's do are left, their irises nan."""
    count, size = len(crops), crops.shape
    draw = RandomSource(count, rng)

    def uniform(low: float, high: float) -> Tensor:
        return draw.uniform(low, high).view(-1, 1)

    grid = grid_of(size)
    inner, frame, is_eye = within(lids, grid)
    width = inner.width
    true_width = torch.maximum(width, width.new_tensor(TYPICAL_WIDTH * size[-1] * 0.85))
    radius = true_width * IRIS_RADIUS * (1 + 0.09 * draw.normal(1).view(-1, 1)).clamp(0.78, 1.25)
    ball = true_width * BALL_RADIUS * uniform(0.9, 1.15)

    # The upper lid covers a millimetre or two of the iris, the lower one touches it.
    middle = lids.mean(1) + frame.up * width * (LIDS_BELOW_BALL + draw.normal(0.045).view(-1, 1))
    middle = middle + frame.right * width * draw.normal(0.05).view(-1, 1)
    angles = looks(count, draw)
    to = torch.stack([angles[:, 0].sin() * angles[:, 1].cos(), angles[:, 1].sin()], 1)
    to = to[:, :1] * frame.right - to[:, 1:] * frame.up
    depth = (ball.square() - radius.square()).sqrt()
    iris = middle + depth * to
    # an eye that looks that far opens and turns so that some of the iris stays in sight
    along, above = frame.inside(iris[:, None])
    iris = frame.outside(along.clamp(0.1, 0.9), above)[:, 0]

    slant = (1 - to.square().sum(1, keepdim=True)).clamp(min=0.2).sqrt()
    axis = to / to.norm(dim=1, keepdim=True).clamp(min=1e-6)
    off = grid - iris[:, None]
    across = (off * axis[:, None]).sum(-1)
    beside = off[..., 0] * axis[:, 1:] - off[..., 1] * axis[:, :1]
    distance = torch.hypot(across / slant, beside)  # from the middle of the iris, as if seen from the front

    skin = crops.mean((1, 2, 3)).view(-1, 1)
    from_ball = (grid - middle[:, None]).norm(dim=-1) / ball
    white = (skin * uniform(0.7, 1.4) + uniform(-0.05, 0.1)).clamp(0.12, 1)
    sclera = white * (1 - uniform(0, 0.45) * from_ball.clamp(0, 1.2).square())
    sclera = sclera + white * uniform(0, 0.06) * soft_noise(count, size, (8, 10), rng)
    light = torch.cat([uniform(-0.25, 0.25), uniform(-0.25, 0.25)], 1)
    sclera = sclera * (1 + ((grid - middle[:, None]) / ball[..., None] * light[:, None]).sum(-1))

    colour = white * torch.where(uniform(0, 1) < 0.55, uniform(0.08, 0.35), uniform(0.25, 0.8))
    share = (distance / radius).clamp(0, 1.5)
    fibres = 1 + uniform(0, 0.25) * soft_noise(count, size, (12, 16), rng)
    rim = 1 - uniform(0, 0.6) * torch.sigmoid((share - uniform(0.75, 0.92)) * 18)
    lit = 1 + uniform(-0.1, 0.5) * (grid[..., 1] - iris[:, 1:]) / radius  # light from above brightens it below
    texture = colour * fibres * rim * lit.clamp(0.4, 1.8)
    pupil = radius * uniform(0.25, 0.6)
    sharp = uniform(0.5, 2.0)
    in_pupil = ((pupil - distance) / sharp + 0.5).clamp(0, 1)
    texture = texture * (1 - in_pupil * uniform(0.5, 1))
    in_iris = ((radius - distance) / sharp + 0.5).clamp(0, 1)
    eye = sclera * (1 - in_iris) + texture * in_iris

    shadow = uniform(0, 0.65) * torch.exp(-inner.under.clamp(min=0) / uniform(0.03, 0.14))
    eye = eye * (1 - shadow)
    for chance in (0.75, 0.3):  # highlights
        place = iris + torch.cat([draw.normal(0.45).view(-1, 1), draw.normal(0.35).view(-1, 1) - 0.2], 1) * radius
        spot = ((radius * uniform(0.08, 0.32) - (grid - place[:, None]).norm(dim=-1)) + 0.5).clamp(0, 1)
        eye = torch.lerp(eye, uniform(0.55, 1).expand_as(eye), spot * (uniform(0, 1) < chance) * uniform(0.3, 1))
    lash = uniform(0, 0.8) * torch.exp(-(inner.under.abs() * width / uniform(0.6, 1.6)).square())

    mask = inner.mask(uniform(-0.3, 0.8)) * is_eye[:, None]
    flat = crops.flatten(1)
    result = torch.lerp(flat, eye.clamp(0, 1), mask)
    result = result * (1 - lash * is_eye[:, None] * (inner.over > -0.5) * (uniform(0, 1) < 0.6))
    nowhere = iris.new_tensor(torch.nan)
    return result.view(size).clamp(0, 1), torch.where(is_eye[:, None], iris, nowhere), radius.squeeze(1)
