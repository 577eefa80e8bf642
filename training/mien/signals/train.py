"""Trains the network of expressions on rendered heads: `python -m mien.signals.train [--model ict_face.npz]` writes
`expression.json` for the engine, a quarter of an hour on one core.

Only movements that the points tell are shipped: those whose R² on new heads, with the noise of a tracker and a look
at rest that was learnt over time in the same sitting, is at least `LEAST_R2`; and not where the eyes look, which gaze
tells."""

import argparse
import base64
import json
from pathlib import Path

import numpy as np
import torch

from mien.signals.examples import CALM_FRAMES, OTHER_DAYS, SITTING, Examples, draw_examples, mirrored
from mien.signals.expression import EXPRESSION
from mien.signals.face import SOURCE
from mien.signals.heads import MODEL, load_heads

PEOPLE, HELD_OUT = 60_000, 1_500
TESTED_NOISE = 0.015  # mean error of a point over the box's size
LITTLE_NOISE = 0.01
LEAST_R2 = 0.8
OF_GAZE = "eyeLook"
# how well the look at rest is known, from how many frames, in different poses; the noise, and what of it stays
TESTS = {
    "learnt": (1.0, CALM_FRAMES, TESTED_NOISE, SITTING),
    "of one frame": (1.0, 1, TESTED_NOISE, SITTING),
    "unknown": (0.0, 1, TESTED_NOISE, OTHER_DAYS),
    "of other days": (1.0, CALM_FRAMES, TESTED_NOISE, OTHER_DAYS),
    "learnt, little noise": (1.0, CALM_FRAMES, LITTLE_NOISE, SITTING),
}
HIDDEN = 384, 96
EPOCHS, BATCH, RATE = 30, 1024, 3e-3
WEIGHT_UNITS = 127  # of the stored integers for the largest weight of a row
SEED = 3


def network(inputs: int, outputs: int) -> torch.nn.Sequential:
    one, other = HIDDEN
    return torch.nn.Sequential(
        torch.nn.Linear(inputs, one), torch.nn.ReLU(), torch.nn.Linear(one, other), torch.nn.ReLU(),
        torch.nn.Linear(other, outputs), torch.nn.Sigmoid(),
    )  # fmt: skip


def train(examples: Examples, epochs: int = EPOCHS) -> torch.nn.Sequential:
    torch.manual_seed(SEED)
    inputs, targets = torch.from_numpy(examples.inputs), torch.from_numpy(examples.weights)
    net = network(inputs.shape[1], targets.shape[1])
    batches = -(-len(inputs) // BATCH)
    optimiser = torch.optim.AdamW(net.parameters(), RATE, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, epochs * batches)
    for epoch in range(epochs):
        total = 0.0
        for chosen in torch.randperm(len(inputs)).split(BATCH):
            loss = torch.nn.functional.mse_loss(net(inputs[chosen]), targets[chosen])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item() * len(chosen)
        if epoch % 5 == 4 or epoch == epochs - 1:
            print(f"epoch {epoch}  loss {total / len(inputs):.5f}", flush=True)
    return net


@torch.no_grad()
def r2_of(net: torch.nn.Module, examples: Examples) -> np.ndarray:
    """(E,) the share of each weight's variance that is explained."""
    found = net(torch.from_numpy(examples.inputs)).numpy()
    return 1 - ((found - examples.weights) ** 2).mean(0) / examples.weights.var(0)


def is_told(name: str, r2: float) -> bool:
    return r2 >= LEAST_R2 and not name.startswith(OF_GAZE)


def packed(weights: np.ndarray) -> dict:
    """Rows of 8-bit integers; `scales` has the weight of a unit of each row."""
    scales = " ".join(f"{scale:.5g}" for scale in np.maximum(np.abs(weights).max(1), 1e-9) / WEIGHT_UNITS)
    units = np.round(weights / np.array(scales.split(), float)[:, None]).clip(-WEIGHT_UNITS, WEIGHT_UNITS).astype("i1")
    rows, columns = weights.shape
    return {"rows": rows, "columns": columns, "scales": scales, "values": base64.b64encode(units.tobytes()).decode()}


def export(
    net: torch.nn.Sequential,
    names: tuple[str, ...],
    r2: dict[str, np.ndarray],
    out: Path,
    are_all: bool = False,
) -> list[str]:
    """Writes the rows of the movements that are shipped, or of all; their names. Each layer's last column is its bias.
    Raises ValueError where there are none."""
    kept = [i for i in range(len(names)) if are_all or is_told(names[i], r2["learnt"][i])]
    if not kept:
        raise ValueError(f"expression: no movement has an R2 of {LEAST_R2} or more")
    layers = [layer for layer in net if isinstance(layer, torch.nn.Linear)]
    tables = [torch.cat([layer.weight, layer.bias[:, None]], 1).detach().numpy() for layer in layers]
    tables[-1] = tables[-1][kept]
    stored = {
        "source": SOURCE.replace("mien.signals.face", "mien.signals.train"),
        "names": [names[i] for i in kept],
        "r2": {names[i]: round(float(r2["learnt"][i]), 2) for i in kept},
        "layers": [packed(table) for table in tables],
    }
    out.write_text(json.dumps(stored, indent=2) + "\n")
    print(f"{out}: {out.stat().st_size:,} bytes, {len(kept)} movements")
    return stored["names"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--out", type=Path, default=EXPRESSION)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--all", type=Path, help="also writes the network with all movements there, to measure them")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    model = load_heads(options.model)
    drawn = draw_examples(model, options.people, SEED)
    both = mirrored(drawn)
    examples = Examples(
        np.concatenate([drawn.inputs, both.inputs]), np.concatenate([drawn.weights, both.weights]), drawn.names
    )
    net = train(examples)
    r2 = {
        name: r2_of(net, draw_examples(model, HELD_OUT, SEED + 1 + i, (noise, noise), known, frames, (stays, stays)))
        for i, (name, (known, frames, noise, stays)) in enumerate(TESTS.items())
    }
    print("R2, with the look at rest:", *r2, sep=" | ")
    for i in np.argsort(-r2["learnt"]):
        print(f"{examples.names[i]:20}", *(f"{values[i]:5.2f}" for values in r2.values()))
    export(net, examples.names, r2, options.out)
    if options.all:
        export(net, examples.names, r2, options.all, are_all=True)


if __name__ == "__main__":
    main()
