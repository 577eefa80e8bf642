"""What lies around the face in a photograph, as rings that turn with the head and come to rest at a fixed border
(after the face profiling of Zhu et al. 2016, "Face alignment across large poses"): whatever way the head turns, no
hole opens."""

import numpy as np

RINGS = np.array([0, 0.03, 0.07, 0.12, 0.2, 0.32, 0.5, 0.75, 1.0])  # of the way from the head's outline to the border
BORDER = 1.9  # of the border's radius, in face sizes
RIGID = 0.06  # of the way: up to here hair and neck turn with the head
FALL = 1.5  # exponent by which turning fades towards the border
BACK = 0.16  # of the way: here the surroundings have fallen back to the depth of the ears
CLEAR = 0.015  # face sizes beyond the outline from which the surroundings take their texture
ANGLES = 120  # vertices of a ring


def outline_of(points: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """(ANGLES,) which of the points (V, 2) reaches farthest from a centre in each direction; the one of the nearest
    direction where there is none."""
    away = points - centre
    bins = ((np.arctan2(away[:, 1], away[:, 0]) / (2 * np.pi) + 1) * ANGLES).astype(int) % ANGLES
    order = np.argsort(np.linalg.norm(away, axis=1))
    farthest = np.full(ANGLES, -1)
    farthest[bins[order]] = order  # of several in one bin the last, the farthest, stays
    there = np.flatnonzero(farthest >= 0)
    gap = np.abs((np.arange(ANGLES)[:, None] - there + ANGLES // 2) % ANGLES - ANGLES // 2)
    return farthest[there[np.argmin(gap, 1)]]


def ring_triangles() -> np.ndarray:
    """(T, 3), ring after ring."""
    i = np.arange(ANGLES)
    after = (i + 1) % ANGLES
    parts = []
    for ring in range(len(RINGS) - 1):
        inner, outer = ring * ANGLES, (ring + 1) * ANGLES
        parts += [np.stack([inner + i, outer + i, inner + after], 1)]
        parts += [np.stack([inner + after, outer + i, outer + after], 1)]
    return np.concatenate(parts).astype(np.int32)


def ring_places(skin: np.ndarray, size: float, base_depth: float) -> tuple[np.ndarray, np.ndarray]:
    """The skin (S, 3) in the photograph, px with depth; the face's size, px; the depth of the ears. To the places of
    the rings' vertices (R·A, 3) and their texture (R·A, 2), px of the photograph: the same but for the innermost, which
    lies on the skin's outline and takes its texture from just outside."""
    centre = (skin[:, :2].min(0) + skin[:, :2].max(0)) / 2
    outline = skin[outline_of(skin[:, :2], centre)]
    angles = (np.arange(ANGLES) + 0.5) / ANGLES * 2 * np.pi
    direction = np.stack([np.cos(angles), np.sin(angles)], 1)
    radii = np.linalg.norm(outline[:, :2] - centre, axis=1)[:, None]
    inner = centre + direction * (radii + CLEAR * size)
    border = centre + direction * np.maximum(BORDER * size, radii + 0.3 * size)
    t = RINGS[:, None, None]
    texture = inner + t * (border - inner)
    depth = outline[:, 2:] + (t / BACK).clip(0, 1) * (base_depth - outline[:, 2:])
    places = np.concatenate([texture, np.broadcast_to(depth, (*texture.shape[:2], 1))], 2)
    places[0] = outline
    return places.reshape(-1, 3), texture.reshape(-1, 2)


def turning_shares() -> np.ndarray:
    """(R·A, 1) how far each ring's vertices turn with the head, 1 to 0."""
    share = (1 - ((RINGS - RIGID) / (1 - RIGID)).clip(0, 1)) ** FALL
    return np.repeat(share, ANGLES)[:, None]
