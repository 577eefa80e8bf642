"""The detector in PyTorch, and what it is taught."""

import math
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from mien import tfjs
from mien.detector.blazeface import PREFIX, TRAINED_PX, BlazeFace, anchors, read_files
from mien.detector.calibrate import add_to_logits, highest_logits, shift
from mien.detector.evaluate import CONDITIONS, report
from mien.detector.harder import harder
from mien.detector.targets import anchor_sides, loss, targets
from mien.detector.train import START, draw_batch, rolls
from mien.detector.windows import BOX_RISE, BOX_SIDE, Cut, cut_all, detector_box, draw_window

FLOAT32_TOLERANCE = 2e-3  # of logits and px: tfjs and torch add in another order


@pytest.fixture(scope="module")
def network() -> BlazeFace:
    return BlazeFace(START).eval()


def test_torch_and_tfjs_run_the_same_network(network: BlazeFace, tmp_path: Path):
    shutil.copy(START, tmp_path / "model.json")
    shutil.copy(START.with_suffix(".bin"), tmp_path)
    x = torch.rand(2, 3, TRAINED_PX, TRAINED_PX, generator=torch.Generator().manual_seed(0)) * 2 - 1
    node = f"{PREFIX}classificator_16/BiasAdd"
    theirs = tfjs.run(tmp_path, "cpu", x, node, batch=1).outputs[node]  # (B, 6, 8, 8)
    with torch.no_grad():
        ours = network(x)[:, -8 * 8 * 6 :, 0]
    assert ours.shape == (2, 384)
    assert torch.allclose(ours, theirs.permute(0, 2, 3, 1).flatten(1), atol=FLOAT32_TOLERANCE)


def test_saved_files_hold_the_weights_and_the_same_graph(network: BlazeFace, tmp_path: Path):
    other = BlazeFace(START)
    with torch.no_grad():
        for weight in other.parameters():
            weight.mul_(1.5)
    other.save(tmp_path, "moved")
    topology, weights = read_files(tmp_path / "moved.json")
    before, known = read_files(START)
    assert topology["modelTopology"] == before["modelTopology"]
    assert weights.keys() == known.keys()
    back = BlazeFace(tmp_path / "moved.json")
    for ours, theirs in zip(back.parameters(), other.parameters(), strict=True):
        assert torch.allclose(ours, theirs.half().float())
    network.save(tmp_path, "same")
    assert (tmp_path / "same.bin").read_bytes() == START.with_suffix(".bin").read_bytes()


def test_anchors_stand_in_the_middle_of_their_cells():
    places = anchors(128, 128)
    assert places.shape == (896, 2)
    assert places[:4].tolist() == [[4, 4], [4, 4], [12, 4], [12, 4]]
    assert places[512:519].tolist() == [[8, 8]] * 6 + [[24, 8]]
    assert len(anchor_sides(128)) == 896


def face(width: float = 60.0) -> np.ndarray:
    rng = np.random.default_rng(3)
    points = rng.uniform(-0.5, 0.5, (68, 2)) * width
    points[:4] = np.array([[-0.5, 0], [0.5, 0], [0, -0.5], [0, 0.5]]) * width
    return points


@pytest.mark.parametrize("roll", [0.0, 37.0, -90.0])
def test_the_box_rises_towards_the_brow_however_the_head_is_turned(roll: float):
    turn = np.deg2rad(roll)
    turned = face() @ np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]).T
    centre, side = detector_box(turned, roll)
    assert side == pytest.approx(60 * BOX_SIDE)
    up = np.array([np.sin(turn), -np.cos(turn)])
    assert centre == pytest.approx(up * BOX_RISE * 60, abs=1e-6)


def at(side: float, centre: float = 64.0, hardly: bool = False):
    return targets(
        torch.full((1, 2), centre), torch.tensor([side]), torch.full((1, 2, 2), 60.0), torch.tensor([hardly]),
        anchors(128, 128), anchor_sides(128),
    )  # fmt: skip


def test_a_face_belongs_to_the_anchors_of_its_size():
    large, small = at(100).face[0], at(22).face[0]
    assert (large[:512] == 1).sum() == 0
    assert (large[512:] == 1).sum() > 4
    assert (small[:512] == 1).sum() > 0
    assert (small[512:] == 1).sum() == 0
    assert (at(8).face == 1).sum() >= 1  # the best there is
    assert at(math.nan, math.nan).face.eq(0).all()
    hidden = at(100, hardly=True).face
    assert not hidden.eq(1).any()
    assert hidden.isnan().any()


