"""The classic networks: each is what its row says, reads its own shape of crop, and learns."""

import csv
import shutil
import tomllib
from dataclasses import asdict, replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from conftest import DATA, draw_face, face_points, needs_data, tiny_config

from mien import costs
from mien import train as train_module
from mien.augment import Look
from mien.batches import mean_face, training_batch
from mien.checkpoints import card_of, load, save_checkpoint
from mien.config import CHOICES, Config, ConfigError, LossConfig, load_config, parse_config
from mien.crop_cache import build, load_faces
from mien.datasets import Sample, read_set
from mien.evaluate import evaluate
from mien.export import export
from mien.losses import POINT_ERRORS, SHAPE_LOSSES, gaussian_target
from mien.models import HeadConfig, build_network, cost, unpack
from mien.models.classic import ConvConfig, ConvStackConfig
from mien.models.unet import UNetConfig
from mien.run import Run
from mien.schemes import IBUG68, IMM73, NOSE_TIP, SCHEMES
from mien.train import train
from mien.transforms import (
    SQUARE,
    Jitter,
    apply,
    crop_affine,
    crop_pictures,
    invert,
    jittered,
    mirrored,
    negative_crops,
)

CLASSIC = Path(__file__).parents[1] / "configs" / "classic"
EXACT = 1e-4  # crop units: float32 round trips
GRAPH_BYTES = 150_000  # of model.json, at most
POINTS_PX = 0.1  # of the crop: where a soft spot's centre of mass is found
PARAMETERS = {  # by the count of points
    ("nose-a", 1): 900_962, ("nose-b", 1): 129_842, ("nose-c", 1): 21_796, ("nose-d", 1): 34_010,
    ("face-a", 58): 29_572_724, ("face-b", 58): 10_458_996, ("face-c", 58): 13_965_816, ("face-d", 68): 9_225_352,
    # ResNets as torchvision has them (11,689,512 and 25,557,032), less two input channels, with 136 outputs for 1000
    ("resnet18-classic", 68): 11_689_512 - 2 * 64 * 49 - 513_000 + 513 * 136,
    ("resnet50", 68): 25_557_032 - 2 * 64 * 49 - 2_049_000 + 2049 * 136,
}  # fmt: skip


@pytest.mark.parametrize(("name", "count"), PARAMETERS)
def test_every_row_has_its_parameters(name: str, count: int):
    config = load_config(CLASSIC / f"{name}.toml")
    network = build_network(config.model, config.head, config.input.size, count)
    assert sum(weight.numel() for weight in network.parameters()) == PARAMETERS[name, count]


@pytest.mark.parametrize("path", sorted(CLASSIC.glob("*.toml")), ids=lambda path: path.stem)
def test_every_row_is_named_after_its_file_and_gives_points_alone(path: Path):
    config = load_config(path)
    assert config.id == path.stem
    assert config.head.values == "points"


@pytest.mark.parametrize("path", sorted(CLASSIC.glob("*.toml")), ids=lambda path: path.stem)
def test_every_row_learns_from_a_step_in_full_size_and_is_exported(path: Path, face_folder: Path, tmp_path: Path):
    config = load_config(path)
    scheme = NOSE_TIP if config.scheme == "nose-tip" else IBUG68  # of what the drawn faces have
    config = replace(config, scheme=scheme.id, start="", optimise=replace(config.optimise, batch=2))
    pack = load_faces(read_set(face_folder, "faces")[:2], tiny_config().data, tmp_path / "cache", scheme)
    run = Run(config, pack, torch.ones(2), tmp_path, "cpu")
    weights = [parameter for parameter in run.trainee.parameters() if parameter.dim() > 1]
    before = [weight.detach().clone() for weight in weights]
    batch = training_batch(pack, torch.arange(2), config, torch.Generator().manual_seed(0))
    assert all(term.isfinite() for term in run.step(batch, 0).values())
    assert not any(torch.equal(*pair) for pair in zip(weights, before, strict=True))
    save_checkpoint(tmp_path / "c.safetensors", run.trainee.network, card_of(config, {}))
    size = sum(file.stat().st_size for file in export(tmp_path / "c.safetensors", tmp_path / "models", "uint8"))
    parameters, _ = cost(run.trainee.network, config.input.size)
    assert parameters < size < 1.02 * parameters + GRAPH_BYTES


