"""Labels of which points are missing, from the file to the losses and the numbers of an evaluation."""

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from conftest import draw_face, face_points, tiny_config

from mien.batches import Batch, mean_face, training_batch, true_batch
from mien.checkpoints import card_of, load, save_checkpoint
from mien.config import LossConfig
from mien.crop_cache import build
from mien.datasets import Sample, read_set, write_pts
from mien.evaluate import evaluate, table
from mien.losses import total_loss
from mien.metrics import Yardsticks, inner_points, measure
from mien.models import HeadConfig, Trainee, build_head, build_network
from mien.schemes import IBUG68
from mien.train import train

LEFT_HALF = [*range(9), 17, 19, 21, *range(27, 34), *range(36, 42), 48, 51, 57, 62, 66]  # as CFP labels it
HIDDEN = [i for i in range(68) if i not in LEFT_HALF]
HEADS = ("linear", "grid_offset", "grid", "maps")


def half(points: np.ndarray) -> np.ndarray:
    points = points.copy()
    points[..., HIDDEN, :] = np.nan
    return points


@pytest.fixture
def partial_folder(face_folder: Path) -> Path:
    """The drawn faces, and as many of which half is labelled, `halves/`."""
    folder = face_folder / "halves"
    folder.mkdir()
    for sample in read_set(face_folder, "faces"):
        cv2.imwrite(str(folder / sample.image.name), cv2.imread(str(sample.image)))
        write_pts(folder / f"{sample.image.stem}.pts", half(sample.points))
    return face_folder


def trainee_of(config) -> Trainee:
    torch.manual_seed(0)
    network = build_network(config.model, config.head, config.input.size, 68)
    others = {kind: build_head(config.head, kind, network.encoder, 68) for kind in HEADS if kind != config.head.kind}
    return Trainee(network, config.head.kind, others)


def all_heads():
    return replace(tiny_config(), loss=LossConfig(linear=1, grid_offset=1, grid=1, maps=1), head=HeadConfig(
        kind="grid", grid_offset=16, grid=(16, 16), maps=(16, 16, 16)))  # fmt: skip


def losses(points: torch.Tensor) -> tuple[dict[str, float], Trainee]:
    """The terms for four crops with these points, (68, 2) or (4, 68, 2), and the networks after a step back."""
    config = all_heads()
    trainee = trainee_of(config)
    crops = torch.rand(4, 1, 64, 64, generator=torch.Generator().manual_seed(0))
    batch = Batch(crops, points.expand(4, 68, 2), torch.ones(4))
    terms = total_loss(*trainee(crops), "grid", batch, config)
    sum(terms.values()).backward()
    return {name: term.item() for name, term in terms.items()}, trainee


def test_a_point_without_a_label_teaches_nothing():
    points = torch.rand(68, 2, generator=torch.Generator().manual_seed(1)) * 0.8 + 0.1
    points[HIDDEN] = torch.nan
    terms, trainee = losses(points)
    assert all(np.isfinite(value) for value in terms.values())
    for name, weights in trainee.named_parameters():
        assert weights.grad is None or weights.grad.isfinite().all(), name
    # the last layers have a row for each point (for the linear head one for x, one for y)
    grid, maps = trainee.network.head.score.weight.grad, trainee.companions["maps"].maps.weight.grad
    linear, uncertainty = trainee.companions["linear"].linear.weight.grad, trainee.network.uncertainty.weight.grad
    for grad in (grid, maps, linear[:68], linear[68:], uncertainty[:68]):
        assert grad[HIDDEN].abs().max() == 0
        assert grad[LEFT_HALF].flatten(1).abs().amax(1).min() > 0


def test_a_face_without_labels_counts_nothing_but_its_presence():
    terms, _ = losses(torch.full((68, 2), torch.nan))
    assert [terms[name] for name in (*HEADS, "spread")] == [0] * 5
    assert terms["presence"] > 0


def test_maps_are_not_taught_what_lies_beyond_the_crop():
    points = torch.rand(68, 2, generator=torch.Generator().manual_seed(1)) * 0.8 + 0.1
    points[3] = torch.tensor([1.2, 0.5])
    _, trainee = losses(points)
    assert trainee.network.head.score.weight.grad[3].abs().max() == 0
    assert trainee.companions["linear"].linear.weight.grad[3].abs().max() > 0  # a number may lie anywhere


def test_whole_and_half_labels_of_a_face_measure_the_same_points_alike():
    rng = np.random.default_rng(0)
    truth = np.stack([face_points((100, 90), width) for width in (60, 80)])
    found = truth + rng.normal(0, 2, truth.shape)
    yard = Yardsticks.of(truth, np.array([30.0, 40.0]), 1.4)
    part = measure(found, half(truth), yard, IBUG68)
    error = np.linalg.norm(found - truth, axis=-1)
    inner = [i for i in LEFT_HALF if i in inner_points(IBUG68)]
    assert part.nmeBoxPct == pytest.approx((error[:, LEFT_HALF].mean(1) / yard.box).mean() * 100)
    assert part.nmeInnerBoxPct == pytest.approx((error[:, inner].mean(1) / yard.box).mean() * 100)
    assert len(inner_points(IBUG68)) == 51


