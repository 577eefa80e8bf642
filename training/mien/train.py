"""Trains a network; run again, it goes on where it stopped.

python -m mien.train configs/resnet-lite.toml [--data DIR] [--out DIR] [--device cpu|cuda] [--threads N]
"""

import argparse
import csv
import math
import time
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn
from tqdm import tqdm

from mien.batches import Batch, training_batch, true_batch, true_crops
from mien.checkpoints import card_of, save_atomically, save_checkpoint
from mien.config import Config, ConfigError, load_config
from mien.datasets import SHARED_DATA, DataError
from mien.losses import total_loss
from mien.models import Trainee, build_head, build_network
from mien.packs import Pack, load_held_out, load_training
from mien.pretrained import start_from_face_api
from mien.schemes import SCHEMES
from mien.teacher import relabelled, start_from
from mien.transforms import apply, invert
from mien.validate import MACHINE_LABELLED, validate
from mien.watch import watch

ROOT = Path(__file__).parents[1]  # training/
GRADIENT_NORM = 1.0  # longer gradients are cut to this
PRETRAINED_FACES = 256  # that the batch-norms of weights from elsewhere take their statistics from


def learning_rate(step: int, steps: int, config: Config) -> float:
    """Linear warm-up, then a cosine to zero (Loshchilov and Hutter 2017)."""
    warm = min(1.0, (step + 1) / config.optimise.warm_up_steps)
    return config.optimise.learning_rate * warm * (1 + math.cos(math.pi * step / steps)) / 2


@torch.no_grad()
def average(ema: nn.Module, model: nn.Module, step: int, half_life: float) -> None:
    """Moves the averaged weights towards the model's; the average is short at first, so that it can be watched."""
    keep = min(0.5 ** (1 / half_life), (1 + step) / (10 + step))
    for slow, fast in zip(ema.state_dict().values(), model.state_dict().values(), strict=True):
        if slow.is_floating_point():
            slow.lerp_(fast, 1 - keep)
        else:
            slow.copy_(fast)


def load_packs(config: Config, data: Path, cache: Path) -> tuple[Pack, Pack, Tensor]:
    """(training, validation, draw weight of each training face)."""
    validation = load_held_out(config.data, data, cache)
    train, weights = load_training(config.data, data, cache)
    if config.data.teacher:
        train = relabelled(train, (MACHINE_LABELLED,), ROOT / config.data.teacher, cache)
    return train, validation, weights


def new_trainee(config: Config, pack: Pack) -> Trainee:
    """Fresh networks that start from the mean face of the true crops, or from weights that were there before."""
    torch.manual_seed(config.seed)
    point_count, size, own = SCHEMES[config.scheme].point_count, config.input.size, config.head.kind
    network = build_network(config.model, config.head, size, point_count)
    others = [kind for kind in config.loss.heads() if kind != own]
    widths = network.encoder.widths
    trainee = Trainee(network, own, {kind: build_head(config.head, kind, widths, size, point_count) for kind in others})
    trainee.start_at(apply(invert(true_crops(pack.points, config)), pack.points).mean(0))
    if config.start:
        taken = start_from(trainee, ROOT / config.start)
        print(f"starts from {taken:,} values of {config.start}", flush=True)
    if getattr(config.model, "pretrained", ""):
        some = torch.randperm(len(pack.points))[:PRETRAINED_FACES]
        start_from_face_api(
            network.encoder, true_batch(pack, some, config).crops, config.input.mean, config.input.deviation
        )
    return trainee


