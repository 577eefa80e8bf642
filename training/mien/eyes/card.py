"""The eye network's card: `python -m mien.eyes.card CHECKPOINT.safetensors --measured FILE ... [--out cards]`, with
what `mien.eyes.evaluate` and `mien.eyes.heads` printed in the files."""

import argparse
import hashlib
from pathlib import Path

from mien.cards import CARDS
from mien.export import MODELS
from mien.eyes.checkpoint import load_eye
from mien.eyes.network import HEIGHT, SIZE, WIDTH
from mien.models import cost

TEMPLATE = Path(__file__).with_name("card.md")


def card_text(checkpoint: Path, measured: list[Path], models: Path = MODELS) -> str:
    """The Markdown. Raises ValueError where the checkpoint is none."""
    network, card = load_eye(checkpoint)
    parameters, multiply_adds = cost(network, SIZE)
    rows = [
        f"| `{path.name}` | {path.stat().st_size} | `{hashlib.sha256(path.read_bytes()).hexdigest()}` |"
        for path in (*sorted((models / card["id"]).iterdir(), reverse=True), checkpoint)
    ]
    return TEMPLATE.read_text().format(
        title=card["title"], id=card["id"], width=WIDTH, height=HEIGHT, parameters=parameters,
        multiply_adds=multiply_adds / 1e6, files="\n".join(rows),
        sets="\n".join(f"- `{one['name']}`: {one['terms']}" for one in card["dataSets"]),
        held_out=f"{card['config']['heldOut']:.0%}".replace("%", " %"),
        measured="\n".join(path.read_text().rstrip() for path in measured),
        seed=card["seed"], commit=card["commit"], date=card["date"], made=made_of(card["config"]["made"]),
        checkpoint=checkpoint.name,
    )  # fmt: skip


def made_of(made: dict) -> str:
    """The steps of a network, and where it started."""
    lift = f", what was found moved up by {made['lift']} eye widths" if made["lift"] else ""
    if "start" not in made:
        return f"{made['first']:,} steps of the first network and {made['second']:,} of the second{lift}"
    start = made["start"]
    origin = f"`checkpoints/{start['file']}` (commit `{start['commit']}`, SHA-256 `{start['sha256']}`)"
    return f"{made['second']:,} steps from {origin}{lift}"


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
