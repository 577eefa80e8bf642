"""The networks of students' projects, as encoders to one vector: stacks of convolutions, and ResNets as published."""

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor, nn

from mien.models.layers import conv_norm, steady
from mien.transforms import Size


@dataclass(frozen=True)
class ConvConfig:
    """A convolution with ReLU, and perhaps 2x2 max-pooling."""

    channels: int
    kernel: int
    stride: int = 1
    same: bool = False  # padded by kernel // 2 on each side, else not at all
    pool: bool = False

    def size_after(self, size: Size) -> Size:
        height, width = (
            ((side + (self.kernel // 2 * 2 if self.same else 0) - self.kernel) // self.stride + 1)
            // (2 if self.pool else 1)
            for side in size
        )
        return height, width


@dataclass(frozen=True)
class ConvStackConfig:
    convs: tuple[ConvConfig, ...]
    hidden: tuple[int, ...] = ()  # values of the linear layers before the one that gives the points
    dropout: float = 0.0  # probability, after each of them
    multiple: ClassVar[int] = 1  # of the sides of the input, px


class ConvStack(nn.Module):
    """Convolutions, then hidden linear layers."""

    def __init__(self, config: ConvStackConfig, size: Size):
        super().__init__()
        layers: list[nn.Module] = []
        inputs = 1
        for conv in config.convs:
            padding = conv.kernel // 2 if conv.same else 0
            layers += [steady(nn.Conv2d(inputs, conv.channels, conv.kernel, conv.stride, padding)), nn.ReLU()]
            layers += [nn.MaxPool2d(2)] if conv.pool else []
            inputs, size = conv.channels, conv.size_after(size)
        self.convs = nn.Sequential(*layers)
        flat, layers = inputs * size[0] * size[1], [nn.Flatten()]
        for outputs in config.hidden:
            layers += [steady(nn.Linear(flat, outputs)), nn.ReLU(), nn.Dropout(config.dropout)]
            flat = outputs
        self.hidden = nn.Sequential(*layers)
        self.widths, self.flat_size = (flat,), flat

    def forward(self, x: Tensor) -> list[Tensor]:
        return [self.hidden(self.convs(x))]


@dataclass(frozen=True)
class PublishedResNetConfig:
    blocks: tuple[int, ...] = (2, 2, 2, 2)  # 2, 2, 2, 2 for ResNet-18; 3, 4, 6, 3 with bottlenecks for ResNet-50
    bottleneck: bool = False
    multiple: ClassVar[int] = 32


class PublishedBlock(nn.Module):
    """The basic or the bottleneck block; a bottleneck strides in its 3x3 convolution, as is usual today."""

    def __init__(self, inputs: int, width: int, stride: int, bottleneck: bool):
        super().__init__()
        outputs = width * 4 if bottleneck else width
        basic = [(width, 3, stride), (width, 3, 1)]
        shapes = [(width, 1, 1), (width, 3, stride), (outputs, 1, 1)] if bottleneck else basic
        layers: list[nn.Module] = []
        channels = inputs
        for count, kernel, step in shapes:
            layers += [*conv_norm(channels, count, kernel, step), nn.ReLU()]
            channels = count
        self.body = nn.Sequential(*layers[:-1])
        plain = stride == 1 and inputs == outputs
        self.shortcut = nn.Identity() if plain else nn.Sequential(*conv_norm(inputs, outputs, 1, stride))
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        return self.relu(self.body(x) + self.shortcut(x))


class PublishedResNet(nn.Module):
    """ResNet-18 or ResNet-50 (He et al. 2016) for one channel: 7x7 stem, max-pooling, and the mean over the places."""

    def __init__(self, config: PublishedResNetConfig, size: Size):
        super().__init__()
        layers: list[nn.Module] = [*conv_norm(1, 64, 7, 2), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
        inputs = 64
        for level, count in enumerate(config.blocks):
            width = 64 * 2**level
            for i in range(count):
                layers.append(PublishedBlock(inputs, width, 2 if level and i == 0 else 1, config.bottleneck))
                inputs = width * 4 if config.bottleneck else width
        self.body = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.widths, self.flat_size = (inputs,), inputs

    def forward(self, x: Tensor) -> list[Tensor]:
        return [self.body(x)]
