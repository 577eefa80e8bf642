"""Marked pictures become a run of training, from a folder or a ZIP; what does not fit is named."""

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from conftest import draw_face, face_points, tiny_config

from mien import train as train_module
from mien.checkpoints import read_checkpoint
from mien.datasets import READERS, DataError
from mien.schemes import SCHEMES
from mien.teach import read_marks, read_samples, scheme_of, teach

SCHEME = {
    "title": "Cheeks",
    "points": [{"id": "a", "name": "left"}, {"id": "b", "name": "right"}],
    "pairs": [[0, 1]],
    "lines": [[0, 1]],
}


@pytest.fixture
def marked(tmp_path: Path) -> Path:
    """Ten drawn faces, each marked on both cheeks; one of them on one alone."""
    folder = tmp_path / "marks"
    folder.mkdir()
    rng = np.random.default_rng(1)
    pictures = []
    for i in range(10):
        points = face_points(rng.uniform([80, 75], [120, 105]), rng.uniform(60, 90))
        cv2.imwrite(str(folder / f"{i}.png"), draw_face(points, seed=i))
        cheeks = [points[[36, 48]].mean(0).tolist(), points[[45, 54]].mean(0).tolist() if i else None]
        mark = {
            "scheme": "cheeks",
            "box": {},
            "landmarks": {"model": "lite", "points": points.tolist()},
            "points": cheeks,
        }
        pictures.append({"path": f"{i}.png", "width": 200, "height": 180, "marks": [mark]})
    content = {"format": "mien-marks", "version": 1, "schemes": {"cheeks": SCHEME}, "pictures": pictures}
    (folder / "marks.json").write_text(json.dumps(content))
    return folder


def test_a_zip_of_marked_pictures_trains_a_network(marked, tmp_path, monkeypatch):
    monkeypatch.setattr(train_module, "ROOT", tmp_path)
    path = tmp_path / "marks.zip"
    with zipfile.ZipFile(path, "w") as pack:
        for file in marked.iterdir():
            pack.write(file, file.name)
    base = replace(tiny_config(), optimise=replace(tiny_config().optimise, batch=8))
    row = teach(path, base, tmp_path / "run", crops=64)
    assert np.isfinite(row["nme_all"])
    _, card = read_checkpoint(tmp_path / "run" / "last.safetensors")
    assert card["config"]["scheme"] == "cheeks"
    assert "cheeks" not in SCHEMES  # it was known for that run alone
    assert not {"marked", "marks"} & READERS.keys()


def test_faces_without_all_points_are_left_out(marked):
    content = read_marks(marked)
    scheme = scheme_of(content, None, marked)
    assert scheme.mirror == (1, 0)
    samples = read_samples(marked, content, scheme)
    assert len(samples) == 9
    assert samples[0].points.shape == (70, 2)
    assert 0 < sum(bool(sample.held_out) for sample in samples) < len(samples)


def test_what_does_not_fit_is_named(marked, tmp_path):
    with pytest.raises(DataError, match="neither a folder nor a ZIP"):
        teach(tmp_path / "none.zip", tiny_config(), tmp_path)
    with pytest.raises(DataError, match="has no scheme ears"):
        teach(marked, tiny_config(), tmp_path, "ears")
    content = json.loads((marked / "marks.json").read_text())
    content["pictures"][1]["path"] = "../face.png"
    with pytest.raises(DataError, match="outside of the folder"):
        read_samples(marked, content, scheme_of(content, None, marked))
