"""Sweeps: plans are checked before anything runs, each trial is run to its end once, and what came of it is drawn."""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import optuna
import pytest
from conftest import in_child, tiny_config, write_config
from optuna.trial import TrialState

from mien import train as train_module
from mien.config import ConfigError
from mien.run import Diverged
from mien.sweep import __main__ as command
from mien.sweep import study as study_module
from mien.sweep.plan import Range, Sweep, load_sweep
from mien.sweep.plots import draw, effects
from mien.sweep.results import Result, change, label, results, shown, table
from mien.sweep.study import open_study, run_trial, work

GRID = """
id = "tiny-sweep"
config = "tiny.toml"
[search]
optimise.learning_rate = [1e-3, 2e-3, 3e-3]
optimise.batch = [8, 16]
"""
EPOCHS = 4
SWEEPS = Path(__file__).parents[1] / "configs" / "sweeps"


@pytest.fixture
def sweep_of(tmp_path: Path) -> Callable[[str], Sweep]:
    """Reads the text of a sweep of the tiny configuration."""
    write_config(tiny_config(), tmp_path / "tiny.toml")

    def read(text: str) -> Sweep:
        path = tmp_path / "sweep.toml"
        path.write_text(text)
        return load_sweep(path)

    return read


@pytest.fixture
def ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Counter]:
    """Takes the place of training with a metric that is least at a learning rate of 2e-3; counts the epochs of each
    trial that were run."""
    journal = tmp_path / "journal"

    def train(config, _data, folder, _device, on_row) -> None:
        for epoch in range(1, EPOCHS + 1):
            with journal.open("a") as file:
                file.write(f"{folder.name} {epoch}\n")
            on_row({"epoch": epoch, "nme_all": abs(config.optimise.learning_rate - 2e-3) * 1000 + 5 / epoch})

    monkeypatch.setattr(study_module, "train", train)
    return lambda: Counter(journal.read_text().splitlines())


def worker(sweep: Sweep, out: Path) -> optuna.Study:
    study = open_study(sweep, f"sqlite:///{out / 'study.db'}", out)
    work(study, lambda trial: run_trial(trial, sweep, out, out, "cpu"))
    return study


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (GRID.replace("ing_rate", "ing_rat"), r"search\.optimise\.learning_rat: .*near it are optimise\.learning_rate"),
        (GRID.replace("[8, 16]", '[8, "16"]'), r"search\.optimise\.batch: optimise\.batch: expected int, found '16'"),
        (GRID.replace("[8, 16]", "8"), r"search\.optimise\.batch: expected a list of values"),
        (GRID.replace("[8, 16]", "{ low = 8, high = 16 }"), r"search\.optimise\.batch: grid wants a list"),
        (GRID + "[set]\nmodel.wdths = [1]", r"model\.wdths: no such field"),
        (GRID + "[set]\nid.x = 1", r"id\.x: no such field"),
        (GRID.replace("tiny.toml", "none.toml"), r"config: .*none\.toml"),
        ('trials = 5\n' + GRID, "trials: follow from the lists"),
        ('sampler = "tpe"\n' + GRID, "trials: .*tpe needs it"),
        ('sampler = "random"\n' + GRID, "sampler: 'random' is not one of grid, ablation, tpe"),
        ('smapler = "tpe"\n' + GRID, "smapler: no such field"),
        ('id = "x"\nconfig = "tiny.toml"', "search: names no field"),
    ],
)  # fmt: skip
def test_a_plan_that_cannot_be_run_is_named(text: str, words: str, sweep_of):
    with pytest.raises(ConfigError, match=rf"sweep\.toml: {words}"):
        sweep_of(text)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("{ low = 1e-2, high = 1e-3 }", "low must be less than high"),
        ("{ low = 0.0, high = 1e-3, log = true }", "log = true starts above 0"),
        ("{ low = 1e-4, high = 1e-3, lgo = true }", "lgo: no such field"),
        ("{ low = 1e-4 }", "high"),
        ('{ low = "a", high = 1e-3 }', r"low: expected float"),
    ],
)
def test_a_range_that_is_none_is_named(options: str, words: str, sweep_of):
    text = f'id = "x"\nconfig = "tiny.toml"\nsampler = "tpe"\ntrials = 3\n[search]\noptimise.learning_rate = {options}'
    with pytest.raises(ConfigError, match=rf"search\.optimise\.learning_rate.*{words}"):
        sweep_of(text)


def test_any_field_can_be_varied(sweep_of):
    sweep = sweep_of(
        'id = "x"\nconfig = "tiny.toml"\nsampler = "tpe"\ntrials = 3\n[set]\nseed = 7\n[search]\n'
        "model.widths = [[8, 8, 8, 8], [8, 16, 16, 32]]\noptimise.batch = { low = 8, high = 64, log = true }\n"
        '"jitter.angle_deg" = { low = 0, high = 20 }'
    )
    assert sweep.search["optimise.batch"] == Range(8, 64, True)
    assert isinstance(sweep.search["optimise.batch"].low, int)
    config = sweep.configured({"model.widths": [8, 8, 8, 8], "jitter.angle_deg": 3.5})
    assert (config.seed, config.model.widths, config.jitter.angle_deg) == (7, (8, 8, 8, 8), 3.5)