class Run:
    """A run in its folder: networks, averaged networks, optimiser, and how far it has come."""

    def __init__(self, config: Config, pack: Pack, out: Path, device: str):
        self.config, self.pack, self.out, self.device = config, pack, out, device
        self.trainee = new_trainee(config, pack).to(device, memory_format=torch.channels_last)
        self.ema = deepcopy(self.trainee).eval()
        decay = config.optimise.weight_decay
        self.optimiser = torch.optim.AdamW(self.trainee.parameters(), weight_decay=decay)
        self.epoch, self.best = 0, math.inf
        self.epoch_steps = max(1, config.optimise.epoch_crops // config.optimise.batch)
        self.epochs = max(1, round(config.optimise.crops / config.optimise.epoch_crops))

    def parts(self) -> dict[str, nn.Module | torch.optim.Optimizer]:
        return {"trainee": self.trainee, "ema": self.ema, "optimiser": self.optimiser}

    def save(self) -> None:
        state = {name: part.state_dict() for name, part in self.parts().items()}
        state |= {"epoch": self.epoch, "best": self.best}
        save_atomically(self.out / "state.pt", lambda to: torch.save(state, to))

    def restore(self) -> None:
        """Takes up the state in the folder, if there is one."""
        path = self.out / "state.pt"
        if not path.exists():
            return
        state = torch.load(path, map_location=self.device, weights_only=True)
        try:
            for name, part in self.parts().items():
                part.load_state_dict(state[name])
        except (KeyError, RuntimeError, ValueError) as error:
            raise ConfigError(f"{path}: belongs to another configuration; choose another --out ({error})") from error
        self.epoch, self.best = state["epoch"], state["best"]
        print(f"going on after epoch {self.epoch}", flush=True)

    def step(self, batch: Batch, step: int) -> dict[str, float]:
        """One step of the optimiser; the terms of the loss."""
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate(step, self.epochs * self.epoch_steps, self.config)
        with torch.autocast(self.device, torch.bfloat16):
            seen, doubt = self.trainee(batch.crops.to(memory_format=torch.channels_last))
        terms = total_loss(seen, doubt, self.config.head.kind, batch, self.config)
        self.optimiser.zero_grad(set_to_none=True)
        sum(terms.values()).backward()
        nn.utils.clip_grad_norm_(self.trainee.parameters(), GRADIENT_NORM)
        self.optimiser.step()
        average(self.ema, self.trainee, step, self.config.optimise.ema_half_life_steps)
        return {name: term.item() for name, term in terms.items()}

    def run_epoch(self, weights: Tensor) -> dict[str, float]:
        """Mean losses of one epoch and its speed: crops a second, and of drawing the crops alone."""
        rng = torch.Generator().manual_seed(self.config.seed * 100_003 + self.epoch)
        batch_size = self.config.optimise.batch
        drawn = torch.multinomial(weights, self.epoch_steps * batch_size, True, generator=rng)
        sums: dict[str, float] = {}
        data_s, began = 0.0, time.perf_counter()
        bar = tqdm(drawn.split(batch_size), desc=f"epoch {self.epoch + 1}/{self.epochs}", mininterval=5)
        for index, indices in enumerate(bar):
            before = time.perf_counter()
            batch = training_batch(self.pack, indices, self.config, rng)
            data_s += time.perf_counter() - before
            batch = Batch(*(tensor.to(self.device) for tensor in (batch.crops, batch.points, batch.present)))
            for name, term in self.step(batch, self.epoch * self.epoch_steps + index).items():
                sums[name] = sums.get(name, 0.0) + term
            if index % 20 == 19:
                bar.set_postfix({name: f"{total / (index + 1):.4f}" for name, total in sums.items()})
        self.epoch += 1
        losses = {f"loss_{name}": total / self.epoch_steps for name, total in sums.items()}
        seconds = time.perf_counter() - began
        return {**losses, "crops_per_s": len(drawn) / seconds, "data_crops_per_s": len(drawn) / data_s}


def add_row(path: Path, row: dict[str, float]) -> None:
    """One CSV row per epoch; a resumed run goes on in the same file."""
    fresh = not path.exists()
    with path.open("a", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        if fresh:
            writer.writeheader()
        writer.writerow({key: round(value, 6) for key, value in row.items()})


def train(config: Config, data: Path, out: Path, device: str = "cpu") -> dict[str, float]:
    """Runs to the end of the configuration from wherever `out` stands; returns the last epoch's row. Writes log.csv,
    last.safetensors and best.safetensors (the averaged weights), and state.pt to go on from."""
    out.mkdir(parents=True, exist_ok=True)
    pack, validation, weights = load_packs(config, data, ROOT / ".cache")
    print(f"{len(pack.points)} faces to train on, {len(validation.points)} held out", flush=True)
    run = Run(config, pack, out, device)
    run.restore()
    row: dict[str, float] = {}
    while run.epoch < run.epochs:
        losses = run.run_epoch(weights)
        metrics = validate(run.ema, validation, config, device)
        row = {"epoch": run.epoch, **losses, **metrics}
        print("  ".join(f"{name} {value:.4g}" for name, value in row.items()), flush=True)
        add_row(out / "log.csv", row)
        watch(run.ema, validation, config, device, out / "watch" / f"{run.epoch:04}.npz")
        save_checkpoint(out / "last.safetensors", run.ema.network, card_of(config, metrics))
        for kind in run.ema.companions:
            other = replace(config, head=replace(config.head, kind=kind))
            save_checkpoint(out / f"last-{kind}.safetensors", run.ema.with_head(kind), card_of(other, metrics))
        if metrics["nme_all"] < run.best:
            run.best = metrics["nme_all"]
            save_checkpoint(out / "best.safetensors", run.ema.network, card_of(config, metrics))
        run.save()
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", type=Path)
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    parser.add_argument("--out", type=Path, help="default: training/runs/<id of the configuration>")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, help="processor threads; default: torch's choice")
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    try:
        config = load_config(options.config)
        train(config, options.data, options.out or ROOT / "runs" / config.id, options.device)
    except (ConfigError, DataError, RuntimeError) as error:
        raise SystemExit(f"mien.train: {error}") from error


if __name__ == "__main__":
    main()
