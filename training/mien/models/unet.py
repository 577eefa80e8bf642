"""UNets (Ronneberger et al. 2015) as encoders to one map of the crop's own size, from which a head of no further layers
than a 1x1 convolution reads the heatmaps."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from mien.models.layers import steady
from mien.transforms import Size


@dataclass(frozen=True)
class UNetConfig:
    widths: tuple[int, ...] = (128, 256, 512, 1024)  # channels of each level, the crop's own size first
    first: tuple[int, ...] = (3, 3)  # kernels of the first level; the others have as many convolutions, all of 3
    slope: float = 0.0  # of the rectifier below zero
    norm: bool = True  # batch-norm after each convolution

    @property
    def multiple(self) -> int:
        """Of the sides of the input, px: each level but the first halves them."""
        return 2 ** (len(self.widths) - 1)


class UNet(nn.Module):
    """Padded convolutions, 2x2 max-pooling on the way down, transposed 2x2 convolutions on the way up."""

    def __init__(self, config: UNetConfig, size: Size):
        super().__init__()
        thirds = (3,) * len(config.first)
        inputs = (1, *config.widths)
        self.downs = nn.ModuleList(
            level(config, inputs[i], width, thirds if i else config.first) for i, width in enumerate(config.widths)
        )
        self.pool = nn.MaxPool2d(2)
        pairs = list(zip(config.widths[1:], config.widths[:-1], strict=True))[::-1]
        self.ups = nn.ModuleList(nn.ConvTranspose2d(below, width, 2, 2) for below, width in pairs)
        self.merges = nn.ModuleList(level(config, 2 * width, width, thirds) for _, width in pairs)
        self.widths, self.flat_size = config.widths[:1], config.widths[0] * size[0] * size[1]

    def forward(self, x: Tensor) -> list[Tensor]:
        levels = [self.downs[0](x)]
        for down in self.downs[1:]:
            levels.append(down(self.pool(levels[-1])))
        x = levels.pop()
        for up, merge in zip(self.ups, self.merges, strict=True):
            x = merge(torch.cat([levels.pop(), up(x)], 1))
        return [x]


def level(config: UNetConfig, inputs: int, width: int, kernels: tuple[int, ...]) -> nn.Sequential:
    layers: list[nn.Module] = []
    for kernel in kernels:
        layers.append(steady(nn.Conv2d(inputs, width, kernel, padding=kernel // 2)))
        layers += [nn.BatchNorm2d(width)] if config.norm else []
        layers.append(nn.LeakyReLU(config.slope) if config.slope else nn.ReLU())
        inputs = width
    return nn.Sequential(*layers)