def rectangle() -> Config:
    """A conv stack for crops of 48 x 80 px (height x width)."""
    convs = tuple(ConvConfig(channels, 3, same=True, pool=True) for channels in (8, 16, 32))
    tiny = tiny_config()
    return replace(
        tiny,
        model_kind="conv-stack",
        model=ConvStackConfig(convs, hidden=(64,)),
        input=replace(tiny.input, width=80, height=48, crop_margin=2.3),
        head=HeadConfig(values="points"),
        loss=LossConfig(linear=1.0, maps=0.0, points="squared"),
        optimise=replace(
            tiny.optimise, optimiser="adam", schedule="constant", weight_decay=0.0, negative_crops=0.0, background=0.0
        ),
    )


def places(count: int = 32) -> tuple[torch.Tensor, torch.Tensor]:
    rng = torch.Generator().manual_seed(3)
    return torch.rand(count, 2, generator=rng) * 100, torch.rand(count, generator=rng) * 50 + 20


def test_squares_are_what_they_were_bit_by_bit():
    centre, side = places()
    angle, shear = side * 0.01, side * 0.001
    cos, sin = angle.cos() * side, angle.sin() * side
    rows = [torch.stack([cos, shear * cos - sin], -1), torch.stack([sin, shear * sin + cos], -1)]
    linear = torch.stack(rows, -2)
    plain = torch.cat([linear, (centre - linear.sum(-1) / 2).unsqueeze(-1)], -1)
    for size in (SQUARE, (128, 128), (224, 224)):
        assert torch.equal(crop_affine(centre, side, angle, shear, size), plain)


def test_a_rectangle_has_its_longer_side_and_undistorted_pixels():
    centre, side = places()
    for size in ((60, 80), (80, 60)):
        for affine in (
            crop_affine(centre, side, side * 0.01, size=size),
            mirrored(crop_affine(centre, side, size=size)),
            negative_crops(centre, side, torch.Generator().manual_seed(0), size),
            jittered(centre, side, Jitter(shear=0.0), torch.Generator().manual_seed(0), size),
        ):
            across, down = affine[:, :, 0].norm(dim=-1), affine[:, :, 1].norm(dim=-1)
            assert torch.allclose(across / size[1], down / size[0], rtol=1e-5)
    corners = apply(crop_affine(centre, side, size=(60, 80)), torch.tensor([[[0.0, 0.0], [1.0, 1.0]]]))
    assert torch.allclose(corners[:, 1] - corners[:, 0], side[:, None] * torch.tensor([1.0, 0.75]), rtol=1e-5)
    assert torch.allclose(corners.mean(1), centre, atol=1e-3)


def spots(points: np.ndarray, size: int = 180) -> np.ndarray:
    """(size, size) uint8 picture with a soft spot at each point."""
    at = np.arange(size) + 0.5
    parts = [np.exp(-((at - x) ** 2 + (at[:, None] - y) ** 2) / 8) for x, y in points]
    return (np.sum(parts, 0) * 250).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("flip", [False, True])
def test_picture_and_points_meet_in_a_rectangle(flip: bool):
    truth = torch.tensor([[[70.0, 60.0], [110.0, 66.0], [90.0, 100.0]]])
    affine = crop_affine(torch.tensor([[92.0, 80.0]]), torch.tensor([130.0]), torch.tensor([0.2]), size=(72, 96))
    affine = mirrored(affine) if flip else affine
    picture = torch.from_numpy(spots(truth[0].numpy())).view(1, 1, 180, 180)
    crop = crop_pictures(picture, torch.tensor([0]), affine, (72, 96))[0, 0]
    for x, y in apply(invert(affine), truth)[0] * torch.tensor([96.0, 72.0]):
        window = crop[int(y) - 6 : int(y) + 7, int(x) - 6 : int(x) + 7]
        rows, columns = torch.meshgrid(torch.arange(13.0), torch.arange(13.0), indexing="ij")
        assert abs((window * columns).sum() / window.sum() + int(x) - 5.5 - x) < POINTS_PX
        assert abs((window * rows).sum() / window.sum() + int(y) - 5.5 - y) < POINTS_PX


