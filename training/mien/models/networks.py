"""What is trained and what is exported: an encoder, the head that gives the points, and what is said beside them."""

from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor, nn

from mien.models.heads import LinearHead

VALUES = ("points-spread-presence", "points")  # what a network's packed vector holds
FIRST_SPREAD = 0.03  # crop units; where the spread starts, about 4 px at 128 px


def unpack(packed: Tensor, values: str = VALUES[0]) -> tuple[Tensor, Tensor | None, Tensor | None]:
    """A packed vector to points (B, P, 2), ln(spread) (B, P) and presence logit (B,); of points alone, the latter are
    None."""
    if values == "points":
        return packed.unflatten(1, (-1, 2)), None, None
    per_point = packed[:, :-1].unflatten(1, (-1, 3))
    return per_point[..., :2], per_point[..., 2], packed[:, -1]


def in_pairs(points: Tensor) -> Tensor:
    """(B, 2P), all x then all y, to (B, P, 2)."""
    return points.unflatten(1, (2, -1)).mT


class LandmarkNetwork(nn.Module):
    """(B, 1, H, W) normalised grey crops to the packed vector: (B, P*3 + 1), x, y, ln(spread) for each of P points in
    crop units 0..1, then one presence logit; or, of points alone, (B, P*2), x, y of each."""

    def __init__(self, encoder: nn.Module, head: nn.Module, point_count: int, values: str = VALUES[0]):
        super().__init__()
        self.encoder, self.head, self.doubt, count = encoder, head, None, point_count
        order = [at for i in range(count) for at in (i, count + i)]
        if values == VALUES[0]:
            self.doubt = nn.Linear(encoder.flat_size, count + 1)  # ln(spread) of each point, presence
            nn.init.normal_(self.doubt.weight, std=1e-3)
            nn.init.constant_(self.doubt.bias, torch.tensor(FIRST_SPREAD).log().item())
            nn.init.zeros_(self.doubt.bias[-1:])
            order = [at for i in range(count) for at in (i, count + i, 2 * count + i)] + [3 * count]
        self.register_buffer("order", torch.tensor(order), persistent=False)

    def start_at(self, mean_points: Tensor) -> None:
        if isinstance(self.head, LinearHead):
            self.head.start_at(mean_points)

    def forward(self, x: Tensor) -> Tensor:
        features = self.encoder(x)
        packed, _ = self.head(features)
        if self.doubt is not None:
            packed = torch.cat([packed, self.doubt(features[-1].flatten(1))], 1)
        return packed.index_select(1, self.order)


class Seen(NamedTuple):
    """What one head makes of a batch."""

    points: Tensor  # (B, P, 2), crop units
    logits: Tensor | None  # (B, P, h, w) of the maps they are read from


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
        other.encoder, other.head, other.doubt = self.network.encoder, self.companions[kind], self.network.doubt
        other.register_buffer("order", self.network.order, persistent=False)
        return other

    def forward(self, x: Tensor) -> tuple[dict[str, Seen], Tensor | None]:
        """What each head saw, by kind, and doubt (B, P + 1): ln(spread) of the own head's points, presence logit; None
        where the network gives points alone."""
        network = self.network
        features = network.encoder(x)
        seen = {}
        for kind, head in {self.own: network.head, **self.companions}.items():
            points, logits = head(features)
            seen[kind] = Seen(in_pairs(points.float()), logits)
        return seen, None if network.doubt is None else network.doubt(features[-1].flatten(1)).float()
