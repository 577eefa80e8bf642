"""Pose and shape of faces from their 68 points, as the engine fits them (`src/engine/signals/fit.ts`), many at a time.

Axes as in `mien.signals.heads`. A virtual camera at the same place is first turned to the face's middle, so that faces
at the edge of the picture are fitted as those in its middle."""

from dataclasses import dataclass

import numpy as np

from mien.face_model.camera import rotation_by
from mien.signals.face import Face
from mien.signals.heads import box_sizes, sight_rotation

FIELD_OF_VIEW_DEG = 50.0  # across the longer side of the picture
NOISE = 0.015  # of the box's size: mean error of a point, its shape aside
JAW_NOISE = 3.0  # times as much, since the outline that is seen wanders over the cheek
OUTLIER = 3.0  # deviations: points further off count for less
STEPS = 3  # the first of which changes the pose alone
FADE_COSINE = np.cos(np.radians(75))  # of yaw: beyond, pitch and roll become one
DAMPING = 1e-6


@dataclass(frozen=True)
class Fits:
    """Of N faces."""

    rotation: np.ndarray  # (N, 3, 3) to the camera's axes
    translation: np.ndarray  # (N, 3) cm, of the origin
    modes: np.ndarray  # (N, K) deviations
    angles: np.ndarray  # (N, 3) yaw, pitch, roll, degrees, relative to the line of sight
    own: np.ndarray  # (N, 68, 3) cm: the points in the face's own frame


def focal_px(size: np.ndarray, field_of_view_deg: float = FIELD_OF_VIEW_DEG) -> np.ndarray:
    """Of cameras that see that much across the longer side of their pictures (N, 2), (N,)."""
    return size.max(1) / 2 / np.tan(np.radians(field_of_view_deg) / 2)


def virtual_points(points: np.ndarray, size: np.ndarray, field_of_view_deg: float) -> tuple[np.ndarray, np.ndarray]:
    """(N, 68, 2) px in pictures (N, 2) to what a camera of focal length 1 sees that is turned to each face
    (N, 68, 2), y up, and its rotation (N, 3, 3)."""
    focal = focal_px(size, field_of_view_deg)
    flat = (points - size[:, None] / 2) / focal[:, None, None] * (1, -1)
    rays = np.concatenate([flat, -np.ones((*flat.shape[:2], 1))], 2)
    middle = (rays.max(1) + rays.min(1)) / 2
    view = sight_rotation(middle)
    turned = rays @ view  # by its inverse
    return turned[..., :2] / -turned[..., 2:], view


def deviations(face: Face, flat: np.ndarray) -> np.ndarray:
    """(N, 68) of each point from the fitted face, in the units of `flat` (N, 68, 2)."""
    noise = NOISE * face.noise / face.noise.mean()
    noise[:17] *= JAW_NOISE
    return noise * box_sizes(flat)[:, None]


