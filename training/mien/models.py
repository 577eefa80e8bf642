"""The networks. Every model maps (B, 1, size, size) normalised grey crops to the packed vector (B, P*3 + 1):
x, y, ln(spread) for each of P points in crop units 0..1, then one presence logit."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

FIRST_SPREAD = 0.03  # crop units; where the spread starts, about 4 px at 128 px


def unpack(packed: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """(B, P*3 + 1) to points (B, P, 2), ln(spread) (B, P) and presence logit (B,)."""
    per_point = packed[:, :-1].unflatten(1, (-1, 3))
    return per_point[..., :2], per_point[..., 2], packed[:, -1]


def conv_norm(inputs: int, outputs: int, kernel: int, stride: int) -> list[nn.Module]:
    """A convolution padded by kernel // 2 on each side and its batch-norm, to be folded into one at export."""
    conv = nn.Conv2d(inputs, outputs, kernel, stride, padding=kernel // 2, bias=False)
    return [conv, nn.BatchNorm2d(outputs)]


class Residual(nn.Module):
    """The basic block of He et al. 2016 (arXiv:1512.03385)."""

    def __init__(self, inputs: int, outputs: int, stride: int):
        super().__init__()
        self.body = nn.Sequential(*conv_norm(inputs, outputs, 3, stride), nn.ReLU(), *conv_norm(outputs, outputs, 3, 1))
        nn.init.zeros_(self.body[-1].weight)  # each block starts as the identity (Goyal et al. 2017)
        plain = stride == 1 and inputs == outputs
        self.shortcut = nn.Identity() if plain else nn.Sequential(*conv_norm(inputs, outputs, 1, stride))
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        return self.relu(self.body(x) + self.shortcut(x))


@dataclass(frozen=True)
class ResNetConfig:
    size: int = 128  # side of the crop, px
    stem: int = 16  # channels after the first 5x5 convolution
    widths: tuple[int, ...] = (24, 64, 128, 192)  # channels at 1/4, 1/8, 1/16 and 1/32 of the size
    blocks: tuple[int, ...] = (1, 2, 2, 2)


class ResNetRegressor(nn.Module):
    """A ResNet whose last map is flattened, not averaged, into the linear layer: averaging loses where things are."""

    def __init__(self, config: ResNetConfig, point_count: int):
        super().__init__()
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
        last = config.size // 2 ** (len(config.widths) + 1)
        self.head = nn.Linear(last * last * inputs, point_count * 3 + 1)
        nn.init.normal_(self.head.weight, std=1e-3)

    def start_at(self, mean_points: Tensor) -> None:
        """Sets the head's bias to the mean face, (P, 2) in crop units, so that training starts from it."""
        with torch.no_grad():
            self.head.bias[:-1].unflatten(0, (-1, 3))[:, :2] = mean_points
            self.head.bias[:-1].unflatten(0, (-1, 3))[:, 2] = torch.tensor(FIRST_SPREAD).log()
            self.head.bias[-1] = 0

    def features(self, x: Tensor) -> list[Tensor]:
        """The map after each stage, finest first."""
        x, maps = self.stem(x), []
        for stage in self.stages:
            x = stage(x)
            maps.append(x)
        return maps

    def regress(self, coarsest: Tensor) -> Tensor:
        return self.head(coarsest.flatten(1))

    def forward(self, x: Tensor) -> Tensor:
        return self.regress(self.features(x)[-1])


class HeatmapDecoder(nn.Module):
    """A small UNet decoder (Ronneberger et al. 2015) from the encoder's maps to one map per point at a quarter of the
    crop. Trained beside the regression because it makes the encoder better; not exported with it."""

    def __init__(self, widths: tuple[int, ...], point_count: int):
        super().__init__()
        self.ups = nn.ModuleList()
        inputs = widths[-1]
        for skip in reversed(widths[:-1]):
            outputs = max(64, skip)
            self.ups.append(nn.Sequential(*conv_norm(inputs + skip, outputs, 3, 1), nn.ReLU()))
            inputs = outputs
        self.maps = nn.Conv2d(inputs, point_count, 1)

    def forward(self, features: list[Tensor]) -> Tensor:
        """Maps, finest first, to logits (B, P, H, W) at the finest map's size."""
        x = features[-1]
        for up, skip in zip(self.ups, reversed(features[:-1]), strict=True):
            x = up(torch.cat([F.interpolate(x, scale_factor=2, mode="nearest"), skip], 1))
        return self.maps(x)


class Trainee(nn.Module):
    """The network and the heatmap decoder trained beside it."""

    def __init__(self, network: ResNetRegressor, decoder: HeatmapDecoder | None):
        super().__init__()
        self.network, self.decoder = network, decoder

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor | None]:
        """(B, 1, S, S) to the packed vector (B, P*3 + 1) and the maps' logits (B, P, S/4, S/4), both float32."""
        features = self.network.features(x)
        packed = self.network.regress(features[-1]).float()
        return packed, self.decoder(features).float() if self.decoder else None


def soft_argmax(logits: Tensor) -> Tensor:
    """(B, P, H, W) logits to the expected place of each point, (B, P, 2) in crop units 0..1, pixel centres at + 0.5."""
    height, width = logits.shape[-2:]
    share = logits.flatten(2).softmax(-1).unflatten(-1, (height, width))
    xs = (torch.arange(width, device=logits.device, dtype=share.dtype) + 0.5) / width
    ys = (torch.arange(height, device=logits.device, dtype=share.dtype) + 0.5) / height
    return torch.stack([(share.sum(-2) * xs).sum(-1), (share.sum(-1) * ys).sum(-1)], -1)


def cost(model: nn.Module, size: int) -> tuple[int, int]:
    """(parameters, multiply-adds of its convolutions and linear layers for one crop)."""
    total = 0

    def count(module: nn.Module, _inputs, output: Tensor) -> None:
        nonlocal total
        places = output[0, 0].numel() if isinstance(module, nn.Conv2d) else 1
        total += module.weight.numel() * places

    layers = [m for m in model.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    hooks = [layer.register_forward_hook(count) for layer in layers]
    training, device = model.training, next(model.parameters()).device
    with torch.no_grad():
        model.eval()(torch.zeros(1, 1, size, size, device=device))
    model.train(training)
    for hook in hooks:
        hook.remove()
    return sum(p.numel() for p in model.parameters()), total
