"""Trains a network: `python -m mien.train configs/resnet-lite.toml --data ../../shared/data`. Goes on where it stopped."""

import argparse
import csv
import json
import math
import os
import subprocess
import time
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from tqdm import tqdm

from mien.batches import Batch, normalise, training_batch, true_batch, true_crops
from mien.batches import backgrounds as empty_crops
from mien.config import Config, ConfigError, as_table, load_config
from mien.datasets import DataError, read_set
from mien.losses import map_loss, point_loss, presence_loss, spread_loss
from mien.metrics import area_under_roc, measure
from mien.models import HeatmapDecoder, ResNetRegressor, soft_argmax, unpack
from mien.packs import Pack, load_or_build, split
from mien.schemes import SCHEMES
from mien.transforms import apply, box_of, invert, misplaced, warp

TERMS = {
    "300w": "research only, no commercial use (Sagonas et al. 2013, 2016)",
    "youtube_faces": "research only (Wolf et al. 2011)",
    "imm_frontal": "research only (Fagertun and Stegmann 2005)",
}


class Trainee(nn.Module):
    """The network and the decoder trained beside it."""

    def __init__(self, config: Config):
        super().__init__()
        point_count = SCHEMES[config.scheme].point_count
        self.network = ResNetRegressor(config.model, point_count)
        self.decoder = HeatmapDecoder(config.model.widths, point_count) if config.loss.maps else None

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor | None]:
        """(B, 1, S, S) to the packed vector (B, P*3 + 1) and the maps' logits (B, P, S/4, S/4), both float32."""
        features = self.network.features(x)
        packed = self.network.regress(features[-1]).float()
        return packed, self.decoder(features).float() if self.decoder else None


def total_loss(packed: Tensor, maps: Tensor | None, batch: Batch, config: Config) -> dict[str, Tensor]:
    """Each term of the loss, weighted, averaged over the batch."""
    points, log_spread, logit = unpack(packed)
    weights = config.loss
    share = batch.present / batch.present.sum().clamp(min=1)
    distance = (points - batch.points).norm(dim=-1)
    terms = {
        "points": weights.points * (point_loss(points, batch.points) * share).sum(),
        "spread": weights.spread * (spread_loss(log_spread, distance) * share).sum(),
        "presence": weights.presence * presence_loss(logit, batch.present).mean(),
    }
    if maps is not None:
        each = map_loss(maps, batch.points, weights.map_sigma, weights.map_shape)
        terms["maps"] = weights.maps * (each * share).sum()
    return terms


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


@torch.no_grad()
def validate(trainee: Trainee, pack: Pack, config: Config, device: str) -> dict[str, float]:
    """Metrics on held-out faces by data set, in crops from the true boxes, and the presence's area under the ROC curve
    against badly placed crops and backgrounds."""
    trainee.eval()
    outputs, logits, empty_logits = [], [], []
    rng = torch.Generator().manual_seed(0)
    for start in range(0, len(pack.points), 128):
        which = torch.arange(start, min(start + 128, len(pack.points)))
        packed, maps = trainee(true_batch(pack, which, config).crops.to(device))
        points, _, logit = unpack(packed.cpu())
        outputs.append((points, soft_argmax(maps).cpu() if maps is not None else points))
        logits.append(logit)
        centre, side = box_of(pack.points[which])
        affine = misplaced(centre, side * config.input.crop_margin, rng)
        off = warp(pack.images[which].float() / 255, affine, config.model.size)
        empty = torch.cat([off, empty_crops(pack, len(which), config.model.size, rng)])
        empty_logits.append(unpack(trainee(normalise(empty, config).to(device))[0].cpu())[2])
    trainee.train()

    affine, side = true_crops(pack, config)
    scheme, truth, sides = SCHEMES[config.scheme], pack.points.numpy(), side.numpy()
    linear, by_maps = (apply(affine, torch.cat(kind)).numpy() for kind in zip(*outputs, strict=True))
    scores = torch.cat(logits + empty_logits).numpy()
    present = np.arange(len(scores)) < len(truth)
    result = {"presence_auc": area_under_roc(scores, present)}
    names = np.array(pack.data_sets)
    clean = names != "youtube-faces"
    parts = {"all": clean, **{name: names == name for name in dict.fromkeys(pack.data_sets)}}
    for name, part in parts.items():
        if part.any():
            result[f"nme_{name}"] = measure(linear[part], truth[part], sides[part], scheme).nmeInterOcularPct
    result["nme_maps_all"] = measure(by_maps[clean], truth[clean], sides[clean], scheme).nmeInterOcularPct
    return result


