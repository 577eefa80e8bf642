"""How well the eye network finds irises and lids, and tells open eyes from shut ones:
`python -m mien.eyes.evaluate CHECKPOINT.safetensors [--faces FACE_NETWORK.safetensors ...] [--data DATA]`.

Irises are those of `pupils.csv`, which were placed by eye and never trained on; patches are placed by the points of a
face network, as the engine places them."""

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor, nn

from mien.checkpoints import load
from mien.datasets import SHARED_DATA, Sample, load_gray, picture_beside, read_pts
from mien.evaluate import crops_of, in_batches
from mien.eyes.batches import normalise
from mien.eyes.checkpoint import load_eye
from mien.eyes.network import SIZE, VALUES
from mien.eyes.patches import LEFT, RIGHT, eye_affines, openings
from mien.models import LandmarkNetwork, unpack
from mien.openings import CLOSINGS, open_eyed
from mien.schemes import IBUG68
from mien.shut_eyes import shut
from mien.signals.faces import auc, read_labels
from mien.signals.pupils import LABELS, eye_frame, read_pupils
from mien.transforms import apply, crop_picture

EYES = {"right": RIGHT, "left": LEFT}
FACES = tuple(Path(__file__).parents[2] / "checkpoints" / f"{name}.safetensors" for name in ("lite", "resnet"))
HELD_OUT = Path(__file__).with_name("held-out.csv")  # irises placed by eye in held-out pictures, to choose by
HALF = 0.5  # presence from which an eye is called open
SMALL_PX = 20, 12  # widths of eyes in pictures made smaller


@dataclass(frozen=True)
class Told:
    """Of both eyes of N faces, the person's right one first; places in px of the pictures."""

    points: np.ndarray  # (N, 2, 7, 2)
    presence: np.ndarray  # (N, 2) 0..1


def face_points(network: nn.Module, config, samples: list[Sample]) -> Tensor:
    """(N, 68, 2) px, as a face network finds them in crops from the true boxes."""
    crops, affines = crops_of(samples, config)
    return apply(affines, unpack(in_batches(network.eval(), crops), config.head.values).points)


@torch.no_grad()
def look(network: LandmarkNetwork, pictures: Iterable[np.ndarray], faces: Tensor) -> Told:
    """What the eye network says of pictures (H, W) uint8 with points (N, 68, 2) px."""
    affines = eye_affines(faces).flatten(0, 1)
    patches = [
        crop_picture(picture, affines[2 * i + eye].numpy(), SIZE)
        for i, picture in enumerate(pictures)
        for eye in (0, 1)
    ]
    told = unpack(in_batches(network, normalise(torch.from_numpy(np.stack(patches))[:, None].float() / 255)), VALUES)
    points = apply(affines, told.points).unflatten(0, (-1, 2))
    return Told(points.numpy(), told.presence.sigmoid().unflatten(0, (-1, 2)).numpy())


def smaller(picture: np.ndarray, factor: float) -> np.ndarray:
    """Shrunk by area, as a camera farther away sees it."""
    size = max(1, round(picture.shape[1] * factor)), max(1, round(picture.shape[0] * factor))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)


def irises(
    network: LandmarkNetwork, face: Path, data: Path, eye_px: float | None = None, placed: Path = LABELS
) -> dict[str, np.ndarray]:
    """Errors in eye widths over the eyes of a file such as `pupils.csv`, each in a picture made so small that the eye
    is `eye_px` wide. The face network sees the picture as it is."""
    pupils = read_pupils(placed)
    labels = {pupil.picture: read_pts((data / pupil.picture).with_suffix(".pts")) for pupil in pupils}
    samples = [
        Sample(picture_beside((data / picture).with_suffix(".pts")), points, "pupils", picture)
        for picture, points in labels.items()
    ]
    module, config, _ = load(face)
    found = dict(zip(labels, face_points(module, config, samples), strict=True))
    errors, presence = [], []
    for pupil in pupils:
        picture = load_gray(data / pupil.picture)
        axes, width = eye_frame(labels[pupil.picture][list(EYES[pupil.eye])].astype(float))
        if pupil.eye == "left":
            axes = axes * [[1], [-1]]  # down, also where the order of the points is a mirrored one
        factor = 1.0 if eye_px is None else eye_px / width
        small = picture if eye_px is None else smaller(picture, factor)
        exact = torch.tensor([small.shape[1] / picture.shape[1], small.shape[0] / picture.shape[0]])
        told = look(network, [small], (found[pupil.picture] * exact)[None].float())
        side = list(EYES).index(pupil.eye)
        errors.append(axes @ (told.points[0, side, 0] / exact.numpy() - pupil.place) / width)
        presence.append(told.presence[0, side])
    errors = np.array(errors)
    return {
        "iris": np.linalg.norm(errors, axis=1), "along": np.abs(errors[:, 0]), "down": np.abs(errors[:, 1]),
        "signed": errors, "presence": np.array(presence),
    }  # fmt: skip


def lids_of(points: np.ndarray) -> np.ndarray:
    """(N, 68, 2) to the lids of both eyes (N, 2, 6, 2), the outer corner first."""
    return np.stack([points[:, list(RIGHT)], points[:, list(LEFT)]], 1)


