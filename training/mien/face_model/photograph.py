"""A labelled photograph laid on the fitted face model."""

import numpy as np

from mien.face_model.contour import INNERMOST, outermost
from mien.face_model.fit import Fits, Fitter
from mien.face_model.mesh import least_cosines, mesh_of, mirror_shares, normals_of, opacities, smoothstep
from mien.face_model.model import JAW, FaceModel
from mien.face_model.render import rasterise, visible
from mien.face_model.surroundings import ring_places, ring_triangles, turning_shares

EARS_CM = -1.0  # depth of the ears
REACH_CM = 2.5  # over which the difference between labels and fit fades
STIFFNESS = 0.02
TOLERANCE_CM = 0.5  # of depth, when a point is called seen
UPPER_LIDS = (36, 37, 38, 39), (42, 43, 44, 45)
LASHES_CM = 0.08, 0.25  # from the edge of a lid: where its lashes are, and where they end
FINE_PX = 200.0  # of a face's size: the depth buffer of a photograph need not be finer


class Canvas:
    """What is the same for every photograph."""

    def __init__(self, model: FaceModel):
        self.fitter, self.mesh = Fitter(model), mesh_of(model)
        place = np.full(len(model.neutral), -1)
        place[self.mesh.skin] = np.arange(len(self.mesh.skin))
        self.place = place
        self.rows = place[self.fitter.rows]
        self.bone = place[model.landmarks_bone]
        self.inner = place[model.landmarks_outline[JAW.stop :]]
        self.least_cosines, self.opacity = least_cosines(self.mesh), opacities(self.mesh)
        self.lashes = along_lids(self.mesh.model.neutral, self.inner)
        self.ring_triangles, self.turning = ring_triangles(), turning_shares()

    def landmarks(self, skin: np.ndarray, roll_deg: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The skin in a picture (S, 2) to its vertices (68,) that are the points with the jaw along the outline, and
        along the bone; and of which points of the outline (68,) the head is turned so far that there is none."""
        which = outermost(skin[self.rows][None], self.fitter.directions, np.radians([roll_deg]))[0]
        outline = self.rows[np.arange(len(self.rows)), which]
        ended = np.zeros(68, bool)
        ended[JAW] = which == INNERMOST
        return np.concatenate([outline, self.inner]), self.bone, ended


class Photograph:
    """Places and depths are in px of the photograph."""

    def __init__(self, canvas: Canvas, image: np.ndarray, points: np.ndarray, fits: Fits):
        self.canvas, self.image = canvas, image
        self.camera, self.expression = fits.camera(0), fits.expression[0]
        self.residual_pct = float(fits.residual_pct[0])
        self.size = float(np.sqrt(np.prod(np.nanmax(points, 0) - np.nanmin(points, 0))))
        shape = canvas.mesh.model.shape(fits.identity[0], self.expression)
        self.shape = shape + self.correction(points, fits.vertices[0], shape)
        self.places, depth = self.camera.project(self.shape)
        normals = normals_of(self.shape @ self.camera.rotation.T, canvas.mesh.model.triangles)
        self.seen = self.seen_skin(depth) & (-normals[:, 2] > canvas.least_cosines)
        self.texture = canvas.mesh.extended(self.places, self.seen)
        self.mirror_share = mirror_shares(canvas.mesh, self.seen, -normals[:, 2])
        ears = self.camera.scale * EARS_CM * self.camera.rotation[2, 2]
        self.rings, self.ring_texture = ring_places(np.column_stack([self.places, depth]), self.size, ears)

    def correction(self, points: np.ndarray, vertices: np.ndarray, shape: np.ndarray) -> np.ndarray:
        """(S, 3) cm that bring the fitted points, vertices (68,) of the whole model, onto the labelled ones (68, 2),
        fading over the skin around them."""
        used, neutral = self.canvas.place[vertices], self.canvas.mesh.model.neutral
        known = np.isfinite(points).all(1) & (used >= 0)
        used = used[known]
        off = (points[known] - self.camera.project(shape[used])[0]) / self.camera.scale
        solid = np.column_stack([off, np.zeros(len(off))]) @ self.camera.rotation
        near = np.exp(-distances(neutral[used], neutral[used]) / REACH_CM) + STIFFNESS * np.eye(len(used))
        return np.exp(-distances(neutral, neutral[used]) / REACH_CM) @ np.linalg.solve(near, solid)

    def seen_skin(self, depth: np.ndarray) -> np.ndarray:
        """(S,) whether nothing of the face lies in front of each vertex."""
        scale = min(1.0, FINE_PX / self.size)
        low = self.places.min(0) - 2
        width, height = np.ceil((self.places.max(0) - low + 2) * scale).astype(int)
        places, triangles = (self.places - low) * scale, self.canvas.mesh.model.triangles
        raster = rasterise(places, depth * scale, triangles, (height, width), np.ones(len(triangles), bool))
        return visible(raster, places, depth * scale, TOLERANCE_CM * self.camera.scale * scale)


def along_lids(neutral: np.ndarray, inner: np.ndarray) -> np.ndarray:
    """(S,) 1 on the edges of the upper lids, 0 away from them, given the vertices of the points from 17 on."""
    edges = []
    for lid in UPPER_LIDS:
        corners = neutral[inner[np.array(lid) - 17]]
        at = np.linspace(0, len(lid) - 1, 30)
        edges.append(np.stack([np.interp(at, range(len(lid)), column) for column in corners.T], 1))
    return 1 - smoothstep(distances(neutral, np.concatenate(edges)).min(1), *LASHES_CM)


def distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(A, B) between points (A, D) and (B, D)."""
    square = (a**2).sum(1)[:, None] + (b**2).sum(1) - 2 * a @ b.T
    return np.sqrt(np.maximum(square, 0))


def photograph_of(canvas: Canvas, image: np.ndarray, points: np.ndarray) -> Photograph:
    """A photograph (H, W) or (H, W, 3) uint8 with its points (68, 2), px, by 300-W's convention; `nan` where there is
    none."""
    return Photograph(canvas, image, points, canvas.fitter.fit(points[None]))
