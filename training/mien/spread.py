"""How well calibrated the spread is: whether points lie within it as often as it promises, and the one factor that
corrects it."""

from dataclasses import asdict, dataclass

import numpy as np
import torch

from mien.models import LandmarkNetwork

SPREADS = (0.5, 1.0, 1.5, 2.0, 3.0)  # the distances, in spreads, at which promise and truth are compared


def promised(spreads: np.ndarray) -> np.ndarray:
    """Shares of points that lie within so many spreads of the truth under the density that `losses.spread_loss` fits,
    exp(-r/b) / (2 pi b^2) with 2b the spread: r/b is distributed as Gamma(2), so 1 - (1 + 2k) exp(-2k) within k."""
    doubled = 2 * np.asarray(spreads, float)
    return 1 - (1 + doubled) * np.exp(-doubled)


def observed(errors: np.ndarray, spreads: np.ndarray) -> np.ndarray:
    """Shares of `errors`, counted in spreads, that are within each of `spreads`, (K,). Those that are `nan`, of points
    without a label, take no part."""
    known = errors[np.isfinite(errors)]
    return np.searchsorted(np.sort(known), spreads, side="right") / known.size


def fitted_scale(errors: np.ndarray) -> float:
    """The factor on all spreads that makes errors, counted in spreads, most likely: their mean, as the spread is the
    distance to be expected."""
    return float(np.nanmean(errors))


def promise_broken(errors: np.ndarray) -> float:
    """Mean difference of promised and observed shares over `SPREADS`."""
    return float(np.abs(observed(errors, SPREADS) - promised(SPREADS)).mean())


@dataclass(frozen=True)
class Calibration:
    """A factor found on one half of the held-out faces, and what the other half says of it."""

    scale: float  # on every spread; 1 where no factor brings the other half nearer to the promise
    fittedOn: int  # faces
    checkedOn: int
    withinBefore: dict[str, float]  # share of the other half's points within so many spreads, uncorrected
    withinAfter: dict[str, float]

    def as_dict(self) -> dict:
        return asdict(self)


def calibrate(errors: np.ndarray) -> Calibration:
    """From (N, P) errors of held-out faces, counted in spreads. Every other face is fitted on, the rest check; faces of
    one data set follow each other, so both halves have their share of each. Raises ValueError for fewer than two."""
    if len(errors) < 2:
        raise ValueError("spread: at least two held-out faces are needed to calibrate it")
    fit, check = errors[::2], errors[1::2]
    scale = fitted_scale(fit)
    if promise_broken(check / scale) >= promise_broken(check):
        scale = 1.0

    def within(errors: np.ndarray) -> dict[str, float]:
        shares = observed(errors, SPREADS).tolist()
        return {f"{spread:g}": round(share, 4) for spread, share in zip(SPREADS, shares, strict=True)}

    return Calibration(scale, len(fit), len(check), within(check), within(check / scale))


@torch.no_grad()
def scale_spread(network: LandmarkNetwork, scale: float) -> None:
    """Folds the factor into the layer that gives ln(spread); a network that tells no spread stays as it is."""
    if network.uncertainty is not None:
        network.uncertainty.bias[:-1] += torch.tensor(scale).log()
