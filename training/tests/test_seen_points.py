"""What a network tells of which points are seen: packed, taught, and measured."""

import json
from dataclasses import replace
from pathlib import Path

import torch
from conftest import face_points, tiny_config
from test_export import EXACT, SIDE, checkpoint, crops, needs_node, run

from mien.augment import Look, augmented
from mien.batches import Batch, at_points, training_batch
from mien.checkpoints import load
from mien.config import LossConfig
from mien.crop_cache import build
from mien.datasets import read_set
from mien.export import export
from mien.losses import total_loss, visible_loss
from mien.models import Trainee, build_head, build_network, unpack
from mien.seen_points import visibility_facts

VALUES = "points-spread-visible-presence"


def telling(config=None):
    config = config or tiny_config()
    return replace(config, head=replace(config.head, kind="linear", values=VALUES), loss=LossConfig(linear=1, maps=1))


def trainee_of(config) -> Trainee:
    torch.manual_seed(0)
    network = build_network(config.model, config.head, config.input.size, 68)
    return Trainee(network, "linear", {"maps": build_head(config.head, "maps", network.encoder, 68)})


def test_the_packed_vector_has_a_visibility_beside_each_spread():
    config = telling()
    trainee = trainee_of(config).eval()
    x = torch.randn(3, 1, *config.input.size)
    with torch.no_grad():
        seen, told = trainee(x)
        for kind in ("linear", "maps"):
            packed = trainee.with_head(kind)(x)
            assert packed.shape == (3, 68 * 4 + 1)
            points, log_spread, presence, visible = unpack(packed, VALUES)
            assert torch.allclose(points, seen[kind].points, atol=1e-6)
            assert torch.allclose(log_spread, told.log_spread, atol=1e-6)
            assert torch.allclose(presence, told.presence, atol=1e-6)
            assert torch.allclose(visible, told.visible, atol=1e-6)


def test_visibility_by_cells_knows_one_place_from_another():
    config = telling()
    for visibility, may_differ in (("means", False), ("cells", True)):
        trainee = trainee_of(replace(config, head=replace(config.head, visibility=visibility))).eval()
        layer = trainee.network.visibility
        maps = torch.zeros(2, layer[-1].in_features // 4 if may_differ else layer[-1].in_features, 2, 2)
        maps[0, :, 0, 0] = maps[1, :, 1, 1] = 1.0  # the same seen in two places
        told = layer(maps)
        assert torch.equal(told[0], told[1]) != may_differ


def test_what_is_covered_is_told_by_the_augmentation():
    look = Look(**{**dict.fromkeys(Look.__dataclass_fields__, 0.0), "patch": 1.0})
    x = torch.full((16, 1, 64, 64), 0.5)
    changed, covered = augmented(x, look, torch.Generator().manual_seed(0))
    assert covered.flatten(1).any(1).sum() > 12  # a patch may lie beyond the crop
    assert ((changed - 0.5).abs() < 1e-3)[~covered].all()


def test_a_mask_is_read_at_points_within_the_crop_alone():
    mask = torch.zeros(1, 1, 4, 8, dtype=torch.bool)
    mask[0, 0, 1, 6] = True
    points = torch.tensor([[[0.8, 0.3], [0.8, 0.6], [1.8, 0.3], [float("nan"), 0.3], [0.76, 0.26]]])
    assert at_points(mask, points).tolist() == [[True, False, False, False, True]]


def test_a_batch_says_which_points_are_seen_where_the_network_tells_it(face_folder: Path):
    pack = build(read_set(face_folder, "faces"), 96)
    config = telling()
    config = replace(config, look=replace(config.look, patch=1.0), optimise=replace(config.optimise, background=0.0))
    batch = training_batch(pack, torch.arange(16), config, torch.Generator().manual_seed(0))
    assert batch.visible.shape == (16, 68)
    assert 0 < (batch.visible == 0).sum() < (batch.visible == 1).sum()  # patches hide a part
    silent = training_batch(pack, torch.arange(16), tiny_config(), torch.Generator().manual_seed(0))
    assert silent.visible is None


def test_an_unknown_visibility_teaches_nothing():
    logit = torch.zeros(1, 2, requires_grad=True)
    visible_loss(logit, torch.tensor([[1.0, float("nan")]])).sum().backward()
    assert logit.grad[0].tolist() == [-0.5, 0.0]


def test_the_loss_counts_visibility_of_faces_alone():
    config = telling()
    trainee = trainee_of(config)
    points = torch.from_numpy(face_points((32, 30), 30)).expand(4, 68, 2) / 64
    crops = torch.rand(4, 1, *config.input.size, generator=torch.Generator().manual_seed(0))
    for present, counts in ((1.0, True), (0.0, False)):
        batch = Batch(crops, points, torch.full((4,), present), torch.ones(4, 68))
        terms = total_loss(*trainee(crops), "linear", batch, config)
        assert bool(terms["visible"] > 0) is counts


def test_visibility_is_measured_by_cause(face_folder: Path):
    pack = build(read_set(face_folder, "faces"), 96)
    config = telling()
    config = replace(config, look=replace(config.look, patch=1.0))
    network = trainee_of(config).network.eval()
    facts = visibility_facts(network, config, pack)
    assert facts["byHead"] is None  # the drawn faces look ahead
    assert 0 <= facts["byCover"] <= 1
    assert facts["points"] == 24 * 68
    assert visibility_facts(build_network(tiny_config().model, tiny_config().head, (64, 64), 68), config, pack) is None


@needs_node
def test_the_exported_network_tells_the_same(tmp_path: Path):
    path = checkpoint(tmp_path / "c.safetensors", head=telling().head)
    files = export(path, tmp_path / "models", "float32")
    manifest = json.loads(files[0].read_text())["userDefinedMetadata"]["mien"]
    assert manifest["output"]["values"] == VALUES
    x, node = crops(2, SIDE), manifest["output"]["packed"]
    found = run(files[0].parent, "wasm", x, node).outputs[node]
    with torch.no_grad():
        assert (found - load(path)[0](x)).abs().max() < EXACT
