"""Readers: each turns files on disk into a list of samples with points in Mien's pixels (corner origin, pixel i's
centre at i + 0.5). A bad file raises `DataError` naming file and line; given a list `left_out`, it is noted there and
skipped."""

import csv
import hashlib
import math
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np

from mien.pose import LEAST_POINTS, without_hidden_jaw

SHARED_DATA = Path(__file__).parents[3] / "shared" / "data"  # beside the checkout; there for those who work on Mien


class DataError(ValueError):
    """A file that cannot be used: says which, where in it and why."""

    def __init__(self, path: Path, reason: str, line: int | None = None):
        super().__init__(f"{path}{'' if line is None else f', line {line}'}: {reason}")


@dataclass(frozen=True)
class Sample:
    image: Path
    points: np.ndarray  # (P, 2) float32, image px, x then y; nan where nobody placed the point
    data_set: str
    subject: str  # the person or picture that must not be in both halves of a split
    scheme: str = "ibug68"  # what its points mean
    weight: float = 1.0  # how often it is drawn in training
    held_out: bool | None = None  # kept for choosing; None: by the hash of its subject
    placed: bool = True  # False: the shape of the label is right, its scale and place in the picture are uncertain


LeftOut = list[DataError] | None
Item = TypeVar("Item")


def read_all(items: Iterable[Item], read: Callable[[Item], Sample], left_out: LeftOut) -> list[Sample]:
    """Reads each item; a DataError is raised, or appended to `left_out` when that is a list."""
    samples = []
    for item in items:
        try:
            samples.append(read(item))
        except DataError as error:
            if left_out is None:
                raise
            left_out.append(error)
    return samples


def load_gray(path: Path) -> np.ndarray:
    """(H, W) uint8, EXIF orientation applied; DataError if there is no such picture or it cannot be decoded."""
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError as error:
        raise DataError(path, f"no such picture ({error.strerror})") from error
    image = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE) if data.size else None
    if image is None:
        raise DataError(path, "not a picture that can be decoded")
    return image


def numbers(path: Path, line: int, words: list[str], expected: int) -> list[float]:
    """Exactly `expected` finite numbers, or a DataError."""
    if len(words) != expected:
        raise DataError(path, f"expected {expected} numbers, found {len(words)}", line)
    try:
        values = [float(word) for word in words]
    except ValueError as error:
        raise DataError(path, f"not a number: {error}", line) from error
    if not all(math.isfinite(value) for value in values):
        raise DataError(path, "a coordinate is not finite", line)
    return values


def point(path: Path, line: int, words: list[str]) -> list[float]:
    """A point's x and y, or `nan nan` for one that nobody placed; else a DataError."""
    if [word.lower() for word in words] == ["nan", "nan"]:
        return [math.nan, math.nan]
    return numbers(path, line, words, 2)


