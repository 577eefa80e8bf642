"""The exported model against PyTorch: the same crops, the same points, loaded as by a stranger's program."""

import dataclasses
import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

from mien.batches import normalise
from mien.checkpoints import card_of, load, read_checkpoint, save_checkpoint, save_state
from mien.config import Config, DataConfig, InputConfig, LossConfig, OptimiseConfig
from mien.datasets import load_gray
from mien.export import MODELS, export
from mien.graphdef import UINT8_FROM, Graph, quantise, write_model
from mien.models import MODELS as KINDS
from mien.models import HeadConfig, ModelConfig, Size, Trainee, build_network, unpack
from mien.models.classic import ConvConfig, ConvStackConfig, PublishedResNetConfig
from mien.models.encoders import FaceResNetConfig, ResNetConfig
from mien.models.layers import SpatialSoftmax
from mien.models.unet import UNetConfig
from mien.ops import lower
from mien.publish import publish
from mien.schemes import SCHEMES
from mien.tfjs import run

EXACT = 1e-4  # float32 weights: the largest difference, in the output's unit
SHIPPED_PX = 0.1  # shipped float16 weights: the largest difference of a coordinate, px of the crop's longer side
UINT8_SHARE = 0.008  # the same for uint8 weights, of the crop's longer side: 1 px of 128
SMALL = ResNetConfig(stem=8, widths=(8, 12, 16, 24), blocks=(1, 2, 1, 1))
SMALL_FACE = FaceResNetConfig(widths=(8, 12, 16, 24), blocks=(1, 2, 1, 1))
LINEAR = HeadConfig(kind="linear", grid_offset=16, maps=(24, 16, 16))
SIDE = 64  # px of the small networks' crops
CHECKPOINTS = Path(__file__).parents[1] / "checkpoints"
REGISTRY = json.loads((MODELS / "registry.json").read_text())
SHIPPED = [CHECKPOINTS / f"{entry['id']}.safetensors" for entry in REGISTRY["models"]]
GOLDEN_CROPS = Path(__file__).parents[2] / "tests" / "fixtures" / "golden-crops.png"

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="needs node")


def lively(module: nn.Module, seed: int = 0) -> nn.Module:
    """Weights as training could leave them: no batch-norm at rest, no bias at zero."""
    random = torch.Generator().manual_seed(seed)
    for part in module.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.running_mean.normal_(0, 0.3, generator=random)
            part.running_var.uniform_(0.4, 2.0, generator=random)
            nn.init.uniform_(part.weight, 0.5, 1.5, generator=random)
            nn.init.normal_(part.bias, 0, 0.2, generator=random)
        elif isinstance(part, nn.Linear):
            nn.init.normal_(part.weight, 0, 0.3 / part.in_features**0.5, generator=random)
    return module.eval()


def checkpoint(
    path: Path, model: ModelConfig = SMALL, head: HeadConfig = LINEAR, size: Size = (SIDE, SIDE),
    scheme: str = "ibug68", **changes,
) -> Path:  # fmt: skip
    torch.manual_seed(1)
    count = SCHEMES[scheme].point_count
    network = build_network(model, head, size, count)
    mean_face = torch.rand(count, 2) * 0.6 + 0.2
    Trainee(network, head.kind, {}).start_at(mean_face)
    lively(network)
    kind = next(kind for kind, config in KINDS.items() if isinstance(model, config))
    config = Config(
        id="tiny", title="Tiny", scheme=scheme, seed=3, model_kind=kind, model=model, head=head,
        input=InputConfig(width=size[1], height=size[0], mean=0.45), loss=LossConfig(grid_offset=1.0, grid=1.0),
        data=DataConfig(sets=("none",), weights=(1.0,)),
        optimise=OptimiseConfig(crops=1, epoch_crops=1, negative_crops=0.0, background=0.0),
        classroom=head.values == "points",
    )  # fmt: skip
    save_checkpoint(path, network, card_of(config, {}, mean_face) | changes)
    return path


def output_of(model: Path, which: str = "packed") -> str:
    """Name of the node that a model.json's manifest promises; empty when it promises none."""
    return json.loads(model.read_text())["userDefinedMetadata"]["mien"]["output"].get(which, "")


