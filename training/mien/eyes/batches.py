"""Batches of patches, drawn as they will be met: badly placed, lit, blurred and compressed; some eyes painted, some
shut, some patches without an eye."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from mien.augment import Look, RandomSource, augmented, synthetic_background
from mien.batches import at_points
from mien.eyes.network import DEVIATION, HEIGHT, IRIS, LIDS, MEAN, SIZE, WIDTH
from mien.eyes.paint import IRIS_RADIUS, TYPICAL_WIDTH, grid_of, iris_share, painted, presence_of, within
from mien.eyes.patches import CUT_PATCH_PX, CUT_SIZE, Eyes, openings
from mien.shut_eyes import shut
from mien.transforms import apply, crop_affine, invert, sampled

LOOK = Look(
    brightness=0.12, contrast=0.25, gamma=0.3, dark=0.08, blur=0.2, low_resolution=0.3, jpeg=0.15, noise=0.35,
    patch=0.1, edge=0.0,
)  # fmt: skip
SHIFT = 0.06  # deviation each way, eye widths
SCALE = 0.08  # of ln(width)
ROLL_DEG = 8.0
FAR, FARTHER = 0.2, 2.0  # share of patches placed that much worse
SHUT = 0.25  # share of eyes that are shut, wholly or in part
OPEN_FROM, SHUT_UP_TO = 0.2, 0.08  # opening over width of eyes whose iris nobody placed
FAR_EYE_DEG, NEAR_EYE_DEG = 58.0, 42.0  # of the head's turn: from the first on the far eye is out of sight
FLAT, DIM = 0.02, 0.04  # contrasts: up to the first dark glasses hide the eye, up to the second they may
PROFILE_DEG = 55.0  # of the head's turn: from here on no eyes are painted
FRAMES, GLARE = 0.12, 0.08  # share of patches with a line as of glasses, and with a reflection


@dataclass(frozen=True)
class Shares:
    """Of a batch."""

    painted: float = 0.5
    beside: float = 0.07  # patches that show no eye
    misplaced: float = 0.04  # patches off the eye by half of one and more


@dataclass(frozen=True)
class EyeBatch:
    patches: Tensor  # (B, 1, H, W), normalised
    points: Tensor  # (B, 7, 2) patch units; nan where there is no label
    weight: Tensor  # (B, 7) how much each counts, 0 where there is none
    visible: Tensor  # (B, 7) 0 or 1; nan where nothing is known
    present: Tensor  # (B,) 1 or 0; nan where it could be said either way


@dataclass(frozen=True)
class Known:
    """What is known of N eyes beside their labels."""

    irises: Tensor  # (N, 2) px of what was cut out; nan where nothing is
    sure: Tensor  # (N,) how much each counts
    doubtful: Tensor  # (N,) bool: whether one may see no iris, though the lids were placed apart
    contrast: Tensor  # (N,) deviation of the grey values between the lids, 0..1; nan without lids


def contrasts(eyes: Eyes, part: int = 256) -> Tensor:
    """Deviations (N,) of the grey values between the lids, of pictures at half their size."""
    found, grid = [], grid_of(torch.Size(CUT_SIZE), 2)
    for images, lids in zip(eyes.images.split(part), eyes.lids.split(part), strict=True):
        grey = F.avg_pool2d(images.float() / 255, 2).flatten(1)
        mask = within(lids, grid)[0].mask(2.0)
        mask = mask / mask.sum(1, keepdim=True)
        found.append((mask * (grey - (mask * grey).sum(1, keepdim=True)).square()).sum(1).sqrt())
    return torch.where(eyes.placed, torch.cat(found), torch.nan)


def nothing_known(eyes: Eyes) -> Known:
    """Of the irises, before a network has looked."""
    count = len(eyes.images)
    nowhere, no = torch.full((count, 2), torch.nan), torch.zeros(count)
    return Known(nowhere, no, no.bool(), contrasts(eyes))


def normalise(grey: Tensor) -> Tensor:
    """Grey values 0..1 to what the network reads."""
    return (grey - MEAN) / DEVIATION


def patch_px(points: Tensor) -> Tensor:
    return points * points.new_tensor([WIDTH, HEIGHT])


def placed(count: int, rng: torch.Generator, misplaced: int = 0) -> Tensor:
    """(count, 2, 3) affines, patch units to px of what was cut out; the last `misplaced` of them off the eye."""

    def normal(deviation: float) -> Tensor:
        return torch.randn(count, generator=rng).clamp(-2.5, 2.5) * deviation

    worse = torch.where(torch.rand(count, generator=rng) < FAR, FARTHER, 1.0)
    eye_px = TYPICAL_WIDTH * CUT_PATCH_PX
    shift = torch.stack([normal(SHIFT), normal(SHIFT)], -1) * eye_px * worse[:, None]
    if misplaced:
        direction = torch.rand(misplaced, generator=rng) * 2 * math.pi
        off = (0.55 + 0.3 * torch.rand(misplaced, generator=rng)) * CUT_PATCH_PX
        shift[count - misplaced :] = torch.stack([off * direction.cos(), off * direction.sin()], -1)
    centre = torch.tensor([CUT_SIZE[1] / 2, CUT_SIZE[0] / 2]) + shift
    side = CUT_PATCH_PX * (normal(SCALE) * worse).exp()
    return crop_affine(centre, side, normal(math.radians(ROLL_DEG)) * worse, normal(0.03), SIZE)


def closings(count: int, rng: torch.Generator) -> Tensor:
    """(count,) how far each eye is shut: half of those that are, wholly."""
    part = torch.where(torch.rand(count, generator=rng) < 0.5, 1.0, 0.2 + 0.8 * torch.rand(count, generator=rng))
    return part * (torch.rand(count, generator=rng) < SHUT)


def glasses(x: Tensor, rng: torch.Generator) -> Tensor:
    """A dark or bright line across patches, as a frame's, or a soft reflection on them."""
    draw = RandomSource(len(x), rng)
    line_at = draw.uniform() < FRAMES / (FRAMES + GLARE)
    ys, xs = torch.meshgrid(torch.arange(x.shape[-2]) + 0.5, torch.arange(x.shape[-1]) + 0.5, indexing="ij")
    turn = draw.uniform(-0.5, 0.5) + (draw.uniform() < 0.3) * (math.pi / 2)
    off = (ys - draw.uniform(0, 1) * HEIGHT) * turn.cos() - (xs - draw.uniform(0, 1) * WIDTH) * turn.sin()
    off = off + draw.normal(0.004) * (xs - WIDTH / 2).square()
    line = (draw.uniform(0.5, 2.5) - off.abs() + 0.5).clamp(0, 1) * draw.uniform(0.3, 1)
    x = torch.lerp(x, (draw.uniform() * draw.uniform()).expand_as(x), line * line_at)
    spot = torch.hypot((xs - draw.uniform(0, 1) * WIDTH) / draw.uniform(2, 14), (ys - draw.uniform(0, 1) * HEIGHT) /
                       draw.uniform(1, 6))  # fmt: skip
    bright = torch.sigmoid((1 - spot) * draw.uniform(3, 10)) * draw.uniform(0.2, 1) * ~line_at
    return x + bright * (1 - x)


