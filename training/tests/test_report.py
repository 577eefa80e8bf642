"""The report of a small run, and the pieces of it that have a known answer."""

import re
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
import torch
from conftest import tiny_config

from mien.config import InputConfig
from mien.models import HeadConfig, build_network
from mien.models.classic import ConvConfig, ConvStackConfig
from mien.models.layers import SpatialSoftmax
from mien.report.activations import stages_of
from mien.report.build import write_report
from mien.report.run_data import load_run_data
from mien.train import train

mpl.rcParams["savefig.dpi"] = 30  # px an inch, enough to see that a picture is there
SECTIONS = [
    "Errors", "Losses", "Samples", "Predictions", "Calibration of the spread", "Presence", "Inside the network",
    "Heatmaps", "Over the epochs", "Configuration",
]  # fmt: skip


def sections(html: str) -> dict[str, str]:
    """The page's parts by their titles."""
    parts = re.findall(r"<section[^>]*>\s*<h2>([^<]*)</h2>(.*?)</section>", html, re.DOTALL)
    return dict(parts)


def test_a_runs_report_shows_everything(face_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("mien.train.ROOT", tmp_path)
    train(tiny_config(), face_folder, tmp_path / "run")
    page = write_report(tmp_path / "run", face_folder, tmp_path / "out", tmp_path / ".cache")
    found = sections(page.read_text())
    assert list(found) == SECTIONS
    assert "Left out" not in page.read_text()
    pictures = re.findall(r'<img src="([^"]+)" alt="([^"]+)"', page.read_text())
    assert {name for name, _ in pictures} == {path.name for path in page.parent.glob("*.png")}
    assert len(pictures) == 14
    for head in ("linear", "maps"):
        assert f">{head}<" in found["Errors"]
    assert "optimise.crops" in found["Configuration"]


def test_a_checkpoint_of_points_alone_says_what_it_lacks(face_folder: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setattr("mien.train.ROOT", tmp_path)
    tiny = tiny_config()
    config = replace(
        tiny, model_kind="conv-stack", input=InputConfig(width=48, height=64), head=HeadConfig(values="points"),
        model=ConvStackConfig(convs=(ConvConfig(8, 5, pool=True), ConvConfig(8, 3, pool=True)), hidden=(32,)),
        loss=replace(tiny.loss, maps=0.0), optimise=replace(tiny.optimise, negative_crops=0.0, background=0.0),
    )  # fmt: skip
    train(config, face_folder, tmp_path / "run")
    checkpoint = (tmp_path / "run" / "best.safetensors").rename(tmp_path / "alone.safetensors")
    page = write_report(checkpoint, face_folder, tmp_path / "out", tmp_path / ".cache")
    left_out = {title for title, text in sections(page.read_text()).items() if "Left out" in text}
    assert left_out == {"Losses", "Calibration of the spread", "Presence", "Heatmaps", "Over the epochs"}


def test_a_folder_without_a_run_is_named(tmp_path: Path):
    with pytest.raises(ValueError, match=r"last\.safetensors: no such checkpoint"):
        load_run_data(tmp_path)


@pytest.mark.parametrize("kind", ["linear", "grid_offset", "grid", "maps"])
def test_every_size_of_map_is_seen_on_the_way_through(kind: str):
    config = tiny_config()
    network = build_network(config.model, replace(config.head, kind=kind), config.input.size, 68).eval()
    crop = torch.randn(1, 1, 64, 64)
    stages, heatmaps = stages_of(network, crop)
    sides = [stage.maps.shape[-1] for stage in stages]
    assert sides[:5] == [32, 16, 8, 4, 2]
    features = network.encoder(crop)
    assert torch.equal(stages[1].maps, features[0][0])
    if kind == "linear":
        assert heatmaps is None
    else:
        _, logits = network.head(features)
        assert torch.allclose(heatmaps, SpatialSoftmax()(logits)[0])
        assert heatmaps.sum((1, 2)).numpy() == pytest.approx(np.ones(68), abs=1e-4)
