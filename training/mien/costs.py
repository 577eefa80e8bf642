"""What networks cost, as a table: parameters, multiply-adds, and milliseconds of processor time a crop, in a step of
training and, where node is there, on the wasm backend of tfjs; both on one thread.

python -m mien.costs CONFIG.toml|CHECKPOINT.safetensors ... [--batch N]
"""

import argparse
import shutil
import tempfile
import time
from pathlib import Path

import torch
from torch import nn

from mien import tfjs
from mien.checkpoints import load
from mien.config import Config, load_config
from mien.graphdef import write_model
from mien.models import build_network, cost
from mien.ops import lower
from mien.precision import mixed_precision
from mien.run import new_optimiser
from mien.schemes import SCHEMES

TRAINING_STEPS = 3  # the first warms up
WASM_CROPS = 3


def training_ms(network: nn.Module, config: Config, batch: int) -> float:
    """Milliseconds a crop of forward, backward and optimiser, in the precision of runs; without drawing the crops."""
    network = network.train().to(memory_format=torch.channels_last)
    optimiser = new_optimiser(network.parameters(), config.optimise)
    crops = torch.randn(batch, 1, *config.input.size)
    for step in range(TRAINING_STEPS):
        if step == 1:
            began = time.process_time()
        with mixed_precision("cpu"):
            loss = network(crops).float().square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return (time.process_time() - began) / (TRAINING_STEPS - 1) / batch * 1e3


def wasm_ms(network: nn.Module, config: Config) -> float:
    """Milliseconds a crop in node; the fastest of some."""
    height, width = config.input.size
    made = lower(network, (1, height, width))
    with tempfile.TemporaryDirectory() as name:
        shapes = {made.input: (-1, height, width, 1)}, {made.output: (-1, *made.shape)}
        write_model(made.graph, Path(name), *shapes, {}, "float32")
        return min(tfjs.run(Path(name), "wasm", torch.randn(WASM_CROPS, 1, height, width), made.output, batch=1).ms)


def network_of(path: Path) -> tuple[nn.Module, Config]:
    """The network of a checkpoint, or an untrained one of a configuration. Raises OSError or ValueError naming it."""
    if path.suffix == ".safetensors":
        network, config, _ = load(path)
        return network, config
    config = load_config(path)
    return build_network(config.model, config.head, config.input.size, SCHEMES[config.scheme].point_count), config


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", type=Path, nargs="+", help="configurations or checkpoints")
    parser.add_argument("--batch", type=int, help="crops in a step of training (default: the configuration's)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    print(f"{'':18}{'parameters':>12}{'MMAC':>10}{'training ms':>13}{'wasm ms':>10}")
    for path in options.networks:
        try:
            network, config = network_of(path)
        except (OSError, ValueError) as error:
            raise SystemExit(f"mien.costs: {error}") from error
        parameters, multiply_adds = cost(network, config.input.size)
        wasm = f"{wasm_ms(network, config):10.1f}" if shutil.which("node") else f"{'no node':>10}"
        training = training_ms(network, config, options.batch or config.optimise.batch)
        print(f"{config.id:18}{parameters:12,}{multiply_adds / 1e6:10,.1f}{training:13.1f}{wasm}", flush=True)


if __name__ == "__main__":
    main()
