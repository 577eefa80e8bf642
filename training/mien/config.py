"""A run's configuration: one TOML file, every field checked and named when wrong."""

import tomllib
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from operator import attrgetter
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin

from mien.augment import Look
from mien.former_names import current_names
from mien.models import HEADS, MODELS, VALUES, VISIBILITY, HeadConfig, ModelConfig
from mien.schemes import SCHEMES
from mien.transforms import Jitter

CHOICES = {
    "head.values": VALUES,
    "head.visibility": VISIBILITY,
    "loss.points": ("smooth-l1", "sharp-l1", "wing", "soft-wing", "squared", "absolute", "none"),
    "loss.maps_error": ("divergence", "squared"),
    "optimise.optimiser": ("adamw", "adam", "rmsprop"),
    "optimise.schedule": ("cosine", "constant"),
}


class ConfigError(ValueError):
    """A configuration that cannot be used: says which field and why."""


@dataclass(frozen=True)
class InputConfig:
    width: int = 128  # of the crop, px
    height: int = 128
    crop_margin: float = 1.4  # longer side of the crop over the larger side of the face's box
    mean: float = 0.5  # value = (grey / 255 - mean) / deviation
    deviation: float = 0.25

    @property
    def size(self) -> tuple[int, int]:
        """(height, width), as tensors have it."""
        return self.height, self.width


@dataclass(frozen=True)
class DataConfig:
    sets: tuple[str, ...]  # names in datasets.READERS, or folders under the data folder
    weights: tuple[float, ...]  # how often a face of each set is drawn
    rare: float = 0.0  # how many times more often the face least like the mean shape is drawn than the most like it
    held_out: float = 0.08  # share of people and pictures kept for choosing
    cache_px: int = 256  # faces are cut out once at this size
    coverage: float = 2.4  # and so many times as wide as the box of the face
    refit_sets: tuple[str, ...] = ()  # data sets whose labels lie right but for a scale and two shifts a picture
    refit_epochs: tuple[int, ...] = ()  # after which these three are fitted to the network's points
    teacher: str = ""  # checkpoint whose points replace those of machine-labelled faces; relative to training/
    teacher_sha256: str = ""  # of that file, which is refused where it is another
    teacher_share: float = 0.0  # how far other labels move to the teacher's points; over 0, it also gives those missing


@dataclass(frozen=True)
class OptimiseConfig:
    crops: int  # the whole run
    epoch_crops: int
    batch: int = 64
    optimiser: str = "adamw"
    learning_rate: float = 1.5e-3
    schedule: str = "cosine"  # of the learning rate after the warm-up
    weight_decay: float = 0.02
    warm_up_steps: int = 200
    ema_half_life_steps: float = 400  # weights averaged over the run
    negative_crops: float = 0.10  # share of crops badly placed on a face: presence 0
    background: float = 0.06  # share of crops without a face: presence 0


@dataclass(frozen=True)
class LossConfig:
    """Weights of the terms. A head with a weight is trained; only the one that `head.kind` names is exported."""

    linear: float = 4.0
    grid_offset: float = 0.0
    grid: float = 0.0
    maps: float = 4.0
    grid_offset_sigma: float = 0.05  # crop units; of the Gaussian that the cells' scores are held to
    grid_sigma: float = 0.035
    maps_sigma: float = 0.04
    points: str = "smooth-l1"  # how a point's error counts; none where the maps' shape alone is to teach
    shape: float = 0.01  # how firmly scores and maps are held to their Gaussians
    maps_error: str = "divergence"  # how their difference counts
    spread: float = 0.02
    presence: float = 0.05
    visible: float = 0.05  # where the network tells visibility

    def heads(self) -> dict[str, float]:
        """Weight of each head that is trained."""
        weights = {kind: getattr(self, kind) for kind in HEADS}
        return {kind: weight for kind, weight in weights.items() if weight > 0}


@dataclass(frozen=True)
class Config:
    id: str
    title: str
    scheme: str
    model_kind: str
    model: ModelConfig
    data: DataConfig
    optimise: OptimiseConfig
    input: InputConfig = field(default_factory=InputConfig)
    head: HeadConfig = field(default_factory=HeadConfig)
    loss: LossConfig = field(default_factory=LossConfig)
    jitter: Jitter = field(default_factory=Jitter)
    look: Look = field(default_factory=Look)
    seed: int = 1
    start: str = ""  # checkpoint whose weights are taken up where they fit; relative to training/
    start_sha256: str = ""  # of that file, which is refused where it is another
    presence_threshold: float = 0.5  # presence, 0..1, under which a crop is said to hold no face
    classroom: bool = False  # a network of historical interest, listed apart in the app