def first_pose(face: Face, flat: np.ndarray, deviation: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rotation and translation nearest to the affine map that lays the mean face over the points."""
    share = 1 / deviation**2
    share /= share.sum(1, keepdims=True)
    centre, middle = (flat * share[..., None]).sum(1), (face.mean * share[..., None]).sum(1)
    solid = face.mean - middle[:, None]
    spread = np.einsum("np,npi,npj->nij", share, solid, solid)
    target = np.einsum("np,npi,npj->nij", share, flat - centre[:, None], solid)
    affine = target @ np.linalg.inv(spread)
    u, s, v = np.linalg.svd(affine, full_matrices=False)
    rows = u @ v
    rotation = np.concatenate([rows, np.cross(rows[:, 0], rows[:, 1])[:, None]], 1)
    distance = 2 / s.sum(1)
    at = np.concatenate([centre, -np.ones((len(flat), 1))], 1) * distance[:, None]
    return rotation, at - np.einsum("nij,nj->ni", rotation, middle)


def refined(
    face: Face,
    flat: np.ndarray,
    deviation: np.ndarray,
    rotation: np.ndarray,
    translation: np.ndarray,
    modes: np.ndarray,
    pose_alone: bool,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One step by Gauss and Newton's method; modes have a normal prior. `pose_alone`: they stay as they are."""
    count, kinds = len(flat), len(face.modes)
    shape = face.mean + np.tensordot(modes, face.modes, 1)
    turned = shape @ rotation.transpose(0, 2, 1)
    x, y, z = np.moveaxis(turned + translation[:, None], -1, 0)
    near = -1 / z
    u, v = x * near, y * near
    zero = np.zeros_like(u)
    across = np.stack([np.stack([near, zero, u * near], -1), np.stack([zero, near, v * near], -1)], -2)  # (N, 68, 2, 3)
    tx, ty, tz = np.moveaxis(turned, -1, 0)
    spin = np.stack(
        [np.stack([zero, tz, -ty], -1), np.stack([-tz, zero, tx], -1), np.stack([ty, -tx, zero], -1)], -2
    )  # what a small rotation does to each point (N, 68, 3, 3)
    kinds_turned = np.einsum("nij,kpj->npik", rotation, face.modes, optimize=True)
    jacobian = np.concatenate([across @ spin, across, across @ kinds_turned], -1)
    residual = flat - np.stack([u, v], -1)
    distance = (residual**2).sum(-1) / deviation**2
    weight = 1 / (deviation**2 * (1 + distance / OUTLIER**2))
    rows = jacobian.reshape(count, -1, 6 + kinds)
    weighted = (jacobian * weight[..., None, None]).reshape(rows.shape)
    normal = weighted.transpose(0, 2, 1) @ rows
    gradient = (weighted.transpose(0, 2, 1) @ residual.reshape(count, -1, 1))[..., 0]
    diagonal = range(6 + kinds)
    normal[:, diagonal, diagonal] *= 1 + DAMPING
    normal[:, diagonal[6:], diagonal[6:]] += 1
    gradient[:, 6:] -= modes
    if pose_alone:
        gradient[:, 6:], normal[:, 6:, :6], normal[:, :6, 6:] = 0, 0, 0
    change = np.linalg.solve(normal, gradient[..., None])[..., 0]
    return rotation_by(change[:, :3]) @ rotation, translation + change[:, 3:6], modes + change[:, 6:]


def own_points(
    face: Face, flat: np.ndarray, rotation: np.ndarray, translation: np.ndarray, modes: np.ndarray
) -> np.ndarray:
    """(N, 68, 3) cm: each point where its line of sight reaches the fitted depth, in the face's own frame."""
    shape = face.mean + np.tensordot(modes, face.modes, 1)
    fitted = shape @ rotation.transpose(0, 2, 1) + translation[:, None]
    at = np.concatenate([flat * -fitted[..., 2:], fitted[..., 2:]], -1)
    return (at - translation[:, None]) @ rotation


def fit(face: Face, points: np.ndarray, size: np.ndarray, field_of_view_deg: float = FIELD_OF_VIEW_DEG) -> Fits:
    """(N, 68, 2) px in pictures of size (N, 2)."""
    flat, view = virtual_points(points, size, field_of_view_deg)
    deviation = deviations(face, flat)
    rotation, translation = first_pose(face, flat, deviation)
    modes = np.zeros((len(points), len(face.modes)))
    for step in range(STEPS):
        rotation, translation, modes = refined(face, flat, deviation, rotation, translation, modes, step == 0)
    own = own_points(face, flat, rotation, translation, modes)
    rotation, translation = view @ rotation, np.einsum("nij,nj->ni", view, translation)
    relative = sight_rotation(translation).transpose(0, 2, 1) @ rotation
    return Fits(rotation, translation, modes, angles_of(relative), own)


def angles_of(rotation: np.ndarray) -> np.ndarray:
    """(N, 3, 3) to yaw, pitch and roll (N, 3), degrees. Near a profile pitch and roll are one, and pitch fades to 0."""
    sine, cosine = -rotation[:, 2, 1], rotation[:, 2, 2]
    fade = np.maximum(0, FADE_COSINE - np.hypot(sine, cosine))
    pitch = np.arctan(sine * cosine / (cosine**2 + fade**2))
    cos, sin = np.cos(pitch)[:, None], np.sin(pitch)[:, None]
    up = cos * rotation[..., 1] + sin * rotation[..., 2]  # without the pitch
    ahead = cos * rotation[..., 2] - sin * rotation[..., 1]
    roll = np.arctan2(up[:, 0], up[:, 1])
    yaw = np.arctan2(-rotation[:, 2, 0], ahead[:, 2])
    return np.degrees(np.stack([yaw, pitch, roll], 1))
