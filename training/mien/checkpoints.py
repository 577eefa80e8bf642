"""Checkpoints: a network's weights in float32 safetensors, with a card (JSON under the metadata key `mien`) that says
what it is, how it was trained and on what."""

import json
import os
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import nn

from mien.config import Config, ConfigError, as_table, parse_config
from mien.former_names import current_names, current_state
from mien.models import build_network, family
from mien.schemes import SCHEMES

TERMS = {
    "300w": "research only, no commercial use (Sagonas et al. 2013, 2016)",
    "youtube_faces": "research only (Wolf et al. 2011)",
    "cfp": "research only (Sengupta et al. 2016)",
    "aflw2000_rest": "research only (Köstinger et al. 2011, Zhu et al. 2016)",
    "rotated": "copies of 300-W turned by ICT-FaceKit (MIT, Li et al. 2020): research only, as 300-W",
    "imm_frontal": "research only (Fagertun and Stegmann 2005)",
}
CARD_KEYS = (
    "id", "title", "family", "config", "scheme", "cropMargin", "mean", "deviation", "presenceThreshold",
    "seed", "commit", "date", "dataSets",
)  # fmt: skip


SOURCES = ("mien", "configs", "requirements.txt")  # of `training/`, what a run's weights come from


def commit(root: Path = Path(__file__).parents[1]) -> str:
    """The checkout's commit, with `+` where one of `SOURCES` in `root` has changes: what another network's recipe
    leaves in the tree meanwhile is none. Empty outside a checkout."""

    def told(*command: str) -> str:
        return subprocess.run(["git", *command], cwd=root, capture_output=True, text=True, check=True).stdout.strip()

    try:
        return told("rev-parse", "--short=12", "HEAD") + ("+" if told("status", "--porcelain", "--", *SOURCES) else "")
    except (OSError, subprocess.CalledProcessError):
        return ""


def card_of(config: Config, validation: dict[str, float], mean_face: torch.Tensor | None = None) -> dict:
    """What a checkpoint says of itself; `validation` are the metrics it was chosen by, `mean_face` (P, 2) the mean of
    the faces it was trained on, crop units."""
    return {
        "id": config.id,
        "title": config.title,
        "family": family(config.head),
        "scheme": config.scheme,
        "cropMargin": config.input.crop_margin,
        "mean": config.input.mean,
        "deviation": config.input.deviation,
        "presenceThreshold": config.presence_threshold,
        "seed": config.seed,
        "config": as_table(config),
        "commit": commit(),
        "date": datetime.now(UTC).date().isoformat(),
        "dataSets": [{"name": name, "terms": TERMS.get(name.split("/")[0], "own")} for name in config.data.sets],
        "validation": validation,
        "meanFace": None if mean_face is None else [[round(x, 5), round(y, 5)] for x, y in mean_face.tolist()],
    }


def save_atomically(path: Path, save: Callable[[Path], None]) -> None:
    """A file is there whole or not at all, also when the disk fills or the run is killed."""
    unfinished = path.with_name(path.name + ".part")
    try:
        save(unfinished)
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())  # some disks say only now that they are full
        os.replace(unfinished, path)
    except (OSError, RuntimeError, SafetensorError) as error:
        unfinished.unlink(missing_ok=True)
        raise RuntimeError(f"{path}: could not be written ({error})") from error


def save_state(path: Path, state: dict[str, torch.Tensor], card: dict) -> None:
    save_atomically(path, lambda to: save_file(state, to, metadata={"mien": json.dumps(card)}))


def save_checkpoint(path: Path, network: nn.Module, card: dict) -> None:
    save_state(path, {key: value.contiguous().cpu() for key, value in network.state_dict().items()}, card)


def read_checkpoint(path: Path) -> tuple[dict[str, torch.Tensor], dict]:
    """State dict and card of a checkpoint. Raises ValueError naming the file and what it lacks."""
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dict)
    except SafetensorError as error:
        raise ValueError(f"{path}: not a safetensors file ({error})") from error
    if "mien" not in metadata:
        raise ValueError(f"{path}: no metadata key 'mien'; not a checkpoint of mien.train")
    state, card = current_state(state), current_names(json.loads(metadata["mien"]))
    if missing := [key for key in CARD_KEYS if key not in card]:
        raise ValueError(f"{path}: its metadata lacks {', '.join(missing)}")
    return state, card


def load(path: Path) -> tuple[nn.Module, Config, dict]:
    """(module in eval mode, its configuration, card) of a checkpoint. Raises ValueError naming the file."""
    state, card = read_checkpoint(path)
    try:
        config = parse_config(card["config"])
        module = build_network(config.model, config.head, config.input.size, SCHEMES[config.scheme].point_count)
        module.load_state_dict(state)
    except (ConfigError, RuntimeError) as error:
        raise ValueError(f"{path}: {error}") from error
    return module.eval(), config, card
