"""How well movements are told apart on real faces: `python -m mien.signals.faces FOUND.json [--network FILE]`.

`FOUND.json` is what `npm run expression` writes: the engine's points and signals of the faces in `labels.csv`. These
were labelled by eye, and nothing was trained or chosen on them. With `--network`, another network than the engine's
reads those points, with the mean face for the look at rest as in stills."""

import argparse
import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mien.signals.examples import inputs_of
from mien.signals.expression import read_layers, weights_of
from mien.signals.face import load_face
from mien.signals.fit import fit

LABELS = Path(__file__).with_name("labels.csv")
Values = dict[str, np.ndarray]  # a signal of each face (N,)


@dataclass(frozen=True)
class Label:
    face: tuple[str, str, str]  # picture and place
    movement: str
    shown: bool
    sought: bool  # proposed by the geometry of its labelled points, not drawn at random


def label_of(row: dict[str, str]) -> Label:
    face = row["picture"], row["x"], row["y"]
    return Label(face, row["movement"], row["shown"] == "1", row["drawn"] == "sought")


def read_labels(path: Path = LABELS) -> list[Label]:
    with path.open(newline="") as file:
        return [label_of(row) for row in csv.DictReader(file)]


def both(name: str) -> Callable[[Values], np.ndarray]:
    return lambda told: (told[f"{name}Left"] + told[f"{name}Right"]) / 2


# what tells each movement
MEASURES: dict[str, dict[str, Callable[[Values], np.ndarray]]] = {
    "smile": {"mouthSmile": both("mouthSmile"), "mouth.width": lambda told: told["mouth.width"]},
    "openMouth": {"jawOpen": lambda told: told["jawOpen"], "mouth.opening": lambda told: told["mouth.opening"]},
    "browsRaised": {
        "browOuterUp": both("browOuterUp"),
        "browInnerUp": lambda told: told["browInnerUp"],
        "brows.raise": lambda told: (told["brows.left"] + told["brows.right"]) / 2,
    },
    "browsLowered": {
        "browDown": both("browDown"),
        "brows.raise": lambda told: -(told["brows.left"] + told["brows.right"]) / 2,
    },
    "pucker": {
        "mouthPucker": lambda told: told["mouthPucker"],
        "mouthFunnel": lambda told: told["mouthFunnel"],
        "mouth.width": lambda told: -told["mouth.width"],
    },
    "wink": {
        "eyeBlink, one less the other": lambda told: np.abs(told["eyeBlinkLeft"] - told["eyeBlinkRight"]),
        "eyes, one less the other": lambda told: np.abs(told["eyes.left"] - told["eyes.right"]),
    },
    "eyesShut": {
        "eyeBlink": both("eyeBlink"),
        "eyes": lambda told: -(told["eyes.left"] + told["eyes.right"]) / 2,
    },
}


def auc(shown: np.ndarray, others: np.ndarray) -> float:
    """The chance that a face that shows the movement has more of it than one that does not."""
    difference = shown[:, None] - others[None]
    return float(((difference > 0) + (difference == 0) / 2).mean())


def signals_of(face: dict) -> dict[str, float]:
    """By flat names: `eyes.left`, `mouth.width`, and the movements of the expression."""
    flat = dict(face["signals"]["expression"])
    for group in ("eyes", "mouth", "brows"):
        flat |= {f"{group}.{name}": value for name, value in face["signals"].get(group, {}).items()}
    return flat


def told_by(network: Path, faces: list[dict]) -> Values:
    """Weights of each movement that another network tells of the engine's points."""
    points = np.array([np.reshape(face["points"], (68, 2)) for face in faces])
    fits = fit(load_face(), points, np.array([[face["width"], face["height"]] for face in faces], float))
    rest = np.broadcast_to(load_face().mean, fits.own.shape)
    names, layers = read_layers(network)
    weights = weights_of(inputs_of(fits.own, rest, fits.angles, np.zeros(len(faces))), layers)
    return dict(zip(names, weights.T, strict=True))


def table(labels: list[Label], told: dict[tuple, dict[str, float]]) -> list[tuple[str, str, int, int, float, float]]:
    """For each movement that has labels and measure that is there: faces with it and without, the area under the ROC
    curve against those drawn at random, and against the sought ones too. Faces that were not found are left out."""
    rows = []
    for movement, measures in MEASURES.items():
        known = [label for label in labels if label.movement == movement and label.face in told]
        if not known:
            continue
        values = {name: np.array([told[label.face].get(name, np.nan) for label in known]) for name in names_of(told)}
        shown = np.array([label.shown for label in known], bool)
        drawn = np.array([not label.sought for label in known], bool)
        for name, measure in measures.items():
            try:
                score = measure(values)
            except KeyError:
                continue  # a network without this movement
            areas = auc(score[shown], score[~shown & drawn]), auc(score[shown], score[~shown])
            rows.append((movement, name, int(shown.sum()), int((~shown & drawn).sum()), *areas))
    return rows


def names_of(told: dict[tuple, dict[str, float]]) -> list[str]:
    return sorted({name for signals in told.values() for name in signals})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("found", type=Path)
    parser.add_argument("--network", type=Path, help="as mien.signals.train writes it")
    options = parser.parse_args()
    stored = json.loads(options.found.read_text())
    faces = [face for face in stored["faces"] if face["signals"]]
    keys = [(face["picture"], str(face["x"]), str(face["y"])) for face in faces]
    told = dict(zip(keys, map(signals_of, faces), strict=True))
    if options.network:
        others = told_by(options.network, faces)
        for i, key in enumerate(keys):
            told[key] |= {name: float(values[i]) for name, values in others.items()}
    print(f"{stored['model']}: {len(faces)} of {len(stored['faces'])} labelled faces found")
    print(f"{'movement':13} {'measure':29} shown  random  AUC   with those sought")
    for movement, name, shown, others, area, hard in table(read_labels(), told):
        print(f"{movement:13} {name:29} {shown:5} {others:7}  {area:.3f} {hard:.3f}")


if __name__ == "__main__":
    main()
