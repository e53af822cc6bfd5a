"""Pull requests that change the policy: judged by the policy before them, so that nobody lowers the bar alone."""

from __future__ import annotations

import pytest

from tests.usecases.hand_rig import ANA, APPROVALS, BEN, FRAUD, GATES, POLICY, HandRig, uri
from tests.usecases.test_by_hand import BOTH, approve, look
from tests.usecases.test_group import judged

ROLES = 'roles: {admin: ["slack:U0BEN"]}\n'
LOWER = POLICY.replace("approvals: {required: 1}", "approvals: {required: 0}")
WAITS = {GATES: "success", APPROVALS: "pending"}


def opened(rig: HandRig, policy: str, login: str = "ana") -> int:
    """Somebody wants another policy; and it was looked at."""
    number = rig.opened({".slackops.yaml": policy.encode()}, login=login)
    look(rig, number)
    return number


def says(rig: HandRig, login: str, number: int, verdict: str = "APPROVE") -> dict[str, str]:
    """A review on the forge, and both statuses after it."""
    rig.forge.review_by_hand(login, number, verdict, "words")
    look(rig, number)
    return rig.states(number)


def test_nobody_lowers_the_bar_alone() -> None:
    rig = HandRig()
    number = opened(rig, LOWER)
    assert rig.states(number) == WAITS
    assert "0 of 1 approvals for the policy" in rig.words(number)
    assert says(rig, "kim", number) == WAITS  # whose account it is nobody knows
    assert says(rig, "ben", number) == BOTH
    (row,) = [one.entry for one in rig.audit.chain if one.entry.what == "policy approved"]
    assert (row.number, [one["login"] for one in row.evidence["by"]]) == (number, ["ben"])
    before = list(rig.forge.writes)
    look(rig, number)
    assert rig.forge.writes == before
    assert says(rig, "ben", number, "REQUEST_CHANGES")[APPROVALS] == "failure"


def test_where_there_is_an_admin_it_takes_one() -> None:
    rig = HandRig(policy=ROLES + POLICY)
    rig.forge.permissions["carol"] = "write"
    number = opened(rig, LOWER, login="carol")
    assert says(rig, "ana", number) == WAITS
    assert "@ben" in rig.words(number)
    assert says(rig, "ben", number) == BOTH


def test_an_admin_needs_what_everybody_needs() -> None:
    rig = HandRig(policy=ROLES + POLICY)
    number = opened(rig, ROLES + LOWER, login="ben")
    assert rig.states(number) == WAITS
    assert says(rig, "ana", number) == BOTH


def test_who_makes_themselves_an_admin_is_none_yet() -> None:
    rig = HandRig(policy=ROLES + POLICY)
    number = opened(rig, ROLES.replace("U0BEN", "U0ANA") + POLICY, login="kim")
    assert says(rig, "ana", number) == WAITS


def test_the_strictest_environment_is_the_measure() -> None:
    rig = HandRig(policy=POLICY.replace("staging: {}", 'staging: {approvals: {required: 2, from: ["slack:U0BEN"]}}'))
    number = opened(rig, LOWER)
    assert says(rig, "ben", number) == WAITS
    assert "1 of 2" in rig.words(number)


@pytest.mark.parametrize(
    "policy", [POLICY + "# a word\n", POLICY.replace("staging: {}", "staging:\n    merge: {auto: true}")]
)
def test_the_same_in_other_words_takes_nobody(policy: str) -> None:
    rig = HandRig()
    assert rig.states(opened(rig, policy)) == BOTH


def test_where_nothing_takes_an_approval_the_policy_takes_none() -> None:
    rig = HandRig(policy=LOWER)
    assert rig.states(opened(rig, POLICY)) == BOTH


def test_whoever_may_approve_their_own_changes_may_change_the_policy() -> None:
    rig = HandRig(policy=POLICY.replace("required: 1", "required: 1, requester: true"))
    assert rig.states(opened(rig, LOWER)) == BOTH


def test_a_file_that_is_read_too_is_the_policy_too() -> None:
    rig = HandRig()
    number = rig.opened({".slackops/more.yml": b'roles: {admin: ["slack:U0ANA"]}\n'})
    look(rig, number)
    assert rig.states(number) == WAITS


def test_another_policy_is_another_approval() -> None:
    rig = HandRig()
    number = opened(rig, POLICY.replace("required: 1", "required: 3"))
    assert says(rig, "ben", number) == BOTH
    rig.pushed("mine", {"notes.txt": b"why"})
    look(rig, number)
    assert rig.states(number) == BOTH
    rig.pushed("mine", {".slackops.yaml": LOWER.encode()})
    look(rig, number)
    assert rig.states(number) == WAITS
    assert "bring the branch up to date" in rig.words(number)


def test_what_the_default_branch_says_since_must_be_looked_at_too() -> None:
    rig = HandRig()
    number = opened(rig, LOWER)
    assert says(rig, "ben", number) == BOTH
    rig.checkout.change("main", {".slackops.yaml": (POLICY + "# moved\n").encode()}, author="kim")
    look(rig, number)
    assert rig.states(number) == WAITS


def test_a_policy_that_comes_after_the_approval_of_a_value_is_not_approved() -> None:
    rig = HandRig()
    number = rig.opened({FRAUD: uri("fraud", 42)})
    look(rig, number)
    approve(rig, number, by=BEN)
    assert rig.states(number) == BOTH
    rig.pushed("mine", {".slackops.yaml": LOWER.encode()})
    look(rig, number)
    assert rig.states(number) == WAITS
    approve(rig, number, by=ANA)
    assert rig.states(number) == BOTH


def test_broken_it_is_put_back_by_anybody_and_lowered_by_nobody_alone() -> None:
    rig = HandRig()
    rig.checkout.change("main", {".slackops.yaml": b"version: 7\n"})
    lowers = rig.opened({".slackops.yaml": LOWER.encode()}, branch="lowers", login="ana")
    back = rig.opened({".slackops.yaml": POLICY.encode()}, branch="back", login="ana")
    for number in (lowers, back):
        look(rig, number)
    assert (rig.states(lowers), rig.states(back)) == (WAITS, BOTH)
    assert says(rig, "ben", lowers) == BOTH


def test_in_the_merge_queue_it_is_judged_again() -> None:
    rig = HandRig()
    rig.forge.entries = []
    number = opened(rig, LOWER)
    assert says(rig, "ben", number) == BOTH
    rig.forge.enqueue(number, rig.forge.pull(number).head)
    group = rig.forge.build()
    assert judged(rig, group) == BOTH
    rig.forge.permissions["ben"] = "read"
    assert judged(rig, group) == WAITS
