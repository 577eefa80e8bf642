"""Crops: image and points go through one affine; drawn and undone, the same face comes back."""

import math

import numpy as np
import pytest
import torch
from conftest import draw_face, face_points
from torch.nn import functional as F

from mien.schemes import IBUG68
from mien.transforms import (
    CALM,
    Jitter,
    apply,
    box_of,
    crop_affine,
    crop_picture,
    crop_pictures,
    invert,
    jittered,
    mirrored,
    negative_crops,
    sampled,
)  # fmt: skip

EXACT = 1e-4  # px or crop units: float32 round trips
SAME_PIXEL = 2 / 255  # grey value: two bilinear samplers, one of them in fixed point


def blobs(size: int, points: torch.Tensor) -> torch.Tensor:
    """(1, 1, size, size) uint8 picture with a soft spot at each of the (P, 2) points."""
    centres = torch.arange(size) + 0.5
    spots = [torch.exp(-((centres - x) ** 2 + (centres[:, None] - y) ** 2) / 8) for x, y in points]
    return (torch.stack(spots).sum(0) * 250).clamp(0, 255).byte().view(1, 1, size, size)


def test_a_crop_affine_puts_the_corners_where_they_belong():
    affine = crop_affine(torch.tensor([[50.0, 40.0]]), torch.tensor([20.0]))
    corners = torch.tensor([[[0.0, 0.0], [1.0, 1.0], [0.5, 0.5]]])
    assert torch.allclose(apply(affine, corners), torch.tensor([[[40.0, 30.0], [60.0, 50.0], [50.0, 40.0]]]))
    turned = crop_affine(torch.tensor([[50.0, 40.0]]), torch.tensor([20.0]), torch.tensor([math.pi / 2]))
    assert torch.allclose(apply(turned, corners)[0, 0], torch.tensor([60.0, 30.0]), atol=EXACT)


def test_inverse_and_mirror():
    rng = torch.Generator().manual_seed(0)
    affine = jittered(torch.rand(64, 2) * 100, torch.rand(64) * 50 + 20, Jitter(), rng)
    points = torch.rand(64, 68, 2)
    assert torch.allclose(apply(invert(affine), apply(affine, points)), points, atol=EXACT)
    across = points * torch.tensor([-1.0, 1.0]) + torch.tensor([1.0, 0.0])
    assert torch.allclose(apply(mirrored(affine), points), apply(affine, across), atol=1e-3)
    assert torch.allclose(mirrored(mirrored(affine)), affine, atol=1e-3)


def test_mirror_twice_is_the_same_face_and_once_keeps_it_a_face():
    mirror = list(IBUG68.mirror)
    assert [mirror[i] for i in mirror] == list(range(68))
    points = face_points((0, 0))
    np.testing.assert_allclose((points * [-1, 1])[mirror], points, atol=1e-3)  # the drawn face is symmetric


@pytest.mark.parametrize("flip", [False, True])
def test_image_and_points_move_together(flip: bool):
    truth = torch.tensor([[70.0, 60.0], [110.0, 62.0], [90.0, 110.0]])
    affine = crop_affine(torch.tensor([[92.0, 80.0]]), torch.tensor([110.0]), torch.tensor([0.3]), torch.tensor([0.1]))
    affine = mirrored(affine) if flip else affine
    crop = crop_pictures(blobs(180, truth), torch.tensor([0]), affine, (96, 96))[0, 0]
    for x, y in apply(invert(affine), truth[None])[0] * 96:
        window = crop[int(y) - 6 : int(y) + 7, int(x) - 6 : int(x) + 7]
        rows, columns = torch.meshgrid(torch.arange(13.0), torch.arange(13.0), indexing="ij")
        found_x = (window * columns).sum() / window.sum() + int(x) - 6 + 0.5
        found_y = (window * rows).sum() / window.sum() + int(y) - 6 + 0.5
        assert math.hypot(found_x - x, found_y - y) < 0.1  # px of the crop


def test_a_crop_is_the_picture_sampled_between_its_pixels():
    image = draw_face(face_points())
    affine = crop_affine(torch.tensor([[95.0, 85.0]]), torch.tensor([150.0]), torch.tensor([0.2]))
    ours = crop_pictures(torch.from_numpy(image)[None, None], torch.tensor([0]), affine, (128, 128))[0, 0]
    places = (torch.arange(128) + 0.5) / 128
    where = apply(affine, torch.stack(torch.meshgrid(places, places, indexing="xy"), -1).view(1, -1, 2))
    grid = where.view(1, 128, 128, 2) * 2 / torch.tensor(image.shape[::-1]) - 1
    sampled = F.grid_sample(
        torch.from_numpy(image)[None, None].float() / 255, grid, padding_mode="border", align_corners=False
    )[0, 0]
    assert (ours - sampled).abs().max() < 6 * SAME_PIXEL
    assert (ours - sampled).abs().mean() < SAME_PIXEL


