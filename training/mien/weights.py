"""Compares the weight formats a model can ship with: accuracy, size and speed, as tfjs runs them on wasm. What it finds
is printed and kept in the checkpoint's card.

python -m mien.weights CHECKPOINT.safetensors [--data DIR] [--sets NAME ...]
"""

import argparse
import json
import statistics
import tempfile
from pathlib import Path

from mien import tfjs
from mien.checkpoints import load, read_checkpoint, save_state
from mien.config import Config
from mien.crop_cache import held_out, read_samples
from mien.datasets import SHARED_DATA, Sample, read_set
from mien.evaluate import crops_of, measure_samples
from mien.export import export
from mien.graphdef import WEIGHT_FORMATS
from mien.models import unpack
from mien.validate import MACHINE_LABELLED

BACKEND = "wasm"
HELD_OUT = "held out"


def held_out_samples(config: Config, data: Path) -> list[Sample]:
    """The held-out faces that count where all are taken together."""
    samples = [s for s in read_samples(config.data, data) if held_out(s, config.data.held_out)]
    return [sample for sample in samples if sample.data_set != MACHINE_LABELLED] or samples


def compare(checkpoint: Path, data: Path, sets: list[str]) -> list[dict]:
    """{"weights", "bytes", "msPerFace", "startMs", "nmePct": {set: NME}} for each format: all files together, the
    median processor time of one face and that of loading and running for the first time, and errors in crops from true
    boxes, of the held-out faces and of `sets`, which are only told and not chosen by."""
    _, config, _ = load(checkpoint)
    faces = {HELD_OUT: held_out_samples(config, data)} | {name: read_set(data, name) for name in sets}
    inputs = {name: crops_of(samples, config) for name, samples in faces.items()}
    rows = []
    for weights in WEIGHT_FORMATS:
        with tempfile.TemporaryDirectory() as folder:
            files = export(checkpoint, Path(folder), weights)
            node = json.loads(files[0].read_text())["userDefinedMetadata"]["mien"]["output"]["packed"]
            ran = {
                name: tfjs.run(files[0].parent, BACKEND, crops, node, batch=1) for name, (crops, _) in inputs.items()
            }
            size = sum(file.stat().st_size for file in files)
        errors = {}
        for name, samples in faces.items():
            points = unpack(ran[name].outputs[node], config.head.values).points
            errors[name] = measure_samples(points, inputs[name][1], samples, config).metrics.nmeInterOcularPct
        first = ran[HELD_OUT]
        rows.append({
            "weights": weights, "bytes": size, "msPerFace": statistics.median(first.ms), "startMs": first.start_ms,
            "nmePct": errors,
        })  # fmt: skip
    return rows


def table(rows: list[dict]) -> str:
    """As Markdown."""
    sets = list(rows[0]["nmePct"])
    titles = ["weights", "kB", "ms a face", "ms to start", *(f"NME {name} %" for name in sets)]
    lines = ["| " + " | ".join(titles) + " |", "|---" + "|---:" * (len(titles) - 1) + "|"]
    for row in rows:
        numbers = [f"{row['bytes'] / 1000:,.0f}", f"{row['msPerFace']:.1f}", f"{row['startMs']:.0f}"]
        errors = [f"{row['nmePct'][name]:.3f}" for name in sets]
        lines.append("| " + " | ".join([row["weights"], *numbers, *errors]) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    parser.add_argument("--sets", nargs="*", default=["300w/lfpw/testset"], help="told beside the held-out faces")
    options = parser.parse_args()
    try:
        rows = compare(options.checkpoint, options.data, options.sets)
        state, card = read_checkpoint(options.checkpoint)
        save_state(options.checkpoint, state, {**card, "weights": rows})
    except (OSError, ValueError, RuntimeError) as error:
        raise SystemExit(f"mien.weights: {error}") from error
    print(table(rows))


if __name__ == "__main__":
    main()
