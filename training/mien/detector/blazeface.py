"""BlazeFace (Bazarevsky et al. 2019, arXiv:1907.05047) as PyTorch reads it from the app's own files, and back: the
graph stays as it is, its weights are exchanged."""

import base64
import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

PREFIX = "StatefulPartitionedCall/model/"
STRIDE = 17  # numbers per anchor: a logit, the box's centre and size, six key points (x, y)
LAYERS = (("8", 8, 2), ("16", 16, 6))  # name, cell size in px, anchors per cell
TRAINED_PX = 128


@dataclass(frozen=True)
class Step:
    """One node of the graph."""

    name: str
    op: str
    inputs: tuple[str, ...]
    stride: int
    relu: bool


def _strings(attribute: dict) -> list[str]:
    return [base64.b64decode(text).decode() for text in attribute.get("list", {}).get("s", [])]


def read_files(model: Path) -> tuple[dict, dict[str, np.ndarray]]:
    """model.json and the weights by name, float32 or int32, from the one file of weights beside it."""
    topology = json.loads(model.read_text())
    (group,) = topology["weightsManifest"]
    raw = b"".join((model.parent / path).read_bytes() for path in group["paths"])
    weights, at = {}, 0
    for entry in group["weights"]:
        stored = np.dtype(entry.get("quantization", entry)["dtype"])
        count = math.prod(entry["shape"])
        values = np.frombuffer(raw, stored, count, at)
        weights[entry["name"]] = values.reshape(entry["shape"]).astype(entry["dtype"])
        at += values.nbytes
    return topology, weights


def same(x: Tensor, kernel: int, stride: int, value: float) -> Tensor:
    """Padded as TensorFlow's SAME does it: more on the right and below where it is odd."""
    sides = []
    for length in reversed(x.shape[-2:]):
        lacking = max((math.ceil(length / stride) - 1) * stride + kernel - length, 0)
        sides += [lacking // 2, lacking - lacking // 2]
    return F.pad(x, sides, value=value)


class BlazeFace(nn.Module):
    """(B, 3, H, W) RGB in -1..1, sides multiples of 16 px, to (B, anchors, 17), in the order of `anchors`."""

    def __init__(self, model: Path):
        super().__init__()
        self.topology, self.arrays = read_files(model)
        arrays = self.arrays
        nodes = {node["name"]: node for node in self.topology["modelTopology"]["node"]}
        self.outputs = [
            f"{PREFIX}{kind}_{name}/BiasAdd" for name, *_ in LAYERS for kind in ("classificator", "regressor")
        ]
        self.steps: list[Step] = []
        self.names: dict[str, str] = {}  # of the weights, by their names in the file
        self.pads: dict[str, int] = {}
        for name in self._in_order(nodes):
            node = nodes[name]
            strides = node["attr"].get("strides", {}).get("list", {}).get("i", ["1", "1"])
            relu = "Relu" in _strings(node["attr"].get("fused_ops", {}))
            self.steps.append(Step(name, node["op"], tuple(node.get("input", ())), int(strides[1]), relu))
            if node["op"] == "Pad":
                self.pads[name] = int(arrays[node["input"][1]][3, 1])
            for source in node.get("input", ())[1:]:
                if node["op"] in ("_FusedConv2D", "DepthwiseConv2dNative"):
                    self.names[source] = source.removeprefix(PREFIX).replace(".", "_").replace("/", "_")
        for source, name in self.names.items():
            self.register_parameter(name, nn.Parameter(torch.from_numpy(arrays[source].copy())))

    def _in_order(self, nodes: dict[str, dict]) -> list[str]:
        """Names of what the outputs need, each after its inputs; without constants."""
        done: list[str] = []

        def visit(name: str) -> None:
            if name in done or nodes[name]["op"] == "Const":
                return
            for source in nodes[name].get("input", ()):
                visit(source)
            done.append(name)

        for output in self.outputs:
            visit(output)
        return done

    def weight(self, source: str) -> Tensor:
        return getattr(self, self.names[source])

    def forward(self, x: Tensor) -> Tensor:
        values: dict[str, Tensor] = {}
        for step in self.steps:
            given = [values[source] for source in step.inputs if source in values]
            values[step.name] = x if step.op == "Placeholder" else self._run(step, given)
        maps = [values[name].permute(0, 2, 3, 1) for name in self.outputs]
        layers = [
            torch.cat([maps[2 * i].reshape(len(x), -1, 1), maps[2 * i + 1].reshape(len(x), -1, STRIDE - 1)], -1)
            for i in range(len(LAYERS))
        ]
        return torch.cat(layers, 1)

    def _run(self, step: Step, given: list[Tensor]) -> Tensor:
        x = given[0]
        match step.op:
            case "_FusedConv2D":
                kernel = self.weight(step.inputs[1]).permute(3, 2, 0, 1)
                padded = same(x, kernel.shape[-1], step.stride, 0.0)
                y = F.conv2d(padded, kernel, self.weight(step.inputs[2]), step.stride)
                return y.relu() if step.relu else y
            case "DepthwiseConv2dNative":
                kernel = self.weight(step.inputs[1]).permute(2, 3, 0, 1)
                return F.conv2d(
                    same(x, kernel.shape[-1], step.stride, 0.0), kernel, None, step.stride, groups=len(kernel)
                )
            case "MaxPool":
                return F.max_pool2d(same(x, 2, 2, -math.inf), 2, 2)
            case "Pad":
                return F.pad(x, (0, 0, 0, 0, 0, self.pads[step.name]))
            case "AddV2":
                return x + given[1]
            case "Relu":
                return x.relu()
        raise ValueError(f"{step.name}: {step.op} is not among BlazeFace's operations")

    def save(self, folder: Path, stem: str) -> None:
        """Writes `stem`.json and `stem`.bin, half precision as the file it was read from."""
        topology = json.loads(json.dumps(self.topology))
        (group,) = topology["weightsManifest"]
        parts = []
        for entry in group["weights"]:
            name = self.names.get(entry["name"])
            values = self.arrays[entry["name"]] if name is None else getattr(self, name).detach().numpy()
            parts.append(np.ascontiguousarray(values, entry.get("quantization", entry)["dtype"]).tobytes())
        group["paths"] = [f"{stem}.bin"]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{stem}.bin").write_bytes(b"".join(parts))
        (folder / f"{stem}.json").write_text(json.dumps(topology, separators=(",", ":")))


def anchors(height: int, width: int) -> Tensor:
    """(anchors, 2) x, y in px of an input of this size."""
    made = [
        torch.stack(torch.meshgrid(
            torch.arange(cell / 2, width, cell), torch.arange(cell / 2, height, cell), indexing="xy"
        ), -1).reshape(-1, 2).repeat_interleave(count, 0)
        for _, cell, count in LAYERS
    ]  # fmt: skip
    return torch.cat(made)
