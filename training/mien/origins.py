"""What a network owes to others: weights it starts from and a teacher it learns from, and what these owe in turn."""

import hashlib
from typing import Any

from mien.checkpoints import read_checkpoint
from mien.config import Config, parse_config
from mien.pretrained import SOURCES
from mien.start import ROOT


def origins(config: Config) -> list[dict[str, Any]]:
    """{"role", "name", "terms", "sha256", "origins"} of each file, the last of a checkpoint alone. Raises OSError or
    ValueError naming a checkpoint that is missing or none."""
    found: list[dict[str, Any]] = []
    if source := SOURCES.get(getattr(config.model, "pretrained", "")):
        found.append({"role": "started from", **source})
    for role, name in (("started from", config.start), ("learned machine-labelled faces from", config.data.teacher)):
        if name:
            path = ROOT / name
            card = read_checkpoint(path)[1]
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            entry = {"role": role, "name": card["id"], "terms": "those of its data", "sha256": digest}
            found.append(entry | {"origins": origins_of(card)})
    return found


def origins_of(card: dict) -> list[dict[str, Any]]:
    """As a checkpoint's card tells them; of a run that did not record them, as its configuration does."""
    return card["origins"] if "origins" in card else origins(parse_config(card["config"]))


def deduplicated(tree: list[dict[str, Any]], told: set[str] | None = None) -> list[dict[str, Any]]:
    """The same, with what a file owes in turn only where the file is first met: runs that go on from one another share
    most of it."""
    told = set() if told is None else told
    found = []
    for origin in tree:
        if origin["sha256"] in told:
            found.append(origin | {"terms": "as above", "origins": []})
        else:
            told.add(origin["sha256"])
            found.append(origin | {"origins": deduplicated(origin.get("origins", []), told)})
    return found
