"""What makes a face hard to find: something before it, little light, blur. On (px, px, 3) uint8 windows."""

import cv2
import numpy as np

# Probabilities.
COVERED = 0.5
DARK = 0.2
BLURRED = 0.15
GREY = 0.15


def filling(px: int, other: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(px, px, 3): one colour, a gradient, stripes, noise, or a piece of another window."""
    kind = rng.integers(5)
    first, last = rng.uniform(0, 255, (2, 3))
    if kind == 0:
        return np.broadcast_to(first, (px, px, 3))
    along = np.linspace(0, 1, px)[:, None, None]
    if rng.random() < 0.5:
        along = along.transpose(1, 0, 2)
    if kind == 1:
        return np.broadcast_to(first + (last - first) * along, (px, px, 3))
    if kind == 2:
        stripes = np.sin(along * rng.uniform(10, 120)) > rng.uniform(-0.6, 0.6)
        return np.broadcast_to(np.where(stripes, first, last), (px, px, 3))
    if kind == 3:
        cells = int(rng.integers(3, px))
        coarse = rng.normal(first.mean(), 40, (cells, cells, 3)).clip(0, 255).astype(np.uint8)
        return cv2.resize(coarse, (px, px), interpolation=cv2.INTER_CUBIC)
    return np.roll(other, rng.integers(0, px, 2), (0, 1))


def cover_mask(px: int, centre: np.ndarray, side: float, rng: np.random.Generator) -> np.ndarray:
    """(px, px) bool: a half of what is at `centre`, or a turned bar or ellipse over a part of it."""
    y, x = np.mgrid[:px, :px].astype(np.float32)
    turn = rng.choice([0, np.pi / 2, np.pi, rng.uniform(0, 2 * np.pi)])
    u = (x - centre[0]) * np.cos(turn) + (y - centre[1]) * np.sin(turn)
    v = -(x - centre[0]) * np.sin(turn) + (y - centre[1]) * np.cos(turn)
    reach = side * rng.uniform(0.5, 0.9)
    kind = rng.integers(3)
    if kind == 0:  # one side of a line, as far as a hand, a scarf or a door reaches
        edge = side * rng.uniform(-0.08, 0.3)
        return (u > edge) & (u < edge + 2 * reach) & (np.abs(v) < reach)
    half = side * rng.uniform(0.12, 0.3, 2)
    at = side * rng.uniform(-0.4, 0.4, 2)
    across, along = np.abs(u - at[0]) / half[0], np.abs(v - at[1]) / half[1]
    return (np.maximum(across, along) if kind == 1 else np.hypot(across, along)) < 1


def harder(
    window: np.ndarray, centre: np.ndarray, side: float, other: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """The window made harder, and (px, px) bool where something covers it. What has no face is treated alike, so that
    a cover tells nothing of what is behind it."""
    px = len(window)
    shown, covered = window.astype(np.float32), np.zeros((px, px), bool)
    if rng.random() < COVERED:
        covered = cover_mask(px, centre, side, rng)
        shown = np.where(covered[..., None], filling(px, other, rng), shown).astype(np.float32)
    if rng.random() < GREY:
        shown = np.broadcast_to(shown.mean(-1, keepdims=True), shown.shape).copy()
    shown = (shown / 255).clip(1e-3, 1) ** np.exp(rng.normal(0, 0.2))
    shown = (shown - shown.mean()) * np.exp(rng.normal(0, 0.15)) + shown.mean() + rng.normal(0, 0.08)
    if rng.random() < DARK:
        shown = shown * rng.uniform(0.06, 0.5) + rng.normal(0, rng.uniform(0, 0.015), shown.shape)
    if rng.random() < BLURRED:
        shown = cv2.GaussianBlur(shown, (0, 0), rng.uniform(0.5, 1.6))
    return (shown.clip(0, 1) * 255).astype(np.uint8), covered
