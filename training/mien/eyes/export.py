"""The eye network as a tfjs model: `python -m mien.eyes.export CHECKPOINT.safetensors [--out ../static/models]`.

It stands beside the app's models and in no registry, since nobody chooses it: the engine names its files with their
sizes and SHA-256, which this prints."""

import argparse
import hashlib
import json
from pathlib import Path

from mien.export import FORMAT_VERSION, MODELS, scheme_json
from mien.eyes.checkpoint import load_eye
from mien.eyes.network import EYE7, HEIGHT, SIZE, VALUES, WIDTH
from mien.graphdef import write_model
from mien.models import cost
from mien.ops import lower
from mien.self_test import points_of


def export_eye(checkpoint: Path, models: Path = MODELS) -> list[Path]:
    """Writes `models/eye/` and returns its files, model.json first."""
    network, card = load_eye(checkpoint)
    lowered = lower(network, (1, HEIGHT, WIDTH))
    parameters, multiply_adds = cost(network, SIZE)
    read = {"mean": card["mean"], "deviation": card["deviation"]}
    manifest = {
        "formatVersion": FORMAT_VERSION,
        **{key: card[key] for key in ("id", "title", "family")},
        "scheme": scheme_json(EYE7, None),
        "input": {"name": lowered.input, "width": WIDTH, "height": HEIGHT, "channels": 1, **read},
        "cropMargin": card["cropMargin"],
        "output": {"values": VALUES, "packed": lowered.output},
        "presenceThreshold": card["presenceThreshold"],
        "selfTest": points_of(network, WIDTH, HEIGHT, *read.values(), VALUES),
        "parameters": parameters,
        "multiplyAdds": multiply_adds,
        "metrics": [],
        "provenance": {
            "config": json.dumps(card["config"]),
            **{key: card[key] for key in ("dataSets", "seed", "commit", "date")},
            "origins": [],
        },
    }
    return write_model(
        lowered.graph, models / card["id"], {lowered.input: (-1, HEIGHT, WIDTH, 1)},
        {lowered.output: (-1, *lowered.shape)}, {"mien": manifest}, "float16",
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--out", type=Path, default=MODELS, help="the app's models (default: %(default)s)")
    options = parser.parse_args()
    try:
        files = export_eye(options.checkpoint, options.out)
    except (OSError, ValueError) as error:
        raise SystemExit(f"mien.eyes.export: {error}") from error
    for file in files:
        print(f"{file.stat().st_size:>10,} bytes  {hashlib.sha256(file.read_bytes()).hexdigest()}  {file}")


if __name__ == "__main__":
    main()
