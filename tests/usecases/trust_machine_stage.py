"""The stage of the trust machine: the world, and what more than one rule does in it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from bot.domain.change import Change
from bot.domain.commands import Ban, Freeze, Nudge, Reconcile
from bot.domain.editors import Writer
from tests.usecases import trust_machine_oracle as oracle
from tests.usecases.trust_machine_rules import ENVIRONMENT, MODEL, PATH
from tests.usecases.trust_machine_world import ACCOUNTS, BEN, EVE, PEOPLE, World, manifest

people = st.sampled_from(PEOPLE)
accounts = st.sampled_from(sorted(ACCOUNTS))
versions = st.sampled_from("2345")
verdicts = st.sampled_from(["approve", "approve", "approve", "request_changes"])


class Stage(RuleBasedStateMachine):
    """A world whose every merge is judged. ``later`` leaves the rows lying that the worker would carry out."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.world.forge.judge = lambda number, sha: oracle.judge(self.world, number, sha)

    def _then(self, later: bool) -> None:
        if not later:
            self.world.work()

    def _nudge(self, later: bool) -> None:
        self.world.put(Nudge(source="forge", default_branch_moved=True))
        for change in self.world.open():
            self.world.put(Reconcile(number=change.number or 0))
        self._then(later)

    def _change(self) -> Change:
        return self.world.open()[-1]

    def _push(self, change: Change, what: str, account: int) -> None:
        if change.branch not in self.world.checkout.remote:
            return
        self.world.count += 1
        now = self.world.checkout.commits[self.world.checkout.remote[change.branch]].files[PATH]
        files = {
            "a file more": {"evil.yaml": b"kind: Evil\n"},
            "another version": {PATH: manifest(4)},
            "nothing": {},
            "a comment": {PATH: now + b"# mine\n"},
        }[what]
        login = self.world.forge.logins[account]
        made = self.world.checkout.change(change.branch, files, f"Push {self.world.count}", author=login)
        self.world.forge.writers[made] = (Writer(login, account, login),)
        self.world.pushed[made] = account

    def _move_base(self, what: str) -> None:
        self.world.count += 1
        now = self.world.checkout.commits[self.world.checkout.remote["main"]].files[PATH]
        files = {
            "elsewhere": {"README.md": f"{self.world.count}\n".encode()},
            "a comment": {PATH: now + b"# by hand\n"},
            "version 2": {PATH: manifest(2)},
            "version 3": {PATH: manifest(3)},
        }[what]
        self.world.checkout.change("main", files, f"By hand {self.world.count}", author="kim")

    def _meanwhile(self, what: str) -> None:
        world, change = self.world, next(iter(reversed(self.world.open())), None)
        if what == "policy":
            world.push_policy(replace(world.rules, required=3, frm=("slack:@leads",)))
        elif what == "freeze":
            world.at_once(BEN, Freeze, environment=ENVIRONMENT)
        elif what == "base":
            self._move_base("elsewhere")
        elif change is not None:
            self._to_the_change(what, change)

    def _to_the_change(self, what: str, change: Change) -> None:
        if what == "ban":
            self.world.at_once(BEN, Ban, model=MODEL, version=change.intent.to)
        elif what == "hold":
            self.world.changes.update(change.id, lambda c: replace(c, held_by=EVE))
        else:
            self._push(change, "a file more", 1)
