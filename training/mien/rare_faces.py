"""Which faces are unlike most: turned far, mouths wide open, eyes shut. They are drawn more often."""

import torch
from torch import Tensor

ROUNDS = 5  # of averaging shapes and aligning them with the average again


def rarity(points: Tensor) -> Tensor:
    """(N, P, 2) points to ranks (N,) from 0, most like the mean shape, to 1: by the distance that is left when shape
    and mean are laid over each other by shift, turn and scale (Procrustes; Kendall 1984). A point is a complex number,
    so turn and scale are one factor."""
    shapes = torch.view_as_complex(points.double().contiguous())
    shapes = shapes - shapes.mean(1, keepdim=True)
    shapes = shapes / shapes.abs().square().sum(1, keepdim=True).sqrt()
    mean = shapes[0]
    for _ in range(ROUNDS):
        likeness = (shapes * mean.conj()).sum(1)
        mean = (shapes * (likeness.conj() / likeness.abs()).unsqueeze(1)).mean(0)
        mean = mean / mean.abs().square().sum().sqrt()
    ranks = (shapes * mean.conj()).sum(1).abs().argsort(descending=True).argsort()
    return ranks.float() / max(1, len(points) - 1)
