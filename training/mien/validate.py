"""What a run is watched by and chosen by: metrics on held-out people and pictures."""

import numpy as np
import torch
from torch import Tensor

from mien.batches import Batch, checking_batch, normalise, true_batch, true_crops, true_places
from mien.config import Config
from mien.losses import total_loss
from mien.metrics import Yardsticks, area_under_roc, measure
from mien.models import Trainee
from mien.packs import Pack
from mien.schemes import SCHEMES
from mien.transforms import Jitter, apply, crop_pictures, jittered

MACHINE_LABELLED = "youtube-faces"  # too noisy to choose by; counts in `nme_all` only where there is nothing else
BATCH = 64


def well_labelled(data_sets: np.ndarray) -> np.ndarray:
    """Which of the faces with these sets' names (N,) count where all are taken together: those not labelled by a
    machine, or all if there are no others."""
    clean = data_sets != MACHINE_LABELLED
    return clean if clean.any() else np.ones_like(clean)


@torch.no_grad()
def points_in(trainee: Trainee, pack: Pack, affine: Tensor, config: Config, device: str) -> np.ndarray:
    """(N, P, 2) points, px of the pack's pictures, by the network's own head in the crops (N, 2, 3)."""
    parts = []
    for which in torch.arange(len(affine)).split(BATCH):
        crops = normalise(crop_pictures(pack.images, which, affine[which], config.input.size), config)
        parts.append(trainee(crops.to(device))[0][trainee.own].points.cpu())
    return apply(affine, torch.cat(parts)).numpy()


@torch.no_grad()
def validate(trainee: Trainee, pack: Pack, config: Config, device: str) -> dict[str, float]:
    """Metrics on held-out faces by data set, in crops from the true boxes, and of all in crops placed as carelessly as
    in training (`nme_jittered`); where the network tells presence, its area under the ROC curve against badly placed
    crops and backgrounds; and the terms of the loss on all of these."""
    trainee.eval()
    tells_presence = trainee.network.doubt is not None
    outputs, logits, present, sums = [], [], [], {}
    rng = torch.Generator().manual_seed(0)
    for which in torch.arange(len(pack.points)).split(BATCH):
        batch = checking_batch(pack, which, config, rng) if tells_presence else true_batch(pack, which, config)
        batch = Batch(*(tensor.to(device) for tensor in (batch.crops, batch.points, batch.present)))
        seen, doubt = trainee(batch.crops)
        for name, term in total_loss(seen, doubt, trainee.own, batch, config).items():
            sums[name] = sums.get(name, 0.0) + term.item() * len(which) / len(pack.points)
        outputs.append({kind: what.points[: len(which)].cpu() for kind, what in seen.items()})
        if tells_presence:
            logits.append(doubt[:, -1].cpu())
            present.append(batch.present.cpu() == 1)
    jitter = jittered(*true_places(pack.boxes, config), Jitter(), rng, config.input.size)
    careless = points_in(trainee, pack, jitter, config, device)
    trainee.train()

    affine = true_crops(pack.boxes, config)
    scheme, truth = SCHEMES[config.scheme], pack.points.numpy()
    yardsticks = Yardsticks.of(pack.boxes.numpy(), pack.eyes.numpy(), config.input.crop_margin)
    found = {kind: apply(affine, torch.cat([batch[kind] for batch in outputs])).numpy() for kind in outputs[0]}
    result = {f"validation_{name}": total for name, total in sums.items()}
    if tells_presence:
        result["presence_auc"] = area_under_roc(torch.cat(logits).numpy(), torch.cat(present).numpy())
    names = np.array(pack.data_sets)
    clean = well_labelled(names)
    parts = {"all": clean, **{name: names == name for name in dict.fromkeys(pack.data_sets)}}
    for name, part in parts.items():
        if part.any():
            own = found[trainee.own][part]
            result[f"nme_{name}"] = measure(own, truth[part], yardsticks[part], scheme).nmeInterOcularPct
    off = measure(careless[clean], truth[clean], yardsticks[clean], scheme)
    result["nme_jittered"] = off.nmeInterOcularPct
    for kind in trainee.companions:
        other = found[kind][clean]
        result[f"nme_{kind}_all"] = measure(other, truth[clean], yardsticks[clean], scheme).nmeInterOcularPct
    return result
