"""Trains the eye network: `python -m mien.eyes.train --data DATA`.

Twice from the same eyes. Photographs have no labels for irises, so that the first network learns them from eyeballs
painted into them. What it then finds in the photographs as they are, averaged over views of each, is what the second
learns beside painted ones, each the more the better the views agree. With `--start` a network that exists already takes
the first one's place.
"""

import argparse
import hashlib
import math
import time
from pathlib import Path

import torch
from torch import Tensor, nn

from mien.checkpoints import commit
from mien.datasets import SHARED_DATA
from mien.eyes.batches import (
    FLAT,
    NEAR_EYE_DEG,
    SHUT_UP_TO,
    EyeBatch,
    Known,
    Shares,
    draw_batch,
    normalise,
    nothing_known,
    placed,
)
from mien.eyes.checkpoint import load_eye, save
from mien.eyes.data import read_eyes
from mien.eyes.network import SIZE, VALUES, build
from mien.eyes.paint import TYPICAL_WIDTH
from mien.eyes.patches import CUT_PATCH_PX, Eyes, load_or_cut, openings
from mien.losses import over_known, point_loss, shape_loss, sides, spread_loss
from mien.models import LandmarkNetwork, unpack
from mien.models.networks import in_pairs
from mien.run import average
from mien.start import ROOT
from mien.transforms import apply, sampled

BATCH = 64
LEARNING_RATE = 3e-3
WEIGHT_DECAY = 0.02
WARM_UP_STEPS = 100
EMA_HALF_LIFE_STEPS = 200
IRIS_WEIGHT = 4.0  # of the iris among the points
SIGMA = 0.05  # patch units; of the Gaussian that the cells' scores are held to
SHAPE, SPREAD, PRESENCE, VISIBLE = 0.01, 0.02, 0.1, 0.03  # weights of the terms beside the points' 4
POINTS = 4.0
VIEWS = 12  # of an eye, over which the first network is averaged
AGREE = 0.035  # eye widths: views that lie so far apart halve the weight of an eye
LEAST_SURE = 0.15  # below this nothing is learned of an iris
FIRST, SECOND = Shares(painted=0.6), Shares(painted=0.35)


def total_loss(network: LandmarkNetwork, batch: EyeBatch) -> dict[str, Tensor]:
    features = network.encoder(batch.patches.contiguous(memory_format=torch.channels_last))
    packed, logits = network.head(features)
    told = network.uncertainty(features[-1].flatten(1))
    visible = network.visibility(features[-1])
    points, log_spread, presence = in_pairs(packed), told[:, :-1], told[:, -1]
    truth = batch.points.nan_to_num(0.5)
    known = batch.weight * ((truth >= 0) & (truth <= 1)).all(-1)
    heavy = known * known.new_tensor([IRIS_WEIGHT, 1, 1, 1, 1, 1, 1])
    counts = (known.sum(1) > 0).float()
    count = counts.sum().clamp(min=1)
    each = point_loss(points, truth, "sharp-l1", heavy) + SHAPE * shape_loss(logits, truth, SIGMA, heavy)
    distance = ((points - truth) * sides(SIZE, truth)).norm(dim=-1)
    presence_known = batch.present.isfinite()
    cross = nn.functional.binary_cross_entropy_with_logits
    return {
        "points": POINTS * (each * counts).sum() / count,
        "spread": SPREAD * (spread_loss(log_spread, distance, known) * counts).sum() / count,
        "presence": PRESENCE * cross(presence[presence_known], batch.present[presence_known]),
        "visible": VISIBLE * over_known(
            cross(visible, batch.visible.nan_to_num(0), reduction="none"), batch.visible.isfinite().float()
        ).mean(),
    }  # fmt: skip


