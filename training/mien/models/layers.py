"""Pieces that several networks are made of."""

import torch
from torch import Tensor, nn


def conv_norm(inputs: int, outputs: int, kernel: int, stride: int) -> list[nn.Module]:
    """A convolution padded by kernel // 2 on each side and its batch-norm, to be folded into one at export."""
    conv = nn.Conv2d(inputs, outputs, kernel, stride, padding=kernel // 2, bias=False)
    return [conv, nn.BatchNorm2d(outputs)]


def steady(layer: nn.Conv2d | nn.Linear) -> nn.Module:
    """Starts a layer so that what runs through it and its rectifier keeps its size (He et al. 2015): deep stacks
    without batch-norm then learn from the first step."""
    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    nn.init.zeros_(layer.bias)
    return layer


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


class SpatialSoftmax(nn.Module):
    """(B, P, H, W) logits to maps of the same shape that each sum to 1. A module, so that export writes it in one
    piece, without the maps leaving the order they lie in."""

    def forward(self, logits: Tensor) -> Tensor:
        return logits.flatten(2).softmax(-1).unflatten(-1, logits.shape[-2:])


def cell_centres(length: int, like: Tensor) -> Tensor:
    """(length,) places of the cells of a map along one side, crop units 0..1."""
    return (torch.arange(length, device=like.device, dtype=like.dtype) + 0.5) / length


class SoftArgmax(nn.Module):
    """(B, P, H, W) maps that each sum to 1, and perhaps what each cell says is to be added to its place (dx, dy of the
    same shape, crop units), to the expected places (B, 2P): all x, then all y, crop units 0..1."""

    def forward(self, share: Tensor, dx: Tensor | None = None, dy: Tensor | None = None) -> Tensor:
        # sums of products, since mixed precision would round a matrix product to bfloat16: a quarter of a px at 128 px
        xs = (share.sum(-2) * cell_centres(share.shape[-1], share)).sum(-1)
        ys = (share.sum(-1) * cell_centres(share.shape[-2], share)).sum(-1)
        if dx is not None and dy is not None:
            xs = xs + (share * dx).sum((-2, -1))
            ys = ys + (share * dy).sum((-2, -1))
        return torch.cat([xs, ys], 1)
