"""Measures a checkpoint on data sets, in crops from the true boxes, as the app would draw them.

python -m mien.evaluate CHECKPOINT.safetensors [--data DIR] [--sets NAME ...] [--held-out] [--mean-face] [--json FILE]
"""

import argparse
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from mien.batches import normalise, true_crops
from mien.checkpoints import load
from mien.config import Config
from mien.datasets import SHARED_DATA, DataError, Sample, load_gray, read_set
from mien.metrics import Metrics, Yardsticks, distances, inter_ocular, measure
from mien.models import unpack
from mien.packs import held_out
from mien.schemes import SCHEMES
from mien.transforms import apply, crop_picture, invert

BATCH = 16
WORST = 8  # faces of each set whose points are told


def crops_of(samples: list[Sample], config: Config) -> tuple[Tensor, Tensor]:
    """(N, 1, H, W), what the network reads of each face's crop from its true box, and the crops' affines (N, 2, 3)."""
    affines = torch.cat([true_crops(torch.from_numpy(sample.points).unsqueeze(0), config) for sample in samples])
    pictures = (load_gray(sample.image) for sample in samples)
    crops = [crop_picture(picture, affine.numpy(), config.input.size)
             for picture, affine in zip(pictures, affines, strict=True)]  # fmt: skip
    return normalise(torch.from_numpy(np.stack(crops)).unsqueeze(1).float() / 255, config), affines


@torch.no_grad()
def in_batches(network: nn.Module, crops: Tensor) -> Tensor:
    """The packed vectors of any number of crops."""
    return torch.cat([network(part) for part in crops.split(BATCH)])


class Measured(NamedTuple):
    metrics: Metrics
    nme_pct: np.ndarray  # (N,)
    truth: np.ndarray  # (N, P, 2), crop units
    found: np.ndarray  # (N, P, 2), crop units


def measure_samples(found: Tensor, affines: Tensor, samples: list[Sample], config: Config) -> Measured:
    """From (N, P, 2) points in crop units. Raises ValueError where the samples have not the network's points."""
    scheme = SCHEMES[config.scheme]
    truth = np.stack([sample.points[list(scheme.among(SCHEMES[sample.scheme]))] for sample in samples])
    boxes = np.stack([[sample.points.min(0), sample.points.max(0)] for sample in samples])
    eyes = np.concatenate([inter_ocular(sample.points[None], SCHEMES[sample.scheme]) for sample in samples])
    yardsticks, points = Yardsticks.of(boxes, eyes, config.input.crop_margin), apply(affines, found).numpy()
    nme = distances(points, truth).mean(1) / yardsticks.eyes * 100
    in_crop = apply(invert(affines), torch.from_numpy(truth)).numpy()
    return Measured(measure(points, truth, yardsticks, scheme), nme, in_crop, found.numpy())


def evaluate(
    checkpoint: Path, data: Path, sets: list[str], only_held_out: bool = False, mean_face: bool = False
) -> dict:
    """{"model", "crop", "metrics": [Metrics of each set with its name], "pictures": {set: [per face]}}; the worst faces
    of each set come with their points, `truth` and `found` (P, 2) in crop units. With `only_held_out`, of the people
    and pictures that the checkpoint's training left out; with `mean_face`, of the mean face in the place of what the
    network finds. Raises ValueError naming a set that has no such faces, or not the network's points."""
    network, config, card = load(checkpoint)
    rows, pictures = [], {}
    for name in sets:
        samples = read_set(data, name)
        if only_held_out:
            samples = [sample for sample in samples if held_out(sample.subject, config.data.held_out)]
        if not samples:
            raise ValueError(f"{name}: no faces to measure")
        crops, affines = crops_of(samples, config)
        points, _, logits = unpack(in_batches(network, crops), config.head.values)
        if mean_face:
            points = torch.tensor(card["meanFace"]).expand_as(points)
        measured = measure_samples(points, affines, samples, config)
        title = f"{name} (held out)" if only_held_out else name
        rows.append({"dataSet": title, "crop": "truth", **measured.metrics.as_dict()})
        scores = [None] * len(samples) if logits is None else logits.sigmoid().tolist()
        pictures[title] = [
            {"file": sample.image.name, "nmeInterOcularPct": float(error), "presence": score}
            for sample, error, score in zip(samples, measured.nme_pct, scores, strict=True)
        ]
        for face in np.argsort(measured.nme_pct)[::-1][:WORST]:
            pictures[title][face] |= {
                "truth": measured.truth[face].round(4).tolist(), "found": measured.found[face].round(4).tolist()
            }  # fmt: skip
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
    parser.add_argument("--mean-face", action="store_true", help="what always guessing the mean face would score")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    try:
        result = evaluate(options.checkpoint, options.data, options.sets, options.held_out, options.mean_face)
    except (OSError, DataError, ValueError) as error:
        raise SystemExit(f"mien.evaluate: {error}") from error
    print(table(result["metrics"]))
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
