"""A sweep as an Optuna study. All its trials are queued when it is begun, and workers, as many as one likes on as many
machines as reach the database, take them one by one; a trial whose worker died is queued again."""

import json
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import optuna
import torch
from filelock import FileLock
from optuna.storages import RDBStorage, RetryHeartbeatStaleTrialCallback, fail_stale_trials
from optuna.trial import Trial, TrialState
from sqlalchemy import event

from mien.config import ConfigError
from mien.run import Diverged
from mien.sweep.plan import Range, Sweep, choice
from mien.train import train

HEARTBEAT_S = 30
GRACE_S = 120  # without a heartbeat; then a trial's worker is taken for dead
POLL_S = 1
QUEUEING_S = 5  # within which a worker that is queueing trials gets on
MEDIAN_OF = 4  # trials that must be there before the median of them stops another
SQLITE_WAIT_S = 120  # for other workers' writes

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.filterwarnings("ignore", category=optuna.exceptions.ExperimentalWarning)


def open_storage(url: str) -> RDBStorage:
    """The database of studies. Raises ConfigError if it cannot be opened."""
    lite = url.startswith("sqlite")
    # Python's own handling of SQLite's transactions would let two workers read that a trial waits, and both take it.
    options = {"connect_args": {"timeout": SQLITE_WAIT_S, "isolation_level": None}} if lite else {"pool_pre_ping": True}
    try:
        storage = RDBStorage(
            url,
            engine_kwargs=options,
            heartbeat_interval=HEARTBEAT_S,
            grace_period=GRACE_S,
            heartbeat_stale_trial_callback=RetryHeartbeatStaleTrialCallback(),
        )
    except Exception as error:  # whatever the database's driver raises
        raise ConfigError(f"storage: {url} cannot be opened ({error})") from error
    if lite:
        event.listen(storage.engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return storage


def plan_of(sweep: Sweep) -> dict[str, str]:
    """What must not change while a study lasts, as text."""
    parts = {"metric": sweep.metric, "goal": sweep.goal, "sampler": sweep.sampler, "base": sweep.base}
    parts |= {"set": sweep.set, "search": sweep.search}
    return {name: json.dumps(part, default=vars, sort_keys=True) for name, part in parts.items()}


def open_study(sweep: Sweep, url: str, out: Path) -> optuna.Study:
    """The study with its trials queued, begun by this worker or before. Raises ConfigError if the one in the database
    tries something else."""
    out.mkdir(parents=True, exist_ok=True)
    with FileLock(out / ".lock"):
        storage = open_storage(url)
        options = {"storage": storage, "study_name": sweep.id, "pruner": pruner(sweep)}
        try:
            study = optuna.create_study(direction=sweep.goal.replace("ise", "ize"), **options)
            study.set_user_attr("plan", plan_of(sweep))
            began = True
        except optuna.exceptions.DuplicatedStudyError:
            study = optuna.load_study(**options)
            began = False
        queue(study, sweep, began)
    there, here = study.user_attrs["plan"], plan_of(sweep)
    if other := [name for name in here if here[name] != there[name]]:
        raise ConfigError(f"{', '.join(other)}: not as when the study {sweep.id} was begun; give the sweep another id")
    return study


def queue(study: optuna.Study, sweep: Sweep, began: bool) -> None:
    """Queues the trials that are not there yet. Who did not begin the study leaves that to who did, as long as that
    worker gets on with it."""
    wanted = {f"{number:03}": values for number, values in enumerate(sweep.combinations())}

    def missing() -> list[str]:
        return sorted(wanted.keys() - {trial.user_attrs.get("run") for trial in study.get_trials(deepcopy=False)})

    runs = missing()
    while runs and not began:
        time.sleep(QUEUEING_S)
        began, runs = missing() == runs, missing()
    for run in runs:
        values = {path: choice(value) for path, value in wanted[run].items()}
        study.enqueue_trial(values, user_attrs={"run": run})


def pruner(sweep: Sweep) -> optuna.pruners.BasePruner:
    if sweep.pruner == "median":
        return optuna.pruners.MedianPruner(n_startup_trials=MEDIAN_OF, n_warmup_steps=sweep.prune_after)
    if sweep.pruner == "halving":
        return optuna.pruners.SuccessiveHalvingPruner(min_resource=sweep.prune_after, reduction_factor=3)
    return optuna.pruners.NopPruner()


def suggested(trial: Trial, sweep: Sweep) -> dict[str, Any]:
    """The values of a trial's fields."""
    values = {}
    for path, options in sweep.search.items():
        if isinstance(options, Range):
            suggest = trial.suggest_int if isinstance(options.low, int) else trial.suggest_float
            values[path] = suggest(path, options.low, options.high, log=options.log)
        else:
            by_choice = {choice(option): option for option in options}
            values[path] = by_choice[trial.suggest_categorical(path, list(by_choice))]
    return values


class Surplus(Exception):
    """A trial that Optuna made because another worker took the last one of the queue."""


def run_trial(trial: Trial, sweep: Sweep, data: Path, out: Path, device: str) -> float:
    """Trains one trial, on from where another worker left it; the best epoch's metric."""
    if "run" not in trial.user_attrs:
        raise Surplus
    if sweep.sampler == "tpe":  # each trial draws for itself, so that it does not matter which worker has it
        trial.study.sampler = optuna.samplers.TPESampler(seed=sweep.seed + trial.number, constant_liar=True)
    values = suggested(trial, sweep)
    folder, name = out / trial.user_attrs["run"], trial.user_attrs["run"]
    print(f"trial {name}: " + ", ".join(f"{path} {value}" for path, value in values.items()), flush=True)
    seen: list[float] = []

    def report(row: dict[str, float]) -> None:
        if sweep.metric not in row:
            raise ConfigError(f"metric: {sweep.metric!r} is not a column of log.csv; there are {', '.join(row)}")
        seen.append(row[sweep.metric])
        trial.report(seen[-1], row["epoch"])
        if trial.should_prune():
            raise optuna.TrialPruned(f"after epoch {row['epoch']}")

    try:
        train(sweep.configured(values), data, folder, device, on_row=report)
    except (Diverged, torch.OutOfMemoryError) as error:
        print(f"trial {name}: {error}", flush=True)
        trial.set_user_attr("why", str(error))
        raise optuna.TrialPruned(str(error)) from error
    return min(seen) if sweep.goal == "minimise" else max(seen)


def work(study: optuna.Study, objective: Callable[[Trial], float]) -> None:
    """Takes trials until none is left, those of workers that died too. A trial that is broken off goes back into the
    queue."""

    def remembered(trial: Trial) -> float:
        try:
            return objective(trial)
        except (optuna.TrialPruned, Surplus):
            raise
        except BaseException:
            broken_off.append(trial.number)
            raise

    broken_off: list[int] = []
    while True:
        fail_stale_trials(study)
        states = {trial.state for trial in study.get_trials(deepcopy=False)}
        if TrialState.WAITING in states:
            try:
                study.optimize(remembered, n_trials=1, catch=(Surplus,))
            except BaseException:
                for number in broken_off:
                    RetryHeartbeatStaleTrialCallback()(study, study.trials[number])
                raise
        elif TrialState.RUNNING in states:
            time.sleep(POLL_S)
        else:
            return
