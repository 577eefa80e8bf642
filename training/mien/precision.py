"""In which precision a network is trained: bfloat16 where the processor multiplies it, float32 elsewhere."""

from contextlib import AbstractContextManager

import torch


def multiplies_bfloat16(device: str, capabilities: dict[str, object] | None = None) -> bool:
    """Whether the device ("cpu", "cuda:0", …) has instructions for bfloat16. Without them PyTorch converts every number
    by itself, and a training step of BlazeFace takes tens of times as long as in float32."""
    if torch.device(device).type != "cpu":
        return True
    known = torch.cpu.get_capabilities() if capabilities is None else capabilities
    return any(known.get(name, False) for name in ("amx_bf16", "avx512_bf16", "bf16"))


def mixed_precision(device: str) -> AbstractContextManager[object]:
    """Networks inside run in bfloat16 where the device is made for it; where not, nothing changes."""
    return torch.autocast(torch.device(device).type, torch.bfloat16, enabled=multiplies_bfloat16(device))
