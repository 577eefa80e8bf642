"""Points of random heads: identity, expression and pose drawn for the 3-D face model, seen by a pinhole camera, with
the noise of a tracker.

Coordinates of heads and of the camera: cm; x to the right of the picture, y up, z to the viewer. The head's origin
lies midway between the eyes; the camera is at 0 and looks along -z. Angles as in the engine's `HeadPose`: degrees, yaw
positive to the right of the picture, pitch up, roll clockwise, relative to the line of sight to the head."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mien.datasets import SHARED_DATA
from mien.face_model.contour import jaw_rows, outermost, outward_directions
from mien.face_model.model import AXES, EYE_LEFT, EYE_RIGHT, JAW, FaceModel, load
from mien.schemes import IBUG68

MODEL = SHARED_DATA / "ict_face" / "ict_face.npz"
PEOPLE = Path(__file__).with_name("people.json")
IDENTITIES = 100
CORNERS = (36, 39, 42, 45)  # of the eyes; the origin lies in their midst
# as `mien.signals.noise` measures resnet-lite on CFP: each group's error relative to the mean of all points, and the
# shares of its variance that move the whole face, the group, and each point alone
NOISE = {
    "jaw": (1.41, 0.17, 0.39, 0.44),
    "brows": (1.01, 0.27, 0.43, 0.30),
    "nose": (0.76, 0.36, 0.48, 0.16),
    "eyes": (0.72, 0.49, 0.39, 0.12),
    "mouth": (0.93, 0.28, 0.35, 0.37),
}
SHIFTED = {"jaw": (17,), "brows": (5, 5), "nose": (9,), "eyes": (6, 6), "mouth": (20,)}  # points that move as one
# of an adult's eye, cm behind the front of its cornea: the middle that it turns about, and that of the iris as it is
# seen through the cornea. The model's own eyeballs are larger than real ones, and its expressions do not turn them.
TURNING_CM, IRIS_CM = 1.35, 0.30
# by which the axis through the iris points further outward than the eye looks, as the fovea does not lie on it
OUTWARD_DEG = 5.0
# and further up: so chosen that photographed people, who mostly look into the camera, are told to (`npm run ahead`)
UPWARD_DEG = 3.6
BALL_CM = TURNING_CM - IRIS_CM  # radius of the sphere on which the middle of the iris moves
RAYLEIGH = np.sqrt(np.pi / 2)  # mean distance over the deviation of each coordinate
HIDDEN_DEG = 30.0  # of yaw: from here on points of the far half are guessed, and twice as uncertain


def group_noise(groups: dict[str, float]) -> np.ndarray:
    """Values of groups to those of their points (68,)."""
    values = np.ones(68)
    for name, value in groups.items():
        values[list(IBUG68.groups[name])] = value
    return values


GROUP_NOISE = {name: told[0] for name, told in NOISE.items()}


@dataclass(frozen=True)
class Heads:
    """Of N faces."""

    points: np.ndarray  # (N, 68, 2) where they are seen in a picture, px, y down
    rotation: np.ndarray  # (N, 3, 3) head to camera axes
    translation: np.ndarray  # (N, 3) cm
    angles: np.ndarray  # (N, 3) yaw, pitch, roll relative to the line of sight
    weights: np.ndarray  # (N, E) of the model's expressions


def turn(axis: int, rad: np.ndarray) -> np.ndarray:
    """(N,) angles to rotations (N, 3, 3) about an axis, counter-clockwise as seen from its tip."""
    rotation = np.zeros((*np.shape(rad), 3, 3))
    one, other = (axis + 1) % 3, (axis + 2) % 3
    rotation[..., axis, axis] = 1
    rotation[..., one, one] = rotation[..., other, other] = np.cos(rad)
    rotation[..., other, one], rotation[..., one, other] = np.sin(rad), -np.sin(rad)
    return rotation


def rotation_of(angles_deg: np.ndarray) -> np.ndarray:
    """(N, 3) yaw, pitch, roll to (N, 3, 3): roll · yaw · pitch."""
    yaw, pitch, roll = np.radians(angles_deg).T
    return turn(2, -roll) @ turn(1, yaw) @ turn(0, -pitch)


def sight_rotation(direction: np.ndarray) -> np.ndarray:
    """(N, 3) directions from the camera, to rotations (N, 3, 3) that bring its axis there: about y, after about x."""
    x, y, z = direction.T
    return turn(1, np.arctan2(-x, -z)) @ turn(0, np.arctan2(y, np.hypot(x, z)))


def middle_of_ball(points: np.ndarray) -> np.ndarray:
    """(V, 3) points about a sphere to its middle (3,)."""
    terms = np.c_[2 * points, np.ones(len(points))].astype(float)
    return np.linalg.lstsq(terms, (points**2).sum(1), rcond=None)[0][:3]


def turning_middles(model: FaceModel) -> tuple[np.ndarray, np.ndarray]:
    """Where the left and the right eye turn about: of the neutral head (2, 3), and how identities move them (I, 2, 3).
    Nothing (0, 3) of a model without eyeballs."""
    balls = [np.flatnonzero(model.part == part) for part in (EYE_LEFT, EYE_RIGHT)]
    if not all(map(len, balls)):
        return np.empty((0, 3)), np.empty((len(model.identity), 0, 3))
    fronts = [ball[np.argmax(model.neutral[ball, 2] * AXES[2])] for ball in balls]

    def placed(shape: np.ndarray, middles: np.ndarray) -> np.ndarray:
        middles[..., 2] = shape[..., fronts, 2] * AXES[2]
        return middles - (shape[..., model.landmarks_outline[list(CORNERS)], :] * AXES).mean(-2, keepdims=True)

    neutral = placed(model.neutral, np.stack([middle_of_ball(model.neutral[ball] * AXES) for ball in balls]))
    moved = np.stack([(model.identity[:, ball] * AXES).astype(float).mean(-2) for ball in balls], -2)
    return neutral - (0, 0, TURNING_CM), placed(model.identity, moved)


class HeadModel:
    """What of the face model the 68 points can take, with the origin between the eyes. `offsets` (68, 2), cm: how the
    points of photographed people lie beside its own (`mien.signals.people`)."""

    def __init__(self, model: FaceModel, offsets: np.ndarray | float = 0.0):
        offsets = np.broadcast_to(offsets, (68, 2))
        rows = jaw_rows(model)
        inner = model.landmarks_outline[JAW.stop :]
        used = np.concatenate([rows.ravel(), inner])
        self.rows, self.inner = np.split(np.arange(len(used)), [rows.size])
        self.rows = self.rows.reshape(rows.shape)
        self.directions = outward_directions(model) * (1, -1)
        self.names = model.expression_names
        corners = [list(CORNERS)]

        def seen(shape: np.ndarray) -> np.ndarray:
            shape = shape.astype(float) * AXES
            return shape[..., used, :] - shape[..., model.landmarks_outline[corners], :].mean(-2)

        self.neutral, self.identity, self.expression = map(seen, (model.neutral, model.identity, model.expression))
        self.neutral[self.rows, :2] += offsets[: JAW.stop, None]
        self.neutral[self.inner, :2] += offsets[JAW.stop :]

        self.neutral_eyes, self.identity_eyes = turning_middles(model)

    def rest(self, shapes: np.ndarray) -> np.ndarray:
        """(..., U, 3) shapes to their 68 points, the jaw as the outline of a frontal face has it."""
        return np.concatenate([shapes[..., self.rows[:, 0], :], shapes[..., self.inner, :]], -2)

    def shapes(self, identity: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """(N, I) and (N, E) to (N, U, 3)."""
        flat = [s.reshape(len(s), -1) for s in (self.identity, self.expression)]
        return self.neutral + (identity @ flat[0] + weights @ flat[1]).reshape(len(identity), -1, 3)

    def eyes(self, identity: np.ndarray) -> np.ndarray:
        """(N, I) to the middles about which the left and the right eye turn (N, 2, 3)."""
        return self.neutral_eyes + np.tensordot(identity, self.identity_eyes, 1)

    def seen(
        self, shapes: np.ndarray, rotation: np.ndarray, translation: np.ndarray, focal_px: np.ndarray, size: np.ndarray
    ) -> np.ndarray:
        """Shapes (N, U, 3) to points (N, 68, 2) px in pictures (N, 2); the jaw follows the outline that is seen."""
        camera = shapes @ rotation.transpose(0, 2, 1) + translation[:, None]
        flat = camera[..., :2] / -camera[..., 2:]
        sight = flat[:, self.rows] - flat[:, self.inner].mean(1)[:, None, None]
        up = np.arctan2(rotation[:, 1, 0], rotation[:, 0, 0])
        which = outermost(sight, self.directions, up)
        jaw = np.take_along_axis(flat[:, self.rows], which[..., None, None], 2)[:, :, 0]
        points = np.concatenate([jaw, flat[:, self.inner]], 1)
        return points * focal_px[:, None, None] * (1, -1) + size[:, None] / 2


def load_heads(path: Path = MODEL, people: Path = PEOPLE) -> HeadModel:
    """The face model's heads, as photographed people have them."""
    return HeadModel(load(path, IDENTITIES), np.array(json.loads(people.read_text())["offsetsCm"]))


