"""How each PyTorch op is written as GraphDef nodes: one small function per op, tabled by `exports`."""

import copy
import operator
from dataclasses import dataclass

import torch
from torch import fx, nn
from torch.fx.passes.shape_prop import ShapeProp
from torch.nn import functional as F

from mien.graphdef import HALF_FLOAT_MAX, Graph
from mien.lowering import Lowering, Table, Value, finish, fold, nhwc, norm_terms, pair, require
from mien.models.heads import MapHead
from mien.models.layers import SoftArgmax, SpatialSoftmax

OPS: Table = {}


def exports(*kinds):
    """Enters a function in the table for module types, functions and names of tensor methods."""

    def enter(function):
        OPS.update(dict.fromkeys(kinds, function))
        return function

    return enter


@exports(nn.Conv2d)
def conv(low: Lowering, node: fx.Node) -> Value:
    layer, path = low.module(node), low.path(node)
    depthwise = layer.groups == layer.in_channels > 1
    require(layer.groups == 1 or depthwise, path, f"{layer.groups} groups: only 1 or one per input channel")
    require(layer.padding_mode == "zeros", path, f"padding mode {layer.padding_mode}")
    weight, bias, last, relu = fold(low, node, 0)
    if depthwise:  # (in·m, 1, h, w) to (h, w, in, m)
        weight = weight.reshape(layer.in_channels, -1, *layer.kernel_size).permute(2, 3, 0, 1)
    else:
        weight = weight.permute(2, 3, 1, 0)  # (out, in, h, w) to (h, w, in, out)
    inputs = [
        low.input(node).name,
        low.graph.const(f"{path}/kernel", weight),
        low.graph.const(f"{path}/bias", bias),
    ]
    (sy, sx), (dy, dx) = layer.stride, layer.dilation
    attrs = dict(
        strides=[1, sy, sx, 1], dilations=[1, dy, dx, 1], data_format="NHWC", num_args=1, epsilon=0.0,
        fused_ops=["BiasAdd", "Relu"] if relu else ["BiasAdd"], **padding(layer),
    )  # fmt: skip
    op = "FusedDepthwiseConv2dNative" if depthwise else "_FusedConv2D"
    return finish(low, node, last, low.graph.node(op, low.path(last), inputs, **attrs))