def draw_batch(eyes: Eyes, which: Tensor, known: Known, shares: Shares, rng: torch.Generator) -> EyeBatch:
    """The eyes at `which` (B,), with what is known of all of them."""
    count = len(which)
    misplaced, empty = round(count * shares.misplaced), round(count * shares.beside)
    with_eye = count - misplaced - empty
    affine = placed(count, rng, misplaced + empty)
    back = invert(affine)
    crops = sampled(eyes.images, which, affine, SIZE)
    lids = apply(back, eyes.lids[which])
    iris = apply(back, known.irises[which][:, None])[:, 0]
    hand, away, contrast = eyes.placed[which], eyes.away_deg[which], known.contrast[which]
    weight = torch.where(iris.isfinite().all(-1), known.sure[which], 0.0)
    radius = torch.maximum((lids[:, 3] - lids[:, 0]).norm(dim=-1), torch.tensor(TYPICAL_WIDTH * 0.85)) * WIDTH
    radius = radius * IRIS_RADIUS

    paint = (torch.rand(count, generator=rng) < shares.painted) & hand & (away.abs() < PROFILE_DEG) & (contrast > FLAT)
    chosen = (paint & (torch.arange(count) < with_eye)).nonzero().squeeze(1)
    if len(chosen):
        crops[chosen], middle, radius[chosen] = painted(crops[chosen], patch_px(lids[chosen]), rng)
        iris[chosen] = middle / middle.new_tensor([WIDTH, HEIGHT])
        weight[chosen] = middle.isfinite().all(-1).float()

    points = torch.cat([iris[:, None], lids], 1)
    opening = openings(patch_px(lids))
    can_shut = hand & (opening > OPEN_FROM / 2)
    crops, points = shut(crops, points, (LIDS,), (closings(count, rng) * can_shut)[:, None])
    if empty:
        beside = torch.randint(len(eyes.beside), (empty,), generator=rng)
        crops[count - empty :] = sampled(eyes.beside, beside, placed(empty, rng), SIZE)
        made = round(empty / 4)
        if made:
            crops[count - made :] = synthetic_background(made, SIZE, rng)
    worn = (torch.rand(count, generator=rng) < FRAMES + GLARE).nonzero().squeeze(1)
    if len(worn):
        crops[worn] = glasses(crops[worn], rng)
    crops, covered = augmented(crops, LOOK, rng)

    after = openings(patch_px(points[:, 1:]))
    by_opening = torch.where(after < SHUT_UP_TO, 0.0, torch.nan)
    can_tell = (away < NEAR_EYE_DEG) & (contrast > DIM) & ~known.doubtful[which]
    by_opening = torch.where((after > OPEN_FROM) & can_tell, 1.0, by_opening)
    by_opening = torch.where(contrast < FLAT, 0.0, by_opening)
    by_opening = torch.where(hand, by_opening, torch.nan)
    share = iris_share(patch_px(points[:, 1:]), patch_px(points[:, IRIS]), radius, crops.shape, covered)
    seen = torch.where(share.isfinite() & hand, presence_of(share), by_opening)
    seen = torch.where((after < SHUT_UP_TO) & hand, 0.0, seen)
    hidden = at_points(covered, points)
    in_way = at_points(covered, points[:, 1:].mean(1, keepdim=True)).squeeze(1)
    seen = torch.where(in_way & ~share.isfinite(), torch.nan, seen)
    seen = torch.where(away > FAR_EYE_DEG, 0.0, seen)
    no_eye = torch.arange(count) >= with_eye
    present = torch.where(no_eye, 0.0, seen)

    labelled = hand & ~no_eye & (away < FAR_EYE_DEG)
    weight = torch.where(no_eye | (present == 0), 0.0, weight)
    weights = torch.cat([weight[:, None], (labelled[:, None] & points[:, 1:].isfinite().all(-1)).float()], 1)
    visible = torch.where(labelled[:, None], (~hidden).float(), torch.nan)
    visible[:, IRIS] = present
    return EyeBatch(normalise(crops), points, weights, visible, present)
