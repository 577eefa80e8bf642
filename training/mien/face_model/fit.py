"""Pose, identity and expression of faces from their 68 points, by Gauss and Newton's method with priors."""

from dataclasses import dataclass

import numpy as np

from mien.face_model.camera import Camera, rotation_by
from mien.face_model.contour import jaw_rows, outermost, outward_directions
from mien.face_model.model import JAW, FaceModel

STEPS = 14
NOISE = 0.008  # of √(box): deviation of a labelled coordinate
JAW_NOISE = 0.016  # along the jaw labels wander
NOISES = np.where(np.arange(68) < JAW.stop, JAW_NOISE, NOISE)
EXPRESSION_DEVIATION = 0.4
DAMPING = 1e-3
LEAST_POINTS = 6
STILL = ("eyeLook",)  # expressions that move no landmark


@dataclass(frozen=True)
class Fits:
    """Of N faces."""

    rotation: np.ndarray  # (N, 3, 3)
    scale: np.ndarray  # (N,) px for each cm
    shift: np.ndarray  # (N, 2) px
    identity: np.ndarray  # (N, I) standard deviations
    expression: np.ndarray  # (N, E) 0..1
    vertices: np.ndarray  # (N, 68) which vertex of the model each point took
    residual_pct: np.ndarray  # (N,) mean distance to the points that are there, % of √(box area)

    def camera(self, i: int) -> Camera:
        return Camera(self.rotation[i], float(self.scale[i]), self.shift[i])


class Fitter:
    """Holds what of the model the 68 points can take."""

    def __init__(self, model: FaceModel):
        self.rows, self.directions = jaw_rows(model), outward_directions(model)
        self.landmarks = {"outline": model.landmarks_outline, "bone": model.landmarks_bone}
        self.moving = np.array([not name.startswith(STILL) for name in model.expression_names])
        self.used = np.unique(np.concatenate([self.rows.ravel(), *self.landmarks.values()]))
        self.identities, self.expressions = len(model.identity), len(model.expression_names)
        shapes = np.concatenate([model.identity[:, self.used], model.expression[self.moving][:, self.used]])
        self.neutral = model.neutral[self.used].astype(float)
        self.shapes = np.ascontiguousarray(shapes.transpose(1, 2, 0)).astype(float)  # (U, 3, P)
        self.deviation = np.concatenate(
            [np.ones(self.identities), np.full(int(self.moving.sum()), EXPRESSION_DEVIATION)]
        )

    def fit(self, points: np.ndarray, jaw: str = "outline", mask: np.ndarray | None = None) -> Fits:
        """(N, 68, 2) points, px, `nan` where there is none; which of them count, (N, 68) bool. `jaw`: `outline` where
        the labels follow the outline that is seen (300-W), `bone` where they follow the bone behind the cheek
        (AFLW2000-3D). Raises ValueError where a face has fewer than `LEAST_POINTS` points."""
        if jaw not in self.landmarks:
            raise ValueError(f"face model: jaw is outline or bone, not {jaw}")
        known = np.isfinite(points).all(-1) & (True if mask is None else mask)
        if (known.sum(1) < LEAST_POINTS).any():
            raise ValueError(f"face model: a face has fewer than {LEAST_POINTS} points")
        points = np.where(known[..., None], points, 0).astype(float)
        size = box_sizes(points, known)
        weight = known / (NOISES * size[:, None])  # (N, 68), for each px
        coefficients = np.zeros((len(points), self.shapes.shape[2]))
        taken = np.broadcast_to(self.places(jaw), (len(points), 68))
        rotation, scale, shift = first_pose(points, known, self.neutral[taken])
        for step in range(STEPS + 1):
            every = self.neutral + np.tensordot(coefficients, self.shapes, (1, 2))  # (N, U, 3)
            if jaw == "outline":
                taken = self.assigned(every, rotation, scale)
            turned = np.take_along_axis(every, taken[..., None], 1) @ rotation.transpose(0, 2, 1)
            residual = points - scale[:, None, None] * turned[..., :2] - shift[:, None]
            if step == STEPS:
                break
            flat = scale[:, None, None] * rotation[:, :2]
            of_shape = np.einsum("nij,npjk->npik", flat, self.shapes[taken], optimize=True)
            jacobian = np.concatenate([pose_jacobian(turned, scale), of_shape], -1)
            change = self.change(jacobian, residual, weight, coefficients, pose_alone=step == 0)
            rotation = rotation_by(change[:, :3]) @ rotation
            scale = scale * np.exp(np.clip(change[:, 3], -0.5, 0.5))
            shift = shift + change[:, 4:6]
            coefficients = coefficients + change[:, 6:]
            coefficients[:, self.identities :] = coefficients[:, self.identities :].clip(0, 1)
        distance = (np.linalg.norm(residual, axis=-1) * known).sum(1) / known.sum(1)
        expression = np.zeros((len(points), self.expressions))
        expression[:, self.moving] = coefficients[:, self.identities :]
        identity = coefficients[:, : self.identities]
        return Fits(rotation, scale, shift, identity, expression, self.used[taken], 100 * distance / size)

    def change(
        self, jacobian: np.ndarray, residual: np.ndarray, weight: np.ndarray, coefficients: np.ndarray, pose_alone: bool
    ) -> np.ndarray:
        """One step (N, 6 + P) of pose and weights, from the points' derivatives (N, 68, 2, 6 + P) and residuals
        (N, 68, 2) px, their weights (N, 68) and the model's (N, P). `pose_alone`: so that no shape is bent to what a
        rotation explains."""
        count, unknown = len(residual), jacobian.shape[-1]
        jacobian = (jacobian * weight[..., None, None]).reshape(count, -1, unknown)
        transposed = jacobian.transpose(0, 2, 1)
        gradient = (transposed @ (residual * weight[..., None]).reshape(count, -1, 1))[..., 0]
        gradient[:, 6:] -= coefficients / self.deviation**2
        normal, diagonal = transposed @ jacobian, range(unknown)
        normal[:, diagonal, diagonal] *= 1 + DAMPING
        normal[:, diagonal[6:], diagonal[6:]] += self.deviation**-2
        if pose_alone:
            gradient[:, 6:], normal[:, 6:, :6], normal[:, :6, 6:] = 0, 0, 0
        self.hold(coefficients, gradient, normal)
        return np.linalg.solve(normal, gradient[..., None])[..., 0]

    def places(self, jaw: str) -> np.ndarray:
        """(68,) where in `used` the points lie at rest."""
        return np.searchsorted(self.used, self.landmarks[jaw])

    def assigned(self, every: np.ndarray, rotation: np.ndarray, scale: np.ndarray) -> np.ndarray:
        """(N, U, 3) vertices to the places (N, 68) the points take in this pose."""
        rows = np.searchsorted(self.used, self.rows)
        flat = every[:, rows] @ rotation[:, None, :2].transpose(0, 1, 3, 2)
        roll = np.arctan2(rotation[:, 1, 0], rotation[:, 0, 0])
        which = outermost(flat * scale[:, None, None, None], self.directions, roll)
        jaw = np.take_along_axis(np.broadcast_to(rows, (len(every), *rows.shape)), which[..., None], 2)[..., 0]
        inner = self.places("outline")[JAW.stop :]
        return np.concatenate([jaw, np.broadcast_to(inner, (len(every), len(inner)))], 1)

    def hold(self, coefficients: np.ndarray, gradient: np.ndarray, normal: np.ndarray) -> None:
        """Takes expression weights that are at 0 or 1 and would go further out of the step, in place."""
        values, slope = coefficients[:, self.identities :], gradient[:, 6 + self.identities :]
        held = ((values <= 0) & (slope < 0)) | ((values >= 1) & (slope > 0))
        slope[held] = 0
        face, which = np.nonzero(held)
        which = which + 6 + self.identities
        normal[face, which, :], normal[face, :, which] = 0, 0
        normal[face, which, which] = 1


