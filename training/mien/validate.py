"""The metrics that show how a run is doing and by which its best epoch is selected: on held-out people and pictures."""

import numpy as np
import torch
from torch import Tensor

from mien.batches import checking_batch, normalise, true_batch, true_crops, true_places
from mien.config import Config
from mien.crop_cache import Pack
from mien.losses import total_loss
from mien.metrics import Yardsticks, area_under_roc, inner_box_pct, measure
from mien.models import Trainee
from mien.placement import corrected, corrections
from mien.pose import yaw_bin_masks, yaw_deg
from mien.schemes import SCHEMES
from mien.transforms import Jitter, apply, crop_pictures, jittered

MACHINE_LABELLED = "youtube-faces"  # labels too noisy to measure by where there are others
FITTED = "aflw2000"  # labels of a 3-D model's fit: measured by bins of yaw
HALVES = ("cfp-profile", "cfp-frontal")  # half of the points
BATCH = 64


def hand_placed(data_sets: np.ndarray) -> np.ndarray:
    """Which of the faces with these sets' names (N,) have points placed by hand, all of them or some; all faces if
    there are no such."""
    clean = ~np.isin(data_sets, (MACHINE_LABELLED, FITTED))
    return clean if clean.any() else np.ones_like(clean)


def well_labelled(data_sets: np.ndarray) -> np.ndarray:
    """Which of the faces with these sets' names (N,) count where all are taken together: those with 68 points placed by
    hand, or all if there are no others."""
    clean = ~np.isin(data_sets, (MACHINE_LABELLED, FITTED, *HALVES))
    return clean if clean.any() else np.ones_like(clean)


def placed_by(found: np.ndarray, truth: np.ndarray, uncertain: np.ndarray) -> np.ndarray:
    """(N, P, 2) true points, those of the faces whose place in the picture is `uncertain` (N,) laid by a scale and two
    shifts over what was found: of such faces only the shape is measured."""
    if not uncertain.any():
        return truth
    labels, seen = torch.from_numpy(truth[uncertain]), torch.from_numpy(found[uncertain])
    placed = truth.copy()
    placed[uncertain] = corrected(labels, corrections(seen, labels, torch.ones(labels.shape[:2]))).numpy()
    return placed


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
    """Metrics on held-out faces by data set, in crops from the true boxes, and of all in crops jittered as
    in training (`nme_jittered`); where the network tells presence, its area under the ROC curve against badly placed
    crops and backgrounds; and the terms of the loss on all of these."""
    trainee.eval()
    tells_presence = trainee.network.uncertainty is not None
    outputs, logits, present, sums = [], [], [], {}
    rng = torch.Generator().manual_seed(0)
    for which in torch.arange(len(pack.points)).split(BATCH):
        batch = checking_batch(pack, which, config, rng) if tells_presence else true_batch(pack, which, config)
        batch = batch.to(device)
        seen, told = trainee(batch.crops)
        for name, term in total_loss(seen, told, trainee.own, batch, config).items():
            sums[name] = sums.get(name, 0.0) + term.item() * len(which) / len(pack.points)
        outputs.append({kind: what.points[: len(which)].cpu() for kind, what in seen.items()})
        if tells_presence:
            logits.append(told.presence.cpu())
            present.append(batch.present.cpu() == 1)
    jitter = jittered(*true_places(pack.boxes, config), Jitter(), rng, config.input.size)
    jittered_points = points_in(trainee, pack, jitter, config, device)
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
    own = found[trainee.own]
    truth = placed_by(own, truth, np.isin(names, (FITTED,)))
    inner = inner_box_pct(own, truth, yardsticks.box, scheme)
    for name, part in parts.items():
        if part.any():
            nme = measure(own[part], truth[part], yardsticks[part], scheme).nmeInterOcularPct
            if nme is not None:
                result[f"nme_{name}"] = nme
            result[f"inner_{name}"] = float(inner[part].mean())
    turned = yaw_bin_masks(yaw_deg(truth, scheme))
    for name in dict.fromkeys(pack.data_sets):
        for yaws, faces in turned.items():
            if (faces & (names == name)).any():
                result[f"inner_{name}_{yaws}"] = float(inner[faces & (names == name)].mean())
    # what a run is chosen by: the mean over the bins of yaw, so that the few turned faces count as much as the others
    bins = [float(inner[faces].mean()) for faces in turned.values() if faces.any()]
    result["choice"] = sum(bins) / len(bins) if bins else result["nme_all"]
    off = measure(jittered_points[clean], truth[clean], yardsticks[clean], scheme)
    result["nme_jittered"] = off.nmeInterOcularPct
    for kind in trainee.companions:
        other = found[kind][clean]
        result[f"nme_{kind}_all"] = measure(other, truth[clean], yardsticks[clean], scheme).nmeInterOcularPct
    return result
