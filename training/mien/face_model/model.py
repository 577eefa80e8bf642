"""The 3-D face model ICT-FaceKit (Li et al. 2020, MIT): identity and expression shapes about a neutral face.

Coordinates: cm; x to the right of the picture, y down, z away from the viewer, as in `mien.pose`."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

AXES = np.array([1, -1, -1], np.float32)  # the file has y up and z to the viewer
JAW = slice(0, 17)
LANDMARKS = Path(__file__).with_name("landmarks.json")  # made by `mien.face_model.landmarks`
IDENTITIES = 50  # of the 100, those with the largest deviation; the rest move no landmark by more than 1 mm
FACE, HEAD, MOUTH, EYE_LEFT, EYE_RIGHT = 0, 1, 2, 5, 6  # values of `part`; eyes are the eyeballs, the person's own left


class FaceModelError(ValueError):
    """The file of the face model is missing or not what it should be."""


@dataclass(frozen=True)
class FaceModel:
    neutral: np.ndarray  # (V, 3) float32
    identity: np.ndarray  # (I, V, 3) float32, each for one standard deviation
    expression: np.ndarray  # (E, V, 3) float32, each for a weight of 1
    expression_names: tuple[str, ...]  # ARKit's; `_L` and `_R` are the person's own
    triangles: np.ndarray  # (T, 3) int32
    uv: np.ndarray  # (V, 2)
    part: np.ndarray  # (V,) uint8
    landmarks_outline: (
        np.ndarray
    )  # (68,) vertices as 300-W's labels lie; the jaw as the outline of a frontal face has it
    landmarks_bone: np.ndarray  # (68,) vertices as AFLW2000-3D's labels lie; the jaw along the bone

    def shape(self, identity: np.ndarray, expression: np.ndarray) -> np.ndarray:
        """(I,) and (E,) weights to the vertices (V, 3), cm. Raises ValueError where their number differs."""
        if identity.shape != self.identity.shape[:1] or expression.shape != self.expression.shape[:1]:
            raise ValueError(
                f"face model: expected {len(self.identity)} identity and {len(self.expression)} expression weights, "
                f"found {identity.shape} and {expression.shape}"
            )
        return self.neutral + weighted(identity, self.identity) + weighted(expression, self.expression)

    def weights(self, **named: float) -> np.ndarray:
        """(E,) expression weights by name; a name without side sets both. Raises ValueError where there is none."""
        values = np.zeros(len(self.expression_names), np.float32)
        for name, value in named.items():
            which = [i for i, known in enumerate(self.expression_names) if known in (name, f"{name}_L", f"{name}_R")]
            if not which:
                raise ValueError(f"face model: no expression {name}")
            values[which] = value
        return values

    def restricted(self, vertices: np.ndarray) -> "FaceModel":
        """The model of these vertices (K,) alone, with the triangles that lie among them. Landmarks that are not among
        them become -1."""
        new = np.full(len(self.neutral), -1, np.int32)
        new[vertices] = np.arange(len(vertices), dtype=np.int32)
        triangles = new[self.triangles]
        return FaceModel(
            self.neutral[vertices], self.identity[:, vertices], self.expression[:, vertices], self.expression_names,
            triangles[(triangles >= 0).all(1)], self.uv[vertices], self.part[vertices],
            new[self.landmarks_outline], new[self.landmarks_bone],
        )  # fmt: skip


def weighted(weights: np.ndarray, shapes: np.ndarray) -> np.ndarray:
    used = np.flatnonzero(weights)
    return np.tensordot(weights[used].astype(np.float32), shapes[used], 1)


def load(path: Path, identities: int = IDENTITIES, own_landmarks: bool = False) -> FaceModel:
    """Reads `ict_face.npz`, with the vertices of `landmarks.json` as landmarks, or with its own, as where it is
    another model than those are of. Raises FaceModelError where it is missing or lacks an array."""
    try:
        with np.load(path) as file:
            data = dict(file)
    except (OSError, ValueError) as error:
        raise FaceModelError(f"{path}: cannot be read as the face model ({error})") from error
    try:
        model = FaceModel(
            data["neutral"] * AXES,
            data["identity"][:identities].astype(np.float32) * AXES,
            data["expression"].astype(np.float32) * AXES,
            tuple(map(str, data["expression_names"])),
            data["triangles"].astype(np.int32), data["uv"], data["part"],
            data["landmarks_multipie"].astype(np.int32), data["landmarks_jawline"].astype(np.int32),
        )  # fmt: skip
    except KeyError as error:
        raise FaceModelError(f"{path}: {error.args[0]}") from error
    stored = json.loads(LANDMARKS.read_text())
    if own_landmarks or stored["vertices"] != len(model.neutral):
        return model
    outline, bone = (np.array(stored[jaw], np.int32) for jaw in ("outline", "bone"))
    return replace(model, landmarks_outline=outline, landmarks_bone=bone)
