"""What the detector is taught on: windows of colour pictures with one labelled face, or beside it, made harder."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from mien.crop_cache import crowds, span_of
from mien.datasets import DataError, Sample
from mien.schemes import SCHEMES

CUT_PX = 288  # side of the squares that are kept in memory
COVERAGE = 3.6  # how many times as wide as the larger side of the points' box
# The detector's box against the 68 points' box, as `src/engine/detect/detection-crop.ts` has measured it.
BOX_SIDE = 1.03
BOX_RISE = 0.05
BACKGROUND_TRIES = 40
BESIDE = 4  # squares without a face, of one picture
MOST_SHARED = 0.12  # of such a square, or of the face, that both have


@dataclass(frozen=True)
class Cut:
    """A square of a picture, and its face: the points' centre, larger side and roll as it stands in the square."""

    square: np.ndarray  # (CUT_PX, CUT_PX, 3) uint8, RGB
    points: np.ndarray  # (68, 2), px of the square; all there
    eyes: np.ndarray  # (2, 2) centres, the one on the left of the upright face first; nan where not labelled
    beside: list[np.ndarray]  # squares of the same picture without the labelled face


@dataclass(frozen=True)
class Window:
    """What the detector is shown, and where the face is in it."""

    clean: np.ndarray  # (px, px, 3) uint8
    points: np.ndarray  # (68, 2), px; nan without a face
    eyes: np.ndarray  # (2, 2), px
    roll_deg: float  # by how much the face was turned, clockwise


def eye_centres(sample: Sample) -> np.ndarray:
    """(2, 2) means of each eye's points, nan where one is not labelled."""
    scheme = SCHEMES[sample.scheme]
    return np.stack([sample.points[list(eye)].mean(0) for eye in scheme.eyes])


def load_colour(sample: Sample) -> np.ndarray:
    """(H, W, 3) uint8, RGB. Raises DataError where the picture cannot be read."""
    image = cv2.imread(str(sample.image), cv2.IMREAD_COLOR)
    if image is None:
        raise DataError(sample.image, "not a picture that can be decoded")
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB)


def square_of(image: np.ndarray, centre: np.ndarray, side: float, px: int) -> tuple[np.ndarray, np.ndarray]:
    """The square as (px, px, 3), its last pixels going on where the picture ends, and the affine (2, 3) onto it."""
    scale = px / side
    affine = np.array([[scale, 0, px / 2 - centre[0] * scale], [0, scale, px / 2 - centre[1] * scale]])
    shrink = min(1.0, scale)
    if shrink < 0.5:  # by area first, so that nothing flickers
        image = cv2.resize(image, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
        affine = affine @ np.array([[1 / shrink, 0, 0], [0, 1 / shrink, 0], [0, 0, 1]])
        square = cv2.warpAffine(image, affine, (px, px), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return square, affine @ np.array([[shrink, 0, 0], [0, shrink, 0], [0, 0, 1]])
    return cv2.warpAffine(image, affine, (px, px), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), affine


def moved(affine: np.ndarray, points: np.ndarray) -> np.ndarray:
    """(P, 2) points under a (2, 3) affine."""
    return points @ affine[:, :2].T + affine[:, 2]


def cut(sample: Sample, crowded: bool, rng: np.random.Generator) -> Cut:
    image, whole = load_colour(sample), span_of(sample)
    low, high = whole.min(0), whole.max(0)
    side = float((high - low).max())
    square, affine = square_of(image, (low + high) / 2, side * COVERAGE, CUT_PX)
    beside = [] if crowded else squares_beside(image, low, high, rng)
    return Cut(square, moved(affine, whole), moved(affine, eye_centres(sample)), beside)


def squares_beside(image: np.ndarray, low: np.ndarray, high: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
    """Up to `BESIDE` squares (CUT_PX / 2) that lie in the picture and hold no more of the face in the box than its rim:
    all kinds of surroundings, and above all what is next to faces."""
    face, found = float((high - low).max()), []
    height, width = image.shape[:2]
    for _ in range(BACKGROUND_TRIES):
        side = face * rng.uniform(0.4, 1.8)
        if len(found) == BESIDE or side >= min(height, width):
            continue
        corner = rng.uniform([0, 0], [width - side, height - side])
        shared = (np.minimum(corner + side, high) - np.maximum(corner, low)).clip(0).prod()
        if shared <= MOST_SHARED * min(side**2, (high - low).prod()):
            found.append(square_of(image, corner + side / 2, side, CUT_PX // 2)[0])
    return found


def cut_all(samples: Sequence[Sample], seed: int = 0) -> list[Cut]:
    rng = np.random.default_rng(seed)
    return [cut(sample, crowded, rng) for sample, crowded in zip(samples, crowds(list(samples)), strict=True)]


def draw_window(cut: Cut, px: int, face_px: float, roll_deg: float, rng: np.random.Generator) -> Window:
    """The face `face_px` wide, turned by `roll_deg`, somewhere in a window of `px`; mirrored half the time."""
    low, high = cut.points.min(0), cut.points.max(0)
    scale = face_px / float((high - low).max())
    turn = np.deg2rad(roll_deg)
    linear = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    eyes, points, square = cut.eyes, cut.points, cut.square
    if rng.random() < 0.5:
        square = square[:, ::-1]
        points, eyes = points * [-1, 1] + [CUT_PX, 0], (eyes * [-1, 1] + [CUT_PX, 0])[::-1]
    room = max(0.0, (px - face_px) / 2)
    to = px / 2 + rng.uniform(-room, room, 2)
    middle = (points.min(0) + points.max(0)) / 2
    affine = np.column_stack([linear, to - linear @ middle])
    clean = cv2.warpAffine(
        np.ascontiguousarray(square), affine, (px, px), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return Window(clean, moved(affine, points), moved(affine, eyes), roll_deg)


def detector_box(points: np.ndarray, roll_deg: float) -> tuple[np.ndarray, float]:
    """Centre (2,) and side of the box that BlazeFace gives a face with these points, px: square, its sides upright,
    its centre risen towards the brow however the head is turned."""
    turn = np.deg2rad(roll_deg)
    upright = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    in_head = points @ upright.T
    low, high = in_head.min(0), in_head.max(0)
    side = float((high - low).max())
    centre = (low + high) / 2 - [0, BOX_RISE * side]
    return upright.T @ centre, BOX_SIDE * side