def test_two_workers_run_each_trial_of_one_study_once(tmp_path, sweep_of, ran):
    sweep = sweep_of(GRID.replace("[8, 16]", "[8, 9, 10, 11, 12]"))
    out = tmp_path / "out"
    study = open_study(sweep, f"sqlite:///{out / 'study.db'}", out)
    children = []
    for _ in range(2):
        child = os.fork()
        if child == 0:
            worker(sweep, out)
            os._exit(0)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
    found = results(study, sweep)
    assert len(found) == 15
    assert {one.state for one in found} == {"complete"}
    assert ran() == {f"{i:03} {epoch}": 1 for i in range(15) for epoch in range(1, EPOCHS + 1)}


def test_a_waiting_trial_goes_to_one_of_two_workers_that_ask_at_once(tmp_path, sweep_of, monkeypatch):
    study = open_study(sweep_of(GRID), f"sqlite:///{tmp_path / 'study.db'}", tmp_path)
    monkeypatch.setattr(optuna.storages.RDBStorage, "check_trial_is_updatable", lambda *_: time.sleep(0.3))

    def take(_worker: int) -> bool:  # reads that the trial waits, and takes it a little later
        storage = study_module.open_storage(f"sqlite:///{tmp_path / 'study.db'}")
        return storage.set_trial_state_values(study.trials[0]._trial_id, TrialState.RUNNING)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, range(2))) == [False, True]


def test_a_killed_workers_trial_is_run_again_and_a_stopped_study_goes_on(tmp_path, sweep_of, ran, monkeypatch):
    monkeypatch.setattr(study_module, "HEARTBEAT_S", 1)
    monkeypatch.setattr(study_module, "GRACE_S", 2)
    sweep, out = sweep_of(GRID), tmp_path / "out"
    train = study_module.train

    def dies(config, data, folder, device, on_row) -> None:
        if folder.name == "002":
            time.sleep(0.5)  # for the first heartbeat, which a thread records
            os.kill(os.getpid(), signal.SIGKILL)
        train(config, data, folder, device, on_row)

    monkeypatch.setattr(study_module, "train", dies)
    assert in_child(lambda: worker(sweep, out)) == (signal.SIGKILL, "")

    def stopped(config, data, folder, device, on_row) -> None:
        if folder.name == "004":
            raise KeyboardInterrupt
        train(config, data, folder, device, on_row)

    monkeypatch.setattr(study_module, "train", stopped)
    with pytest.raises(KeyboardInterrupt):
        worker(sweep, out)
    monkeypatch.setattr(study_module, "train", train)
    found = results(worker(sweep, out), sweep)
    assert [(one.run, one.state) for one in found] == [(f"{i:03}", "complete") for i in range(6)]
    assert [one.values["optimise.learning_rate"] for one in found] == [1e-3, 1e-3, 2e-3, 2e-3, 3e-3, 3e-3]
    assert set(ran().values()) == {1}


def test_bad_trials_are_stopped_early(tmp_path, sweep_of, ran):
    rates = "[2e-3, 2.1e-3, 2.2e-3, 2.3e-3, 9e-3, 2.01e-3]"
    head, _ = GRID.split("optimise.batch")
    text = f'pruner = "median"\nprune_after = 2\n{head.replace("[1e-3, 2e-3, 3e-3]", rates)}'
    found = results(worker(sweep_of(text), tmp_path / "median"), sweep_of(text))
    assert [one.state for one in found] == ["complete"] * 4 + ["pruned", "complete"]
    assert len(found[4].curve) == 2
    text = text.replace("median", "halving")
    found = results(worker(sweep_of(text), tmp_path / "halving"), sweep_of(text))
    assert found[0].state == "complete"
    assert found[4].state == "pruned"


def test_a_run_that_diverges_counts_as_stopped(tmp_path, sweep_of, ran, monkeypatch):
    def diverges(_config, _data, _folder, _device, on_row) -> None:
        on_row({"epoch": 1, "nme_all": 5.0})
        raise Diverged("epoch 2: loss_linear is nan")

    monkeypatch.setattr(study_module, "train", diverges)
    assert {one.state for one in results(worker(sweep_of(GRID), tmp_path), sweep_of(GRID))} == {"pruned"}


