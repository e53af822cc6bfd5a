"""Whose CI is written down at the door: an App may be told of a thousand repositories that the policy does not name."""

from __future__ import annotations

from collections.abc import Callable, Collection

from bot.errors import ForgeUnavailable
from bot.usecases.ci_declared import FRESH_SECONDS, DeclaredRepos, named_now
from bot.usecases.repo import Repo
from tests.usecases.ci_rig import RULES, TOOLS, TRAINING, CiRig

NAMED = ("acme/ml-deployments", TOOLS)


class Door:
    """Asks for what the policy names only when the test lets it."""

    def __init__(self) -> None:
        self.now, self.asked, self.waiting = 0.0, 0, list[Callable[[], None]]()
        self.named: Collection[str] | Exception = NAMED
        self.declared = DeclaredRepos(self._names, lambda: self.now, self.waiting.append)

    def _names(self) -> Collection[str]:
        self.asked += 1
        if isinstance(self.named, Exception):
            raise self.named
        return self.named

    def strangers(self, count: int) -> int:
        """How many of so many webhooks about strangers are written down."""
        return sum(self.declared(f"evil/x{number}") for number in range(count))

    def settle(self) -> None:
        while self.waiting:
            self.waiting.pop()()


def test_a_thousand_strangers_a_minute_are_one_row_and_one_question() -> None:
    door = Door()
    assert door.declared(TOOLS)
    door.settle()
    for minute in range(1, 4):
        door.now = minute * FRESH_SECONDS
        assert door.strangers(1000) == 1
        door.settle()
        assert door.declared("Acme/Tools")
    assert door.asked == 4


def test_until_the_policy_is_known_the_worker_decides() -> None:
    door = Door()
    door.named = ForgeUnavailable("away")
    assert door.strangers(3) == 3
    door.settle()
    assert (door.strangers(3), door.asked) == (3, 1)


def test_an_outage_keeps_what_is_known_and_what_is_new_is_found_a_minute_later() -> None:
    door = Door()
    door.declared(TOOLS)
    door.settle()
    door.named, door.now = ForgeUnavailable("away"), FRESH_SECONDS
    door.strangers(1)
    door.settle()
    assert (door.declared(TOOLS), door.declared(TRAINING)) == (True, False)
    door.named, door.now = (*NAMED, TRAINING), 2 * FRESH_SECONDS
    assert door.declared(TRAINING)
    door.settle()
    assert door.declared(TRAINING)


def test_what_the_policy_names() -> None:
    rig = CiRig()
    repo: Repo = rig.dispatcher.repo
    assert set(named_now(rig.ctx, repo)) == {"acme/ml-deployments", TOOLS, TRAINING}
    rig.checkout.change("main", {".slackops.yaml": b"version: [\n"})
    assert list(named_now(rig.ctx, repo)) == ["acme/ml-deployments"]
    rig.checkout.change("main", {".slackops.yaml": RULES.encode()})
    assert TRAINING in named_now(rig.ctx, repo)
