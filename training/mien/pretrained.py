"""Weights to start from that come inside a package the project already has, so that nothing is fetched.

`face-api`: a face recognition network. It saw colour; a grey crop is the same value three times, so the first layer's
channels are summed."""

import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from mien.models.encoders import FaceResNet

FACE_API = Path(__file__).parents[2] / "node_modules" / "@vladmandic" / "face-api" / "model"
# By the name that a configuration gives: what the weights are, under which terms, and the SHA-256 of their file.
SOURCES = {
    "face-api": {
        "name": "face_recognition_model.bin of the npm package @vladmandic/face-api 1.7.15",
        "terms": "MIT; 8-bit copies of dlib's dlib_face_recognition_resnet_model_v1 (King 2017, public domain)",
        "sha256": "b413e420d6840b2775fba32008db6f3cddb07d485967fb42cfcf379c16a8c589",
    }
}
MEAN_RGB = torch.tensor([122.782, 117.001, 104.298]) / 255  # what that network subtracts
STAGES = (
    ("conv32_1", "conv32_2", "conv32_3"),
    ("conv64_down", "conv64_1", "conv64_2", "conv64_3"),
    ("conv128_down", "conv128_1", "conv128_2"),
    ("conv256_down", "conv256_1", "conv256_2"),
)


def read_weights(manifest: Path, sha256: str) -> dict[str, Tensor]:
    """Tensors of a tfjs weights manifest with one binary beside it, uint8 or float32. Raises ValueError naming a file
    that is missing, or has another hash than `sha256` or another length than the manifest says."""
    try:
        entries = json.loads(manifest.read_text())[0]["weights"]
        binary = manifest.with_name(manifest.name.replace("-weights_manifest.json", ".bin"))
        raw = np.fromfile(binary, np.uint8)
    except OSError as error:
        raise ValueError(f"{error.filename}: cannot be read; `npm install` brings it") from error
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise ValueError(f"{binary}: is not the file whose terms are known; its SHA-256 should be {sha256}")
    weights, at = {}, 0
    for entry in entries:
        quantised = entry.get("quantization")
        size = int(np.prod(entry["shape"])) * (1 if quantised else 4)
        part = raw[at : at + size]
        at += size
        if at > len(raw):
            raise ValueError(f"{binary}: ends before {entry['name']}")
        values = part * np.float32(quantised["scale"]) + np.float32(quantised["min"]) if quantised else part.view("<f4")
        weights[entry["name"]] = torch.from_numpy(values.astype(np.float32).reshape(entry["shape"]))
    if at != len(raw):
        raise ValueError(f"{binary}: {len(raw) - at} bytes too many")
    return weights


@torch.no_grad()
def start_from_face_api(encoder: FaceResNet, crops: Tensor, mean: float, deviation: float) -> None:
    """Sets `encoder` to compute what that network computes on `crops` (B, 1, H, W), normalised by `mean` and
    `deviation`. Its scales were folded into its convolutions: the batch-norms take their statistics from the crops."""
    weights = read_weights(FACE_API / "face_recognition_model-weights_manifest.json", SOURCES["face-api"]["sha256"])

    def set_up(layer: nn.Sequential, name: str):
        conv, norm = layer[0], layer[1]
        kernel, bias = weights[f"{name}/conv/filters"].permute(3, 2, 0, 1), weights[f"{name}/conv/bias"]
        if kernel.shape[1] == 3:
            bias = bias + (kernel.sum((2, 3)) * (mean - MEAN_RGB)).sum(1)
            kernel = kernel.sum(1, keepdim=True) * deviation
        scale = weights[f"{name}/scale/weights"]
        conv.weight.copy_(kernel * scale.view(-1, 1, 1, 1))
        shift = bias * scale + weights[f"{name}/scale/biases"]

        def set_norm(_module: nn.Module, _inputs: tuple, output: Tensor) -> None:
            variance, average = torch.var_mean(output, (0, 2, 3))
            norm.running_mean.copy_(average)
            norm.running_var.copy_(variance)
            norm.weight.copy_((variance + norm.eps).sqrt())
            norm.bias.copy_(average + shift)

        return conv.register_forward_hook(set_norm)

    hooks = [set_up(encoder.stem, "conv32_down")]
    for names, stage in zip(STAGES, encoder.stages, strict=True):
        for name, block in zip(names, stage, strict=True):
            hooks += [set_up(block.conv1, f"{name}/conv1"), set_up(block.conv2, f"{name}/conv2")]
    encoder.eval()(crops)
    encoder.train()
    for hook in hooks:
        hook.remove()
