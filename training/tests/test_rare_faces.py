"""Faces unlike most are known by their shape, however they lie in the picture."""

import torch
from conftest import face_points

from mien.rare_faces import rarity


def test_the_odd_face_is_the_rarest_wherever_it_lies():
    random = torch.Generator().manual_seed(0)
    face = torch.from_numpy(face_points())
    faces = face + torch.randn(20, 68, 2, generator=random) * 0.3
    turn = torch.tensor([[0.6, -0.8], [0.8, 0.6]])
    faces[3] = faces[3] @ turn * 5 + 300  # turned, large and elsewhere, but the same face
    faces[7, 48:, 1] += 12  # an open mouth
    ranks = rarity(faces)
    assert ranks[7] == 1
    assert ranks[3] < 1
    assert torch.allclose(ranks.sort().values, torch.linspace(0, 1, 20))
