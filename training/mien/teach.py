"""Trains a full network on pictures that were marked in Mien: points of one's own, as the app exports them.

python -m mien.teach marks.zip [--scheme ID] [--config configs/lite.toml] [--crops N] [--out DIR]

Reads a folder or ZIP with `marks.json` and the pictures beside it. The crop comes from the 68 points that a network had
found, so marks in boxes drawn by hand are left out, as are pictures in which a point is not marked."""

import argparse
import json
import math
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from mien.config import Config, DataConfig, load_config
from mien.datasets import READERS, DataError, Sample
from mien.schemes import IBUG68, SCHEMES, Scheme, swap
from mien.start import ROOT
from mien.train import train

MARKS_FILE = "marks.json"
SET = "marked"  # name of the data set that the pictures make
CROPS = 40_000  # a run of some minutes; many more crops of few pictures teach nothing new
EPOCHS = 8


@contextmanager
def opened(path: Path) -> Iterator[Path]:
    """The folder, or that of an unpacked ZIP while it is used."""
    if path.is_dir():
        yield path.resolve()
        return
    try:
        with tempfile.TemporaryDirectory() as temporary, zipfile.ZipFile(path) as pack:
            folder = Path(temporary) / SET  # the run goes on under the same name
            pack.extractall(folder)  # names that lead outside of the folder are made harmless
            yield folder
    except (OSError, zipfile.BadZipFile) as error:
        raise DataError(path, f"neither a folder nor a ZIP ({error})") from error


def read_marks(folder: Path) -> dict[str, Any]:
    path = folder / MARKS_FILE
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(path, f"cannot be read ({error})") from error
    if not isinstance(content, dict) or content.get("format") != "mien-marks" or content.get("version") != 1:
        raise DataError(path, 'is not "mien-marks" of version 1')
    return content


def scheme_of(content: dict[str, Any], wanted: str | None, path: Path) -> Scheme:
    """The marked points; each stands behind the 68 in `with_base`."""
    schemes = content["schemes"]
    if wanted is None and len(schemes) != 1:
        raise DataError(path, f"name one with --scheme: {', '.join(schemes) or 'there is none'}")
    key = wanted or next(iter(schemes))
    if key not in schemes:
        raise DataError(path, f"has no scheme {key}, but {', '.join(schemes)}")
    names = tuple(point["name"] for point in schemes[key]["points"])
    return Scheme(
        id=key,
        names=names,
        groups={"points": tuple(range(len(names)))},
        edges=tuple((one, other) for one, other in schemes[key]["lines"]),
        mirror=swap(len(names), *((one, other) for one, other in schemes[key]["pairs"])),
        normalising_pair=None,
        eyes=None,
        chosen={f"ibug68+{key}": tuple(range(IBUG68.point_count, IBUG68.point_count + len(names)))},
    )


def with_base(scheme: Scheme) -> Scheme:
    """The 68 points, which say where the face is, with the marked ones behind them."""
    base = IBUG68.point_count
    return replace(
        IBUG68,
        id=f"ibug68+{scheme.id}",
        names=(*IBUG68.names, *(f"marked {name}" for name in scheme.names)),
        mirror=(*IBUG68.mirror, *(base + image for image in scheme.mirror)),
    )


def read_samples(folder: Path, content: dict[str, Any], scheme: Scheme) -> list[Sample]:
    samples = []
    for picture in content["pictures"]:
        for mark in picture["marks"]:
            found = (mark.get("landmarks") or {}).get("points") or []
            rows = [*found, *mark["points"]]
            if mark["scheme"] != scheme.id or len(found) != IBUG68.point_count or None in rows:
                continue
            points = np.array(rows, np.float32)
            if points.shape != (IBUG68.point_count + scheme.point_count, 2) or not np.isfinite(points).all():
                raise DataError(folder / MARKS_FILE, f"{picture['path']}: its points do not fit the scheme {scheme.id}")
            path = (folder / picture["path"]).resolve()
            if not path.is_relative_to(folder.resolve()):
                raise DataError(folder / MARKS_FILE, f"{picture['path']}: lies outside of the folder")
            samples.append(Sample(path, points, SET, f"{SET}/{picture['path']}", f"ibug68+{scheme.id}"))
    if len(samples) < 2:
        raise DataError(folder / MARKS_FILE, f"has {len(samples)} faces with all points of {scheme.id}; two are needed")
    # Two halves, whatever the names' hashes say: each fifth is for choosing, the last one at least.
    return [
        replace(s, held_out=i % 5 == 4 or (len(samples) < 5 and i == len(samples) - 1)) for i, s in enumerate(samples)
    ]


def config_for(base: Config, scheme: Scheme, data_set: str, crops: int) -> Config:
    epoch = max(base.optimise.batch, math.ceil(crops / EPOCHS))
    return replace(
        base,
        id=scheme.id,
        title=scheme.id,
        scheme=scheme.id,
        start="",
        start_sha256="",
        head=replace(base.head, values="points-spread-presence"),
        data=DataConfig(sets=(data_set,), weights=(1.0,), cache_px=base.data.cache_px, coverage=base.data.coverage),
        optimise=replace(base.optimise, crops=crops, epoch_crops=epoch),
    )


def teach(
    source: Path, base: Config, out: Path | None, wanted: str | None = None, crops: int = CROPS
) -> dict[str, float]:
    """Trains; returns the last epoch's row. Raises DataError naming what is wrong with the marks."""
    with opened(source) as folder:
        content = read_marks(folder)
        scheme = scheme_of(content, wanted, folder / MARKS_FILE)
        samples = read_samples(folder, content, scheme)
        config = config_for(base, scheme, folder.name, crops)
        if scheme.id in SCHEMES:
            raise DataError(folder / MARKS_FILE, f"{scheme.id} is the id of a scheme that there is already")
        schemes = {scheme.id: scheme, f"ibug68+{scheme.id}": with_base(scheme)}
        with known(SCHEMES, schemes), known(READERS, {folder.name: lambda root, left_out: samples}):
            return train(config, folder.parent, out or ROOT / "runs" / config.id)


@contextmanager
def known(table: dict[str, Any], entries: dict[str, Any]) -> Iterator[None]:
    """The entries stand in the table within, and are gone after."""
    table.update(entries)
    try:
        yield
    finally:
        for name in entries:
            del table[name]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("marks", type=Path)
    parser.add_argument("--scheme", help="id in marks.json, where it has several")
    parser.add_argument("--config", type=Path, default=ROOT / "configs" / "lite.toml")
    parser.add_argument("--crops", type=int, default=CROPS)
    parser.add_argument("--out", type=Path, help="default: training/runs/<id of the scheme>")
    options = parser.parse_args()
    try:
        teach(options.marks, load_config(options.config), options.out, options.scheme, options.crops)
    except (ValueError, RuntimeError) as error:
        raise SystemExit(f"mien.teach: {error}") from error


if __name__ == "__main__":
    main()
