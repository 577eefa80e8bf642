"""Head rotations and the camera.

A rotation is roll · yaw · pitch, as in `mien.pose`: x to the right of the picture, y down, z away from the viewer.
Yaw is positive where the head faces the left of the picture, pitch where it looks down, roll clockwise as seen.
Degrees."""

from dataclasses import dataclass, replace

import numpy as np


def rotation_of(yaw_deg: float, pitch_deg: float, roll_deg: float) -> np.ndarray:
    """(3, 3)."""
    (cy, sy), (cp, sp), (cr, sr) = ((np.cos(a), np.sin(a)) for a in np.radians([yaw_deg, pitch_deg, roll_deg]))
    pitch = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    yaw = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    roll = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    return roll @ yaw @ pitch


def angles_of(rotation: np.ndarray) -> tuple[float, float, float]:
    """Yaw -90..90, pitch and roll -180..180 of a rotation (3, 3)."""
    yaw = np.arcsin(np.clip(-rotation[2, 0], -1, 1))
    pitch = np.arctan2(rotation[2, 1], rotation[2, 2])
    roll = np.arctan2(rotation[1, 0], rotation[0, 0])
    return tuple(float(np.degrees(angle)) for angle in (yaw, pitch, roll))


def rotation_by(vector: np.ndarray) -> np.ndarray:
    """(N, 3) axes times angles in radians to (N, 3, 3), by Rodrigues' formula."""
    angle = np.linalg.norm(vector, axis=1)[:, None, None]
    cross = np.zeros((len(vector), 3, 3))
    x, y, z = vector.T
    cross[:, 0, 1], cross[:, 0, 2], cross[:, 1, 2] = -z, y, -x
    cross -= cross.transpose(0, 2, 1)
    near = np.where(angle < 1e-8, 1, angle)
    return np.eye(3) + np.sin(near) / near * cross + (1 - np.cos(near)) / near**2 * cross @ cross


@dataclass(frozen=True)
class Camera:
    """Scaled orthography, or with a finite distance a pinhole that far from the model's origin."""

    rotation: np.ndarray  # (3, 3)
    scale: float  # px for each cm at the depth of the origin
    shift: np.ndarray  # (2,) px, where the origin lies
    distance_cm: float = np.inf

    def project(self, vertices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(V, 3) cm to points (V, 2) px and depths (V,), in px as the points are; smaller is nearer."""
        turned = vertices @ self.rotation.T
        nearness = 1 / (1 + turned[:, 2:] / self.distance_cm)
        return self.scale * turned[:, :2] * nearness + self.shift, self.scale * turned[:, 2]

    def rotated(self, yaw_deg: float, pitch_deg: float, pivot: np.ndarray) -> "Camera":
        """The head rotated further, about a point (3,) of the model that keeps its place in the picture."""
        yaw, pitch, roll = angles_of(self.rotation)
        rotation = rotation_of(yaw + yaw_deg, pitch + pitch_deg, roll)
        shift = self.shift + self.scale * ((self.rotation - rotation) @ pivot)[:2]
        return replace(self, rotation=rotation, shift=shift)

    def moved(self, scale: float, shift: np.ndarray) -> "Camera":
        """The same view in a picture whose px are px · scale + shift of this one's."""
        return replace(self, scale=self.scale * scale, shift=self.shift * scale + shift)