def train(
    eyes: Eyes, known: Known, shares: Shares, steps: int, seed: int, start: LandmarkNetwork | None = None
) -> LandmarkNetwork:
    """The averaged weights after so many steps."""
    torch.manual_seed(seed)
    rng = torch.Generator().manual_seed(seed)
    student, slow = (build().to(memory_format=torch.channels_last) for _ in range(2))
    if start is not None:
        student.load_state_dict(start.state_dict())
    slow.load_state_dict(student.state_dict())
    optimiser = torch.optim.AdamW(student.parameters(), lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    # of a person's right and left eye as often; eyes without labels by hand tell less
    chances = torch.where(eyes.placed, 1.0, 0.4)
    chances = torch.where(eyes.away_deg < -60, chances * 0.5, chances)
    began, sums = time.monotonic(), {}
    student.train()
    for step in range(steps):
        which = torch.multinomial(chances, BATCH, True, generator=rng)
        batch = draw_batch(eyes, which, known, shares, rng)
        rate = min(1.0, (step + 1) / WARM_UP_STEPS) * (1 + math.cos(math.pi * step / steps)) / 2
        for group in optimiser.param_groups:
            group["lr"] = LEARNING_RATE * rate
        terms = total_loss(student, batch)
        optimiser.zero_grad(set_to_none=True)
        sum(terms.values()).backward()
        nn.utils.clip_grad_norm_(student.parameters(), 2.0)
        optimiser.step()
        average(slow, student, step, EMA_HALF_LIFE_STEPS)
        for name, term in terms.items():
            sums[name] = 0.98 * sums.get(name, term.item()) + 0.02 * term.item()
        if step % 200 == 0 or step == steps - 1:
            said = "  ".join(f"{name} {value:.4f}" for name, value in sums.items())
            speed = (step + 1) * BATCH / (time.monotonic() - began)
            print(f"step {step + 1}/{steps}  {said}  {speed:.0f} patches/s", flush=True)
    return slow.eval()


@torch.no_grad()
def look_at(
    network: LandmarkNetwork, eyes: Eyes, before: Known, lift: float = 0.0, seed: int = 7, batch: int = 128
) -> Known:
    """What the network finds in the eyes as they are, averaged over `VIEWS` that differ in place and light, and moved
    up by `lift` eye widths. An eye that it calls shut, or whose views lie apart, counts little or not at all."""
    rng = torch.Generator().manual_seed(seed)
    places, sure = [], []
    for part in torch.arange(len(eyes.images)).split(batch):
        found, present = [], []
        for _ in range(VIEWS):
            affine = placed(len(part), rng)
            light = (0.25 * torch.randn(len(part), 1, 1, 1, generator=rng)).exp()
            crops = sampled(eyes.images, part, affine, SIZE).clamp(min=1e-3).pow(light)
            told = unpack(network(normalise(crops)), VALUES)
            found.append(apply(affine, told.points[:, :1])[:, 0])
            present.append(told.presence.sigmoid())
        views = torch.stack(found)
        middle = views.median(0).values
        apart = (views - middle).norm(dim=-1).mean(0) / (CUT_PATCH_PX * TYPICAL_WIDTH)
        seen = torch.stack(present).mean(0)
        places.append(middle - middle.new_tensor([0, lift * CUT_PATCH_PX * TYPICAL_WIDTH]))
        sure.append((seen > 0.5) * seen / (1 + (apart / AGREE).square()))
    sure_of = torch.cat(sure)
    blind = (eyes.placed & (openings(eyes.lids) < SHUT_UP_TO)) | (eyes.away_deg > NEAR_EYE_DEG)
    sure_of = torch.where(blind | (before.contrast < FLAT), 0.0, sure_of)
    doubtful = sure_of < LEAST_SURE
    irises = torch.where(doubtful[:, None], torch.nan, torch.cat(places))
    return Known(irises, torch.where(doubtful, 0.0, sure_of), doubtful, before.contrast)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    parser.add_argument("--out", type=Path, default=ROOT / "runs/eye")
    parser.add_argument("--first", type=int, default=1200, help="steps of the first network")
    parser.add_argument("--second", type=int, default=2400, help="steps of the second")
    parser.add_argument("--start", type=Path, help="in the place of the first network")
    parser.add_argument("--lift", type=float, default=0.0, help="eye widths by which what it finds is moved up")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    code = commit()
    training, _ = read_eyes(options.data)
    eyes = load_or_cut(training, ROOT / ".cache")
    print(f"{len(eyes.images)} eyes of {len(training)} faces", flush=True)
    known = nothing_known(eyes)
    options.out.mkdir(parents=True, exist_ok=True)
    made = {"first": options.first, "second": options.second, "lift": options.lift}
    if options.start:
        network, card = load_eye(options.start)
        digest = hashlib.sha256(options.start.read_bytes()).hexdigest()
        made |= {"first": 0, "start": {"file": options.start.name, "sha256": digest, "commit": card["commit"]}}
    else:
        network = train(eyes, known, FIRST, options.first, options.seed)
        save(options.out / "first.safetensors", network, code, options.seed, made)
    known = look_at(network, eyes, known, options.lift)
    print(f"{int((~known.doubtful).sum())} irises found, sure of by {float(known.sure.mean()):.2f}", flush=True)
    network = train(eyes, known, SECOND, options.second, options.seed + 1, start=network)
    save(options.out / "eye.safetensors", network, code, options.seed, made)


if __name__ == "__main__":
    main()