def crops(count: int, size: Size) -> torch.Tensor:
    """Smooth blobs with noise, normalised like crops of faces."""
    random = torch.Generator().manual_seed(5)
    coarse = torch.randn(count, 1, 6, 6, generator=random)
    smooth = F.interpolate(coarse, size=size, mode="bicubic")
    return smooth + 0.1 * torch.randn(smooth.shape, generator=random)


@needs_node
@pytest.mark.parametrize("backend", ["cpu", "wasm"])
def test_float32_weights_give_what_pytorch_gives(tmp_path: Path, backend: str):
    files = export(checkpoint(tmp_path / "c.safetensors"), tmp_path / "models", "float32")
    module, _, _ = load(tmp_path / "c.safetensors")
    x, packed, block = crops(3, (SIDE, SIDE)), output_of(files[0]), "encoder.stages.1.0.relu"
    result = run(files[0].parent, backend, x, packed, block)
    with torch.no_grad():
        assert (result.outputs[packed] - module(x)).abs().max() < EXACT
        assert (result.outputs[block] - module.encoder.stages[1][0](module.encoder(x)[0])).abs().max() < EXACT
    assert result.leaked == 0


@needs_node
@pytest.mark.parametrize("kind", ["grid_offset", "grid", "maps"])
def test_votes_and_heatmaps_give_what_pytorch_gives(tmp_path: Path, kind: str):
    path = checkpoint(tmp_path / "c.safetensors", SMALL_FACE, dataclasses.replace(LINEAR, kind=kind))
    files = export(path, tmp_path / "models", "float32")
    module, _, card = load(path)
    x, packed, maps = crops(2, (SIDE, SIDE)), output_of(files[0]), output_of(files[0], "heatmaps")
    assert (card["family"], bool(maps)) == (("heatmap", True) if kind == "maps" else ("regression", False))
    result = run(files[0].parent, "wasm", x, packed, *([maps] if maps else [])).outputs
    with torch.no_grad():
        assert (result[packed] - module(x)).abs().max() < EXACT
        _, logits = module.head(module.encoder(x))
    if maps:
        assert (result[maps] - SpatialSoftmax()(logits)).abs().max() < EXACT
        assert result[maps].sum((2, 3)) == pytest.approx(1, abs=EXACT)


@needs_node
def test_shipped_weights_move_no_point_by_a_tenth_of_a_pixel(tmp_path: Path):
    files = export(
        checkpoint(tmp_path / "c.safetensors", ResNetConfig(), size=(128, 128)), tmp_path / "models", "float16"
    )
    module, _, _ = load(tmp_path / "c.safetensors")
    x, name = crops(2, (128, 128)), output_of(files[0])
    packed = run(files[0].parent, "wasm", x, name).outputs[name]
    with torch.no_grad():
        difference = (packed - module(x)).abs()
    assert difference[:, :-1].unflatten(1, (-1, 3))[..., :2].max() * 128 < SHIPPED_PX
    assert difference.max() > 0  # the weights did become float16
    assert sum(file.stat().st_size for file in files) < 6e6


POINTS = HeadConfig(kind="linear", values="points")
MAPS = HeadConfig(kind="maps", maps=(), values="points")
STACK = ConvStackConfig(
    (ConvConfig(8, 7, stride=2, pool=True), ConvConfig(12, 3, same=True), ConvConfig(16, 3, pool=True)), (24, 20), 0.6
)


