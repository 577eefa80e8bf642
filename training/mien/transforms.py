"""One affine for image and points. An affine is (…, 2, 3) and maps crop units 0..1 to picture px, corner origin;
everything here works on whole batches. A crop has the shape of its input: where that is a rectangle, a crop's `side` is
its longer one."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

Size = tuple[int, int]  # height and width
SQUARE: Size = (1, 1)


def apply(affine: Tensor, points: Tensor) -> Tensor:
    """(B, 2, 3) and (B, P, 2) to (B, P, 2)."""
    return points @ affine[..., :2].mT + affine[..., 2].unsqueeze(-2)


def invert(affine: Tensor) -> Tensor:
    """(B, 2, 3) to its inverse, (B, 2, 3)."""
    linear = torch.linalg.inv(affine[..., :2])
    return torch.cat([linear, -linear @ affine[..., 2:]], -1)


def box_of(points: Tensor) -> tuple[Tensor, Tensor]:
    """(B, P, 2) points to the centre (B, 2) and the larger side (B,) of their upright box."""
    low, high = points.amin(-2), points.amax(-2)
    return (low + high) / 2, (high - low).amax(-1)


def crop_affine(
    centre: Tensor, side: Tensor, angle: Tensor | None = None, shear: Tensor | None = None, size: Size = SQUARE
) -> Tensor:
    """Crop units to px for rectangles of the shape of `size`, their longer side `side` px (B,), about `centre` (B, 2),
    turned by `angle` radians (clockwise as seen, since y points down) after a horizontal shear of `shear`."""
    angle = torch.zeros_like(side) if angle is None else angle
    shear = torch.zeros_like(side) if shear is None else shear
    cos, sin = angle.cos() * side, angle.sin() * side
    linear = torch.stack([torch.stack([cos, shear * cos - sin], -1), torch.stack([sin, shear * sin + cos], -1)], -2)
    height, width = size
    linear = linear * linear.new_tensor([width / max(size), height / max(size)])
    return torch.cat([linear, (centre - linear.sum(-1) / 2).unsqueeze(-1)], -1)


def mirrored(affine: Tensor) -> Tensor:
    """The same crop seen in a mirror; the caller renames the points."""
    return torch.cat([-affine[..., :1], affine[..., 1:2], affine[..., 2:] + affine[..., :1]], -1)


def crop_picture(image: np.ndarray, affine: np.ndarray, size: Size) -> np.ndarray:
    """(H, W) uint8 to the uint8 crop of `size` that the app draws: one (2, 3) affine, bilinear. Beyond the picture its
    last pixels go on. A picture that shrinks more than twofold is first halved by area as often as needed, as the app
    does."""
    height, width = size
    affine = affine.astype(np.float64)
    while math.hypot(affine[0, 0], affine[1, 0]) / width > 2:
        odd = [(0, side % 2) for side in image.shape]
        image = np.pad(image, odd, mode="edge")
        image = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        affine = affine / 2
    pixel = affine.copy()  # crop px to picture px, both counted from the first pixel's centre, as OpenCV counts
    pixel[:, :2] /= [width, height]
    pixel[:, 2] += pixel[:, :2].sum(1) / 2 - 0.5
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(image, pixel, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)


def crop_pictures(pictures: Tensor, which: Tensor, affine: Tensor, size: Size) -> Tensor:
    """`crop_picture` of the pictures (N, 1, H, W) uint8 at `which` (B,): (B, 1, *size), 0..1."""
    places = zip(which.tolist(), affine.numpy(), strict=True)
    crops = [crop_picture(pictures[i, 0].numpy(), place, size) for i, place in places]
    return torch.from_numpy(np.stack(crops)).unsqueeze(1) / 255


def sampled(pictures: Tensor, which: Tensor, affine: Tensor, size: Size, limits: Tensor | None = None) -> Tensor:
    """Crops of the pictures (N, 1, H, W) uint8 at `which` (B,): (B, 1, *size), 0..1, bilinear, as one batch of tensors.
    Beyond the picture, and beyond `limits` (B, 4) in its px (left, top, right, bottom), the last pixel goes on."""
    picked = pictures[which].float().div_(255)
    height, width = size
    u = (torch.arange(width) + 0.5) / width
    v = (torch.arange(height) + 0.5) / height
    places = u.view(1, 1, -1, 1) * affine[:, None, None, :, 0] + v.view(1, -1, 1, 1) * affine[:, None, None, :, 1]
    places = places + affine[:, None, None, :, 2]
    if limits is not None:
        places = torch.minimum(torch.maximum(places, limits[:, None, None, :2]), limits[:, None, None, 2:])
    sides = places.new_tensor([picked.shape[-1], picked.shape[-2]])
    return F.grid_sample(picked, places * (2 / sides) - 1, "bilinear", "border", align_corners=False)


@dataclass(frozen=True)
class Jitter:
    """How far training crops are off the true box, so that the network tolerates the boxes of a real detector. Standard
    deviations of normal draws."""

    scale: float = 0.09  # of ln(side)
    grown: float = 0.2  # in a third of the crops the side is also grown by 0 to this share
    shift: float = 0.045  # of the side, each way
    angle_deg: float = 14.0
    shear: float = 0.04
    mirror: float = 0.5  # probability
    wide: float = 0.0  # share of the crops that are turned by any angle up to `wide_deg` instead
    wide_deg: float = 60.0
    calm: float = 0.0  # share of the crops that are off by `CALM` of this alone, as a tracked face's are


CALM = 0.35


def jittered(centre: Tensor, side: Tensor, jitter: Jitter, rng: torch.Generator, size: Size = SQUARE) -> Tensor:
    """Affines (B, 2, 3) of training crops about true ones; whether each is to be mirrored is drawn by the caller."""
    count = len(side)
    by = torch.ones(count)
    if jitter.calm:
        by[torch.rand(count, generator=rng) < jitter.calm] = CALM

    def normal(deviation: float) -> Tensor:
        return torch.randn(count, generator=rng).clamp(-2.5, 2.5) * by * deviation

    grow = 1 + torch.rand(count, generator=rng) * by * jitter.grown * (torch.rand(count, generator=rng) < 1 / 3)
    new_side = side * normal(jitter.scale).exp() * grow
    shift = torch.stack([normal(jitter.shift), normal(jitter.shift)], -1) * side.unsqueeze(-1)
    angle = normal(math.radians(jitter.angle_deg))
    if jitter.wide:
        far = math.radians(jitter.wide_deg) * (2 * torch.rand(count, generator=rng) - 1)
        angle = torch.where(torch.rand(count, generator=rng) < jitter.wide, far, angle)
    return crop_affine(centre + shift, new_side, angle, normal(jitter.shear), size)


def negative_crops(
    centre: Tensor, side: Tensor, rng: torch.Generator, size: Size = SQUARE, crowded: Tensor | None = None
) -> Tensor:
    """Affines (B, 2, 3) of crops on which no face may be reported: far off the face, on a part of it, a face much too
    small, or one turned by more than 120 degrees. They stay within the surroundings that a pack holds, so that the end
    of the picture tells nothing. Beside a face that is `crowded` (B,) stands another: of such a one only a part is
    shown."""
    count = len(side)

    def uniform(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(count, generator=rng)

    kind = torch.randint(4, (count,), generator=rng)
    if crowded is not None:
        kind = torch.where(crowded & (kind != 3), 1, kind)
    off = torch.where(kind == 0, uniform(0.5, 0.75), uniform(0, 0.1)) * side
    direction = uniform(0, 2 * math.pi)
    scales = torch.stack([uniform(0.7, 1.4), uniform(0.25, 0.45), uniform(1.7, 2.1), uniform(0.8, 1.2)])
    scale = scales.gather(0, kind.unsqueeze(0)).squeeze(0)
    angle = torch.where(kind == 3, uniform(math.radians(120), math.radians(240)), uniform(-0.3, 0.3))
    shift = torch.stack([off * direction.cos(), off * direction.sin()], -1)
    return crop_affine(centre + shift, side * scale, angle, size=size)
