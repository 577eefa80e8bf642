"""Labels whose shape is right and whose place in the picture is not: a scale and two shifts for each face that lay them
over what a network finds."""

import torch
from torch import Tensor

ROUNDS = 10  # of weighing points by how far they lie off
MOST_SCALE = 0.2  # that a label grows or shrinks by at most: AFLW2000's turn out 4 % too small, 4 % more or less
KNEE = 0.02  # of a face's box: points that lie further off count less


def corrections(found: Tensor, labels: Tensor, spread: Tensor) -> Tensor:
    """(N, P, 2) points, labels for them of which some may be `nan`, and (N, P) how far off each point may be,
    to (N, 3): factor about the labels' centre and shifts in x and y, by least squares weighed again and again so that
    points far off count less (Huber 1964)."""
    known = labels.isfinite().all(-1)
    labels = labels.nan_to_num(0)
    unknown = ~known.unsqueeze(-1)
    box = labels.masked_fill(unknown, -torch.inf).amax(1) - labels.masked_fill(unknown, torch.inf).amin(1)
    knee = KNEE * box.prod(-1).sqrt().view(-1, 1)
    weight = known / spread.square()
    certain, scale = weight, torch.ones(len(labels))
    shift = torch.zeros(len(labels), 2)
    middle = (labels * known[..., None]).sum(1) / known.sum(1, keepdim=True)
    local = labels - middle[:, None]
    for _ in range(ROUNDS):
        share = (weight / weight.sum(1, keepdim=True)).unsqueeze(-1)
        centre, target = (local * share).sum(1), ((found - middle[:, None]) * share).sum(1)
        flat, wanted = local - centre[:, None], found - middle[:, None] - target[:, None]
        scale = (flat * wanted * share).sum((1, 2)) / (flat.square() * share).sum((1, 2))
        scale = scale.clamp(1 - MOST_SCALE, 1 + MOST_SCALE)
        shift = target - scale[:, None] * centre
        off = (scale[:, None, None] * local + shift[:, None] + middle[:, None] - found).norm(dim=-1)
        weight = certain * (knee / off.clamp(min=1e-9)).clamp(max=1)
    return torch.cat([scale[:, None], shift], 1)


def corrected(labels: Tensor, correction: Tensor) -> Tensor:
    """(N, P, 2) labels with their (N, 3) corrections made."""
    known = labels.isfinite().all(-1, keepdim=True)
    middle = torch.where(known, labels, 0).sum(1, keepdim=True) / known.sum(1, keepdim=True)
    return (labels - middle) * correction[:, None, :1] + middle + correction[:, None, 1:]
