"""Measures a checkpoint on data sets, in crops from the true boxes, as the app would draw them.

python -m mien.evaluate CHECKPOINT.safetensors [--data DIR] [--sets NAME ...] [--held-out] [--mirrored] [--mean-face]
                        [--json FILE]
"""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from mien.batches import normalise, true_crops
from mien.checkpoints import load
from mien.config import Config
from mien.crop_cache import held_out, span_of
from mien.datasets import SHARED_DATA, TRAINING_PARTS, DataError, Sample, load_gray, read_set
from mien.metrics import Metrics, Yardsticks, distances, inner_box_pct, inter_ocular, mean_over, measure, overall
from mien.models import unpack
from mien.pose import yaw_bin_masks, yaw_deg
from mien.schemes import SCHEMES
from mien.transforms import apply, crop_picture, invert
from mien.validate import placed_by

BATCH = 16
TEST_SETS = ("300w/lfpw/testset",)
HELD_OUT_SETS = (*TRAINING_PARTS, "cfp/profile", "cfp/frontal", "aflw2000_rest")  # a part of each is held out
WORST = 8  # faces of each set whose points are told


def crops_at(pictures: Iterable[np.ndarray], affines: Tensor, config: Config) -> Tensor:
    """(N, 1, H, W), what the network reads of crops of grey pictures (H, W), one each, where (N, 2, 3) affines say."""
    crops = [crop_picture(picture, affine.numpy(), config.input.size)
             for picture, affine in zip(pictures, affines, strict=True)]  # fmt: skip
    return normalise(torch.from_numpy(np.stack(crops)).unsqueeze(1).float() / 255, config)


def crops_of(samples: list[Sample], config: Config) -> tuple[Tensor, Tensor]:
    """(N, 1, H, W), what the network reads of each face's crop from its true box, and the crops' affines (N, 2, 3)."""
    affines = torch.cat([true_crops(torch.from_numpy(span_of(sample)).unsqueeze(0), config) for sample in samples])
    return crops_at((load_gray(sample.image) for sample in samples), affines, config), affines


@torch.no_grad()
def in_batches(network: nn.Module, crops: Tensor) -> Tensor:
    """The packed vectors of any number of crops."""
    return torch.cat([network(part) for part in crops.split(BATCH)])


def with_mirrored(points: Tensor, network: nn.Module, crops: Tensor, config: Config) -> Tensor:
    """(N, P, 2) points of the crops in crop units, averaged with those that the network finds in the mirrored crops, as
    the app does in stills."""
    found = unpack(in_batches(network, crops.flip(-1)), config.head.values).points[
        :, list(SCHEMES[config.scheme].mirror)
    ]
    return (points + torch.stack([1 - found[..., 0], found[..., 1]], -1)) / 2


class Measured(NamedTuple):
    metrics: Metrics
    nme_pct: np.ndarray  # (N,), over the eye distance; nan where a face's label lacks an outer eye corner
    box_pct: np.ndarray  # (N,), over the square root of the box's area
    inner_pct: np.ndarray  # (N,), the same of all points but the jaw's
    yaw_deg: np.ndarray  # (N,), of the labels; nan where the scheme has no mean face in three dimensions
    truth: np.ndarray  # (N, P, 2), crop units
    found: np.ndarray  # (N, P, 2), crop units


def measure_samples(found: Tensor, affines: Tensor, samples: list[Sample], config: Config) -> Measured:
    """From (N, P, 2) points in crop units. Labels whose place is uncertain are first laid over the points by a scale
    and two shifts: of them the shape alone is measured. Raises ValueError where the samples have not the network's
    points."""
    scheme = SCHEMES[config.scheme]
    truth = np.stack([sample.points[list(scheme.among(SCHEMES[sample.scheme]))] for sample in samples])
    spans = [span_of(sample) for sample in samples]
    boxes = np.stack([[span.min(0), span.max(0)] for span in spans])
    eyes = np.concatenate([inter_ocular(sample.points[None], SCHEMES[sample.scheme]) for sample in samples])
    yardsticks, points = Yardsticks.of(boxes, eyes, config.input.crop_margin), apply(affines, found).numpy()
    truth = placed_by(points, truth, np.array([not sample.placed for sample in samples]))
    error = mean_over(distances(points, truth), 1) * 100
    return Measured(
        metrics=measure(points, truth, yardsticks, scheme),
        nme_pct=error / yardsticks.eyes,
        box_pct=error / yardsticks.box,
        inner_pct=inner_box_pct(points, truth, yardsticks.box, scheme),
        yaw_deg=yaw_deg(truth, scheme),
        truth=apply(invert(affines), torch.from_numpy(truth)).numpy(),
        found=found.numpy(),
    )


def yaw_bins(measured: Measured, missed: np.ndarray) -> list[dict]:
    """Errors and misses (N,) of the faces in each bin of |yaw| that has some, as `--json` stores them."""
    values = {
        "nmeInterOcularPct": measured.nme_pct, "nmeBoxPct": measured.box_pct, "nmeInnerBoxPct": measured.inner_pct,
    }  # fmt: skip
    return [
        {
            "yawDeg": name, "images": int(which.sum()), "misses": int(missed[which].sum()),
            **{key: overall(value[which]) for key, value in values.items()},
        }
        for name, which in yaw_bin_masks(measured.yaw_deg).items()
        if which.any()
    ]  # fmt: skip