@needs_node
@pytest.mark.parametrize(
    ("model", "head", "size", "scheme"),
    [
        (STACK, POINTS, (60, 80), "imm73"),
        (STACK, POINTS, (80, 60), "nose-tip"),
        (PublishedResNetConfig((1, 2)), POINTS, (64, 96), "ibug68"),
        (PublishedResNetConfig((2, 1), bottleneck=True), POINTS, (64, 64), "ibug68"),
        (UNetConfig((6, 8, 12)), MAPS, (32, 64), "ibug68"),
        (UNetConfig((6, 8), (7, 5, 3, 3), 0.01, norm=False), MAPS, (32, 32), "imm73"),
    ],
    ids=["stack", "nose", "resnet", "bottleneck", "unet", "unet-large"],
)
def test_a_classic_network_gives_what_pytorch_gives(tmp_path: Path, model, head: HeadConfig, size: Size, scheme: str):
    path = checkpoint(tmp_path / "c.safetensors", model, head, size, scheme)
    files = export(path, tmp_path / "models", "float32")
    network, _, card = load(path)
    manifest = json.loads(files[0].read_text())["userDefinedMetadata"]["mien"]
    entry = json.loads((tmp_path / "models" / "registry.json").read_text())["models"][0]
    assert manifest["classroom"] is entry["classroom"] is True
    assert (manifest["input"]["height"], manifest["input"]["width"]) == size
    assert manifest["output"]["values"] == "points"
    assert manifest["scheme"]["meanFace"] == card["meanFace"]
    assert len(card["meanFace"]) == manifest["scheme"]["pointCount"]
    alone = scheme == "nose-tip"
    assert (manifest["scheme"]["normalisingPair"] is None) is (manifest["scheme"]["eyes"] is None) is alone
    x, packed, maps = crops(2, size), output_of(files[0]), output_of(files[0], "heatmaps")
    result = run(files[0].parent, "wasm", x, packed, *([maps] if maps else []))
    with torch.no_grad():
        truth = network(x)
        assert result.outputs[packed].shape == (2, 2 * manifest["scheme"]["pointCount"])
        assert (result.outputs[packed] - truth).abs().max() < EXACT
        if maps:
            _, logits = network.head(network.encoder(x))
            assert (result.outputs[maps] - SpatialSoftmax()(logits)).abs().max() < EXACT
    assert bool(maps) is (head.kind == "maps")
    assert truth.std() > 100 * EXACT  # there is something to compare
    assert result.leaked == 0


