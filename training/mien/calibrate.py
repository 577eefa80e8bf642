"""Measures a checkpoint on the held-out faces and writes into its card the errors and what export needs: the factor
that makes the spread calibrated, and the presence under which a crop holds no face.

python -m mien.calibrate CHECKPOINT.safetensors [--data DIR]
"""

import argparse
from pathlib import Path

from mien.checkpoints import load, read_checkpoint, save_state
from mien.crop_cache import load_held_out
from mien.datasets import SHARED_DATA
from mien.predictions import Predictions, predict_held_out
from mien.presence import choose_threshold, facts_of, presence_scores
from mien.seen_points import visibility_facts
from mien.spread import calibrate, observed, promised
from mien.start import ROOT

HIDDEN_BY = {"byHead": "hidden by the head", "byCover": "covered"}


def held_out_facts(path: Path, data: Path, cache: Path) -> dict:
    """What the card says of the held-out faces: errors, and of spread and presence what the network tells."""
    network, config, _ = load(path)
    held_out = load_held_out(config, data, cache)
    seen = predict_held_out(network, config, held_out)
    facts = {"heldOut": [{"dataSet": name, "crop": "truth", **seen.metrics(which).as_dict()}
                         for name, which in seen.parts().items()]}  # fmt: skip
    if seen.spread is not None:
        found = calibrate(seen.errors_in_spreads[seen.by_hand])
        facts |= {
            "spreadScale": found.scale,
            "calibration": found.as_dict(),
            "calibrationByYaw": shares_by_yaw(seen, found.scale),
        }
    if visibility := visibility_facts(network, config, held_out):
        facts["visibility"] = visibility
    scores = presence_scores(network, config, held_out)
    if scores is not None:
        threshold = choose_threshold(scores)
        facts |= {"presenceThreshold": threshold, "presence": facts_of(scores, threshold)}
    return facts


def shares_by_yaw(seen: Predictions, scale: float) -> dict[str, dict]:
    """Faces in each bin of |yaw| whose points were placed by hand, and the shares of those points within one and two
    corrected spreads."""
    shares = {}
    for name, which in seen.yaw_bins.items():
        if (which & seen.by_hand).any():
            within = observed(seen.errors_in_spreads[which & seen.by_hand] / scale, (1.0, 2.0))
            shares[name] = {
                "faces": int((which & seen.by_hand).sum()),
                "within1": round(within[0], 4),
                "within2": round(within[1], 4),
            }
    return shares


def summary(facts: dict) -> str:
    lines = []
    if found := facts.get("calibration"):
        within = ", ".join(
            f"within {spread} {share:.1%} (promised {promised(float(spread)):.1%})"
            for spread, share in found["withinAfter"].items()
        )
        lines.append(f"spread x {found['scale']:.3f}: {within}, of {found['checkedOn']} faces")
        lines += [
            f"  yaw {name}°, {part['faces']} faces: within 1 {part['within1']:.1%}, within 2 {part['within2']:.1%}"
            for name, part in facts["calibrationByYaw"].items()
        ]
    if found := facts.get("visibility"):
        areas = [f"{name} {found[key]:.4f}" for key, name in HIDDEN_BY.items() if found[key] is not None]
        lines.append(f"visibility: area under the ROC curve {', '.join(areas)}; {found['right']:.2%} of points right")
    if found := facts.get("presence"):
        lines.append(
            f"presence: area under the ROC curve {found['auc']:.5f}; threshold {facts['presenceThreshold']} loses "
            f"{found['lost']:.2%} of {found['crops']['face']:,} faces, lets through "
            + ", ".join(f"{share:.2%} of {kind}" for kind, share in found["letThrough"].items())
        )
    return "\n".join(lines) or "The network tells neither spread nor presence."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    options = parser.parse_args()
    try:
        facts = held_out_facts(options.checkpoint, options.data, ROOT / ".cache")
        state, card = read_checkpoint(options.checkpoint)
        save_state(options.checkpoint, state, {**card, **facts})
    except (OSError, ValueError, RuntimeError) as error:
        raise SystemExit(f"mien.calibrate: {error}") from error
    print(summary(facts))


if __name__ == "__main__":
    main()