def faces_of(scheme: str, points: np.ndarray, path: Path) -> Sample:
    cv2.imwrite(str(path), draw_face(face_points()))
    return Sample(path, points, scheme, f"{scheme}/1", scheme)


def test_a_choice_of_points_keeps_the_box_and_the_eyes_of_the_whole_face(tmp_path: Path):
    """A nose tip out of faces of 68 and of 73 points, in one pack."""
    whole = face_points()
    seventy_three = np.tile(whole.mean(0), (73, 1)).astype(np.float32)
    seventy_three[[0, 1, 45, 16, 24]] = [whole.min(0), whole.max(0), whole[30], whole[36], whole[45]]
    samples = [
        faces_of("ibug68", whole, tmp_path / "a.png"),
        faces_of("imm73", seventy_three, tmp_path / "b.png"),
        faces_of("ibug68", whole, tmp_path / "c.png"),
    ]
    pack = load_faces(samples, tiny_config().data, tmp_path / "cache", NOSE_TIP)
    again = load_faces(samples, tiny_config().data, tmp_path / "cache", NOSE_TIP)  # from the cache
    assert pack.data_sets == again.data_sets == ["ibug68", "imm73", "ibug68"]
    assert pack.points.shape == (3, 1, 2)
    for tensor in ("points", "boxes", "eyes"):
        first, *others = getattr(pack, tensor)
        assert all(torch.allclose(first, other, atol=1e-3) for other in others)
        assert torch.equal(getattr(pack, tensor), getattr(again, tensor))
    every = build(samples[:1], 96)
    assert torch.equal(pack.boxes[:1], every.boxes)
    assert torch.equal(pack.points[:1], every.points[:, 30:31])
    config = replace(rectangle(), scheme="nose-tip")
    batch = training_batch(pack, torch.arange(3), config, torch.Generator().manual_seed(0))
    assert batch.crops.shape == (3, 1, 48, 80)
    assert ((batch.points > 0.2) & (batch.points < 0.8)).all()  # the nose is in the middle of the crop
    with pytest.raises(ValueError, match="the points of imm73 are not among those of ibug68"):
        load_faces(samples, tiny_config().data, tmp_path / "cache", IMM73)


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=lambda scheme: scheme.id)
def test_schemes_hold_together(scheme):
    everyone = list(range(scheme.point_count))
    assert len(set(scheme.names)) == scheme.point_count
    assert sorted(index for group in scheme.groups.values() for index in group) == everyone
    assert [scheme.mirror[i] for i in scheme.mirror] == everyone
    edges = {frozenset(edge) for edge in scheme.edges}
    assert {frozenset(scheme.mirror[i] for i in edge) for edge in edges} == edges
    for group in scheme.groups.values():
        assert {scheme.mirror[i] for i in group} == set(group)
    if scheme.eyes:
        assert {scheme.mirror[i] for i in scheme.eyes[0]} == set(scheme.eyes[1])
        assert scheme.mirror[scheme.normalising_pair[0]] == scheme.normalising_pair[1]


@needs_data
def test_imms_points_are_where_their_names_say():
    faces = np.stack([sample.points for sample in read_set(DATA, "imm_frontal")])
    mean = (faces - faces.mean(1, keepdims=True)).mean(0)
    width = np.ptp(mean[:, 0])
    renamed = (mean * [-1, 1])[list(IMM73.mirror)]
    assert np.abs(renamed - mean).max() < 0.05 * width  # the mean face is nearly its own mirror image
    left, right = IMM73.eyes
    assert mean[list(left), 0].max() < mean[45, 0] < mean[list(right), 0].min()
    heights = {name: mean[list(group), 1].mean() for name, group in IMM73.groups.items()}
    assert heights["brows"] < heights["eyes"] < heights["nose"] < heights["mouth"] < heights["jaw"]
    at = {name: mean[i] for i, name in enumerate(IMM73.names)}
    assert abs(at["left pupil"] - mean[list(left)].mean(0)).max() < 0.03 * width
    assert at["outer lip 1"][0] == mean[46:56, 0].min()
    assert at["jaw 6"][1] == mean[:, 1].max()
    assert mean[16, 0] == mean[list(left), 0].min()  # the outer corners normalise
    assert mean[24, 0] == mean[list(right), 0].max()