def test_without_both_eye_corners_there_is_no_error_by_eyes():
    truth = half(face_points()[None])
    yard = Yardsticks.of(face_points()[None], np.array([np.nan]), 1.4)
    found = measure(face_points()[None] + 1, truth, yard, IBUG68)
    assert found.nmeInterOcularPct is found.auc8Pct is found.failureRate8Pct is None
    assert found.regions == {}
    assert found.nmeBoxPct > 0
    json.loads(json.dumps(found.as_dict(), allow_nan=False))


def test_half_labels_are_cut_out_like_whole_ones(partial_folder: Path):
    whole, halves = (build(read_set(partial_folder, name), 96) for name in ("faces", "halves"))
    assert halves.points.isnan().any()
    # the drawn face is no projection of the mean shape: its completed box is off by a few per cent
    assert (halves.boxes - whole.boxes).abs().max() < 0.12 * 96 / 2.4
    known = halves.points.isfinite()
    assert known[:, LEFT_HALF].all()
    assert not known[:, HIDDEN].any()
    config = tiny_config()
    assert mean_face(halves, config)[LEFT_HALF].isfinite().all()
    batch = training_batch(halves, torch.arange(8), config, torch.Generator().manual_seed(0))
    mirrored = batch.known[:, 16] > 0
    assert 0 < mirrored.sum() < 8  # of some the mirror's other half has the labels
    assert (batch.known[mirrored][:, 0] == 0).all()
    assert true_batch(halves, torch.arange(2), config).known.sum(1).tolist() == [30, 30]


def test_half_labels_train_and_are_evaluated(partial_folder: Path, tmp_path: Path):
    tiny = tiny_config()
    config = replace(tiny, data=replace(tiny.data, sets=("faces", "halves"), weights=(1.0, 1.0)))
    row = train(config, partial_folder, tmp_path / "run")
    assert all(np.isfinite(value) for value in row.values())
    assert row["choice"] == pytest.approx(row["inner_all"], rel=0.5)
    result = evaluate(tmp_path / "run" / "last.safetensors", partial_folder, ["halves", "faces"])
    halves, faces = result["metrics"]
    assert halves["nmeInterOcularPct"] is None
    assert faces["nmeInterOcularPct"] > 0
    for set_row in (halves, faces):
        assert set_row["nmeInnerBoxPct"] > 0
        bins = set_row["yawBins"]
        assert sum(part["images"] for part in bins) == 24
        assert sum(part["misses"] for part in bins) == set_row["misses"]
    for picture in result["pictures"]["halves"]:
        assert picture["nmeInnerBoxPct"] > 0
        assert picture["nmeInterOcularPct"] is None
        assert picture["missed"] == (picture["presence"] < 0.5)
        assert abs(picture["yawDeg"]) <= 90
    worst = max(result["pictures"]["halves"], key=lambda face: face["nmeInnerBoxPct"])
    assert [i for i, point in enumerate(worst["truth"]) if point is None] == HIDDEN
    json.loads(json.dumps(result, allow_nan=False))
    assert "halves" in table(result["metrics"])


def test_misses_are_the_faces_under_the_threshold(face_folder: Path, tmp_path: Path):
    config = tiny_config()
    network = build_network(config.model, config.head, config.input.size, 68)
    card = card_of(config, {}) | {"presenceThreshold": 1.0}
    save_checkpoint(tmp_path / "all.safetensors", network, card)
    save_checkpoint(tmp_path / "none.safetensors", network, card | {"presenceThreshold": 0.0})
    missed = [evaluate(tmp_path / f"{name}.safetensors", face_folder, ["faces"])["metrics"][0]["misses"]
              for name in ("all", "none")]  # fmt: skip
    assert missed == [24, 0]
    assert load(tmp_path / "all.safetensors")[2]["presenceThreshold"] == 1.0


def test_faces_of_one_picture_are_told_from_faces_alone(tmp_path: Path):
    points = face_points((60, 60), 50)
    samples = []
    for name, subject in (("group_1", "set/group"), ("group_2", "set/group"), ("alone_1", "set/alone"), ("b", "set/b")):
        path = tmp_path / f"{name}.png"
        cv2.imwrite(str(path), draw_face(points))
        samples.append(Sample(path, points, "set", subject))
    pack = build(samples, 96)
    assert pack.crowded.tolist() == [True, True, False, False]
    assert len(pack.backgrounds) <= 2


def test_a_picture_that_ends_goes_on_with_its_last_pixel(tmp_path: Path):
    picture = np.full((100, 100), 200, np.uint8)
    cv2.imwrite(str(tmp_path / "a.png"), picture)
    pack = build([Sample(tmp_path / "a.png", face_points((50, 50), 80), "set", "set/a")], 96)
    assert pack.images.min() == pack.images.max() == 200
