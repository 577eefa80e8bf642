"""Errors of predicted landmarks, as the field measures them."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from mien.schemes import Scheme

FAILURE_PCT = 8.0


@dataclass(frozen=True)
class Metrics:
    images: int
    # Points that have no label (`nan`) take no part. What needs both outer eye corners is None where no face has both.
    nmeInterOcularPct: float | None  # mean distance over the distance of the normalising pair (outer eye corners)
    nmeBoxPct: float  # mean distance over the square root of the area of the true box of the face
    nmeInnerBoxPct: float  # the same of all points but the jaw's (of iBUG's 68 the inner 51)
    failureRate8Pct: float | None  # share of faces whose inter-ocular NME is over 8 %
    auc8Pct: float | None  # area under the cumulative error curve from 0 to 8 %, 100 is perfect
    maePx224: float  # mean absolute error of a coordinate, in px, were the crop's longer side 224 px
    regions: dict[str, float]  # inter-ocular NME of each group of points, %, where it can be told

    def as_dict(self) -> dict:
        return asdict(self)


def distances(predicted: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """(N, P, 2) and (N, P, 2) to (N, P), in the unit of the points."""
    return np.linalg.norm(predicted - truth, axis=-1)


def inter_ocular(truth: np.ndarray, scheme: Scheme) -> np.ndarray:
    """(N, P, 2) to (N,); nan where one of the two points is. Raises ValueError where the scheme has no normalising
    pair."""
    if scheme.normalising_pair is None:
        raise ValueError(f"scheme {scheme.id}: has no points to normalise errors by")
    first, second = scheme.normalising_pair
    return np.linalg.norm(truth[:, first] - truth[:, second], axis=-1)


def area_under_curve(nme_pct: np.ndarray, limit_pct: float = FAILURE_PCT) -> float:
    """Exact area under the cumulative error curve up to the limit, as a percentage of the whole."""
    return float(np.clip(1 - nme_pct / limit_pct, 0, None).mean() * 100)


@dataclass(frozen=True)
class Yardsticks:
    """What the errors of each face are divided by, (N,) each, in the unit of its points."""

    eyes: np.ndarray  # distance of the outer eye corners
    box: np.ndarray  # square root of the area of the upright box
    crop: np.ndarray  # longer side of the crop

    @classmethod
    def of(cls, faces: np.ndarray, eyes: np.ndarray, crop_margin: float) -> "Yardsticks":
        """(N, Q, 2) points that span each face, corners of its box or all it has, and (N,) distances of its eyes."""
        sides = faces.max(1) - faces.min(1)
        return cls(eyes, np.sqrt(sides.prod(-1)), sides.max(-1) * crop_margin)

    def __getitem__(self, which: np.ndarray) -> "Yardsticks":
        """Those of some of the faces, by a mask or indices."""
        return Yardsticks(self.eyes[which], self.box[which], self.crop[which])


def measure(predicted: np.ndarray, truth: np.ndarray, yardsticks: Yardsticks, scheme: Scheme) -> Metrics:
    """(N, P, 2) predictions and truths in one unit, with the yardsticks of the N faces in the same unit."""
    if len(truth) == 0:
        raise ValueError("metrics: no faces to measure")
    error = distances(predicted, truth)
    eyes = yardsticks.eyes
    nme = mean_over(error, 1) / eyes * 100
    absolute = mean_over(np.abs(predicted - truth), (1, 2)) / yardsticks.crop * 224
    measurable = nme[np.isfinite(nme)]
    return Metrics(
        images=len(truth),
        nmeInterOcularPct=overall(nme),
        nmeBoxPct=overall(mean_over(error, 1) / yardsticks.box * 100),
        nmeInnerBoxPct=overall(mean_over(error[:, inner_points(scheme)], 1) / yardsticks.box * 100),
        failureRate8Pct=float((measurable > FAILURE_PCT).mean() * 100) if len(measurable) else None,
        auc8Pct=area_under_curve(measurable) if len(measurable) else None,
        maePx224=float(absolute.mean()),
        regions={
            name: value
            for name, indices in scheme.groups.items()
            if (value := overall(mean_over(error[:, list(indices)], 1) / eyes * 100)) is not None
        },
    )


def mean_over(values: np.ndarray, axis: int | tuple[int, ...]) -> np.ndarray:
    """Mean over an axis, of what is there; `nan` where nothing is."""
    known = np.isfinite(values)
    count = known.sum(axis)
    return np.where(count > 0, np.where(known, values, 0).sum(axis) / np.maximum(count, 1), np.nan)


def overall(values: np.ndarray) -> float | None:
    """The mean over the faces (N,) that have a value; None where none has."""
    mean = mean_over(values, 0)
    return float(mean) if np.isfinite(mean) else None


def inner_points(scheme: Scheme) -> list[int]:
    """All points but the jaw's, whose place along the outline nobody can tell."""
    return [i for name, indices in scheme.groups.items() if name != "jaw" for i in indices]


def inner_box_pct(predicted: np.ndarray, truth: np.ndarray, box: np.ndarray, scheme: Scheme) -> np.ndarray:
    """(N,) mean distances of the points within the face over the square root of the area of its box (N,), %."""
    return mean_over(distances(predicted, truth)[:, inner_points(scheme)], 1) / box * 100


MANIFEST_KEYS = ("dataSet", "crop", "images", "nmeInterOcularPct", "nmeBoxPct", "failureRate8Pct", "auc8Pct", "regions")
FURTHER_KEYS = ("nmeInnerBoxPct", "misses", "yawBins", "shapeOnly")  # that older evaluations did not write


def read_metrics(paths: list[Path]) -> list[dict]:
    """The rows that `mien.evaluate --json` and the app's own `npm run evaluate -- --json` wrote, one for each data set
    and crop. Raises ValueError naming a file that is neither."""
    rows = []
    for path in paths:
        try:
            report = json.loads(path.read_text())
            rows += [
                {key: row[key] for key in MANIFEST_KEYS} | {key: row[key] for key in FURTHER_KEYS if key in row}
                for row in report.get("metrics", [report])
            ]
        except (OSError, ValueError, KeyError, AttributeError) as error:
            raise ValueError(f"{path}: holds no metrics ({error!r})") from error
    return rows


def area_under_roc(scores: np.ndarray, present: np.ndarray) -> float:
    """Probability that a random face scores above a random non-face, 0..1 (the Mann-Whitney statistic, ties half)."""
    _, ranks_of, counts = np.unique(scores, return_inverse=True, return_counts=True)
    mean_rank = (np.cumsum(counts) - (counts - 1) / 2)[ranks_of]
    positives, negatives = int(present.sum()), int((~present).sum())
    return float((mean_rank[present].sum() - positives * (positives + 1) / 2) / (positives * negatives))
