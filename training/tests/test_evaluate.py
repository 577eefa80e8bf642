"""Points that are averaged with those of the mirrored crop."""

import sys

import pytest
import torch
from conftest import tiny_config
from torch import Tensor, nn

import mien.evaluate
from mien.evaluate import with_mirrored
from mien.models import unpack
from mien.schemes import SCHEMES


class FindsBrightColumns(nn.Module):
    """Puts one point of each pair on the first bright column, the other on the last, both by `bias` too far right."""

    def __init__(self, names: int, mirror: tuple[int, ...], length: int, bias: float) -> None:
        super().__init__()
        self.names, self.mirror, self.length, self.bias = names, mirror, length, bias

    def forward(self, crops: Tensor) -> Tensor:
        columns = crops.amax((1, 2))
        ends = columns.argmax(-1), crops.shape[-1] - 1 - columns.flip(-1).argmax(-1)
        first, last = ((end + 0.5) / crops.shape[-1] for end in ends)
        packed = torch.zeros(len(crops), self.length)
        step = (self.length - 1) // self.names
        for i, other in enumerate(self.mirror):
            packed[:, step * i] = (first if i <= other else last) + self.bias
        return packed


def test_a_bias_of_the_network_goes_and_each_point_keeps_its_name():
    config = tiny_config()
    scheme = SCHEMES[config.scheme]
    length = len(scheme.names) * (4 if config.head.values == "points-spread-visible-presence" else 3) + 1
    crops = torch.zeros(1, 1, *config.input.size)
    crops[..., [3, 10]] = 1
    network = FindsBrightColumns(len(scheme.names), scheme.mirror, length, bias=0.1)
    alone = unpack(network(crops), config.head.values).points
    found = with_mirrored(alone, network, crops, config)
    one = next(i for i, other in enumerate(scheme.mirror) if i < other)
    pair, places = [one, scheme.mirror[one]], torch.tensor([3.5, 10.5]) / crops.shape[-1]
    assert torch.allclose(alone[0, pair, 0], places + 0.1)
    assert torch.allclose(found[0, pair, 0], places)


@pytest.mark.parametrize(
    ("arguments", "sets"),
    [
        ([], {"300w/lfpw/testset"}),
        (
            ["--held-out"],
            {"300w/lfpw/trainset", "300w/helen/trainset", "300w/afw", "cfp/profile", "cfp/frontal", "aflw2000_rest"},
        ),
        (["--held-out", "--sets", "cfp/profile"], {"cfp/profile"}),
    ],
)
def test_without_names_it_measures_the_test_part_or_what_training_left_out(
    arguments: list[str], sets: set[str], monkeypatch: pytest.MonkeyPatch
):
    """Held out of the test part there is nothing, as none of it is trained on."""
    asked: list[str] = []

    def evaluated(checkpoint, data, names, *others) -> dict:
        asked.extend(names)
        return {"metrics": []}

    monkeypatch.setattr(mien.evaluate, "evaluate", evaluated)
    monkeypatch.setattr(sys, "argv", ["evaluate", "lite.safetensors", *arguments])
    mien.evaluate.main()
    assert set(asked) == sets
