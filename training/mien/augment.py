"""What light, lenses, compression and hands do to a crop, on whole batches (B, 1, H, W) of grey values 0..1."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F


@dataclass(frozen=True)
class Look:
    """Probabilities and strengths of each change."""

    brightness: float = 0.12  # deviation of what is added
    contrast: float = 0.2  # deviation of ln(factor about the mean)
    gamma: float = 0.3  # deviation of ln(exponent)
    dark: float = 0.12  # probability of little light: 5 to 50 % of the grey values' range, with the sensor's noise
    blur: float = 0.2  # probability of a Gaussian of 0.5 to 2 px
    low_resolution: float = 0.15  # probability of shrinking 1.5 to 4 times and growing back
    jpeg: float = 0.2  # probability of JPEG blocks
    noise: float = 0.3  # probability of noise of up to 0.08
    patch: float = 0.35  # probability of an occluding patch
    edge: float = 0.25  # probability that the picture ends within the crop, or just beyond
    shut_eyes: float = 0.0  # probability that one eye or both are shut, wholly or in part (mien.shut_eyes)
    occluder: float = 0.0  # probability of a hand, a mask, glasses, hair or somebody's face in the way (mien.occluders)
    side_light: float = 0.0  # probability of light from one side
    shadow: float = 0.0  # probability of a shadow with an edge: of a hat, a blind, a leaf
    motion: float = 0.0  # probability of motion blur of 3 to 12 px


class RandomSource:
    """Random numbers for one batch from one generator."""

    def __init__(self, count: int, rng: torch.Generator):
        self.count, self.rng = count, rng

    def uniform(self, low: float = 0.0, high: float = 1.0) -> Tensor:
        return low + (high - low) * torch.rand(self.count, 1, 1, 1, generator=self.rng)

    def normal(self, deviation: float) -> Tensor:
        return torch.randn(self.count, 1, 1, 1, generator=self.rng) * deviation

    def chosen(self, probability: float) -> Tensor:
        """(n,) indices of the samples a change is made to."""
        return (torch.rand(self.count, generator=self.rng) < probability).nonzero().squeeze(1)


def light(x: Tensor, look: Look, source: RandomSource) -> Tensor:
    """Gamma, contrast about the crop's mean, brightness."""
    x = x.clamp(1e-4, 1).log_().mul_(source.normal(look.gamma).exp()).exp_()  # a power, in half the time
    mean = x.mean((1, 2, 3), keepdim=True)
    return x.sub_(mean).mul_(source.normal(look.contrast).exp()).add_(mean + source.normal(look.brightness))


def sided(x: Tensor, source: RandomSource) -> Tensor:
    """Light from one side: away from it the grey values fall to 10 to 60 %, along a straight or a soft border."""
    return x * (1 - source.uniform(0.4, 0.9) * torch.sigmoid(source.uniform(3, 25) * across(x, source)))


def across(x: Tensor, source: RandomSource) -> Tensor:
    """(B, 1, H, W) how far each pixel lies beyond a line of random direction near the middle, crop units."""
    height, width = x.shape[-2:]
    turn = source.uniform(0, 2 * torch.pi)
    xs = (torch.arange(width) + 0.5) / width - 0.5
    ys = ((torch.arange(height) + 0.5) / height - 0.5).unsqueeze(-1)
    return xs * turn.cos() + ys * turn.sin() + source.normal(0.12)


def shadowed(x: Tensor, source: RandomSource) -> Tensor:
    """Shadows with edges: of something before the light with a wavy outline, or of the slats of a blind."""
    bands = torch.cos(source.uniform(15, 50) * across(x, source)) + source.uniform(-0.6, 0.6)
    cells = int(torch.randint(2, 6, (1,), generator=source.rng))
    drawn = torch.randn(len(x), 1, cells, cells, generator=source.rng)
    leaf = F.interpolate(drawn, size=x.shape[-2:], mode="bicubic", align_corners=False)
    shape = torch.where(source.uniform() < 0.3, bands, leaf)
    return x * (1 - source.uniform(0.3, 0.8) * torch.sigmoid(source.uniform(5, 60) * shape))


