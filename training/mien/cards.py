"""Model cards: what a shipped network is, what it was trained on under which terms, and how well it does.

python -m mien.cards CHECKPOINT.safetensors --metrics METRICS.json ... [--note TEXT] [--out cards]
"""

import argparse
import hashlib
import json
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from mien.checkpoints import load
from mien.config import Config
from mien.evaluate import figure
from mien.failures import drawing, failures_of
from mien.metrics import read_metrics
from mien.models import cost
from mien.origins import deduplicated, origins_of
from mien.report.style import save_svg
from mien.report.uncertainty import told
from mien.schemes import SCHEMES
from mien.spread import promised
from mien.weights import table as weights_table

CARDS, CONFIGS = (Path(__file__).parents[1] / name for name in ("cards", "configs"))
TEMPLATE = Path(__file__).with_name("card.md")
OUTPUTS = {
    "points-spread-presence": "landmarks, a spread for each and presence out",
    "points-spread-visible-presence": "landmarks, a spread and a visibility for each, and presence out",
    "points": "landmarks out, without spread or presence",
}
WEAKNESSES = """\
Trained mostly on frontal and half-turned adult faces in photographs: full profiles, faces much hidden, very dark
pictures and very small faces (under about 40 px) are beyond what was measured."""
ALL_POSES_WEAKNESSES = """\
Trained on adult faces in photographs, from the front to full profile. Of a profile the half that is turned away is
guessed: its jaw had no labels beyond about 45° of yaw. Faces seen from above or below, faces much hidden, very dark
pictures and very small faces (under about 40 px) are beyond what was measured."""
CLASSROOM_WEAKNESSES = """\
{network} as students build it: kept to show how far that gets, not to be relied on. It follows
a frontal face in good light. Turned heads, wide open mouths and poor boxes throw it off, and since it tells no
presence, the app takes its detector's word that there is a face."""


def metrics_table(rows: list[dict]) -> str:
    """The rows of `mien.evaluate --json` as a Markdown table."""
    regions = list(dict.fromkeys(name for row in rows for name in row["regions"]))
    titles = ["data set", "crop", "faces", "missed", "NME eyes %", "NME box %", "inner/box %", "FR@8 %", "AUC@8 %"]
    titles += [f"{name} %" for name in regions]
    lines = ["| " + " | ".join(titles) + " |", "|" + "---|" * len(titles)]
    for row in rows:
        keys = ("nmeInterOcularPct", "nmeBoxPct", "nmeInnerBoxPct", "failureRate8Pct", "auc8Pct")
        values = [row.get(key) for key in keys] + [row["regions"].get(name) for name in regions]
        name = f"{row['dataSet']}, shape only" if row.get("shapeOnly") else row["dataSet"]
        cells = [name, row["crop"], str(row["images"]), str(row.get("misses", "–")), *map(figure, values)]
        lines.append("| " + " | ".join(cells) + " |")
        for part in row.get("yawBins", []) if len(row.get("yawBins", [])) > 1 else []:
            values = [part.get(key) for key in keys] + [None] * len(regions)
            cells = [f"yaw {part['yawDeg']}°", row["crop"], str(part["images"]), str(part["misses"])]
            lines.append("| " + " | ".join([*cells, *map(figure, values)]) + " |")
    return "\n".join(lines)


def card_text(checkpoint: Path, rows: list[dict], failures: str = "", chart: str = "", note: str = "") -> str:
    """The Markdown of a checkpoint's card; `failures` and `chart` are the names of the drawings beside it, of the worst
    faces and of spread and presence, where there are some. Raises ValueError naming a file that is no checkpoint."""
    network, config, card = load(checkpoint)
    parameters, multiply_adds = cost(network, config.input.size)
    environment = Environment(loader=FileSystemLoader(TEMPLATE.parent), trim_blocks=True, lstrip_blocks=True)
    return environment.get_template(TEMPLATE.name).render(
        card=card,
        chart=chart,
        checkpoint=checkpoint.name,
        config=config_path(card.get("run", card["id"])),
        drawing=failures,
        height=config.input.height,
        held_out=config.data.held_out,
        held_out_metrics=metrics_table(card["heldOut"]) if "heldOut" in card else "",
        metrics=metrics_table(rows),
        multiply_adds=multiply_adds,
        note=note,
        origins=deduplicated(origins_of(card)),
        outputs=OUTPUTS[config.head.values],
        parameters=parameters,
        percent=percent,
        promised=promised,
        sha256=hashlib.sha256(checkpoint.read_bytes()).hexdigest(),
        weaknesses=weaknesses(config),
        weights=weights_table(card["weights"]) if "weights" in card else "",
        width=config.input.width,
    )


def weaknesses(config: Config) -> str:
    if config.classroom:
        network = "A UNet" if config.head.kind == "maps" else "A plain stack of convolutions"
        return CLASSROOM_WEAKNESSES.format(network=network)
    return ALL_POSES_WEAKNESSES if "cfp/profile" in config.data.sets else WEAKNESSES


def config_path(name: str) -> str:
    """Of a configuration, below configs/, by its id."""
    found = next(CONFIGS.rglob(f"{name}.toml"), CONFIGS / f"{name}.toml")
    return found.relative_to(CONFIGS.parent).as_posix()


def percent(share: float, digits: int = 2) -> str:
    return f"{share * 100:.{digits}f} %"


def write_card(checkpoint: Path, metrics: list[Path], out: Path, note: str = "") -> Path:
    """Writes <id>.md and beside it <id>-failures.svg, where the metrics tell the points of the worst faces, and
    <id>-uncertainty.svg, where the network tells spread and presence. Raises ValueError naming a file that is not what
    it should be."""
    rows = read_metrics(metrics)
    _, config, card = load(checkpoint)
    failures = failures_of([json.loads(path.read_text()) for path in metrics])
    drawn = f"{card['id']}-failures.svg" if failures else ""
    out.mkdir(parents=True, exist_ok=True)
    if drawn:
        (out / drawn).write_text(drawing(failures, SCHEMES[config.scheme], config.input.size))
    made = told(card)
    chart = f"{card['id']}-uncertainty.svg" if made else ""
    if made:
        save_svg(made, out / chart)
    path = out / f"{card['id']}.md"
    path.write_text(card_text(checkpoint, rows, drawn, chart, note))
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--metrics", type=Path, nargs="+", required=True, help="what the evaluations wrote")
    parser.add_argument("--note", default="", help="what the configuration does not tell of how it was made")
    parser.add_argument("--out", type=Path, default=CARDS)
    options = parser.parse_args()
    try:
        print(write_card(options.checkpoint, options.metrics, options.out, options.note))
    except (OSError, ValueError) as error:
        raise SystemExit(f"mien.cards: {error}") from error


if __name__ == "__main__":
    main()
