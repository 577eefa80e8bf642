"""Measures a checkpoint on data sets, in crops from the true boxes, as the app would draw them.

python -m mien.evaluate CHECKPOINT.safetensors [--data DIR] [--sets NAME ...] [--held-out] [--json FILE]
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from torch import nn

from mien.batches import normalise, true_crops
from mien.checkpoints import load
from mien.config import Config
from mien.datasets import SHARED_DATA, DataError, Sample, load_gray, read_set
from mien.metrics import Metrics, Yardsticks, distances, inter_ocular, measure
from mien.models import unpack
from mien.packs import held_out
from mien.schemes import SCHEMES
from mien.transforms import apply, crop_picture


@torch.no_grad()
def predict(network: nn.Module, samples: list[Sample], config: Config) -> tuple[np.ndarray, list[float | None]]:
    """Points (N, P, 2) in image px and presence, 0..1, or None where the network does not tell it; one pass per face
    in the crop from its true box."""
    points, scores = [], []
    for sample in samples:
        affine = true_crops(torch.from_numpy(sample.points).unsqueeze(0), config)
        crop = crop_picture(load_gray(sample.image), affine[0].numpy(), config.input.size)
        x = normalise(torch.from_numpy(crop).float() / 255, config)
        found, _, logit = unpack(network(x.unsqueeze(0).unsqueeze(0)), config.head.values)
        points.append(apply(affine, found)[0].numpy())
        scores.append(None if logit is None else logit.sigmoid().item())
    return np.stack(points), scores


def evaluate(checkpoint: Path, data: Path, sets: list[str], only_held_out: bool = False) -> dict:
    """{"model", "crop", "metrics": [Metrics of each set with its name], "pictures": {set: [per face]}}. With
    `only_held_out`, of the people and pictures that the checkpoint's training left out. Raises ValueError naming a set
    that has none, or not the network's points."""
    network, config, card = load(checkpoint)
    scheme = SCHEMES[config.scheme]
    rows, pictures = [], {}
    for name in sets:
        samples = read_set(data, name)
        if only_held_out:
            samples = [sample for sample in samples if held_out(sample.subject, config.data.held_out)]
        if not samples:
            raise ValueError(f"{name}: no faces to measure")
        source = SCHEMES[samples[0].scheme]
        faces = np.stack([sample.points for sample in samples])
        truth = faces[:, list(scheme.among(source))]
        found, scores = predict(network, samples, config)
        yardsticks = Yardsticks.of(faces, inter_ocular(faces, source), config.input.crop_margin)
        title = f"{name} (held out)" if only_held_out else name
        rows.append({"dataSet": title, "crop": "truth", **measure(found, truth, yardsticks, scheme).as_dict()})
        nme = distances(found, truth).mean(1) / yardsticks.eyes * 100
        pictures[title] = [
            {"file": sample.image.name, "nmeInterOcularPct": float(error), "presence": score}
            for sample, error, score in zip(samples, nme, scores, strict=True)
        ]
    return {"model": card["id"], "crop": "truth", "metrics": rows, "pictures": pictures}


def table(rows: list[dict]) -> str:
    """The metrics as text, one line a data set."""
    titles = ["data set", "faces", "NME eyes %", "NME box %", "FR@8 %", "AUC@8 %", "MAE px@224"]
    keys = [field for field in Metrics.__dataclass_fields__ if field != "regions"]
    regions = list(rows[0]["regions"])
    lines = [[*titles, *regions]]
    for row in rows:
        values = [row[key] for key in keys[1:]] + [row["regions"][name] for name in regions]
        lines.append([row["dataSet"], str(row["images"]), *(f"{value:.2f}" for value in values)])
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    parser.add_argument("--sets", nargs="+", default=["300w/lfpw/testset"])
    parser.add_argument("--held-out", action="store_true", help="only people and pictures left out of the training")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    try:
        result = evaluate(options.checkpoint, options.data, options.sets, options.held_out)
    except (OSError, DataError, ValueError) as error:
        raise SystemExit(f"mien.evaluate: {error}") from error
    print(table(result["metrics"]))
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
