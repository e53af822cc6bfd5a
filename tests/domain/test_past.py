"""Where a rollback goes."""

from __future__ import annotations

import pytest

from bot.domain.past import Past, at_version, earlier


def history(*steps: str) -> list[Past]:
    """Newest first; a step `3<` was brought in by a rollback."""
    return [
        Past(f"c{i}", 0.0, step.rstrip("<") or None, {}, "rollback" if step.endswith("<") else "promote")
        for i, step in enumerate(steps)
    ]


@pytest.mark.parametrize(
    ("steps", "deployed", "goes_to"),
    [
        (["4", "3", "2"], "4", "3"),
        (["4", "4", "3"], "4", "3"),
        (["3<", "4", "3", "2"], "3", "2"),
        (["2<", "3<", "4", "3", "2", "1"], "2", "1"),
        (["5", "3<", "4", "3"], "5", "3"),
        (["4", "", "3"], "4", "3"),
        (["4"], "4", None),
        ([], "4", None),
        (["3<", "4", "3"], "3", None),
        (["4", "3"], "9", "4"),
    ],
)
def test_the_version_before_that_no_rollback_left(steps, deployed, goes_to):
    found = earlier(history(*steps), deployed)
    assert (found.version if found else None) == goes_to


def test_at_version_finds_the_newest_commit_with_it():
    assert at_version(history("4", "3", "3", "2"), "3").commit == "c1"
    assert at_version(history("4"), "3") is None


def test_the_values_that_stood_last_are_restored():
    corrected = Past("c2", 0.0, "3", {"build": "b"}, None)
    first = Past("c1", 0.0, "3", {"build": "a"}, "promote")
    assert earlier([Past("c3", 0.0, "4", {}, "promote"), corrected, first], "4").variables == {"build": "b"}
