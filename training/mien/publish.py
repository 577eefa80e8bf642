"""A run's checkpoint as one of the project's own: under an id, with its large tensors in float16.

python -m mien.publish runs/resnet18/last-maps.safetensors [--id unet-lite] [--title "UNet lite"] [--out checkpoints]
"""

import argparse
from dataclasses import replace
from pathlib import Path

from mien.checkpoints import load, read_checkpoint, save_state
from mien.config import as_table

CHECKPOINTS = Path(__file__).parents[1] / "checkpoints"


def publish(
    source: Path, out: Path, name: str = "", title: str = "", changed_tree: bool = False, classroom: bool = False
) -> Path:
    """Writes `out/<id>.safetensors` and returns its path. Vectors (biases, statistics) stay float32: their smallest
    values are below what float16 holds. Raises ValueError naming the file when it is no checkpoint, or when it comes
    from a tree with changes, unless `changed_tree`: nobody could make it again. `classroom`: listed apart in the app,
    though its configuration does not say so."""
    _, config, _ = load(source)  # whole, and of a network that can be built
    state, card = read_checkpoint(source)
    if not changed_tree and (not card["commit"] or card["commit"].endswith("+")):
        raise ValueError(f"{source}: trained in a tree with changes ({card['commit'] or 'no commit'}), not a commit")
    config = replace(config, id=name or config.id, title=title or config.title, classroom=classroom or config.classroom)
    run = card.get("run", card["id"])  # whose configuration made it
    card = {**card, "run": run, "id": config.id, "title": config.title, "config": as_table(config)}
    weights = {key: value.half() if value.dim() > 1 else value for key, value in state.items()}
    path = out / f"{config.id}.safetensors"
    out.mkdir(parents=True, exist_ok=True)
    save_state(path, weights, card)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--id", default="", help="default: the run's own")
    parser.add_argument("--title", default="", help="default: the run's own")
    parser.add_argument("--out", type=Path, default=CHECKPOINTS)
    parser.add_argument("--classroom", action="store_true", help="listed apart in the app")
    parser.add_argument("--changed-tree", action="store_true", help="though it was trained in a tree with changes")
    options = parser.parse_args()
    try:
        path = publish(
            options.checkpoint, options.out, options.id, options.title, options.changed_tree, options.classroom
        )
    except (OSError, RuntimeError, ValueError) as error:
        raise SystemExit(f"mien.publish: {error}") from error
    print(f"{path.stat().st_size:>10,} bytes  {path}")


if __name__ == "__main__":
    main()
