"""Eyes shut in the picture: the points go with the lids, what does not belong to the eye stays."""

import numpy as np
import torch
from conftest import face_points

from mien.openings import openings
from mien.schemes import SCHEMES
from mien.shut_eyes import closings, shut

EYES = SCHEMES["ibug68"].eyes
SIZE = 128
SAME = 1e-4  # crop units, or grey values


def face() -> torch.Tensor:
    return torch.from_numpy(face_points((64, 64), 90)).float()[None] / SIZE


def opening(points: torch.Tensor, eye: tuple[int, ...]) -> float:
    corner, upper, upper_2, other, lower_2, lower = points[0, list(eye)]
    gap = (upper - lower).norm() + (upper_2 - lower_2).norm()
    return (gap / (corner - other).norm()).item()


def dark_eyes(points: torch.Tensor) -> torch.Tensor:
    """A light face whose eyes, and nothing else, are black."""
    crop = torch.ones(1, 1, SIZE, SIZE)
    for eye in EYES:
        places = points[0, list(eye)] * SIZE
        (left, top), (right, bottom) = places.amin(0).round().int().tolist(), places.amax(0).round().int().tolist()
        crop[0, 0, top:bottom, left:right] = 0
    return crop


def black(crop: torch.Tensor, half: slice) -> float:
    return (1 - crop[..., half]).sum().item()


def test_a_shut_eye_is_gone_and_its_lids_meet():
    points = face()
    crop = dark_eyes(points)
    after, moved = shut(crop, points, EYES, torch.tensor([[1.0, 0.0]]))
    left, right = slice(0, SIZE // 2), slice(SIZE // 2, SIZE)
    assert black(after, left) < 0.5 * black(crop, left)
    assert black(after, right) == black(crop, right)
    assert opening(moved, EYES[0]) < 0.01 < opening(points, EYES[0])
    others = [i for i in range(68) if i not in EYES[0]]
    assert torch.equal(moved[:, others], points[:, others])
    corners = [EYES[0][0], EYES[0][3]]
    assert torch.equal(moved[:, corners], points[:, corners])


def test_an_eye_shut_in_part_has_that_part_of_its_opening():
    points = face()
    _, moved = shut(dark_eyes(points), points, EYES, torch.tensor([[0.25, 0.6]]))
    for eye, part in zip(EYES, (0.75, 0.4), strict=True):
        assert abs(opening(moved, eye) - part * opening(points, eye)) < 0.02


def test_a_turned_face_shuts_its_eyes_as_an_upright_one():
    points = face()
    turned = torch.stack([1 - points[..., 1], points[..., 0]], -1)
    crop = torch.rand(1, 1, SIZE, SIZE, generator=torch.Generator().manual_seed(0))
    upright, moved = shut(crop, points, EYES, torch.ones(1, 2))
    after, moved_turned = shut(crop.rot90(-1, (2, 3)), turned, EYES, torch.ones(1, 2))
    assert (after.rot90(1, (2, 3)) - upright).abs().max() < SAME
    assert (moved_turned - torch.stack([1 - moved[..., 1], moved[..., 0]], -1)).abs().max() < SAME


def test_eyes_without_labels_stay():
    points = face()
    points[0, EYES[0][1]] = torch.nan
    crop = dark_eyes(points[:, :, :].nan_to_num(0.3))
    after, moved = shut(crop, points, EYES[:1], torch.ones(1, 1))
    assert torch.equal(after, crop)
    assert torch.equal(moved.nan_to_num(-1), points.nan_to_num(-1))


def test_closings_are_of_both_eyes_or_of_one():
    drawn = closings(4000, torch.Generator().manual_seed(0))
    both = (drawn > 0).all(1)
    assert 0.55 < both.float().mean() < 0.65
    assert torch.equal(drawn[both, 0], drawn[both, 1])
    assert ((drawn > 0).any(1)).all()
    assert 0.45 < (drawn.amax(1) == 1).float().mean() < 0.55


def test_openings_are_what_the_lids_leave_of_the_width():
    points = face().numpy()
    width = np.linalg.norm(points[0, 36] - points[0, 39])
    points[0, [37, 38], 1] = points[0, 36, 1] - 0.1 * width
    points[0, [40, 41], 1] = points[0, 36, 1] + 0.2 * width
    points[0, [41, 40], 0] = points[0, [37, 38], 0]
    assert abs(openings(points)[0, 0] - 0.3) < SAME
