"""What the network of expressions learns from: a face's points in its own frame, beside those of its look at rest."""

from dataclasses import dataclass

import numpy as np

from mien.signals.expressions import arkit_weights, draw_weights, mirrored_name
from mien.signals.face import MIRROR, Face, load_face
from mien.signals.fit import fit
from mien.signals.heads import HeadModel, draw_angles, draw_errors, draw_heads, noise_of

MOST_DEG = 50.0, 25.0, 30.0  # of yaw, pitch, roll
CALM_MOST_DEG = 25.0, 15.0, 15.0  # of the frames that show a face at rest
CALM = 0.06  # what is left of an expression at rest
CALM_FRAMES = 8  # in different poses, at most
EACH = 12  # expressions of a person
# share of the variance of errors that stays with a face: in pictures of other days (`mien.signals.noise`), and of one
# sitting, where it is calm in one and not in the other (`mien.signals.sitting`)
OTHER_DAYS, SITTING = 0.14, 0.76
LASTING = OTHER_DAYS, 0.87  # the latter of two calm pictures
NOISE = 0.008, 0.022  # mean error of a point over the box's size, from and to
SIZE = 1280, 720
CAMERA_DEG = 40.0, 72.0  # field of view, while the fit takes it for the default
UNKNOWN, KNOWN = 0.3, 0.5  # shares of examples whose look at rest is the mean face's, and the person's own
CHUNK = 2000  # faces fitted at a time


@dataclass(frozen=True)
class Examples:
    inputs: np.ndarray  # (N, I) float32
    weights: np.ndarray  # (N, E) float32, 0..1
    names: tuple[str, ...]  # ARKit's


def inputs_of(own: np.ndarray, rest: np.ndarray, angles: np.ndarray, known: np.ndarray) -> np.ndarray:
    """(N, 68, 3) points in the face's own frame and those at rest, yaw, pitch and roll (N, 3) in degrees, and how well
    the rest is known (N,) 0..1, to (N, 275)."""
    count, mean = len(own), load_face().mean
    turned = np.sin(np.radians(angles[:, :2]))
    parts = [
        (own - rest)[..., :2].reshape(count, -1),
        (rest - mean)[..., :2].reshape(count, -1),
        turned,
        known[:, None],
    ]
    return np.concatenate(parts, 1).astype(np.float32)


def seen(
    model: HeadModel, face: Face, identity: np.ndarray, weights: np.ndarray, most_deg: tuple, noise: np.ndarray,
    lasting: np.ndarray, share: np.ndarray, rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Points in the own frames (N, 68, 3) and angles (N, 3) as the engine finds them; `lasting` errors are that `share`
    (N,) of the variance."""
    angles = draw_angles(len(identity), rng, most_deg)
    camera_deg = rng.uniform(*CAMERA_DEG)
    heads = draw_heads(model, identity, weights, angles, rng, SIZE, camera_deg)
    of_face = share[:, None, None]
    errors = np.sqrt(of_face) * lasting + np.sqrt(1 - of_face) * draw_errors(len(identity), rng)
    points = heads.points + noise_of(heads.points, errors, noise, angles[:, 0])
    fits = fit(face, points, np.tile(np.array(SIZE, float), (len(points), 1)))
    return fits.own, fits.angles


def draw_examples(
    model: HeadModel,
    people: int,
    seed: int,
    noise: tuple[float, float] = NOISE,
    known: float | None = None,
    calm_frames: int | None = None,
    lasting_share: tuple[float, float] = LASTING,
) -> Examples:
    """`EACH` examples of each person. `known`: how well all looks at rest are known, else they differ; `calm_frames`:
    from how many frames; `lasting_share`: from and to."""
    rng, face = np.random.default_rng(seed), load_face()
    inputs, targets, names = [], [], ()
    for start in range(0, people, CHUNK):
        count = min(CHUNK, people - start)
        identity = rng.normal(size=(count, len(model.identity)))
        level = np.exp(rng.uniform(*np.log(noise), count))
        lasting, stays = draw_errors(count, rng), rng.uniform(*lasting_share, count)
        frames = rng.integers(1, CALM_FRAMES + 1, count)[:, None, None]
        frames = frames if calm_frames is None else np.full_like(frames, calm_frames)
        calm = []
        for _ in range(frames.max()):
            weights = CALM * draw_weights(model.names, count, rng)
            calm.append(seen(model, face, identity, weights, CALM_MOST_DEG, level, lasting, stays, rng)[0])
        rest = sum(np.where(i < frames, own, 0) for i, own in enumerate(calm)) / frames
        for _ in range(EACH):
            weights = draw_weights(model.names, count, rng)
            own, angles = seen(model, face, identity, weights, MOST_DEG, level, lasting, stays, rng)
            kind, partly = rng.uniform(size=count), rng.uniform(size=count)
            share = np.where(kind < UNKNOWN, 0, np.where(kind < UNKNOWN + KNOWN, 1, partly))
            share = share if known is None else np.full(count, known)
            blended = face.mean + share[:, None, None] * (rest - face.mean)
            inputs.append(inputs_of(own, blended, angles, share))
            names, target = arkit_weights(model.names, weights)
            targets.append(target.astype(np.float32))
    return Examples(np.concatenate(inputs), np.concatenate(targets), names)


def mirrored(examples: Examples) -> Examples:
    flat = examples.inputs[:, :272].reshape(-1, 2, 68, 2)[:, :, MIRROR] * np.array([-1, 1], np.float32)
    rest = examples.inputs[:, 272:] * np.array([-1, 1, 1], np.float32)
    order = [examples.names.index(mirrored_name(name)) for name in examples.names]
    inputs = np.concatenate([flat.reshape(len(rest), -1), rest], 1)
    return Examples(inputs, examples.weights[:, order], examples.names)
