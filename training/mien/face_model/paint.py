"""Surfaces with a photograph as their texture, painted into one picture."""

from dataclasses import dataclass

import cv2
import numpy as np

from mien.face_model.render import Raster, rasterise


@dataclass(frozen=True)
class Part:
    """A surface. Places, depths and texture in px of the photograph."""

    places: np.ndarray  # (V, 2)
    depth: np.ndarray  # (V,)
    triangles: np.ndarray  # (T, 3)
    texture: np.ndarray  # (V, 2)
    mirrored: np.ndarray | None = None  # (V, 2) texture of the mirror image
    mirror_share: np.ndarray | None = None  # (V,) 0..1
    tint: np.ndarray | None = None  # (V,) factor of brightness
    opacity: np.ndarray | None = None  # (V,) 0..1
    cull: bool = False  # whether the backs of its triangles are not drawn


def painted(
    image: np.ndarray, parts: list[Part], zoom: float, shift: np.ndarray, background: np.ndarray
) -> tuple[np.ndarray, Raster]:  # fmt: skip
    """The parts before a background (H, W, C) float32, in a picture whose px are the photograph's · zoom + shift. Also
    what is seen of them."""
    places = np.concatenate([part.places for part in parts]) * zoom + shift
    depth = np.concatenate([part.depth for part in parts]) * zoom
    starts = np.cumsum([0] + [len(part.places) for part in parts])
    triangles = np.concatenate([part.triangles + start for part, start in zip(parts, starts[:-1], strict=True)])
    cull = np.concatenate([np.full(len(part.triangles), part.cull) for part in parts])
    raster = rasterise(places, depth, triangles, background.shape[:2], cull)
    texture = np.concatenate([part.texture for part in parts])
    mirrored = np.concatenate([part.texture if part.mirrored is None else part.mirrored for part in parts])
    share = per_vertex([part.mirror_share for part in parts], parts, 0)
    tint = per_vertex([part.tint for part in parts], parts, 1)
    opacity = per_vertex([part.opacity for part in parts], parts, 1)
    values = np.column_stack([texture, mirrored, share, tint, opacity])
    values = raster.sampled(triangles, values.astype(np.float32))
    share, tint, opacity = (values[..., i : i + 1] for i in (4, 5, 6))
    picture = sampled_at(image, values[..., :2])
    if (share > 0.01).any():
        picture += share * (sampled_at(image, values[..., 2:4]) - picture)
    opacity = opacity * (raster.triangle >= 0)[..., None]
    return background + opacity * (picture * tint - background), raster


def per_vertex(values: list[np.ndarray | None], parts: list[Part], default: float) -> np.ndarray:
    """One value for each vertex of all parts, the default where a part has none."""
    return np.concatenate(
        [
            np.full(len(part.places), default) if value is None else value
            for value, part in zip(values, parts, strict=True)
        ]
    )


def sampled_at(image: np.ndarray, places: np.ndarray) -> np.ndarray:
    """(H, W, C) float32 values of the photograph at places (H, W, 2), corner origin; its last pixels go on outside."""
    maps = (places - 0.5).astype(np.float32)
    values = cv2.remap(image, maps[..., 0], maps[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return values.reshape(*values.shape[:2], -1).astype(np.float32)