def test_a_large_picture_is_not_aliased_and_stays_in_place():
    fine = np.indices((1024, 1024)).sum(0) % 2 * 255  # a checkerboard of single pixels: half grey when shrunk
    affine = np.array([[1024.0, 0, 0], [0, 1024.0, 0]])
    assert np.abs(crop_picture(fine.astype(np.uint8), affine, (128, 128)) - 127.5).max() <= 1
    ramp = np.tile(np.linspace(0, 255, 1024), (1024, 1)).astype(np.uint8)
    expected = np.linspace(0, 255, 1024).reshape(128, 8).mean(1)
    assert np.abs(crop_picture(ramp, affine, (128, 128))[64] - expected).max() <= 1.5


def test_beyond_the_picture_its_last_pixels_go_on():
    halves = torch.tensor([60, 200], dtype=torch.uint8).repeat_interleave(25).repeat(50, 1).view(1, 1, 50, 50)
    affine = crop_affine(torch.tensor([[0.0, 25.0], [50.0, 25.0]]), torch.tensor([40.0, 40.0]))
    left, right = crop_pictures(halves, torch.tensor([0, 0]), affine, (40, 40))[:, 0]
    assert (left * 255 - 60).abs().max() < SAME_PIXEL
    assert (right * 255 - 200).abs().max() < SAME_PIXEL


def test_jitter_keeps_the_face_in_the_crop_and_misplaced_crops_do_not_pass_for_right_ones():
    rng = torch.Generator().manual_seed(0)
    points = torch.from_numpy(face_points()).expand(2000, -1, -1)
    centre, side = box_of(points)
    placed = apply(invert(jittered(centre, side * 1.4, Jitter(), rng)), points)
    assert ((placed > 0) & (placed < 1)).float().mean() > 0.99
    middle = apply(invert(negative_crops(centre, side * 1.4, rng)), points)
    centre, side = box_of(middle)
    level = middle[:, 45] - middle[:, 36]
    upright = torch.atan2(level[:, 1], level[:, 0]).abs() < math.radians(50)
    well_placed = ((centre - 0.5).norm(dim=-1) < 0.25) & (side > 0.5) & (side < 1.0) & upright
    assert not well_placed.any()


def test_crops_as_tensors_are_those_of_the_app():
    pictures = torch.from_numpy(draw_face(face_points())).view(1, 1, 180, 200)
    which, rng = torch.zeros(8, dtype=torch.long), torch.Generator().manual_seed(0)
    affine = jittered(torch.full((8, 2), 95.0), torch.full((8,), 70.0), Jitter(), rng)
    expected, found = crop_pictures(pictures, which, affine, (64, 64)), sampled(pictures, which, affine, (64, 64))
    assert (found - expected).abs().mean() < SAME_PIXEL / 2
    assert (found - expected).abs().max() < 12 / 255  # OpenCV counts places in 32nds of a px


def test_a_crop_goes_on_beyond_its_limits():
    pictures = torch.arange(100, dtype=torch.uint8).repeat(100, 1).view(1, 1, 100, 100)
    affine = crop_affine(torch.tensor([[50.0, 50.0]]), torch.tensor([40.0]))
    limits = torch.tensor([[-1e6, -1e6, 50.0, 1e6]])
    crop = sampled(pictures, torch.zeros(1, dtype=torch.long), affine, (40, 40), limits)[0, 0] * 255
    assert torch.allclose(crop[:, :20], torch.arange(30.0, 50.0).expand(40, 20), atol=0.01)
    assert torch.allclose(crop[:, 20:], torch.tensor(49.5), atol=0.01)


def test_some_crops_are_turned_far():
    jitter = Jitter(angle_deg=5, wide=0.5, wide_deg=60)
    affine = jittered(torch.zeros(4000, 2), torch.ones(4000), jitter, torch.Generator().manual_seed(0))
    angle = torch.atan2(affine[:, 1, 0], affine[:, 0, 0]).rad2deg().abs()
    assert angle.max() < 61
    assert 0.5 * 40 / 60 < (angle > 15).float().mean() < 0.5


def test_some_crops_are_hardly_off():
    def offsets(calm: float) -> torch.Tensor:
        jitter = Jitter(scale=0, grown=0, shear=0, angle_deg=0, shift=0.1, calm=calm)
        return jittered(torch.zeros(4000, 2), torch.ones(4000), jitter, torch.Generator().manual_seed(0))[:, 0, 2]

    usual, calm, half = (offsets(share).std().item() for share in (0.0, 1.0, 0.5))
    assert calm == pytest.approx(CALM * usual, rel=0.05)
    assert half == pytest.approx(((1 + CALM**2) / 2) ** 0.5 * usual, rel=0.05)


def test_beside_a_face_in_a_crowd_no_crop_is_said_to_be_empty():
    count = 400
    affine = negative_crops(torch.zeros(count, 2), torch.ones(count), torch.Generator().manual_seed(0),
                       crowded=torch.ones(count, dtype=torch.bool))  # fmt: skip
    centre = affine[..., :2].sum(-1) / 2 + affine[..., 2]
    side = affine[..., 0].norm(dim=-1)
    upside_down = affine[:, 0, 0] < 0
    assert 0 < upside_down.float().mean() < 0.5
    assert (centre.norm(dim=-1) < 0.15).all()  # on the face
    assert (side[~upside_down] < 0.46).all()  # and of a part of it
