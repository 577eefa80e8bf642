"""A run in its folder. `state.pt` is the one truth of how far it has come; everything else in the folder is written
from it, so that a kill at any moment costs the unfinished epoch and nothing else."""

import csv
import json
import math
import time
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from tqdm import tqdm

from mien import processes
from mien.batches import Batch, mean_face
from mien.checkpoints import card_of, save_atomically, save_checkpoint
from mien.config import Config, ConfigError, OptimiseConfig, as_table, differences, parse_config
from mien.crop_cache import Pack
from mien.draws import Draws, seeded
from mien.losses import total_loss
from mien.models import family
from mien.origins import origins
from mien.precision import mixed_precision
from mien.refit import refit, with_points
from mien.schemes import SCHEMES
from mien.start import new_trainee

GRADIENT_NORM = 1.0  # longer gradients are cut to this


class Diverged(RuntimeError):
    """A loss that is no longer a number: the learning rate is too high."""


def learning_rate(step: int, steps: int, config: Config) -> float:
    """Linear warm-up, then a cosine to zero (Loshchilov and Hutter 2017), or always the same."""
    warm = min(1.0, (step + 1) / config.optimise.warm_up_steps)
    share = (1 + math.cos(math.pi * step / steps)) / 2 if config.optimise.schedule == "cosine" else 1.0
    return config.optimise.learning_rate * warm * share


def new_optimiser(parameters: Iterable[nn.Parameter], config: OptimiseConfig) -> torch.optim.Optimizer:
    kinds = {"adamw": torch.optim.AdamW, "adam": torch.optim.Adam, "rmsprop": torch.optim.RMSprop}
    return kinds[config.optimiser](parameters, lr=config.learning_rate, weight_decay=config.weight_decay)


@torch.no_grad()
def average(ema: nn.Module, model: nn.Module, step: int, half_life: float) -> None:
    """Moves the averaged weights towards the model's; the average is short at first, so that it can be watched."""
    keep = min(0.5 ** (1 / half_life), (1 + step) / (10 + step))
    for slow, fast in zip(ema.state_dict().values(), model.state_dict().values(), strict=True):
        if slow.is_floating_point():
            slow.lerp_(fast, 1 - keep)
        else:
            slow.copy_(fast)


