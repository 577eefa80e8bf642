"""A batch shared by several processes is the batch of one."""

import csv
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from conftest import tiny_config, write_config

from mien import train as train_module
from mien.batches import Batch
from mien.config import Config, ConfigError
from mien.crop_cache import Pack, build
from mien.datasets import read_set
from mien.draws import Draws
from mien.losses import total_loss
from mien.models import Seen, Told
from mien.train import train

SAME_LOSS = 1e-3  # relative: sums in another order, in bfloat16; 2e-4 was measured, 2e-3 with a batch-norm each
TRAINING = Path(train_module.__file__).parents[1]


@pytest.fixture
def config() -> Config:
    config = tiny_config()
    return replace(config, optimise=replace(config.optimise, crops=256, epoch_crops=128, batch=64))


@pytest.fixture
def pack(face_folder: Path) -> Pack:
    return build(read_set(face_folder, "faces")[:8], 96)


def losses(out: Path) -> list[float]:
    with (out / "log.csv").open() as file:
        return [float(row[key]) for row in csv.DictReader(file) for key in row if key.startswith("loss_")]


def test_two_processes_go_on_where_one_stopped_with_the_losses_of_one(face_folder, tmp_path, config, monkeypatch):
    monkeypatch.setattr(train_module, "ROOT", tmp_path)  # where the cache lies
    one, two = tmp_path / "one", tmp_path / "two"

    def stop(_row: dict) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(config, face_folder, two, on_row=stop)
    train(config, face_folder, one)
    path, command = write_config(config, tmp_path / "tiny.toml"), tmp_path / "command.py"
    command.write_text(
        f"from pathlib import Path\nfrom mien import train\ntrain.ROOT = Path({str(tmp_path)!r})\ntrain.main()"
    )
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", str(command)]
    options = [str(path), "--data", str(face_folder), "--out", str(two), "--device", "cpu", "--threads", "1"]
    environment = {**os.environ, "PYTHONPATH": str(TRAINING), "OMP_NUM_THREADS": "1"}
    done = subprocess.run([*torchrun, *options], env=environment, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("going on after epoch 1") == 1  # one speaks for all
    assert len(losses(two)) == 8  # two epochs
    assert losses(two) == pytest.approx(losses(one), rel=SAME_LOSS)


def test_parts_that_processes_draw_make_the_whole_batch(pack, config):
    weights = torch.arange(8.0)
    whole = Draws(pack, weights, config, epoch=1)
    shares = [Draws(pack, weights, config, 1, rank, 2) for rank in range(2)]
    assert len(whole) == 2
    for step in range(2):
        parts = [share[step] for share in shares]
        assert torch.equal(torch.cat([part.crops for part in parts]), whole[step].crops)
        assert torch.equal(torch.cat([part.present for part in parts]), whole[step].present)
    assert not torch.equal(whole[0].crops, Draws(pack, weights, config, epoch=2)[0].crops)


def test_workers_draw_the_same_batches_in_the_same_order(pack, config, monkeypatch):
    draws = Draws(pack, torch.ones(8), config, epoch=0)
    monkeypatch.setattr("os.sched_getaffinity", lambda _process: range(2))  # or torch warns on a machine of one core
    for ahead, here in zip(draws.loader(workers=2), draws.loader(), strict=True):
        assert torch.equal(ahead.crops, here.crops)
        assert torch.equal(ahead.points, here.points)


def test_a_batch_that_cannot_be_shared_is_named(pack, config):
    with pytest.raises(ConfigError, match=r"optimise\.batch: 64 crops cannot be shared by 3.*multiple of 96"):
        Draws(pack, torch.ones(8), config, 0, 0, 3)


def test_a_face_counts_the_same_in_whichever_share_it_falls(config):
    config = replace(config, loss=replace(config.loss, maps=0.0))
    present = torch.tensor([1.0, 1, 1, 0, 1, 0, 0, 0])
    batch = Batch(torch.zeros(8, 1, 8, 8), torch.rand(8, 68, 2), present)
    seen, told = torch.rand(8, 68, 2), Told(torch.rand(8, 68), torch.rand(8), None)

    def loss(part: slice, faces: torch.Tensor | None) -> dict[str, float]:
        share = Batch(batch.crops[part], batch.points[part], batch.present[part])
        terms = total_loss(
            {"linear": Seen(seen[part], None)},
            Told(told.log_spread[part], told.presence[part], None),
            "linear",
            share,
            config,
            faces,
        )
        return {name: term.item() for name, term in terms.items()}

    whole = loss(slice(8), None)
    halves = [loss(part, present.sum() / 2) for part in (slice(4), slice(4, 8))]
    assert {name: (halves[0][name] + halves[1][name]) / 2 for name in whole} == pytest.approx(whole)
