"""The eye network's card: `python -m mien.eyes.card CHECKPOINT.safetensors --measured FILE ... [--out cards]`, with what
`mien.eyes.evaluate` and `mien.eyes.heads` printed in the files."""

import argparse
import hashlib
from pathlib import Path

from mien.cards import CARDS
from mien.export import MODELS
from mien.eyes.checkpoint import load_eye
from mien.eyes.network import HEIGHT, SIZE, WIDTH
from mien.models import cost

TEXT = """\
# {title} (`{id}`)

A small network for the middle of the iris: one grey patch of an eye of {width} × {height} px in; the middle of the iris and the six
points of the lids, a spread and a visibility for each, and presence out, which says whether the iris of an open eye can be seen.
{parameters:,} parameters, {multiply_adds:.1f} million multiply-adds an eye. Where a patch lies: `mien.eyes.patches`. Left eyes are
mirrored.

| file | bytes | SHA-256 |
|---|---:|---|
{files}

## Data and terms

{sets}
- measured on heads rendered from ICT-FaceKit: MIT (Li et al. 2020)

Weights trained on these sets are for research and teaching, not for commercial use. {held_out} of 300-W's and a tenth of AFLW2000-3D's
pictures and the people of CFP from 401 on were held out for choosing. Everybody in a picture of `mien/signals/pupils.csv`, or labelled
for shut eyes and winks in `mien/signals/labels.csv`, was left out as well: on these it is only measured.

No set has labels for irises. They were painted: eyeballs in random directions and light between the lids of the photographs, whose
irises lie where they were painted. A second network starts from the first and learns beside painted eyes what that found in the
photographs as they are, averaged over views of each eye. Lids are 300-W's and CFP's labels, also on eyes that were shut in the picture.

## Measured

Errors in widths of the eye, along and down it; the patch is placed by the face network that is named. Irises of `pupils.csv`
were placed by eye to about 0.02. Voting of gradients (`python -m mien.signals.pupils`) has 0.047, 0.091 on the same.

```
{measured}
```

## How it was made

`python -m mien.eyes.train --data DATA`, seed {seed}, commit `{commit}`, {date}: {first:,} steps and {second:,} steps of 64 patches.
Checkpoint `{checkpoint}`; `python -m mien.eyes.export` writes the app's files, in float16.

## Where it is weak

Trained on grown-up people's eyes in photographs by daylight or lamps. Pictures by infrared light, in which pupils are bright, eyes
narrower than about 10 px, and dark glasses are beyond what was measured. Of eyes that look far down little but lid is seen: presence
falls before the iris is gone. Patches more than a third of an eye's width off are read poorly.
"""


def card_text(checkpoint: Path, measured: list[Path], models: Path = MODELS) -> str:
    """The Markdown. Raises ValueError where the checkpoint is none."""
    network, card = load_eye(checkpoint)
    parameters, multiply_adds = cost(network, SIZE)
    rows = [
        f"| `{path.name}` | {path.stat().st_size} | `{hashlib.sha256(path.read_bytes()).hexdigest()}` |"
        for path in (*sorted((models / card["id"]).iterdir(), reverse=True), checkpoint)
    ]
    return TEXT.format(
        title=card["title"], id=card["id"], width=WIDTH, height=HEIGHT, parameters=parameters,
        multiply_adds=multiply_adds / 1e6, files="\n".join(rows),
        sets="\n".join(f"- `{one['name']}`: {one['terms']}" for one in card["dataSets"]),
        held_out=f"{card['config']['heldOut']:.0%}".replace("%", " %"),
        measured="\n".join(path.read_text().rstrip() for path in measured),
        seed=card["seed"], commit=card["commit"], date=card["date"], **card["config"]["steps"],
        checkpoint=checkpoint.name,
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--measured", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, default=CARDS)
    options = parser.parse_args()
    try:
        text = card_text(options.checkpoint, options.measured)
    except (OSError, ValueError) as error:
        raise SystemExit(f"mien.eyes.card: {error}") from error
    (options.out / "eye.md").write_text(text)


if __name__ == "__main__":
    main()