def told(value: float) -> float | None:
    """A number for JSON, which has no `nan`."""
    return float(value) if np.isfinite(value) else None


def evaluate(
    checkpoint: Path,
    data: Path,
    sets: list[str],
    only_held_out: bool = False,
    mean_face: bool = False,
    mirrored: bool = False,
) -> dict:
    """{"model", "crop", "metrics": [Metrics of each set with its name], "pictures": {set: [per face]}}. A set's
    `misses` are the faces whose presence lies below the network's threshold: they count in the means all the same, as
    their crops come from true boxes. Its `yawBins` tell errors and misses by the yaw of the labels. The worst faces of
    each set come with their points, `truth` and `found` (P, 2) in crop units. With `only_held_out`, of the people
    and pictures that the checkpoint's training left out; with `mean_face`, of the mean face in the place of what the
    network finds; with `mirrored`, of the means of each crop and its mirror image. Raises ValueError naming
    a set that has no such faces, or not the network's points."""
    network, config, card = load(checkpoint)
    rows, pictures = [], {}
    for name in sets:
        samples = read_set(data, name)
        if only_held_out:
            samples = [sample for sample in samples if held_out(sample, config.data.held_out)]
        if not samples:
            raise ValueError(f"{name}: no faces to measure")
        crops, affines = crops_of(samples, config)
        points, _, logits, _ = unpack(in_batches(network, crops), config.head.values)
        if mirrored:
            points = with_mirrored(points, network, crops, config)
        if mean_face:
            points = torch.tensor(card["meanFace"]).expand_as(points)
        measured = measure_samples(points, affines, samples, config)
        title = f"{name} (held out)" if only_held_out else name
        scores = np.full(len(samples), np.nan) if logits is None else logits.sigmoid().double().numpy()
        missed = scores < card["presenceThreshold"]
        rows.append({"dataSet": title, "crop": "truth", **measured.metrics.as_dict(),
                     "misses": int(missed.sum()), "yawBins": yaw_bins(measured, missed),
                     **({} if all(sample.placed for sample in samples) else {"shapeOnly": True})})  # fmt: skip
        pictures[title] = [
            {
                "file": sample.image.name,
                "nmeInterOcularPct": told(measured.nme_pct[i]),
                "nmeBoxPct": told(measured.box_pct[i]),
                "nmeInnerBoxPct": told(measured.inner_pct[i]),
                "yawDeg": told(round(measured.yaw_deg[i], 1)),
                "presence": told(scores[i]),
                "missed": bool(missed[i]),
            }
            for i, sample in enumerate(samples)
        ]
        for face in np.argsort(measured.inner_pct)[::-1][:WORST]:
            pictures[title][face] |= {key: listed(points[face]) for key, points in
                                      (("truth", measured.truth), ("found", measured.found))}  # fmt: skip
    return {"model": card["id"], "crop": "truth", "metrics": rows, "pictures": pictures}


def listed(points: np.ndarray) -> list[list[float] | None]:
    """(P, 2) points for JSON; null for one that has no label."""
    return [point.round(4).tolist() if np.isfinite(point).all() else None for point in points]


COLUMNS = {
    "NME eyes %": "nmeInterOcularPct", "NME box %": "nmeBoxPct", "inner/box %": "nmeInnerBoxPct",
    "FR@8 %": "failureRate8Pct", "AUC@8 %": "auc8Pct", "MAE px@224": "maePx224",
}  # fmt: skip


def table(rows: list[dict]) -> str:
    """The metrics as text: one line a data set, and under it one for each bin of yaw where there are several."""
    regions = list(dict.fromkeys(name for row in rows for name in row["regions"]))
    lines = [["data set", "faces", "missed", *COLUMNS, *regions]]
    for row in rows:
        values = [row[key] for key in COLUMNS.values()] + [row["regions"].get(name) for name in regions]
        name = f"{row['dataSet']}, shape only" if row.get("shapeOnly") else row["dataSet"]
        lines.append([name, str(row["images"]), str(row["misses"]), *map(figure, values)])
        for part in row["yawBins"] if len(row["yawBins"]) > 1 else []:
            values = [part.get(key) for key in COLUMNS.values()] + [None] * len(regions)
            lines.append([f"  yaw {part['yawDeg']}°", str(part["images"]), str(part["misses"]), *map(figure, values)])
    return table_text(lines)


def table_text(lines: list[list[str]]) -> str:
    """Rows of cells as text: the first column to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )


def figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    parser.add_argument(
        "--sets", nargs="+",
        help=f"default: {', '.join(TEST_SETS)}; with --held-out {', '.join(HELD_OUT_SETS)}",
    )  # fmt: skip
    parser.add_argument("--held-out", action="store_true", help="only people and pictures left out of the training")
    parser.add_argument(
        "--mirrored", action="store_true", help="each crop seen in the mirror too, as the app's stills are"
    )
    parser.add_argument("--mean-face", action="store_true", help="what always guessing the mean face would score")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    sets = options.sets or list(HELD_OUT_SETS if options.held_out else TEST_SETS)
    try:
        result = evaluate(options.checkpoint, options.data, sets, options.held_out, options.mean_face, options.mirrored)
    except (OSError, DataError, ValueError) as error:
        raise SystemExit(f"mien.evaluate: {error}") from error
    print(table(result["metrics"]))
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
