"""Exported models run by tfjs in node, as a stranger's program would."""

import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

RUNNER = Path(__file__).with_name("run-model.mjs")
TIMEOUT_S = 600


@dataclass(frozen=True)
class Ran:
    outputs: dict[str, Tensor]  # of each node asked for; maps as (B, C, H, W)
    start_ms: float  # of the processor's time to load the model and run a first batch
    ms: list[float]  # of the processor's time for each batch after that
    leaked: int  # tensors left behind


def run(folder: Path, backend: str, x: Tensor, *nodes: str, batch: int = 64) -> Ran:
    """Runs the model in `folder` on (B, C, H, W) inputs, `batch` at a time. Raises RuntimeError with what node said."""
    raw = x.permute(0, 2, 3, 1).contiguous()
    with tempfile.TemporaryDirectory() as place:
        given, answer = Path(place) / "input.f32", Path(place) / "output.json"
        raw.numpy().astype("<f4").tofile(given)
        shape = "x".join(map(str, raw.shape))
        command = ["node", RUNNER, folder, backend, given, shape, str(batch), answer, *nodes]
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
        if done.returncode:
            raise RuntimeError(f"{folder}: {done.stderr}")
        result = json.loads(answer.read_text())
    if result["backend"] != backend:
        raise RuntimeError(f"{folder}: ran on {result['backend']} instead of {backend}")
    values = {name: torch.tensor(out["values"]).reshape(out["shape"]) for name, out in result["outputs"].items()}
    outputs = {name: value.permute(0, 3, 1, 2) if value.dim() == 4 else value for name, value in values.items()}
    return Ran(outputs, result["startMs"], result["ms"], result["leaked"])
