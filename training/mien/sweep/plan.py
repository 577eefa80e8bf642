"""What a sweep tries, read from a small TOML file and checked before anything runs."""

import itertools
import json
import math
import tomllib
from copy import deepcopy
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from mien.config import Config, ConfigError, as_table, by_path, parse_config, parse_section

LISTED = ("grid", "ablation")  # samplers whose trials follow from the lists of values
SAMPLERS = (*LISTED, "tpe")
PRUNERS = ("none", "median", "halving")
GOALS = ("minimise", "maximise")


@dataclass(frozen=True)
class Range:
    """Numbers from `low` to `high`, both among them."""

    low: float
    high: float
    log: bool = False  # drawn evenly in their logarithm


@dataclass(frozen=True)
class Sweep:
    id: str
    config: str  # the configuration that is varied; relative to the sweep's file
    search: dict  # dotted path of a field or a section: list of values or Range
    set: dict = field(default_factory=dict)  # dotted path of a field: its value in all trials
    metric: str = "nme_all"  # column of log.csv; a trial counts with its best epoch
    goal: str = "minimise"
    sampler: str = "grid"  # every combination; each value alone, all other fields at their first (ablation); or where
    # TPE (Bergstra et al. 2011) expects the best
    trials: int = 0  # how many; where they follow from the lists, left out
    pruner: str = "none"  # stops trials that are worse than the median, or than all but the best third (halving)
    prune_after: int = 3  # epochs that every trial is given
    seed: int = 1  # of TPE's draws
    base: dict = field(default_factory=dict)  # the configuration as a table; read from `config`

    def configured(self, values: dict[str, Any]) -> Config:
        """The configuration of a trial. Raises ConfigError naming the field."""
        return parse_config(with_fields(self.base, {**self.set, **values}))

    def combinations(self) -> list[dict[str, Any]]:
        """The values of each trial where they follow from the lists, an ablation's reference first; else as many empty
        ones as there are trials."""
        if self.sampler not in LISTED:
            return [{}] * self.trials
        if self.sampler == "ablation":
            first = {path: options[0] for path, options in self.search.items()}
            others = ((path, value) for path, options in self.search.items() for value in options[1:])
            return [first, *({**first, path: value} for path, value in others)]
        return [dict(zip(self.search, values, strict=True)) for values in itertools.product(*self.search.values())]


def choice(value: Any) -> Any:
    """A value as databases keep it: lists and tables as JSON."""
    return json.dumps(value) if isinstance(value, list | dict) else value


def with_fields(table: dict, values: dict[str, Any]) -> dict:
    """A copy of nested tables with the fields at dotted paths set."""
    table = deepcopy(table)
    for path, value in values.items():
        *sections, name = path.split(".")
        section = table
        for key in sections:
            section = section.setdefault(key, {})
            if not isinstance(section, dict):
                raise ConfigError(f"{path}: no such field")
        section[name] = value
    return table


def fields_of(table: dict, prefix: str = "") -> dict[str, Any]:
    """`[search]` by dotted paths; a table with `low` or `high` is a Range."""
    found = {}
    for key, value in table.items():
        path = prefix + key
        if not isinstance(value, dict):
            found[path] = value
        elif value.keys() & {"low", "high"}:
            found[path] = parse_section(f"search.{path}", Range, value)
        else:
            found |= fields_of(value, f"{path}.")
    return found


def checked(sweep: Sweep, path: str, options: Any, known: dict[str, Any]) -> list | Range:
    """What is tried of a field, in the field's own kind. Raises ConfigError if there is no such field, or if it cannot
    take what is tried."""
    name = f"search.{path}"
    if path not in known:
        near = get_close_matches(path, known, 3, 0.5)
        raise ConfigError(f"{name}: the configuration has no such field; near it are {', '.join(near) or 'none'}")
    if isinstance(options, Range):
        if sweep.sampler in LISTED:
            raise ConfigError(f'{name}: {sweep.sampler} wants a list of values; ranges are for sampler = "tpe"')
        if not (math.isfinite(options.low) and math.isfinite(options.high) and options.low < options.high):
            raise ConfigError(f"{name}: low must be less than high, found {options.low} and {options.high}")
        if options.log and options.low <= 0:
            raise ConfigError(f"{name}: a range with log = true starts above 0, found {options.low}")
        if isinstance(known[path], int):
            options = Range(whole(options.low), whole(options.high), options.log)
        tried = [options.low, options.high]
    elif isinstance(options, list) and options:
        tried = options
    else:
        raise ConfigError(f"{name}: expected a list of values or a table with low and high, found {options!r}")
    for value in tried:
        try:
            sweep.configured({path: value})
        except ConfigError as error:
            raise ConfigError(f"{name}: {error}") from error
    return options


def whole(number: float) -> float:
    """A whole number as an int; any other stays, for the configuration to object to."""
    return int(number) if number == int(number) else number


def parse_sweep(table: dict, folder: Path) -> Sweep:
    """Raises ConfigError naming the field of the sweep, or of the configuration it varies."""
    for name in ("search", "set"):
        if not isinstance(table.get(name, {}), dict):
            raise ConfigError(f"{name}: expected a table, found {table[name]!r}")
    if not table.get("search"):
        raise ConfigError("search: names no field to vary")
    if "base" in table:
        raise ConfigError("base: no such field; name the configuration in `config`")
    sweep = parse_section(
        "", Sweep, {**table, "search": fields_of(table["search"]), "set": by_path(table.get("set", {}))}
    )
    for name, allowed in (("sampler", SAMPLERS), ("pruner", PRUNERS), ("goal", GOALS)):
        if getattr(sweep, name) not in allowed:
            raise ConfigError(f"{name}: {getattr(sweep, name)!r} is not one of {', '.join(allowed)}")
    if (sweep.sampler in LISTED) != (sweep.trials == 0):
        raise ConfigError(f"trials: follow from the lists for {' and '.join(LISTED)}, so leave it out; tpe needs it")
    try:
        base = tomllib.loads((folder / sweep.config).read_text())
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"config: {folder / sweep.config}: {error}") from error
    sweep = replace(sweep, base=base)
    table = as_table(sweep.configured({}))
    known = by_path(table) | table  # fields, and sections as a whole
    search = {path: checked(sweep, path, options, known) for path, options in sweep.search.items()}
    sweep = replace(sweep, search=search)
    for values in sweep.combinations():
        sweep.configured(values)
    return sweep


def load_sweep(path: Path) -> Sweep:
    try:
        return parse_sweep(tomllib.loads(path.read_text()), path.parent)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, ConfigError) as error:
        raise ConfigError(f"{path}: {error}") from error