def read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig", errors="strict")
    except OSError as error:
        raise DataError(path, f"cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise DataError(path, "is not a text file") from error


def read_pts(path: Path, count: int = 68) -> np.ndarray:
    """A 300-W .pts file, with header and braces or bare lines of `x y`; 1-based pixel centres, so 0.5 is subtracted.
    `nan nan` is a point that nobody placed."""
    rows = []
    for line, text in enumerate(read_text(path).splitlines(), 1):
        text = text.strip()
        if text.startswith("n_points:") and text.split(":")[1].strip() != str(count):
            raise DataError(path, f"has {text.split(':')[1].strip()} points, expected {count}", line)
        if not text or text in "{}" or ":" in text:
            continue
        rows.append(point(path, line, text.split()))
    if len(rows) != count:
        raise DataError(path, f"has {len(rows)} points, expected {count}")
    placed = int(np.isfinite(rows).all(1).sum())
    if count >= LEAST_POINTS > placed:
        raise DataError(path, f"has {placed} points that were placed, needs at least {LEAST_POINTS}")
    return np.array(rows, np.float32) - np.float32(0.5)


def write_pts(path: Path, points: np.ndarray) -> None:
    """The inverse of `read_pts`."""
    lines = "\n".join(f"{x + 0.5:.3f} {y + 0.5:.3f}" for x, y in points)
    path.write_text(f"version: 1\nn_points: {len(points)}\n{{\n{lines}\n}}\n")


PICTURE_SUFFIXES = (".jpg", ".png", ".jpeg", ".webp", ".avif", ".bmp", ".gif")


def picture_beside(path: Path) -> Path:
    """The picture of the same name; for `name_1.pts`, another face of a picture, also that of `name`."""
    for stem in (path.stem, without_number(path.stem)):
        for suffix in PICTURE_SUFFIXES:
            for name in (stem + suffix, stem + suffix.upper()):
                if (path.parent / name).exists():
                    return path.parent / name
    raise DataError(path, "has no picture beside it")


def without_number(stem: str) -> str:
    """`name` for `name_1`, a face of it; cameras' `IMG_0001` and LFPW's `image_0001` are names of their own."""
    return re.sub(r"_\d{1,2}$", "", stem)


def read_300w(folder: Path, data_set: str, left_out: LeftOut = None) -> list[Sample]:
    """A folder of pictures with 68-point .pts files, and the folders in it: what the app exports, too. `name_1.pts` and
    `name_2.pts` are two faces of one picture."""

    def read(path: Path) -> Sample:
        subject = path.relative_to(folder).with_name(without_number(path.stem)).as_posix()
        return Sample(picture_beside(path), read_pts(path), data_set, f"{data_set}/{subject}")

    paths = sorted(folder.rglob("*.pts"))
    if not paths:
        raise DataError(folder, "holds no .pts files")
    return read_all(paths, read, left_out)


CFP_HELD_OUT = 400  # people with higher numbers are held out
AFLW_HELD_OUT = 0.1  # share of the pictures


def read_cfp(folder: Path, left_out: LeftOut = None) -> list[Sample]:
    """Celebrities in Frontal-Profile in the wild: `NNN_MM.jpg`, NNN the person, with the 30 points of the visible half,
    of frontals of the half on the picture's left."""
    return [
        replace(sample, subject=f"cfp/{sample.image.stem[:3]}", held_out=int(sample.image.stem[:3]) > CFP_HELD_OUT)
        for sample in read_300w(folder, f"cfp-{folder.name}", left_out)
    ]


def read_aflw2000(folder: Path, left_out: LeftOut = None) -> list[Sample]:
    """AFLW2000-3D: 68 points that a 3-D model projects. On the side turned away its jaw lies on the bone behind the
    cheek, where the scheme has the outline that is seen: these points are left out (`nan`)."""
    return [
        replace(
            sample,
            points=without_hidden_jaw(sample.points),
            held_out=drawn_by_hash(sample.image.name, AFLW_HELD_OUT),
            placed=False,
        )
        for sample in read_300w(folder, "aflw2000", left_out)
    ]


def drawn_by_hash(name: str, share: float) -> bool:
    """Whether a name belongs to a part of this share, 0..1: the same in every run and list."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "little") / 2**32 < share


def read_ibug_xml(path: Path, data_set: str = "ibug-large", left_out: LeftOut = None) -> list[Sample]:
    """iBUG's and dlib's XML (`labels_ibug_300W_train.xml`): <image file> <box> <part name x y>, 0-based integers."""
    try:
        root = ElementTree.fromstring(read_text(path))
    except ElementTree.ParseError as error:
        raise DataError(path, f"is not well-formed XML: {error}", error.position[0]) from error

    def read(item: tuple[ElementTree.Element, ElementTree.Element]) -> Sample:
        image, box = item
        name = image.get("file")
        if not name:
            raise DataError(path, "an <image> has no file")
        parts = sorted(box.findall("part"), key=lambda part: int(part.get("name", "-1")))
        if len(parts) != 68:
            raise DataError(path, f"{name}: has {len(parts)} parts, expected 68")
        try:
            points = np.array([[float(p.get("x", "nan")), float(p.get("y", "nan"))] for p in parts], np.float32)
        except ValueError as error:
            raise DataError(path, f"{name}: not a number: {error}") from error
        if not np.isfinite(points).all():
            raise DataError(path, f"{name}: a coordinate is missing or not finite")
        if not (path.parent / name).exists():
            raise DataError(path, f"{name}: no such picture")
        subject = Path(name).stem.removesuffix("_mirror")
        return Sample(path.parent / name, points + np.float32(0.5), data_set, f"{data_set}/{subject}")

    items = [(image, box) for image in root.iter("image") for box in image.findall("box")]
    return read_all(items, read, left_out)


def read_youtube(table: Path, folder: Path, left_out: LeftOut = None) -> list[Sample]:
    """YouTube Faces' `*_frames_keypoints.csv`: file name, then 68 × (x, y), 0-based integers. The subject is the
    person, from the name `First_Last_NN.jpg`: all 347 stand in both the training and the test table."""
    rows = list(csv.reader(read_text(table).splitlines()))[1:]

    def read(item: tuple[int, list[str]]) -> Sample:
        line, row = item
        if not row:
            raise DataError(table, "is empty", line)
        points = np.array(numbers(table, line, row[1:], 136), np.float32).reshape(68, 2) + np.float32(0.5)
        image = folder / row[0]
        if not image.exists():
            raise DataError(table, f"{row[0]}: no such picture", line)
        return Sample(image, points, "youtube-faces", f"youtube-faces/{image.stem.rsplit('_', 1)[0]}")

    return read_all(enumerate(rows, 2), read, left_out)


def read_asf(path: Path) -> np.ndarray:
    """An AAM shape file (Stegmann): (P, 2) points relative to width and height, 0..1, of whatever count it states."""
    rows: list[list[float]] = []
    count = None
    for line, text in enumerate(read_text(path).splitlines(), 1):
        words = text.split("#")[0].split()
        if not words:
            continue
        if count is None:
            count = int(numbers(path, line, words, 1)[0])
        elif len(words) == 10:
            rows.append(numbers(path, line, words, 10)[2:4])
        elif len(words) > 1 and len(rows) < count:
            raise DataError(path, f"expected 10 columns, found {len(words)}", line)
    if count is None or len(rows) != count:
        raise DataError(path, f"has {len(rows)} points, its header says {count}")
    return np.array(rows, np.float32)


def read_imm(folder: Path, points: int = 73, left_out: LeftOut = None) -> list[Sample]:
    """IMM faces, `NN_MM.asf` (73 points) or `NN-Mm.asf` (58), NN the person."""

    def read(path: Path) -> Sample:
        relative, picture = read_asf(path), picture_beside(path)
        if len(relative) != points:
            raise DataError(path, f"has {len(relative)} points, expected {points}")
        height, width = load_gray(picture).shape
        person, name = path.stem.replace("-", "_").split("_")[0], f"imm-{points}"
        return Sample(picture, relative * np.float32([width, height]), name, f"{name}/{person}", f"imm{points}")

    paths = sorted(folder.glob("*.asf"))
    if not paths:
        raise DataError(folder, "holds no .asf files")
    return read_all(paths, read, left_out)


READERS: dict[str, Callable[[Path, LeftOut], list[Sample]]] = {
    "300w/lfpw/trainset": lambda root, out: read_300w(root, "lfpw-train", out),
    "300w/lfpw/testset": lambda root, out: read_300w(root, "lfpw-test", out),
    "300w/helen/trainset": lambda root, out: read_300w(root, "helen-train", out),
    "300w/afw": lambda root, out: read_300w(root, "afw", out),
    "youtube_faces/training": lambda root, out: read_youtube(root.parent / "training_frames_keypoints.csv", root, out),
    "youtube_faces/test": lambda root, out: read_youtube(root.parent / "test_frames_keypoints.csv", root, out),
    "cfp/profile": read_cfp,
    "cfp/frontal": read_cfp,
    "aflw2000_rest": read_aflw2000,
    "imm_frontal": lambda root, out: read_imm(root, 73, out),
}


TRAINING_PARTS = ("300w/lfpw/trainset", "300w/helen/trainset", "300w/afw")  # of 300-W
COPIES_FILE = "copies.npz"  # beside turned copies of training faces, as `mien.face_model.make` leaves them


def read_folder(folder: Path, name: str, left_out: LeftOut = None) -> list[Sample]:
    """Any folder of pictures with .pts files. Turned copies are never held out: they are made of training faces."""
    samples = read_300w(folder, name, left_out)
    return [replace(sample, held_out=False) for sample in samples] if (folder / COPIES_FILE).exists() else samples


def read_set(data: Path, name: str, left_out: LeftOut = None) -> list[Sample]:
    """The samples of `data / name`: a known set, else any folder of pictures with .pts files."""
    root = data / name
    if not root.is_dir():
        raise DataError(root, "no such data set")
    reader = READERS.get(name, lambda folder, out: read_folder(folder, name, out))
    return reader(root, left_out)
