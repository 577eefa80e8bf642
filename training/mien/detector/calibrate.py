"""Makes a trained detector's scores as strict as the published one's: where no face is, no more windows show one.

python -m mien.detector.calibrate RUN/blazeface.json --out DIR [--off LOGITS] [--data DIR]

Takes one number off all its logits, so that on the held-out backgrounds no more windows than with the published
weights reach any of `SCORES`, and writes the files again, with the report of both on the held-out faces. `--off`
takes off more, since the app looks at a picture from closer and closer, and so at windows of its own: `npm run recall
-- FOLDER --empty N` counts the faces that it makes up there.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from mien.datasets import SHARED_DATA
from mien.detector.blazeface import LAYERS, PREFIX, TRAINED_PX, BlazeFace
from mien.detector.evaluate import SCORES, report, report_lines, scores
from mien.detector.train import START, split
from mien.detector.windows import Cut, cut_all

MARGIN = 0.01  # of a logit, so that half precision does not undo it


def shift(before: np.ndarray, after: np.ndarray, at: tuple[float, ...] = SCORES) -> float:
    """What to add to logits, never more than 0: of `after`, the highest logits (N,) of windows without a face, then no
    more reach the scores `at` than of `before`."""
    least = 0.0
    for score in at:
        logit = float(np.log(score / (1 - score)))
        allowed = int((before >= logit).sum())
        if allowed < len(after):
            least = min(least, logit - float(np.sort(after)[::-1][allowed]) - MARGIN)
    return least


def highest_logits(network: BlazeFace, cuts: list[Cut]) -> np.ndarray:
    """(N,) of each window without a face."""
    empty = [square[:TRAINED_PX, :TRAINED_PX] for cut in cuts for square in cut.beside]
    return scores(network, empty)[..., 0].amax(1).logit(1e-7).numpy()


@torch.no_grad()
def add_to_logits(network: BlazeFace, value: float) -> None:
    """Adds to the bias of the layers that tell faces."""
    steps = {step.name: step for step in network.steps}
    for name, *_ in LAYERS:
        network.weight(steps[f"{PREFIX}classificator_{name}/BiasAdd"].inputs[2]).add_(value)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--off", type=float, default=0.0, help="of all logits besides, at least 0")
    options = parser.parse_args()
    if options.off < 0:
        parser.error(f"--off {options.off:g}: less than 0 would find more where no face is")
    _, outside = split(options.data)
    kept, names = cut_all(outside, seed=1), [sample.data_set for sample in outside]
    published, network = BlazeFace(START).eval(), BlazeFace(options.model).eval()
    value = shift(highest_logits(published, kept), highest_logits(network, kept)) - options.off
    add_to_logits(network, value)
    network.save(options.out, "blazeface")
    saved = BlazeFace(options.out / "blazeface.json").eval()
    found = {"before": report(published, kept, names), "after": report(saved, kept, names)}
    (options.out / "report.json").write_text(json.dumps({"logitShift": value, **found}, indent=1) + "\n")
    print(f"logits {value:+.3f}", *report_lines(found), sep="\n")


if __name__ == "__main__":
    main()
