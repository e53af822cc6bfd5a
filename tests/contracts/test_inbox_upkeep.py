"""The contract of the inbox, continued: absorbing, forgetting, counting."""

from __future__ import annotations

from bot.adapters.store_sql import SqlInbox
from bot.domain.commands import Nudge, Reconcile
from bot.ports.inbox import Inbox
from tests.contracts.inboxes import LEASE, claim, clock, inbox, promote, puts
from tests.fakes.clock import FakeClock
from tests.fakes.inbox import FakeInbox

__all__ = ["clock", "inbox", "puts"]


def test_absorb_finishes_the_same_commands_that_wait(inbox: Inbox) -> None:
    for n in range(4):
        inbox.put(f"same{n}", Reconcile(number=7))
    inbox.put("other", Reconcile(number=8))
    inbox.put("model", promote())
    assert inbox.absorb(claim(inbox)) == 3
    assert {claim(inbox).key, claim(inbox).key} == {"other", "model"}
    assert inbox.claim("w1", LEASE) is None
    assert inbox.put("same1", Reconcile(number=7)) is None


def test_absorb_takes_only_what_is_exactly_the_same(inbox: Inbox) -> None:
    inbox.put("k1", promote(version="1"))
    inbox.put("k2", promote(version="2"))
    inbox.put("nudge", Nudge(source="github", pulls=(1,)))
    inbox.put("nudge2", Nudge(source="github", pulls=(2,)))
    inbox.put("nudge3", Nudge(source="github", pulls=(1,)))
    assert inbox.absorb(claim(inbox)) == 0
    assert inbox.absorb(claim(inbox)) == 1


def test_forget_drops_old_finished_rows_only(inbox: Inbox, clock: FakeClock) -> None:
    for n in range(4):
        inbox.put(f"k{n}", promote(f"m{n}"))
    inbox.done(claim(inbox))
    inbox.bury(claim(inbox), "dead")
    claim(inbox)
    clock.tick(100)
    assert inbox.forget(clock.now() - 200) == 0
    assert inbox.forget(clock.now()) == 1
    assert [d.key for d in inbox.dead()] == ["k1"]
    assert inbox.put("k1", promote()) is None
    assert inbox.put("k0", promote()) is not None


def test_counts(inbox: FakeInbox | SqlInbox) -> None:
    for n in range(3):
        inbox.put(f"k{n}", promote(f"m{n}"))
    inbox.bury(claim(inbox), "dead")
    claim(inbox)
    assert inbox.counts() == {"waiting": 1, "running": 1, "dead": 1}
