"""The leased table against the fake, in any order of calls that hypothesis thinks of: they must never disagree."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from bot.adapters.store_sql import Database, SqlInbox, migrate
from bot.domain.commands import Command, Nudge, Promote, Reconcile, Sweep
from bot.domain.people import Person
from bot.ports.inbox import Row
from tests.fakes.clock import FakeClock
from tests.fakes.inbox import FakeInbox

BY = Person(team="T", user="U")
COMMANDS = st.one_of(
    st.builds(lambda m, v: Promote(by=BY, model=m, version=v), st.sampled_from("ab"), st.sampled_from("12")),
    st.builds(Reconcile, number=st.integers(1, 2)),
    st.builds(lambda n: Nudge(source="x", pulls=(n,)), st.integers(1, 2)),
    st.just(Sweep()),
)
Pair = tuple[Row, Row] | None


class InboxMachine(RuleBasedStateMachine):
    rows = Bundle("rows")

    def __init__(self) -> None:
        super().__init__()
        self.clock, self.directory = FakeClock(), Path(tempfile.mkdtemp())
        self.database = Database(f"sqlite:///{_template(self.directory)}")
        self.sql, self.fake = SqlInbox(self.database, self.clock), FakeInbox(self.clock)

    def teardown(self) -> None:
        self.database.close()
        shutil.rmtree(self.directory)

    @rule(key=st.integers(0, 30), command=COMMANDS, delay=st.sampled_from([0, 0, 5, 40]))
    def put(self, key: int, command: Command, delay: float) -> None:
        real, told = self.sql.put(f"k{key}", command, delay), self.fake.put(f"k{key}", command, delay)
        assert (real is None) == (told is None)

    @rule(target=rows, lease=st.sampled_from([10, 30]))
    def claim(self, lease: float) -> Pair:
        real, told = self.sql.claim("w", lease), self.fake.claim("w", lease)
        if real is None or told is None:
            assert real is told
            return None
        assert (real.key, real.command, real.attempt) == (told.key, told.command, told.attempt)
        return real, told

    @rule(target=rows, key=st.integers(0, 30), command=COMMANDS, lease=st.sampled_from([10, 30]))
    def begin(self, key: int, command: Command, lease: float) -> Pair:
        real = self.sql.begin(f"k{key}", command, "w", lease)
        told = self.fake.begin(f"k{key}", command, "w", lease)
        if real is None or told is None:
            assert real is told
            return None
        assert (real.key, real.command, real.attempt) == (told.key, told.command, told.attempt)
        return real, told

    @rule(target=rows, lease=st.sampled_from([10, 30]), number=st.integers(1, 2))
    def claim_of_order(self, lease: float, number: int) -> Pair:
        order = f"pull:{number}"
        real, told = self.sql.claim("w", lease, order), self.fake.claim("w", lease, order)
        if real is None or told is None:
            assert real is told
            return None
        assert (real.key, real.attempt) == (told.key, told.attempt)
        return real, told

    @rule(pair=rows)
    def done(self, pair: Pair) -> None:
        assert pair is None or self.sql.done(pair[0]) == self.fake.done(pair[1])

    @rule(pair=rows, delay=st.sampled_from([0, 3, 60]))
    def retry(self, pair: Pair, delay: float) -> None:
        assert pair is None or self.sql.retry(pair[0], delay, "e") == self.fake.retry(pair[1], delay, "e")

    @rule(pair=rows)
    def bury(self, pair: Pair) -> None:
        assert pair is None or self.sql.bury(pair[0], "e") == self.fake.bury(pair[1], "e")

    @rule(pair=rows)
    def heartbeat(self, pair: Pair) -> None:
        assert pair is None or self.sql.heartbeat(pair[0], 20) == self.fake.heartbeat(pair[1], 20)

    @rule(pair=rows)
    def absorb(self, pair: Pair) -> None:
        assert pair is None or self.sql.absorb(pair[0]) == self.fake.absorb(pair[1])

    @rule(seconds=st.sampled_from([1, 10, 30]))
    def tick(self, seconds: float) -> None:
        self.clock.tick(seconds)

    @rule()
    def forget(self) -> None:
        before = self.clock.now() - 20
        assert self.sql.forget(before) == self.fake.forget(before)

    @invariant()
    def they_agree(self) -> None:
        assert self.sql.counts() == self.fake.counts()
        assert self.sql.next_due() == self.fake.next_due()
        assert [d.key for d in self.sql.dead()] == [d.key for d in self.fake.dead()]


def _template(directory: Path) -> Path:
    global _MIGRATED  # noqa: PLW0603  (one migration for all examples)
    path = directory / "a.sqlite3"
    if _MIGRATED is None:
        database = Database(f"sqlite:///{path}")
        migrate(database)
        database.close()
        _MIGRATED = path.read_bytes()
    path.write_bytes(_MIGRATED)
    return path


_MIGRATED: bytes | None = None

InboxMachine.TestCase.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestInbox = InboxMachine.TestCase
