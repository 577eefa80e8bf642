"""How the networks that ship are made again."""

import hashlib
import re
from pathlib import Path

import pytest

from mien.config import ConfigError, load_config
from mien.recipe import joined_data, read_recipes, steps
from mien.start import ROOT

RECIPES = read_recipes()
CONFIGS = {run for recipe in RECIPES.values() for run in recipe.runs}


@pytest.mark.parametrize("name", sorted(CONFIGS))
def test_what_a_run_takes_from_the_repository_is_pinned_and_there(name: str):
    config = load_config(ROOT / "configs" / f"{name}.toml")
    for path, sha256 in ((config.start, config.start_sha256), (config.data.teacher, config.data.teacher_sha256)):
        if path.startswith("checkpoints/"):
            assert hashlib.sha256((ROOT / path).read_bytes()).hexdigest() == sha256, f"{name}: {path}"


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_no_network_comes_from_itself(name: str):
    recipe, made = RECIPES[name], set()
    for run in recipe.runs:
        config = load_config(ROOT / "configs" / f"{run}.toml")
        for path in filter(None, (config.start, config.data.teacher)):
            assert path != f"checkpoints/{name}.safetensors"
            if path.startswith("runs/"):
                assert path.split("/")[1] in made, f"{run}: {path} is made by no run before"
        assert config.id == run  # the run's folder
        made.add(run)


def test_the_steps_end_in_the_apps_files_and_a_card(tmp_path: Path):
    modules = [step[0] for step in steps("lite", RECIPES["lite"], tmp_path)]
    assert modules[0] == "face_model.make"
    runs = len(RECIPES["lite"].runs)
    assert modules[1 : 1 + runs] == ["train"] * runs
    assert modules[1 + runs :] == ["publish", "calibrate", "evaluate", "evaluate", "evaluate", "export", "cards"]
    (tmp_path / "rotated").mkdir()
    (tmp_path / "rotated" / "copies.npz").touch()
    assert steps("lite", RECIPES["lite"], tmp_path)[0][0] == "train"


def test_data_sets_are_linked_beside_what_is_made(tmp_path: Path):
    (tmp_path / "data" / "cfp").mkdir(parents=True)
    folder = joined_data(tmp_path / "data", tmp_path / "cache")
    assert joined_data(tmp_path / "data", tmp_path / "cache") == folder
    assert (folder / "cfp").resolve() == (tmp_path / "data" / "cfp").resolve()


def test_a_recipe_that_is_wrong_is_named(tmp_path: Path):
    path = tmp_path / "recipes.toml"
    path.write_text('[lite]\ntitle = "Lite"\nruns = ["one"]\nsize = 3\n')
    with pytest.raises(ConfigError, match=r"lite: .*size"):
        read_recipes(path)


def test_what_the_readme_trains_can_start():
    """Configurations of runs long past may start from weights that only Git's history has; those it names may not."""
    readme = (ROOT / "README.md").read_text()
    trained = set(re.findall(r"-m mien\.train configs/(\S+)\.toml", readme))
    assert trained >= {"lite", "resnet18"}
    for name in trained:
        config = load_config(ROOT / "configs" / f"{name}.toml")
        for path in filter(None, (config.start, config.data.teacher)):
            assert (ROOT / path).exists(), f"{name}: {path}"
