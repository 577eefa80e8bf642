"""What is trained and what is exported: an encoder, the head that gives the points, and what is said beside them."""

from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor, nn

from mien.models.heads import LinearHead

VISIBILITY = ("means", "cells")  # what visibility is read from: the coarsest map's means, or each of its cells
VALUES = ("points-spread-presence", "points-spread-visible-presence", "points")  # what a packed vector holds
FIRST_SPREAD = 0.03  # crop units; where the spread starts, about 4 px at 128 px


class Unpacked(NamedTuple):
    """What a network says of B faces of P points; None for what it does not tell."""

    points: Tensor  # (B, P, 2), crop units
    log_spread: Tensor | None  # (B, P)
    presence: Tensor | None  # (B,), logit
    visible: Tensor | None = None  # (B, P), logit


def unpack(packed: Tensor, values: str = VALUES[0]) -> Unpacked:
    """The parts of a packed vector (B, …)."""
    if values == "points":
        return Unpacked(packed.unflatten(1, (-1, 2)), None, None)
    per_point = packed[:, :-1].unflatten(1, (-1, 4 if "visible" in values else 3))
    visible = per_point[..., 3] if "visible" in values else None
    return Unpacked(per_point[..., :2], per_point[..., 2], packed[:, -1], visible)


def in_pairs(points: Tensor) -> Tensor:
    """(B, 2P), all x then all y, to (B, P, 2)."""
    return points.unflatten(1, (2, -1)).mT


class LandmarkNetwork(nn.Module):
    """(B, 1, H, W) normalised grey crops to the packed vector: (B, P*3 + 1), x, y, ln(spread) for each of P points in
    crop units 0..1, then one presence logit; with visibility (B, P*4 + 1), its logit after each ln(spread); or, of
    points alone, (B, P*2), x, y of each."""

    def __init__(
        self,
        encoder: nn.Module,
        head: nn.Module,
        point_count: int,
        values: str = VALUES[0],
        visibility: str = VISIBILITY[0],
    ):
        super().__init__()
        self.encoder, self.head, count = encoder, head, point_count
        self.uncertainty: nn.Linear | None = None
        self.visibility: nn.Sequential | None = None  # a logit for each point
        columns = [range(count), range(count, 2 * count)]  # of what the layers give side by side: x, y
        if values != "points":
            self.uncertainty = nn.Linear(encoder.flat_size, count + 1)  # ln(spread) of each point, presence
            nn.init.normal_(self.uncertainty.weight, std=1e-3)
            nn.init.constant_(self.uncertainty.bias, torch.tensor(FIRST_SPREAD).log().item())
            nn.init.zeros_(self.uncertainty.bias[-1:])
            columns.append(range(2 * count, 3 * count))
        if "visible" in values:
            # Means tell how a head is turned, and cost little. Where something lies in the way only the cells tell;
            # their weights would make a small network a tenth larger.
            by_cell = visibility == "cells"
            layer = nn.Linear(encoder.flat_size if by_cell else encoder.widths[-1], count)
            nn.init.normal_(layer.weight, std=1e-3)
            means = [] if by_cell else [nn.AdaptiveAvgPool2d(1)]
            self.visibility = nn.Sequential(*means, nn.Flatten(1), layer)
            columns.append(range(3 * count + 1, 4 * count + 1))
        order = [column[i] for i in range(count) for column in columns]
        if self.uncertainty is not None:
            order.append(3 * count)
        self.register_buffer("order", torch.tensor(order), persistent=False)

    def start_at(self, mean_points: Tensor) -> None:
        if isinstance(self.head, LinearHead):
            self.head.start_at(mean_points)

    def forward(self, x: Tensor) -> Tensor:
        features = self.encoder(x)
        packed, _ = self.head(features)
        parts = [packed]
        if self.uncertainty is not None:
            parts.append(self.uncertainty(features[-1].flatten(1)))
        if self.visibility is not None:
            parts.append(self.visibility(features[-1]))
        return torch.cat(parts, 1).index_select(1, self.order)


class Seen(NamedTuple):
    """What one head makes of a batch."""

    points: Tensor  # (B, P, 2), crop units
    logits: Tensor | None  # (B, P, h, w) of the maps they are read from


class Told(NamedTuple):
    """What a network says of the points of its own head."""

    log_spread: Tensor  # (B, P)
    presence: Tensor  # (B,), logit
    visible: Tensor | None  # (B, P), logit


class Trainee(nn.Module):
    """A network and the heads trained beside its own, because they make the encoder better."""

    def __init__(self, network: LandmarkNetwork, own: str, companions: Mapping[str, nn.Module]):
        super().__init__()
        self.network, self.own = network, own
        self.companions = nn.ModuleDict(companions)

    def start_at(self, mean_points: Tensor) -> None:
        """Starts every linear head at the mean face, (P, 2) in crop units."""
        for head in (self.network.head, *self.companions.values()):
            if isinstance(head, LinearHead):
                head.start_at(mean_points)

    def with_head(self, kind: str) -> LandmarkNetwork:
        """The network as it would be exported with another of the heads; shares its weights."""
        if kind == self.own:
            return self.network
        other = LandmarkNetwork.__new__(LandmarkNetwork)
        nn.Module.__init__(other)
        other.encoder, other.head = self.network.encoder, self.companions[kind]
        other.uncertainty, other.visibility = self.network.uncertainty, self.network.visibility
        other.register_buffer("order", self.network.order, persistent=False)
        return other

    def forward(self, x: Tensor) -> tuple[dict[str, Seen], Told | None]:
        """What each head saw, by kind, and what is told of it; None where the network gives points alone."""
        network = self.network
        features = network.encoder(x)
        seen = {}
        for kind, head in {self.own: network.head, **self.companions}.items():
            points, logits = head(features)
            seen[kind] = Seen(in_pairs(points.float()), logits)
        if network.uncertainty is None:
            return seen, None
        told = network.uncertainty(features[-1].flatten(1)).float()
        visible = None if network.visibility is None else network.visibility(features[-1]).float()
        return seen, Told(told[:, :-1], told[:, -1], visible)
