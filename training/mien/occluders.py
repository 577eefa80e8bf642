"""What covers a face before a camera, drawn over crops: hands, masks, glasses, hair, the face of somebody else. Each is
cut by its own contour and has a texture: skin, cloth, strands, the other face. Those that are worn lie where the labels
say."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from mien.augment import RandomSource

JAW, BRIDGE, EYES, BROWS = slice(0, 17), 28, (slice(36, 42), slice(42, 48)), slice(17, 27)
OPAQUE = 0.6  # what covers more than this of a point's brightness hides it
SOFT_PX = 1.0  # over which an edge fades


@dataclass(frozen=True)
class Cover:
    """(B, 1, H, W) how much of each pixel is covered, 0..1, and by which grey value."""

    alpha: Tensor
    grey: Tensor

    def over(self, x: Tensor) -> Tensor:
        return x + self.alpha * (self.grey - x)


class Sheet(RandomSource):
    """The pixels of crops (B, 1, H, W), and random numbers for each of them."""

    def __init__(self, x: Tensor, rng: torch.Generator):
        super().__init__(len(x), rng)
        self.x, (self.height, self.width) = x, x.shape[-2:]
        across = (torch.arange(self.width) + 0.5) / self.width
        down = (torch.arange(self.height) + 0.5) / self.height
        self.across, self.down = across.expand(1, 1, self.height, -1), down[:, None].expand(1, 1, -1, self.width)

    def either(self, probability: float) -> Tensor:
        return self.uniform() < probability

    def edge(self, inside: Tensor) -> Tensor:
        """Distances inside a contour, crop units, to 0..1."""
        return (inside * self.width / SOFT_PX + 0.5).clamp(0, 1)

    def waves(self, cells: tuple[int, int]) -> Tensor:
        """Smooth noise with a deviation of about 1, of so many cells down and across."""
        drawn = torch.randn(self.count, 1, *cells, generator=self.rng)
        return F.interpolate(drawn, size=(self.height, self.width), mode="bicubic", align_corners=False)

    def to_segment(self, start: Tensor, end: Tensor) -> tuple[Tensor, Tensor]:
        """The distance of each pixel from segments between (B, 2) and (B, 2), crop units, and how far along, 0..1."""
        x, y = (self.across - at(start, 0), self.down - at(start, 1))
        dx, dy = at(end, 0) - at(start, 0), at(end, 1) - at(start, 1)
        along = ((x * dx + y * dy) / (dx * dx + dy * dy).clamp(min=1e-9)).clamp(0, 1)
        return (x - along * dx).hypot(y - along * dy), along

    def inside_polygon(self, corners: Tensor) -> Tensor:
        """How far pixels lie inside polygons (B, N, 2), crop units; below 0 outside."""
        odd = torch.zeros(self.count, 1, self.height, self.width, dtype=torch.bool)
        nearest = torch.full(odd.shape, 9.0)
        for one, other in zip(corners.unbind(1), corners.roll(-1, 1).unbind(1), strict=True):
            nearest = torch.minimum(nearest, self.to_segment(one, other)[0])
            crosses = (at(one, 1) > self.down) != (at(other, 1) > self.down)
            slope = (at(other, 0) - at(one, 0)) / (at(other, 1) - at(one, 1)).where(crosses, torch.ones(()))
            odd = odd ^ (crosses & (self.across < at(one, 0) + (self.down - at(one, 1)) * slope))
        return torch.where(odd, nearest, -nearest)


def at(places: Tensor, axis: int) -> Tensor:
    """(B, 2) to (B, 1, 1, 1)."""
    return places[:, axis].view(-1, 1, 1, 1)


def skin(sheet: Sheet) -> Tensor:
    """(B, 1, 1, 1) a grey like that of a face: the middle of the next crop, or of this one."""
    other = torch.where(sheet.either(0.5), sheet.x, sheet.x.roll(1, 0))
    height, width = sheet.height, sheet.width
    middle = other[..., height * 2 // 5 : height * 3 // 5, width * 2 // 5 : width * 3 // 5]
    return (middle.mean((2, 3), keepdim=True) * (0.8 + 0.4 * sheet.uniform())).clamp(0.03, 1)


def hand(sheet: Sheet, points: Tensor) -> Cover:
    """A palm, an arm and some fingers, round and shaded, from any side. Knows nothing of the points."""
    turn = sheet.uniform(0, 2 * torch.pi).flatten()
    towards = torch.stack([turn.cos(), turn.sin()], 1)
    side = torch.stack([-towards[:, 1], towards[:, 0]], 1)
    tip = 0.15 + 0.7 * torch.rand(sheet.count, 2, generator=sheet.rng)  # of the middle finger
    size = sheet.uniform(0.4, 0.8).flatten()[:, None]  # of a hand, crop units: about as long as a face
    spread = sheet.uniform(0.1, 0.9).flatten()[:, None]
    palm = tip - 0.62 * size * towards
    parts = [(palm - 0.1 * size * towards, palm + 0.1 * size * towards, 0.2)]
    parts.append((palm - 0.3 * size * towards, palm - 2.5 * size * towards, 0.15))
    for i, length in ((-1.5, 0.5), (-0.5, 0.6), (0.5, 0.62), (1.5, 0.55)):
        root = palm + size * (0.1 * towards + 0.105 * i * side)
        parts.append((root, root + size * (length - 0.05) * (towards + 0.22 * i * spread * side), 0.055))
    thumb = palm + size * 0.16 * side
    parts.append((thumb, thumb + size * 0.35 * (0.6 * towards + 0.8 * side), 0.06))
    inside, shade = torch.full_like(sheet.x, -9.0), torch.zeros_like(sheet.x)
    for start, end, radius in parts:
        wide = at(size.expand(-1, 2), 0) * radius
        depth = wide - sheet.to_segment(start, end)[0]
        nearer = depth / wide > inside / wide
        inside, shade = torch.where(nearer, depth, inside), torch.where(nearer, depth / wide, shade)
    lit = 0.6 + 0.4 * shade.clamp(0, 1).sqrt() + 0.03 * sheet.waves((16, 16))
    return Cover(sheet.edge(inside), (skin(sheet) * lit).clamp(0, 1))


def cloth_mask(sheet: Sheet, points: Tensor) -> Cover:
    """From the bridge of the nose to the chin, with folds across."""
    jaw, bridge = points[:, JAW], points[:, BRIDGE : BRIDGE + 1]
    start = 1 + int(torch.randint(3, (1,), generator=sheet.rng))
    chin = points[:, 8:9] + 0.06 * (points[:, 8:9] - bridge)
    one, other = list(range(16 - start, 8, -1)), list(range(7, start - 1, -1))
    outline = torch.cat([bridge, jaw[:, one], chin, jaw[:, other]], 1)
    folds = 0.06 * torch.sin(sheet.uniform(30, 90) * sheet.down + 3 * sheet.waves((4, 4))) * sheet.either(0.6)
    grey = sheet.uniform(0.05, 0.95) + folds + 0.12 * sheet.waves((4, 4)) + 0.02 * sheet.waves((32, 32))
    return Cover(sheet.edge(sheet.inside_polygon(outline)), grey.clamp(0, 1))


def glasses(sheet: Sheet, points: Tensor) -> Cover:
    """Two lenses, clear to dark, with rims, a bridge and temples."""
    middles = torch.stack([points[:, eye].mean(1) for eye in EYES], 1)
    between = (middles[:, 1] - middles[:, 0]).norm(dim=1).view(-1, 1, 1, 1)
    angle = torch.atan2(at(middles[:, 1] - middles[:, 0], 1), at(middles[:, 1] - middles[:, 0], 0))
    wide, high = between * sheet.uniform(0.3, 0.46), between * sheet.uniform(0.2, 0.42)
    power = torch.where(sheet.either(0.5), 2.0, 4.0)  # round, or nearly a rectangle
    rim = between * sheet.uniform(0.015, 0.06)
    lens = torch.full_like(sheet.x, -9.0)
    for middle in middles.unbind(1):
        x, y = sheet.across - at(middle, 0), sheet.down - at(middle, 1) - 0.04 * between
        along, above = (x * angle.cos() + y * angle.sin()) / wide, (y * angle.cos() - x * angle.sin()) / high
        lens = torch.maximum(lens, (1 - (along.abs() ** power + above.abs() ** power) ** (1 / power)) * high)
    bars = [(middles[:, 0], middles[:, 1])]
    bars += [(middles[:, i], points[:, end]) for i, end in ((0, 0), (1, 16))]
    bar = torch.stack([rim / 2 - sheet.to_segment(*ends)[0] for ends in bars]).amax(0)
    frame = torch.maximum(sheet.edge(rim / 2 - (lens - rim / 2).abs()), sheet.edge(bar) * (lens < 0))
    tint = torch.where(sheet.either(0.5), sheet.uniform(0.5, 1.0), sheet.uniform(0, 0.2)) * sheet.edge(lens)
    reflex = 0.5 * sheet.uniform() * (sheet.waves((3, 3)) > 1)
    dark, metal = sheet.uniform(0, 0.25) + reflex, sheet.uniform(0, 1) ** 2
    alpha = torch.maximum(frame, tint)
    return Cover(alpha, torch.where(frame > tint, metal, dark).clamp(0, 1))


def hair(sheet: Sheet, points: Tensor) -> Cover:
    """A fringe down to the brows or the eyes, or a lock over one side of the face, in strands."""
    top, face = points[:, BROWS].mean(1), points[:, 8] - points[:, BROWS].mean(1)
    size = face.norm(dim=1).view(-1, 1, 1, 1)
    down = face / face.norm(dim=1, keepdim=True).clamp(min=1e-6)
    x, y = sheet.across - at(top, 0), sheet.down - at(top, 1)
    below, aside = x * at(down, 0) + y * at(down, 1), x * at(down, 1) - y * at(down, 0)
    ragged = 0.06 * size * sheet.waves((1, 24)) + 0.05 * size * sheet.waves((1, 6))
    fringe = size * sheet.uniform(-0.15, 0.3) - below + ragged
    side = torch.where(sheet.either(0.5), 1.0, -1.0)
    lock = side * aside - size * sheet.uniform(0.15, 0.5) + 0.3 * (below - size * sheet.uniform(0, 0.5)) + ragged
    strands = 0.1 * torch.sin((60 + 60 * sheet.uniform()) * aside / size + 2 * sheet.waves((4, 4)))
    grey = sheet.uniform(0.02, 0.7) * (1 + 0.4 * sheet.waves((2, 24))) + strands * sheet.uniform(0, 0.8)
    inside = torch.where(sheet.either(0.5), fringe, lock)
    return Cover(sheet.edge(inside) * sheet.uniform(0.75, 1.0), grey.clamp(0, 1))


def stranger(sheet: Sheet, points: Tensor) -> Cover:
    """The face of the next crop, cut out along its jaw and over its brows, from any side before a part of this one."""
    other, seen = points.roll(1, 0), sheet.x.roll(1, 0)
    brows = other[:, BROWS]
    forehead = (brows + 0.45 * (brows - other[:, 33:34])).flip(1)
    outline = torch.cat([other[:, JAW], forehead], 1)
    turn = sheet.uniform(0, 2 * torch.pi).flatten()
    size, own = (some.amax(1) - some.amin(1) for some in (outline, points))
    scale = (0.7 + 0.6 * torch.rand(sheet.count, 1, generator=sheet.rng)) * own.amax(1, True) / size.amax(1, True)
    near = 0.55 + 0.35 * torch.rand(sheet.count, 1, generator=sheet.rng)
    middle = points.mean(1) + near * own.amax(1, True) * torch.stack([turn.cos(), turn.sin()], 1)
    where = outline.mean(1)
    placed = middle[:, None] + scale[:, None] * (outline - where[:, None])
    # Where each pixel of the other face comes from.
    u = at(where, 0) + (sheet.across - at(middle, 0)) / at(scale.expand(-1, 2), 0)
    v = at(where, 1) + (sheet.down - at(middle, 1)) / at(scale.expand(-1, 2), 0)
    grid = torch.stack([u, v], -1).squeeze(1) * 2 - 1
    grey = F.grid_sample(seen, grid, padding_mode="border", align_corners=False)
    return Cover(sheet.edge(sheet.inside_polygon(placed)), grey)


KINDS: dict[str, Callable[[Sheet, Tensor], Cover]] = {
    "hand": hand, "mask": cloth_mask, "glasses": glasses, "hair": hair, "stranger": stranger,
}  # fmt: skip
ANYWHERE = ("hand",)  # needs no labels


def occluded(crops: Tensor, points: Tensor, probability: float, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """Something over that share of crops (B, 1, H, W) with points (B, 68, 2), crop units; and (B, 1, H, W) whether it
    hides what is there. Faces without all labels get hands alone."""
    crops, hidden = crops.clone(), torch.zeros(crops.shape, dtype=torch.bool)
    labelled = points.isfinite().all(-1).all(-1)
    labelled = labelled & labelled.roll(1, 0)  # of the next crop as well
    kind = torch.randint(len(KINDS), (len(crops),), generator=rng)
    kind = torch.where(labelled, kind, list(KINDS).index("hand"))
    chosen = torch.rand(len(crops), generator=rng) < probability
    for i, cover in enumerate(KINDS.values()):
        which = (chosen & (kind == i)).nonzero().squeeze(1)
        if len(which):
            # With the one before each, which is "the next" of `roll`.
            pairs = torch.stack([which - 1, which], 1).flatten() % len(crops)
            drawn = cover(Sheet(crops[pairs], rng), points[pairs])
            alpha, grey = drawn.alpha[1::2], drawn.grey[1::2]
            crops[which] = Cover(alpha, grey).over(crops[which])
            hidden[which] = alpha > OPAQUE
    return crops.clamp(0, 1), hidden
