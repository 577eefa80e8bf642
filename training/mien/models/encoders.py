"""Encoders: a normalised grey crop (B, 1, H, W) to what heads read. Here to maps at 1/4, 1/8, 1/16 and 1/32 of its
sides, finest first; in `classic` to one vector, in `unet` to one map of the crop's own size."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from torch import Tensor, nn
from torch.nn import functional as F

from mien.models.layers import Residual, conv_norm
from mien.transforms import Size


class Encoder(Protocol):
    widths: tuple[int, ...]  # channels of each map
    flat_size: int  # values of the last map, flattened

    def __call__(self, x: Tensor) -> list[Tensor]: ...


@dataclass(frozen=True)
class ResNetConfig:
    stem: int = 16  # channels after the first 5x5 convolution
    widths: tuple[int, ...] = (24, 64, 128, 192)  # channels at 1/4, 1/8, 1/16 and 1/32 of the size
    blocks: tuple[int, ...] = (1, 2, 2, 2)
    multiple: ClassVar[int] = 32  # of the sides of the input, px


class ResNet(nn.Module):
    """A ResNet of basic blocks (He et al. 2016) with two strided convolutions for a stem."""

    def __init__(self, config: ResNetConfig, size: Size):
        super().__init__()
        self.widths, self.flat_size = config.widths, config.widths[-1] * (size[0] // 32) * (size[1] // 32)
        self.stem = nn.Sequential(
            *conv_norm(1, config.stem, 5, 2), nn.ReLU(),
            *conv_norm(config.stem, config.widths[0], 3, 2), nn.ReLU(),
        )  # fmt: skip
        inputs, stages = config.widths[0], []
        for level, (width, count) in enumerate(zip(config.widths, config.blocks, strict=True)):
            first = Residual(inputs, width, stride=1 if level == 0 else 2)
            stages.append(nn.Sequential(first, *(Residual(width, width, 1) for _ in range(count - 1))))
            inputs = width
        self.stages = nn.ModuleList(stages)

    def forward(self, x: Tensor) -> list[Tensor]:
        x, maps = self.stem(x), []
        for stage in self.stages:
            x = stage(x)
            maps.append(x)
        return maps


@dataclass(frozen=True)
class FaceResNetConfig:
    pretrained: str = ""  # "face-api": starts from the weights that mien.pretrained reads
    widths: tuple[int, ...] = (32, 64, 128, 256)
    blocks: tuple[int, ...] = (3, 4, 3, 3)
    multiple: ClassVar[int] = 32


class PooledResidual(nn.Module):
    """The basic block of dlib's face network: where it halves the map, the shortcut is a 2x2 mean, filled up with
    channels of zeros, and learns nothing."""

    def __init__(self, inputs: int, outputs: int, down: bool):
        super().__init__()
        self.more = outputs - inputs
        self.conv1 = nn.Sequential(*conv_norm(inputs, outputs, 3, 2 if down else 1), nn.ReLU())
        self.conv2 = nn.Sequential(*conv_norm(outputs, outputs, 3, 1))
        self.pool = nn.AvgPool2d(2) if down else nn.Identity()
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        y, shortcut = self.conv2(self.conv1(x)), self.pool(x)
        if self.more:
            shortcut = F.pad(shortcut, (0, 0, 0, 0, 0, self.more))
        return self.relu(y + shortcut)


class FaceResNet(nn.Module):
    """The 29-layer ResNet of dlib's face recognition (King 2017) up to 1/32 of the size, for grey crops."""

    def __init__(self, config: FaceResNetConfig, size: Size):
        super().__init__()
        self.widths, self.flat_size = config.widths, config.widths[-1] * (size[0] // 32) * (size[1] // 32)
        self.stem = nn.Sequential(*conv_norm(1, config.widths[0], 7, 2), nn.ReLU(), nn.MaxPool2d(3, 2, 1))
        inputs, stages = config.widths[0], []
        for level, (width, count) in enumerate(zip(config.widths, config.blocks, strict=True)):
            first = PooledResidual(inputs, width, down=level > 0)
            stages.append(nn.Sequential(first, *(PooledResidual(width, width, False) for _ in range(count - 1))))
            inputs = width
        self.stages = nn.ModuleList(stages)

    def forward(self, x: Tensor) -> list[Tensor]:
        x, maps = self.stem(x), []
        for stage in self.stages:
            x = stage(x)
            maps.append(x)
        return maps
