"""What a run is watched by and chosen by: metrics on held-out people and pictures."""

import numpy as np
import torch

from mien.batches import backgrounds, normalise, true_batch, true_crops, true_squares
from mien.config import Config
from mien.metrics import area_under_roc, measure
from mien.models import Trainee, soft_argmax, unpack
from mien.packs import Pack
from mien.schemes import SCHEMES
from mien.transforms import apply, misplaced, warp

MACHINE_LABELLED = "youtube-faces"  # too noisy to choose by; counts in `nme_all` only where there is nothing else


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
        affine = misplaced(*true_squares(pack.points[which], config), rng)
        off = warp(pack.images[which].float() / 255, affine, config.model.size)
        empty = torch.cat([off, backgrounds(pack, len(which), config.model.size, rng)])
        empty_logits.append(unpack(trainee(normalise(empty, config).to(device))[0].cpu())[2])
    trainee.train()

    affine = true_crops(pack.points, config)
    scheme, truth, sides = SCHEMES[config.scheme], pack.points.numpy(), true_squares(pack.points, config)[1].numpy()
    linear, by_maps = (apply(affine, torch.cat(kind)).numpy() for kind in zip(*outputs, strict=True))
    scores = torch.cat(logits + empty_logits).numpy()
    present = np.arange(len(scores)) < len(truth)
    result = {"presence_auc": area_under_roc(scores, present)}
    names = np.array(pack.data_sets)
    clean = names != MACHINE_LABELLED
    if not clean.any():
        clean = np.ones_like(clean)
    parts = {"all": clean, **{name: names == name for name in dict.fromkeys(pack.data_sets)}}
    for name, part in parts.items():
        if part.any():
            result[f"nme_{name}"] = measure(linear[part], truth[part], sides[part], scheme).nmeInterOcularPct
    if trainee.decoder:
        result["nme_maps_all"] = measure(by_maps[clean], truth[clean], sides[clean], scheme).nmeInterOcularPct
    return result
