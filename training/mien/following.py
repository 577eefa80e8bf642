"""Crops that follow a face from one look to the next: turned by an angle that its points tell, about the box that the
points have once they stand upright. As a command, what the rule for that angle costs a network:

python -m mien.following CHECKPOINT.safetensors [--data DIR] [--sets NAME ...] [--held-out]

Without a checkpoint: how far each rule is off the head's own axis, told from whole labels.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from mien.batches import normalise, true_crops
from mien.checkpoints import load
from mien.crop_cache import held_out, span_of
from mien.datasets import SHARED_DATA, DataError, load_gray, read_300w, read_set
from mien.evaluate import figure, in_batches, measure_samples, table_text, yaw_bins
from mien.models import unpack
from mien.pose import fit_poses, mean_shape, upright_rad, yaw_bin_masks, yaw_deg
from mien.schemes import SCHEMES, Scheme
from mien.transforms import Size, apply, box_of, crop_affine, crop_picture, invert

PASSES = 3  # after the first look


def eye_line_rad(points: np.ndarray, scheme: Scheme) -> np.ndarray:
    """(N, P, 2) points to the angles (N,) of the lines from the eye on the left of the picture to the other."""
    left, right = (points[:, list(eye)].mean(1) for eye in scheme.eyes)
    return np.arctan2(*(right - left).T[::-1])


def euler_roll_rad(points: np.ndarray, scheme: Scheme) -> np.ndarray:
    """(N, P, 2) points to the roll (N,) of a rigid fit."""
    return np.radians(fit_poses(points, mean_shape(scheme.id)).roll_deg)


def axis_rad(points: np.ndarray, scheme: Scheme) -> np.ndarray:
    """(N, P, 2) points to the angles (N,) of the head's vertical axis in the picture, by a rigid fit."""
    axis = fit_poses(points, mean_shape(scheme.id)).rotation[:, :, 1]
    return np.arctan2(-axis[:, 0], axis[:, 1])


ANGLES: dict[str, Callable[[np.ndarray, Scheme], np.ndarray]] = {
    "upright": upright_rad,  # by the axis of the head
    "eyes": eye_line_rad,
}


def crop_of_points(points: Tensor, angle: Tensor, margin: float, size: Size) -> Tensor:
    """Affines (N, 2, 3) of the crops of the shape of `size` about (N, P, 2) points that are turned by `angle` (N,)."""
    ones, zero = torch.ones_like(angle), torch.zeros(len(angle), 2, dtype=points.dtype)
    turned = crop_affine(zero, ones, angle)
    local = apply(invert(turned), points)
    centre, side = box_of(local)
    return crop_affine(apply(turned, centre.unsqueeze(1)).squeeze(1), side * margin, angle, size=size)


def follow(
    look: Callable[[Tensor], Tensor], first: Tensor, rule: str, scheme: Scheme, margin: float, size: Size
) -> Tensor:
    """(N, 2, 3) crops after `PASSES` looks. `look` gives the points of the faces (N, P, 2), px, in crops (N, 2, 3);
    `first` are the crops of the first look; `rule` is one of ANGLES."""
    crops = first
    for _ in range(PASSES):
        points = look(crops)
        angle = torch.from_numpy(ANGLES[rule](points.numpy(), scheme)).to(points)
        crops = crop_of_points(points, angle, margin, size)
    return crops


def angle_errors(data: Path, sets: list[str]) -> list[list[str]]:
    """Rows of a table: of each set and bin of yaw the median and the 90th percentile of how far each rule, and the roll
    of a rigid fit, is off the axis of that fit, degrees; of faces with all their points."""
    rules = ANGLES | {"roll of a fit": euler_roll_rad}
    rows = [["data set", "yaw", "faces", *(f"{name}, median / 90th °" for name in rules)]]
    for name in sets:
        samples = read_300w(data / name, name)  # as they lie in the files: with the whole jaw
        points = np.stack([s.points for s in samples if np.isfinite(s.points).all()]).astype(float)
        scheme = SCHEMES[samples[0].scheme]
        off = {name: rule(points, scheme) - axis_rad(points, scheme) for name, rule in rules.items()}
        for yaws, which in yaw_bin_masks(yaw_deg(points, scheme)).items():
            if which.any():
                values = [np.abs((np.degrees(angle[which]) + 180) % 360 - 180) for angle in off.values()]
                cells = [f"{np.median(value):.1f} / {np.quantile(value, 0.9):.1f}" for value in values]
                rows.append([name, yaws, str(which.sum()), *cells])
    return rows


def compare(checkpoint: Path, data: Path, sets: list[str], only_held_out: bool) -> list[list[str]]:
    """Rows of a table: of each set and bin of yaw the errors of the inner points and the misses, in upright crops from
    true boxes and in crops that follow the network's own points by each rule."""
    network, config, card = load(checkpoint)
    scheme, size = SCHEMES[config.scheme], config.input.size
    rows = [["data set", "yaw", "faces", "true boxes", *ANGLES, "missed", *(["missed"] * len(ANGLES))]]
    for name in sets:
        samples = [s for s in read_set(data, name) if not only_held_out or held_out(s, config.data.held_out)]
        pictures = [load_gray(sample.image) for sample in samples]

        def packed(crops: Tensor, pictures: list[np.ndarray] = pictures) -> Tensor:
            drawn = [crop_picture(image, crop.numpy(), size) for image, crop in zip(pictures, crops, strict=True)]
            return in_batches(network, normalise(torch.from_numpy(np.stack(drawn)).unsqueeze(1).float() / 255, config))

        def look(crops: Tensor, packed: Callable[[Tensor], Tensor] = packed) -> Tensor:
            return apply(crops, unpack(packed(crops), config.head.values)[0])

        first = torch.cat([true_crops(torch.from_numpy(span_of(sample)).unsqueeze(0), config) for sample in samples])
        found = []
        for crops in (first, *(follow(look, first, rule, scheme, config.input.crop_margin, size) for rule in ANGLES)):
            points, _, logits, _ = unpack(packed(crops), config.head.values)
            missed = np.zeros(len(samples), bool)
            if logits is not None:
                missed = logits.sigmoid().numpy() < card["presenceThreshold"]
            found.append(yaw_bins(measure_samples(points, crops, samples, config), missed))
        for parts in zip(*found, strict=True):
            errors = [figure(part["nmeInnerBoxPct"]) for part in parts]
            misses = [str(part["misses"]) for part in parts]
            rows.append([name, parts[0]["yawDeg"], str(parts[0]["images"]), *errors, *misses])
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path, nargs="?")
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    parser.add_argument("--sets", nargs="+", help="default: aflw2000_rest, with a checkpoint also cfp/profile")
    parser.add_argument("--held-out", action="store_true", help="only people and pictures left out of the training")
    options = parser.parse_args()
    try:
        if options.checkpoint is None:
            print(table_text(angle_errors(options.data, options.sets or ["aflw2000_rest"])))
            return
        sets = options.sets or ["aflw2000_rest", "cfp/profile"]
        print(table_text(compare(options.checkpoint, options.data, sets, options.held_out)))
    except (OSError, DataError, ValueError) as error:
        raise SystemExit(f"mien.following: {error}") from error


if __name__ == "__main__":
    main()
