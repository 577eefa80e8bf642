"""What the points of a face mean: names, groups, edges, mirror and the pair of points that normalises errors."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Scheme:
    id: str
    names: tuple[str, ...]
    groups: dict[str, tuple[int, ...]]
    edges: tuple[tuple[int, int], ...]  # pairs to join when contours are drawn
    mirror: tuple[int, ...]  # mirror[i]: what point i becomes in a mirrored face
    normalising_pair: tuple[int, int] | None  # the outer eye corners; None where the points do not hold them
    # of the eye on the left of an unmirrored picture, then on the right; None where the points do not show them
    eyes: tuple[tuple[int, ...], tuple[int, ...]] | None
    chosen: dict[str, tuple[int, ...]] = field(default_factory=dict)  # which points of other schemes these are
    notes: dict[str, str] = field(default_factory=dict)  # by group: where its points lie where one could doubt it

    @property
    def point_count(self) -> int:
        return len(self.names)

    def among(self, source: "Scheme") -> tuple[int, ...]:
        """Where this scheme's points stand among those of `source`. Raises ValueError where they are not among them."""
        if source.id == self.id:
            return tuple(range(self.point_count))
        if source.id not in self.chosen:
            raise ValueError(f"the points of {self.id} are not among those of {source.id}")
        return self.chosen[source.id]


def chain(first: int, last: int, closed: bool = False) -> tuple[tuple[int, int], ...]:
    """Edges first-(first+1), …, (last-1)-last, and last-first when closed."""
    open_chain = tuple((i, i + 1) for i in range(first, last))
    return open_chain + (((last, first),) if closed else ())


def swap(count: int, *pairs: tuple[int, int]) -> tuple[int, ...]:
    """The permutation of 0..count-1 that exchanges each pair and leaves the rest."""
    mirror = list(range(count))
    for a, b in pairs:
        mirror[a], mirror[b] = b, a
    return tuple(mirror)


def numbered(parts: dict[str, int]) -> tuple[str, ...]:
    """`jaw 1`, `jaw 2`, … for parts of so many points each."""
    return tuple(f"{part} {i + 1}" if count > 1 else part for part, count in parts.items() for i in range(count))


def _ibug68() -> Scheme:
    """The 68 points of Multi-PIE and 300-W (Sagonas et al. 2013). Left and right are those of the picture's viewer. The
    jaw of a turned head is the outline that is seen, as 300-W has it; sets whose points follow the bone behind it
    (AFLW2000-3D) give no label for that side."""
    parts = {
        "jaw": 17, "left brow": 5, "right brow": 5, "nose bridge": 4, "nostrils": 5,
        "left eye": 6, "right eye": 6, "outer lip": 12, "inner lip": 8,
    }  # fmt: skip
    return Scheme(
        id="ibug68",
        names=numbered(parts),
        groups={
            "jaw": tuple(range(17)),
            "brows": tuple(range(17, 27)),
            "nose": tuple(range(27, 36)),
            "eyes": tuple(range(36, 48)),
            "mouth": tuple(range(48, 68)),
        },
        edges=(
            *chain(0, 16), *chain(17, 21), *chain(22, 26), *chain(27, 30), *chain(31, 35),
            *chain(36, 41, closed=True), *chain(42, 47, closed=True),
            *chain(48, 59, closed=True), *chain(60, 67, closed=True),
        ),
        mirror=swap(
            68,
            *((i, 16 - i) for i in range(8)),  # jaw
            *((17 + i, 26 - i) for i in range(5)),  # brows
            (31, 35), (32, 34),  # nostrils
            (36, 45), (37, 44), (38, 43), (39, 42), (40, 47), (41, 46),  # eyes
            (48, 54), (49, 53), (50, 52), (55, 59), (56, 58),  # outer lip
            (60, 64), (61, 63), (65, 67),  # inner lip
        ),
        normalising_pair=(36, 45),
        eyes=(tuple(range(36, 42)), tuple(range(42, 48))),
        notes={"jaw": "the outline of the face as it is seen, also on the side turned away"},
    )  # fmt: skip


def _imm73() -> Scheme:
    """The 73 points of IMM Frontal (Fagertun and Stegmann 2005): its files give the contours, its pictures the rest.
    Left and right are those of the picture's viewer."""
    parts = {
        "left brow": 8, "right brow": 8, "left eye": 8, "right eye": 8, "left pupil": 1, "right pupil": 1,
        "nose outline": 11, "nose tip": 1, "outer lip": 10, "upper inner lip": 3, "lower inner lip": 3, "jaw": 11,
    }  # fmt: skip
    return Scheme(
        id="imm73",
        names=numbered(parts),
        groups={
            "jaw": tuple(range(62, 73)),
            "brows": tuple(range(16)),
            "nose": tuple(range(34, 46)),
            "eyes": tuple(range(16, 34)),
            "mouth": tuple(range(46, 62)),
        },
        edges=(
            *chain(0, 7, closed=True), *chain(8, 15, closed=True),
            *chain(16, 23, closed=True), *chain(24, 31, closed=True), *chain(34, 44),
            *chain(46, 55, closed=True), *chain(56, 58), *chain(59, 61), *chain(62, 72),
        ),
        mirror=swap(
            73,
            (0, 8), *((i, 16 - i) for i in range(1, 8)),  # brows: both run from the temple over the upper edge
            (16, 24), *((16 + i, 32 - i) for i in range(1, 8)), (32, 33),  # eyes and pupils
            *((34 + i, 44 - i) for i in range(5)),  # nose outline
            (46, 52), (47, 51), (48, 50), (53, 55), (56, 58), (59, 61),  # lips
            *((62 + i, 72 - i) for i in range(5)),  # jaw
        ),
        normalising_pair=(16, 24),
        eyes=(tuple(range(16, 24)), tuple(range(24, 32))),
    )  # fmt: skip


IBUG68 = _ibug68()
IMM73 = _imm73()
NOSE_TIP = Scheme(
    id="nose-tip", names=("nose tip",), groups={"nose": (0,)}, edges=(), mirror=(0,), normalising_pair=None, eyes=None,
    chosen={"ibug68": (30,), "imm73": (45,)},
)  # fmt: skip
SCHEMES = {scheme.id: scheme for scheme in (IBUG68, IMM73, NOSE_TIP)}
