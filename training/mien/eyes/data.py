"""Which eyes are trained on, which serve for choosing, and which are only measured."""

from pathlib import Path

from mien.crop_cache import held_out
from mien.datasets import Sample, read_set
from mien.signals.faces import read_labels
from mien.signals.pupils import read_pupils

SETS = ("300w/lfpw/trainset", "300w/helen/trainset", "300w/afw", "cfp/profile", "cfp/frontal", "aflw2000_rest")
HELD_OUT = 0.08
SHUT = "eyesShut", "wink"  # movements of labels.csv on which presence is measured


def measured_pictures() -> set[str]:
    """Pictures, below the data, that are only measured: irises placed by eye, eyes labelled shut or winking."""
    shut = {label.face[0] for label in read_labels() if label.movement in SHUT}
    return shut | {pupil.picture for pupil in read_pupils()}


def read_eyes(data: Path) -> tuple[list[Sample], list[Sample]]:
    """(to train on, to choose by). Nobody who is in a picture that is only measured is in either."""
    samples = [sample for name in SETS for sample in read_set(data, name)]
    named = measured_pictures()
    seen = {s.subject for s in samples if s.image.relative_to(data).as_posix() in named}
    parts: tuple[list[Sample], list[Sample]] = ([], [])
    for sample in samples:
        if sample.subject not in seen:
            parts[held_out(sample, HELD_OUT)].append(sample)
    return parts
