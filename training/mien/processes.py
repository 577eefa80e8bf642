"""The processes of one run: this one alone, or all that torchrun started, on one machine or many. Every process takes
its part of each batch; what they share are means over all of them."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from filelock import FileLock, Timeout
from torch import Tensor, nn
from torch import distributed as dist
from torch.nn.parallel import DistributedDataParallel


def join(device: str) -> str:
    """Joins the processes that torchrun started, if it did; returns the device of this one."""
    if not dist.is_torchelastic_launched():
        return device
    if device.startswith("cuda"):
        device = f"cuda:{os.environ['LOCAL_RANK']}"
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if device.startswith("cuda") else "gloo")
    return device


def leave() -> None:
    """Leaves the others. What was trained together must be let go before: networks hold on to the group, whose threads
    abort a process that ends while they run (3 of 25 runs of two processes under PyTorch 2.13)."""
    if dist.is_initialized():
        gc.collect()  # such networks refer to themselves
        dist.destroy_process_group()


def count() -> int:
    return dist.get_world_size() if dist.is_initialized() else 1


def rank() -> int:
    return dist.get_rank() if dist.is_initialized() else 0


def is_first() -> bool:
    """Whether this is the process that measures, prints and writes."""
    return rank() == 0


def mean(value: Tensor) -> Tensor:
    """The mean of a tensor over the processes, without gradient."""
    if count() == 1:
        return value
    total = value.detach().clone()
    dist.all_reduce(total)
    return total / count()


def from_first(value: Any) -> Any:
    """What the first process holds, in all of them."""
    if count() == 1:
        return value
    box = [value]
    dist.broadcast_object_list(box)
    return box[0]


class _Mean(torch.autograd.Function):
    """`mean` with the gradient that belongs to the mean of the processes' losses."""

    @staticmethod
    def forward(_context: Any, value: Tensor) -> Tensor:
        return mean(value)

    @staticmethod
    def backward(_context: Any, gradient: Tensor) -> Tensor:
        return mean(gradient.contiguous())


class GatheredBatchNorm(nn.BatchNorm2d):
    """Batch-norm with the statistics of the whole batch, on processors, where nn.SyncBatchNorm does not run. All
    processes must hold equally many crops."""

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return super().forward(x)
        values = x.float()
        variance, average = torch.var_mean(values, (0, 2, 3), correction=0)
        average, square = _Mean.apply(torch.stack([average, variance + average**2]))
        variance = square - average**2
        with torch.no_grad():
            size = x.numel() // x.shape[1] * count()
            self.running_mean.lerp_(average, self.momentum)
            self.running_var.lerp_(variance * size / (size - 1), self.momentum)
            self.num_batches_tracked += 1
        scale = self.weight * (variance + self.eps).rsqrt()
        return torch.addcmul((self.bias - average * scale)[:, None, None], values, scale[:, None, None]).to(x.dtype)


def _gathered(module: nn.Module) -> nn.Module:
    """The module with a `GatheredBatchNorm` in the place of every batch-norm."""
    for name, child in module.named_children():
        if isinstance(child, nn.BatchNorm2d):
            norm = GatheredBatchNorm(child.num_features, child.eps, child.momentum)
            norm.load_state_dict(child.state_dict())
            setattr(module, name, norm)
        else:
            _gathered(child)
    return module


def in_parallel(module: nn.Module, device: str) -> nn.Module:
    """The module as it is trained by all processes together: gradients are averaged over them, and batch-norms see the
    whole batch. The module itself when there is only one."""
    if count() == 1:
        return module
    if device.startswith("cuda"):
        return DistributedDataParallel(nn.SyncBatchNorm.convert_sync_batchnorm(module), forward_sync_buffers=False)
    return DistributedDataParallel(_gathered(module), forward_sync_buffers=False)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keeps a second run out of a folder; the lock falls with the process. Raises RuntimeError when it is taken."""
    lock = FileLock(folder / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise RuntimeError(f"{folder}: another run is at work in this folder") from error
    try:
        yield
    finally:
        lock.release()