def draw_angles(count: int, rng: np.random.Generator, most_deg: tuple[float, float, float]) -> np.ndarray:
    return rng.uniform(-1, 1, (count, 3)) * most_deg


def box_sizes(points: np.ndarray) -> np.ndarray:
    """(N, 68, 2) to √(area) of their boxes, (N,)."""
    return np.sqrt(np.ptp(points, 1).prod(1))


def draw_errors(count: int, rng: np.random.Generator) -> np.ndarray:
    """(N, 68, 2) random errors of points, each coordinate with a variance of 1, shared as `NOISE` tells."""
    errors, face, start = np.empty((count, 68, 2)), rng.normal(size=(count, 1, 2)), 0
    for name, widths in SHIFTED.items():
        of_face, of_group, alone = np.sqrt(NOISE[name][1:])
        for width in widths:
            shift = of_face * face + of_group * rng.normal(size=(count, 1, 2))
            errors[:, start : start + width] = shift + alone * rng.normal(size=(count, width, 2))
            start += width
    return errors


def noise_of(points: np.ndarray, errors: np.ndarray, share: np.ndarray | float, yaw_deg: np.ndarray) -> np.ndarray:
    """Points (N, 68, 2) px and their errors as `draw_errors` draws them, to what a tracker is off, px: `share` of the
    box's size in the mean over all points. Points of the half that is turned away are off by more."""
    middle = points[:, 27:31].mean(1)[:, None]
    far = np.sign(yaw_deg)[:, None] * (points - middle)[..., 0] > 0
    hidden = far & (np.abs(yaw_deg) > HIDDEN_DEG)[:, None]
    deviation = group_noise(GROUP_NOISE) * np.where(hidden, 2.0, 1.0)
    deviation *= (np.asarray(share) * box_sizes(points) / RAYLEIGH)[:, None] / deviation.mean(1, keepdims=True)
    return errors * deviation[..., None]


def draw_heads(
    model: HeadModel,
    identity: np.ndarray,
    weights: np.ndarray,
    angles: np.ndarray,
    rng: np.random.Generator,
    size: tuple[int, int] = (1280, 720),
    field_of_view_deg: float = 60.0,
    distance_cm: tuple[float, float] = (35.0, 150.0),
    reach: float = 0.75,
) -> Heads:
    """Heads anywhere in the picture to `reach` of its half sides, without noise."""
    count = len(angles)
    focal = max(size) / 2 / np.tan(np.radians(field_of_view_deg) / 2)
    place = rng.uniform(-reach, reach, (count, 2)) * np.array(size) / 2 / focal
    distance = np.exp(rng.uniform(*np.log(distance_cm), count))
    direction = np.concatenate([place, -np.ones((count, 1))], 1)
    translation = direction / np.linalg.norm(direction, axis=1, keepdims=True) * distance[:, None]
    rotation = sight_rotation(direction) @ rotation_of(angles)
    sizes = np.broadcast_to(np.array(size, float), (count, 2))
    points = model.seen(model.shapes(identity, weights), rotation, translation, np.full(count, focal), sizes)
    return Heads(points, rotation, translation, angles, weights)
