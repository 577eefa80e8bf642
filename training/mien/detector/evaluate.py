"""What a detector finds of held-out faces under each condition, and where there is none.

python -m mien.detector.evaluate MODEL.json [--data DIR]
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from mien.detector.blazeface import STRIDE, TRAINED_PX, BlazeFace, anchors
from mien.detector.windows import Cut, Window, detector_box, draw_window

CONDITIONS = ("as it is", "half covered", "dark", "rolled 45", "rolled 90", "small")
SCORES = (0.5, 0.35)
FACE_PX = 56
SMALL_PX = 24
DARK_LIGHT = 0.12
MAX_SIZE_RATIO = 2
COVER_MARGIN = 0.15  # how far a cover reaches beyond the points' box, in sides of it
BATCH = 64


def half_covered(window: Window, index: int) -> np.ndarray:
    """As `tests/fixtures/conditions.ts` does it: the points' box's lower half, its left or right one, under a cloth."""
    px = len(window.clean)
    low, high = window.points.min(0), window.points.max(0)
    margin, middle = COVER_MARGIN * (high - low), (low + high) / 2
    low, high = low - margin, high + margin
    if index % 3 == 0:
        low[1] = middle[1]
    elif index % 3 == 1:
        high[0] = middle[0]
    else:
        low[0] = middle[0]
    (left, top), (right, bottom) = low.round().astype(int).clip(0, px), high.round().astype(int).clip(0, px)
    shown = window.clean.copy()
    along = np.linspace(0, 1, max(right - left, 1))[None, : right - left, None]
    stops = np.array([[49, 80, 110], [138, 160, 181], [64, 55, 47]], float)
    cloth = np.where(
        along < 0.5, stops[0] + (stops[1] - stops[0]) * 2 * along, stops[1] + (stops[2] - stops[1]) * (2 * along - 1)
    )
    shown[top:bottom, left:right] = cloth
    return shown


def staged(cut: Cut, condition: str, index: int) -> tuple[np.ndarray, np.ndarray, float]:
    """The picture (px, px, 3), and the centre and side of the box to be found."""
    side = 1 if index % 2 else -1
    roll = {"rolled 45": 45.0 * side, "rolled 90": 90.0 * side}.get(condition, 0.0)
    window = draw_window(
        cut, TRAINED_PX, SMALL_PX if condition == "small" else FACE_PX, roll, np.random.default_rng(index)
    )
    shown = half_covered(window, index) if condition == "half covered" else window.clean
    if condition == "dark":
        shown = (shown * DARK_LIGHT).astype(np.uint8)
    return shown, *detector_box(window.points, roll)


@torch.no_grad()
def scores(network: BlazeFace, pictures: Sequence[np.ndarray]) -> Tensor:
    """(N, A, 17) with scores 0..1 first."""
    told = []
    for i in range(0, len(pictures), BATCH):
        x = torch.from_numpy(np.stack(pictures[i : i + BATCH])).permute(0, 3, 1, 2).float().div_(127.5).sub_(1)
        output = network(x)
        told.append(torch.cat([output[..., :1].sigmoid(), output[..., 1:]], -1))
    return torch.cat(told) if told else torch.empty(0, 0, STRIDE)


def report(network: BlazeFace, cuts: Sequence[Cut], sets: Sequence[str]) -> dict:
    """Shares, 0..1: `found[set][condition]` of faces for which a box is proposed, its centre within half a side of the
    face's, its side within twice either way, at each of SCORES; and `windowsWithFalseFaces` of backgrounds."""
    places = anchors(TRAINED_PX, TRAINED_PX)
    found: dict[str, dict[str, list[float]]] = {}
    for condition in CONDITIONS:
        shown = [staged(cut, condition, i) for i, cut in enumerate(cuts)]
        told = scores(network, [picture for picture, *_ in shown])
        centre = torch.from_numpy(np.stack([c for _, c, _ in shown])).float()
        side = torch.tensor([s for *_, s in shown])
        ratio = told[..., 3:5].amax(-1) / side[:, None]
        near = (told[..., 1:3] + places - centre[:, None]).abs().amax(-1) < side[:, None] / 2
        fits = near & (ratio < MAX_SIZE_RATIO) & (ratio > 1 / MAX_SIZE_RATIO)
        best = (told[..., 0] * fits).amax(1).numpy()
        for name in dict.fromkeys(sets):
            here = best[[one == name for one in sets]]
            found.setdefault(name, {})[condition] = [float((here >= score).mean()) for score in SCORES]
    empty = [square[:TRAINED_PX, :TRAINED_PX] for cut in cuts for square in cut.beside]
    highest = scores(network, empty)[..., 0].amax(1)
    return {
        "found": found,
        "windows": len(empty),
        "windowsWithFalseFaces": [float((highest >= score).float().mean()) for score in SCORES],
    }


def report_lines(reports: dict[str, dict]) -> list[str]:
    lines = [f"share found at scores of {' and '.join(map(str, SCORES))}, %; {' then '.join(reports)}"]
    first = next(iter(reports.values()))
    for name, conditions in first["found"].items():
        for condition in conditions:
            shares = ["/".join(f"{100 * s:.0f}" for s in one["found"][name][condition]) for one in reports.values()]
            lines.append(f"{name:16} {condition:14} {'  '.join(shares)}")
    falses = ["/".join(f"{100 * s:.1f}" for s in one["windowsWithFalseFaces"]) for one in reports.values()]
    return [*lines, f"windows with false faces, of {first['windows']}: {'  '.join(falses)}"]


def main() -> None:
    from mien.datasets import SHARED_DATA
    from mien.detector.train import split
    from mien.detector.windows import cut_all

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    options = parser.parse_args()
    _, outside = split(options.data)
    found = report(BlazeFace(options.model).eval(), cut_all(outside, seed=1), [sample.data_set for sample in outside])
    print("\n".join(report_lines({options.model.stem: found})))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
