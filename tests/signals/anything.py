"""Bodies of any shape, with the keys and values that the parsers look for; and where the published contracts are."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from bot.domain.signal import MESSAGE_LIMIT, Signal
from bot.signals.reading import NAME_LIMIT, is_commit

A, B = "a" * 40, "b" * 40
CONTRACTS = Path(os.environ.get("SLACKOPS_CONTRACTS", Path(__file__).parents[3] / "shared" / "contracts"))


def contract(name: str) -> Any:
    """A published body; skips where the folder is not there."""
    path = CONTRACTS / name
    if not path.exists():
        pytest.skip("contracts: set SLACKOPS_CONTRACTS to the folder to run this")
    return json.loads(path.read_text())


TIMES = st.sampled_from(
    ["2026-01-05T10:00:00Z", "2026-01-05T10:00:00.123456789+02:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59"]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=8)
    | TIMES
    | st.sampled_from([A, f"main@sha1:{A}", "\ud800", "x" * 2000, "4", "firing", "error", "Healthy", "success"])
)


def bodies(*keys: str) -> st.SearchStrategy[Any]:
    """Any JSON over these keys."""
    return st.recursive(
        LEAVES,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(keys) | st.text(max_size=3), inner),
        max_leaves=20,
    )


def assert_sound(signals: tuple[Signal, ...]) -> None:
    """What every signal holds to, whatever it was made of: it can be stored, and is bounded."""
    for signal in signals:
        assert Signal.model_validate_json(signal.model_dump_json()) == signal
        assert len(signal.message) <= MESSAGE_LIMIT
        assert "\0" not in signal.message
        assert len(signal.application) <= 2 * NAME_LIMIT + 1
        assert signal.key.isprintable()
        assert signal.at > 0
        assert signal.revision is None or is_commit(signal.revision)
