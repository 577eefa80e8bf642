"""Shut eyes and open mouths for a photograph whose eyes are open and whose mouth is shut."""

import numpy as np

from mien.face_model.photograph import Photograph

LIDS = {"eyeBlink_R": ((37, 41), (38, 40)), "eyeBlink_L": ((43, 47), (44, 46))}  # upper and lower points
LIPS = ((61, 67), (62, 66), (63, 65))
MOST_BLINK = 1.6  # weight: the lids of a wide eye have farther to go
SHUT_MOUTH_CM = 0.35  # between the lips
PARTED = "jawOpen", "mouthClose", "mouthFunnel"


def gap_cm(photograph: Photograph, pairs: tuple[tuple[int, int], ...], shape: np.ndarray | None = None) -> float:
    """Mean distance down the face between upper and lower points, in the photograph or in a shape (S, 3)."""
    heights = (photograph.shape if shape is None else shape)[photograph.canvas.inner, 1]
    return float(np.mean([heights[lower - 17] - heights[upper - 17] for upper, lower in pairs]))


def with_lids(photograph: Photograph, shut: dict[str, float]) -> np.ndarray:
    """(E,) weights with which each eye, by the name of its blink, is shut by a share 0..1 of its opening."""
    model, weights = photograph.canvas.mesh.model, photograph.expression.copy()
    for name, share in shut.items():
        i = model.expression_names.index(name)
        opening, closing = gap_cm(photograph, LIDS[name]), gap_cm(photograph, LIDS[name], model.expression[i])
        weights[i] += np.clip(-share * opening / closing, 0, MOST_BLINK)
    return weights


def mouth_is_shut(photograph: Photograph) -> bool:
    return gap_cm(photograph, LIPS) < SHUT_MOUTH_CM


def with_open_mouth(photograph: Photograph, opening: float, rounding: float) -> np.ndarray:
    """(E,) weights with which the mouth is open and rounded, each 0..1."""
    model, weights = photograph.canvas.mesh.model, photograph.expression.copy()
    for name, value in zip(PARTED, (opening, 0, rounding), strict=True):
        weights[model.expression_names.index(name)] = value
    return weights