def test_a_points_only_network_learns_in_rectangles_and_is_measured(face_folder, tmp_path, monkeypatch):
    monkeypatch.setattr(train_module, "ROOT", tmp_path)
    optimise = replace(rectangle().optimise, crops=4800, epoch_crops=2400, batch=24, learning_rate=1e-3)
    config = replace(rectangle(), optimise=optimise, look=Look(**dict.fromkeys(asdict(Look()), 0.0)))
    row = train(config, face_folder, tmp_path / "run")
    log = list(csv.DictReader((tmp_path / "run" / "log.csv").open()))
    assert float(log[0]["loss_linear"]) > row["loss_linear"]
    assert row["nme_all"] < 15  # %, drawn faces; the mean face alone stands higher
    assert "presence_auc" not in row
    network, _, card = load(tmp_path / "run" / "last.safetensors")
    assert network(torch.zeros(2, 1, 48, 80)).shape == (2, 136)
    points, spread, presence, _ = unpack(network(torch.zeros(2, 1, 48, 80)), "points")
    assert points.shape == (2, 68, 2)
    assert spread is None
    assert presence is None
    pack = build(read_set(face_folder, "faces"), 96)
    assert np.abs(np.array(card["meanFace"]) - mean_face(pack, config).numpy()).max() < 0.05
    everyone = evaluate(tmp_path / "run" / "last.safetensors", face_folder, ["faces"])["metrics"][0]
    held_out = evaluate(tmp_path / "run" / "last.safetensors", face_folder, ["faces"], True)["metrics"][0]
    assert (everyone["images"], everyone["dataSet"]) == (24, "faces")
    assert 0 < held_out["images"] < 24
    assert held_out["dataSet"] == "faces (held out)"
    assert held_out["nmeInterOcularPct"] == pytest.approx(row["nme_all"], abs=1)  # of the same crops, cut once or twice
    guessed = evaluate(tmp_path / "run" / "last.safetensors", face_folder, ["faces"], mean_face=True)["metrics"][0]
    assert 0 < guessed["nmeInterOcularPct"] != everyone["nmeInterOcularPct"]


def test_a_nose_tip_is_measured_by_the_eyes_of_its_face(face_folder, tmp_path, monkeypatch):
    monkeypatch.setattr(train_module, "ROOT", tmp_path)
    row = train(replace(rectangle(), scheme="nose-tip"), face_folder, tmp_path / "run")
    result = evaluate(tmp_path / "run" / "last.safetensors", face_folder, ["faces"])
    assert 0 < result["metrics"][0]["nmeBoxPct"] < result["metrics"][0]["nmeInterOcularPct"]
    assert row["nme_all"] > 0


def test_every_choice_of_a_configuration_can_be_trained_with(face_folder):
    assert set(CHOICES["loss.points"]) == set(POINT_ERRORS)
    assert set(CHOICES["loss.maps_error"]) == set(SHAPE_LOSSES)
    config, pack = rectangle(), build(read_set(face_folder, "faces"), 96)
    for kind in CHOICES["optimise.optimiser"]:
        optimise = replace(config.optimise, optimiser=kind, learning_rate=1e-3, batch=8)
        run = Run(replace(config, optimise=optimise), pack, torch.ones(24), Path(), "cpu")
        batch = training_batch(pack, torch.arange(8), config, torch.Generator().manual_seed(0))
        first, *_, last = [run.step(batch, step)["linear"] for step in range(20)]
        assert last < first / 4