def test_tpe_draws_the_same_whoever_draws(tmp_path, sweep_of, ran):
    text = 'id = "x"\nconfig = "tiny.toml"\nsampler = "tpe"\ntrials = 12\n[search]\n'
    text += (
        "optimise.learning_rate = { low = 1e-4, high = 1e-2, log = true }\noptimise.batch = { low = 8, high = 64 }\n"
    )
    sweep = sweep_of(text + "model.widths = [[8, 8, 8, 8], [8, 16, 16, 32]]")
    once = results(worker(sweep, tmp_path / "once"), sweep)
    out = tmp_path / "twice"
    study = open_study(sweep, f"sqlite:///{out / 'study.db'}", out)
    study.optimize(lambda trial: run_trial(trial, sweep, out, out, "cpu"), n_trials=6)
    assert [one.values for one in once] == [one.values for one in results(worker(sweep, out), sweep)]
    assert all(1e-4 <= one.values["optimise.learning_rate"] <= 1e-2 for one in once)
    assert {one.values["model.widths"] for one in once} == {"[8, 8, 8, 8]", "[8, 16, 16, 32]"}
    assert [path.name for path in draw(once, sweep, tmp_path)] == ["curves.png", "slices.png"]
    longer = sweep_of(text.replace("12", "13") + "model.widths = [[8, 8, 8, 8], [8, 16, 16, 32]]")
    assert len(results(worker(longer, out), longer)) == 13
    other = sweep_of(text)
    with pytest.raises(ConfigError, match="search: not as when the study x was begun"):
        worker(other, out)


def test_an_ablation_changes_one_thing_at_a_time(tmp_path, sweep_of, ran):
    sweep = sweep_of(
        'id = "x"\nconfig = "tiny.toml"\nsampler = "ablation"\n[search]\nseed = [1, 2]\n'
        "jitter = [{}, { scale = 0.0 }]\noptimise.learning_rate = [3e-3, 2e-3, 9e-3]"
    )
    assert sweep.configured(sweep.combinations()[2]).jitter.scale == 0
    found = results(worker(sweep, tmp_path), sweep)
    assert [change(one, sweep) for one in found] == [
        "the reference",
        "seed 2",
        'jitter {"scale": 0.0}',
        "optimise.learning_rate 2e-3",
        "optimise.learning_rate 9e-3",
    ]
    assert "optimise.learning_rate 2e-3" in table(found, sweep).splitlines()[1]
    assert [path.name for path in draw(found, sweep, tmp_path)] == ["effects.png"]
    axes = effects(found, sweep).axes[0]
    bars = dict(zip((tick.get_text() for tick in axes.get_yticklabels()), axes.patches[1:], strict=True))
    assert bars["optimise.learning_rate 9e-3"].get_width() == pytest.approx(6)
    assert bars["optimise.learning_rate 2e-3"].get_width() == pytest.approx(-1)


def test_a_metric_that_is_not_measured_is_named(tmp_path, sweep_of, ran):
    sweep = sweep_of('metric = "nme"\n' + GRID)
    with pytest.raises(ConfigError, match=r"metric: 'nme' is not a column of log\.csv; there are epoch, nme_all"):
        worker(sweep, tmp_path)


def test_a_database_that_cannot_be_opened_is_named(tmp_path, sweep_of):
    with pytest.raises(ConfigError, match="storage: nothing://here cannot be opened"):
        open_study(sweep_of(GRID), "nothing://here", tmp_path)


def test_results_are_told_best_first():
    sweep = Sweep("x", "", {"optimise.learning_rate": [1e-3, 3e-4]})
    found = [
        Result("000", {"optimise.learning_rate": 1e-3}, {1: 9.0, 2: 7.0}, 7.0, "complete"),
        Result("001", {"optimise.learning_rate": 3e-4}, {1: 6.0, 2: 6.5}, 6.0, "complete"),
        Result("002", {"optimise.learning_rate": 1e-5}, {1: 3.0}, 3.0, "pruned"),
    ]
    lines = [line.split() for line in table(found, sweep).splitlines()]
    assert [line[0] for line in lines] == ["trial", "001", "000", "002"]
    assert lines[1] == ["001", "3e-4", "6", "2", "complete"]
    assert label(Sweep("x", "", {"a": [[1], [1000] * 9]}), "a", str([1000] * 9)) == "no. 2"
    assert [shown(x) for x in (0.05, 0.001, 1.5e-5, 8, "a", True)] == ["0.05", "1e-3", "1.5e-5", "8", "a", "true"]


def test_the_command_trains_every_setting_and_draws_them(face_folder, tmp_path, sweep_of, monkeypatch, capsys):
    monkeypatch.setattr(train_module, "ROOT", tmp_path)  # where the cache lies
    sweep_of(GRID.replace("[1e-3, 2e-3, 3e-3]", "[1e-3, 3e-3]") + "[set]\noptimise.crops = 64")
    out = tmp_path / "runs"
    arguments = [
        "sweep",
        str(tmp_path / "sweep.toml"),
        "--data",
        str(face_folder),
        "--out",
        str(out),
        "--device",
        "cpu",
    ]
    monkeypatch.setattr("sys.argv", arguments)
    command.main()
    printed = capsys.readouterr().out
    assert printed.count("complete") == 4
    assert all((out / f"{i:03}" / "best.safetensors").exists() for i in range(4))
    for name in ("curves.png", "table.png"):
        assert cv2.imread(str(out / name)).std() > 5
    command.main()  # nothing is left to do
    assert "going on" not in capsys.readouterr().out


@pytest.mark.parametrize("path", sorted(SWEEPS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_sweep_that_comes_with_the_project_can_be_run(path: Path):
    assert load_sweep(path).id == path.stem