def _value(name: str, wanted: Any, value: Any) -> Any:
    """`value` as the type `wanted`, or a ConfigError naming the field."""
    if is_dataclass(value):
        return value  # read already
    if is_dataclass(wanted):
        return parse_section(name, wanted, value)
    if get_origin(wanted) is tuple:
        if not isinstance(value, list):
            raise ConfigError(f"{name}: expected a list, found {value!r}")
        return tuple(_value(f"{name}[{i}]", get_args(wanted)[0], item) for i, item in enumerate(value))
    accepted: type | UnionType = int | float if wanted is float else wanted
    if not isinstance(value, accepted) or isinstance(value, bool) != (wanted is bool):
        raise ConfigError(f"{name}: expected {wanted.__name__}, found {value!r}")
    return wanted(value)


def parse_section(name: str, kind: type, table: Any) -> Any:
    """A table as the frozen dataclass `kind`."""
    if not isinstance(table, dict):
        raise ConfigError(f"{name}: expected a table, found {table!r}")
    known = {entry.name: entry.type for entry in fields(kind)}
    prefix = f"{name}." if name else ""
    for key in table:
        if key not in known:
            raise ConfigError(f"{prefix}{key}: no such field; there are {', '.join(known)}")
    try:
        return kind(**{key: _value(prefix + key, known[key], value) for key, value in table.items()})
    except TypeError as error:
        raise ConfigError(f"{name or 'configuration'}: {error}") from error


def parse_config(table: dict) -> Config:
    """A TOML table as a Config; ConfigError names the field that is missing, unknown or of the wrong kind."""
    table = current_names(table)
    table = {**table, "model": dict(table.get("model", {}))}
    kind = table["model"].pop("kind", None)
    if kind not in MODELS:
        raise ConfigError(f"model.kind: {kind!r} is not one of {', '.join(MODELS)}")
    model = parse_section("model", MODELS[kind], table["model"])
    config = parse_section("", Config, {**table, "model_kind": kind, "model": model})
    if config.scheme not in SCHEMES:
        raise ConfigError(f"scheme: {config.scheme!r} is not one of {', '.join(SCHEMES)}")
    if len(config.data.sets) != len(config.data.weights):
        raise ConfigError("data.weights: one number per data set")
    if config.head.kind not in config.loss.heads():
        raise ConfigError(f"head.kind: {config.head.kind!r} is not one of the heads with a weight in [loss]")
    if config.input.width % model.multiple or config.input.height % model.multiple:
        raise ConfigError(f"input.width, input.height: multiples of {model.multiple}")
    for name, choices in CHOICES.items():
        value = attrgetter(name)(config)
        if value not in choices:
            raise ConfigError(f"{name}: {value!r} is not one of {', '.join(choices)}")
    if config.head.values == "points" and config.optimise.negative_crops + config.optimise.background > 0:
        raise ConfigError("optimise.negative_crops, optimise.background: 0 for a network that tells no presence")
    return config


def load_config(path: Path) -> Config:
    try:
        table = tomllib.loads(path.read_text())
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}") from error
    try:
        return parse_config(table)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error


def as_table(config: Config) -> dict:
    """The inverse of `parse_config`: plain lists, numbers and strings."""
    table = asdict(config)
    table["model"] = {"kind": table.pop("model_kind"), **table["model"]}
    return table


def by_path(table: dict, prefix: str = "") -> dict[str, Any]:
    """The fields of nested tables by their dotted paths, such as `optimise.batch`."""
    fields = {}
    for key, value in table.items():
        fields |= by_path(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key: value}
    return fields


def differences(there: Config, here: Config) -> list[str]:
    """What differs, one field each: `seed: 1 there, 2 here`."""
    first, second = by_path(as_table(there)), by_path(as_table(here))
    paths = [path for path in {**first, **second} if first.get(path) != second.get(path)]
    return [f"{path}: {first.get(path)} there, {second.get(path)} here" for path in paths]
