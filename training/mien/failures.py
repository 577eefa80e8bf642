"""The worst faces of an evaluation, drawn as points and lines alone: no pixel of a data set is in the drawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from mien.schemes import Scheme
from mien.transforms import Size

Point = Sequence[float] | None  # x and y, crop units; None where there is no label
TILE, LABEL, COLUMNS = 150, 46, 4  # px: longer side of a crop, height under it, crops in a row
TRUTH, FOUND, TEXT = "#2a8fd0", "#e07b00", "#7d7d7d"  # read on light and on dark paper


@dataclass(frozen=True)
class Failure:
    data_set: str
    file: str
    inner_pct: float  # of the square root of the box's area, all points but the jaw's
    truth: list[Point]
    found: list[Point]


def failures_of(reports: list[dict], count: int = 8) -> list[Failure]:
    """The worst of the faces whose points are told in what `mien.evaluate --json` wrote, over all sets."""
    faces = [
        Failure(name, face["file"], face["nmeInnerBoxPct"], face["truth"], face["found"])
        for report in reports
        if isinstance(report.get("pictures"), dict)  # the app's own evaluation lists files without points
        for name, faces in report["pictures"].items()
        for face in faces
        if "truth" in face
    ]
    return sorted(faces, key=lambda face: -face.inner_pct)[:count]


def drawing(failures: list[Failure], scheme: Scheme, size: Size) -> str:
    """An SVG with a tile for each face, in crops of the shape of `size`: truth in blue, what was found in orange."""
    rows = -(-len(failures) // COLUMNS)
    width, height = COLUMNS * TILE, rows * (TILE + LABEL)
    places = [(i % COLUMNS * TILE, i // COLUMNS * (TILE + LABEL)) for i in range(len(failures))]
    tiles = "".join(tile(face, scheme, size, *place) for face, place in zip(failures, places, strict=True))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" font-family="sans-serif" font-size="10" text-anchor="middle">'
        f"<title>Faces with the largest errors: truth in blue, what was found in orange</title>{tiles}</svg>\n"
    )


def tile(face: Failure, scheme: Scheme, size: Size, x: int, y: int) -> str:
    middle = TILE / 2
    labels = (f"{face.inner_pct:.1f} %", face.data_set, Path(face.file).stem)
    text = "".join(
        f'<text x="{middle}" y="{TILE + 11 + 12 * i}" fill="{TEXT}">{escape(label)}</text>'
        for i, label in enumerate(labels)
    )
    return (
        f'<g transform="translate({x} {y})">{strokes(face.truth, scheme, size, TRUTH)}'
        f"{strokes(face.found, scheme, size, FOUND)}{text}</g>"
    )


def strokes(points: list[Point], scheme: Scheme, size: Size, colour: str) -> str:
    """Edges as one path and a dot for each point."""
    height, width = (side / max(size) * TILE for side in size)
    places = [point and (round(point[0] * width, 1), round(point[1] * height, 1)) for point in points]
    pairs = [(places[a], places[b]) for a, b in scheme.edges]
    edges = "".join(f"M{a[0]} {a[1]}L{b[0]} {b[1]}" for a, b in pairs if a and b)
    dots = "".join(f"M{place[0]} {place[1]}h0" for place in places if place)
    return (
        f'<path d="{edges}" stroke="{colour}" stroke-width="0.8" fill="none"/>'
        f'<path d="{dots}" stroke="{colour}" stroke-width="2.4" stroke-linecap="round" fill="none"/>'
    )
