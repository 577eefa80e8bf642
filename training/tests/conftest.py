"""What the tests share: where the real data may be, and faces made up of shapes."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from mien.config import Config, DataConfig, InputConfig, OptimiseConfig, as_table, by_path
from mien.datasets import SHARED_DATA, write_pts
from mien.models import HeadConfig
from mien.models.encoders import ResNetConfig

DATA = SHARED_DATA

needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the data sets are not here")


def face_points(centre=(100.0, 90.0), width=80.0) -> np.ndarray:
    """(68, 2) points of a plain front view, px: an oval jaw, two brows, a nose, two eyes, a mouth."""
    turn = np.linspace(0, np.pi, 17)
    jaw = np.stack([-np.cos(turn), np.sin(turn)], 1)

    def arc(x0, x1, y, count, rise=0.0):
        t = np.linspace(0, 1, count)
        return np.stack([x0 + (x1 - x0) * t, y - rise * np.sin(np.pi * t)], 1)

    def ring(x, y, rx, ry, count):
        a = np.pi + np.arange(count) * 2 * np.pi / count
        return np.stack([x + rx * np.cos(a), y + ry * np.sin(a)], 1)

    nose = np.concatenate([np.stack([np.zeros(4), np.linspace(-0.2, 0.2, 4)], 1), arc(-0.15, 0.15, 0.28, 5, -0.04)])
    parts = [
        jaw, arc(-0.75, -0.2, -0.35, 5, 0.1), arc(0.2, 0.75, -0.35, 5, 0.1), nose,
        ring(-0.4, -0.15, 0.15, 0.07, 6), ring(0.4, -0.15, 0.15, 0.07, 6),
        ring(0, 0.55, 0.3, 0.12, 12), ring(0, 0.55, 0.2, 0.05, 8),
    ]  # fmt: skip
    return (np.concatenate(parts) * width / 2 + centre).astype(np.float32)


def draw_face(points: np.ndarray, size=(200, 180), seed=0) -> np.ndarray:
    """(H, W) uint8 picture with dark features on a light oval."""
    rng = np.random.default_rng(seed)
    image = np.full(size[::-1], 60, np.uint8)
    cv2.fillPoly(image, [cv2.convexHull(points.astype(np.int32))], 200)
    for first, last in ((36, 42), (42, 48), (48, 60)):
        cv2.fillPoly(image, [points[first:last].astype(np.int32)], 40)
    for first, last in ((17, 22), (22, 27), (27, 31), (31, 36)):
        cv2.polylines(image, [points[first:last].astype(np.int32)], False, 90, 2)
    return np.clip(image + rng.normal(0, 4, image.shape), 0, 255).astype(np.uint8)


@pytest.fixture
def face_folder(tmp_path: Path) -> Path:
    """A data folder with `faces/`: 24 drawn faces as pictures with .pts files."""
    folder = tmp_path / "faces"
    folder.mkdir()
    rng = np.random.default_rng(1)
    for i in range(24):
        points = face_points(rng.uniform([80, 75], [120, 105]), rng.uniform(60, 90))
        cv2.imwrite(str(folder / f"image_{i:04}.png"), draw_face(points, seed=i))
        write_pts(folder / f"image_{i:04}.pts", points)
    return tmp_path


def tiny_config() -> Config:
    """A network that learns the drawn faces in seconds."""
    return Config(
        id="tiny",
        title="Tiny",
        scheme="ibug68",
        model_kind="resnet",
        model=ResNetConfig(stem=8, widths=(8, 16, 16, 32), blocks=(1, 1, 1, 1)),
        input=InputConfig(width=64, height=64),
        head=HeadConfig(kind="linear", grid_offset=16, maps=(16, 16, 16)),
        data=DataConfig(sets=("faces",), weights=(1.0,), held_out=0.25, cache_px=96),
        optimise=OptimiseConfig(crops=128, epoch_crops=64, batch=16, warm_up_steps=1, ema_half_life_steps=2),
    )


def write_config(config: Config, path: Path) -> Path:
    """A configuration as a file of its own."""
    lines = []
    for name, value in by_path(as_table(config)).items():
        lines.append(f"{name} = {json.dumps(value)}")
    path.write_text("\n".join(lines))
    return path


def in_child(work: Callable[[], None]) -> tuple[int, str]:
    """Runs `work` in a process of its own: (the signal it died of, what it raised)."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        torch.set_num_threads(1)  # a pool of threads does not survive a fork
        try:
            work()
        except BaseException as error:
            os.write(writing, str(error).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        message = pipe.read()
    return os.WTERMSIG(os.waitpid(child, 0)[1]), message
