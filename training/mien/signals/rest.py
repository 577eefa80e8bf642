"""What a person's look at rest adds to what is told of real faces: `python -m mien.signals.rest CHECKPOINT | FOUND.json
[--network FILE]`.

`rest-labels.csv` has several pictures of each person, in one of which the face is at rest. They were labelled by eye,
and nothing was trained or chosen on them. Each movement is told by the mean face, as in stills, and by the person's own
look at rest, as after `engine.calibrate()`. The points are those that a network finds in crops about the labelled
ones. `FOUND.json` is what `npm run expression -- --rest` writes: what the engine itself tells before and after."""

import argparse
import csv
import json
from pathlib import Path

import numpy as np
import torch

from mien.datasets import SHARED_DATA, Sample, read_set
from mien.signals.examples import inputs_of
from mien.signals.expression import EXPRESSION, read_layers, weights_of
from mien.signals.face import load_face
from mien.signals.faces import Label, label_of, signals_of, table
from mien.signals.fit import Fits, fit
from mien.signals.noise import found_points
from mien.signals.people import MOUTH, between

LABELS = Path(__file__).with_name("rest-labels.csv")
REST = "rest"  # the movement of the picture with the face at rest
FRAME = 640.0, 480.0  # px, into which the faces are laid: pictures are cut about them, each differently
FACE_PX = 220.0  # larger side of a face's box there
BROWS, EYES = slice(17, 27), slice(36, 48)

Pairs = list[tuple[Label, str]]  # each label with the picture of the same person at rest


def read_pairs(path: Path = LABELS) -> Pairs:
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    rests = {row["person"]: row["picture"] for row in rows if row["movement"] == REST}
    return [(label_of(row), rests[row["person"]]) for row in rows if row["movement"] != REST]


def samples_of(data: Path, pictures: list[str]) -> list[Sample]:
    sets = sorted({picture.rpartition("/")[0] for picture in pictures})
    samples = {sample.image: sample for name in sets for sample in read_set(data, name)}
    return [samples[data / picture] for picture in pictures]


def framed(points: np.ndarray) -> np.ndarray:
    """Faces (N, 68, 2) as large as each other in the middle of the frame."""
    low, high = points.min(1, keepdims=True), points.max(1, keepdims=True)
    scale = FACE_PX / (high - low).max(2, keepdims=True)
    return (points - (low + high) / 2) * scale + np.array(FRAME) / 2


def told_by(network: Path, fits: Fits, rest: np.ndarray, known: float) -> list[dict[str, float]]:
    """Of N faces by their looks at rest (N, 68, 3), known so well."""
    names, layers = read_layers(network)
    weights = weights_of(inputs_of(fits.own, rest, fits.angles, np.full(len(rest), known)), layers)
    widths = between(fits.own, MOUTH) / between(rest, MOUTH)
    return [
        {"mouth.width": float(width), **dict(zip(names, map(float, row), strict=True))}
        for width, row in zip(widths, weights, strict=True)
    ]


def brow_heights(own: np.ndarray) -> np.ndarray:
    """Over the eyes, cm (N,)."""
    return own[:, BROWS, 1].mean(1) - own[:, EYES, 1].mean(1)


def changes(pairs: Pairs, movement: str, values: dict[str, float]) -> dict[bool, np.ndarray]:
    """How much more of a value the faces with and without the movement have than the same people at rest."""
    found: dict[bool, list[float]] = {True: [], False: []}
    for label, rest in pairs:
        if label.movement == movement:
            found[label.shown].append(values[label.face[0]] - values[rest])
    return {shown: np.array(some) for shown, some in found.items()}


def fitted(points: np.ndarray) -> Fits:
    return fit(load_face(), framed(points), np.tile(np.array(FRAME), (len(points), 1)))


