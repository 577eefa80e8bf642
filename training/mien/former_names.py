"""Names that checkpoints and configurations written before a renaming still carry."""

from typing import Any

KEYS = {
    "misplaced": "negative_crops",
    "pack_px": "cache_px",
    "cells": "grid_offset",
    "cells_sigma": "grid_offset_sigma",
}
HEAD_KINDS = {"cells": "grid_offset"}
MODULES = {"doubt.": "uncertainty."}


def current_names(value: Any) -> Any:
    """Tables, lists and values as they are, with the names of today as keys and as `kind` of a head."""
    if isinstance(value, list):
        return [current_names(item) for item in value]
    if not isinstance(value, dict):
        return value
    table = {KEYS.get(key, key): current_names(item) for key, item in value.items()}
    if isinstance(table.get("kind"), str):
        table["kind"] = HEAD_KINDS.get(table["kind"], table["kind"])
    return table


def current_state(state: dict[str, Any]) -> dict[str, Any]:
    """A state dict whose modules have the names of today."""

    def rename(name: str) -> str:
        for former, current in MODULES.items():
            if name.startswith(former):
                return current + name.removeprefix(former)
        return name

    return {rename(name): tensor for name, tensor in state.items()}
