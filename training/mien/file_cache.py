"""What takes long to cut out of samples, kept in files: their names, and that one process alone makes each."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from mien.datasets import Sample


def digest_of(how: str, samples: list[Sample], more: Callable[[Sample], str] = lambda _: "") -> str:
    """16 hex digits that change with `how` they are cut out and with the samples: their files, points and `more`."""
    digest = hashlib.sha256(how.encode())
    for sample in samples:
        digest.update(f"{sample.image.resolve()} {sample.image.stat().st_size}{more(sample)}".encode())
        digest.update(sample.points.tobytes())
    return digest.hexdigest()[:16]


@contextmanager
def lacking(path: Path) -> Iterator[bool]:
    """Whether the file is to be made, within the block: of several processes one makes it, and the others wait."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock")):
        yield not path.exists()
