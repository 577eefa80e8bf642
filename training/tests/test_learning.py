"""Losses, augmentation, configuration and metrics."""

import math
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import draw_face, face_points

from mien.augment import Look, augmented, jpeg, synthetic_background
from mien.config import ConfigError, as_table, load_config, parse_config
from mien.losses import gaussian_target, point_loss, shape_loss, soft_wing, spread_loss, wing
from mien.metrics import Yardsticks, area_under_curve, area_under_roc, measure
from mien.models import HeadConfig, ModelConfig, Trainee, build_head, build_network, cost, unpack
from mien.models.encoders import FaceResNetConfig, ResNetConfig
from mien.models.layers import SoftArgmax, SpatialSoftmax
from mien.models.networks import in_pairs
from mien.schemes import IBUG68

CONFIGS = Path(__file__).parents[1] / "configs"


def gaussian_logits(truth: torch.Tensor) -> torch.Tensor:
    """(B, P, 2) to (B, P, 32, 32) logits of Gaussian maps."""
    down, across = gaussian_target(truth, 32, 32, 0.04)
    return (down.unsqueeze(-1) * across.unsqueeze(-2)).clamp(min=1e-12).log()


def test_the_expectation_reads_back_a_gaussian_map():
    truth = torch.rand(2, 5, 2) * 0.6 + 0.2
    found = in_pairs(SoftArgmax()(SpatialSoftmax()(gaussian_logits(truth))))
    assert (found - truth).abs().max() < 0.002  # crop units


@pytest.mark.parametrize("error", [wing, soft_wing])
def test_wings_are_least_at_the_truth_and_weigh_small_errors_more(error):
    px = (torch.arange(-12_000, 12_001, dtype=torch.float64) / 200).requires_grad_()  # of a crop of 256 px
    loss = error(px / 256) * 256
    (slope,) = torch.autograd.grad(loss.sum(), px)
    assert loss.min() == loss[12_000] == 0
    assert loss.diff().abs().max() < 0.05  # px; no jump from one part to the next
    assert slope[px > 2.1][0] > 2 * slope[px > 19][0] > 0
    assert loss.detach().flip(0).allclose(loss.detach())


def test_the_wings_are_those_of_the_papers():
    px = torch.tensor([5.0, 40.0])  # of a crop of 256 px
    ten, two = 10 * math.log(1 + 5 / 2), 40 - (10 - 10 * math.log(1 + 10 / 2))
    assert (wing(px / 256) * 256).tolist() == pytest.approx([ten, two], rel=1e-5)
    offset = 2 - 20 * math.log(1 + 2 / 0.5)
    assert (soft_wing(px / 256) * 256).tolist() == pytest.approx(
        [20 * math.log(1 + 5 / 0.5) + offset, 20 * math.log(1 + 40 / 0.5) + offset], rel=1e-5
    )


def test_losses_are_least_at_the_truth():
    truth = torch.rand(3, 68, 2)
    assert point_loss(truth, truth).max() == 0
    assert point_loss(truth + 0.05, truth).min() > 0.04
    logits = gaussian_logits(truth)
    assert shape_loss(logits, truth, 0.04).abs().max() < 0.01  # no divergence from itself
    assert shape_loss(logits.roll(3, -1), truth, 0.04).min() > 0.5


def test_the_spread_that_fits_is_the_mean_distance():
    distance = torch.tensor([[0.01, 0.02, 0.06]])
    log_spread = torch.zeros(1, 1, requires_grad=True)
    optimiser = torch.optim.Adam([log_spread], 0.05)
    for _ in range(400):
        optimiser.zero_grad()
        spread_loss(log_spread.expand(1, 3), distance).sum().backward()
        optimiser.step()
    assert log_spread.exp().item() == pytest.approx(0.03, rel=0.01)


@pytest.mark.parametrize(
    ("name", "kind", "multiply_adds", "size_mb"),
    [
        ("lite", "grid", 0.105e9, 4.3),
        ("resnet-lite", "grid_offset", 0.3e9, 6),
        ("resnet18", "grid_offset", 1.8e9, 12),
        ("resnet18", "maps", 1.5e9, 12),
    ],
)
def test_networks_keep_their_budgets(name: str, kind: str, multiply_adds: float, size_mb: float):
    config = load_config(CONFIGS / f"{name}.toml")
    network = build_network(config.model, replace(config.head, kind=kind), config.input.size, 68)
    parameters, found = cost(network, config.input.size)
    assert parameters * 2 < size_mb * 1e6  # bytes as float16
    assert found < multiply_adds


@pytest.mark.parametrize("kind", ["linear", "grid_offset", "grid", "maps"])
@pytest.mark.parametrize("encoder", [ResNetConfig(stem=8, widths=(8, 8, 16, 16)), FaceResNetConfig()])
def test_networks_give_what_they_promise(kind: str, encoder: ModelConfig):
    head = HeadConfig(kind=kind, grid_offset=16, grid=(16, 16), maps=(16, 16, 8))
    network = build_network(encoder, head, (64, 96), 68)
    Trainee(network, kind, {}).start_at(torch.full((68, 2), 0.25))
    points, log_spread, logit, _ = unpack(network.eval()(torch.randn(3, 1, 64, 96)))
    assert (points.shape, log_spread.shape, logit.shape) == ((3, 68, 2), (3, 68), (3,))
    start = 0.25 if kind == "linear" else 0.5  # votes that know nothing point to the middle
    assert (points - start).abs().mean() < 0.15


