"""Runs a sweep, or takes part in one: start it as often as there are processors or graphics cards to work on it.

python -m mien.sweep configs/sweeps/rate-batch.toml [--data DIR] [--out DIR] [--storage URL] [--device cpu|cuda]
                     [--threads N] [--draw]
"""

import argparse
from pathlib import Path

import torch

from mien.datasets import SHARED_DATA
from mien.start import ROOT
from mien.sweep.plan import load_sweep
from mien.sweep.plots import draw
from mien.sweep.results import results, table
from mien.sweep.study import open_study, run_trial, work


def main() -> None:
    parser = argparse.ArgumentParser(
        "mien.sweep", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sweep", type=Path)
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    parser.add_argument("--out", type=Path, help="default: training/runs/sweeps/<id of the sweep>")
    parser.add_argument("--storage", help="URL of the database; default: sqlite, study.db in the folder of the runs")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, help="processor threads; default: torch's choice")
    parser.add_argument("--draw", action="store_true", help="only draw what there is so far")
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    try:
        sweep = load_sweep(options.sweep)
        out = (options.out or ROOT / "runs" / "sweeps" / sweep.id).resolve()
        study = open_study(sweep, options.storage or f"sqlite:///{out / 'study.db'}", out)
        if not options.draw:
            work(study, lambda trial: run_trial(trial, sweep, options.data, out, options.device))
        found = results(study, sweep)
        print(table(found, sweep))
        for path in draw(found, sweep, out):
            print(path)
    except (ValueError, RuntimeError) as error:
        raise SystemExit(f"mien.sweep: {error}") from error


if __name__ == "__main__":
    main()
