from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mien.datasets import Sample
from mien.file_cache import digest_of, lacking


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    image = tmp_path / "anna.png"
    image.write_bytes(b"picture")
    return Sample(image=image, points=np.zeros((68, 2), np.float32), data_set="set", subject="anna")


def test_the_name_changes_with_whatever_the_file_is_made_of(sample: Sample) -> None:
    name = digest_of("128 px", [sample])
    assert digest_of("128 px", [replace(sample, points=sample.points.copy())]) == name
    others = [
        digest_of("96 px", [sample]),
        digest_of("128 px", [sample, sample]),
        digest_of("128 px", [replace(sample, points=sample.points + 1)]),
        digest_of("128 px", [sample], lambda one: one.subject),
    ]
    sample.image.write_bytes(b"another picture")
    others.append(digest_of("128 px", [sample]))
    assert len({name, *others}) == 6


def test_a_file_is_lacking_until_it_is_made(tmp_path: Path) -> None:
    path = tmp_path / "cache" / "eyes.pt"
    with lacking(path) as is_lacking:
        assert is_lacking
        path.write_bytes(b"eyes")
    with lacking(path) as is_lacking:
        assert not is_lacking


def test_what_fails_to_be_made_is_lacking_for_the_next_one(tmp_path: Path) -> None:
    path = tmp_path / "eyes.pt"
    with pytest.raises(ValueError, match="bad picture"), lacking(path):
        raise ValueError("bad picture")
    with lacking(path) as is_lacking:
        assert is_lacking
