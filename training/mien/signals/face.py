"""The face that poses are fitted with: `python -m mien.signals.face [--model ict_face.npz]` writes `face.json` for the
engine.

It holds the mean of ICT-FaceKit's heads (Li et al. 2020, MIT) at the 68 points and the few ways in which identity and
expression change it most, each for one standard deviation, with the noise of each point, and the eyes that gaze is told
by."""

import argparse
import base64
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from mien.schemes import IBUG68
from mien.signals.expressions import draw_weights
from mien.signals.heads import BALL_CM, GROUP_NOISE, MODEL, OUTWARD_DEG, UPWARD_DEG, HeadModel, group_noise, load_heads

FACE = Path(__file__).parents[3] / "src" / "engine" / "signals" / "face.json"
MODES = 16
MIRROR = list(IBUG68.mirror)
DRAWS = 20_000
SEED = 1
UNITS_PER_CM = 1000  # of the stored integers
SOURCE = (
    "Made by python -m mien.signals.face from ICT-FaceKit, https://github.com/ICT-VGL/ICT-FaceKit, "
    "copyright (c) 2020 USC Institute for Creative Technologies, MIT licence"
)


@dataclass(frozen=True)
class Face:
    mean: np.ndarray  # (68, 3) cm
    modes: np.ndarray  # (K, 68, 3) cm, each for one deviation
    noise: np.ndarray  # (68,) relative to the mean of all points


def made_from(model: HeadModel, modes: int = MODES) -> Face:
    """The mean face is that at rest, so that its modes tell how far a face is from it."""
    rng = np.random.default_rng(SEED)
    mean = model.rest(model.neutral)
    mean = (mean + mean[MIRROR] * (-1, 1, 1)) / 2
    identity = model.rest(model.identity).reshape(len(model.identity), -1)
    weights = draw_weights(model.names, DRAWS, rng)
    expression = weights @ model.rest(model.expression).reshape(weights.shape[1], -1)
    spread = identity.T @ identity + expression.T @ expression / len(expression)
    mirrored = np.arange(204).reshape(68, 3)[MIRROR].ravel()
    sign = np.tile([-1, 1, 1], 68)
    spread = (spread + spread[np.ix_(mirrored, mirrored)] * np.outer(sign, sign)) / 2
    values, vectors = np.linalg.eigh(spread)
    kept = (vectors[:, ::-1] * np.sqrt(np.maximum(values[::-1], 0)))[:, :modes].T
    return Face(mean, kept.reshape(modes, 68, 3), group_noise(GROUP_NOISE))


def eyes_of(model: HeadModel) -> dict[str, float]:
    """Where the mean face's left eye turns about its middle, cm in the head's axes, how far from there the middle of
    the iris lies, and by how much further outward and up than the eye looks; the right eye is its mirror image."""
    across, up, forward = (model.neutral_eyes[0] + model.neutral_eyes[1] * (-1, 1, 1)) / 2
    told = {
        "across": across, "up": up, "forward": forward, "radius": BALL_CM,
        "outwardDeg": OUTWARD_DEG, "upwardDeg": UPWARD_DEG,
    }  # fmt: skip
    return {name: round(float(value), 3) for name, value in told.items()}


def packed(values: np.ndarray) -> str:
    return base64.b64encode(np.round(values * UNITS_PER_CM).astype("<i2").tobytes()).decode()


def unpacked(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), "<i2").astype(float).reshape(-1, 68, 3) / UNITS_PER_CM


@cache
def load_face(path: Path = FACE) -> Face:
    stored = json.loads(path.read_text())
    shapes = unpacked(stored["shapes"])
    return Face(shapes[0], shapes[1:], group_noise(stored["noise"]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--out", type=Path, default=FACE)
    options = parser.parse_args()
    model = load_heads(options.model)
    face = made_from(model)
    stored = {
        "source": SOURCE,
        "unitsPerCm": UNITS_PER_CM,
        "shapes": packed(np.concatenate([face.mean[None], face.modes])),
        "noise": GROUP_NOISE,
        "eyes": eyes_of(model),
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(stored, indent=2) + "\n")
    print(f"{options.out}: {options.out.stat().st_size:,} bytes, {len(face.modes)} modes")


if __name__ == "__main__":
    main()
