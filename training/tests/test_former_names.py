from pathlib import Path

import pytest

from mien.checkpoints import load
from mien.config import parse_config
from mien.eyes.checkpoint import load_eye
from mien.former_names import current_names, current_state

CHECKPOINTS = sorted((Path(__file__).parents[1] / "checkpoints").glob("*.safetensors"))
EYES = [path for path in CHECKPOINTS if path.stem.startswith("eye")]
FACES = [path for path in CHECKPOINTS if path not in EYES]


def test_tables_of_before_read_as_those_of_today():
    before = {
        "optimise": {"misplaced": 0.1},
        "head": {"kind": "cells", "cells": 64},
        "origins": [{"loss": {"cells_sigma": 1}}],
    }
    assert current_names(before) == {
        "optimise": {"negative_crops": 0.1},
        "head": {"kind": "grid_offset", "grid_offset": 64},
        "origins": [{"loss": {"grid_offset_sigma": 1}}],
    }
    assert current_names(current_names(before)) == current_names(before)


def test_modules_of_before_have_the_names_of_today():
    assert list(current_state({"doubt.weight": 1, "head.doubt.bias": 2})) == ["uncertainty.weight", "head.doubt.bias"]


@pytest.mark.parametrize("path", FACES, ids=lambda path: path.stem)
def test_every_checkpoint_of_the_repository_loads(path):
    module, config, card = load(path)
    assert card["id"] == config.id
    # lite-4 was lite in its day; maps lie under the name of the network that was trained beside them
    assert card["id"].startswith(path.stem) or path.stem.startswith(card["id"]) or path.stem.endswith("-maps")
    assert parse_config(card["config"]) == config
    assert not module.training


@pytest.mark.parametrize("path", EYES, ids=lambda path: path.stem)
def test_every_eye_network_of_the_repository_loads(path):
    module, card = load_eye(path)
    assert card["id"] == "eye"
    assert (card["config"]["width"], card["config"]["height"]) == (64, 48)
    assert not module.training
