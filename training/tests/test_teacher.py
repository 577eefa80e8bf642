"""What one network hands to another: points, and weights to start from."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from conftest import tiny_config

from mien import teacher as teacher_module
from mien.checkpoints import card_of, save_checkpoint
from mien.config import ConfigError
from mien.crop_cache import Pack, build
from mien.datasets import read_set
from mien.models.encoders import FaceResNetConfig
from mien.start import new_trainee
from mien.teacher import relabelled, start_from


@pytest.fixture
def pack(face_folder: Path) -> Pack:
    """Twelve drawn faces labelled by hand and twelve by a machine."""
    faces = build(read_set(face_folder, "faces"), 96)
    return replace(faces, data_sets=["faces"] * 12 + ["youtube-faces"] * 12)


@pytest.fixture
def teacher(pack: Pack, tmp_path: Path) -> Path:
    config = tiny_config()
    path = tmp_path / "teacher.safetensors"
    save_checkpoint(path, new_trainee(config, pack).network, card_of(config, {}))
    return path


def test_the_teacher_labels_the_machines_faces_and_no_others(pack, teacher, tmp_path, monkeypatch):
    taught = relabelled(pack, ("youtube-faces",), teacher, tmp_path)
    assert torch.equal(taught.points[:12], pack.points[:12])
    moved = (taught.points[12:] - pack.points[12:]).norm(dim=-1)
    assert 0 < moved.mean() < 20  # px of 96: a network that knows the mean face alone
    monkeypatch.setattr(teacher_module, "points_by", None)  # the second time they come from the cache
    again = relabelled(pack, ("youtube-faces",), teacher, tmp_path)
    assert torch.equal(again.points, taught.points)


def test_other_labels_move_a_share_of_the_way_and_missing_ones_are_the_teachers(pack, teacher, tmp_path):
    points = pack.points.clone()
    points[0, :5] = torch.nan
    pack = replace(pack, points=points)
    whole = relabelled(pack, ("faces", "youtube-faces"), teacher, tmp_path).points
    taught = relabelled(pack, ("youtube-faces",), teacher, tmp_path, 0.25).points
    assert torch.equal(taught[12:], whole[12:])
    assert torch.equal(taught[0, :5], whole[0, :5])
    assert torch.allclose(taught[1], pack.points[1] * 0.75 + whole[1] * 0.25, atol=1e-3)


def test_a_file_that_is_not_the_pinned_one_is_refused(pack, teacher, tmp_path):
    sha256 = hashlib.sha256(teacher.read_bytes()).hexdigest()
    relabelled(pack, ("youtube-faces",), teacher, tmp_path, sha256=sha256)
    with pytest.raises(ConfigError, match=r"data\.teacher: .*has SHA-256 .*pins 000"):
        relabelled(pack, ("youtube-faces",), teacher, tmp_path, sha256="0" * 64)
    config = replace(tiny_config(), start=str(teacher), start_sha256=sha256)
    new_trainee(config, pack)
    with pytest.raises(ConfigError, match=r"start: .*has SHA-256"):
        new_trainee(replace(config, start_sha256="f" * 64), pack)


def test_a_run_can_start_from_a_checkpoint(pack, teacher):
    config = tiny_config()
    fresh, started = (new_trainee(replace(config, seed=2), pack).eval() for _ in range(2))
    start_from(started, teacher)
    x = torch.randn(2, 1, 64, 64)
    source = new_trainee(config, pack).eval()
    assert torch.allclose(started(x)[0]["linear"].points, source(x)[0]["linear"].points)
    assert not torch.allclose(fresh(x)[1].log_spread, source(x)[1].log_spread)
    deeper = new_trainee(replace(config, model=replace(config.model, blocks=(2, 1, 1, 1))), pack)
    start_from(deeper, teacher)  # takes what fits; the block that the teacher lacks stays fresh
    assert torch.equal(
        deeper.network.encoder.stages[0][0].body[0].weight, source.network.encoder.stages[0][0].body[0].weight
    )
    other = new_trainee(replace(config, model_kind="face-resnet", model=FaceResNetConfig(widths=(4, 4, 4, 4))), pack)
    with pytest.raises(ConfigError, match=r"start: .*teacher\.safetensors: none of its encoder's weights fits"):
        start_from(other, teacher)


def test_a_run_starts_from_the_heads_beside_a_checkpoint_too(pack, tmp_path):
    config = tiny_config()
    config = replace(config, loss=replace(config.loss, linear=1.0, maps=1.0))
    source, started = new_trainee(config, pack), new_trainee(replace(config, seed=2), pack)
    maps = replace(config, head=replace(config.head, kind="maps"))
    save_checkpoint(tmp_path / "last.safetensors", source.network, card_of(config, {}))
    save_checkpoint(tmp_path / "last-maps.safetensors", source.with_head("maps"), card_of(maps, {}))
    start_from(started, tmp_path / "last.safetensors")
    for name, value in source.state_dict().items():
        assert torch.equal(started.state_dict()[name], value), name


def test_a_teacher_that_is_not_there_is_named(pack, tmp_path):
    with pytest.raises(ConfigError, match=r"data\.teacher: .*nobody\.safetensors"):
        relabelled(pack, ("youtube-faces",), tmp_path / "nobody.safetensors", tmp_path)
