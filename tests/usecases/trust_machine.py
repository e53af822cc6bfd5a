"""Everybody does anything at any time: the machine whose merges the oracle judges."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from bot.domain.commands import Ban, Freeze, Sweep, Unban, Unfreeze
from bot.domain.facts import Check, CheckState
from bot.domain.people import Person
from bot.errors import Refused, RegistryUnavailable
from tests.usecases.trust_machine_back import go_back
from tests.usecases.trust_machine_deciding import Deciding
from tests.usecases.trust_machine_rules import ENVIRONMENT, MODEL, Rules
from tests.usecases.trust_machine_stage import accounts, people, versions
from tests.usecases.trust_machine_world import ACCOUNTS, ANA, BEN, CHLOE, EVE, MEANWHILE, PEOPLE

ACTS = ("policy", "freeze", "ban", "hold", "push", "base")
RULES: tuple[dict[str, Any], ...] = (
    {"required": 0}, {"required": 1}, {"required": 2}, {"required": 3}, {"requester": True}, {"requester": False},
    {"frm": ()}, {"frm": ("slack:@leads",)}, {"frm": ("github:acme/leads", "slack:U0EVE")}, {"frm": ("github:chloe",)},
    {"back": 0}, {"back": 1}, {"back": 2}, {"back_requester": False}, {"back_requester": True}, {"freezes": "obey"},
    {"freezes": "ignore"}, {"threshold": 0.93}, {"threshold": None}, {"check": True}, {"check": False},
    {"auto": False}, {"auto": True}, {"promote": ("slack:U0BEN",)}, {"promote": None},
    {"glass": ("slack:U0BEN",)}, {"glass": ()}, {"glass": ("slack:U0EVE", "slack:U0ANA")},
)  # fmt: skip


class Trust(Deciding):
    """What happens around it: policy, branches, stops, groups, accounts, outages, the clock."""

    @initialize(choice=st.sampled_from([{}, {"required": 2}, {"check": True}, {"threshold": 0.93}, {"frm": ()}]))
    def begin(self, choice: dict[str, Any]) -> None:
        self.world.push_policy(replace(self.world.rules, **choice))
        self.promote(ANA, "4", later=False)

    # what Git holds

    @precondition(lambda self: self.world.open())
    @rule(
        what=st.sampled_from(["a file more", "another version", "nothing", "a comment"]),
        account=st.sampled_from([1, 2, 3, 5, 6]),
        later=st.booleans(),
    )
    def push_to_the_branch(self, what: str, account: int, later: bool) -> None:
        self._push(self._change(), what, account)
        self._nudge(later)

    @rule(what=st.sampled_from(["elsewhere", "a comment", "version 2", "version 3"]), later=st.booleans())
    def the_base_moves(self, what: str, later: bool) -> None:
        self._move_base(what)
        self._nudge(later)

    @rule(choice=st.sampled_from(RULES), later=st.booleans())
    def the_policy_changes(self, choice: dict[str, Any], later: bool) -> None:
        self.world.push_policy(replace(self.world.rules, **choice))
        self._nudge(later)

    @rule()
    def the_policy_breaks(self) -> None:
        self.world.push_policy(None)
        self._nudge(later=False)

    # stops

    @rule(by=st.sampled_from([BEN, EVE, *PEOPLE]), until=st.sampled_from([None, "2h"]), lift=st.booleans())
    def freeze(self, by: Person, until: str | None, lift: bool) -> None:
        if lift:
            self.world.by(by, Unfreeze, environment=ENVIRONMENT)
        else:
            self.world.by(by, Freeze, environment=ENVIRONMENT, until=until, reason="holidays")
        self.world.work()

    @rule(by=st.sampled_from([BEN, *PEOPLE]), version=versions, lift=st.booleans())
    def ban(self, by: Person, version: str, lift: bool) -> None:
        self.world.by(by, Unban if lift else Ban, model=MODEL, version=version, reason="leaks")
        self.world.work()

    # who somebody is

    @rule(user=people)
    def join_or_leave_the_group(self, user: Person) -> None:
        groups = self.world.chat.groups
        groups["S0LEADS"] = groups["S0LEADS"] ^ {user.user}
        self._nudge(later=False)

    @rule(account=accounts)
    def join_or_leave_the_team(self, account: int) -> None:
        self.world.forge.teams["acme/leads"] ^= {self.world.forge.logins[account]}
        self._nudge(later=False)

    @rule(account=st.sampled_from([1, 2, 3, 4, 5, 6]))
    def gain_or_lose_write_access(self, account: int) -> None:
        login = self.world.forge.logins[account]
        now = self.world.forge.permissions[login]
        self.world.forge.permissions[login] = "read" if now == "write" else "write"
        self._nudge(later=False)

    @rule(person=people, account=st.sampled_from([1, 2, 3, 4, 5, 6]))
    def link(self, person: Person, account: int) -> None:
        try:
            self.world.link(person, account)
        except Refused:
            return
        self._nudge(later=False)

    @rule(person=people)
    def unlink(self, person: Person) -> None:
        self.world.links.remove(person)
        self._nudge(later=False)

    @rule(account=st.sampled_from([1, 2, 6]))
    def rename(self, account: int) -> None:
        """To a name that nobody has, or back."""
        old, own = self.world.forge.logins[account], ACCOUNTS[account]
        self.world.forge.rename(account, f"{own}-renamed" if old == own else own)
        self._nudge(later=False)

    # the world

    @rule(state=st.sampled_from([CheckState.SUCCESS, CheckState.SUCCESS, CheckState.FAILURE, CheckState.PENDING]))
    def ci_reports(self, state: CheckState) -> None:
        for change in self.world.open():
            self.world.forge.set_check(self.world.forge._shown(change.number or 0).head, Check("ci/test", state))
        self._nudge(later=False)

    @precondition(lambda self: self.world.registry.down or self.world.count % 3 == 0)
    @rule()
    def the_registry_goes_or_comes(self) -> None:
        self.world.registry.down = None if self.world.registry.down else RegistryUnavailable("down")

    @rule(seconds=st.sampled_from([1.0, 70.0, 900.0, 7_300.0, 90_000.0]))
    def time_passes(self, seconds: float) -> None:
        self.world.clock.tick(seconds)
        self.world.put(Sweep())
        self.world.work()

    @rule(calls=st.integers(0, 30), how=st.sampled_from(["kill before", "kill after", "fail before", "fail after"]))
    def something_breaks_soon(self, calls: int, how: str) -> None:
        self.world.fault = (calls, how)

    @rule(by=people, call=st.sampled_from(MEANWHILE), times=st.integers(0, 3), what=st.sampled_from(ACTS))
    def somebody_acts_while_it_is_merged(self, by: Person, call: str, times: int, what: str) -> None:
        self.merged_while(by, call, times, what)

    @rule(
        by=people, version=versions, to=st.sampled_from(["version 2", "version 3"]), first=st.sampled_from([BEN, CHLOE])
    )
    def the_ground_moves_after_an_approval(self, by: Person, version: str, to: str, first: Person) -> None:
        """One of two has approved; then it means another step, and one more approves that."""
        self.world.calm(Rules(required=2))
        self.promote(by, version, later=False)
        for person in (first, CHLOE if first == BEN else BEN):
            if self.world.open():
                self.click(person, "approve", stale=False, later=False)
                self._move_base(to)
                self._nudge(later=False)

    @rule(
        choice=st.sampled_from(
            [{}, {}, {"required": 2}, {"check": True}, {"frm": ()}, {"frm": ("github:acme/leads",)}]
        ),
        by=people,
        version=versions,
    )
    def a_good_day_begins(self, choice: dict[str, Any], by: Person, version: str) -> None:
        """Much of what was broken is mended: or else the machine would see little but refusals."""
        self.world.calm(Rules(**choice))
        self._nudge(later=False)
        self.promote(by, version, later=False)

    @precondition(lambda self: self.world.count % 6 == 0)
    @rule()
    def somebody_goes_back(self) -> None:
        go_back(self.world)

    @invariant()
    def nothing_merged_that_must_not(self) -> None:
        assert self.world.crimes == []

    def teardown(self) -> None:
        go_back(self.world)
        assert self.world.crimes == []
