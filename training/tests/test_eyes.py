"""The eye network: where patches lie, what is painted into them, and what ships."""

import hashlib
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from test_export import lively, needs_node

from mien.export import MODELS
from mien.eyes.batches import SHUT_UP_TO, Known, Shares, contrasts, draw_batch, nothing_known, patch_px
from mien.eyes.checkpoint import load_eye, save
from mien.eyes.export import export_eye
from mien.eyes.network import EYE7, HEIGHT, IRIS, SIZE, VALUES, WIDTH, build
from mien.eyes.paint import iris_share, painted, presence_of
from mien.eyes.patches import CUT_SIZE, LEFT, PATCH_SHARE, RIGHT, Eyes, eye_affines, openings, side_and_angle
from mien.models import cost, unpack
from mien.pose import mean_shape
from mien.schemes import IBUG68
from mien.tfjs import run
from mien.transforms import apply, crop_picture, invert

SHIPPED = MODELS / "eye"
CHECKPOINT = Path(__file__).parents[1] / "checkpoints" / "eye.safetensors"
MOST_BYTES, MOST_MULTIPLY_ADDS = 150_000, 4_000_000
FLOAT16 = 2e-3  # largest difference of a coordinate that float16 weights make, patch units
PAINTED_PX = 0.6  # median distance of a painted disc's middle from its label
WIDE_LIDS = torch.tensor([[14.0, 24], [22, 4], [42, 4], [50, 24], [42, 44], [22, 44]])  # px; the whole iris shows


def face(roll_deg: float = 0.0) -> torch.Tensor:
    """(1, 68, 2) px: the mean face from the front, rolled."""
    turn = np.radians(roll_deg)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    return torch.from_numpy(mean_shape("ibug68")[None, :, :2] * 150 @ rotation.T + 300).float()


def eyes_of(lids: torch.Tensor, count: int, away_deg: float = 0.0) -> Eyes:
    """Flat grey eyes with lids (6, 2) px of what is cut out."""
    return Eyes(
        images=torch.full((count, 1, *CUT_SIZE), 150, dtype=torch.uint8), lids=lids.repeat(count, 1, 1),
        away_deg=torch.full((count,), away_deg), placed=torch.ones(count, dtype=torch.bool),
        beside=torch.full((2, 1, *CUT_SIZE), 90, dtype=torch.uint8),
    )  # fmt: skip


def known_of(eyes: Eyes) -> Known:
    """Nothing but that there is contrast between the lids."""
    return replace(nothing_known(eyes), contrast=torch.full((len(eyes.images),), 0.2))


OPEN_LIDS = torch.tensor([[58.0, 60], [72, 52], [88, 52], [102, 60], [88, 67], [72, 67]])


@pytest.mark.parametrize("roll_deg", [0.0, 25.0, -140.0])
def test_patches_lie_on_the_eyes_parallel_to_the_crop(roll_deg: float):
    points = face(roll_deg)
    side, angle = side_and_angle(points)
    assert np.degrees(float(angle)) == pytest.approx(roll_deg, abs=0.1)
    upright = face()
    assert float(side) == pytest.approx(1.4 * float((upright.amax(1) - upright.amin(1)).max()), rel=1e-3)
    for affine, eye in zip(eye_affines(points)[0], (RIGHT, LEFT), strict=True):
        width, height = (float(affine[:, i].norm()) for i in (0, 1))
        assert (width, height) == pytest.approx((PATCH_SHARE * float(side), PATCH_SHARE * float(side) * 0.75), rel=1e-4)
        inside = apply(invert(affine[None]), points[:, list(eye)])[0]
        assert inside.mean(0).tolist() == pytest.approx([0.5, 0.5], abs=1e-3)
        assert inside[0, 0] < 0.4 < 0.6 < inside[3, 0]  # the outer corner on the left, also of a left eye
        assert (inside[1:3, 1] < inside[4:, 1]).all()  # the upper lid above
        assert 0.38 < float(inside[3, 0] - inside[0, 0]) < 0.52  # about 30 of 64 px


