"""The part of the face model that a photograph is laid on: face, head and the upper neck."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mien.face_model.model import FACE, HEAD, FaceModel

NECK_CM = 10.5  # below the origin: there the skin is cut
NECK_FADES_CM = 8.2  # below the origin: from here on the skin fades into what is behind
CHIN_CM = -7.0  # depth: what lies before it is the chin and does not fade
FEATURES_CM = 4.5, -7.0, 6.0  # half the width, top and bottom of eyes, nose and mouth
FEATURE_SLANT, SLANT = 0.05, 0.3  # cosine between normal and view: skin seen more slantingly has no texture of its own
EYES_CM, MOUTH_CM = -3.5, 3.4  # below the origin: where the holes lie
LEAST_SEEN_FROM = 0.15  # cosine: skin seen more slantingly than this takes the texture of the other half
WELL_SEEN_FROM = 0.4
SMOOTHINGS = 8  # of weights over the mesh, so that seams are soft
SPREADINGS = 15  # of texture over skin that is not seen


@dataclass(frozen=True)
class Mesh:
    """The skin of a head and its holes."""

    model: FaceModel  # restricted to the skin
    skin: np.ndarray  # (S,) the skin's vertices in the whole model
    eyes: tuple[np.ndarray, np.ndarray]  # vertices around each eye's hole: the picture's left, right
    mouth: np.ndarray  # vertices around the mouth's hole
    opposite: np.ndarray  # (S,) each vertex's mirror image

    @cached_property
    def neighbours(self) -> tuple[np.ndarray, np.ndarray]:
        """Both ends (2·edges,) of all edges, each way."""
        t = self.model.triangles
        sides = np.unique(np.sort(np.concatenate([t[:, [0, 1]], t[:, [1, 2]], t[:, [2, 0]]]), 1), axis=0)
        return np.concatenate([sides[:, 0], sides[:, 1]]), np.concatenate([sides[:, 1], sides[:, 0]])

    def smoothed(self, values: np.ndarray, steps: int = SMOOTHINGS, free: np.ndarray | None = None) -> np.ndarray:
        """(S, ...) values of the vertices, each mixed with its neighbours' again and again; given `free` (S,), those
        alone."""
        start, end = self.neighbours
        if free is not None:
            touched = free[end]
            start, end = start[touched], end[touched]
        count = np.maximum(np.bincount(end, minlength=len(values)), 1)
        shape, values = values.shape, values.reshape(len(values), -1).copy()
        for _ in range(steps):
            mixed = np.stack([np.bincount(end, column[start], len(values)) / count for column in values.T], 1)
            if free is None:
                values = (values + mixed) / 2
            else:
                values[free] = mixed[free]
        return values.reshape(shape)

    def extended(self, values: np.ndarray, known: np.ndarray) -> np.ndarray:
        """(S, D) values where they are `known` (S,), carried on over the skin where they are not."""
        start, end = self.neighbours
        values, reached = np.where(known[:, None], values, 0.0), known.copy()
        while not reached.all():
            useful = reached[start] & ~reached[end]
            count = np.bincount(end[useful], minlength=len(values))
            new = count > 0
            if not new.any():
                break
            for column in values.T:
                column[new] = np.bincount(end[useful], column[start[useful]], len(values))[new] / count[new]
            reached |= new
        return self.smoothed(values, SPREADINGS, ~known)


def mesh_of(model: FaceModel) -> Mesh:
    skin = np.flatnonzero(np.isin(model.part, (FACE, HEAD)) & (model.neutral[:, 1] < NECK_CM))
    restricted = model.restricted(skin)
    used = np.unique(restricted.triangles)  # a vertex whose triangles were all cut would stand alone
    skin, restricted = skin[used], restricted.restricted(used)
    holes = loops(restricted.triangles)
    middles = np.array([restricted.neutral[hole].mean(0) for hole in holes])
    eyes = np.argsort(np.abs(middles[:, 1] - EYES_CM) + np.abs(np.abs(middles[:, 0]) - 3))[:2]
    eyes = eyes[np.argsort(middles[eyes, 0])]
    mouth = np.argmin(np.abs(middles[:, 1] - MOUTH_CM) + np.abs(middles[:, 2] + 10))
    return Mesh(restricted, skin, (holes[eyes[0]], holes[eyes[1]]), holes[mouth], mirror_images(restricted.neutral))


def least_cosines(mesh: Mesh) -> np.ndarray:
    """(S,) the cosine between normal and view from which on each vertex takes its texture from the photograph. Towards
    the outline model and head differ, so that the background would be taken; eyes, nose and mouth lie within."""
    half_width, top, bottom = FEATURES_CM
    x, y, z = mesh.model.neutral.T
    inner = (np.abs(x) < half_width) & (y > top) & (y < bottom) & (z < CHIN_CM)
    return np.where(inner, FEATURE_SLANT, SLANT)


def opacities(mesh: Mesh) -> np.ndarray:
    """(S,) 1 on the head, falling to 0 down the neck."""
    down = mesh.model.neutral[:, 1] - 2 * np.maximum(0, CHIN_CM - mesh.model.neutral[:, 2])
    return 1 - smoothstep(down, NECK_FADES_CM, NECK_CM - 0.3)


def loops(triangles: np.ndarray) -> list[np.ndarray]:
    """The vertices around each border of a surface, in order."""
    sides = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]).tolist()
    count = Counter(tuple(sorted(side)) for side in sides)
    after = {a: b for a, b in sides if count[(min(a, b), max(a, b))] == 1}
    found = []
    while after:
        start, vertex = next(iter(after.items()))
        loop = [start]
        del after[start]
        while vertex != start and vertex in after:
            loop.append(vertex)
            vertex = after.pop(vertex)
        found.append(np.array(loop))
    return found


def mirror_images(vertices: np.ndarray) -> np.ndarray:
    """(V,) the vertex nearest to each one's mirror image."""
    mirrored = vertices * np.array([-1, 1, 1], vertices.dtype)
    square = (vertices**2).sum(1)
    parts = np.array_split(mirrored, len(vertices) // 500 + 1)
    return np.concatenate([np.argmin(square - 2 * part @ vertices.T, 1) for part in parts])


def normals_of(vertices: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """(V, 3) unit normals; z is negative where a vertex faces the viewer."""
    a, b, c = (vertices[triangles[:, i]] for i in range(3))
    faces = np.cross(b - a, c - a)
    sums = np.stack(
        [
            np.bincount(triangles.ravel(), np.repeat(faces[:, axis], 3), len(vertices))
            for axis in range(vertices.shape[1])
        ],
        1,
    )
    return sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)


def smoothstep(value: np.ndarray, low: float, high: float) -> np.ndarray:
    t = ((value - low) / (high - low)).clip(0, 1)
    return t * t * (3 - 2 * t)


def mirror_shares(mesh: Mesh, seen: np.ndarray, slant: np.ndarray) -> np.ndarray:
    """(S,) whether each vertex is seen in the photograph and the cosine between its normal and the view, to the share
    0..1 of its texture that comes from its mirror image."""
    quality = seen * smoothstep(slant, LEAST_SEEN_FROM, WELL_SEEN_FROM)
    better = quality[mesh.opposite] - quality
    return mesh.smoothed(smoothstep(better, 0.2, 0.8))
