"""What the eye network's points mean, and what it is built of."""

from torch import Tensor, nn

from mien.models import LandmarkNetwork
from mien.models.heads import GridHead
from mien.models.layers import Residual, conv_norm
from mien.schemes import Scheme, chain

WIDTH, HEIGHT = 64, 48  # px of a patch
SIZE = HEIGHT, WIDTH
MEAN, DEVIATION = 0.5, 0.25  # value = (grey / 255 - mean) / deviation
VALUES = "points-spread-visible-presence"
EYE7 = Scheme(
    id="eye7",
    names=("iris", "outer corner", "upper lid 1", "upper lid 2", "inner corner", "lower lid 1", "lower lid 2"),
    groups={"iris": (0,), "lids": (1, 2, 3, 4, 5, 6)},
    edges=chain(1, 6, closed=True),
    mirror=tuple(range(7)),  # patches of left eyes are mirrored, so that the network knows right eyes alone
    normalising_pair=(1, 4),
    eyes=None,
)
IRIS, LIDS = 0, (1, 2, 3, 4, 5, 6)
STEM, WIDTHS, DECODER = 8, (16, 32, 40), (24, 16)


class EyeEncoder(nn.Module):
    """A normalised grey patch (B, 1, 48, 64) to maps at 1/4, 1/8 and 1/16 of its sides, finest first."""

    def __init__(self) -> None:
        super().__init__()
        fine, middle, coarse = self.widths = WIDTHS
        self.flat_size = coarse * (WIDTH // 16) * (HEIGHT // 16)
        self.stem = nn.Sequential(
            *conv_norm(1, STEM, 5, 2), nn.ReLU(),
            *conv_norm(STEM, fine, 3, 2), nn.ReLU(),
            *conv_norm(fine, fine, 3, 1), nn.ReLU(),
        )  # fmt: skip
        self.middle = Residual(fine, middle, 2)
        self.coarse = nn.Sequential(*conv_norm(middle, coarse, 3, 2), nn.ReLU())

    def forward(self, x: Tensor) -> list[Tensor]:
        fine = self.stem(x)
        middle = self.middle(fine)
        return [fine, middle, self.coarse(middle)]


def build() -> LandmarkNetwork:
    """The untrained network."""
    encoder = EyeEncoder()
    return LandmarkNetwork(encoder, GridHead(encoder.widths, DECODER, EYE7.point_count), EYE7.point_count, VALUES)