def box_sizes(points: np.ndarray, known: np.ndarray) -> np.ndarray:
    """(N,) √(area) of the boxes of the points that are there, px."""
    low = np.where(known[..., None], points, np.inf).min(1)
    high = np.where(known[..., None], points, -np.inf).max(1)
    return np.sqrt((high - low).prod(1))


def first_pose(points: np.ndarray, known: np.ndarray, shape: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points (N, P, 2) and a shape (N, P, 3) to the rotation (N, 3, 3), scale (N,) and shift (N, 2) nearest to the
    affine map that lays the one over the other."""
    weight = known[..., None] / known.sum(1)[:, None, None]
    centre, middle = (points * weight).sum(1), (shape * weight).sum(1)
    solid = (shape - middle[:, None]) * known[..., None]
    spread = solid.transpose(0, 2, 1) @ solid
    ridge = 0.02 * np.trace(spread, axis1=1, axis2=2)[:, None, None] / 3 * np.eye(3)
    affine = ((points - centre[:, None]).transpose(0, 2, 1) @ solid) @ np.linalg.inv(spread + ridge)
    u, s, v = np.linalg.svd(affine, full_matrices=False)
    rows = u @ v
    rotation = np.concatenate([rows, np.cross(rows[:, 0], rows[:, 1])[:, None]], 1)
    scale = s.max(1)
    return rotation, scale, centre - scale[:, None] * (rows @ middle[..., None])[..., 0]


def pose_jacobian(turned: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """(N, P, 3) rotated vertices to what a small rotation (3), the logarithm of the scale and the shifts (2) do to each
    point, (N, P, 2, 6) px."""
    x, y, z = np.moveaxis(turned, -1, 0) * scale[:, None]
    zero, one = np.zeros_like(x), np.ones_like(x)
    along_x = np.stack([zero, z, -y, x, one, zero], -1)
    along_y = np.stack([-z, zero, x, y, zero, one], -1)
    return np.stack([along_x, along_y], -2)
