"""Checkpoints of the eye network: weights and a card, as of the other networks (`mien.checkpoints`)."""

from datetime import UTC, datetime
from pathlib import Path

from mien.checkpoints import TERMS, read_checkpoint, save_checkpoint
from mien.eyes.data import HELD_OUT, SETS
from mien.eyes.network import DEVIATION, EYE7, HEIGHT, MEAN, VALUES, WIDTH, build
from mien.models import LandmarkNetwork

ID, TITLE = "eye", "Mien eye"
CROP_MARGIN = 2.1  # a patch's width over that of the box of the lids, of a face from the front
THRESHOLD = 0.5


def save(path: Path, network: LandmarkNetwork, code: str, seed: int, made: dict) -> None:
    card = {
        "id": ID,
        "title": TITLE,
        "family": "regression",
        "scheme": EYE7.id,
        "cropMargin": CROP_MARGIN,
        "mean": MEAN,
        "deviation": DEVIATION,
        "presenceThreshold": THRESHOLD,
        "seed": seed,
        "config": {"made": made, "width": WIDTH, "height": HEIGHT, "values": VALUES, "heldOut": HELD_OUT},
        "commit": code,
        "date": datetime.now(UTC).date().isoformat(),
        "dataSets": [{"name": name, "terms": TERMS[name.split("/")[0]]} for name in SETS],
    }
    save_checkpoint(path, network, card)


def load_eye(path: Path) -> tuple[LandmarkNetwork, dict]:
    """(network in eval mode, card). Raises ValueError naming a file that is not one."""
    state, card = read_checkpoint(path)
    network = build()
    try:
        network.load_state_dict({key: value.float() for key, value in state.items()})
    except RuntimeError as error:
        raise ValueError(f"{path}: {error}") from error
    return network.eval(), card
