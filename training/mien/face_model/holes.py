"""What is seen through the holes of the skin: eyeballs, and the inside of the mouth."""

import numpy as np

from mien.face_model.camera import Camera
from mien.face_model.paint import Part

EYEBALL_BEHIND_CM = 0.12  # its lids
EYEBALL_BULGE_CM = 0.3  # of its middle, over the plane of the lids
MOUTH_DEPTH_CM = 1.5  # of the middle of the mouth's inside, behind the lips
LIP_TINT, THROAT_TINT = 0.45, 0.15  # brightness inside the mouth, at the lips and in the middle, in that of the lips
TEETH_BEHIND_CM = 0.05  # the upper lip
TEETH_TINT = 1.05  # brightness in that of the cheek
TEETH_WIDTH = 0.75  # of the mouth's


def fan(around: np.ndarray, middle: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Vertices (L, 3) around a hole and one in its middle, to all of them (L + 1, 3) and triangles (L, 3)."""
    i = np.arange(len(around))
    return np.concatenate([around, middle[None]]), np.stack([i, (i + 1) % len(i), np.full(len(i), len(i))], 1)


def eyeball(around: np.ndarray, camera: Camera, photograph: Camera) -> Part:
    """An eye within the lids (L, 3) as the photograph has them. It stays as it is when the lids move over it."""
    inward = np.array([0, 0, 1.0])
    middle = around.mean(0) - EYEBALL_BULGE_CM * inward
    vertices, triangles = fan(around, middle)
    places, depth = camera.project(vertices + EYEBALL_BEHIND_CM * inward)
    return Part(places, depth, triangles, photograph.project(vertices)[0])


def inside_mouth(around: np.ndarray, before: np.ndarray, camera: Camera, photograph: Camera) -> Part:
    """What the photograph shows between the lips. (L, 3) the lips' inner border as it is, and as the photograph has
    it."""
    vertices, triangles = fan(around, around.mean(0))
    places, depth = camera.project(vertices)
    return Part(places, depth, triangles, photograph.project(np.concatenate([before, before.mean(0)[None]]))[0])


def dark_mouth(
    around: np.ndarray, before: np.ndarray, cheek: np.ndarray, camera: Camera, photograph: Camera, teeth_cm: float
) -> list[Part]:
    """A mouth that was shut in the photograph and is open now: dark, with the upper teeth `teeth_cm` high. `cheek` (2,)
    is a place in the photograph as bright as the teeth."""
    middle = around.mean(0) + np.array([0, 0, MOUTH_DEPTH_CM])
    vertices, triangles = fan(around, middle)
    places, depth = camera.project(vertices)
    tint = np.append(np.full(len(around), LIP_TINT), THROAT_TINT)
    texture = photograph.project(np.concatenate([before, before.mean(0)[None]]))[0]
    parts = [Part(places, depth, triangles, texture, tint=tint)]
    if teeth_cm <= 0:
        return parts
    half = np.ptp(around[:, 0]) / 2
    x = np.linspace(-1, 1, 9) * half * TEETH_WIDTH + around[:, 0].mean()
    upper = around[around[:, 1] < np.interp(around[:, 0], *corners(around))]
    upper = upper[np.argsort(upper[:, 0])]
    top = np.stack([x, np.interp(x, upper[:, 0], upper[:, 1]), np.interp(x, upper[:, 0], upper[:, 2])], 1)
    top[:, 2] += TEETH_BEHIND_CM
    height = teeth_cm * (1 - 0.5 * np.linspace(-1, 1, 9) ** 2)
    bottom = top + np.stack([np.zeros(9), height, np.zeros(9)], 1)
    top[:, 1] -= 0.3  # the gums' side lies behind the lip
    i = np.arange(8)
    strip = np.concatenate([np.stack([i, i + 1, i + 9], 1), np.stack([i + 1, i + 10, i + 9], 1)])
    places, depth = camera.project(np.concatenate([top, bottom]))
    fading = TEETH_TINT * (1 - 0.45 * np.abs(np.linspace(-1, 1, 9)) ** 2)
    parts.append(Part(places, depth, strip, np.tile(cheek, (18, 1)), tint=np.tile(fading, 2)))
    return parts


def corners(around: np.ndarray) -> tuple[list[float], list[float]]:
    """x and y of the left and right end of a hole."""
    ends = around[[np.argmin(around[:, 0]), np.argmax(around[:, 0])]]
    return list(ends[:, 0]), list(ends[:, 1])
