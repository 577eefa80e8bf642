"""What the points of a face mean: names, groups, edges, mirror and the pair of points that normalises errors."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scheme:
    id: str
    names: tuple[str, ...]
    groups: dict[str, tuple[int, ...]]
    edges: tuple[tuple[int, int], ...]  # pairs to join when contours are drawn
    mirror: tuple[int, ...]  # mirror[i]: what point i becomes in a mirrored face
    normalising_pair: tuple[int, int]  # outer eye corners for 68 points
    eyes: tuple[tuple[int, ...], tuple[int, ...]]  # of the eye on the left of an unmirrored picture, then on the right

    @property
    def point_count(self) -> int:
        return len(self.names)


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


def _ibug68() -> Scheme:
    """The 68 points of Multi-PIE and 300-W (Sagonas et al. 2013). Left and right are those of the picture's viewer."""
    parts = {
        "jaw": 17, "left brow": 5, "right brow": 5, "nose bridge": 4, "nostrils": 5,
        "left eye": 6, "right eye": 6, "outer lip": 12, "inner lip": 8,
    }  # fmt: skip
    names = tuple(f"{part} {i + 1}" for part, count in parts.items() for i in range(count))
    return Scheme(
        id="ibug68",
        names=names,
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
    )  # fmt: skip


IBUG68 = _ibug68()
SCHEMES = {scheme.id: scheme for scheme in (IBUG68,)}
