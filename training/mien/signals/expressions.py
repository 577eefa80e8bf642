"""Random expressions: a few movements at a time, the common ones more often, mostly alike on both sides."""

import numpy as np

# how often each movement is drawn, relative to the others
OFTEN = {
    "eyeBlink": 4, "jawOpen": 5, "mouthSmile": 5, "browInnerUp": 4, "browOuterUp": 3, "browDown": 4, "mouthPucker": 3,
    "mouthFunnel": 2, "mouthFrown": 2, "noseSneer": 2, "mouthUpperUp": 2, "mouthLowerDown": 2, "mouthStretch": 2,
    "mouthLeft": 1.5, "mouthRight": 1.5, "jawLeft": 1.5, "jawRight": 1.5, "eyeWide": 2, "eyeSquint": 1.5,
}  # fmt: skip
SELDOM = 0.7  # all others
MOST = 4  # movements at a time
STILL = 0.2  # share of faces at rest
REST = 0.1  # of an expression that is left at rest
ALIKE, ALIKE_WITHIN = 0.75, 0.08  # share of movements that are alike on both sides, and the deviation between them
BROWS_TOGETHER = 0.6  # share of raised inner brows that take the outer ends along
ONE_OF = ("jawLeft", "jawRight"), ("mouthLeft", "mouthRight")
WHOLE = "browInnerUp", "cheekPuff"  # ARKit has one of these for both sides


def draw_weights(names: tuple[str, ...], count: int, rng: np.random.Generator) -> np.ndarray:
    """(N, E) weights 0..1 of the movements of that name, `_L` and `_R` where there is one for each side."""
    stems = sorted({name.partition("_")[0] for name in names})
    share = np.array([OFTEN.get(stem, SELDOM) for stem in stems])
    order = np.log(share) + rng.gumbel(size=(count, len(stems)))  # drawn without putting back
    rank = np.argsort(np.argsort(-order, 1), 1)
    active = rank < rng.integers(1, MOST + 1, count)[:, None]
    amount = dict(zip(stems, (active * rng.uniform(size=active.shape)).T, strict=True))
    if {"browInnerUp", "browOuterUp"} <= amount.keys():
        together = rng.uniform(size=count) < BROWS_TOGETHER
        amount["browOuterUp"] = np.where(
            together, np.maximum(amount["browOuterUp"], amount["browInnerUp"]), amount["browOuterUp"]
        )
    for one, other in ONE_OF:
        if {one, other} <= amount.keys():
            amount[other] = amount[other] * (amount[one] == 0)
    if {"mouthClose", "jawOpen"} <= amount.keys():
        amount["mouthClose"] = amount["mouthClose"] * amount["jawOpen"]
    only, left = rng.uniform(size=(count, len(stems))) > ALIKE, rng.uniform(size=(count, len(stems))) < 0.5
    columns = []
    for name in names:
        stem, _, side = name.partition("_")
        values, i = amount[stem], stems.index(stem)
        if side and stem not in WHOLE:
            near = values + rng.normal(0, ALIKE_WITHIN, count) * (values > 0)
            values = np.where(only[:, i] & (left[:, i] == (side == "R")), 0, near)
        columns.append(values.clip(0, 1))
    weights = np.stack(columns, 1)
    weights[rng.uniform(size=count) < STILL] *= REST
    return weights


def arkit_weights(names: tuple[str, ...], weights: np.ndarray) -> tuple[tuple[str, ...], np.ndarray]:
    """The model's names and weights (N, 53) to ARKit's."""
    named: dict[str, list[np.ndarray]] = {}
    for name, column in zip(names, weights.T, strict=True):
        stem, _, side = name.partition("_")
        whole = stem if stem in WHOLE else stem + {"L": "Left", "R": "Right", "": ""}[side]
        named.setdefault(whole, []).append(column)
    return tuple(named), np.stack([np.mean(columns, 0) for columns in named.values()], 1)


def mirrored_name(name: str) -> str:
    """ARKit's name of the movement in a mirrored face."""
    for one, other in (("Left", "Right"), ("Right", "Left")):
        if one in name:
            return name.replace(one, other)
    return name