def test_the_trainee_exports_any_of_its_heads():
    config = load_config(CONFIGS / "resnet18.toml")
    torch.manual_seed(0)
    network = build_network(config.model, config.head, (64, 64), 68)
    others = {k: build_head(config.head, k, network.encoder, 68) for k in ("linear", "maps")}
    trainee = Trainee(network, "grid_offset", others).eval()
    x = torch.randn(2, 1, 64, 64)
    seen, told = trainee(x)
    for kind in ("linear", "grid_offset", "maps"):
        points, log_spread, *_ = unpack(trainee.with_head(kind)(x))
        assert torch.allclose(points, seen[kind].points, atol=1e-6)
        assert torch.allclose(log_spread, told.log_spread, atol=1e-6)


def test_augmentation_changes_the_look_and_nothing_else():
    image = torch.from_numpy(draw_face(face_points(), (128, 128))).float().view(1, 1, 128, 128) / 255
    batch = image.expand(16, -1, -1, -1)
    first, _ = augmented(batch, Look(), torch.Generator().manual_seed(1))
    again, _ = augmented(batch, Look(), torch.Generator().manual_seed(1))
    assert torch.equal(first, again)
    assert first.shape == batch.shape
    assert first.min() >= 0
    assert first.max() <= 1
    assert (first - batch).abs().mean((1, 2, 3)).min() > 1e-3
    nothing = Look(**dict.fromkeys(asdict(Look()), 0.0))
    assert (augmented(batch, nothing, torch.Generator())[0] - batch).abs().max() < 1e-3


def test_jpeg_loses_more_the_stronger_it_is():
    image = torch.from_numpy(draw_face(face_points(), (128, 128))).float().view(1, 1, 128, 128) / 255
    loss = [(jpeg(image, torch.full((1, 1, 1, 1), s)) - image).abs().mean().item() for s in (0.01, 1.0, 3.0)]
    assert loss[0] < 0.001 < loss[1] < loss[2]


def test_backgrounds_vary():
    made = synthetic_background(64, (32, 32), torch.Generator().manual_seed(0))
    assert made.mean((1, 2, 3)).std() > 0.1


@pytest.mark.parametrize(
    "path", sorted({*CONFIGS.rglob("*.toml")} - {*CONFIGS.glob("sweeps/*")}), ids=lambda path: path.stem
)
def test_every_configuration_is_read_and_comes_back(path: Path):
    config = load_config(path)
    table = as_table(config)
    assert parse_config(_lists(table)) == config


def _lists(value):
    """Tuples to lists, as TOML and JSON have them."""
    if isinstance(value, dict):
        return {key: _lists(item) for key, item in value.items()}
    return [_lists(item) for item in value] if isinstance(value, tuple | list) else value


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"seed": "one"}, "seed: expected int, found 'one'"),
        ({"sede": 1}, "sede: no such field"),
        ({"scheme": "ibug69"}, "scheme: 'ibug69' is not one of"),
        ({"model": {"kind": "vgg"}}, "model.kind: 'vgg'"),
        ({"model": {"kind": "resnet", "widths": [1, "2"]}}, r"model.widths\[1\]: expected int"),
        ({"data": {"sets": ["a"], "weights": []}}, "data.weights"),
        ({"optimise": {"epoch_crops": 3}}, "optimise: .*crops"),
    ],
)
def test_a_wrong_field_is_named(change: dict, words: str):
    table = _lists(as_table(load_config(CONFIGS / "resnet-lite.toml")))
    with pytest.raises(ConfigError, match=words):
        parse_config(table | change)


def test_metrics_of_known_errors():
    truth = np.stack([face_points(), face_points((90, 80), 60)])
    eyes = np.linalg.norm(truth[:, 36] - truth[:, 45], axis=-1)
    shifted = truth + np.stack([eyes * 0.04, eyes * 0], 1)[:, None]  # 4 % to the right
    yardsticks = replace(Yardsticks.of(truth, eyes, 1.4), crop=np.array([100.0, 80.0]))
    result = measure(shifted, truth, yardsticks, IBUG68)
    assert result.nmeInterOcularPct == pytest.approx(4, abs=0.01)
    assert result.auc8Pct == pytest.approx(50, abs=0.1)
    assert result.failureRate8Pct == 0
    assert all(value == pytest.approx(4, abs=0.01) for value in result.regions.values())
    assert result.maePx224 == pytest.approx((eyes * 0.04 / 2 / [100, 80]).mean() * 224, rel=1e-3)
    assert measure(truth + 20, truth, yardsticks, IBUG68).failureRate8Pct == 100
    assert area_under_curve(np.array([0.0, 8.0, 20.0])) == pytest.approx(100 / 3)


def test_area_under_roc():
    present = np.array([True, True, False, False])
    assert area_under_roc(np.array([3.0, 2.0, 1.0, 0.0]), present) == 1
    assert area_under_roc(np.array([0.0, 1.0, 2.0, 3.0]), present) == 0
    assert area_under_roc(np.zeros(4), present) == 0.5
