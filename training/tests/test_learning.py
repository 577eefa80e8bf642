"""Losses, augmentation, configuration and metrics."""

from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import draw_face, face_points

from mien.augment import Look, augmented, jpeg, synthetic_background
from mien.config import ConfigError, as_table, load_config, parse_config
from mien.losses import gaussian_maps, map_loss, point_loss, spread_loss
from mien.metrics import area_under_curve, area_under_roc, measure
from mien.models import HeatmapDecoder, ResNetConfig, ResNetRegressor, cost, soft_argmax, unpack
from mien.schemes import IBUG68

CONFIGS = Path(__file__).parents[1] / "configs"


def test_soft_argmax_reads_back_a_gaussian_map():
    truth = torch.rand(2, 5, 2) * 0.6 + 0.2
    found = soft_argmax(gaussian_maps(truth, 32, 32, 0.04).log())
    assert (found - truth).abs().max() < 0.002  # crop units


def test_losses_are_least_at_the_truth():
    truth = torch.rand(3, 68, 2)
    assert point_loss(truth, truth).max() == 0
    assert point_loss(truth + 0.05, truth).min() > 0.04
    logits = gaussian_maps(truth, 32, 32, 0.04).clamp(min=1e-12).log()
    assert map_loss(logits, truth, 0.04, 0.01).mean() < map_loss(logits.roll(3, -1), truth, 0.04, 0.01).mean()


def test_the_spread_that_fits_is_the_mean_distance():
    distance = torch.tensor([[0.01, 0.02, 0.06]])
    log_spread = torch.zeros(1, 1, requires_grad=True)
    optimiser = torch.optim.Adam([log_spread], 0.05)
    for _ in range(400):
        optimiser.zero_grad()
        spread_loss(log_spread.expand(1, 3), distance).sum().backward()
        optimiser.step()
    assert log_spread.exp().item() == pytest.approx(0.03, rel=0.01)


def test_the_network_keeps_its_budget():
    config = load_config(CONFIGS / "resnet-lite.toml")
    parameters, multiply_adds = cost(ResNetRegressor(config.model, 68), config.model.size)
    assert parameters * 2 < 6e6  # bytes as float16
    assert multiply_adds < 0.3e9


def test_networks_give_what_they_promise():
    config = ResNetConfig(size=64, widths=(8, 8, 16, 16), stem=8)
    network = ResNetRegressor(config, 68)
    network.start_at(torch.full((68, 2), 0.25))
    x = torch.randn(3, 1, 64, 64)
    points, log_spread, logit = unpack(network.eval()(x))
    assert (points.shape, log_spread.shape, logit.shape) == ((3, 68, 2), (3, 68), (3,))
    assert (points - 0.25).abs().mean() < 0.1
    assert HeatmapDecoder(config.widths, 68)(network.features(x)).shape == (3, 68, 16, 16)


def test_augmentation_changes_the_look_and_nothing_else():
    image = torch.from_numpy(draw_face(face_points(), (128, 128))).float().view(1, 1, 128, 128) / 255
    batch = image.expand(16, -1, -1, -1)
    first = augmented(batch, Look(), torch.Generator().manual_seed(1))
    again = augmented(batch, Look(), torch.Generator().manual_seed(1))
    assert torch.equal(first, again)
    assert first.shape == batch.shape
    assert first.min() >= 0
    assert first.max() <= 1
    assert (first - batch).abs().mean((1, 2, 3)).min() > 1e-3
    nothing = Look(0, 0, 0, 0, 0, 0, 0, 0)
    assert (augmented(batch, nothing, torch.Generator()) - batch).abs().max() < 1e-3


def test_jpeg_loses_more_the_stronger_it_is():
    image = torch.from_numpy(draw_face(face_points(), (128, 128))).float().view(1, 1, 128, 128) / 255
    loss = [(jpeg(image, torch.full((1, 1, 1, 1), s)) - image).abs().mean().item() for s in (0.01, 1.0, 3.0)]
    assert loss[0] < 0.001 < loss[1] < loss[2]


def test_backgrounds_vary():
    made = synthetic_background(64, 32, torch.Generator().manual_seed(0))
    assert made.mean((1, 2, 3)).std() > 0.1


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.toml")), ids=lambda path: path.stem)
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
        ({"model": {"kind": "resnet-lite", "widths": [1, "2"]}}, r"model.widths\[1\]: expected int"),
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
    result = measure(shifted, truth, np.array([100.0, 80.0]), IBUG68)
    assert result.nmeInterOcularPct == pytest.approx(4, abs=0.01)
    assert result.auc8Pct == pytest.approx(50, abs=0.1)
    assert result.failureRate8Pct == 0
    assert all(value == pytest.approx(4, abs=0.01) for value in result.regions.values())
    assert result.maePx224 == pytest.approx((eyes * 0.04 / 2 / [100, 80]).mean() * 224, rel=1e-3)
    assert measure(truth + 20, truth, np.ones(2), IBUG68).failureRate8Pct == 100
    assert area_under_curve(np.array([0.0, 8.0, 20.0])) == pytest.approx(100 / 3)


def test_area_under_roc():
    present = np.array([True, True, False, False])
    assert area_under_roc(np.array([3.0, 2.0, 1.0, 0.0]), present) == 1
    assert area_under_roc(np.array([0.0, 1.0, 2.0, 3.0]), present) == 0
    assert area_under_roc(np.zeros(4), present) == 0.5