def test_what_an_anchor_is_to_say_is_counted_from_its_place():
    wanted = at(60)
    which = wanted.face[0].eq(1).nonzero()[0, 0]
    x, y = anchors(128, 128)[which].tolist()
    assert wanted.values[0, which, :4].tolist() == pytest.approx([64 - x, 64 - y, 60, 60])
    assert wanted.values[0, which, 4:].tolist() == pytest.approx([60 - x, 60 - y] * 2)


def test_the_loss_is_least_where_all_is_right_and_asks_nothing_else_than_the_teacher_beside_the_face():
    wanted, sides = at(60), torch.tensor([60.0])
    teacher = torch.full((1, 896), 0.2)
    output = torch.zeros(1, 896, 17)
    output[..., 1:9] = wanted.values
    output[..., 0] = torch.where(wanted.face == 1, 12.0, math.log(0.2 / 0.8))
    right = loss(output, teacher, wanted, sides)
    assert right["face"] < 1e-6
    assert right["place"] == 0
    forgetful = output.clone()
    forgetful[..., 0] = torch.where(wanted.face == 1, 12.0, -9.0)
    assert loss(forgetful, teacher, wanted, sides)["face"] > right["face"] + 0.01
    shifted = output.clone()
    shifted[..., 1] += 6
    assert loss(shifted, teacher, wanted, sides)["place"] > 0.005


@pytest.fixture
def cuts(face_folder: Path) -> list[Cut]:
    from mien.datasets import read_folder

    return cut_all(read_folder(face_folder, "faces"))


def test_a_window_shows_the_face_as_large_and_as_turned_as_asked(cuts: list[Cut]):
    window = draw_window(cuts[0], 128, 50, 0, np.random.default_rng(0))
    low, high = window.points.min(0), window.points.max(0)
    assert (high - low).max() == pytest.approx(50, rel=1e-4)
    assert (low > -1).all()
    assert (high < 129).all()


def test_what_is_made_harder_is_told_where_it_is_covered():
    rng, changed = np.random.default_rng(0), 0
    grey = np.full((64, 64, 3), 128, np.uint8)
    for _ in range(30):
        _, covered = harder(grey, np.array([32.0, 32]), 40, grey, rng)
        changed += covered.any()
    assert 5 < changed < 25


def test_heads_are_rolled_in_every_way():
    drawn = rolls(4000, np.random.default_rng(0))
    assert 0.4 < (abs(drawn) < 15).mean() < 0.6
    assert abs(drawn).max() > 100


def test_a_batch_has_faces_and_windows_without(cuts: list[Cut]):
    drawn = draw_batch(cuts, np.full(len(cuts), 1 / len(cuts)), np.random.default_rng(0))
    assert drawn.windows.shape[1:] == (3, 128, 128)
    assert drawn.windows.abs().max() <= 1
    assert drawn.sides.isfinite().eq(drawn.centres.isfinite().all(-1)).all()
    assert drawn.sides.isfinite().any()


def test_a_report_counts_each_condition(cuts: list[Cut], network: BlazeFace):
    told = report(network, cuts, ["faces"] * len(cuts))
    assert set(told["found"]["faces"]) == set(CONDITIONS)
    assert all(0 <= share <= 1 for shares in told["found"]["faces"].values() for share in shares)


def test_a_shift_lets_no_more_windows_without_a_face_reach_a_score():
    rng = np.random.default_rng(0)
    before, after = rng.normal(-3, 1.5, 1000), rng.normal(-2, 2, 1000)
    value = shift(before, after)

    def exceeds(moved: np.ndarray) -> list[bool]:
        return [(moved >= logit).sum() > (before >= logit).sum() for logit in np.log([0.5 / 0.5, 0.35 / 0.65])]

    assert value < 0
    assert exceeds(after) == [True, True]
    assert exceeds(after + value) == [False, False]
    assert any(exceeds(after + value + 0.05))
    assert shift(after, before) == 0


def test_logits_are_shifted_all_alike(cuts: list[Cut]):
    published, stricter = BlazeFace(START).eval(), BlazeFace(START).eval()
    add_to_logits(stricter, -1.5)
    x = torch.rand(1, 3, TRAINED_PX, TRAINED_PX) * 2 - 1
    with torch.no_grad():
        apart = published(x) - stricter(x)
    assert torch.allclose(apart[..., 0], torch.tensor(1.5), atol=1e-4)
    assert torch.equal(apart[..., 1:], torch.zeros_like(apart[..., 1:]))
    assert np.allclose(highest_logits(published, cuts) - highest_logits(stricter, cuts), 1.5, atol=1e-2)
