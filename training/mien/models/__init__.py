"""The networks: encoders, heads on them, and their configurations."""

from dataclasses import dataclass

import torch
from torch import nn

from mien.models.encoders import ENCODERS, FaceResNetConfig, ResNetConfig
from mien.models.heads import CellHead, LinearHead, MapHead, Size
from mien.models.networks import LandmarkNetwork, Seen, Trainee, unpack

ModelConfig = ResNetConfig | FaceResNetConfig
MODELS: dict[str, type] = {"resnet": ResNetConfig, "face-resnet": FaceResNetConfig}


@dataclass(frozen=True)
class HeadConfig:
    """The head that gives the exported network its points, and what the heads are built with."""

    kind: str = "linear"  # linear, cells or maps
    cells: int = 128  # channels under the cells' votes
    maps: tuple[int, ...] = (128, 96, 64)  # channels of the decoder at 1/16, 1/8 and 1/4


HEADS = {
    "linear": lambda config, widths, size, count: LinearHead(widths, size, count),
    "cells": lambda config, widths, size, count: CellHead(widths, config.cells, count),
    "maps": lambda config, widths, size, count: MapHead(widths, config.maps, count),
}


def family(head: HeadConfig) -> str:
    """What the app calls it: a heatmap network hands its maps out."""
    return "heatmap" if head.kind == "maps" else "regression"


def build_head(head: HeadConfig, kind: str, widths: tuple[int, ...], size: Size, point_count: int) -> nn.Module:
    return HEADS[kind](head, widths, size, point_count)


def build_network(model: ModelConfig, head: HeadConfig, size: Size, point_count: int) -> LandmarkNetwork:
    """The untrained network for crops of `size` (height, width) px."""
    encoder = ENCODERS[type(model)](model)
    own = build_head(head, head.kind, encoder.widths, size, point_count)
    return LandmarkNetwork(encoder, own, size, point_count)


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
    "HEADS", "MODELS", "HeadConfig", "LandmarkNetwork", "ModelConfig", "Seen", "Size", "Trainee",
    "build_head", "build_network", "cost", "family", "unpack",
]  # fmt: skip