MOTION_TAPS = 13


def moved(x: Tensor, source: RandomSource) -> Tensor:
    """The mean along a line of 3 to 12 px in any direction, as where the head or the camera moves."""
    length, turn = source.uniform(3, 12), source.uniform(0, torch.pi)
    step = torch.stack([length * turn.cos() / x.shape[-1], length * turn.sin() / x.shape[-2]], -1).view(-1, 1, 1, 2)
    ys, xs = torch.meshgrid(*((2 * torch.arange(side) + 1) / side - 1 for side in x.shape[-2:]), indexing="ij")
    grid = torch.stack([xs, ys], -1)
    places = torch.linspace(-1, 1, MOTION_TAPS)
    return sum(
        F.grid_sample(x, grid + place * step, padding_mode="border", align_corners=False) for place in places
    ) / len(places)


def darkened(x: Tensor, source: RandomSource) -> Tensor:
    """A picture taken in little light: the grey values shrink to a part of their range, and the noise of the sensor
    stays, which grows with the root of the light that fell on it."""
    low = x * source.uniform(0.05, 0.5)
    grain = torch.randn(x.shape, generator=source.rng) * (
        source.uniform(0, 0.02) + source.uniform(0, 0.06) * low.sqrt()
    )
    return low + grain


def blurred(x: Tensor, sigma_px: Tensor) -> Tensor:
    """A Gaussian of (B, 1, 1, 1) px, separable, 9 taps."""
    taps = torch.arange(-4, 5, device=x.device, dtype=x.dtype)
    kernel = torch.softmax(-(taps**2) / (2 * sigma_px.view(-1, 1) ** 2), -1)
    x = F.pad(x, (4, 4, 4, 4), mode="replicate").transpose(0, 1)
    x = F.conv2d(x, kernel.view(-1, 1, 1, 9), groups=len(kernel))
    return F.conv2d(x, kernel.view(-1, 1, 9, 1), groups=len(kernel)).transpose(0, 1)


def low_resolution(x: Tensor, factor: float) -> Tensor:
    """Shrunk by area and grown back."""
    small = F.interpolate(x, scale_factor=1 / factor, mode="area")
    return F.interpolate(small, size=x.shape[-2:], mode="bilinear", align_corners=False)


def _cosines() -> Tensor:
    """The (8, 8) orthonormal matrix of the discrete cosine transform."""
    k, n = torch.arange(8.0).unsqueeze(1), torch.arange(8.0).unsqueeze(0)
    matrix = torch.cos((2 * n + 1) * k * torch.pi / 16) / 2
    matrix[0] /= 2**0.5
    return matrix


COSINES = torch.kron(_cosines(), _cosines())  # of a block's 64 values at once: one large product, not many small ones
# Near JPEG's example luminance table (ITU-T T.81, annex K): 10 at the mean, about 100 at the far corner.
QUANTA = 10 + 6.5 * (torch.arange(8.0).unsqueeze(0) + torch.arange(8.0).unsqueeze(1))