def tables(pairs: Pairs, pictures: list[str], fits: Fits, network: Path) -> tuple[list[tuple], list[tuple]]:
    """`mien.signals.faces.table` by the mean face, and by each person's own look at rest."""
    at = {picture: i for i, picture in enumerate(pictures)}
    faces = list(dict.fromkeys((label.face, rest) for label, rest in pairs))
    seen = Fits(*(values[[at[face[0]] for face, _ in faces]] for values in vars(fits).values()))
    own = fits.own[[at[rest] for _, rest in faces]]
    labels, keys = [label for label, _ in pairs], [face for face, _ in faces]
    mean, shown = (
        table(labels, dict(zip(keys, told_by(network, seen, rest, known), strict=True)))
        for rest, known in ((np.broadcast_to(load_face().mean, own.shape), 0.0), (own, 1.0))
    )
    return mean, shown


def tables_of_engine(pairs: Pairs, found: list[dict], network: Path | None) -> tuple[list[tuple], list[tuple]]:
    """The same of what the engine told before and after it was calibrated, and another network of the engine's points;
    without faces that it lost."""
    labels = [label for label, _ in pairs]
    faces = [face for face in found if face["signals"] and face["calibrated"] and face["calibrated"]["signals"]]
    keys = [(face["picture"], str(face["x"]), str(face["y"])) for face in faces]
    seen, after = faces, [face["calibrated"] for face in faces]
    told = [[signals_of(face) for face in some] for some in (seen, after)]
    if network:
        points = [np.array([np.reshape(face["points"], (68, 2)) for face in some]) for some in (seen, after)]
        rest = fitted(np.array([np.reshape(face["rest"], (68, 2)) for face in after])).own
        mean = np.broadcast_to(load_face().mean, rest.shape)
        others = [told_by(network, fitted(points[0]), mean, 0.0), told_by(network, fitted(points[1]), rest, 1.0)]
        for some, by_other in zip(told, others, strict=True):
            for one, other in zip(some, by_other, strict=True):
                one |= other
    before, calibrated = (table(labels, dict(zip(keys, some, strict=True))) for some in told)
    print(f"{len(faces)} of {len(found)} faces found before and after")
    return before, calibrated


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("points", type=Path, help="a checkpoint, or what the engine found")
    parser.add_argument("--network", type=Path, help="as mien.signals.train writes it; else the engine's")
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    options = parser.parse_args()
    torch.set_num_threads(1)
    pairs = read_pairs()
    if options.points.suffix == ".json":
        found = json.loads(options.points.read_text())["faces"]
        print_tables(*tables_of_engine(pairs, found, options.network))
        return
    pictures = sorted({picture for label, rest in pairs for picture in (label.face[0], rest)})
    points = found_points(options.points, samples_of(options.data, pictures))
    report(pairs, pictures, fitted(points.astype(float)), options.network or EXPRESSION)


def print_tables(mean: list[tuple], own: list[tuple]) -> None:
    print("area under the ROC curve, in brackets with the sought faces that do not show the movement")
    print(f"{'movement':13} {'measure':29} shown  random  by the mean face  by their own at rest")
    for row, other in zip(mean, own, strict=True):
        movement, name, shown, random = row[:4]
        areas = "  ".join(f"{area:9.3f} ({hard:.3f})" for area, hard in (row[4:], other[4:]))
        print(f"{movement:13} {name:29} {shown:5} {random:7}  {areas}")


def report(pairs: Pairs, pictures: list[str], fits: Fits, network: Path) -> None:
    rests = {rest for _, rest in pairs}
    print(f"{len({label.face for label, _ in pairs})} faces of {len(rests)} people")
    print_tables(*tables(pairs, pictures, fits, network))
    print("cm from the look at rest with the movement, and without; how far people at rest differ")
    heights, widths = brow_heights(fits.own), between(fits.own, MOUTH)
    for movement, name, of in (
        ("browsLowered", "brows' height", heights),
        ("browsRaised", "brows' height", heights),
        ("pucker", "mouth's width", widths),
    ):
        values = dict(zip(pictures, map(float, of), strict=True))
        change, at_rest = changes(pairs, movement, values), [values[rest] for rest in rests]
        both = "  ".join(f"{change[shown].mean():+.2f} ± {change[shown].std():.2f}" for shown in (True, False))
        print(f"{movement:13} {name:14} {both}  ± {np.std(at_rest):.2f}")


if __name__ == "__main__":
    main()