def lid_errors(found: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """(N, 2) mean distance of lids (N, 2, 6, 2) over the eye's width."""
    width = np.linalg.norm(truth[..., 3, :] - truth[..., 0, :], axis=-1)
    return np.linalg.norm(found - truth, axis=-1).mean(-1) / width


def drawn_shut(network: LandmarkNetwork, face: Path, data: Path) -> None:
    """Prints lids' errors beside the face network's, openings of eyes that are shut in the picture, and the area under
    the ROC curve of presence, on held-out faces with open eyes."""
    samples = open_eyed(data)
    module, config, _ = load(face)
    found, truth = face_points(module, config, samples), np.stack([sample.points for sample in samples])
    pictures = [load_gray(sample.image) for sample in samples]
    told = look(network, pictures, found)
    before = told_openings(told)
    own, other = lid_errors(told.points[:, :, 1:], lids_of(truth)), lid_errors(lids_of(found.numpy()), lids_of(truth))
    print(f"{len(samples)} held-out faces, lids' error in eye widths, median and 90 %:")
    print(f"  eye {spread(own)}; {face.stem} {spread(other)}")
    for name, closing in CLOSINGS.items():
        shut_told = look(network, list(shut_pictures(pictures, truth, closing)), found)
        ratio, chosen = told_openings(shut_told) / before, np.array(closing) == 1
        line = f"  {name}: opening found over that of the open eye {spread(ratio[:, 0])}"
        if chosen.any():
            closed = shut_told.presence[:, chosen]
            line += f"; presence AUC {auc(told.presence.ravel(), closed.ravel()):.4f}, "
            line += f"called open {share(closed > HALF)}, open ones called shut {share(told.presence < HALF)}"
        print(line, flush=True)


def shut_pictures(pictures: list[np.ndarray], points: np.ndarray, closing: tuple[float, float]) -> Iterable[np.ndarray]:
    """The pictures (H, W) uint8 with the eyes shut as far, at their full resolution."""
    for picture, places in zip(pictures, points, strict=True):
        size = torch.tensor([picture.shape[1], picture.shape[0]])
        whole = torch.from_numpy(picture)[None, None].float()
        drawn, _ = shut(
            whole, (torch.from_numpy(places) / size)[None].float(), IBUG68.eyes or (), torch.tensor([closing])
        )
        yield drawn[0, 0].round().clamp(0, 255).byte().numpy()


def spread(values: np.ndarray) -> str:
    return f"{np.median(values):.3f} {np.quantile(values, 0.9):.3f}"


def really_shut(network: LandmarkNetwork, face: Path, data: Path) -> None:
    """Prints the area under the ROC curve of presence on the faces of `labels.csv` labelled as shutting their eyes,
    against those that do not and were drawn at random, and of the difference of both eyes on those that wink."""
    module, config, _ = load(face)
    for movement in ("eyesShut", "wink"):
        labels = [label for label in read_labels() if label.movement == movement]
        samples = [labelled(data, label.face) for label in labels]
        shown, drawn = (np.array([getattr(label, name) for label in labels]) for name in ("shown", "sought"))
        others = ~shown & ~drawn
        found = face_points(module, config, samples)
        told = look(network, (load_gray(sample.image) for sample in samples), found)
        gap = told_openings(told)
        scores = {"presence": -told.presence.mean(1), "opening": -gap.mean(1)}
        if movement == "wink":
            scores = {"presence": np.abs(np.diff(told.presence)[:, 0]), "opening": np.abs(np.diff(gap)[:, 0])}
        areas = ", ".join(f"{name} AUC {auc(score[shown], score[others]):.3f}" for name, score in scores.items())
        line = f"{movement}, {shown.sum()} faces against {others.sum()}: {areas}"
        if movement == "eyesShut":
            line += f"; eyes called open {share(told.presence[shown] > HALF)}, "
            line += f"open ones called shut {share(told.presence[others] < HALF)}"
        print(line, flush=True)


def told_openings(told: Told) -> np.ndarray:
    """(N, 2) gaps of the lids over the eyes' widths."""
    return openings(torch.from_numpy(told.points[:, :, 1:]).flatten(0, 1)).unflatten(0, (-1, 2)).numpy()


def share(values: np.ndarray) -> str:
    return f"{values.mean():.3f}"


def labelled(data: Path, face: tuple[str, str, str]) -> Sample:
    """The labelled face of a picture that lies at a place."""
    picture = data / face[0]
    paths = {picture.with_suffix(".pts"), *picture.parent.glob(f"{picture.stem}_?.pts")}
    here = np.array([float(face[1]), float(face[2])])
    faces = [read_pts(path) for path in sorted(paths) if path.exists()]
    points = min(faces, key=lambda points: np.linalg.norm(np.nanmean(points, 0) - here))
    return Sample(picture, points, "labels", face[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--faces", type=Path, nargs="+", default=FACES)
    parser.add_argument("--choose", action="store_true", help="measure the irises of held-out.csv alone")
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    options = parser.parse_args()
    torch.set_num_threads(1)
    network, _ = load_eye(options.checkpoint)
    for face in options.faces:
        for eye_px in (None,) if options.choose else (None, *SMALL_PX):
            found = irises(network, face, options.data, eye_px, HELD_OUT if options.choose else LABELS)
            said = "; ".join(f"{name} {spread(found[name])}" for name in ("iris", "along", "down"))
            bias = " ".join(f"{value:.3f}" for value in found["signed"].mean(0))
            size = "as they are" if eye_px is None else f"{eye_px} px wide"
            print(f"{face.stem}, {size}: {said}; mean {bias}; present {share(found['presence'] > HALF)}", flush=True)
    if options.choose:
        return
    drawn_shut(network, options.faces[0], options.data)
    really_shut(network, options.faces[0], options.data)


if __name__ == "__main__":
    main()
