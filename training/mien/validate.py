"""What a run is watched by and chosen by: metrics on held-out people and pictures."""

import numpy as np
import torch

from mien.batches import backgrounds, normalise, true_batch, true_crops, true_squares
from mien.config import Config
from mien.metrics import area_under_roc, measure
from mien.models import Trainee
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
        seen, doubt = trainee(true_batch(pack, which, config).crops.to(device))
        outputs.append({kind: what.points.cpu() for kind, what in seen.items()})
        logits.append(doubt[:, -1].cpu())
        affine = misplaced(*true_squares(pack.points[which], config), rng)
        off = warp(pack.images[which].float() / 255, affine, config.input.size)
        empty = torch.cat([off, backgrounds(pack, len(which), config.input.size, rng)])
        empty_logits.append(trainee(normalise(empty, config).to(device))[1][:, -1].cpu())
    trainee.train()

    affine = true_crops(pack.points, config)
    scheme, truth, sides = SCHEMES[config.scheme], pack.points.numpy(), true_squares(pack.points, config)[1].numpy()
    found = {kind: apply(affine, torch.cat([batch[kind] for batch in outputs])).numpy() for kind in outputs[0]}
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
            own = found[trainee.own][part]
            result[f"nme_{name}"] = measure(own, truth[part], sides[part], scheme).nmeInterOcularPct
    for kind in trainee.companions:
        other = found[kind][clean]
        result[f"nme_{kind}_all"] = measure(other, truth[clean], sides[clean], scheme).nmeInterOcularPct
    return result