def test_a_left_eye_is_the_right_one_of_the_mirrored_picture():
    picture = np.random.default_rng(0).integers(0, 255, (600, 601), np.uint8)
    points = face(10.0)
    other = points[:, list(IBUG68.mirror)] * torch.tensor([-1.0, 1]) + torch.tensor([601.0, 0])
    left = crop_picture(picture, eye_affines(points)[0, 1].numpy(), SIZE).astype(int)
    right = crop_picture(np.ascontiguousarray(picture[:, ::-1]), eye_affines(other)[0, 0].numpy(), SIZE).astype(int)
    assert np.abs(left - right).max() <= 2
    assert left.shape == (HEIGHT, WIDTH)


def test_the_iris_lies_where_its_disc_was_painted():
    count, lids = 96, WIDE_LIDS.repeat(96, 1, 1)
    patches, iris, radius = painted(torch.full((count, 1, *SIZE), 0.6), lids, torch.Generator().manual_seed(2))
    ys, xs = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    off = []
    for patch, place, r in zip(patches[:, 0].numpy(), iris.numpy(), radius.numpy(), strict=True):
        distance = np.hypot(xs - place[0], ys - place[1])
        around = (distance > 1.4 * r) & (distance < 1.8 * r) & (ys > 14) & (ys < 40) & (xs > 20) & (xs < 44)
        if around.sum() < 40 or not (22 < place[0] < 42 and 18 < place[1] < 32):
            continue
        dark = np.clip(np.median(patch[around]) * 0.85 - patch, 0, None) * (distance < 1.3 * r)
        if dark[distance < r].mean() > 0.1:  # an iris much darker than the white
            off.append(np.hypot((dark * xs).sum() / dark.sum() - place[0], (dark * ys).sum() / dark.sum() - place[1]))
    assert len(off) > 15
    assert np.median(off) < PAINTED_PX


def test_only_what_lies_between_the_lids_is_painted():
    lids = torch.tensor([[[17.0, 24], [27, 18], [37, 18], [47, 24], [37, 29], [27, 29]]])
    before = torch.full((1, 1, *SIZE), 0.6)
    after, iris, _ = painted(before, lids, torch.Generator().manual_seed(0))
    changed = (after - before).abs()[0, 0] > 0.02
    assert changed[20:27, 28:36].float().mean() > 0.5
    assert not changed[:14].any()
    assert not changed[33:].any()
    assert iris.isfinite().all()
    crossed = lids[:, [0, 5, 4, 3, 2, 1]]  # the upper lid below: no eye
    same, nowhere, _ = painted(before, crossed, torch.Generator().manual_seed(0))
    assert torch.equal(same, before)
    assert nowhere.isnan().all()


def test_presence_goes_by_how_much_of_the_iris_shows():
    lids = torch.tensor([[[17.0, 24], [27, 17], [37, 17], [47, 24], [37, 31], [27, 31]]]).repeat(3, 1, 1)
    places = torch.tensor([[32.0, 24], [32, 10], [torch.nan, 24]])
    share = iris_share(lids, places, torch.tensor([6.0, 6, 6]), torch.Size((3, 1, *SIZE)))
    assert float(share[0]) == pytest.approx(1, abs=0.1)
    assert share[1] < 0.15
    assert presence_of(share)[:2].tolist() == [1, 0]
    assert presence_of(share)[2].isnan()
    covered = torch.zeros(3, 1, *SIZE, dtype=torch.bool)
    covered[..., 32:] = True
    half = iris_share(lids, places, torch.tensor([6.0, 6, 6]), torch.Size((3, 1, *SIZE)), covered)
    assert float(half[0]) == pytest.approx(float(share[0]) / 2, abs=0.1)


def test_a_batch_has_painted_shut_and_missing_eyes_with_their_labels():
    eyes = eyes_of(OPEN_LIDS, 8)
    which = torch.arange(512) % 8
    rng = torch.Generator().manual_seed(3)
    batch = draw_batch(eyes, which, known_of(eyes), Shares(0.5, 0.1, 0.05), rng)
    assert batch.patches.shape == (512, 1, *SIZE)
    assert batch.points.shape == (512, 7, 2)
    empty = 512 - round(512 * 0.1) - round(512 * 0.05)
    assert (batch.present[empty:] == 0).all()
    assert (batch.weight[empty:] == 0).all()
    opening = openings(patch_px(batch.points[:empty, 1:]))
    closed = opening < SHUT_UP_TO
    assert 0.05 < closed.float().mean() < 0.35
    assert (batch.present[:empty][closed] == 0).all()
    assert (batch.present[:empty] == 1).float().mean() > 0.5
    assert (batch.weight[:empty, 1:] == 1).all()  # lids count in shut eyes too
    iris = batch.weight[:, IRIS] > 0
    assert 0.2 < iris.float().mean() < 0.6
    assert batch.points[iris, IRIS].isfinite().all()
    away = eyes_of(OPEN_LIDS, 8, 70.0)
    assert (draw_batch(away, which, known_of(away), Shares(0.5), rng).present == 0).all()


