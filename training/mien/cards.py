"""Model cards: what a shipped network is, what it was trained on under which terms, and how well it does.

python -m mien.cards CHECKPOINT.safetensors --metrics METRICS.json ... [--note TEXT] [--out cards]
"""

import argparse
import hashlib
from pathlib import Path

from mien.checkpoints import load
from mien.metrics import read_metrics
from mien.models import cost

CARDS = Path(__file__).parents[1] / "cards"
OUTPUTS = {
    "points-spread-presence": "landmarks, a spread for each and presence out",
    "points": "landmarks out, without spread or presence",
}
WEAKNESSES = """\
Trained mostly on frontal and half-turned adult faces in photographs: full profiles, faces much hidden, very dark
pictures and very small faces (under about 40 px) are beyond what was measured."""
CLASSROOM_WEAKNESSES = """\
A plain stack of convolutions as students build it: kept to show how far that gets, not to be relied on. It follows
a frontal face in good light. Turned heads, wide open mouths and poor boxes throw it off, and since it tells no
presence, the app takes its detector's word that there is a face."""


def metrics_table(rows: list[dict]) -> str:
    """The rows of `mien.evaluate --json` as a Markdown table."""
    regions = list(rows[0]["regions"])
    titles = ["data set", "crop", "faces", "NME eyes %", "NME box %", "FR@8 %", "AUC@8 %"]
    titles += [f"{name} %" for name in regions]
    lines = ["| " + " | ".join(titles) + " |", "|" + "---|" * len(titles)]
    for row in rows:
        keys = ("nmeInterOcularPct", "nmeBoxPct", "failureRate8Pct", "auc8Pct")
        values = [row[key] for key in keys] + [row["regions"][name] for name in regions]
        cells = [row["dataSet"], row["crop"], str(row["images"]), *(f"{value:.2f}" for value in values)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def card_text(checkpoint: Path, rows: list[dict], note: str = "") -> tuple[str, str]:
    """(id, Markdown) of a checkpoint's card. Raises ValueError naming a file that is no checkpoint."""
    network, config, card = load(checkpoint)
    parameters, multiply_adds = cost(network, config.input.size)
    options = card["config"]
    held_out = options["data"]["held_out"]
    terms = "\n".join(f"- `{data['name']}`: {data['terms']}" for data in card["dataSets"])
    validation = "\n".join(f"| {name} | {value:.4g} |" for name, value in card["validation"].items())
    height, width = config.input.size
    text = f"""# {card["title"]} (`{card["id"]}`)

A {card["family"]} network: one grey face crop of {width} × {height} px in; {OUTPUTS[config.head.values]}.
{parameters:,} parameters, {multiply_adds / 1e6:.0f} million multiply-adds.
Longer side of the crop: {card["cropMargin"]} × the larger side of the box around the points.

## Data and terms

{terms}

Weights trained on these sets are for research and teaching, not for commercial use. {held_out:.0%} of the people and
pictures were held out for choosing; the test part of 300-W was neither trained on nor chosen by.

## Measured

Mean distance over the distance of the outer eye corners (NME eyes), over the square root of the box (NME box), share of
faces over 8 % (FR) and area under the cumulative error curve to 8 % (AUC); by region the NME eyes. From true boxes by
`python -m mien.evaluate`, with the app's own detector by `npm run evaluate`.

{metrics_table(rows)}

On the held-out part, true boxes, by the averaged weights of the last epoch kept:

| | |
|---|---|
{validation}

## How it was made

`python -m mien.train configs/{card["id"]}.toml`, seed {card["seed"]}, commit `{card["commit"]}`, {card["date"]};
{options["optimise"]["crops"]:,} crops. Checkpoint `{checkpoint.name}`, SHA-256
`{hashlib.sha256(checkpoint.read_bytes()).hexdigest()}`.
{note}

## Where it is weak

{CLASSROOM_WEAKNESSES if config.classroom else WEAKNESSES}
"""
    return card["id"], text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--metrics", type=Path, nargs="+", required=True, help="what the evaluations wrote")
    parser.add_argument("--note", default="", help="what the configuration does not tell of how it was made")
    parser.add_argument("--out", type=Path, default=CARDS)
    options = parser.parse_args()
    try:
        name, text = card_text(options.checkpoint, read_metrics(options.metrics), options.note)
    except (OSError, ValueError) as error:
        raise SystemExit(f"mien.cards: {error}") from error
    options.out.mkdir(parents=True, exist_ok=True)
    path = options.out / f"{name}.md"
    path.write_text(text)
    print(path)


if __name__ == "__main__":
    main()
