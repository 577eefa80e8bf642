"""Copies of a photograph with the head turned and the expression changed, with their points."""

from dataclasses import dataclass

import cv2
import numpy as np

from mien.face_model.camera import Camera, angles_of
from mien.face_model.holes import dark_mouth, eyeball, inside_mouth
from mien.face_model.paint import Part, painted, sampled_at
from mien.face_model.photograph import TOLERANCE_CM, Photograph
from mien.face_model.render import rasterise, visible

PIVOT_CM = np.array([0.0, 0.0, -5.0])  # about which a head turns: the middle between ears and nose
COVERAGE = 2.4  # of a picture's side, in the longer side of the box of its points
OVERSAMPLING = 1.25  # pictures are rendered larger and shrunk, so that edges are soft
COARSENESS = 4  # px of a picture to one of the map by which the surroundings are bent, as that is smooth
UNFOLDED = 0.6  # of the way that a closing lid goes: so much higher its texture is taken
LASH_TINT = 0.4  # brightness of the edge of a shut lid
WIDE_CM = 0.8  # that the edge of the lid of an open eye goes to shut
OPENED_CM = 0.3  # by which the lips part: from here on what the photograph has between them is of no use


@dataclass(frozen=True)
class Copy:
    image: np.ndarray  # (S, S) or (S, S, 3) uint8
    outline: np.ndarray  # (68, 2) px, corner origin; the jaw as its outline is seen (300-W)
    bone: np.ndarray  # (68, 2) px; the jaw along the bone (AFLW2000-3D)
    visible_outline: np.ndarray  # (68,) bool; not where a far turned head has no outline of the cheek
    visible_bone: np.ndarray  # (68,) bool
    yaw_deg: float
    pitch_deg: float
    roll_deg: float


def rotated(
    photograph: Photograph, yaw_deg: float, pitch_deg: float, expression: np.ndarray | None = None, size: int = 256,
    teeth_cm: float = 0.0,
) -> Copy:  # fmt: skip
    """The head turned by these angles, with `expression` (E,) weights in place of those fitted, in a square picture of
    `size` px; `teeth_cm` is how far the upper teeth show where the mouth was opened."""
    canvas, model = photograph.canvas, photograph.canvas.mesh.model
    camera = photograph.camera.rotated(yaw_deg, pitch_deg, PIVOT_CM)
    shape, texture, tint = photograph.shape, photograph.texture, np.ones(len(photograph.shape))
    if expression is not None:
        shape = shape + np.tensordot(expression - photograph.expression, model.expression, 1)
        texture, tint = lids(photograph, expression)
    skin, depth = camera.project(shape)
    angles = angles_of(camera.rotation)
    outline, bone, ended = canvas.landmarks(skin, angles[2])
    low, high = skin[outline].min(0), skin[outline].max(0)
    side = COVERAGE * (high - low).max()
    large = round(size * OVERSAMPLING)
    zoom = large / side
    shift = (side / 2 - (low + high) / 2) * zoom
    opposite = photograph.texture[canvas.mesh.opposite]
    parts = [
        Part(skin, depth, model.triangles, texture, opposite, photograph.mirror_share, tint, canvas.opacity, cull=True),
        *(eyeball(photograph.shape[hole], camera, photograph.camera) for hole in canvas.mesh.eyes),
        *mouth_of(photograph, shape, camera, teeth_cm),
    ]
    background = surroundings_of(photograph, camera, zoom, shift, large)
    picture, raster = painted(photograph.image, parts, zoom, shift, background)
    seen = [
        visible(raster, skin[which] * zoom + shift, depth[which] * zoom, TOLERANCE_CM * camera.scale * zoom)
        for which in (outline, bone)
    ]
    seen[0] &= ~ended
    points = [(skin[which] * zoom + shift) * size / large for which in (outline, bone)]
    small = cv2.resize(picture, (size, size), interpolation=cv2.INTER_AREA)
    return Copy(small.clip(0, 255).astype(np.uint8), *points, *seen, *angles)


def lids(photograph: Photograph, expression: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The skin's texture (S, 2) and tint (S,) where lids close: the texture from higher up, as between lashes and brow
    is the skin that an open eye folds away, and the edges dark as lashes make them."""
    mesh, camera = photograph.canvas.mesh, photograph.camera
    blinks = [i for i, name in enumerate(mesh.model.expression_names) if name.startswith("eyeBlink")]
    change = np.maximum(expression - photograph.expression, 0)[blinks]
    lashes = photograph.canvas.lashes
    down = np.tensordot(change, mesh.model.expression[blinks], 1)
    down[down[:, 1] < 0] = 0  # a lower lid rises
    tint = 1 - (1 - LASH_TINT) * lashes * (down[:, 1] / WIDE_CM).clip(0, 1)
    down *= 1 - lashes[:, None]
    return photograph.texture - UNFOLDED * camera.scale * (down @ camera.rotation.T)[:, :2], tint


def mouth_of(photograph: Photograph, shape: np.ndarray, camera: Camera, teeth_cm: float) -> list[Part]:
    """The inside of the mouth: the photograph's, or a dark one where the lips were parted."""
    hole, inner = photograph.canvas.mesh.mouth, photograph.canvas.inner
    around, before = shape[hole], photograph.shape[hole]
    if np.ptp(around[:, 1]) - np.ptp(before[:, 1]) < OPENED_CM:
        return [inside_mouth(around, before, camera, photograph.camera)]
    cheek = photograph.texture[[inner[39 - 17], inner[31 - 17]]].mean(0)
    return dark_mouth(around, before, cheek, camera, photograph.camera, teeth_cm)


def surroundings_of(photograph: Photograph, camera: Camera, zoom: float, shift: np.ndarray, side: int) -> np.ndarray:
    """(side, side, C) float32: the rings around the head, turned with it as far as they go with it, in a picture whose
    px are the photograph's · zoom + shift. The head is painted over them: the side of the head that comes into view
    would else be covered by what was beside it."""
    old, rings, canvas = photograph.camera, photograph.rings, photograph.canvas
    solid = np.column_stack([(rings[:, :2] - old.shift), rings[:, 2]]) / old.scale @ old.rotation
    places = rings[:, :2] + canvas.turning * (camera.project(solid)[0] - rings[:, :2])
    coarse = side // COARSENESS
    step = side / coarse
    seen = rasterise((places * zoom + shift) / step, np.zeros(len(places)), canvas.ring_triangles, (coarse, coarse))
    centres = (np.arange(coarse) + 0.5) * step
    outside = (np.stack(np.meshgrid(centres, centres), -1) - shift) / zoom
    texture = seen.sampled(canvas.ring_triangles, photograph.ring_texture)
    texture = np.where(seen.triangle[..., None] < 0, outside, texture).astype(np.float32)
    return sampled_at(photograph.image, cv2.resize(texture, (side, side), interpolation=cv2.INTER_LINEAR))
