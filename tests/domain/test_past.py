"""Where a rollback goes."""

from __future__ import annotations

import pytest

from bot.domain.going_back import last_healthy
from bot.domain.past import Past, Replay, at_version, distinct, quiet_steps


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
    found = last_healthy(history(*steps), deployed, None)
    assert (found.past.version if found else None) == goes_to


def test_at_version_finds_the_newest_commit_with_it():
    assert at_version(history("4", "3", "3", "2"), "3").commit == "c1"
    assert at_version(history("4"), "3") is None


def test_the_values_that_stood_last_are_restored():
    corrected = Past("c2", 0.0, "3", {"build": "b"}, None)
    first = Past("c1", 0.0, "3", {"build": "a"}, "promote")
    found = last_healthy([Past("c3", 0.0, "4", {}, "promote"), corrected, first], "4", None)
    assert found.past.variables == {"build": "b"}


@pytest.mark.parametrize(
    ("steps", "goal", "quiet"),
    [
        (["4", "3"], "c1", []),
        (["4", "4", "3"], "c2", [("c1", "c0")]),
        (["4", "", "4", "3"], "c3", [("c2", "c0")]),
        (["4", "", "", "4", "4", "3", "3"], "c5", [("c3", "c0"), ("c4", "c3")]),
        (["4", "3", "3"], "c1", []),
        (["4", "", "3"], "c2", []),
    ],
)
def test_steps_that_left_the_version_alone(steps, goal, quiet):
    entries = history(*steps)
    found = quiet_steps(entries, next(entry for entry in entries if entry.commit == goal))
    assert [(old.commit, new.commit) for old, new in found] == quiet


def test_a_run_tells_how_it_came_in_and_what_stood_last():
    oldest = Past("c2", 10.0, "3", {"build": "a"}, "promote", "01A", ("slack:T/U",), "kim")
    newest = Past("c1", 20.0, "3", {"build": "b"}, None, None, (), "ana")
    (run,) = distinct([newest, oldest])
    assert (run.commit, run.variables, run.since) == ("c1", {"build": "b"}, 10.0)
    assert (run.action, run.change, run.requesters, run.author) == ("promote", "01A", ("slack:T/U",), "kim")


def test_a_history_is_read_once_and_no_further_than_it_is_asked_for():
    read = []
    replay = Replay(read.append(entry) or entry for entry in history("4", "3", "2", "1"))
    assert last_healthy(replay, "4", None).past.version == "3"
    assert len(read) == 3
    assert [entry.version for entry in replay] == ["4", "3", "2", "1"]
    assert len(read) == 4
