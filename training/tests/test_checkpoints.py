"""Which commit a checkpoint's card names."""

import subprocess
from pathlib import Path

from mien.checkpoints import commit


def test_the_commit_has_a_plus_where_what_weights_come_from_was_changed(tmp_path: Path):
    def git(*arguments: str) -> str:
        who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        return subprocess.run(
            ["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True, text=True
        ).stdout

    assert commit(tmp_path) == ""
    git("init")
    for name in ("mien/train.py", "configs/lite.toml", "checkpoints/lite.safetensors"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("before")
    git("add", ".")
    git("commit", "-m", "All")
    clean = git("rev-parse", "HEAD")[:12]
    assert commit(tmp_path) == clean

    (tmp_path / "checkpoints/lite.safetensors").write_text("of another network's recipe")
    assert commit(tmp_path) == clean
    (tmp_path / "configs/own.toml").write_text("never committed")
    assert commit(tmp_path) == f"{clean}+"
    (tmp_path / "configs/own.toml").unlink()
    (tmp_path / "mien/train.py").write_text("after")
    assert commit(tmp_path) == f"{clean}+"
