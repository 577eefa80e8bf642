"""The tfjs GraphModel on disk: GraphDef nodes, weights and model.json. Knows the format, not PyTorch."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

SHARD_BYTES = 4 * 1024 * 1024  # what tfjs' own converter cuts at: a browser caches such pieces well
HALF_FLOAT_MAX = 65504.0
QUANTISE_FROM = 64  # elements; a smaller constant (a padding value, a bias) saves nothing by being cut
WEIGHT_FORMATS = ("float32", "float16", "uint8")
# Elements; a smaller constant becomes float16 among uint8 ones. With biases and the first layers at 8 bits resnet18's
# points move three times as far (0.069 px of 128 on average, 0.023 px like this), and the file is only 2 % smaller.
UINT8_FROM = 16_384


@dataclass
class Graph:
    """A GraphDef being written: nodes in order of execution, and the constants' values by name."""

    nodes: list[dict] = field(default_factory=list)
    weights: dict[str, np.ndarray] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def unique(self, name: str) -> str:
        """`name`, or `name_1`, `name_2`, … when it is taken."""
        free, count = name, 0
        while free in self.names:
            count += 1
            free = f"{name}_{count}"
        self.names.add(free)
        return free

    def node(self, op: str, name: str, inputs: Sequence[str], **attrs) -> str:
        """Appends a node and returns its name."""
        name = self.unique(name)
        attr = {"T": {"type": "DT_FLOAT"}, **{key: attribute(value) for key, value in attrs.items()}}
        self.nodes.append({"name": name, "op": op, "input": list(inputs), "attr": attr})
        return name

    def placeholder(self, name: str, shape: Sequence[int]) -> str:
        """An input; -1 in `shape` is a size known only when the model runs."""
        name = self.unique(name)
        attr = {"dtype": {"type": "DT_FLOAT"}, "shape": {"shape": tensor_shape(shape)}}
        self.nodes.append({"name": name, "op": "Placeholder", "attr": attr})
        return name

    def const(self, name: str, value) -> str:
        """A float32 or int32 constant."""
        array = np.asarray(value)
        if array.dtype.kind == "f":
            array = array.astype(np.float32)
        elif array.dtype.kind == "i":
            array = array.astype(np.int32)
        else:
            raise TypeError(f"constant {name}: {array.dtype} is neither float nor int")
        name = self.unique(name)
        dtype = "DT_INT32" if array.dtype == np.int32 else "DT_FLOAT"
        value_attr = {"dtype": dtype, "tensorShape": tensor_shape(array.shape)}
        attr = {"dtype": {"type": dtype}, "value": {"tensor": value_attr}}
        self.nodes.append({"name": name, "op": "Const", "attr": attr})
        self.weights[name] = array
        return name


def tensor_shape(shape: Sequence[int]) -> dict:
    return {"dim": [{"size": str(size)} for size in shape]}


def attribute(value) -> dict:
    """A Python value as a GraphDef AttrValue in proto3 JSON: int64 as text, bytes as base64."""
    match value:
        case bool():
            return {"b": value}
        case int():
            return {"i": str(value)}
        case float():
            return {"f": value}
        case str():
            return {"s": encode(value)}
        case [str(), *_]:
            return {"list": {"s": [encode(text) for text in value]}}
        case [*_]:
            return {"list": {"i": [str(int(number)) for number in value]}}
    raise TypeError(f"no GraphDef attribute for {value!r}")


def encode(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def quantise(name: str, array: np.ndarray, weights: str) -> tuple[bytes, dict]:
    """One constant as bytes and as its line in the weights manifest.
    @raises ValueError where float16 would overflow."""
    line = {"name": name, "shape": list(array.shape), "dtype": str(array.dtype)}
    if array.dtype != np.float32 or array.size < QUANTISE_FROM or weights == "float32":
        return array.tobytes(), line
    if weights == "float16" or array.size < UINT8_FROM:
        if np.abs(array).max() > HALF_FLOAT_MAX:
            raise ValueError(f"weight {name}: {np.abs(array).max():.0f} does not fit float16")
        line["quantization"] = {"dtype": "float16", "original_dtype": "float32"}
        return array.astype(np.float16).tobytes(), line
    # uint8: one scale per tensor, value = q · scale + min (tfjs' weights loader)
    low, high = float(array.min()), float(array.max())
    scale = (high - low) / 255 or 1.0
    line["quantization"] = {"dtype": "uint8", "scale": scale, "min": low, "original_dtype": "float32"}
    return np.round((array - low) / scale).astype(np.uint8).tobytes(), line


def write_model(
    graph: Graph, folder: Path, inputs: dict[str, Sequence[int]], outputs: dict[str, Sequence[int]],
    metadata: dict, weights: str = "float16",
) -> list[Path]:  # fmt: skip
    """Writes model.json and its shards to `folder` and returns their paths, model.json first. `inputs` and
    `outputs` name nodes and give their shapes, -1 for the batch; `metadata` becomes userDefinedMetadata."""
    if weights not in WEIGHT_FORMATS:
        raise ValueError(f"weights {weights!r}: not one of {', '.join(WEIGHT_FORMATS)}")
    packed = [quantise(name, array, weights) for name, array in graph.weights.items()]
    data = b"".join(raw for raw, _ in packed)
    count = max(1, -(-len(data) // SHARD_BYTES))
    shards = [f"group1-shard{index + 1}of{count}.bin" for index in range(count)]
    model = {
        "format": "graph-model",
        "generatedBy": "mien.export",
        "convertedBy": None,
        "signature": {"inputs": signature(inputs), "outputs": signature(outputs)},
        "modelTopology": {
            "node": graph.nodes,
            "library": {},
            "versions": {"producer": 1087, "minConsumer": 12},
        },
        "weightsManifest": [{"paths": shards, "weights": [line for _, line in packed]}],
        "userDefinedMetadata": metadata,
    }
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("group1-shard*.bin"):
        stale.unlink()
    (folder / "model.json").write_text(json.dumps(model, ensure_ascii=False, separators=(",", ":")))
    for index, shard in enumerate(shards):
        (folder / shard).write_bytes(data[index * SHARD_BYTES : (index + 1) * SHARD_BYTES])
    return [folder / "model.json", *(folder / shard for shard in shards)]


def signature(tensors: dict[str, Sequence[int]]) -> dict:
    return {
        name: {"name": f"{name}:0", "dtype": "DT_FLOAT", "tensorShape": tensor_shape(shape)}
        for name, shape in tensors.items()
    }
