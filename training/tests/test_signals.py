"""The tables, points and network of the engine's signals."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from conftest import DATA, needs_data
from made_up_head import made_up_head

from mien.config import load_config
from mien.datasets import Sample, read_set
from mien.face_model.model import load
from mien.schemes import IBUG68
from mien.signals import face as face_table
from mien.signals.examples import CALM_FRAMES, SITTING, Examples, draw_examples, inputs_of, mirrored
from mien.signals.expression import read_layers, weights_of
from mien.signals.expressions import ALIKE, STILL, arkit_weights, draw_weights, mirrored_name
from mien.signals.face import eyes_of, load_face, made_from
from mien.signals.fit import angles_of, fit
from mien.signals.heads import (
    IDENTITIES,
    MODEL,
    NOISE,
    HeadModel,
    box_sizes,
    draw_angles,
    draw_errors,
    draw_heads,
    load_heads,
    noise_of,
)
from mien.signals.heads import rotation_of as rotation_of_angles
from mien.signals.noise import HELD_OUT_FACES, errors_pct, found_points, persistence, shares_of
from mien.signals.people import offsets_of, sizes_of
from mien.signals.train import LEAST_R2, export, network, r2_of, train

needs_model = pytest.mark.skipif(not MODEL.is_file(), reason="the face model ict_face.npz is not here")
SIZE = np.array([1280.0, 720.0])
CONFIGS = Path(__file__).parents[1] / "configs"
CHECKPOINTS = CONFIGS.with_name("checkpoints")
ARKIT = {
    "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight", "cheekPuff",
    "cheekSquintLeft", "cheekSquintRight", "eyeBlinkLeft", "eyeBlinkRight", "eyeLookDownLeft", "eyeLookDownRight",
    "eyeLookInLeft", "eyeLookInRight", "eyeLookOutLeft", "eyeLookOutRight", "eyeLookUpLeft", "eyeLookUpRight",
    "eyeSquintLeft", "eyeSquintRight", "eyeWideLeft", "eyeWideRight", "jawForward", "jawLeft", "jawOpen",
    "jawRight", "mouthClose", "mouthDimpleLeft", "mouthDimpleRight", "mouthFrownLeft", "mouthFrownRight",
    "mouthFunnel", "mouthLeft", "mouthLowerDownLeft", "mouthLowerDownRight", "mouthPressLeft", "mouthPressRight",
    "mouthPucker", "mouthRight", "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper",
    "mouthSmileLeft", "mouthSmileRight", "mouthStretchLeft", "mouthStretchRight", "mouthUpperUpLeft",
    "mouthUpperUpRight", "noseSneerLeft", "noseSneerRight", "tongueOut",
}  # fmt: skip
STORED = 0.01  # of a weight 0..1: what storing the network in 8 bits may change
MEDIAN_DEG = 2.0  # error of each angle, with a tracker's noise
MOST_SELDOM = 0.05  # of people who look into a camera
OFTEN_BEFORE_CAMERAS = ("mouthSmile", "jawOpen")
MOST_OFFSET_ERROR_CM = 0.15  # of a point, of 400 faces


@pytest.fixture(scope="module")
def heads() -> HeadModel:
    return HeadModel(made_up_head())


def seen(model: HeadModel, count: int, most_deg=(60.0, 25.0, 30.0), seed=0):
    rng = np.random.default_rng(seed)
    angles = draw_angles(count, rng, most_deg)
    identity = rng.normal(size=(count, len(model.identity)))
    return draw_heads(model, identity, draw_weights(model.names, count, rng), angles, rng, tuple(map(int, SIZE))), rng


def wrapped(deg: np.ndarray) -> np.ndarray:
    return np.abs((deg + 180) % 360 - 180)


def test_angles_are_those_of_the_rotation_and_fade_without_a_jump():
    angles = draw_angles(200, np.random.default_rng(0), (74, 74, 180))
    kept = np.abs(np.cos(np.radians(angles[:, :2])).prod(1)) > np.cos(np.radians(75))
    assert wrapped(angles_of(rotation_of_angles(angles[kept])) - angles[kept]).max() < 1e-6
    yaw = np.arange(-100.0, 100.1, 0.5)
    turning = angles_of(rotation_of_angles(np.stack([yaw, 0 * yaw + 12, 0 * yaw - 8], 1)))
    assert wrapped(np.diff(turning, axis=0)).max() < 2
    assert wrapped(turning[:, 0] - yaw).max() < 3


def test_signs_are_as_the_engine_documents_them():
    forward = lambda angles: rotation_of_angles(np.array([angles], float))[0] @ [0, 0, 1]  # noqa: E731
    assert forward((20, 0, 0))[0] > 0.3
    assert forward((0, 20, 0))[1] > 0.3
    assert (rotation_of_angles(np.array([[0, 0, 20.0]]))[0] @ [1, 0, 0])[1] < -0.3


def test_the_table_is_symmetric_and_what_the_engine_reads():
    face = load_face()
    mirror = list(IBUG68.mirror)
    assert face.mean[mirror] * (-1, 1, 1) == pytest.approx(face.mean, abs=2e-3)
    assert np.abs(face.mean[[36, 39, 42, 45]].mean(0)).max() < 0.01
    assert face.modes.shape[1:] == (68, 3)
    stored = json.loads(face_table.FACE.read_text())
    eyes, corners = stored["eyes"], face.mean[[42, 45]].mean(0)
    assert abs(eyes["across"] - corners[0]) < 0.1
    assert -1.2 < eyes["forward"] - corners[2] < -0.3
    assert "MIT" in stored["source"]
    assert "ICT-FaceKit" in stored["source"]


@needs_model
def test_the_table_is_made_again_from_the_model():
    model = load_heads()
    made, stored = made_from(model), load_face()
    assert eyes_of(model) == json.loads(face_table.FACE.read_text())["eyes"]
    assert made.mean == pytest.approx(stored.mean, abs=1e-3)
    product = lambda face: np.einsum("kpi,kpi->p", face.modes, face.modes)  # noqa: E731 a mode has no sign
    assert product(made) == pytest.approx(product(stored), rel=0.02)


@needs_model
def test_how_people_differ_from_the_model_is_found_again():
    model, rng = load(MODEL, IDENTITIES), np.random.default_rng(3)
    known = np.zeros((68, 2))
    known[17:27, 1], known[48:, 1] = -0.5, 0.4  # brows lower, mouth higher
    people = HeadModel(model, known)
    angles, calm = draw_angles(400, rng, (15, 10, 10)), np.zeros((400, len(people.names)))
    drawn = draw_heads(people, rng.normal(size=(400, IDENTITIES)), calm, angles, rng, (1280, 720), 50.0)
    offsets, faces = offsets_of(model, drawn.points, np.tile(SIZE, (400, 1)))
    assert faces > 100
    assert np.abs(offsets[17:] - known[17:]).max() < MOST_OFFSET_ERROR_CM


@needs_model
def test_pose_is_found_again_under_noise():
    drawn, rng = seen(load_heads(), 300)
    points = drawn.points + noise_of(drawn.points, draw_errors(300, rng), 0.015, drawn.angles[:, 0])
    fits = fit(load_face(), points, np.tile(SIZE, (300, 1)), 60.0)
    assert (np.median(wrapped(fits.angles - drawn.angles), 0) < MEDIAN_DEG).all()
    distance = np.linalg.norm(fits.translation, axis=1) / np.linalg.norm(drawn.translation, axis=1)
    assert np.median(distance) == pytest.approx(1, abs=0.06)


@needs_model
def test_own_points_do_not_change_as_the_head_turns():
    model = load_heads()
    rng = np.random.default_rng(0)
    angles = np.array([[0.0, 0, 0], [35, 0, 0], [-35, 0, 0], [0, 20, 0], [0, -20, 10]])
    same = np.repeat(rng.normal(size=(1, len(model.identity))), 5, 0)
    weights = np.repeat(draw_weights(model.names, 1, rng), 5, 0)
    drawn = draw_heads(model, same, weights, angles, rng, (1280, 720))
    own = fit(load_face(), drawn.points, np.tile(SIZE, (5, 1)), 60.0).own
    inner = own[:, 17:, :2] - own[:, 17:, :2].mean(1, keepdims=True)
    assert np.abs(inner - inner[0]).max() < 0.35  # cm, of a head 15 cm wide


def test_noise_is_as_large_as_asked_for_and_shared_as_measured(heads):
    drawn, rng = seen(heads, 400, (20.0, 10, 10))
    off = (
        noise_of(drawn.points, draw_errors(400, rng), 0.015, drawn.angles[:, 0])
        / box_sizes(drawn.points)[:, None, None]
    )
    assert np.linalg.norm(off, axis=-1).mean() == pytest.approx(0.015, rel=0.05)
    groups = {"jaw": tuple(range(17)), "mouth": tuple(range(48, 68))}
    told = shares_of(off, groups)
    for name in groups:
        assert told[name]["alone"] == pytest.approx(NOISE[name][3], abs=0.08)
        assert told[name]["group"] > 0.2
    assert told["jaw"]["error"] / told["mouth"]["error"] == pytest.approx(1.41 / 0.93, rel=0.1)


def test_persistence_tells_what_stays_with_a_person():
    rng = np.random.default_rng(0)
    own = np.repeat(rng.normal(size=(60, 68, 2)), 4, 0)
    people = [str(i // 4) for i in range(240)]
    assert persistence(own + rng.normal(size=own.shape), people) == pytest.approx(0.5, abs=0.05)
    assert persistence(rng.normal(size=own.shape), people) == pytest.approx(0, abs=0.05)


def test_expressions_are_named_bounded_and_mostly_alike():
    sided = ("eyeBlink", "mouthSmile", "browInnerUp")
    names = (*(f"{stem}_{side}" for stem in sided for side in "LR"), "jawOpen")
    weights = draw_weights(names, 4000, np.random.default_rng(0))
    assert weights.min() >= 0
    assert weights.max() <= 1
    assert (weights[:, 4] == weights[:, 5]).all()  # ARKit has one for both
    both = np.abs(weights[:, 0] - weights[:, 1])[weights[:, :2].any(1)]
    assert (both < 0.3).mean() == pytest.approx(ALIKE, abs=0.12)
    assert (weights.max(1) <= 0.1).mean() > STILL * 0.8
    arkit, told = arkit_weights(names, weights)
    assert set(arkit) <= ARKIT
    assert told.shape == (4000, 6)


def test_mirrored_twice_is_the_same(heads):
    examples = draw_examples(heads, 20, 0)
    twice = mirrored(mirrored(examples))
    assert twice.inputs == pytest.approx(examples.inputs)
    assert twice.weights == pytest.approx(examples.weights)
    once = mirrored(examples)
    left, right = (examples.names.index(f"eyeBlink{side}") for side in ("Left", "Right"))
    assert once.weights[:, left] == pytest.approx(examples.weights[:, right])
    assert mirrored_name("browInnerUp") == "browInnerUp"


def test_inputs_at_rest_are_zero_where_they_tell_the_expression():
    mean = load_face().mean
    inputs = inputs_of(mean[None], mean[None], np.zeros((1, 3)), np.ones(1))
    assert inputs.shape == (1, 275)
    assert (inputs[0, :-1] == 0).all()
    assert inputs[0, -1] == 1


def test_the_network_learns_and_only_what_it_tells_is_exported(tmp_path):
    rng = np.random.default_rng(0)

    def made(count: int) -> Examples:
        inputs = rng.normal(size=(count, 275)).astype(np.float32)
        told = 1 / (1 + np.exp(-3 * inputs[:, :1]))
        return Examples(inputs, np.hstack([told, rng.uniform(size=(count, 1))]).astype(np.float32), ("told", "untold"))

    net, examples = train(made(8000), epochs=12), made(1000)
    inputs, r2 = examples.inputs, r2_of(net, examples)
    assert r2[0] > LEAST_R2 > r2[1]
    out = tmp_path / "expression.json"
    assert export(net, examples.names, {"learnt": r2}, out) == ["told"]
    names, layers = read_layers(out)
    assert names == ["told"]
    with torch.no_grad():
        expected = net(torch.from_numpy(inputs[:50])).numpy()[:, :1]
    assert weights_of(inputs[:50], layers) == pytest.approx(expected, abs=STORED)


def test_the_shipped_network_has_arkits_names_and_a_small_file():
    names, layers = read_layers()
    assert set(names) <= ARKIT
    assert [layer.shape for layer in layers][-1][0] == len(names)
    assert layers[0].shape[1] == 276
    assert network(275, 3)[0].in_features == 275
    assert face_table.FACE.with_name("expression.json").stat().st_size < 210_000
    stored = json.loads(face_table.FACE.with_name("expression.json").read_text())
    assert all(value >= LEAST_R2 for value in stored["r2"].values())


@needs_model
def test_the_shipped_network_tells_new_heads():
    examples = draw_examples(load_heads(), 400, 99, (0.015, 0.015), 1.0, CALM_FRAMES, (SITTING, SITTING))
    names, layers = read_layers()
    truth = examples.weights[:, [examples.names.index(name) for name in names]]
    found = weights_of(examples.inputs, layers)
    r2 = 1 - ((found - truth) ** 2).mean(0) / truth.var(0)
    assert np.median(r2) > LEAST_R2
    assert r2.min() > LEAST_R2 - 0.1  # of 1,200 faces


@needs_data
def test_people_who_look_into_a_camera_are_seldom_told_to_do_what_they_seldom_do():
    # 64 % of these faces sneered, when the mean head was still that of the face model.
    samples = read_set(DATA, "cfp/frontal")[-HELD_OUT_FACES:]
    points = found_points(CHECKPOINTS / "lite.safetensors", samples).astype(float)
    face, (names, layers) = load_face(), read_layers()
    fits = fit(face, points, sizes_of(samples))
    rest = np.broadcast_to(face.mean, fits.own.shape)
    weights = weights_of(inputs_of(fits.own, rest, fits.angles, np.zeros(len(points))), layers)
    told = (weights > 0.5).mean(0)
    seldom = [i for i, name in enumerate(names) if not name.startswith(OFTEN_BEFORE_CAMERAS)]
    assert len(seldom) > 20
    assert {names[i]: told[i] for i in seldom if told[i] >= MOST_SELDOM} == {}


class Told(torch.nn.Module):
    """A network that lays the points along the diagonal of their crop."""

    def forward(self, crops: torch.Tensor) -> torch.Tensor:
        place = torch.linspace(0.1, 0.9, 68)
        told = torch.stack([place, place, torch.full((68,), -3.0), torch.zeros(68)], 1).ravel()
        return torch.cat([told, torch.ones(1)]).repeat(len(crops), 1)


def test_noise_is_measured_of_networks_that_tell_which_points_are_seen(tmp_path, monkeypatch):
    config = load_config(CONFIGS / "resnet-long.toml")
    monkeypatch.setattr("mien.signals.noise.load", lambda _: (Told(), config, None))
    picture = tmp_path / "a.png"
    cv2.imwrite(str(picture), np.full((100, 100), 128, np.uint8))
    points = (load_face().mean[:, :2] * (4, -4) + 50).astype(np.float32)
    errors = errors_pct(tmp_path / "any", [Sample(picture, points, "made", "one")])
    assert errors.shape == (1, 68, 2)
    assert np.isfinite(errors).all()
