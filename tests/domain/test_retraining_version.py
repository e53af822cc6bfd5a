"""Which version came of a retraining: what somebody wrote down, and never a guess."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.facts import ModelVersion
from bot.domain.retraining import Retraining, RetrainState
from bot.domain.retraining_version import came_of
from tests.domain.test_retraining import ID, one


def version(number: int, created: float = 1100.0, commit: str | None = None, **tags: str) -> ModelVersion:
    told = {name.replace("_", "."): text for name, text in tags.items()}
    return ModelVersion("fraud", str(number), f"run{number}", None, None, None, created, tags=told, git_commit=commit)


@pytest.mark.parametrize(
    ("more", "versions", "found"),
    [
        ({"named": "7"}, [version(8, slackops_retrain=ID), version(7)], "7"),
        ({"named": "9"}, [version(8, slackops_retrain=ID), version(7)], None),
        ({}, [version(9), version(8, slackops_retrain=ID)], "8"),
        ({}, [version(9), version(8, slackops_retrain=f"slackops-{ID}")], "8"),
        ({"run": "r5"}, [version(9), version(8, slackops_run="r5")], "8"),
        ({"run": "run8"}, [version(9), version(8)], "8"),
        ({"run": "train"}, [version(8, 900.0, slackops_run="train")], None),
        ({"ended": 9e5}, [version(8, 8e5)], "8"),
        ({"ended": 9e5, "finished": 1200.0}, [version(8, 8e5)], None),
        ({"ended": 9e5, "finished": 1200.0}, [version(8, 8e5), version(7, 2100.0)], "7"),
        ({}, [replace(version(8), started_at=900.0), replace(version(7), started_at=1011.0)], "7"),
        ({}, [version(8), version(7, 1009.0)], "8"),
        ({}, [version(8, slackops_retrain="01OTHER"), version(7)], "7"),
        ({}, [version(8, slackops_run="other"), version(7)], "7"),
        ({"commit": "abc"}, [version(8, commit="def"), version(7, commit="abc")], "7"),
        ({"commit": "abc"}, [version(8, commit="def")], None),
        ({}, [version(8, 1009.0)], None),
        ({}, [], None),
    ],
    ids=[
        "named before tagged",
        "named, not there yet",
        "tagged",
        "tagged by its run's name",
        "tagged run",
        "its own run",
        "a run of the same name, before",
        "the end is not told",
        "long after the end",
        "soon after the end",
        "trained before",
        "the only new one",
        "another's",
        "another run's",
        "from its commit",
        "from another commit",
        "older",
        "none",
    ],
)
def test_which_version_came_of_it(more: dict[str, Any], versions: list[ModelVersion], found: str | None) -> None:
    assert came_of(one(**more), versions, []).version == found


@pytest.mark.parametrize(
    "versions",
    [[version(8), version(7)], [version(8, slackops_retrain=ID), version(7, slackops_retrain=ID)]],
    ids=["two new ones", "two with the tag"],
)
def test_several_are_named_and_none_is_guessed(versions: list[ModelVersion]) -> None:
    seen = came_of(one(), versions, [])
    assert (seen.version, seen.candidates) == (None, ("8", "7"))


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (one(id="2", state=RetrainState.RUNNING), None),
        (one(id="2", state=RetrainState.SUCCEEDED, ended=1200.0), None),
        (one(id="2", state=RetrainState.SUCCEEDED, started=1.0, ended=1000.0), "8"),
        (one(id="2", state=RetrainState.SUCCEEDED, started=1.0, ended=1000.0, version="8"), None),
        (one(id="2", state=RetrainState.FAILED, started=None, ended=1200.0), "8"),
        (one(id="2", state=RetrainState.FAILED, started=None, ended=900.0, tried=800.0), None),
        (one(id="2", state=RetrainState.LOST, started=1.0, ended=900.0), None),
        (one(id="2", state=RetrainState.LOST, started=1.0, ended=1010.0 - 7200.0), "8"),
    ],
    ids=[
        "runs beside it",
        "ran beside it",
        "ended before",
        "made it",
        "never began",
        "may have begun",
        "lost",
        "long lost",
    ],
)
def test_beside_another_nothing_is_the_only_one(other: Retraining, found: str | None) -> None:
    assert came_of(one(), [version(8)], [other]).version == found
    assert came_of(one(), [version(9, slackops_retrain=ID), version(8)], [other]).version == "9"
