"""Trains a network; run again, it goes on where it stopped.

python -m mien.train configs/lite.toml [--data DIR] [--out DIR] [--device cpu|cuda] [--threads N] [--workers N]
torchrun --nproc-per-node N -m mien.train …      the same on N graphics cards, or on several machines
"""

import argparse
import contextlib
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import torch

from mien import processes
from mien.checkpoints import save_atomically
from mien.config import Config, load_config
from mien.datasets import SHARED_DATA
from mien.run import Run
from mien.snapshots import save_snapshot
from mien.start import ROOT, load_packs
from mien.validate import validate


def train(
    config: Config,
    data: Path,
    out: Path,
    device: str = "cpu",
    workers: int = 0,
    on_row: Callable[[dict[str, float]], None] = lambda row: None,
    keep_epochs: bool = False,
) -> dict[str, float]:
    """Runs to the end of the configuration from wherever `out` stands; returns the last epoch's row. Writes log.csv,
    last.safetensors and best.safetensors (the averaged weights), and state.pt to go on from. `on_row` sees each epoch's
    row, those of before a restart too; what it raises ends the run. With `keep_epochs` the weights of every epoch stay
    in `epochs/`, for mien.learning_film."""
    out.mkdir(parents=True, exist_ok=True)
    with processes.alone_in(out) if processes.is_first() else contextlib.nullcontext():
        pack, held_out, weights = load_packs(config, data, ROOT / ".cache")
        print(f"{len(pack.points)} faces to train on, {len(held_out.points)} held out", flush=True)
        run = Run(config, pack, weights, out, device)
        run.restore()
        for row in run.rows:
            on_row(row)
        if not run.rows:
            run.refit()  # a run that goes on from another knows better from the start
        while run.epoch < run.epochs:
            losses = run.run_epoch(workers)
            run.refit()
            if not processes.is_first():
                continue
            metrics = validate(run.ema, held_out, config, device)
            save_snapshot(run.ema, held_out, config, device, out / "snapshots" / f"{run.epoch:04}.npz")
            run.record(losses, metrics)
            if keep_epochs:
                keep_weights(out, run.epoch)
            print("  ".join(f"{name} {value:.4g}" for name, value in run.rows[-1].items()), flush=True)
            on_row(run.rows[-1])
    return run.rows[-1] if run.rows else {}


def keep_weights(out: Path, epoch: int) -> None:
    """Copies last.safetensors and those of the heads trained beside to epochs/0001.safetensors and the like."""
    folder = out / "epochs"
    folder.mkdir(exist_ok=True)
    for path in out.glob("last*.safetensors"):
        to = folder / path.name.replace("last", f"{epoch:04}", 1)
        save_atomically(to, lambda part, path=path: shutil.copyfile(path, part))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", type=Path)
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    parser.add_argument("--out", type=Path, help="default: training/runs/<id of the configuration>")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, help="processor threads; default: torch's choice")
    parser.add_argument("--workers", type=int, default=0, help="processes that draw crops ahead; 0: drawn in between")
    parser.add_argument(
        "--keep-epochs", action="store_true", help="keep the weights of every epoch, to show how it learned"
    )
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    try:
        device = processes.join(options.device)
        config = load_config(options.config)
        with contextlib.redirect_stdout(sys.stdout if processes.is_first() else None):  # one speaks for all
            out = options.out or ROOT / "runs" / config.id
            train(config, options.data, out, device, options.workers, keep_epochs=options.keep_epochs)
        processes.leave()
    except (ValueError, RuntimeError) as error:
        raise SystemExit(f"mien.train: {error}") from error


if __name__ == "__main__":
    main()
