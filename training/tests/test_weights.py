"""The weight formats compared, through node, on drawn faces."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from conftest import tiny_config

from mien import weights
from mien.checkpoints import card_of, read_checkpoint, save_checkpoint
from mien.evaluate import evaluate
from mien.models import build_network
from mien.models.encoders import ResNetConfig


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_each_format_is_measured_and_kept_in_the_card(face_folder: Path, tmp_path: Path, monkeypatch, capsys):
    model = ResNetConfig(stem=8, widths=(8, 16, 32, 64), blocks=(1, 1, 1, 1))  # some kernels large enough for uint8
    config = replace(tiny_config(), model=model)
    torch.manual_seed(0)
    network = build_network(model, config.head, config.input.size, 68).eval()
    checkpoint = tmp_path / "a.safetensors"
    save_checkpoint(checkpoint, network, card_of(config, {}))
    state, _ = read_checkpoint(checkpoint)
    arguments = ["weights", str(checkpoint), "--data", str(face_folder), "--sets", "faces"]
    monkeypatch.setattr("sys.argv", arguments)
    weights.main()
    rows = read_checkpoint(checkpoint)[1]["weights"]
    assert [row["weights"] for row in rows] == ["float32", "float16", "uint8"]
    assert rows[0]["bytes"] > rows[1]["bytes"] > rows[2]["bytes"]
    truth = evaluate(checkpoint, face_folder, ["faces"])["metrics"][0]["nmeInterOcularPct"]
    for row, tolerance_pct in zip(rows, (1e-3, 0.05, 0.5), strict=True):
        assert row["nmePct"]["faces"] == pytest.approx(truth, abs=tolerance_pct)
        assert row["msPerFace"] > 0
        assert row["startMs"] > row["msPerFace"]
    first = capsys.readouterr().out.splitlines()[2]
    assert first.startswith("| float32 |")
    assert first.endswith(f"| {rows[0]['nmePct']['held out']:.3f} | {truth:.3f} |")
    assert all(torch.equal(value, state[name]) for name, value in read_checkpoint(checkpoint)[0].items())
