"""Every benchmark can at least be started: nothing that it measures was renamed away under it."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "bench"


@pytest.mark.parametrize("name", sorted(path.stem for path in BENCH.glob("*.py")))
def test_it_can_be_imported(name: str) -> None:
    importlib.import_module(f"bench.{name}")
