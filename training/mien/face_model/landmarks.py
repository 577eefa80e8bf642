"""Which vertices of the face model the 68 points of the data sets are: `python -m mien.face_model.landmarks` writes
`landmarks.json`.

The model's file names vertices for the points; people who labelled pictures had others in mind: the inner ends of the
brows of AFLW2000-3D lie 4 % of a face away. Each point moves to the vertex that on average lies where the labels
are."""

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from mien.datasets import SHARED_DATA, read_set
from mien.face_model.fit import Fits, Fitter
from mien.face_model.mesh import normals_of
from mien.face_model.model import FACE, LANDMARKS, FaceModel, load
from mien.mean_shape_3d import TRAINING_PARTS
from mien.schemes import IBUG68

ROUNDS = 4
BATCH = 32
MOST_YAW_SINE = {"outline": 0.26, "bone": 0.87}  # the outline is the bone on heads that are hardly turned, to 15°
STIFFNESS = 0.05  # share by which offsets along the view are held back
FACING = 0.1  # cosine between normal and view from the front: no vertex of a point lies in a fold
SETS = {"outline": TRAINING_PARTS, "bone": ("aflw2000_rest",)}


def offsets_cm(model: FaceModel, fits: Fits, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The sums over faces, for each point, of what its mean distance from its vertex solves: (68, 3, 3) and (68, 3)."""
    flat = fits.rotation[:, :2]
    shape = np.stack(
        [model.shape(i, e)[v] for i, e, v in zip(fits.identity, fits.expression, fits.vertices, strict=True)]
    )
    found = fits.scale[:, None, None] * (shape @ flat.transpose(0, 2, 1)) + fits.shift[:, None]
    off = (points - found) / fits.scale[:, None, None]
    known = np.isfinite(off).all(-1)
    off = np.where(known[..., None], off, 0)
    square = flat.transpose(0, 2, 1) @ flat
    return np.einsum("np,nij->pij", known, square), np.einsum("nji,npj->pi", flat, off)


def moved(model: FaceModel, jaw: str, points: np.ndarray) -> tuple[np.ndarray, float]:
    """Faces (N, 68, 2) to the vertices (68,) that lie where their points are, and the mean residual with the model's
    vertices as they were, %."""
    fitter, square, side, residuals = Fitter(model), np.zeros((68, 3, 3)), np.zeros((68, 3)), []
    for batch in np.array_split(points, len(points) // BATCH + 1):
        fits = fitter.fit(batch, jaw)
        residuals.append(fits.residual_pct)
        use = np.abs(fits.rotation[:, 2, 0]) < MOST_YAW_SINE[jaw]
        parts = offsets_cm(model, Fits(*(getattr(fits, name)[use] for name in Fits.__dataclass_fields__)), batch[use])
        square, side = square + parts[0], side + parts[1]
    held = STIFFNESS * np.trace(square, axis1=1, axis2=2)[:, None, None] * np.eye(3)
    offset = np.linalg.solve(square + held, side[..., None])[..., 0]
    offset = (offset + offset[list(IBUG68.mirror)] * [-1, 1, 1]) / 2
    landmarks = model.landmarks_outline if jaw == "outline" else model.landmarks_bone
    normals = normals_of(model.neutral, model.triangles)
    skin = np.flatnonzero((model.part == FACE) & (normals[:, 2] < -FACING))
    target = model.neutral[landmarks] + offset
    distance = ((target[:, None] - model.neutral[None, skin]) ** 2).sum(-1)
    return skin[np.argmin(distance, 1)].astype(np.int32), float(np.concatenate(residuals).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    options = parser.parse_args()
    model = load(options.data / "ict_face" / "ict_face.npz", own_landmarks=True)
    result: dict[str, int | list[int]] = {"vertices": len(model.neutral)}
    for jaw, names in SETS.items():
        points = np.stack([sample.points for name in names for sample in read_set(options.data, name)])
        best = np.inf
        for _ in range(ROUNDS):
            before = model.landmarks_outline if jaw == "outline" else model.landmarks_bone
            vertices, residual = moved(model, jaw, points)
            print(f"{jaw}: {len(points)} faces, {residual:.2f} %")
            if residual < best:
                best, result[jaw] = residual, before.tolist()
            model = replace(model, **{f"landmarks_{jaw}": vertices})
    LANDMARKS.write_text(json.dumps(result))


if __name__ == "__main__":
    main()
