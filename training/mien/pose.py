"""Head pose and the points a label lacks, from the mean face in three dimensions laid over the labelled points.

A head is fitted by scaled orthography: the rigid mean shape (`mean-face-3d.json`, made by `mien.mean_shape_3d`) is
rotated, flattened, scaled and shifted so that the mean square distance to the labelled points is smallest. Points that
are `nan` take no part. Rotation is roll · yaw · pitch with x to the right of the picture, y down and z away from the
viewer; yaw is positive where the head faces the right of the picture, pitch where it looks up."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from mien.schemes import IBUG68, Scheme

MEAN_SHAPES = Path(__file__).with_name("mean-face-3d.json")
STEPS = 30  # of refining a rotation
LEAST_POINTS = 6  # that a pose can be told from
TURNED_DEG = 25.0  # of yaw: from here on the half that is seen spans the face
YAW_BINS = ((0, 30), (30, 60), (60, 90))  # degrees; the last holds 90 too
HIDDEN_JAW_DEG = 15.0  # of yaw: from here on outline and bone differ on the side turned away


@cache
def mean_shapes() -> dict[str, np.ndarray]:
    """(P, 3) mean face of each scheme that has one, in distances of the outer eye corners."""
    shapes = json.loads(MEAN_SHAPES.read_text())
    return {name: np.array(shape) for name, shape in shapes.items()}


def mean_shape(scheme_id: str) -> np.ndarray:
    """That of one scheme. Raises ValueError where it has none."""
    if scheme_id not in mean_shapes():
        raise ValueError(f"scheme {scheme_id}: has no mean face in three dimensions")
    return mean_shapes()[scheme_id]


def yaw_deg(points: np.ndarray, scheme: Scheme) -> np.ndarray:
    """(N, P, 2) points of which some may be `nan`, to the heads' yaw (N,), degrees, -90..90; `nan` where the scheme has
    no mean face in three dimensions."""
    if scheme.id not in mean_shapes():
        return np.full(len(points), np.nan)
    return fit_poses(points, mean_shape(scheme.id)).yaw_deg


def nearest_rotation(flattening: np.ndarray) -> np.ndarray:
    """The first two rows of the rotation nearest to each A (N, 2, 3), by the Frobenius norm: (A Aᵀ)^(-1/2) A, the root
    of the 2×2 matrix written out."""
    square = flattening @ flattening.transpose(0, 2, 1)
    root = np.sqrt(np.linalg.det(square))[:, None, None]
    trace = np.trace(square, axis1=1, axis2=2)[:, None, None]
    return np.linalg.inv(square + root * np.eye(2)) @ flattening * np.sqrt(trace + 2 * root)


@dataclass(frozen=True)
class Poses:
    """Of N faces."""

    rotation: np.ndarray  # (N, 2, 3), the first two rows
    scale: np.ndarray  # (N,) px for each unit of the mean shape
    shift: np.ndarray  # (N, 2) px, where the origin of the mean shape lies

    @property
    def third_row(self) -> np.ndarray:
        return np.cross(self.rotation[:, 0], self.rotation[:, 1])

    @property
    def yaw_deg(self) -> np.ndarray:
        """(N,) -90..90."""
        return np.degrees(np.arcsin(np.clip(self.third_row[:, 0], -1, 1)))

    @property
    def pitch_deg(self) -> np.ndarray:
        """(N,) -180..180."""
        third = self.third_row
        return np.degrees(np.arctan2(-third[:, 1], third[:, 2]))

    @property
    def roll_deg(self) -> np.ndarray:
        """(N,) -180..180, clockwise as seen, since y points down."""
        return np.degrees(np.arctan2(self.rotation[:, 1, 0], self.rotation[:, 0, 0]))

    def project(self, shape: np.ndarray) -> np.ndarray:
        """(P, 3) points of the mean shape to (N, P, 2) px."""
        return self.scale[:, None, None] * shape @ self.rotation.transpose(0, 2, 1) + self.shift[:, None]


def fit_poses(points: np.ndarray, shape: np.ndarray) -> Poses:
    """(N, P, 2) points, `nan` where there is no label, and the mean shape (P, 3). Raises ValueError where a face has
    fewer than `LEAST_POINTS` points."""
    known = np.isfinite(points).all(-1)
    if (known.sum(1) < LEAST_POINTS).any():
        raise ValueError(f"pose: a face has fewer than {LEAST_POINTS} points")
    weight = known[..., None] / known.sum(1)[:, None, None]
    points = np.where(known[..., None], points, 0).astype(float)
    centre, middle = (points * weight).sum(1), (shape[None] * weight).sum(1)
    flat = (points - centre[:, None]) * weight
    solid = (shape[None] - middle[:, None]) * known[..., None]
    spread = solid.transpose(0, 2, 1) @ (solid * weight)  # (N, 3, 3)
    target = flat.transpose(0, 2, 1) @ solid  # (N, 2, 3)
    bound = np.linalg.eigvalsh(spread)[:, -1, None, None] * np.eye(3)
    rotation = nearest_rotation(target @ np.linalg.inv(spread + 1e-4 * bound))
    for _ in range(STEPS):
        scale = scales(rotation, target, spread)
        # the square distance lies under one whose lowest point is known and which touches it here (Kiers 1990)
        rotation = nearest_rotation(target + scale[:, None, None] * rotation @ (bound - spread))
    scale = scales(rotation, target, spread)
    shift = centre - scale[:, None] * (rotation @ middle[..., None])[..., 0]
    return Poses(rotation, scale, shift)


def scales(rotation: np.ndarray, target: np.ndarray, spread: np.ndarray) -> np.ndarray:
    return (rotation * target).sum((1, 2)) / (rotation @ spread * rotation).sum((1, 2))


def spanning(points: np.ndarray, scheme: Scheme) -> np.ndarray:
    """(N, P, 2) points of which some may be `nan`, to (N, P, 2) that span the whole face: good enough to say how large
    it is, never to train on. A missing point lies where the fitted mean shape has it; of a head turned by more than
    `TURNED_DEG` it lies where the nearest labelled point does, as the half that is seen spans such a face."""
    missing = ~np.isfinite(points).all(-1)
    partial = missing.any(1)
    if not partial.any():
        return points
    filled, labels = points.copy(), points[partial]
    poses = fit_poses(labels, mean_shape(scheme.id))
    projected = poses.project(mean_shape(scheme.id))
    distance = np.linalg.norm(projected[:, :, None] - labels[:, None], axis=-1)  # (N, P, P), nan to missing points
    nearest = np.take_along_axis(labels, np.nanargmin(distance, -1)[..., None], 1)
    replacement = np.where((np.abs(poses.yaw_deg) > TURNED_DEG)[:, None, None], nearest, projected)
    filled[partial] = np.where(missing[partial][..., None], replacement, labels)
    return filled.astype(np.float32)


def without_hidden_jaw(points: np.ndarray) -> np.ndarray:
    """(68, 2) points with the half of the jaw `nan` that a head turned by more than `HIDDEN_JAW_DEG` hides."""
    yaw_deg = fit_poses(points[None], mean_shape(IBUG68.id)).yaw_deg[0]
    if abs(yaw_deg) <= HIDDEN_JAW_DEG:
        return points
    hidden = slice(9, 17) if yaw_deg > 0 else slice(0, 8)  # a head that faces the picture's left hides its left half
    points = points.copy()
    points[hidden] = np.nan
    return points


def yaw_bin_masks(yaw: np.ndarray) -> dict[str, np.ndarray]:
    """Masks (N,) of the faces with |yaw| in each of `YAW_BINS`, by a name such as `30-60`."""
    turned = np.abs(yaw)
    return {f"{low}-{high}": (turned >= low) & (turned < high + (high == 90)) for low, high in YAW_BINS}


def upright_weights(scheme: Scheme) -> np.ndarray:
    """(P,) weights w by which points p tell where the head's own axis lies: v = Σ wᵢ pᵢ points from brow to chin.

    The affine map A (2, 3) that lays the centred mean shape X (P, 3) over centred points Y (P, 2) with the least mean
    square distance is A = Yᵀ X (Xᵀ X)⁻¹. Its middle column is the mean shape's vertical axis as the picture shows it,
    Yᵀ w with w the middle column of X (Xᵀ X)⁻¹. The weights add up to 0, so that points need not be centred."""
    shape = mean_shape(scheme.id) - mean_shape(scheme.id).mean(0)
    return (shape @ np.linalg.inv(shape.T @ shape))[:, 1]


def upright_rad(points: np.ndarray, scheme: Scheme) -> np.ndarray:
    """(N, P, 2) points, all of them there, to the angles (N,) by which crops are turned so that heads stand upright in
    them: radians, clockwise as seen. It holds up to full profile, where the line through the eyes and the roll among
    Euler's angles mix with the pitch."""
    x, y = np.einsum("p,npc->cn", upright_weights(scheme), points)
    return np.arctan2(-x, y)