def padding(layer: nn.Conv2d) -> dict:
    """VALID, or EXPLICIT as PyTorch pads: SAME would pad one side more than the other at stride 2."""
    if layer.padding == "same":
        total = [d * (k - 1) for d, k in zip(layer.dilation, layer.kernel_size, strict=True)]
        (top, left), (bottom, right) = [t // 2 for t in total], [t - t // 2 for t in total]
    else:
        top, left = bottom, right = (0, 0) if layer.padding == "valid" else pair(layer.padding)
    if top == left == bottom == right == 0:
        return {"padding": "VALID"}
    return {"padding": "EXPLICIT", "explicit_paddings": [0, 0, top, bottom, left, right, 0, 0]}


@exports(nn.ConvTranspose2d)
def conv_transpose(low: Lowering, node: fx.Node) -> Value:
    layer, path = low.module(node), low.path(node)
    require(layer.groups == 1 and layer.dilation == (1, 1), path, "only one group and no dilation")
    require(layer.output_padding == (0, 0) and layer.padding == (0, 0), path, "only without padding")
    weight, bias, last, relu = fold(low, node, 1)
    source, graph = low.input(node).name, low.graph
    kernel = graph.const(f"{path}/kernel", weight.permute(2, 3, 1, 0))  # (in, out, h, w) to (h, w, out, in)
    shape = batch_shape(low, path, source, nhwc(low.shape(last)))
    (sy, sx), end = layer.stride, low.path(last)
    name = graph.node(
        "Conv2DBackpropInput", f"{path}/transpose", [shape, kernel, source],
        strides=[1, sy, sx, 1], padding="VALID", data_format="NHWC", dilations=[1, 1, 1, 1],
    )  # fmt: skip
    bias_name = graph.const(f"{path}/bias", bias)
    name = graph.node("BiasAdd", f"{path}/biased" if relu else end, [name, bias_name], data_format="NHWC")
    if relu:
        name = graph.node("Relu", end, [name])
    return finish(low, node, last, name)


def batch_shape(low: Lowering, path: str, source: str, rest: list[int]) -> str:
    """A shape tensor (batch of `source`, *rest); the batch is known only when the model runs."""
    graph = low.graph
    at = [graph.const(f"{path}/{name}", [value]) for name, value in (("begin", 0), ("end", 1), ("stride", 1))]
    shape = graph.node("Shape", f"{path}/shape", [source])
    batch = graph.node("StridedSlice", f"{path}/batch", [shape, *at], shrink_axis_mask=0)
    axis = graph.const(f"{path}/axis", 0)
    sizes = graph.const(f"{path}/sizes", rest)
    return graph.node("ConcatV2", f"{path}/output_shape", [batch, sizes, axis], N=2)


@exports(nn.Linear)
def linear(low: Lowering, node: fx.Node) -> Value:
    path, source = low.path(node), low.input(node)
    require(len(source.shape) == 1, path, f"input of shape {source.shape}, wanted one dimension")
    weight, bias, last, relu = fold(low, node, 0)
    if source.flat_of:  # PyTorch counts the map's values channel by channel, the graph pixel by pixel
        weight = weight.unflatten(1, source.flat_of).permute(0, 2, 3, 1).flatten(1)
    inputs = [source.name, low.graph.const(f"{path}/kernel", weight.T), low.graph.const(f"{path}/bias", bias)]
    name = low.graph.node(
        "_FusedMatMul", low.path(last), inputs, transpose_a=False, transpose_b=False, num_args=1, epsilon=0.0,
        fused_ops=["BiasAdd", "Relu"] if relu else ["BiasAdd"],
    )  # fmt: skip
    return finish(low, node, last, name)


@exports(nn.BatchNorm2d)
def norm(low: Lowering, node: fx.Node) -> Value:
    scale, shift = norm_terms(low.module(node))
    path = low.path(node)
    inputs = [low.input(node).name, low.graph.const(f"{path}/scale", scale.numpy())]
    scaled = low.graph.node("Mul", f"{path}/scaled", inputs)
    return low.emit(node, "AddV2", [scaled, low.graph.const(f"{path}/shift", shift.numpy())])


@exports(nn.MaxPool2d)
def max_pool(low: Lowering, node: fx.Node) -> Value:
    layer, path, source = low.module(node), low.path(node), low.input(node).name
    require(pair(layer.dilation) == (1, 1) and not layer.ceil_mode, path, "no dilation, no ceil mode")
    (ky, kx), (sy, sx), (py, px) = (pair(v) for v in (layer.kernel_size, layer.stride, layer.padding))
    # MaxPool refuses EXPLICIT. PyTorch pads with -inf; this is the lowest that a float16 texture holds.
    if py or px:
        pads = low.graph.const(f"{path}/paddings", [[0, 0], [py, py], [px, px], [0, 0]])
        lowest = low.graph.const(f"{path}/lowest", -HALF_FLOAT_MAX)
        source = low.graph.node("PadV2", f"{path}/padded", [source, pads, lowest])
    return low.emit(node, "MaxPool", [source], ksize=[1, ky, kx, 1], strides=[1, sy, sx, 1],
                    padding="VALID", data_format="NHWC")  # fmt: skip


@exports(nn.AdaptiveAvgPool2d)
def average(low: Lowering, node: fx.Node) -> Value:
    path = low.path(node)
    require(pair(low.module(node).output_size) == (1, 1), path, "only to 1 by 1")
    axis = low.graph.const(f"{path}/axes", [1, 2])
    return low.emit(node, "Mean", [low.input(node).name, axis], keep_dims=True)


@exports(nn.ReLU, F.relu, torch.relu, "relu")
def relu(low: Lowering, node: fx.Node) -> Value:
    return low.emit(node, "Relu", [low.input(node).name])


@exports(nn.Sigmoid, torch.sigmoid, "sigmoid")
def sigmoid(low: Lowering, node: fx.Node) -> Value:
    return low.emit(node, "Sigmoid", [low.input(node).name])


@exports(nn.LeakyReLU)
def leaky_relu(low: Lowering, node: fx.Node) -> Value:
    return low.emit(node, "LeakyRelu", [low.input(node).name], alpha=float(low.module(node).negative_slope))


@exports(nn.Identity, nn.Dropout, nn.Dropout2d, "float")
def identity(low: Lowering, node: fx.Node) -> Value:
    """Nothing to run once training is over; the graph is float32 throughout."""
    return low.input(node)


@exports(operator.add, operator.iadd, torch.add)
def add(low: Lowering, node: fx.Node) -> Value:
    left, right = low.input(node, 0), low.input(node, 1)
    require(left.shape == right.shape and left.flat_of == right.flat_of, low.path(node), "adds unlike tensors")
    return low.emit(node, "AddV2", [left.name, right.name])


@exports(torch.cat)
def concat(low: Lowering, node: fx.Node) -> Value:
    parts = [low.values[part] for part in node.args[0]]
    axis = node.kwargs.get("dim", node.args[1] if len(node.args) > 1 else 0)
    path = low.path(node)
    require(axis == 1 and all(part.flat_of is None for part in parts), path, "only maps or vectors, by channel")
    last = low.graph.const(f"{path}/axis", len(parts[0].shape))
    return low.emit(node, "ConcatV2", [*(part.name for part in parts), last], N=len(parts))


@exports(nn.Flatten, torch.flatten, "flatten")
def flatten(low: Lowering, node: fx.Node) -> Value:
    path, source = low.path(node), low.input(node)
    if layer := low.module(node):
        start, end = layer.start_dim, layer.end_dim
    else:
        dims = dict(zip(("start_dim", "end_dim"), node.args[1:], strict=False)) | dict(node.kwargs)
        start, end = dims.get("start_dim", 0), dims.get("end_dim", -1)
    require((start, end) == (1, -1), path, f"flattens dimensions {start} to {end}, wanted 1 to the last")
    if len(source.shape) == 1:
        return source
    (size,) = low.shape(node)
    wanted = low.graph.const(f"{path}/shape", [-1, size])
    return Value(low.graph.node("Reshape", path, [source.name, wanted]), (size,), source.shape)


@exports(nn.Upsample, F.interpolate)
def resize(low: Lowering, node: fx.Node) -> Value:
    path, layer = low.path(node), low.module(node)
    options = vars(layer) if layer else dict(node.kwargs)
    mode, corners = options.get("mode", "nearest"), bool(options.get("align_corners"))
    require(mode in ("nearest", "bilinear"), path, f"mode {mode}: only nearest and bilinear")
    size = low.graph.const(f"{path}/size", list(low.shape(node)[1:]))
    # PyTorch's bilinear puts pixel centres at + 0.5 unless the corners are aligned; its nearest never does
    half = mode == "bilinear" and not corners
    op = "ResizeBilinear" if mode == "bilinear" else "ResizeNearestNeighbor"
    return low.emit(node, op, [low.input(node).name, size], align_corners=corners, half_pixel_centers=half)


@exports(nn.Softmax, F.softmax, torch.softmax, "softmax")
def softmax(low: Lowering, node: fx.Node) -> Value:
    source, path = low.input(node), low.path(node)
    layer = low.module(node)
    dim = layer.dim if layer else node.kwargs.get("dim", node.args[1] if len(node.args) > 1 else None)
    # over the channels of a map, or over a vector: both lie last in the graph
    require(source.flat_of is None and (dim == 1 or len(source.shape) == 1), path, f"softmax over dimension {dim}")
    return low.emit(node, "Softmax", [source.name])


@exports(SpatialSoftmax)
def share(low: Lowering, node: fx.Node) -> Value:
    """Softmax over the cells of each map, as plain ops: the graph's own softmax runs over the channels."""
    source, path, graph = low.input(node), low.path(node), low.graph
    axes = graph.const(f"{path}/axes", [1, 2])
    highest = graph.node("Max", f"{path}/highest", [source.name, axes], keep_dims=True)
    powers = graph.node("Exp", f"{path}/powers", [graph.node("Sub", f"{path}/lowered", [source.name, highest])])
    whole = graph.node("Sum", f"{path}/whole", [powers, axes], keep_dims=True)
    return low.emit(node, "RealDiv", [powers, whole])


@exports(SoftArgmax)
def expectation(low: Lowering, node: fx.Node) -> Value:
    """The sum over the cells of share times place, x and y each."""
    path, graph = low.path(node), low.graph
    shares, *offsets = [low.values[source] for source in node.args if source is not None]
    _, height, width = shares.shape
    places = {
        "x": (torch.arange(width) + 0.5).div(width).view(1, 1, width, 1),
        "y": (torch.arange(height) + 0.5).div(height).view(1, height, 1, 1),
    }
    axes, sums = graph.const(f"{path}/axes", [1, 2]), []
    for i, (name, place) in enumerate(places.items()):
        at = graph.const(f"{path}/{name}", place.numpy())
        if offsets:
            at = graph.node("AddV2", f"{path}/moved_{name}", [offsets[i].name, at])
        voted = graph.node("Mul", f"{path}/voted_{name}", [shares.name, at])
        sums.append(graph.node("Sum", f"{path}/sum_{name}", [voted, axes], keep_dims=False))
    return low.emit(node, "ConcatV2", [*sums, graph.const(f"{path}/axis", 1)], N=2)


@exports(torch.index_select, "index_select")
def index_select(low: Lowering, node: fx.Node) -> Value:
    """A fixed choice and order of a vector's values."""
    source, path = low.input(node), low.path(node)
    dim, index = node.args[1], low.constant(node.args[2])
    require(dim == 1 and len(source.shape) == 1 and source.flat_of is None, path, "only of a vector's values")
    inputs = [source.name, low.graph.const(f"{path}/order", index.numpy()), low.graph.const(f"{path}/axis", 1)]
    return low.emit(node, "GatherV2", inputs)


@exports(nn.AvgPool2d)
def mean_pool(low: Lowering, node: fx.Node) -> Value:
    layer, path = low.module(node), low.path(node)
    (ky, kx), (sy, sx) = pair(layer.kernel_size), pair(layer.stride)
    require(pair(layer.padding) == (0, 0) and not layer.ceil_mode, path, "no padding, no ceil mode")
    return low.emit(node, "AvgPool", [low.input(node).name], ksize=[1, ky, kx, 1], strides=[1, sy, sx, 1],
                    padding="VALID", data_format="NHWC")  # fmt: skip


@exports(F.pad)
def pad_channels(low: Lowering, node: fx.Node) -> Value:
    """Channels of zeros behind a map's own."""
    path, amounts = low.path(node), list(node.args[1])
    require(len(amounts) == 6 and not any(amounts[:5]), path, f"pads {amounts}, wanted channels behind alone")
    pads = low.graph.const(f"{path}/paddings", [[0, 0], [0, 0], [0, 0], [0, amounts[5]]])
    return low.emit(node, "PadV2", [low.input(node).name, pads, low.graph.const(f"{path}/zero", 0.0)])


class Tracer(fx.Tracer):
    """Takes the modules that are written in one piece as they are."""

    def is_leaf_module(self, module: nn.Module, name: str) -> bool:
        return isinstance(module, SpatialSoftmax | SoftArgmax) or super().is_leaf_module(module, name)


@dataclass(frozen=True)
class Lowered:
    """A network as a graph. `shape` is its output's without the batch; `heatmaps` the node of the maps (B, h, w, P)
    that sum to 1, empty where the points are not read from maps alone."""

    graph: Graph
    input: str
    output: str
    shape: tuple[int, ...]
    heatmaps: str


def lower(model: nn.Module, input_shape: tuple[int, int, int]) -> Lowered:
    """A model for inputs (B, *input_shape), as it runs in eval mode. The model is left as it is.
    @raises ValueError naming the op and the node where something has no counterpart."""
    model = copy.deepcopy(model).eval().float().cpu()
    traced = fx.GraphModule(model, Tracer().trace(model))
    with torch.no_grad():
        ShapeProp(traced).propagate(torch.zeros(1, *input_shape))
    lowering = Lowering(traced, Graph(), OPS)
    output = lowering.run()
    require(output.flat_of is None, output.name, "the output is a flattened map, its order would change")
    by_maps = isinstance(getattr(model, "head", None), MapHead)
    shares = [node for node in traced.graph.nodes if isinstance(lowering.module(node), SpatialSoftmax)]
    heatmaps = lowering.values[shares[0]].name if by_maps else ""
    return Lowered(lowering.graph, "input", output.name, output.shape, heatmaps)