def test_dark_glasses_show_no_iris():
    eyes = eyes_of(OPEN_LIDS, 8)  # flat between the lids
    assert (contrasts(eyes) < 0.001).all()
    batch = draw_batch(eyes, torch.arange(64) % 8, nothing_known(eyes), Shares(0.5), torch.Generator().manual_seed(0))
    assert (batch.present == 0).all()


@needs_node
def test_the_exported_network_gives_what_pytorch_gives(tmp_path: Path):
    network = lively(build())
    save(tmp_path / "eye.safetensors", network, "", 1, {"first": 0, "second": 0})
    files = export_eye(tmp_path / "eye.safetensors", tmp_path)
    manifest = json.loads(files[0].read_text())["userDefinedMetadata"]["mien"]
    x = torch.randn(3, 1, *SIZE, generator=torch.Generator().manual_seed(1))
    packed = run(tmp_path / "eye", "wasm", x, manifest["output"]["packed"]).outputs[manifest["output"]["packed"]]
    with torch.no_grad():
        truth = network(x)
    assert packed.shape == truth.shape == (3, 4 * 7 + 1)
    assert (unpack(packed, VALUES).points - unpack(truth, VALUES).points).abs().max() < FLOAT16
    assert sum(file.stat().st_size for file in files) <= MOST_BYTES
    assert cost(network, SIZE)[1] <= MOST_MULTIPLY_ADDS


def test_another_network_is_no_eye_network():
    with pytest.raises(ValueError, match=r"lite\.safetensors"):
        load_eye(CHECKPOINT.with_name("lite.safetensors"))


@needs_node
@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_the_shipped_model_is_the_checkpoint_and_keeps_what_its_manifest_promises():
    model = json.loads((SHIPPED / "model.json").read_text())
    manifest = model["userDefinedMetadata"]["mien"]
    paths = [SHIPPED / "model.json", *(SHIPPED / path for path in model["weightsManifest"][0]["paths"])]
    assert sorted(SHIPPED.iterdir()) == sorted(paths)
    assert sum(path.stat().st_size for path in paths) <= MOST_BYTES
    assert manifest["multiplyAdds"] <= MOST_MULTIPLY_ADDS
    assert (manifest["formatVersion"], manifest["id"], manifest["family"]) == (1, "eye", "regression")
    assert (manifest["input"]["width"], manifest["input"]["height"]) == (64, 48)
    assert (manifest["input"]["mean"], manifest["input"]["deviation"]) == (0.5, 0.25)
    assert manifest["output"]["values"] == "points-spread-visible-presence"
    assert (manifest["scheme"]["id"], manifest["scheme"]["pointCount"]) == ("eye7", 7)
    assert tuple(manifest["scheme"]["names"]) == EYE7.names
    assert all(part["terms"] for part in manifest["provenance"]["dataSets"])
    assert not any(entry["id"] == "eye" for entry in json.loads((MODELS / "registry.json").read_text())["models"])

    network, card = load_eye(CHECKPOINT)
    assert card["commit"] == manifest["provenance"]["commit"]
    x = torch.randn(2, 1, *SIZE, generator=torch.Generator().manual_seed(1))
    node = manifest["output"]["packed"]
    packed = run(SHIPPED, "wasm", x, node).outputs[node]
    with torch.no_grad():
        assert (unpack(packed, VALUES).points - unpack(network(x), VALUES).points).abs().max() < FLOAT16


def test_the_card_names_the_files_that_ship():
    card = (Path(__file__).parents[1] / "cards" / "eye.md").read_text()
    for path in (CHECKPOINT, *SHIPPED.iterdir()):
        assert hashlib.sha256(path.read_bytes()).hexdigest() in card, path.name
    for name in ("300w/afw", "cfp/profile", "aflw2000_rest"):
        assert re.search(rf"`{name}`: .*research only", card)
