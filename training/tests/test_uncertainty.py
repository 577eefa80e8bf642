"""Spread and presence: whether they keep what they promise, and what calibration makes of them."""

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import tiny_config

from mien import calibrate as calibrate_module
from mien.checkpoints import load, read_checkpoint
from mien.export import export
from mien.metrics import area_under_roc
from mien.models import build_network, unpack
from mien.presence import (
    KINDS,
    LOST_FACES,
    LOST_IN_BIN,
    THRESHOLDS,
    Scores,
    area,
    choose_threshold,
    facts_of,
    roc,
    share_over,
)
from mien.spread import SPREADS, calibrate, fitted_scale, observed, promised, scale_spread
from mien.train import train

SAMPLING = 0.01  # shares of 60,000 draws may differ so much from what is promised


def drawn_errors(faces: int, points: int, too_wide: float = 1.0) -> np.ndarray:
    """(faces, points) errors in spreads that follow the density of the loss, with spreads so many times too wide: r/b
    of Gamma(2), the spread 2b."""
    return np.random.default_rng(3).gamma(2, 0.5, (faces, points)) / too_wide


def test_the_promise_is_kept_by_errors_that_follow_the_density():
    errors = drawn_errors(600, 100)
    np.testing.assert_allclose(observed(errors, SPREADS), promised(SPREADS), atol=SAMPLING)
    assert promised(np.array([0.0, 50.0])) == pytest.approx([0, 1])
    assert fitted_scale(errors) == pytest.approx(1, abs=SAMPLING)


def test_spreads_too_wide_are_found_on_one_half_and_mended_on_the_other():
    found = calibrate(drawn_errors(600, 100, too_wide=1.6))
    assert found.scale == pytest.approx(1 / 1.6, rel=0.02)
    assert found.withinBefore["1"] > promised(1.0) + 0.1
    assert list(found.withinAfter) == ["0.5", "1", "1.5", "2", "3"]
    np.testing.assert_allclose(list(found.withinAfter.values()), promised(SPREADS), atol=2 * SAMPLING)
    assert (found.fittedOn, found.checkedOn) == (300, 300)


def test_a_factor_that_does_not_help_the_other_half_is_not_kept():
    errors = drawn_errors(600, 100)
    errors[::2] *= 1.5  # the half that is fitted on is unlike the other
    found = calibrate(errors)
    assert found.scale == 1
    assert found.withinAfter == found.withinBefore
    with pytest.raises(ValueError, match="at least two"):
        calibrate(errors[:1])


def test_the_factor_scales_the_spread_and_nothing_else():
    config = tiny_config()
    network = build_network(config.model, config.head, config.input.size, 68).eval()
    x = torch.randn(2, 1, 64, 64)
    before = unpack(network(x))
    scale_spread(network, 0.8)
    after = unpack(network(x))
    assert torch.allclose(after[1], before[1] + math.log(0.8))
    assert torch.equal(after[0], before[0])
    assert torch.equal(after[2], before[2])


def scores(face: tuple[float, float], empty: tuple[float, float]) -> Scores:
    """Normal logits with these means and deviations."""
    rng = np.random.default_rng(0)
    return Scores(rng.normal(*face, 2000), rng.normal(*empty, 1000), rng.normal(*empty, 1000))


def test_the_curve_and_its_area_belong_together():
    made = scores((1, 1), (0, 1))
    passed, kept = roc(made.face, made.negative_crops)
    assert np.trapezoid(kept, passed) == pytest.approx(area(made, "negative_crops"), abs=1e-3)
    both = np.concatenate([made.face, made.empty])
    assert area(made) == area_under_roc(both, np.arange(4000) < 2000)


def test_the_card_tells_what_each_threshold_would_do():
    made = scores((3, 1), (-3, 1))
    over = facts_of(made, 0.5)["over"]
    at = list(THRESHOLDS).index(0)  # logit of a presence of a half
    for kind in KINDS:
        assert over[kind][at] == pytest.approx(share_over(getattr(made, kind), 0.5), abs=1e-5)
        assert over[kind] == sorted(over[kind], reverse=True)


def test_the_threshold_lies_halfway_where_there_is_room():
    made = scores((6, 0.5), (-6, 0.5))
    threshold = choose_threshold(made)
    assert threshold == pytest.approx(0.5, abs=0.05)
    assert share_over(made.face, threshold) == 1
    assert share_over(made.empty, threshold) == 0


def test_the_threshold_keeps_the_faces_where_there_is_none():
    made = scores((1, 1), (0, 1))
    lost = 1 - share_over(made.face, choose_threshold(made))
    assert LOST_FACES / 2 < lost <= LOST_FACES


def test_the_threshold_spares_turned_faces():
    made = scores((6, 0.5), (-6, 0.5))
    turned = np.arange(2000) < 250
    face = np.where(turned, made.face - 8, made.face)
    every = replace(made, face=face, face_yaw_deg=np.where(turned, 70.0, 5.0))
    assert (
        1 - share_over(face[turned], choose_threshold(replace(every, face=np.where(turned, face, 30)))) <= LOST_IN_BIN
    )
    few = replace(made, face_yaw_deg=np.where(np.arange(2000) < 100, 70.0, 5.0))  # too few to tell half a per cent
    assert choose_threshold(few) == choose_threshold(made)
    assert facts_of(every, 0.9)["lostByYaw"]["60-90"] > facts_of(every, 0.9)["lostByYaw"]["0-30"]


def test_calibration_goes_into_the_card_and_the_export(
    face_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    monkeypatch.setattr("mien.train.ROOT", tmp_path)
    monkeypatch.setattr(calibrate_module, "ROOT", tmp_path)
    train(tiny_config(), face_folder, tmp_path / "run")
    checkpoint = tmp_path / "run" / "last.safetensors"
    state, _ = read_checkpoint(checkpoint)
    monkeypatch.setattr("sys.argv", ["calibrate", str(checkpoint), "--data", str(face_folder)])
    calibrate_module.main()
    assert "area under the ROC curve" in capsys.readouterr().out
    network, _, card = load(checkpoint)
    assert all(torch.equal(value, state[name]) for name, value in network.state_dict().items())
    assert [row["dataSet"] for row in card["heldOut"]] == ["all", "faces"]
    assert card["heldOut"][0]["nmeInterOcularPct"] == pytest.approx(card["validation"]["nme_all"], rel=1e-3)
    assert card["spreadScale"] == card["calibration"]["scale"] > 0
    assert 0 < card["presenceThreshold"] < 1
    assert card["presence"]["lost"] <= LOST_FACES

    files = export(checkpoint, tmp_path / "models", "float32")
    model = json.loads(files[0].read_text())
    manifest = model["userDefinedMetadata"]["mien"]
    within = card["calibration"]["withinAfter"]
    assert manifest["calibration"] == {"within1": within["1"], "within2": within["2"]}
    assert manifest["presenceThreshold"] == card["presenceThreshold"]
    names = [line["name"] for line in model["weightsManifest"][0]["weights"]]
    at = 4 * sum(
        math.prod(line["shape"]) for line in model["weightsManifest"][0]["weights"][: names.index("uncertainty/bias")]
    )
    data = b"".join(path.read_bytes() for path in files[1:])
    bias = np.frombuffer(data, "<f4", 69, at)
    expected = state["uncertainty.bias"].numpy() + np.float32([math.log(card["spreadScale"])] * 68 + [0])
    np.testing.assert_allclose(bias, expected, atol=1e-5)
