"""People ask, review, hold and close: by clicks, and on the forge."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from bot.domain.commands import CloseChange, HoldChange, MergeChange, Promote, Review, Rollback, SettleGlass
from bot.domain.people import Person
from bot.errors import Refused, Transient
from tests.usecases.trust_machine_rules import ENVIRONMENT, MODEL, Rules
from tests.usecases.trust_machine_stage import Stage, accounts, people, verdicts, versions
from tests.usecases.trust_machine_world import BEN, CHLOE, PEOPLE

MEANWHILE = [None, None, "role", "policy", "version 2", "version 3"]
"""What happens between breaking the glass and the merge; mostly nothing."""


class Deciding(Stage):
    """What is said about changes."""

    # asking

    @rule(by=people, version=versions, later=st.booleans())
    def promote(self, by: Person, version: str, later: bool) -> None:
        row = self.world.by(by, Promote, model=MODEL, version=version, environment=ENVIRONMENT)
        self.world.asked[row] = by
        self._then(later)

    @rule(by=people, to=st.sampled_from([None, "1", "2"]), later=st.booleans())
    def rollback(self, by: Person, to: str | None, later: bool) -> None:
        row = self.world.by(by, Rollback, model=MODEL, environment=ENVIRONMENT, to=to)
        self.world.asked[row] = by
        self._then(later)

    @rule(by=people, later=st.booleans(), then=st.sampled_from(MEANWHILE))
    def break_the_glass(self, by: Person, later: bool, then: str | None) -> None:
        """Now and then the ground moves before anybody looks whether it may be merged."""
        asked: dict[str, Any] = {"model": MODEL, "environment": ENVIRONMENT, "reason": "down", "break_glass": True}
        if then is None:
            self.world.asked[self.world.by(by, Rollback, **asked)] = by
        else:
            with contextlib.suppress(Transient):
                self.world.at_once(by, Rollback, **asked)
        if then == "role":
            self.world.push_policy(replace(self.world.rules, glass=()))
        elif then == "policy":
            self._meanwhile(then)
        elif then is not None:
            self._move_base(then)
        self._then(later)

    @rule(by=people, later=st.booleans())
    def review_broken_glass(self, by: Person, later: bool) -> None:
        for change in self.world.changes.in_debt(MODEL):
            self.world.by(by, SettleGlass, change=change.id)
        self._then(later)

    # deciding

    @precondition(lambda self: self.world.open())
    @rule(by=people, verdict=verdicts, stale=st.sampled_from([False, False, True]), later=st.booleans())
    def click(self, by: Person, verdict: str, stale: bool, later: bool) -> None:
        change = self._change()
        digest = "0" * 64 if stale else change.intent.digest
        self.world.by(by, Review, change=change.id, digest=digest, verdict=verdict)
        self._then(later)

    @precondition(lambda self: self.world.open())
    @rule(by=st.permutations(PEOPLE), how_many=st.integers(1, 4))
    def several_approve(self, by: list[Person], how_many: int) -> None:
        for person in by[:how_many]:
            if self.world.open():
                self.click(person, "approve", stale=False, later=False)

    @precondition(lambda self: self.world.open())
    @rule(account=accounts, verdict=verdicts, later=st.booleans())
    def review_on_the_forge(self, account: int, verdict: str, later: bool) -> None:
        number = self._change().number or 0
        said = {"approve": "APPROVE", "request_changes": "REQUEST_CHANGES"}[verdict]
        try:
            self.world.forge.review_by_hand(self.world.forge.logins[account], number, said, "said there")
        except Refused:
            return
        self._nudge(later)

    @precondition(lambda self: self.world.open())
    @rule(which=st.integers(0, 5))
    def dismiss(self, which: int) -> None:
        number = self._change().number or 0
        said = self.world.forge._reviews.get(number, [])
        if said:
            self.world.forge.dismiss(number, said[which % len(said)].id)
            self._nudge(later=False)

    @precondition(lambda self: self.world.open())
    @rule(by=people, do=st.sampled_from(["hold", "release", "close", "closed on the forge"]), later=st.booleans())
    def steer(self, by: Person, do: str, later: bool) -> None:
        change = self._change()
        if do == "close":
            self.world.by(by, CloseChange, change=change.id, reason="no")
        elif do == "closed on the forge":
            self.world.forge.close_by_hand("kim", change.number or 0)
        else:
            self.world.by(by, HoldChange, change=change.id, hold=do == "hold", reason="wait")
        self._nudge(later)

    @precondition(lambda self: self.world.open())
    @rule(by=people, stale=st.booleans())
    def press_merge(self, by: Person, stale: bool) -> None:
        change = self._change()
        digest = "0" * 64 if stale else change.intent.digest
        self.world.by(by, MergeChange, change=change.id, digest=digest)
        self._then(later=False)

    def merged_while(self, by: Person, call: str, times: int, what: str) -> None:
        """One approval is enough; as it is acted on, at this call for the n-th time, somebody else does something."""
        self.world.calm(Rules())
        self.promote(by, "4", later=False)
        self.world.meanwhile = (call, times, lambda: self._meanwhile(what))
        if self.world.open():
            self.click(CHLOE if by == BEN else BEN, "approve", stale=False, later=False)
        self.world.meanwhile = None
