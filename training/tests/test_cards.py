"""Model cards: the same numbers as measured, what a network owes to others, and failures without a pixel."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
import torch
from conftest import face_points, tiny_config

from mien import origins as origins_module
from mien.cards import write_card
from mien.checkpoints import card_of, save_checkpoint
from mien.config import Config
from mien.evaluate import evaluate
from mien.export import export
from mien.failures import drawing, failures_of
from mien.models import build_network
from mien.models.encoders import FaceResNetConfig
from mien.origins import deduplicated, origins, origins_of
from mien.presence import THRESHOLDS
from mien.pretrained import SOURCES, read_weights
from mien.schemes import IBUG68

SVG = "{http://www.w3.org/2000/svg}"


def checkpoint(path: Path, config: Config, **changes) -> Path:
    torch.manual_seed(0)
    network = build_network(config.model, config.head, config.input.size, 68)
    save_checkpoint(path, network, card_of(config, {}) | changes)
    return path


def evaluated(path: Path, face_folder: Path) -> tuple[Path, dict]:
    result = evaluate(path, face_folder, ["faces"])
    out = path.with_suffix(".json")
    out.write_text(json.dumps(result))
    return out, result


def test_a_card_says_what_was_measured(face_folder: Path, tmp_path: Path):
    within = {"0.5": 0.2, "1": 0.55, "1.5": 0.79, "2": 0.9, "3": 0.98}
    calibration = {"scale": 0.8, "fittedOn": 6, "checkedOn": 5, "withinBefore": within, "withinAfter": within}
    presence = {
        "auc": 0.99912, "crops": {"face": 1234}, "lost": 0.004,
        "letThrough": {"negative_crops": 0.01, "background": 0.02},
        "over": {kind: (edge > THRESHOLDS).astype(float).tolist()
                 for kind, edge in (("face", 5), ("negative_crops", -1), ("background", -3))},
    }  # fmt: skip
    weights = [{"weights": "uint8", "bytes": 5000, "msPerFace": 3.0, "startMs": 90.0, "nmePct": {"held out": 4.567}}]
    held_out = [{
        "dataSet": "all", "crop": "truth", "images": 7, "nmeInterOcularPct": 3.21, "nmeBoxPct": 2.0,
        "failureRate8Pct": 0.0, "auc8Pct": 60.0, "regions": {"jaw": 4.0},
    }]  # fmt: skip
    path = checkpoint(
        tmp_path / "tiny.safetensors",
        tiny_config(),
        heldOut=held_out,
        calibration=calibration,
        presence=presence,
        weights=weights,
    )
    metrics, result = evaluated(path, face_folder)
    card = write_card(path, [metrics], tmp_path / "cards").read_text()
    assert f"{result['metrics'][0]['nmeInterOcularPct']:.2f}" in card
    assert "| all | truth | 7 | – | 3.21 |" in card
    assert "| 1 | 59.4 | 55.0 | 55.0 |" in card
    assert "is 0.800" in card
    assert "0.99912" in card
    assert "0.40 % of 1,234 faces" in card
    assert "| uint8 | 5 | 3.0 | 90 | 4.567 |" in card
    assert "(tiny-failures.svg)" in card
    assert "(tiny-uncertainty.svg)" in card
    chart = (tmp_path / "cards" / "tiny-uncertainty.svg").read_text()
    for words in ("fitted on 6 faces, checked on 5 others", "spread × 0.800", "faces lost", "threshold 0.500"):
        assert words in chart
    root = ElementTree.parse(tmp_path / "cards" / "tiny-failures.svg").getroot()
    worst = max(face["nmeInnerBoxPct"] for face in result["pictures"]["faces"])
    assert next(root.iter(f"{SVG}text")).text == f"{worst:.1f} %"
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {"svg", "title", "g", "path", "text"}


def test_a_card_leaves_out_what_was_not_measured(face_folder: Path, tmp_path: Path):
    path = checkpoint(tmp_path / "tiny.safetensors", tiny_config())
    metrics, result = evaluated(path, face_folder)
    for face in result["pictures"]["faces"]:
        face.pop("truth", None)
    metrics.write_text(json.dumps(result))
    card = write_card(path, [metrics], tmp_path / "cards").read_text()
    for title in ("## Spread", "## Presence", "## Weights", "## Known failures", "held-out part"):
        assert title not in card
    assert not list((tmp_path / "cards").glob("*.svg"))


def test_the_worst_faces_of_all_sets_are_drawn_with_both_contours():
    truth = ((face_points() - 60) / 80).tolist()

    def face(name: str, error: float) -> dict:
        return {"file": name, "nmeInnerBoxPct": error, "presence": 1.0, "truth": truth, "found": truth}

    plain = {"file": "c.png", "nmeInnerBoxPct": 99.0, "presence": 1.0}
    reports = [{"pictures": {"a": [face("a.png", 3.0), plain], "b": [face("b<.png", 9.0)]}}, {"pictures": [{}]}]
    failures = failures_of(reports)
    assert [(failure.file, failure.inner_pct) for failure in failures] == [("b<.png", 9.0), ("a.png", 3.0)]
    root = ElementTree.fromstring(drawing(failures, IBUG68, (128, 128)))
    paths = [path.get("d") for path in root.iter(f"{SVG}path")]
    assert [path.count("M") for path in paths] == [len(IBUG68.edges), 68] * 4
    assert paths[0].startswith(f"M{truth[0][0] * 150:.1f}")


def test_origins_follow_a_start_and_a_teacher_to_the_weights_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(origins_module, "ROOT", tmp_path)
    tiny = tiny_config()
    model = FaceResNetConfig(pretrained="face-api", widths=(8, 8, 8, 8))
    first = replace(tiny, id="first", model_kind="face-resnet", model=model)
    path = checkpoint(tmp_path / "first.safetensors", first, origins=origins(first))
    second = replace(tiny, id="second", start=path.name)
    found = origins(second)
    assert [(origin["role"], origin["name"]) for origin in found] == [("started from", "first")]
    assert found[0]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert found[0]["origins"] == [{"role": "started from", **SOURCES["face-api"]}]
    assert origins_of({"config": {}, "origins": found}) == found
    with pytest.raises(OSError, match=r"nobody\.safetensors"):
        origins(replace(second, start="nobody.safetensors"))

    end = checkpoint(tmp_path / "second.safetensors", second, origins=found)
    manifest = json.loads(export(end, tmp_path / "models")[0].read_text())["userDefinedMetadata"]["mien"]
    assert manifest["provenance"]["origins"] == found


def test_weights_of_unknown_terms_are_refused(tmp_path: Path):
    manifest = tmp_path / "a-weights_manifest.json"
    manifest.write_text('[{"weights": [{"name": "w", "shape": [2], "dtype": "float32"}]}]')
    (tmp_path / "a.bin").write_bytes(bytes(8))
    assert read_weights(manifest, hashlib.sha256(bytes(8)).hexdigest())["w"].tolist() == [0, 0]
    with pytest.raises(ValueError, match=r"a\.bin: is not the file whose terms are known"):
        read_weights(manifest, SOURCES["face-api"]["sha256"])


def test_what_a_file_owes_is_told_where_it_is_first_met():
    base = {"role": "started from", "name": "base", "terms": "MIT", "sha256": "0"}
    first = {"role": "started from", "name": "first", "terms": "those of its data", "sha256": "1", "origins": [base]}
    again = first | {"role": "learned machine-labelled faces from"}
    told = deduplicated([first, again])
    assert told == [first | {"origins": [base | {"origins": []}]}, again | {"terms": "as above", "origins": []}]