def commit() -> str:
    """The checkout's commit, with `+` when it has changes; empty outside a checkout."""
    command = ["git", "describe", "--always", "--dirty=+", "--abbrev=12"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def save_atomically(path: Path, save) -> None:
    """A file is there whole or not at all, also when the disk fills or the run is killed."""
    unfinished = path.with_name(path.name + ".part")
    try:
        save(unfinished)
        os.replace(unfinished, path)
    except (OSError, RuntimeError) as error:
        unfinished.unlink(missing_ok=True)
        raise RuntimeError(f"{path}: could not be written ({error})") from error


def save_checkpoint(path: Path, trainee: Trainee, config: Config, metrics: dict) -> None:
    """Weights of the network (float32 safetensors) with the configuration, seed, commit and validation metrics."""
    card = {
        "id": config.id,
        "title": config.title,
        "family": config.family,
        "scheme": config.scheme,
        "cropMargin": config.input.crop_margin,
        "mean": config.input.mean,
        "deviation": config.input.deviation,
        "presenceThreshold": config.presence_threshold,
        "seed": config.seed,
        "config": as_table(config),
        "commit": commit(),
        "date": datetime.now(UTC).date().isoformat(),
        "dataSets": [{"name": name, "terms": TERMS.get(name.split("/")[0], "own")} for name in config.data.sets],
        "validation": metrics,
    }
    weights = {key: value.contiguous().cpu() for key, value in trainee.network.state_dict().items()}
    save_atomically(path, lambda to: save_file(weights, to, metadata={"mien": json.dumps(card)}))


def load_packs(config: Config, data: Path, cache: Path) -> tuple[Pack, Pack, Tensor]:
    """(training, validation, draw weight of each training face)."""
    left_out: list[DataError] = []
    samples = [sample for name in config.data.sets for sample in read_set(data, name, left_out)]
    for error in left_out:
        print(f"left out: {error}")
    by_set = dict(zip(config.data.sets, config.data.weights, strict=True))
    weight_of = {
        sample.image: by_set[name]
        for name in config.data.sets
        for sample in samples
        if sample.image.is_relative_to(data / name)
    }
    pack = load_or_build(samples, config.data.pack_px, cache)
    train, validation = split(pack, config.data.held_out)
    weights = torch.tensor([weight_of[sample.image] for sample in samples])
    kept = set(validation.subjects)
    return train, validation, weights[[subject not in kept for subject in pack.subjects]].float()


class Log:
    """One CSV row per epoch; a resumed run goes on in the same file."""

    def __init__(self, path: Path):
        self.path = path

    def add(self, row: dict[str, float]) -> None:
        fresh = not self.path.exists()
        with self.path.open("a", newline="") as file:
            writer = csv.DictWriter(file, list(row))
            if fresh:
                writer.writeheader()
            writer.writerow({key: round(value, 6) for key, value in row.items()})


def train(config: Config, data: Path, out: Path, device: str, threads: int | None = None) -> dict[str, float]:
    """Runs to the end of the configuration from wherever `out` stands; returns the last epoch's metrics."""
    if threads:
        torch.set_num_threads(threads)
    torch.manual_seed(config.seed)
    out.mkdir(parents=True, exist_ok=True)
    train_pack, validation_pack, weights = load_packs(config, data, Path(__file__).parents[1] / ".cache")
    print(f"{len(train_pack.points)} faces to train on, {len(validation_pack.points)} held out", flush=True)

    trainee = Trainee(config)
    affine = true_crops(train_pack, config)[0]
    trainee.network.start_at(apply(invert(affine), train_pack.points).mean(0))
    trainee = trainee.to(device, memory_format=torch.channels_last)
    ema = deepcopy(trainee).eval()
    optimiser = torch.optim.AdamW(trainee.parameters(), weight_decay=config.optimise.weight_decay)
    epoch_steps = config.optimise.epoch_crops // config.optimise.batch
    epochs = max(1, round(config.optimise.crops / config.optimise.epoch_crops))
    state_path, first, best = out / "state.pt", 0, math.inf
    row: dict[str, float] = {}
    if state_path.exists():
        state = torch.load(state_path, map_location=device, weights_only=True)
        trainee.load_state_dict(state["trainee"])
        ema.load_state_dict(state["ema"])
        optimiser.load_state_dict(state["optimiser"])
        first, best = state["epoch"], state["best"]
        print(f"going on after epoch {first}", flush=True)

    for epoch in range(first, epochs):
        rng = torch.Generator().manual_seed(config.seed * 100_003 + epoch)
        drawn = torch.multinomial(weights, epoch_steps * config.optimise.batch, True, generator=rng)
        sums: dict[str, float] = {}
        data_s, began = 0.0, time.perf_counter()
        bar = tqdm(drawn.split(config.optimise.batch), desc=f"epoch {epoch + 1}/{epochs}", mininterval=5)
        for index, indices in enumerate(bar):
            step = epoch * epoch_steps + index
            before = time.perf_counter()
            batch = training_batch(train_pack, indices, config, rng)
            data_s += time.perf_counter() - before
            batch = Batch(*(tensor.to(device) for tensor in (batch.crops, batch.points, batch.present)))
            for group in optimiser.param_groups:
                group["lr"] = learning_rate(step, epochs * epoch_steps, config)
            with torch.autocast(device, torch.bfloat16):
                packed, maps = trainee(batch.crops.to(memory_format=torch.channels_last))
            terms = total_loss(packed, maps, batch, config)
            optimiser.zero_grad(set_to_none=True)
            sum(terms.values()).backward()
            nn.utils.clip_grad_norm_(trainee.parameters(), 1.0)
            optimiser.step()
            average(ema, trainee, step, config.optimise.ema_half_life_steps)
            for name, term in terms.items():
                sums[name] = sums.get(name, 0.0) + float(term.detach())
            if index % 20 == 19:
                bar.set_postfix({name: f"{total / (index + 1):.4f}" for name, total in sums.items()})
        seconds = time.perf_counter() - began
        metrics = validate(ema, validation_pack, config, device)
        row = {
            "epoch": epoch + 1,
            **{f"loss_{name}": total / epoch_steps for name, total in sums.items()},
            **metrics,
            "crops_per_s": len(drawn) / seconds,
            "data_crops_per_s": len(drawn) / data_s,
        }
        print("  ".join(f"{name} {value:.4g}" for name, value in row.items()), flush=True)
        Log(out / "log.csv").add(row)
        save_checkpoint(out / "last.safetensors", ema, config, metrics)
        if metrics["nme_all"] < best:
            best = metrics["nme_all"]
            save_checkpoint(out / "best.safetensors", ema, config, metrics)
        state = {
            "trainee": trainee.state_dict(),
            "ema": ema.state_dict(),
            "optimiser": optimiser.state_dict(),
            "epoch": epoch + 1,
            "best": best,
        }
        save_atomically(state_path, lambda to, state=state: torch.save(state, to))
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[3] / "shared" / "data")
    parser.add_argument("--out", type=Path, help="default: training/runs/<id of the configuration>")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int)
    arguments = parser.parse_args()
    try:
        config = load_config(arguments.config)
        out = arguments.out or Path(__file__).parents[1] / "runs" / config.id
        train(config, arguments.data, out, arguments.device, arguments.threads)
    except (ConfigError, DataError, RuntimeError) as error:
        raise SystemExit(f"mien.train: {error}") from error


if __name__ == "__main__":
    main()
