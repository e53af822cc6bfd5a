"""What gates need of GitHub: since when a check runs, and whether a commit is on a branch, with few questions."""

from __future__ import annotations

from typing import Any

import pytest

from bot.adapters.github.comparing import settled
from bot.adapters.github.convert import run_check, status_check
from bot.adapters.github.remember import Remember
from bot.domain.compared import Compared
from bot.domain.facts import CheckState
from bot.domain.gating import GateFacts, judge
from bot.domain.policy import CheckGate
from tests.adapters.test_github import Script, script

__all__ = ["script"]
A, B = "a" * 40, "b" * 40
STARTED = 1_700_000_000.0
WHEN = "2023-11-14T22:13:20Z"


def run(**given: Any) -> dict[str, Any]:
    return {"name": "ci", "status": "in_progress", "conclusion": None, "started_at": WHEN, "html_url": "u", **given}


@pytest.mark.parametrize(
    ("data", "state", "began"),
    [
        (run(), CheckState.PENDING, STARTED),
        (run(status="queued", started_at=None), CheckState.PENDING, None),
        (run(status="waiting"), CheckState.PENDING, STARTED),
        (run(status="completed", conclusion="neutral"), CheckState.SUCCESS, STARTED),
        (run(status="completed", conclusion="skipped"), CheckState.SUCCESS, STARTED),
        (run(status="completed", conclusion="timed_out"), CheckState.FAILURE, STARTED),
        (run(status="completed", conclusion="stale"), CheckState.FAILURE, STARTED),
        (run(status="completed", conclusion=None), CheckState.FAILURE, STARTED),
    ],
)
def test_since_when_a_run_runs(data: dict[str, Any], state: CheckState, began: float | None) -> None:
    found = run_check(data)
    assert (found.state, found.started_at) == (state, began)


def test_since_when_a_status_is_pending() -> None:
    said = {"context": "jenkins", "state": "pending", "created_at": WHEN, "updated_at": WHEN, "target_url": None}
    assert status_check(said).started_at == STARTED
    assert status_check({**said, "created_at": None}).started_at is None


def test_a_run_that_never_ends_fails_its_gate() -> None:
    gate = CheckGate("ci", "ci", "block", "merge", timeout=3_600.0)
    (result,) = judge([gate], GateFacts(STARTED + 7_200, None, None, checks=[run_check(run())]))
    assert (result.state.value, result.observed) == ("fail", "ci has run for 2 h; the limit is 1 h")


DONE = run(id=1, status="completed", conclusion="success")
LATER = "2023-11-14T23:00:00Z"


@pytest.mark.parametrize(
    ("runs", "state"),
    [
        pytest.param([DONE], CheckState.SUCCESS, id="one"),
        pytest.param([DONE, run(id=2, started_at=LATER)], CheckState.PENDING, id="runs again"),
        pytest.param([run(id=2, started_at=LATER), DONE], CheckState.PENDING, id="in any order"),
        pytest.param([run(id=2, status="queued", started_at=None), DONE], CheckState.PENDING, id="waits to run again"),
        pytest.param(
            [run(id=2, status="completed", conclusion="failure", started_at=LATER), DONE],
            CheckState.FAILURE,
            id="failed",
        ),
        pytest.param(
            [run(id=2, status="completed", conclusion="failure", started_at=None), DONE],
            CheckState.SUCCESS,
            id="undated",
        ),
    ],
)
def test_the_newest_run_of_a_name(script: Script, runs: list[dict[str, Any]], state: CheckState) -> None:
    script.replies = [(200, {}, {"check_runs": runs}), (200, {}, {"statuses": []})]
    (found,) = script.forge().checks(B)
    assert found.state is state


def answered(status: str) -> tuple[int, dict[str, str], Any]:
    body = {"status": status, "ahead_by": 1, "behind_by": 2, "html_url": "https://github.com/c", "commits": []}
    return 200, {}, body


@pytest.mark.parametrize(
    ("base", "status", "contained", "asked"),
    [
        pytest.param("main", "behind", True, 1, id="on the branch: kept"),
        pytest.param("main", "identical", True, 1, id="its head: kept"),
        pytest.param("main", "diverged", False, 2, id="not on it: it may come"),
        pytest.param("main", "ahead", False, 2, id="ahead of it: it may come"),
        pytest.param(A, "diverged", False, 1, id="two commits stay as they are"),
    ],
)
def test_what_is_settled_is_asked_once(script: Script, base: str, status: str, contained: bool, asked: int) -> None:
    script.replies = [answered(status), answered(status)]
    forge = script.forge()
    for _ in range(2):
        found = forge.compare("acme/fraud", base, B)
        assert found is not None
        assert found.contained is contained
    assert len(script.asked) == asked
    assert script.asked[0][1].startswith(f"/repos/acme/fraud/compare/{base}...{B}?")


def test_what_is_not_there_is_asked_for_again(script: Script) -> None:
    forge = script.forge()
    assert forge.compare("acme/fraud", "main", B) is None
    script.replies = [answered("behind")]
    found = forge.compare("acme/fraud", "main", B)
    assert found is not None
    assert found.contained


def test_a_branch_with_a_slash_is_one_part_of_the_path(script: Script) -> None:
    script.forge().compare("acme/fraud", "release/1?x#y", B)
    assert script.asked[0][1].startswith(f"/repos/acme/fraud/compare/release%2F1%3Fx%23y...{B}?")


@pytest.mark.parametrize(
    ("base", "head", "status", "kept"),
    [("main", B, "behind", True), ("main", B, "ahead", False), (A, B, "ahead", True), (A, "main", "ahead", False)],
)
def test_what_is_settled(base: str, head: str, status: Any, kept: bool) -> None:
    assert settled(Compared(base, head, status, 0, 0, "")) is kept


def test_only_what_is_to_be_kept_is_remembered() -> None:
    found, kept = iter(range(1, 9)), Remember[int](60.0)
    assert [kept.get("k", lambda: next(found), lambda value: value > 2) for _ in range(5)] == [1, 2, 3, 3, 3]
