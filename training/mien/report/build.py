"""Measures a run and puts its report together."""

import json
from pathlib import Path

import torch

from mien.batches import true_batch
from mien.config import by_path
from mien.crop_cache import Pack, load_held_out
from mien.models import cost
from mien.predictions import Predictions, predict_held_out
from mien.presence import LOST_FACES, choose_threshold, facts_of, presence_scores
from mien.report import activations, curves, faces, uncertainty
from mien.report.page import Picture, Section, Table, write_page
from mien.report.run_data import RunData, load_run_data
from mien.run import learning_rate
from mien.schemes import SCHEMES
from mien.spread import SPREADS, calibrate, promised


def write_report(path: Path, data: Path, out: Path, cache: Path) -> Path:
    """Writes the report of a run's folder or a checkpoint to `out`; returns the HTML file. Raises ValueError naming
    what is missing."""
    subject = load_run_data(path)
    held_out = load_held_out(subject.config, data, cache)
    heads = {kind: predict_held_out(net, subject.config, held_out) for kind, net in subject.networks.items()}
    own = heads[subject.own]
    sections = [
        errors(subject, heads),
        losses(subject),
        samples(subject, held_out),
        predictions(own, held_out),
        calibration(own),
        presence(subject, held_out),
        *views(subject, held_out),
        configuration(subject),
    ]
    card = subject.card
    parameters, multiply_adds = cost(subject.network, subject.config.input.size)
    lead = (
        f"{subject.checkpoint.name}: {card['family']} by the {subject.own} head, {parameters:,} parameters, "
        f"{multiply_adds / 1e6:,.0f} million multiply-adds. Seed {card['seed']}, commit {card['commit'] or 'unknown'}, "
        f"{card['date']}. Everything is measured on the {len(own.truth)} faces of people and pictures held out of the "
        "training, in crops from their true boxes."
    )
    return write_page(out, f"{card['title']} ({card['id']})", lead, sections)


def errors(subject: RunData, heads: dict[str, Predictions]) -> Section:
    scheme = SCHEMES[subject.config.scheme]
    rows = []
    for kind, seen in heads.items():
        for name, which in seen.parts().items():
            found = seen.metrics(which)
            numbers = [found.nmeInterOcularPct, found.nmeBoxPct, found.failureRate8Pct, found.auc8Pct]
            values = [f"{value:.2f}" for value in [*numbers, *found.regions.values()]]
            rows.append([kind, name, str(found.images), *values])
    titles = ["head", "data set", "faces", "NME eyes %", "NME box %", "FR@8 %", "AUC@8 %", *scheme.groups]
    text = (
        "NME eyes: mean distance over the distance of the outer eye corners, also by group of points; NME box: over "
        "the square root of the box's area. FR: faces over 8 %. AUC: area under the cumulative error curve to 8 %. "
        "The set “all” leaves out what a machine has labelled."
    )
    figures = [
        Picture("cumulative-errors", curves.cumulative_errors(heads, subject.own),
                "Share of held-out faces below each error, for each head and each data set", chart=True),
        Picture("error-per-point", curves.error_per_point(heads[subject.own], scheme),
                "Mean error of each point, drawn on the mean face and as bars", chart=True),
    ]  # fmt: skip
    return Section("Errors", text, figures, [Table(titles, rows, words=2)])