class Run:
    """Networks, averaged networks, optimiser, and how far they have come."""

    def __init__(self, config: Config, pack: Pack, weights: Tensor, out: Path, device: str):
        self.config, self.pack, self.weights, self.out, self.device = config, pack, weights, out, device
        self.trainee = new_trainee(config, pack).to(device, memory_format=torch.channels_last)
        self.ema = deepcopy(self.trainee).eval()
        self.parallel = processes.in_parallel(self.trainee, device)
        self.optimiser = new_optimiser(self.trainee.parameters(), config.optimise)
        self.labels = pack.points  # as they came
        self.epoch = 0
        self.rows: list[dict[str, float]] = []  # of the log, one an epoch
        self.card: dict[str, Any] = {}  # of the last epoch
        self.origins = origins(config)
        self.epoch_steps = max(1, config.optimise.epoch_crops // config.optimise.batch)
        self.epochs = max(1, round(config.optimise.crops / config.optimise.epoch_crops))

    def parts(self) -> dict[str, nn.Module | torch.optim.Optimizer]:
        return {"trainee": self.trainee, "ema": self.ema, "optimiser": self.optimiser}

    def record(self, losses: dict[str, float], metrics: dict[str, float]) -> None:
        """Ends an epoch: keeps the state, then writes what follows from it."""
        self.rows.append({"epoch": self.epoch, **losses, **metrics})
        self.card = card_of(self.config, metrics, mean_face(self.pack, self.config)) | {"origins": self.origins}
        state = {name: part.state_dict() for name, part in self.parts().items()}
        state |= {"epoch": self.epoch, "rows": self.rows, "card": json.dumps(self.card)}
        if self.config.data.refit_sets:
            state["points"] = self.pack.points
        save_atomically(self.out / "state.pt", lambda to: torch.save(state, to))
        self.publish()

    def publish(self) -> None:
        """Writes log.csv and the averaged weights: last.safetensors, last-<head>.safetensors of the heads trained
        beside, and best.safetensors if no epoch was better."""
        save_atomically(self.out / "log.csv", lambda to: write_log(to, self.rows))
        save_checkpoint(self.out / "last.safetensors", self.ema.network, self.card)
        for kind in self.ema.companions:
            other = replace(self.config, head=replace(self.config.head, kind=kind))
            card = {**self.card, "family": family(other.head), "config": as_table(other)}
            save_checkpoint(self.out / f"last-{kind}.safetensors", self.ema.with_head(kind), card)
        if self.rows[-1]["choice"] <= min(row["choice"] for row in self.rows):
            save_checkpoint(self.out / "best.safetensors", self.ema.network, self.card)

    def restore(self) -> None:
        """Takes up the state in the folder, if there is one. Raises ConfigError if it is another configuration's."""
        path = self.out / "state.pt"
        here = processes.is_first() and path.exists()
        state = processes.from_first(torch.load(path, map_location="cpu", weights_only=True) if here else None)
        if state is None:
            return
        try:
            card = json.loads(state["card"])
            if other := differences(parse_config(card["config"]), self.config):
                raise ConfigError("; ".join(other))
            for name, part in self.parts().items():
                part.load_state_dict(state[name])
            self.epoch, self.rows, self.card = state["epoch"], state["rows"], card
            if "points" in state:
                self.pack = with_points(self.pack, state["points"], SCHEMES[self.config.scheme])
        except (KeyError, RuntimeError, ValueError) as error:
            raise ConfigError(f"{path}: belongs to another configuration; choose another --out ({error})") from error
        if processes.is_first():
            self.publish()
        print(f"going on after epoch {self.epoch}", flush=True)

    def refit(self) -> None:
        """After the epochs that the configuration names, lays labels anew whose place in the picture is uncertain."""
        if self.epoch in self.config.data.refit_epochs:
            points = refit(self.ema, self.pack, self.labels, self.config, self.device)
            self.pack = with_points(self.pack, points, SCHEMES[self.config.scheme])

    def step(self, batch: Batch, step: int) -> dict[str, Tensor]:
        """One step of the optimiser; the terms of the loss of this process's share of the batch."""
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate(step, self.epochs * self.epoch_steps, self.config)
        with mixed_precision(self.device):
            seen, told = self.parallel(batch.crops.to(memory_format=torch.channels_last))
        faces = processes.mean(batch.present.sum())
        terms = total_loss(seen, told, self.config.head.kind, batch, self.config, faces)
        self.optimiser.zero_grad(set_to_none=True)
        sum(terms.values()).backward()
        nn.utils.clip_grad_norm_(self.trainee.parameters(), GRADIENT_NORM)
        self.optimiser.step()
        average(self.ema, self.trainee, step, self.config.optimise.ema_half_life_steps)
        return {name: term.detach() for name, term in terms.items()}

    def run_epoch(self, workers: int = 0) -> dict[str, float]:
        """Mean losses of one epoch and its speed: crops a second, and crops for each second that was spent on waiting
        for them. Raises Diverged."""
        draws = Draws(self.pack, self.weights, self.config, self.epoch, processes.rank(), processes.count())
        torch.manual_seed(int(seeded(self.config.seed, self.epoch, 0, processes.rank()).initial_seed()))  # of dropout
        sums: dict[str, Tensor] = {}
        waited_s, began = 0.0, time.perf_counter()
        title = f"epoch {self.epoch + 1}/{self.epochs}"
        bar = tqdm(total=len(draws), desc=title, mininterval=5, disable=not processes.is_first())
        batches = iter(draws.loader(workers))
        for index in range(len(draws)):
            before = time.perf_counter()
            batch = next(batches)
            waited_s += time.perf_counter() - before
            batch = batch.to(self.device)
            for name, term in self.step(batch, self.epoch * self.epoch_steps + index).items():
                sums[name] = sums.get(name, 0.0) + term
            if index % 20 == 19:
                bar.set_postfix(
                    {name: f"{total.item() / (index + 1):.4f}" for name, total in sums.items()}, refresh=False
                )
            bar.update()
        bar.close()
        self.epoch += 1
        losses = {f"loss_{name}": processes.mean(total).item() / len(draws) for name, total in sums.items()}
        for name, value in losses.items():
            if not math.isfinite(value):
                raise Diverged(f"epoch {self.epoch}: {name} is {value}; lower optimise.learning_rate")
        crops = len(draws) * self.config.optimise.batch
        seconds = time.perf_counter() - began
        return {**losses, "crops_per_s": crops / seconds, "data_crops_per_s": crops / waited_s}


def write_log(path: Path, rows: list[dict[str, float]]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows({key: round(value, 6) for key, value in row.items()} for row in rows)
