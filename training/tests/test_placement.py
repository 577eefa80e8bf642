"""Labels laid anew by a scale and two shifts."""

from dataclasses import replace
from pathlib import Path

import torch
from conftest import face_points, tiny_config

from mien.placement import MOST_SCALE, corrected, corrections
from mien.refit import with_points
from mien.run import Run
from mien.schemes import IBUG68
from mien.start import load_packs
from mien.train import train

CLOSE_PX = 0.2


def labels(count: int = 3) -> torch.Tensor:
    return torch.from_numpy(face_points()).repeat(count, 1, 1)


def test_a_place_is_found_back_though_some_points_are_wrong():
    truth = labels()
    wanted = torch.tensor([[1.03, 2.0, -1.0], [0.97, 0.0, 3.0], [1.0, 0.0, 0.0]])
    moved = corrected(truth, wanted)
    off = corrected(truth, torch.tensor([[1.0, 0.0, 0.0]]).expand(3, 3))
    assert torch.allclose(off, truth)
    found = moved + torch.randn(moved.shape, generator=torch.Generator().manual_seed(0)) * 0.2
    found[:, :10] += 25  # a network that errs about part of the jaw
    result = corrected(truth, corrections(found, truth, torch.ones(3, 68)))
    assert (result - moved).norm(dim=-1).max() < 5 * CLOSE_PX
    sure = torch.ones(3, 68)
    sure[:, :10] = 50  # and says so
    assert (corrected(truth, corrections(found, truth, sure)) - moved).norm(dim=-1).max() < CLOSE_PX


def test_points_without_a_label_stay_so_and_take_no_part():
    truth = labels()
    truth[:, 40:] = torch.nan
    wanted = torch.tensor([[1.02, 1.0, 1.0]]).expand(3, 3)
    moved = corrected(truth, wanted)
    found = torch.where(moved.isnan(), 1000.0, moved)
    result = corrected(truth, corrections(found, truth, torch.ones(3, 68)))
    assert torch.equal(result.isnan(), truth.isnan())
    assert (result - moved)[:, :40].norm(dim=-1).max() < 0.01


def test_a_scale_is_bounded():
    truth = labels(1)
    found = corrected(truth, torch.tensor([[1.5, 0.0, 0.0]]))
    assert abs(corrections(found, truth, torch.ones(1, 68))[0, 0] - 1 - MOST_SCALE) < 1e-6


def test_a_run_lays_labels_anew_and_keeps_them_when_it_goes_on(face_folder: Path, tmp_path: Path):
    tiny = tiny_config()
    config = replace(tiny, data=replace(tiny.data, refit_sets=("faces",), refit_epochs=(1,)))
    train(config, face_folder, tmp_path / "run")
    state = torch.load(tmp_path / "run" / "state.pt", weights_only=True)
    pack = load_packs(config, face_folder, tmp_path / "cache")[0]
    assert state["points"].shape == pack.points.shape
    assert not torch.equal(state["points"], pack.points)
    run = Run(config, pack, pack.weights, tmp_path / "run", "cpu")
    run.restore()
    assert torch.equal(run.pack.points, state["points"])
    assert torch.equal(run.labels, pack.points)
    assert torch.allclose(run.pack.boxes[:, 0], state["points"].amin(1))
    assert with_points(pack, pack.points, IBUG68) is pack
