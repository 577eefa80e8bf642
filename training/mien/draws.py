"""The training batches of an epoch. A batch falls into parts of up to `PART` crops, each drawn from a seed of its own:
processes and workers draw what is theirs alone, and together they draw what one would."""

import math

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from mien.batches import Batch, training_batch
from mien.config import Config, ConfigError
from mien.crop_cache import Pack

PART = 32  # crops


def seeded(*numbers: int) -> torch.Generator:
    """A generator whose draws differ for any other numbers, each 0 or more."""
    return torch.Generator().manual_seed(int(np.random.SeedSequence(numbers).generate_state(1)[0]))


def joined(parts: list[Batch]) -> Batch:
    return Batch(
        torch.cat([part.crops for part in parts]),
        torch.cat([part.points for part in parts]),
        torch.cat([part.present for part in parts]),
        None if parts[0].visible is None else torch.cat([part.visible for part in parts]),
    )


class Draws(Dataset):
    """Item i is this process's share of the batch of step i; `weights` (N,) say how often each face is drawn."""

    def __init__(self, pack: Pack, weights: Tensor, config: Config, epoch: int, rank: int = 0, processes: int = 1):
        batch = config.optimise.batch
        if processes > 1 and batch % (PART * processes):
            raise ConfigError(
                f"optimise.batch: {batch} crops cannot be shared by {processes} processes; "
                f"choose a multiple of {PART * processes}"
            )
        self.pack, self.config, self.epoch = pack, config, epoch
        self.rank, self.processes = rank, processes
        steps = max(1, config.optimise.epoch_crops // batch)
        faces = torch.multinomial(weights, steps * batch, True, generator=seeded(config.seed, epoch))
        self.batches = faces.view(steps, batch)

    def __len__(self) -> int:
        return len(self.batches)

    def __getitem__(self, step: int) -> Batch:
        parts = self.batches[step].tensor_split(math.ceil(self.config.optimise.batch / PART))
        return joined(
            [
                training_batch(self.pack, parts[i], self.config, seeded(self.config.seed, self.epoch, step + 1, i))
                for i in range(self.rank, len(parts), self.processes)
            ]
        )

    def loader(self, workers: int = 0) -> DataLoader:
        """The batches in order; with workers, drawn ahead in as many further processes."""
        return DataLoader(self, batch_size=None, num_workers=workers)
