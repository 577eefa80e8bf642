"""What a GPU is held to when the app starts: the points of a crop that is made by a formula.

python -m mien.self_test MODEL_ID … [--out ../static/models]

adds them to models that were exported without, as their own files give them in tfjs; an export writes them itself.
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from mien.models import unpack
from mien.tfjs import run

MODELS = Path(__file__).parents[2] / "static" / "models"
DIGITS = 5  # of a point, in crop units
# As src/engine/landmark/self-test.ts has them: middle, half width and height in crop units, what the gray level gains.
SPOTS = (
    (0.5, 0.52, 0.3, 0.4, 130),
    (0.37, 0.42, 0.07, 0.035, -110),
    (0.63, 0.42, 0.07, 0.035, -110),
    (0.36, 0.33, 0.1, 0.025, -70),
    (0.64, 0.33, 0.1, 0.025, -70),
    (0.5, 0.6, 0.05, 0.03, -60),
    (0.5, 0.73, 0.12, 0.03, -80),
)
GROUND = 60


def crop(width: int, height: int) -> np.ndarray:
    """(height, width) gray levels 0..255, whole numbers: the drawing of a face, without any face."""
    v, u = np.meshgrid((np.arange(height) + 0.5) / height, (np.arange(width) + 0.5) / width, indexing="ij")
    level = np.full((height, width), float(GROUND))
    for x, y, across, down, more in SPOTS:
        level += more * np.exp(-(((u - x) / across) ** 2) - ((v - y) / down) ** 2)
    return np.clip(np.floor(level + 0.5), 0, 255).astype(np.uint8)


def input_of(width: int, height: int, mean: float, deviation: float) -> Tensor:
    """(1, 1, height, width): that crop, normalised as the manifest says."""
    gray = torch.from_numpy(crop(width, height).astype(np.float32))
    return ((gray / 255 - mean) / deviation)[None, None]


def points_json(packed: Tensor, values: str) -> list[float]:
    """x, y per point in crop units, of the (1, …) packed vector."""
    return [round(value, DIGITS) for value in unpack(packed, values).points.flatten().tolist()]


def points_of(module: nn.Module, width: int, height: int, mean: float, deviation: float, values: str) -> list[float]:
    """As PyTorch finds them."""
    with torch.no_grad():
        return points_json(module(input_of(width, height, mean, deviation)), values)


def add(models: Path, model_id: str) -> None:
    """Writes them into the manifest of an exported model, and its new hash into the registry. Raises ValueError where
    the registry lacks it."""
    registry_path = models / "registry.json"
    registry = json.loads(registry_path.read_text())
    entry = next((one for one in registry["models"] if one["id"] == model_id), None)
    if entry is None:
        raise ValueError(f"{registry_path}: has no model {model_id!r}")
    path = models / entry["path"]
    model = json.loads(path.read_text())
    manifest = model["userDefinedMetadata"]["mien"]
    read = manifest["input"]
    x = input_of(read["width"], read["height"], read["mean"], read["deviation"])
    packed = manifest["output"]["packed"]
    found = run(path.parent, "cpu", x, packed).outputs[packed]
    manifest["selfTest"] = points_json(found, manifest["output"].get("values", "points-spread-presence"))
    path.write_text(json.dumps(model, ensure_ascii=False, separators=(",", ":")))
    file = next(one for one in entry["files"] if one["path"] == entry["path"])
    file["bytes"] = path.stat().st_size
    file["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    registry_path.write_text(json.dumps(registry, indent=2, ensure_ascii=False) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+", metavar="MODEL_ID")
    parser.add_argument("--out", type=Path, default=MODELS, help="the app's models (default: %(default)s)")
    options = parser.parse_args()
    try:
        for model_id in options.models:
            add(options.out, model_id)
    except (OSError, ValueError, RuntimeError) as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
