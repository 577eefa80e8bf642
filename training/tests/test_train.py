"""Training from pictures to a measured checkpoint: it learns, it repeats itself, it goes on where it stopped."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import DATA, needs_data, tiny_config

from mien import cards
from mien import train as train_module
from mien.checkpoints import load, read_checkpoint, save_atomically
from mien.config import Config, ConfigError
from mien.crop_cache import build, held_out
from mien.datasets import READERS, read_set
from mien.evaluate import evaluate, main, table
from mien.start import new_trainee
from mien.train import train
from mien.validate import validate


@pytest.fixture
def config() -> Config:
    return tiny_config()


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(train_module, "ROOT", tmp_path)  # where the cache lies


def rows(out: Path) -> list[dict]:
    with (out / "log.csv").open() as file:
        return list(csv.DictReader(file))


def losses(out: Path) -> list[str]:
    return [row["loss_linear"] for row in rows(out)]


def test_the_same_command_gives_the_same_losses_and_a_resumed_run_ends_like_a_whole_one(face_folder, tmp_path, config):
    train(config, face_folder, tmp_path / "whole")
    train(config, face_folder, tmp_path / "again")
    assert losses(tmp_path / "whole") == losses(tmp_path / "again")
    stopped = tmp_path / "stopped"
    with pytest.MonkeyPatch.context() as patch:  # the run is killed after its first epoch
        patch.setattr(train_module.Run, "run_epoch", killed_after(1, train_module.Run.run_epoch))
        with pytest.raises(KeyboardInterrupt):
            train(config, face_folder, stopped)
    assert len(rows(stopped)) == 1
    train(config, face_folder, stopped)
    assert losses(stopped) == losses(tmp_path / "whole")
    first, _ = read_checkpoint(stopped / "last.safetensors")
    second, _ = read_checkpoint(tmp_path / "whole" / "last.safetensors")
    assert all(torch.equal(first[name], second[name]) for name in first)


def killed_after(epochs: int, run_epoch):
    def run(self, workers):
        if self.epoch >= epochs:
            raise KeyboardInterrupt
        return run_epoch(self, workers)

    return run


def test_it_learns_the_drawn_faces(face_folder, tmp_path, config):
    longer = replace(config.optimise, crops=3600, epoch_crops=1200, batch=24, learning_rate=3e-3)
    row = train(replace(config, optimise=longer), face_folder, tmp_path / "run")
    assert float(rows(tmp_path / "run")[0]["loss_linear"]) > row["loss_linear"]
    assert row["nme_all"] < 12  # %, drawn faces; the mean face alone stands higher
    assert row["nme_all"] < row["nme_jittered"] < 15
    network, read, card = load(tmp_path / "run" / "best.safetensors")
    assert read == replace(config, optimise=longer)
    assert card["config"]["seed"] == card["seed"] == 1
    assert card["validation"]["presence_auc"] > 0.5
    assert network(torch.zeros(2, 1, 64, 64)).shape == (2, 205)


def test_every_epoch_leaves_its_view_of_one_held_out_face(face_folder, tmp_path, config):
    row = train(config, face_folder, tmp_path / "run")
    files = sorted((tmp_path / "run" / "snapshots").iterdir())
    assert [file.name for file in files] == ["0001.npz", "0002.npz"]
    with np.load(files[0]) as first, np.load(files[1]) as second:
        assert first["linear_points"].shape == first["truth"].shape == (68, 2)
        assert first["maps_maps"].sum((1, 2), dtype=np.float32) == pytest.approx(1, abs=0.01)
        assert np.array_equal(first["crop"], second["crop"])
        assert not np.array_equal(first["maps_maps"], second["maps_maps"])
    assert row["validation_linear"] > 0


def test_a_machine_labelled_set_alone_is_still_measured(face_folder, tmp_path, config):
    pack = build(read_set(face_folder, "faces"), 96)
    pack = replace(pack, data_sets=["youtube-faces"] * len(pack.data_sets))
    plain = replace(config, loss=replace(config.loss, maps=0.0))
    row = validate(new_trainee(plain, pack), pack, plain, "cpu")
    assert row["nme_all"] == row["nme_youtube-faces"] > 0
    assert "nme_maps_all" not in row


def test_a_checkpoint_is_measured_as_a_table_and_as_json(face_folder, tmp_path, config, capsys, monkeypatch):
    train(config, face_folder, tmp_path / "run")
    checkpoint = tmp_path / "run" / "last.safetensors"
    result = evaluate(checkpoint, face_folder, ["faces"])
    assert result["metrics"][0]["images"] == 24
    assert len(result["pictures"]["faces"]) == 24
    assert "faces" in table(result["metrics"])
    arguments = ["evaluate", str(checkpoint), "--data", str(face_folder), "--sets", "faces"]
    monkeypatch.setattr("sys.argv", [*arguments, "--json", str(tmp_path / "m.json")])
    main()
    assert "NME eyes %" in capsys.readouterr().out
    assert json.loads((tmp_path / "m.json").read_text()) == result
    monkeypatch.setattr(
        "sys.argv", ["cards", str(checkpoint), "--metrics", str(tmp_path / "m.json"), "--out", str(tmp_path)]
    )
    cards.main()
    card = (tmp_path / "tiny.md").read_text()
    assert f"{result['metrics'][0]['nmeInterOcularPct']:.2f}" in card
    assert "`faces`: own" in card
    monkeypatch.setattr("sys.argv", [*arguments[:-1], "nowhere"])
    with pytest.raises(SystemExit, match="nowhere: no such data set"):
        main()


def test_another_configuration_does_not_take_over_a_run(face_folder, tmp_path, config):
    train(config, face_folder, tmp_path / "run")
    wider = replace(config, model=replace(config.model, widths=(8, 16, 16, 40)))
    with pytest.raises(
        ConfigError, match=r"another configuration.*model\.widths: \(8, 16, 16, 32\) there, .*40\) here"
    ):
        train(wider, face_folder, tmp_path / "run")


def test_a_file_that_could_not_be_written_leaves_the_old_one(tmp_path):
    target = tmp_path / "state.pt"
    target.write_text("old")

    def full(path: Path):
        path.write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(RuntimeError, match=r"state\.pt: could not be written .*No space left"):
        save_atomically(target, full)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


@needs_data
def test_no_person_or_picture_is_both_trained_on_and_held_out():
    held: dict[str, set[bool]] = {}
    for name in READERS:
        for sample in read_set(DATA, name):
            held.setdefault(sample.subject, set()).add(held_out(sample, 0.08))
    assert {len(answers) for answers in held.values()} == {1}
    share = sum(answer == {True} for answer in held.values()) / len(held)
    assert 0.05 < share < 0.11
    people = {s.subject for s in read_set(DATA, "youtube_faces/training")}
    assert people == {s.subject for s in read_set(DATA, "youtube_faces/test")}
