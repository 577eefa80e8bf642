"""Which processors train in bfloat16."""

import pytest
import torch
from torch import nn

from mien import precision


@pytest.mark.parametrize(
    ("capabilities", "expected"),
    [
        ({"avx2": True, "avx512_bf16": False, "amx_bf16": False}, False),
        ({"avx2": True, "avx512_f": True}, False),
        ({"avx512_bf16": True}, True),
        ({"amx_bf16": True}, True),
        ({"neon": True, "bf16": True}, True),
    ],
)
def test_a_processor_without_its_instructions_is_left_in_float32(capabilities: dict[str, object], expected: bool):
    assert precision.multiplies_bfloat16("cpu", capabilities) is expected


def test_graphics_cards_use_it():
    assert precision.multiplies_bfloat16("cuda")


@pytest.mark.parametrize(("made_for_it", "expected"), [(False, torch.float32), (True, torch.bfloat16)])
def test_a_network_runs_in_what_the_processor_has(monkeypatch: pytest.MonkeyPatch, made_for_it: bool, expected: object):
    monkeypatch.setattr(precision, "multiplies_bfloat16", lambda device: made_for_it)
    with precision.mixed_precision("cpu"):
        assert nn.Linear(2, 2)(torch.ones(1, 2)).dtype == expected
