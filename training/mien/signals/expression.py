"""The network of expressions as the engine has it: `expression.json`, read back."""

import base64
import json
from pathlib import Path

import numpy as np

from mien.signals.face import FACE

EXPRESSION = FACE.with_name("expression.json")


def read_layers(path: Path = EXPRESSION) -> tuple[list[str], list[np.ndarray]]:
    """Names of the movements, and the layers' weights (rows, columns), the bias in the last column."""
    stored = json.loads(path.read_text())
    layers = [
        np.frombuffer(base64.b64decode(layer["values"]), "i1").reshape(layer["rows"], layer["columns"])
        * np.array(layer["scales"].split(), float)[:, None]
        for layer in stored["layers"]
    ]
    return stored["names"], layers


def weights_of(inputs: np.ndarray, layers: list[np.ndarray]) -> np.ndarray:
    """(N, I) to (N, E), 0..1."""
    values = inputs
    for i, layer in enumerate(layers):
        values = values @ layer[:, :-1].T + layer[:, -1]
        values = np.maximum(values, 0) if i < len(layers) - 1 else 1 / (1 + np.exp(-values))
    return values
