"""What has come of a sweep's trials."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import optuna
from optuna.trial import FrozenTrial, TrialState

from mien.sweep.plan import Range, Sweep, choice

LONG = 24  # characters
REFERENCE = "the reference"


@dataclass(frozen=True)
class Result:
    run: str  # name of the trial and its folder
    values: dict[str, Any]  # by dotted path; lists as JSON
    curve: dict[int, float]  # epoch: metric
    best: float | None  # of the curve
    state: str  # complete, pruned, running, waiting or fail


def results(study: optuna.Study, sweep: Sweep) -> list[Result]:
    """The last attempt at each trial, in the order they were queued."""
    attempts = {trial.user_attrs["run"]: trial for trial in study.trials if "run" in trial.user_attrs}
    return [result(attempts[run], run, sweep) for run in sorted(attempts)]


def result(trial: FrozenTrial, run: str, sweep: Sweep) -> Result:
    values = trial.params or trial.system_attrs.get("fixed_params", {})
    curve = dict(sorted(trial.intermediate_values.items()))
    best = (min if sweep.goal == "minimise" else max)(curve.values(), default=None)
    return Result(run, values, curve, best, trial.state.name.lower())


def ranked(found: list[Result], sweep: Sweep) -> list[Result]:
    """The complete trials, best first."""
    complete = [result for result in found if result.state == TrialState.COMPLETE.name.lower()]
    return sorted(complete, key=lambda result: result.best, reverse=sweep.goal == "maximise")


def shown(value: Any) -> str:
    """A value as people read it: 0.0003 is 3e-4."""
    if not isinstance(value, float):
        return value if value and isinstance(value, str) else json.dumps(value)
    if 0.01 <= abs(value) < 1000 or value == 0:
        return f"{value:.3g}"
    return np.format_float_scientific(value, precision=2, trim="-", exp_digits=1)


def label(sweep: Sweep, path: str, value: Any) -> str:
    """A field's value as people read it; where it is long, its place in the sweep's list."""
    options, text = sweep.search[path], shown(value)
    if isinstance(options, Range) or len(text) <= LONG:
        return text
    return f"no. {[choice(option) for option in options].index(value) + 1}"


def change(one: Result, sweep: Sweep) -> str:
    """What an ablation's trial does otherwise than its first."""
    reference = {path: choice(options[0]) for path, options in sweep.search.items()}
    other = [f"{path} {shown(value)}" for path, value in one.values.items() if value != reference[path]]
    return ", ".join(other) or REFERENCE


def table(found: list[Result], sweep: Sweep) -> str:
    """The trials as text, the complete ones first and best first."""
    order = ranked(found, sweep)
    order += [result for result in found if result not in order]
    fields = ["change"] if sweep.sampler == "ablation" else list(sweep.search)
    lines = [["trial", *fields, sweep.metric, "epochs", "state"]]
    for one in order:
        best = "" if one.best is None else f"{one.best:.4g}"
        if sweep.sampler == "ablation":
            cells = [change(one, sweep)]
        else:
            cells = [label(sweep, path, one.values[path]) if path in one.values else "" for path in fields]
        lines.append([one.run, *cells, best, str(len(one.curve)), one.state])
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
