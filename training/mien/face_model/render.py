"""A rasteriser with a depth buffer, on arrays: every triangle's box of pixels is tried at once."""

from dataclasses import dataclass

import numpy as np

SIDES = (2, 4, 8, 16, 32, 64, 128, 256)  # px of the boxes that are tried together
PART = 400_000  # pixels tried at a time, to bound memory
EDGE = 1e-6  # barycentric slack, so that no pixel falls between two triangles


@dataclass(frozen=True)
class Raster:
    """Of a picture H × W."""

    triangle: np.ndarray  # (H, W) int32, -1 where nothing is seen
    barycentric: np.ndarray  # (H, W, 3) float32, 0 where nothing is seen
    depth: np.ndarray  # (H, W) float32, inf where nothing is seen; smaller is nearer

    def sampled(self, triangles: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Values (V, D) of the vertices, (T, 3) triangles, to values of the pixels (H, W, D); 0 where nothing is."""
        hit = self.triangle >= 0
        corners, weights = triangles[self.triangle[hit]], self.barycentric[hit]
        result = np.zeros((*hit.shape, values.shape[1]), np.float32)
        result[hit] = sum(values[corners[:, i]] * weights[:, i : i + 1] for i in range(3))
        return result


def rasterise(
    points: np.ndarray, depth: np.ndarray, triangles: np.ndarray, size: tuple[int, int], cull: np.ndarray | None = None
) -> Raster:
    """Points (V, 2) px (pixel i's centre at i + 0.5), their depths (V,), triangles (T, 3), to what is seen in a picture
    of `size` (height, width). Triangles of `cull` (T,) bool are left out where they show their back: where their
    corners run clockwise as seen."""
    height, width = size
    corners = points[triangles].astype(np.float64)  # (T, 3, 2)
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    first = np.ceil(corners.min(1) - 0.5).astype(np.int64).clip(0)
    last = np.floor(corners.max(1) - 0.5).astype(np.int64)
    last = np.minimum(last, [width - 1, height - 1])
    extent = last - first + 1
    useful = (extent > 0).all(1) & (np.abs(area) > 1e-9)
    if cull is not None:
        useful &= ~(cull & (area > 0))
    best = np.full(height * width, np.inf, np.float32)
    seen, where, hit_depth, hit_weights = [], [], [], []
    side_of = np.searchsorted(SIDES, extent.max(1).clip(1, SIDES[-1]))
    for group in range(len(SIDES)):
        chosen = np.flatnonzero(useful & (side_of == group))
        if not len(chosen):
            continue
        side = SIDES[group] if group + 1 < len(SIDES) else int(extent[chosen].max())
        offsets = np.stack(np.meshgrid(np.arange(side), np.arange(side)), -1).reshape(-1, 2)
        for part in np.array_split(chosen, max(1, len(chosen) * side * side // PART)):
            pixel = first[part, None] + offsets  # (n, side², 2)
            inside = (pixel <= last[part, None]).all(-1)
            face, which = np.nonzero(inside)
            pixel, face = pixel[face, which], part[face]
            place = pixel + 0.5
            w1, w2 = weights_of(place, a[face], b[face], c[face], area[face])
            w0 = 1 - w1 - w2
            hit = (w0 >= -EDGE) & (w1 >= -EDGE) & (w2 >= -EDGE)
            face, pixel = face[hit], pixel[hit]
            weights = np.stack([w0[hit], w1[hit], w2[hit]], 1).astype(np.float32)
            z = (depth[triangles[face]] * weights).sum(1).astype(np.float32)
            index = pixel[:, 1] * width + pixel[:, 0]
            np.minimum.at(best, index, z)
            seen.append(face), where.append(index), hit_depth.append(z), hit_weights.append(weights)
    triangle = np.full(height * width, -1, np.int32)
    barycentric = np.zeros((height * width, 3), np.float32)
    for face, index, z, weights in zip(seen, where, hit_depth, hit_weights, strict=True):
        nearest = z <= best[index]
        triangle[index[nearest]], barycentric[index[nearest]] = face[nearest], weights[nearest]
    return Raster(
        triangle.reshape(height, width), barycentric.reshape(height, width, 3), best.reshape(height, width)
    )  # fmt: skip


def weights_of(place: np.ndarray, a: np.ndarray, b: np.ndarray, c: np.ndarray, area: np.ndarray):
    """Barycentric weights of the second and third corner at places (n, 2)."""
    px, py = place[:, 0] - a[:, 0], place[:, 1] - a[:, 1]
    w1 = (px * (c[:, 1] - a[:, 1]) - py * (c[:, 0] - a[:, 0])) / area
    w2 = (py * (b[:, 0] - a[:, 0]) - px * (b[:, 1] - a[:, 1])) / area
    return w1, w2


def visible(raster: Raster, points: np.ndarray, depth: np.ndarray, tolerance: float) -> np.ndarray:
    """(V,) bool: whether points (V, 2) px at these depths (V,) are seen, up to a tolerance in depth. The farthest of
    the 3 × 3 pixels around a point counts, so that a point on an outline is seen. Points off the picture are not."""
    height, width = raster.depth.shape
    pixel = np.floor(points).astype(int)
    inside = ((pixel >= 0) & (pixel < [width, height])).all(1)
    padded = np.pad(np.where(np.isfinite(raster.depth), raster.depth, np.inf), 1, mode="edge")
    x, y = pixel[:, 0].clip(0, width - 1), pixel[:, 1].clip(0, height - 1)
    around = np.stack([padded[y + dy, x + dx] for dy in range(3) for dx in range(3)])
    return inside & (depth <= around.max(0) + tolerance)
