"""`commits: api`: the forge makes the commits, and a run that was cut off is found again by what it made."""

from __future__ import annotations

import pytest

from bot.domain.change import ChangeState
from bot.domain.commands import Origin, Promote
from bot.errors import Refused
from bot.ports import NewCommit
from bot.usecases.landing import land
from tests.usecases.hand_rig import ANA, BEN, FRAUD, POLICY, HandRig, uri
from tests.usecases.test_by_hand import approve, look

OPEN_GATES = POLICY.replace('gates: [{check: "ci/*"}]', "gates: []")


@pytest.fixture
def rig() -> HandRig:
    return HandRig(policy=OPEN_GATES + "commits: api\n")


def new(rig: HandRig, version: int = 42, words: str = "Promote\n\nSlackOps-Change: 01A\n") -> NewCommit:
    base = rig.checkout.head()
    return NewCommit((base,), base, {FRAUD: uri("fraud", version)}, words, 1_700_000_000)


def test_the_forge_makes_it_once(rig: HandRig) -> None:
    repo = rig.dispatcher.repo
    made = land(rig.ctx, repo, new(rig), "slackops/a")
    assert made is not None
    assert rig.checkout.pushes == []
    assert rig.checkout.ref("slackops/a") == made
    assert land(rig.ctx, repo, new(rig), "slackops/a") == made
    assert rig.forge.made == 1


@pytest.mark.parametrize("other", ["version", "words"])
def test_another_commit_on_the_branch_is_not_taken_for_ours(rig: HandRig, other: str) -> None:
    repo = rig.dispatcher.repo
    land(rig.ctx, repo, new(rig), "slackops/a")
    mine = new(rig, 43) if other == "version" else new(rig, words="Promote\n\nSlackOps-Change: 01B\n")
    assert land(rig.ctx, repo, mine, "slackops/a") is None


def test_a_rebuild_with_two_parents_goes_on_top(rig: HandRig) -> None:
    repo = rig.dispatcher.repo
    first = land(rig.ctx, repo, new(rig), "slackops/a") or ""
    base = rig.checkout.change("main", {"README.md": b"moved"})
    rig.checkout.fetch()
    again = NewCommit((first, base), base, {FRAUD: uri("fraud", 42)}, "Bring it up", 1_700_000_000)
    made = land(rig.ctx, repo, again, "slackops/a") or ""
    assert rig.checkout.parents(made) == (first, base)
    assert land(rig.ctx, repo, again, "slackops/a") == made
    assert rig.forge.made == 2


def test_another_tree_than_the_one_that_was_judged_is_refused(rig: HandRig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rig.forge, "make_commit", lambda *_: (rig.checkout.head(), "0" * 40))
    with pytest.raises(Refused, match="another tree"):
        land(rig.ctx, rig.dispatcher.repo, new(rig), "slackops/a")


def test_by_default_it_is_pushed() -> None:
    rig = HandRig(policy=OPEN_GATES)
    made = land(rig.ctx, rig.dispatcher.repo, new(rig), "slackops/a")
    assert rig.checkout.pushes == [(made, "slackops/a")]
    assert rig.forge.made == 0


def test_a_whole_change(rig: HandRig) -> None:
    rig.run(Promote(by=ANA, origin=Origin(channel="C0"), model="fraud", version="42", environment="production"))
    rig.drain()
    [change] = rig.changes.all_open()
    assert change.number is not None
    assert rig.checkout.pushes == []
    rig.checkout.change("main", {FRAUD: uri("fraud", 39)})  # its start moves, so it is rendered anew
    look(rig, change.number)
    approve(rig, change.number, by=BEN)
    assert rig.record(change.number).state is ChangeState.MERGED
    assert rig.checkout.pushes == []