@pytest.mark.parametrize(("points", "shape"), [("none", 1.0), ("absolute", 0.0)])
def test_a_unet_learns_from_its_maps_or_from_their_expectation(face_folder, points: str, shape: float):
    loss = LossConfig(linear=0.0, maps=1.0, points=points, shape=shape, maps_error="squared", maps_sigma=0.05)
    config = replace(
        rectangle(), model_kind="unet", model=UNetConfig((8, 16, 32), (5, 3), 0.01, norm=False), loss=loss,
        input=replace(tiny_config().input, width=64, height=32, crop_margin=2.3),
        head=HeadConfig(kind="maps", maps=(), values="points"),
    )  # fmt: skip
    pack = build(read_set(face_folder, "faces"), 96)
    optimise = replace(config.optimise, learning_rate=5e-3)
    run = Run(replace(config, optimise=optimise), pack, torch.ones(24), Path(), "cpu")
    batch = training_batch(pack, torch.arange(8), config, torch.Generator().manual_seed(0))
    steps = [run.step(batch, step)["maps"] for step in range(60)]
    assert steps[-1] < steps[0] / 2
    assert run.trainee(batch.crops)[0]["maps"].logits.shape == (8, 68, 32, 64)


def test_the_squared_shape_loss_is_the_sum_over_the_cells():
    truth, logits = torch.rand(2, 3, 2), torch.randn(2, 3, 16, 24)
    down, across = gaussian_target(truth, 16, 24, 0.05)
    share = logits.flatten(2).softmax(-1).unflatten(-1, (16, 24))
    plain = (share - down.unsqueeze(-1) * across.unsqueeze(-2)).square().sum((-2, -1)).mean(1)
    assert torch.allclose(SHAPE_LOSSES["squared"](logits, truth, 0.05), plain, atol=1e-5)


def test_multiply_adds_of_a_unet_are_counted_by_hand():
    network = build_network(UNetConfig((4, 8), (3,)), HeadConfig(kind="maps", maps=(), values="points"), (32, 32), 5)
    convs = 32 * 32 * (9 * 4 + 9 * 8 * 4 + 4 * 5) + 16 * 16 * 9 * 4 * 8
    assert cost(network, (32, 32))[1] == convs + 16 * 16 * 8 * 4 * 4


@pytest.mark.parametrize(
    ("section", "change", "words"),
    [
        ("optimise", {"optimiser": "sgd"}, "optimise.optimiser: 'sgd' is not one of adamw, adam, rmsprop"),
        ("loss", {"points": "huber"}, "loss.points: 'huber'"),
        ("head", {"values": "all"}, "head.values: 'all'"),
        ("optimise", {"negative_crops": 0.1}, "0 for a network that tells no presence"),
        ("model", {"convs": [{"channels": 8}]}, r"model.convs\[0\]: .*kernel"),
    ],
)
def test_a_wrong_choice_is_named(section: str, change: dict, words: str):
    table = tomllib.loads((CLASSIC / "nose-b.toml").read_text())
    with pytest.raises(ConfigError, match=words):
        parse_config(table | {section: table[section] | change})


def test_a_crop_too_odd_for_its_network_is_named():
    table = tomllib.loads((CLASSIC / "unet-large.toml").read_text())
    with pytest.raises(ConfigError, match="multiples of 8"):
        parse_config(table | {"input": table["input"] | {"height": 204}})


def test_the_nose_tip_is_one_point_of_each_scheme():
    assert NOSE_TIP.among(IBUG68) == (30,)
    assert IMM73.names[NOSE_TIP.among(IMM73)[0]] == "nose tip"


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_costs_of_configurations_and_checkpoints_are_told(tmp_path: Path, monkeypatch, capsys):
    config = load_config(CLASSIC / "nose-c.toml")
    save_checkpoint(
        tmp_path / "c.safetensors", build_network(config.model, config.head, config.input.size, 1), card_of(config, {})
    )
    monkeypatch.setattr("sys.argv", ["costs", str(CLASSIC / "nose-c.toml"), str(tmp_path / "c.safetensors")])
    costs.main()
    titles, *rows = capsys.readouterr().out.splitlines()
    assert titles.split() == ["parameters", "MMAC", "training", "ms", "wasm", "ms"]
    for row in rows:
        name, parameters, million, training, wasm = row.split()
        assert (name, parameters, million) == ("nose-c", "21,796", "7.6")
        assert float(training) > 0
        assert float(wasm) > 0
    assert len(rows) == 2
