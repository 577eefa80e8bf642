"""The networks: encoders, heads on them, and their configurations."""

from dataclasses import dataclass

import torch
from torch import nn

from mien.models.classic import ConvStack, ConvStackConfig, PublishedResNet, PublishedResNetConfig
from mien.models.encoders import Encoder, FaceResNet, FaceResNetConfig, ResNet, ResNetConfig
from mien.models.heads import GridHead, GridOffsetHead, LinearHead, MapHead
from mien.models.networks import VALUES, VISIBILITY, LandmarkNetwork, Seen, Told, Trainee, Unpacked, unpack
from mien.models.unet import UNet, UNetConfig
from mien.transforms import Size

ModelConfig = ResNetConfig | FaceResNetConfig | ConvStackConfig | PublishedResNetConfig | UNetConfig
MODELS: dict[str, type] = {
    "resnet": ResNetConfig, "face-resnet": FaceResNetConfig, "conv-stack": ConvStackConfig,
    "published-resnet": PublishedResNetConfig, "unet": UNetConfig,
}  # fmt: skip
ENCODERS: dict[type, type] = {
    ResNetConfig: ResNet, FaceResNetConfig: FaceResNet, ConvStackConfig: ConvStack,
    PublishedResNetConfig: PublishedResNet, UNetConfig: UNet,
}  # fmt: skip


@dataclass(frozen=True)
class HeadConfig:
    """The head that gives the exported network its points, and what the heads are built with."""

    kind: str = "linear"  # linear, cells, grid or maps
    grid_offset: int = 128  # channels under the cells' votes
    grid: tuple[int, ...] = (64, 96)  # channels of the grid's decoder at 1/16 and 1/8
    initial_std: float = 1e-3  # of the linear head's weights before training
    maps: tuple[int, ...] = (128, 96, 64)  # channels of the decoder at 1/16, 1/8 and 1/4; none on a UNet
    values: str = VALUES[0]  # what the network gives, one of VALUES
    visibility: str = VISIBILITY[0]  # what it is read from where the network gives it, one of VISIBILITY


HEADS = {
    "linear": lambda config, encoder, count: LinearHead(encoder.flat_size, count, config.initial_std),
    "grid_offset": lambda config, encoder, count: GridOffsetHead(encoder.widths, config.grid_offset, count),
    "grid": lambda config, encoder, count: GridHead(encoder.widths, config.grid, count),
    "maps": lambda config, encoder, count: MapHead(encoder.widths, config.maps, count),
}


def family(head: HeadConfig) -> str:
    """What the app calls it: a heatmap network hands its maps out."""
    return "heatmap" if head.kind == "maps" else "regression"


def build_head(head: HeadConfig, kind: str, encoder: Encoder, point_count: int) -> nn.Module:
    return HEADS[kind](head, encoder, point_count)


def build_network(model: ModelConfig, head: HeadConfig, size: Size, point_count: int) -> LandmarkNetwork:
    """The untrained network for crops of `size` (height, width) px."""
    encoder = ENCODERS[type(model)](model, size)
    own = build_head(head, head.kind, encoder, point_count)
    return LandmarkNetwork(encoder, own, point_count, head.values, head.visibility)


def cost(model: nn.Module, size: Size) -> tuple[int, int]:
    """(parameters, multiply-adds of its convolutions and linear layers for one crop)."""
    total = 0

    def count(module: nn.Module, inputs: tuple, output: torch.Tensor) -> None:
        nonlocal total
        if isinstance(module, nn.ConvTranspose2d):
            total += module.weight.numel() * inputs[0][0, 0].numel()
        else:
            total += module.weight.numel() * (output[0, 0].numel() if isinstance(module, nn.Conv2d) else 1)

    layers = [m for m in model.modules() if isinstance(m, nn.Conv2d | nn.ConvTranspose2d | nn.Linear)]
    hooks = [layer.register_forward_hook(count) for layer in layers]
    training, device = model.training, next(model.parameters()).device
    with torch.no_grad():
        model.eval()(torch.zeros(1, 1, *size, device=device))
    model.train(training)
    for hook in hooks:
        hook.remove()
    return sum(p.numel() for p in model.parameters()), total


__all__ = [
    "HEADS", "MODELS", "VALUES", "VISIBILITY", "HeadConfig", "LandmarkNetwork", "ModelConfig", "Seen", "Size", "Told",
    "Trainee", "Unpacked", "build_head", "build_network", "cost", "family", "unpack",
]  # fmt: skip
