"""What covers a face: each kind lies where it belongs, hides what it covers, and leaves the rest as it was."""

import pytest
import torch

from mien.augment import RandomSource, moved, shadowed, sided
from mien.batches import at_points
from mien.occluders import KINDS, Sheet, occluded
from mien.signals.face import load_face

COUNT, SIDE = 24, 96
EYES, MOUTH, CHIN, BROWS = slice(36, 48), slice(48, 68), slice(7, 10), slice(17, 27)


@pytest.fixture
def rng():
    return torch.Generator().manual_seed(4)


@pytest.fixture
def crops(rng):
    return 0.3 + 0.4 * torch.rand(COUNT, 1, SIDE, SIDE, generator=rng)


@pytest.fixture
def points():
    """The mean face in the middle of each crop."""
    face = torch.from_numpy(load_face().mean[:, :2]).float() * torch.tensor([1.0, -1.0])
    low, high = face.amin(0), face.amax(0)
    return ((face - (low + high) / 2) / (high - low).max() * 0.7 + 0.5).expand(COUNT, -1, -1)


def hidden_shares(name, crops, points, rng):
    cover = KINDS[name](Sheet(crops, rng), points)
    return lambda which: at_points(cover.alpha > 0.6, points)[:, which].float().mean()


@pytest.mark.parametrize("name", KINDS)
def test_covers_a_part_by_its_own_contour_and_leaves_the_rest(name, crops, points, rng):
    cover = KINDS[name](Sheet(crops, rng), points)
    assert cover.alpha.shape == crops.shape
    assert ((cover.alpha >= 0) & (cover.alpha <= 1)).all()
    assert ((cover.grey >= 0) & (cover.grey <= 1)).all()
    share = (cover.alpha > 0.1).float().mean((1, 2, 3))
    assert 0.02 < share.mean() < 0.5
    bare = cover.alpha == 0
    assert torch.equal(cover.over(crops)[bare], crops[bare])


def test_a_mask_covers_mouth_and_chin_and_no_eye(crops, points, rng):
    share = hidden_shares("mask", crops, points, rng)
    assert share(MOUTH) > 0.99
    assert share(CHIN) > 0.5  # the outline of the chin is its edge
    assert share(EYES) == 0


def test_glasses_lie_about_the_eyes(crops, points, rng):
    share = hidden_shares("glasses", crops, points, rng)
    assert 0.2 < share(EYES) < 0.9  # of some the lenses are clear
    assert share(MOUTH) == 0


def test_hair_falls_over_the_brows_more_often_than_over_the_mouth(crops, points, rng):
    share = hidden_shares("hair", crops, points, rng)
    assert share(BROWS) > 2 * share(MOUTH)


def test_the_stranger_is_the_face_of_the_next_crop(crops, points, rng):
    crops = torch.linspace(0, 1, COUNT).view(-1, 1, 1, 1).expand_as(crops)
    cover = KINDS["stranger"](Sheet(crops, rng), points)
    assert torch.allclose(cover.grey, crops.roll(1, 0).expand_as(cover.grey), atol=1e-5)


def test_faces_without_all_labels_get_hands_alone(crops, points, rng):
    points = points.clone()
    points[:, 3] = float("nan")
    covered, hidden = occluded(crops, points, 1.0, rng)
    assert covered.isfinite().all()
    assert hidden.any(dim=3).any(dim=2).float().mean() > 0.9


def test_so_many_are_covered_and_the_others_stay(crops, points, rng):
    covered, hidden = occluded(crops, points, 0.5, rng)
    changed = (covered != crops).flatten(1).any(1)
    assert 0.2 < changed.float().mean() < 0.8
    assert not hidden[~changed].any()
    assert torch.equal(occluded(crops, points, 0.0, rng)[0], crops)


@pytest.mark.parametrize("change", [sided, shadowed])
def test_shade_darkens_some_of_it_and_brightens_nothing(change, crops, rng):
    kept = change(crops, RandomSource(COUNT, rng)) / crops
    assert (kept <= 1).all()
    assert (kept >= 0.05).all()
    assert ((kept.amin((1, 2, 3)) < 0.75) & (kept.amax((1, 2, 3)) > 0.8)).float().mean() > 0.5


def test_motion_smears_along_a_line(rng):
    dot = torch.zeros(COUNT, 1, SIDE, SIDE)
    dot[..., SIDE // 2, SIDE // 2] = 1
    smeared = moved(dot, RandomSource(COUNT, rng))
    assert smeared.sum((1, 2, 3)) == pytest.approx(torch.ones(COUNT).numpy(), abs=0.02)
    ys, xs = torch.meshgrid(torch.arange(SIDE) - SIDE / 2, torch.arange(SIDE) - SIDE / 2, indexing="ij")
    places = torch.stack([xs, ys]).flatten(1)
    spreads = torch.stack([torch.linalg.eigvalsh((places * one.flatten()) @ places.T) for one in smeared])
    assert (spreads[:, 1] > 4 * spreads[:, 0]).all()  # long, not round
    assert 1 < 2 * 3**0.5 * spreads[:, 1].sqrt().amax() < 30  # px
