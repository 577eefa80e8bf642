"""A checkpoint as a tfjs model beside the app's others: model.json with its manifest, weights, the registry.

python -m mien.export CHECKPOINT.safetensors [--out ../static/models] [--weights float16|uint8]
                      [--metrics METRICS.json ...] [--default]
"""

import argparse
import dataclasses
import hashlib
import json
from pathlib import Path

from torch import nn

from mien.checkpoints import load
from mien.config import Config
from mien.graphdef import WEIGHT_FORMATS, write_model
from mien.metrics import read_metrics
from mien.models import cost
from mien.ops import Lowered, lower
from mien.origins import origins_of
from mien.pose import mean_shapes, upright_weights
from mien.schemes import SCHEMES, Scheme
from mien.self_test import points_of
from mien.spread import scale_spread

FORMAT_VERSION = 1
MODELS = Path(__file__).parents[2] / "static" / "models"


def scheme_json(scheme: Scheme, mean_face: list[list[float]] | None) -> dict:
    """The scheme as src/engine/types has it."""
    fields = dataclasses.asdict(scheme)
    return {
        "id": fields["id"],
        "pointCount": scheme.point_count,
        **{key: fields[key] for key in ("names", "groups", "edges", "mirror")},
        "normalisingPair": fields["normalising_pair"],
        "eyes": fields["eyes"],
        **({"notes": scheme.notes} if scheme.notes else {}),
        **({"uprightWeights": upright_weights(scheme).round(6).tolist()} if scheme.id in mean_shapes() else {}),
        **({"meanFace": mean_face} if mean_face else {}),
    }


def manifest(card: dict, config: Config, metrics: list[dict], module: nn.Module, graph: Lowered) -> dict:
    """`Manifest` of src/engine/types: what the app has to know of a model."""
    parameters, multiply_adds = cost(module, config.input.size)
    return {
        "formatVersion": FORMAT_VERSION,
        **{key: card[key] for key in ("id", "title", "family")},
        **({"classroom": True} if config.classroom else {}),
        "scheme": scheme_json(SCHEMES[card["scheme"]], card.get("meanFace")),
        "input": {
            "name": graph.input, "width": config.input.width, "height": config.input.height, "channels": 1,
            "mean": card["mean"], "deviation": card["deviation"],
        },
        "cropMargin": card["cropMargin"],
        "output": {
            "values": config.head.values,
            "packed": graph.output,
            **({"heatmaps": graph.heatmaps} if graph.heatmaps else {}),
        },
        "presenceThreshold": card["presenceThreshold"],
        "selfTest": points_of(
            module, config.input.width, config.input.height, card["mean"], card["deviation"], config.head.values
        ),
        **calibration_json(card),
        "parameters": parameters,
        "multiplyAdds": multiply_adds,
        "metrics": metrics,
        "provenance": {
            "config": json.dumps(card["config"], ensure_ascii=False),
            **{key: card[key] for key in ("dataSets", "seed", "commit", "date")},
            "origins": origins_of(card),
        },
    }  # fmt: skip


def calibration_json(card: dict) -> dict:
    """Shares of points within one and two spreads, as mien.calibrate found them; nothing where it did not run."""
    within = card.get("calibration", {}).get("withinAfter")
    return {"calibration": {"within1": within["1"], "within2": within["2"]}} if within else {}


def read_registry(models: Path) -> list[dict]:
    path = models / "registry.json"
    if not path.exists():
        return []
    registry = json.loads(path.read_text())
    if registry.get("formatVersion") != FORMAT_VERSION:
        raise ValueError(f"{path}: format version {registry.get('formatVersion')!r}, wanted {FORMAT_VERSION}")
    return registry["models"]


def write_registry(models: Path, entries: list[dict]) -> None:
    text = json.dumps({"formatVersion": FORMAT_VERSION, "models": entries}, indent=2, ensure_ascii=False)
    (models / "registry.json").write_text(text + "\n")


def register(models: Path, config: Config, card: dict, files: list[Path], default: bool) -> None:
    """Enters a model in registry.json: in the place it had, else last, or first as the app's default. The film of how
    it learned (mien.learning_film) is another run's now, and is left out until it is made again."""
    entry = {
        **{key: card[key] for key in ("id", "title", "family")},
        **({"classroom": True} if config.classroom else {}),
        "path": files[0].relative_to(models).as_posix(),
        "files": [
            {
                "path": file.relative_to(models).as_posix(),
                "bytes": file.stat().st_size,
                "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
            }
            for file in files
        ],
    }
    entries = read_registry(models)
    place = next((i for i, other in enumerate(entries) if other["id"] == card["id"]), len(entries))
    entries = [other for other in entries if other["id"] != card["id"]]
    entries.insert(0 if default else place, entry)
    write_registry(models, entries)


def export(
    checkpoint: Path,
    models: Path = MODELS,
    weights: str = "float16",
    default: bool = False,
    metrics: list[dict] | None = None,
) -> list[Path]:
    """Writes `models/<id>/` and the registry; returns the model's files, model.json first. `metrics` are rows of
    `Metric` as `mien.evaluate --json` writes them."""
    module, config, card = load(checkpoint)
    scale_spread(module, card.get("spreadScale", 1.0))
    height, width = config.input.size
    lowered = lower(module, (1, height, width))
    metadata = {"mien": manifest(card, config, metrics or [], module, lowered)}
    files = write_model(
        lowered.graph, models / card["id"], {lowered.input: (-1, height, width, 1)},
        {lowered.output: (-1, *lowered.shape)}, metadata, weights,
    )  # fmt: skip
    register(models, config, card, files, default)
    return files


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--out", type=Path, default=MODELS, help="the app's models (default: %(default)s)")
    parser.add_argument("--weights", choices=WEIGHT_FORMATS, default="float16")
    parser.add_argument(
        "--metrics", type=Path, nargs="+", default=[], help="what the evaluations wrote, for the manifest"
    )
    parser.add_argument("--default", action="store_true", help="make it the app's first choice")
    options = parser.parse_args()
    try:
        metrics = read_metrics(options.metrics)
        files = export(options.checkpoint, options.out, options.weights, options.default, metrics)
    except (OSError, ValueError) as error:
        parser.exit(1, f"{error}\n")
    for file in files:
        print(f"{file.stat().st_size:>10,} bytes  {file}")


if __name__ == "__main__":
    main()
