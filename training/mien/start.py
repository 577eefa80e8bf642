"""What a run starts from: faces in memory, and networks."""

from pathlib import Path

import torch
from torch import Tensor

from mien.batches import mean_face, true_batch
from mien.config import Config
from mien.crop_cache import Pack, load_held_out, load_training
from mien.models import Trainee, build_head, build_network
from mien.pose import spanning
from mien.pretrained import start_from_face_api
from mien.rare_faces import rarity
from mien.schemes import SCHEMES
from mien.teacher import pinned, relabelled, start_from
from mien.validate import MACHINE_LABELLED

ROOT = Path(__file__).parents[1]  # training/
PRETRAINED_FACES = 256  # that the batch-norms of weights from elsewhere take their statistics from


def load_packs(config: Config, data: Path, cache: Path) -> tuple[Pack, Pack, Tensor]:
    """(training, validation, draw weight of each training face)."""
    validation = load_held_out(config, data, cache)
    train = load_training(config, data, cache)
    if config.data.teacher:
        options = config.data
        train = relabelled(
            train, (MACHINE_LABELLED,), ROOT / options.teacher, cache, options.teacher_share, options.teacher_sha256
        )
    whole = torch.from_numpy(spanning(train.points.numpy(), SCHEMES[config.scheme]))
    return train, validation, train.weights * (1 + config.data.rare * rarity(whole))


def new_trainee(config: Config, pack: Pack) -> Trainee:
    """Fresh networks that start from the mean face of the true crops, or from weights that were there before."""
    torch.manual_seed(config.seed)
    point_count, size, own = SCHEMES[config.scheme].point_count, config.input.size, config.head.kind
    network = build_network(config.model, config.head, size, point_count)
    others = [kind for kind in config.loss.heads() if kind != own]
    companions = {kind: build_head(config.head, kind, network.encoder, point_count) for kind in others}
    trainee = Trainee(network, own, companions)
    trainee.start_at(mean_face(pack, config))
    if config.start:
        pinned("start", ROOT / config.start, config.start_sha256)
        taken = start_from(trainee, ROOT / config.start)
        print(f"starts from {taken:,} values of {config.start}", flush=True)
    if getattr(config.model, "pretrained", ""):
        some = torch.randperm(len(pack.points))[:PRETRAINED_FACES]
        start_from_face_api(
            network.encoder, true_batch(pack, some, config).crops, config.input.mean, config.input.deviation
        )
    return trainee
