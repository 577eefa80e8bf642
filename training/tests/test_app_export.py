"""What the app exports is what training reads: written here by the app's own writer, in Node."""

import json
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from conftest import draw_face, face_points, tiny_config

from mien import train as train_module
from mien.datasets import load_gray, read_300w, read_ibug_xml
from mien.train import train

ROOT = Path(__file__).parents[2]
ROUND_TRIP_PX = 1e-3
WHOLE_PX = 0.5  # dlib's XML holds whole pixels

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not (ROOT / "node_modules" / "vite").is_dir(),
    reason="the app's own writer needs Node and its packages",
)

# Names that ask for care: several faces, a name that looks like another's second face, two pictures that differ in
# their endings alone, capitals, dots, folders, and a kind that training meets nowhere else.
PICTURES = {
    "anna.jpg": 2,
    "anna_1.jpg": 1,
    "bo.png": 1,
    "bo.jpg": 1,
    "IMG_0007.JPG": 1,
    "IMG_0008.JPG": 1,
    "a.b.webp": 1,
    "holiday/day 2/anna.jpg": 3,
}


@pytest.fixture(scope="module")
def export(tmp_path_factory) -> tuple[Path, list[np.ndarray]]:
    """The unpacked export, and the points of every face in it."""
    app, out = tmp_path_factory.mktemp("app"), tmp_path_factory.mktemp("data")
    rng = np.random.default_rng(3)
    pictures, truth = [], []
    for seed, (path, count) in enumerate(PICTURES.items()):
        faces = [face_points(rng.uniform([80, 75], [120, 105]), rng.uniform(60, 90)) for _ in range(count)]
        (app / path).parent.mkdir(parents=True, exist_ok=True)
        assert cv2.imwrite(str(app / path), draw_face(faces[0], seed=seed))
        flat = [face.flatten().tolist() for face in faces]
        pictures.append({"path": path, "width": 200, "height": 180, "faces": flat})
        truth += faces
    (app / "faces.json").write_text(json.dumps(pictures))
    script = ["node", "scripts/run-ts.mjs", "tests/fixtures/write-export.ts"]
    formats = ["picture", "pts", "json", "csvWide", "csvLong", "coco", "dlib"]
    subprocess.run([*script, app / "faces.json", app / "export.zip", *formats], cwd=ROOT, check=True, timeout=120)
    with zipfile.ZipFile(app / "export.zip") as archive:
        assert archive.testzip() is None
        archive.extractall(out / "faces")
    return out, truth


def test_every_face_is_read_with_its_picture(export):
    folder, truth = export
    samples = read_300w(folder / "faces", "mine")
    assert len(samples) == len(truth) == 11
    for points in truth:
        nearest = min(np.abs(sample.points - points).max() for sample in samples)
        assert nearest < ROUND_TRIP_PX
    assert {load_gray(sample.image).shape for sample in samples} == {(180, 200)}


def test_faces_of_a_picture_are_one_subject_and_pictures_of_a_camera_are_many(export):
    folder, _ = export
    by_name = {sample.image.name: sample for sample in read_300w(folder / "faces", "mine")}
    assert {name: by_name[name].subject for name in ("IMG_0007.JPG", "IMG_0008.JPG")} == {
        "IMG_0007.JPG": "mine/IMG_0007",
        "IMG_0008.JPG": "mine/IMG_0008",
    }
    samples = [sample for sample in read_300w(folder / "faces", "mine") if "holiday" in str(sample.image)]
    assert [sample.subject for sample in samples] == ["mine/holiday/day 2/anna"] * 3


def test_each_face_lies_on_its_own_picture(export):
    folder, truth = export
    samples = read_300w(folder / "faces", "mine")
    first = dict(zip(PICTURES, np.cumsum([0, *PICTURES.values()])[:-1], strict=True))
    named = {"anna.jpg": "anna.jpg", "anna_1.jpg": "anna_1.jpg", "bo.png": "bo.png", "bo.jpg": "bo-2.jpg"}
    for path, exported in named.items():
        points = [sample.points for sample in samples if sample.image == folder / "faces" / exported]
        assert len(points) == PICTURES[path]
        assert min(np.abs(found - truth[first[path]]).max() for found in points) < ROUND_TRIP_PX


def test_dlibs_xml_is_read_in_whole_pixels(export):
    folder, truth = export
    samples = read_ibug_xml(folder / "faces" / "landmarks-dlib.xml")
    assert len(samples) == len(truth)
    for sample, points in zip(samples, truth, strict=True):
        assert np.abs(sample.points - points).max() <= WHOLE_PX + ROUND_TRIP_PX


def test_a_network_trains_a_step_on_it(export, tmp_path, monkeypatch):
    folder, _ = export
    monkeypatch.setattr(train_module, "ROOT", tmp_path)
    config = tiny_config()
    step = replace(config.optimise, crops=16, epoch_crops=16, batch=16)
    config = replace(config, data=replace(config.data, held_out=0.4), optimise=step)
    row = train(config, folder, tmp_path / "run")
    assert row["epoch"] == 1
    assert all(np.isfinite(value) for value in row.values())