class EveryOp(nn.Module):
    """One of each op that a network may use beside the ResNet's."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 6, (5, 3), (2, 1), padding=(2, 0))
        self.leaky = nn.LeakyReLU(0.01)
        self.depthwise = nn.Conv2d(6, 6, 3, padding="same", groups=6)
        self.norm = nn.BatchNorm2d(6)
        self.pool = nn.MaxPool2d(3, 2, padding=1)
        self.up = nn.ConvTranspose2d(6, 4, 2, 2)
        self.up_norm = nn.BatchNorm2d(4)
        self.up_relu = nn.ReLU()
        self.plain_up = nn.ConvTranspose2d(4, 4, 3, 1)
        self.resize = nn.Upsample(size=(20, 20), mode="bilinear")
        self.share = nn.Softmax(1)
        self.drop = nn.Dropout(0.6)
        self.hidden = nn.Linear(8 * 5 * 5, 12)
        self.out = nn.Linear(12, 4)

    def forward(self, x):
        x = self.leaky(self.conv(x))
        x = self.pool(self.norm(self.leaky(self.depthwise(x))))
        x = self.plain_up(self.up_relu(self.up_norm(self.up(x))))
        x = self.resize(x)
        x = torch.cat([x, self.share(x)], 1)
        x = F.interpolate(x, scale_factor=0.25, mode="nearest")
        return self.out(self.drop(F.relu(self.hidden(torch.flatten(x, 1)))))


@needs_node
@pytest.mark.parametrize("backend", ["cpu", "wasm"])
def test_every_op_gives_what_pytorch_gives(tmp_path: Path, backend: str):
    torch.manual_seed(2)
    model = lively(EveryOp())
    made = lower(model, (1, 24, 26))
    write_model(made.graph, tmp_path, {made.input: (-1, 24, 26, 1)}, {made.output: (-1, *made.shape)}, {}, "float32")
    x = torch.randn(2, 1, 24, 26)
    result = run(tmp_path, backend, x, made.output)
    with torch.no_grad():
        assert (result.outputs[made.output] - model(x)).abs().max() < EXACT


@pytest.mark.parametrize(("commit", "publishes"), [("1dd226b94b14", True), ("1dd226b94b14+", False), ("", False)])
def test_only_what_a_commit_can_make_again_is_published(tmp_path: Path, commit: str, publishes: bool):
    source = checkpoint(tmp_path / "run.safetensors")
    state, card = read_checkpoint(source)
    save_state(source, state, {**card, "commit": commit})
    if publishes:
        assert publish(source, tmp_path / "out").exists()
        return
    with pytest.raises(ValueError, match=r"run\.safetensors: trained in a tree with changes"):
        publish(source, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_published_checkpoint_is_the_runs_own_under_another_name(tmp_path: Path):
    source = checkpoint(tmp_path / "last-maps.safetensors", head=dataclasses.replace(LINEAR, kind="maps"))
    path = publish(source, tmp_path / "checkpoints", "unet-tiny", "UNet tiny", changed_tree=True, classroom=True)
    network, config, card = load(path)
    assert (path.name, card["id"], config.title) == ("unet-tiny.safetensors", "unet-tiny", "UNet tiny")
    assert config.classroom
    assert not load(source)[1].classroom
    assert card["run"] == load(source)[2]["id"]  # by which the card finds the configuration
    assert path.stat().st_size < 0.6 * source.stat().st_size
    with torch.no_grad():
        moved = (unpack(network(crops(2, SIDE)))[0] - unpack(load(source)[0](crops(2, SIDE)))[0]) * SIDE
    assert 0 < moved.abs().max() < SHIPPED_PX


def test_an_op_without_a_counterpart_is_named():
    class Odd(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.Sequential(nn.Conv2d(1, 2, 3), nn.GELU())

        def forward(self, x):
            return self.first(x)

    with pytest.raises(ValueError, match=r"first\.1: no export for GELU"):
        lower(Odd(), (1, 8, 8))


def test_convolutions_take_their_norm_and_relu_with_them(tmp_path: Path):
    files = export(checkpoint(tmp_path / "c.safetensors"), tmp_path / "models")
    nodes = json.loads(files[0].read_text())["modelTopology"]["node"]
    ops = {node["name"]: node["op"] for node in nodes}
    assert set(ops.values()) == {
        "Placeholder", "Const", "_FusedConv2D", "AddV2", "Relu", "Reshape", "_FusedMatMul", "ConcatV2", "GatherV2",
    }  # fmt: skip
    assert ops["encoder.stem.2"] == "_FusedConv2D"  # named after the ReLU it ends with
    assert ops["encoder.stages.0.0.relu"] == "Relu"
    assert ops["head.linear"] == "_FusedMatMul"


def test_the_manifest_says_what_the_checkpoint_says(tmp_path: Path):
    metric = {
        "dataSet": "made up", "crop": "truth", "images": 1, "nmeInterOcularPct": 1.0,
        "nmeBoxPct": 1.0, "failureRate8Pct": 0.0, "auc8Pct": 90.0,
    }  # fmt: skip
    files = export(checkpoint(tmp_path / "c.safetensors"), tmp_path / "models", metrics=[metric])
    manifest = json.loads(files[0].read_text())["userDefinedMetadata"]["mien"]
    assert manifest["formatVersion"] == 1
    assert manifest["input"] == {
        "name": "input", "width": 64, "height": 64, "channels": 1, "mean": 0.45, "deviation": 0.25,
    }  # fmt: skip
    assert list(manifest["output"]) == ["values", "packed"]
    assert manifest["output"]["values"] == "points-spread-presence"
    assert "classroom" not in manifest
    scheme = manifest["scheme"]
    assert scheme["pointCount"] == len(scheme["names"]) == len(scheme["mirror"]) == 68
    assert scheme["normalisingPair"] == [36, 45]
    assert sorted(index for group in scheme["groups"].values() for index in group) == list(range(68))
    assert manifest["metrics"] == [metric]
    assert manifest["provenance"]["seed"] == 3
    assert json.loads(manifest["provenance"]["config"])["model"]["kind"] == "resnet"
    module, _, _ = load(tmp_path / "c.safetensors")
    assert manifest["parameters"] == sum(weight.numel() for weight in module.parameters())
    assert manifest["multiplyAdds"] > manifest["parameters"] > 0


def test_the_registry_keeps_other_models_and_hashes_every_file(tmp_path: Path):
    models = tmp_path / "models"
    export(checkpoint(tmp_path / "a.safetensors", id="a"), models)
    export(checkpoint(tmp_path / "b.safetensors", id="b"), models)
    export(checkpoint(tmp_path / "a.safetensors", id="a", title="Again"), models, "uint8")
    registry = json.loads((models / "registry.json").read_text())
    assert registry["formatVersion"] == 1
    assert [(entry["id"], entry["title"]) for entry in registry["models"]] == [("a", "Again"), ("b", "Tiny")]
    for entry in registry["models"]:
        assert entry["path"] == f"{entry['id']}/model.json"
        assert {file["path"] for file in entry["files"]} == {
            path.relative_to(models).as_posix() for path in (models / entry["id"]).iterdir()
        }
        for file in entry["files"]:
            data = (models / file["path"]).read_bytes()
            assert file["bytes"] == len(data)
            assert file["sha256"] == hashlib.sha256(data).hexdigest()
    export(checkpoint(tmp_path / "b.safetensors", id="b"), models, default=True)
    order = [entry["id"] for entry in json.loads((models / "registry.json").read_text())["models"]]
    assert order == ["b", "a"]


WITH_FACE = 2  # of the golden crops, the first ones


@needs_node
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_model_gives_its_checkpoints_points_on_real_crops(path: Path, tmp_path: Path):
    network, config, card = load(path)
    grey = load_gray(GOLDEN_CROPS)
    x = torch.from_numpy(grey).float().view(-1, 1, grey.shape[1], grey.shape[1]) / 255
    x = F.interpolate(normalise(x, config), size=config.input.size)
    folder = shutil.copytree(MODELS / card["id"], tmp_path / card["id"])
    name = output_of(folder / "model.json")
    packed = run(folder, "wasm", x, name).outputs[name]
    with torch.no_grad():
        truth = network(x)
    found, _, logit, _ = unpack(packed, config.head.values)
    side = max(config.input.size)
    moved = (found - unpack(truth, config.head.values)[0]) * side
    manifest = json.loads((folder / "model.json").read_text())["weightsManifest"][0]
    quantised = {weight["quantization"]["dtype"] for weight in manifest["weights"] if "quantization" in weight}
    limit = UINT8_SHARE * side if "uint8" in quantised else SHIPPED_PX
    assert moved[:WITH_FACE].abs().max() < limit
    # Beside a face points mean nothing, and little moves them.
    assert moved[WITH_FACE:].abs().max() < 2 * limit
    if logit is not None:
        assert logit[0].sigmoid() > 0.9
        assert logit[3].sigmoid() < 0.5


def test_uint8_weights_stay_within_half_a_step_and_small_ones_become_float16():
    values = np.linspace(-3, 5, UINT8_FROM, dtype=np.float32)
    raw, line = quantise("w", values, "uint8")
    scale, low = line["quantization"]["scale"], line["quantization"]["min"]
    decoded = np.frombuffer(raw, np.uint8) * scale + low
    assert np.abs(decoded - values).max() <= scale / 2 * 1.001
    raw, line = quantise("w", values[1:], "uint8")
    assert line["quantization"]["dtype"] == "float16"
    assert np.array_equal(np.frombuffer(raw, np.float16), values[1:].astype(np.float16))


def test_a_weight_too_large_for_float16_is_named():
    with pytest.raises(ValueError, match="weight w: 70000 does not fit"):
        quantise("w", np.full(100, 7e4, np.float32), "float16")


def test_an_unknown_weight_format_is_named(tmp_path: Path):
    with pytest.raises(ValueError, match="int4"):
        write_model(Graph(), tmp_path, {}, {}, {}, "int4")


def test_bad_checkpoints_are_named(tmp_path: Path):
    text = tmp_path / "text.safetensors"
    text.write_text("not weights")
    with pytest.raises(ValueError, match=r"text\.safetensors: not a safetensors file"):
        read_checkpoint(text)
    save_file({"w": torch.zeros(1)}, tmp_path / "bare.safetensors")
    with pytest.raises(ValueError, match="no metadata key 'mien'"):
        read_checkpoint(tmp_path / "bare.safetensors")
    save_file({"w": torch.zeros(1)}, tmp_path / "thin.safetensors", {"mien": '{"id": "x"}'})
    with pytest.raises(ValueError, match="lacks title"):
        read_checkpoint(tmp_path / "thin.safetensors")
    _, card = read_checkpoint(checkpoint(tmp_path / "good.safetensors"))
    for model, words in (({"kind": "resnet", "stem": 12}, r"stem\.0\.weight"), ({"kind": "vit"}, "model.kind: 'vit'")):
        with pytest.raises(ValueError, match=rf"bad\.safetensors: (.|\n)*{words}"):
            load(checkpoint(tmp_path / "bad.safetensors", config=card["config"] | {"model": model}))
