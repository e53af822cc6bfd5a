"""Pull requests by hand while something is broken: each status has one author, and what mends the policy can merge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.change import ChangeState
from bot.ports.checkout import NewCommit
from tests.fakes.forge import BOT
from tests.usecases.hand_rig import APPROVALS, FRAUD, GATES, LTV, POLICY, HandRig, uri
from tests.usecases.test_by_hand import BOTH, approve, look

BROKEN: dict[str, bytes | None] = {".slackops.yaml": b"version: 7\n"}
NEITHER = {GATES: "error", APPROVALS: "error"}


@pytest.fixture
def rig() -> HandRig:
    return HandRig()


def settled(rig: HandRig, number: int) -> bool:
    """A look that comes after another writes nothing: each status that is set makes the forge call again."""
    look(rig, number)
    before = list(rig.forge.writes), len(rig.chat.sent)
    look(rig, number)
    return (list(rig.forge.writes), len(rig.chat.sent)) == before


def orphan(rig: HandRig) -> None:
    rig.checkout.remote["mine"] = rig.checkout.commit(NewCommit((), "", {FRAUD: uri("fraud", 42)}, "New", 5))


def breaks_main(rig: HandRig) -> None:
    rig.checkout.change("main", BROKEN)


def breaks_its_policy(rig: HandRig) -> None:
    rig.pushed("mine", {FRAUD: uri("fraud", 40), **BROKEN})


@pytest.mark.parametrize("trouble", [orphan, breaks_main, breaks_its_policy], ids=lambda one: one.__name__)
def test_a_recorded_one_settles(rig: HandRig, trouble: Callable[[HandRig], None]) -> None:
    number = rig.opened({FRAUD: uri("fraud", 42)})
    look(rig, number)
    trouble(rig)
    assert settled(rig, number)
    assert rig.states(number)[GATES] == "failure"
    assert rig.states(number)[APPROVALS] != "success"


def test_a_broken_policy_stops_all_but_what_mends_it(rig: HandRig) -> None:
    breaks_main(rig)
    mend: dict[str, bytes | None] = {".slackops.yaml": POLICY.encode()}
    words = rig.opened({"README.md": b"words"}, branch="words")
    mends = rig.opened(mend, branch="mends")
    more = rig.opened({**mend, FRAUD: uri("fraud", 42)}, branch="more")
    forgets = POLICY.replace("models/{model}/", "other/{model}/").encode()  # the values that move are bound no more
    hides = rig.opened({".slackops.yaml": forgets, FRAUD: uri("fraud", 42)}, branch="hides")
    for number in (words, mends, more, hides):
        look(rig, number)
    assert rig.states(mends) == BOTH
    assert [rig.states(number) for number in (words, more, hides)] == [NEITHER] * 3


def test_what_mends_it_stands_on_the_policy_that_is_broken(rig: HandRig) -> None:
    number = rig.opened({".slackops.yaml": POLICY.replace("required: 1", "required: 2").encode()})
    breaks_main(rig)
    look(rig, number)
    assert rig.states(number) == NEITHER


@pytest.mark.parametrize("recorded", [True, False])
def test_a_policy_that_only_watched_blocks_nothing_when_it_breaks(recorded: bool) -> None:
    rig = HandRig(policy=POLICY + "enforce: false\n")
    number = rig.opened({FRAUD: uri("fraud", 42)} if recorded else {"README.md": b"words"})
    look(rig, number)
    breaks_main(rig)
    assert settled(rig, number)
    assert rig.states(number) == BOTH
    assert "would block: " in rig.words(number)


def test_where_the_record_of_the_bots_own_is_lost_nobody_can_tell_who_asked(rig: HandRig) -> None:
    number = rig.opened({FRAUD: uri("fraud", 42)}, branch="slackops/promote/fraud/production/42-abc", login=BOT)
    assert settled(rig, number)
    assert rig.changes.by_number(number) is None
    assert rig.states(number) == {GATES: "failure", APPROVALS: "failure"}
    assert "ask again" in rig.words(number)


def test_a_branch_of_a_fork_that_is_called_like_one_of_the_bots_is_judged(rig: HandRig) -> None:
    first = rig.opened({LTV: uri("ltv", 9)})
    look(rig, first)
    rig.changes.update(rig.record(first).id, lambda c: replace(c, by_hand=False, state=ChangeState.OPEN))
    second = rig.opened({FRAUD: uri("fraud", 42)}, branch="theirs")
    rig.forge._save(second, head_ref="mine", state="open")
    head = rig.checkout.remote["theirs"]
    rig.checkout.remote["mine"] = head
    look(rig, second)
    assert rig.record(second).state is ChangeState.BY_HAND


def test_a_recorded_one_goes_on_once_the_policy_is_mended(rig: HandRig) -> None:
    number = rig.opened({FRAUD: uri("fraud", 42)})
    look(rig, number)
    approve(rig, number)
    assert rig.states(number) == BOTH
    breaks_main(rig)
    look(rig, number)
    assert rig.states(number)[APPROVALS] == "pending"
    rig.checkout.change("main", {".slackops.yaml": POLICY.encode()})
    look(rig, number)
    assert rig.states(number) == BOTH
