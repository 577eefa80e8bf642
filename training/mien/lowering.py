"""From a PyTorch module to GraphDef nodes, by way of torch.fx: the walk. mien.ops has the ops.

Maps become NHWC. Batch-norm is folded into the convolution or linear layer before it, a ReLU after it fused.
Nodes are named after the module's path (`stages.0.0.relu`); of a fused chain, after its last module."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import fx, nn

from mien.graphdef import Graph


@dataclass(frozen=True)
class Value:
    """A tensor in the graph. `shape` is PyTorch's without the batch; a map is NHWC in the graph. `flat_of` is
    the (C, H, W) it was flattened from: its values then lie (H, W, C) in the graph, (C, H, W) in PyTorch."""

    name: str
    shape: tuple[int, ...]
    flat_of: tuple[int, int, int] | None = None


# A module's type, a function or the name of a tensor method, to the function that writes it.
Table = dict[type | Callable | str, Callable[["Lowering", fx.Node], Value]]


class Lowering:
    """The walk over one fx graph; `table` writes each kind of op, `values` holds what each fx node became."""

    def __init__(self, traced: fx.GraphModule, graph: Graph, table: Table):
        self.traced, self.graph, self.table = traced, graph, table
        self.modules = dict(traced.named_modules())
        self.values: dict[fx.Node, Value] = {}

    def module(self, node: fx.Node) -> nn.Module | None:
        return self.modules[node.target] if node.op == "call_module" else None

    def follower(self, node: fx.Node, *kinds: type) -> fx.Node | None:
        """The next node, if it alone uses this one and is a module of one of these kinds."""
        users = list(node.users)
        return users[0] if len(users) == 1 and isinstance(self.module(users[0]), kinds) else None

    def path(self, node: fx.Node) -> str:
        """Module path; for a function, the path of the module that called it and the function's name."""
        if node.op == "call_module":
            return node.target
        stack = list(node.meta.get("nn_module_stack") or {})
        name = node.target if isinstance(node.target, str) else node.target.__name__.strip("_")
        return ".".join([*stack[-1:], name])

    def input(self, node: fx.Node, index: int = 0) -> Value:
        source = node.args[index]
        if not isinstance(source, fx.Node):
            raise ValueError(f"{self.path(node)}: input {index} is {source!r}, not a tensor of the graph")
        return self.values[source]

    def constant(self, node: fx.Node) -> torch.Tensor:
        """A buffer of the module that an op takes as it is."""
        require(isinstance(node, fx.Node) and node.op == "get_attr", str(node), "not a constant of the module")
        return self.traced.get_buffer(node.target)

    def shape(self, node: fx.Node) -> tuple[int, ...]:
        return tuple(node.meta["tensor_meta"].shape[1:])

    def emit(self, node: fx.Node, op: str, inputs: list[str], *, name: str | None = None, **attrs) -> Value:
        """One graph node for one fx node; elementwise ops keep the order a flattened input came in."""
        made = self.graph.node(op, name or self.path(node), inputs, **attrs)
        sources = [self.values[source] for source in node.all_input_nodes if source in self.values]
        flat_of = sources[0].flat_of if sources and sources[0].shape == self.shape(node) else None
        return Value(made, self.shape(node), flat_of)

    def run(self) -> Value:
        """Lowers every node and returns the graph's output."""
        for node in self.traced.graph.nodes:
            if node in self.values or node.op == "get_attr":  # absorbed by an op, or a constant that one asks for
                continue
            if node.op == "placeholder":
                batchless = self.shape(node)
                name = self.graph.placeholder("input", [-1, *nhwc(batchless)])
                self.values[node] = Value(name, batchless)
            elif node.op == "output":
                return self.values[node.args[0]]
            else:
                self.values[node] = self.lower(node)
        raise ValueError("the graph has no output")

    def lower(self, node: fx.Node) -> Value:
        kind = type(self.module(node)) if node.op == "call_module" else node.target
        if kind not in self.table:
            name = getattr(kind, "__name__", kind)
            raise ValueError(f"{self.path(node)}: no export for {name} ({node.op} {node.name})")
        return self.table[kind](self, node)


def nhwc(shape: tuple[int, ...]) -> list[int]:
    return [*shape[1:], shape[0]] if len(shape) == 3 else list(shape)


def pair(value) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else tuple(value)


def require(truth: bool, where: str, what: str) -> None:
    if not truth:
        raise ValueError(f"{where}: {what}")


def fold(low: Lowering, node: fx.Node, out_dim: int) -> tuple[torch.Tensor, torch.Tensor, fx.Node, bool]:
    """Weight and bias with a following batch-norm folded in, the last node of the chain, and whether a ReLU
    ends it. `out_dim` is the weight's dimension of output channels."""
    layer = low.module(node)
    weight = layer.weight.detach().double()
    bias = torch.zeros(weight.shape[out_dim]) if layer.bias is None else layer.bias.detach()
    bias, last = bias.double(), node
    if norm_node := low.follower(node, nn.BatchNorm2d, nn.BatchNorm1d):
        scale, shift = norm_terms(low.module(norm_node))
        weight = weight * scale.reshape([-1 if d == out_dim else 1 for d in range(weight.dim())])
        bias, last = bias * scale + shift, norm_node
    relu_node = low.follower(last, nn.ReLU)
    return weight.float(), bias.float(), relu_node or last, relu_node is not None


def norm_terms(norm: nn.BatchNorm2d) -> tuple[torch.Tensor, torch.Tensor]:
    """y = scale · x + shift of a batch-norm that no longer learns."""
    scale = (norm.running_var.double() + norm.eps).rsqrt() * norm.weight.detach().double()
    return scale, norm.bias.detach().double() - norm.running_mean.double() * scale


def finish(low: Lowering, node: fx.Node, last: fx.Node, name: str) -> Value:
    """Enters one value for every node of a fused chain."""
    value = Value(name, low.shape(last))
    between = node
    while between is not last:
        between = next(iter(between.users))
        low.values[between] = value
    return value
