"""Heads: an encoder's maps to the points (B, 2P) in crop units, all x then all y, and the logits (B, P, h, w) of the
maps they are read from, or None."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mien.models.layers import SoftArgmax, SpatialSoftmax, conv_norm


class LinearHead(nn.Module):
    """The coarsest map, flattened and not averaged (averaging loses where things are), through one linear layer."""

    def __init__(self, inputs: int, point_count: int, initial_std: float):
        super().__init__()
        self.linear = nn.Linear(inputs, 2 * point_count)
        nn.init.normal_(self.linear.weight, std=initial_std)

    def start_at(self, mean_points: Tensor) -> None:
        """Sets the bias to the mean face, (P, 2) in crop units, so that training starts from it."""
        with torch.no_grad():
            self.linear.bias.copy_(mean_points.T.flatten())

    def forward(self, features: list[Tensor]) -> tuple[Tensor, None]:
        return self.linear(features[-1].flatten(1)), None


class GridOffsetHead(nn.Module):
    """Each cell of the map at 1/16 votes for where a point lies near it: a score and an offset, after PIPNet (Jin et
    al. 2021), but read by expectation over the scores and not from the best cell alone, so that it learns as one."""

    def __init__(self, widths: tuple[int, ...], hidden: int, point_count: int):
        super().__init__()
        self.mix = nn.Sequential(*conv_norm(widths[-1] + widths[-2], hidden, 3, 1), nn.ReLU())
        self.score = nn.Conv2d(hidden, point_count, 1)
        self.dx = nn.Conv2d(hidden, point_count, 1)
        self.dy = nn.Conv2d(hidden, point_count, 1)
        for layer in (self.dx, self.dy):
            nn.init.normal_(layer.weight, std=1e-3)
            nn.init.zeros_(layer.bias)
        self.share, self.expectation = SpatialSoftmax(), SoftArgmax()

    def forward(self, features: list[Tensor]) -> tuple[Tensor, Tensor]:
        coarse = F.interpolate(features[-1], scale_factor=2, mode="nearest")
        x = self.mix(torch.cat([coarse, features[-2]], 1))
        logits = self.score(x).float()
        return self.expectation(self.share(logits), self.dx(x).float(), self.dy(x).float()), logits


class GridHead(nn.Module):
    """The same votes by the cells of the map at 1/8, which a small decoder makes of the maps at 1/32, 1/16 and 1/8."""

    def __init__(self, widths: tuple[int, ...], decoder: tuple[int, ...], point_count: int):
        super().__init__()
        middle, fine = decoder
        self.coarse = nn.Sequential(*conv_norm(widths[-1] + widths[-2], middle, 3, 1), nn.ReLU())
        self.fine = nn.Sequential(*conv_norm(middle + widths[-3], fine, 3, 1), nn.ReLU())
        self.score = nn.Conv2d(fine, point_count, 1)
        self.dx = nn.Conv2d(fine, point_count, 1)
        self.dy = nn.Conv2d(fine, point_count, 1)
        for layer in (self.dx, self.dy):
            nn.init.normal_(layer.weight, std=1e-3)
            nn.init.zeros_(layer.bias)
        self.share, self.expectation = SpatialSoftmax(), SoftArgmax()

    def forward(self, features: list[Tensor]) -> tuple[Tensor, Tensor]:
        x = F.interpolate(features[-1], scale_factor=2, mode="nearest")
        x = self.coarse(torch.cat([x, features[-2]], 1))
        x = F.interpolate(x, scale_factor=2, mode="nearest")
        x = self.fine(torch.cat([x, features[-3]], 1))
        logits = self.score(x).float()
        return self.expectation(self.share(logits), self.dx(x).float(), self.dy(x).float()), logits


class MapHead(nn.Module):
    """A small UNet decoder (Ronneberger et al. 2015) to one heatmap per point at 1/4 of the crop; the point is the
    heatmap's expectation (Nibali et al. 2018)."""

    def __init__(self, widths: tuple[int, ...], decoder: tuple[int, ...], point_count: int):
        super().__init__()
        self.ups = nn.ModuleList()
        inputs = widths[-1]
        for skip, outputs in zip(reversed(widths[:-1]), decoder, strict=True):
            self.ups.append(nn.Sequential(*conv_norm(inputs + skip, outputs, 3, 1), nn.ReLU()))
            inputs = outputs
        self.maps = nn.Conv2d(inputs, point_count, 1)
        self.share, self.expectation = SpatialSoftmax(), SoftArgmax()

    def forward(self, features: list[Tensor]) -> tuple[Tensor, Tensor]:
        x = features[-1]
        for up, skip in zip(self.ups, reversed(features[:-1]), strict=True):
            x = up(torch.cat([F.interpolate(x, scale_factor=2, mode="nearest"), skip], 1))
        logits = self.maps(x).float()
        return self.expectation(self.share(logits)), logits