def jpeg(x: Tensor, strength: Tensor) -> Tensor:
    """JPEG's loss: 8x8 blocks, cosine transform, rounding to quanta times strength (B, 1, 1, 1), and back."""
    size = x.shape[-2:]
    x = F.pad(x, (0, -size[1] % 8, 0, -size[0] % 8), mode="replicate")
    batch, _, height, width = x.shape
    blocks = x.view(batch, height // 8, 8, width // 8, 8).transpose(2, 3).reshape(batch, -1, 64)
    quanta = QUANTA.flatten() / 255 * strength.view(-1, 1, 1)
    levels = ((blocks - 0.5) @ COSINES.T / quanta).round()
    blocks = (levels * quanta) @ COSINES + 0.5
    blocks = blocks.view(batch, height // 8, width // 8, 8, 8).transpose(2, 3)
    return blocks.reshape(x.shape)[..., : size[0], : size[1]]


def patched(x: Tensor, source: RandomSource) -> tuple[Tensor, Tensor]:
    """A turned rectangle or ellipse over each crop, filled with a grey, with noise, or with a piece of the next crop of
    the batch: of a face, of hair, of clothes; and (B, 1, H, W) whether it lies there."""
    height, width = x.shape[-2:]
    xs = (torch.arange(width, dtype=x.dtype) + 0.5) / width - source.uniform()
    ys = ((torch.arange(height, dtype=x.dtype) + 0.5) / height).unsqueeze(-1) - source.uniform()
    turn = source.uniform(0, torch.pi)
    across = (xs * turn.cos() + ys * turn.sin()).abs() / source.uniform(0.04, 0.24)
    along = (ys * turn.cos() - xs * turn.sin()).abs() / source.uniform(0.04, 0.3)
    inside = torch.where(source.uniform() < 0.5, torch.maximum(across, along), across.hypot(along)) < 1
    kind = source.uniform(0, 3).floor()
    fill = torch.where(kind == 0, source.uniform(), x.roll(1, 0))
    noisy = (kind == 1).flatten()
    fill[noisy] = torch.rand(fill[noisy].shape, generator=source.rng)
    return torch.where(inside, fill, x), inside


def augmented(x: Tensor, look: Look, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """All of it, in the order the world does it: something in the way, light, lens, sensor, file. Beside it
    (B, 1, H, W) whether something is in the way."""
    source, x = RandomSource(len(x), rng), x.clone()

    def some(probability: float, change: Callable[[Tensor, RandomSource], Tensor]) -> None:
        which = source.chosen(probability)
        if len(which):
            x[which] = change(x[which], RandomSource(len(which), rng))

    covered = torch.zeros(x.shape, dtype=torch.bool)
    which = source.chosen(look.patch)
    if len(which):
        x[which], covered[which] = patched(x[which], RandomSource(len(which), rng))
    for probability, change in ((look.side_light, sided), (look.shadow, shadowed)):
        if probability:  # what an older recipe draws stays as it was
            some(probability, change)
    x = light(x, look, source).clamp_(0, 1)
    some(look.dark, darkened)
    if look.motion:
        some(look.motion, moved)
    some(look.blur, lambda x, d: blurred(x, d.uniform(0.5, 2.0)))
    factor = float(torch.empty(1).uniform_(1.5, 4, generator=rng))
    some(look.low_resolution, lambda x, d: low_resolution(x, factor))
    some(look.noise, lambda x, d: x + torch.randn(x.shape, generator=rng) * d.uniform(0, 0.08))
    x.clamp_(0, 1)
    some(look.jpeg, lambda x, d: jpeg(x, d.uniform(0.5, 3)))
    return x.clamp_(0, 1), covered


def synthetic_background(count: int, size: tuple[int, int], rng: torch.Generator) -> Tensor:
    """(count, 1, *size) crops without a face: flat, shaded, and soft blobs with noise."""
    source = RandomSource(count, rng)
    down, across = (torch.linspace(-0.5, 0.5, side) for side in size)
    shaded = source.uniform() + across * source.normal(0.3) + down.unsqueeze(-1) * source.normal(0.3)
    cells = int(torch.randint(2, 24, (1,), generator=rng))
    blobs = torch.randn(count, 1, cells, cells, generator=rng) * source.uniform(0, 0.4) * (source.uniform() < 0.6)
    blobs = F.interpolate(blobs, size=size, mode="bilinear", align_corners=False)
    grain = torch.randn(count, 1, *size, generator=rng) * source.uniform(0, 0.08)
    return (shaded + blobs + grain).clamp(0, 1)
