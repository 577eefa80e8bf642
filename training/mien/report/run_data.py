"""What a report is about: a run in its folder with all its heads, or one checkpoint."""

import csv
from dataclasses import dataclass
from pathlib import Path

from mien.checkpoints import load
from mien.config import Config
from mien.models import LandmarkNetwork


@dataclass(frozen=True)
class RunData:
    checkpoint: Path  # of the head that gives the points
    config: Config
    card: dict
    networks: dict[str, LandmarkNetwork]  # by kind of head; the run's own first
    rows: list[dict[str, float]]  # of the run's log, one an epoch; none for a checkpoint without its run
    snapshots: list[Path]  # what mien.snapshots left, one file an epoch

    @property
    def own(self) -> str:
        return self.config.head.kind

    @property
    def network(self) -> LandmarkNetwork:
        return self.networks[self.own]


def read_log(path: Path) -> list[dict[str, float]]:
    if not path.exists():
        return []
    with path.open() as file:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]


def load_run_data(path: Path) -> RunData:
    """A run's folder with the last weights of all its heads, or a checkpoint, with the log of the run it lies in.
    Raises ValueError naming the file that is missing or no checkpoint."""
    folder = path if path.is_dir() else path.parent
    checkpoint = folder / "last.safetensors" if path.is_dir() else path
    if not checkpoint.is_file():
        raise ValueError(f"{checkpoint}: no such checkpoint")
    network, config, card = load(checkpoint)
    networks = {config.head.kind: network}
    for other in sorted(folder.glob("last-*.safetensors")) if path.is_dir() else []:
        beside, other_config, _ = load(other)
        networks[other_config.head.kind] = beside
    rows, snapshots = read_log(folder / "log.csv"), sorted((folder / "snapshots").glob("*.npz"))
    return RunData(checkpoint, config, card, networks, rows, snapshots)
