"""The film of how a network learned: of the sample's face alone, small, and what the networks themselves say."""

import base64
import json
from pathlib import Path

import numpy as np
import pytest
from conftest import tiny_config
from test_export import LINEAR, checkpoint

from mien.checkpoints import load
from mien.export import MODELS, export
from mien.learning_film import chosen_epochs, record, sample_crop, write
from mien.models import HeadConfig
from mien.train import train

POINT_STEP = 2 / 65535  # crop units that 16 bits tell apart
HALF_CELL = 0.5 / 255  # of a heatmap's highest cell
MAX_BYTES = 300_000


@pytest.fixture
def epochs(tmp_path: Path) -> Path:
    folder = tmp_path / "epochs"
    folder.mkdir()
    for epoch in (1, 2, 10):
        checkpoint(folder / f"{epoch:02}-maps.safetensors", head=HeadConfig(kind="maps", maps=(24, 16, 16)))
        checkpoint(folder / f"{epoch:02}.safetensors", head=LINEAR)
    return folder


def test_holds_what_each_epochs_network_finds(epochs: Path):
    film = record(epochs, "-maps", 24)
    assert film["epochs"] == [1, 2, 10]
    points = np.frombuffer(base64.b64decode(film["points"]), "<u2").reshape(3, 68, 2) * POINT_STEP - 0.5
    network, config, _ = load(epochs / "10-maps.safetensors")
    shown = film["maps"]["points"]
    crop, affine = sample_crop(network, config, shown)
    told = network(crop)[0].reshape(-1)[: 68 * 3].reshape(68, 3)[:, :2].detach().numpy()
    assert abs(points[-1] - told).max() < POINT_STEP
    cells = np.frombuffer(base64.b64decode(film["maps"]["cells"]), np.uint8)
    maps = cells.reshape(3, len(shown), film["maps"]["height"], film["maps"]["width"]) / 255.0
    assert (maps.max((2, 3)) == 1).all()
    # the expectation of a map is its point
    columns = (np.arange(film["maps"]["width"]) + 0.5) / film["maps"]["width"]
    expected = (maps[-1].sum(1) * columns).sum(1) / maps[-1].sum((1, 2))
    assert abs(expected - points[-1, shown, 0]).max() < 10 * HALF_CELL
    assert np.allclose(np.array(film["toSample"]).reshape(3, 2).T, affine, atol=1e-4)


def test_shows_no_map_where_the_head_has_none(epochs: Path):
    assert "maps" not in record(epochs, "", 24)


def test_lies_beside_its_model_and_in_the_registry(epochs: Path, tmp_path: Path):
    models = tmp_path / "models"
    export(epochs / "10.safetensors", models)
    path = write(record(epochs, "", 24), "tiny", models)
    registry = json.loads((models / "registry.json").read_text())
    assert registry["models"][0]["learning"] == "tiny/learning.json"
    assert json.loads(path.read_text())["sample"] == "astronaut.png"
    # weights of another run have not been learned like that
    export(epochs / "10.safetensors", models)
    assert "learning" not in json.loads((models / "registry.json").read_text())["models"][0]
    with pytest.raises(ValueError, match="no model other"):
        write(record(epochs, "", 24), "other", models)


def test_a_folder_without_epochs_is_named(tmp_path: Path):
    with pytest.raises(ValueError, match=str(tmp_path)):
        record(tmp_path, "", 24)


def test_a_long_run_is_shown_in_few_epochs_the_first_and_last_among_them():
    chosen = chosen_epochs(list(range(1, 201)), 24)
    assert len(chosen) <= 24
    assert (chosen[:3], chosen[-1]) == ([1, 2, 3], 200)
    assert chosen_epochs([1, 5], 24) == [1, 5]


@pytest.mark.parametrize("path", sorted(MODELS.glob("*/learning.json")), ids=lambda path: path.parent.name)
def test_shipped_ones_are_small_and_show_the_sample_alone(path: Path):
    assert path.stat().st_size < MAX_BYTES
    film = json.loads(path.read_text())
    assert film["sample"] == "astronaut.png"
    entry = next(e for e in json.loads((MODELS / "registry.json").read_text())["models"] if e["id"] == path.parent.name)
    assert entry["learning"] == f"{path.parent.name}/learning.json"


def test_a_run_that_keeps_its_epochs_gives_a_film(face_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("mien.train.ROOT", tmp_path)
    train(tiny_config(), face_folder, tmp_path / "run", keep_epochs=True)
    for suffix in ("", "-maps"):
        film = record(tmp_path / "run" / "epochs", suffix, 24)
        assert film["epochs"] == [1, 2]
        assert ("maps" in film) == (suffix == "-maps")
    assert film["points"] != record(tmp_path / "run" / "epochs", "", 24)["points"]
