"""Runs that are killed, run out of disk or meet bad pictures: what was whole stays whole, and the run goes on."""

import csv
import os
import re
import resource
import signal
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from conftest import in_child, tiny_config, write_config

from mien import train as train_module
from mien.checkpoints import read_checkpoint, save_checkpoint
from mien.config import Config, ConfigError, InputConfig
from mien.run import Run
from mien.train import train

SMALL_DISK_BYTES = 100_000  # holds the log, but no state.pt


@pytest.fixture
def config() -> Config:
    """Three epochs of two steps."""
    config = tiny_config()
    steps = replace(config.optimise, crops=96, epoch_crops=32, batch=16)
    return replace(config, input=InputConfig(width=32, height=32), optimise=steps)


@pytest.fixture(autouse=True)
def one_thread():
    """A forked child has lost its parent's threads; sums are the same only in the same number of threads."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(train_module, "ROOT", tmp_path)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_at_write(name: str, count: int) -> None:
    """From here on this process dies when the file `name` is written for the `count`th time, half way through."""
    replace_file, done = os.replace, 0

    def half_written(unfinished: Path, path: Path) -> None:
        nonlocal done
        done += path.name == name
        if done == count:
            os.truncate(unfinished, os.path.getsize(unfinished) // 2)
            die()
        replace_file(unfinished, path)

    os.replace = half_written


def die_at_step(count: int) -> None:
    step = Run.step
    Run.step = lambda run, batch, index: die() if index == count else step(run, batch, index)


def log(out: Path) -> list[dict[str, str]]:
    """The rows without the speeds."""
    with (out / "log.csv").open() as file:
        return [{key: row[key] for key in row if not key.endswith("per_s")} for row in csv.DictReader(file)]


def weights(path: Path) -> torch.Tensor:
    return torch.cat([value.double().flatten() for value in read_checkpoint(path)[0].values()])


def test_a_run_killed_at_any_moment_ends_like_one_that_was_not(face_folder, tmp_path, config):
    whole = tmp_path / "whole"
    train(config, face_folder, whole)
    moments = {
        "first epoch": lambda: die_at_step(1),
        "first state": lambda: die_at_write("state.pt", 1),
        "first best weights": lambda: die_at_write("best.safetensors", 1),
        "middle of the second epoch": lambda: die_at_step(3),
        "last state": lambda: die_at_write("state.pt", 3),
        "log after the last state": lambda: die_at_write("log.csv", 3),
        "last weights": lambda: die_at_write("last.safetensors", 3),
    }
    for moment, prepare in moments.items():
        out = tmp_path / moment

        def killed(prepare=prepare, out=out) -> None:
            prepare()
            train(config, face_folder, out)

        assert in_child(killed) == (signal.SIGKILL, ""), moment
        train(config, face_folder, out)
        assert log(out) == log(whole), moment
        for name in ("last", "last-maps", "best"):
            assert torch.equal(weights(out / f"{name}.safetensors"), weights(whole / f"{name}.safetensors")), moment
        assert sorted(path.name for path in out.rglob("*")) == sorted(path.name for path in whole.rglob("*")), moment


def test_a_full_disk_is_said_and_what_was_there_goes_on(face_folder, tmp_path, config, monkeypatch):
    path, out = write_config(config, tmp_path / "tiny.toml"), tmp_path / "run"
    arguments = ["train", str(path), "--data", str(face_folder), "--out", str(out), "--device", "cpu"]
    monkeypatch.setattr("sys.argv", arguments)

    def killed() -> None:
        die_at_step(3)
        train(config, face_folder, out)

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL_DISK_BYTES, SMALL_DISK_BYTES))
        train_module.main()

    in_child(killed)
    before = (out / "state.pt").read_bytes()
    signal_number, message = in_child(full)
    assert signal_number == 0
    assert "mien.train: " in message
    assert "could not be written" in message
    assert (out / "state.pt").read_bytes() == before
    assert not list(out.rglob("*.part"))
    train_module.main()
    assert len(log(out)) == 3


def test_weights_that_do_not_fit_on_the_disk_are_said(tmp_path):
    path = tmp_path / "last.safetensors"
    path.write_text("old")

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL_DISK_BYTES, SMALL_DISK_BYTES))
        save_checkpoint(path, torch.nn.Linear(500, 500), {})

    assert "last.safetensors: could not be written" in in_child(full)[1]
    assert path.read_text() == "old"


def test_a_folder_belongs_to_one_run_at_a_time(face_folder, tmp_path, config):
    def second(_row) -> None:
        with pytest.raises(RuntimeError, match="another run is at work in this folder"):
            train(config, face_folder, tmp_path / "run")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(config, face_folder, tmp_path / "run", on_row=second)
    assert train(config, face_folder, tmp_path / "run")["epoch"] == 3


def test_a_bad_picture_is_named_and_left_out(face_folder, tmp_path, config, capsys):
    (face_folder / "faces" / "image_0003.png").write_bytes(b"no picture at all")
    (face_folder / "faces" / "image_0004.pts").write_text("version: 1\nn_points: 68\n{\n1 x\n}")
    for out in ("first", "from the cache"):
        assert train(config, face_folder, tmp_path / out)["epoch"] == 3
        printed = capsys.readouterr().out
        assert re.search(r"left out: .*image_0003\.png: not a picture that can be decoded", printed)
        assert re.search(r"left out: .*image_0004\.pts, line 4: not a number", printed)
        assert sum(map(int, re.findall(r"(\d+) (?:faces to train|held out)", printed))) == 22
    for path in (face_folder / "faces").glob("*.png"):
        path.write_bytes(b"")
    with pytest.raises(ConfigError, match=r"data\.sets: not one picture can be read"):
        train(config, face_folder, tmp_path / "none")