def losses(subject: RunData) -> Section:
    if not subject.rows:
        return Section("Losses", "Left out: no log.csv lies beside the checkpoint.")
    options = subject.config.optimise
    steps = max(1, options.epoch_crops // options.batch)
    epochs = max(1, round(options.crops / options.epoch_crops))
    rates = [learning_rate(int(row["epoch"]) * steps - 1, epochs * steps, subject.config) for row in subject.rows]
    text = "Solid in training, dashed on the held-out faces (where the log has it). Weights are averaged over the run."
    alt = "Losses in training and on the held-out faces, errors and learning rate over the epochs"
    return Section("Losses", text, [Picture("losses", curves.losses(subject.rows, rates), alt, chart=True)])


def samples(subject: RunData, held_out: Pack) -> Section:
    config = subject.config
    pictures = [
        Picture("samples", faces.plain_samples(held_out, config), "Held-out faces with their true points",
                "True boxes, true points."),
        Picture("samples-augmented", faces.augmented_samples(held_out, config),
                "The same faces, moved, turned, darkened, blurred and covered", "The same as training has them."),
    ]  # fmt: skip
    return Section("Samples", pictures=pictures)


def predictions(own: Predictions, held_out: Pack) -> Section:
    text = "Truth in blue, found in orange. The number is the face's NME, % of the distance of the outer eye corners."
    pictures = [
        Picture(name, faces.extremes(own, held_out, name == "worst"), f"The held-out faces read {name}", f"The {name}.")
        for name in ("worst", "best")
    ]
    return Section("Predictions", text, pictures)


def calibration(own: Predictions) -> Section:
    title = "Calibration of the spread"
    if own.spread is None:
        return Section(title, "Left out: the network tells no spread.")
    found = calibrate(own.errors_in_spreads[own.by_hand])
    text = (
        "A point's spread is the distance from the truth that is to be expected. The density that is trained for "
        "promises how many points lie within so many spreads. One factor on all spreads is fitted on half of the faces "
        "and kept if it brings the other half nearer to the promise; mien.calibrate stores it, export folds it in."
    )
    rows = [
        [f"{spread:g}", *(f"{share * 100:.1f}" for share in shares)]
        for spread, *shares in zip(
            SPREADS, promised(SPREADS), found.withinBefore.values(), found.withinAfter.values(), strict=True
        )
    ]
    table = Table(["within, spreads", "promised %", "as trained %", f"× {found.scale:.3f} %"], rows)
    alt = "Promised and observed shares of points within so many spreads"
    picture = Picture("calibration", uncertainty.calibration(own, found, SCHEMES[own.config.scheme]), alt, chart=True)
    return Section(title, text, [picture], [table])


def presence(subject: RunData, held_out: Pack) -> Section:
    scores = presence_scores(subject.network, subject.config, held_out)
    if scores is None:
        return Section("Presence", "Left out: the network does not tell whether there is a face.")
    threshold = choose_threshold(scores)
    facts = facts_of(scores, threshold)
    passed = " and ".join(f"{percent(share)} of the {kind} crops" for kind, share in facts["letThrough"].items())
    text = (
        f"Area under the ROC curve {facts['auc']:.5f}, against badly placed crops and backgrounds of held-out "
        "pictures; half of the crops as they are, half augmented as in training. The threshold loses at most "
        f"{percent(LOST_FACES)} of the faces; where the other crops leave room below that, it lies halfway, in logits, "
        f"to what as large a share of them exceeds. Here {threshold}: it loses {percent(facts['lost'])} of "
        f"{len(scores.face):,} faces and lets through {passed}."
    )
    alt = "ROC curves of presence, and how the scores of faces and other crops lie about the threshold"
    return Section("Presence", text, [Picture("presence", uncertainty.presence(scores, threshold), alt, chart=True)])


def percent(share: float) -> str:
    return f"{share * 100:.2g} %"


def views(subject: RunData, held_out: Pack) -> list[Section]:
    """What goes on inside: of the own network, and heatmaps of every head that has them."""
    scheme = SCHEMES[subject.config.scheme]
    crop = true_batch(held_out, torch.tensor([0]), subject.config).crops
    stages, _ = activations.stages_of(subject.network, crop)
    layers = [
        Picture("filters", activations.first_filters(subject.network), "Kernels of the first layer",
                "The first layer's kernels."),
        Picture("feature-maps", activations.feature_maps(stages), "Feature maps of one face at each size",
                "One face, at the last layer of each size: the maps that vary most."),
    ]  # fmt: skip
    point = scheme.point_count // 2
    name, maps, epochs = scheme.names[point], [], []
    for kind, network in subject.networks.items():
        _, seen = activations.stages_of(network, crop)
        if seen is not None:
            drawn = activations.heatmaps(crop[0, 0].numpy(), seen.numpy(), point, name)
            caption = f"The {kind} head: the map of “{name}” and the sum of all."
            maps.append(Picture(f"heatmaps-{kind}", drawn, f"Heatmaps of the {kind} head", caption))
        if subject.snapshots:
            drawn = activations.over_the_epochs(subject.snapshots, kind, point)
            caption = f"The {kind} head: truth in blue, points found in orange"
            caption += "." if seen is None else f"; the map of “{name}”; the sum of all."
            epochs.append(Picture(f"epochs-{kind}", drawn, f"The {kind} head over the epochs", caption))
    no_maps = "Left out: the points are not read from maps."
    no_epochs = "Left out: the run kept nothing of its epochs."
    return [
        Section("Inside the network", pictures=layers),
        Section("Heatmaps", "" if maps else no_maps, maps),
        Section("Over the epochs", "" if epochs else no_epochs, epochs),
    ]


def configuration(subject: RunData) -> Section:
    fields = by_path(subject.card["config"])
    rows = [[name, json.dumps(value, ensure_ascii=False)] for name, value in fields.items()]
    return Section("Configuration", tables=[Table(["field", "value"], rows, words=2)])
