"""A network that ships, from the data to the app's files by one command: its runs one after the other, calibration,
the errors on the sets that are measured, export and card. Runs that are done are not repeated, one that was cut short
goes on.

python -m mien.recipe lite|resnet|unet [--data DIR] [--dry-run]
"""

import argparse
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from mien.config import ConfigError, load_config
from mien.datasets import COPIES_FILE, SHARED_DATA
from mien.evaluate import HELD_OUT_SETS, TEST_SETS
from mien.start import ROOT

RECIPES = ROOT / "recipes.toml"
COPIES = "rotated"  # the data set of turned copies, which is made where it is not there
COPY_COUNT = 4838
MANIFEST_HELD_OUT = ("cfp/profile", "aflw2000_rest")  # whose held-out part the app's list of models tells of


@dataclass(frozen=True)
class Recipe:
    title: str
    runs: tuple[str, ...]  # names of configurations
    weights: str  # of the last run's folder
    default: bool = False  # whether it is the app's first choice


def read_recipes(path: Path = RECIPES) -> dict[str, Recipe]:
    """Raises ConfigError naming the recipe that is wrong."""
    recipes = {}
    for name, table in tomllib.loads(path.read_text()).items():
        try:
            recipes[name] = Recipe(**{**table, "runs": tuple(table["runs"])})
        except (KeyError, TypeError) as error:
            raise ConfigError(f"{path}: {name}: {error}") from error
    return recipes


def joined_data(data: Path, cache: Path) -> Path:
    """A folder in `cache` with links to every data set of `data`, beside which copies can be made."""
    folder = cache / "data"
    folder.mkdir(parents=True, exist_ok=True)
    for part in data.iterdir():
        link = folder / part.name
        if part.is_dir() and not link.exists():
            link.symlink_to(part.resolve(), target_is_directory=True)
    return folder


def steps(name: str, recipe: Recipe, data: Path) -> list[list[str]]:
    """The modules to run, each with its arguments, in order."""
    on = ["--data", str(data)]
    configs = [ROOT / "configs" / f"{run}.toml" for run in recipe.runs]
    made: list[list[str]] = []
    needs_copies = any(COPIES in load_config(config).data.sets for config in configs)
    if needs_copies and not (data / COPIES / COPIES_FILE).exists():
        made.append(["face_model.make", *on, "--out", str(data / COPIES), "--count", str(COPY_COUNT), "--seed", "0"])
    made += [["train", str(config), *on] for config in configs]
    checkpoint = f"checkpoints/{name}.safetensors"
    test, few, all_sets = (f"runs/{name}-{part}.json" for part in ("test", "held-out-few", "held-out"))
    made.append(
        ["publish", f"runs/{recipe.runs[-1]}/{recipe.weights}.safetensors", "--id", name, "--title", recipe.title]
    )
    made.append(["calibrate", checkpoint, *on])
    made.append(["evaluate", checkpoint, *on, "--sets", *TEST_SETS, "--json", test])
    made.append(["evaluate", checkpoint, *on, "--held-out", "--sets", *MANIFEST_HELD_OUT, "--json", few])
    made.append(["evaluate", checkpoint, *on, "--held-out", "--sets", *HELD_OUT_SETS, "--json", all_sets])
    default = ["--default"] if recipe.default else []
    made.append(["export", checkpoint, "--metrics", test, few, "--weights", "uint8", *default])
    made.append(["cards", checkpoint, "--metrics", test, all_sets])
    return made


def main() -> None:
    recipes = read_recipes()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network", choices=recipes)
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    parser.add_argument("--dry-run", action="store_true", help="print the commands and run none")
    options = parser.parse_args()
    if not options.data.is_dir():
        raise SystemExit(f"mien.recipe: {options.data}: there is no such folder of data sets")
    data = options.data if options.dry_run else joined_data(options.data, ROOT / ".cache")
    for module, *arguments in steps(options.network, recipes[options.network], data):
        print(f"python -m mien.{module} {' '.join(arguments)}", flush=True)
        if options.dry_run:
            continue
        if code := subprocess.run([sys.executable, "-m", f"mien.{module}", *arguments], cwd=ROOT).returncode:
            raise SystemExit(f"mien.recipe: mien.{module} failed ({code})")


if __name__ == "__main__":
    main()
