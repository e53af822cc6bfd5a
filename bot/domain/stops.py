"""Freezes and bans: what keeps an environment, or one version of a model, as it is. Facts in, gates out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.change import Action, Change, ChangeState, Intent, Rung
from bot.domain.gates import GateResult, GateState
from bot.domain.people import Person
from bot.domain.policy import validate_name
from bot.errors import Refused

FREEZE, BAN = "freeze", "ban"


@dataclass(frozen=True)
class Frozen:
    """Nothing merges in ``environment``, or, with a ``model``, none of its changes there. Times in seconds since the
    epoch; ``until`` None holds until it is lifted. ``id`` is the row that asked; ``login`` the asker's account."""

    environment: str
    model: str | None
    by: Person
    since: float
    id: str
    until: float | None = None
    reason: str | None = None
    login: str | None = None

    @property
    def place(self) -> str:
        """`production`, or `fraud-detector in production`."""
        return f"{self.model} in {self.environment}" if self.model else self.environment

    def holds(self, now: float) -> bool:
        """It ends by itself at ``until``, that moment no longer included."""
        return self.until is None or now < self.until

    def covers(self, model: str, environments: Collection[str]) -> bool:
        """Whether a change of the model that moves these environments is stopped."""
        return self.environment in environments and self.model in (None, model)


@dataclass(frozen=True)
class Banned:
    """One version of a model that must not be brought in anywhere."""

    model: str
    version: str
    by: Person
    since: float
    id: str
    reason: str | None = None
    login: str | None = None


@dataclass(frozen=True)
class Stops:
    """What the state branch says. A file that cannot be read has a fault instead: then nobody knows."""

    freezes: tuple[Frozen, ...] = ()
    bans: tuple[Banned, ...] = ()
    freezes_fault: str = ""
    bans_fault: str = ""

    def ban_of(self, model: str, version: str) -> Banned | None:
        """The ban of this version, if there is one."""
        return next((one for one in self.bans if (one.model, one.version) == (model, version)), None)

    def banned(self, model: str) -> frozenset[str]:
        """The model's banned versions."""
        return frozenset(one.version for one in self.bans if one.model == model)


@dataclass(frozen=True)
class Stoppable:
    """A change as freezes and bans see it. ``environments`` are all that it moves. ``obeys``: freezes hold it back.
    ``back``: it goes back, so what is not known must not keep it. ``leaves``: it only takes a version out again."""

    intent: Intent
    environments: frozenset[str]
    obeys: bool = True
    back: bool = False
    leaves: bool = False


def stoppable(change: Change, environments: Iterable[str], *, obey: bool) -> Stoppable:
    """The change as it is recorded. ``obey`` is the policy's word on swift rollbacks. The last step of a ladder that is
    given up takes a version out: no stop may keep that one in."""
    leaves = takes_out(change.rung)
    back = change.intent.action is Action.ROLLBACK or leaves
    obeys = (obey or not change.swift) and not leaves
    return Stoppable(change.intent, frozenset(environments), obeys, back, leaves)


def takes_out(rung: Rung | None) -> bool:
    """Whether a ladder ends here by taking its version out of the traffic. The first rung may have 0 % too: there the
    version comes in, and gets its traffic later."""
    return rung is not None and rung.percent == 0 and rung.index > 0


def stands_by(rung: Rung | None) -> bool:
    """Whether it was only brought into the slot that does not serve: there is nothing that could be taken back."""
    return rung is not None and rung.percent == 0 and rung.index == 0


def stop_gates(stops: Stops, one: Stoppable, now: float) -> tuple[GateResult, ...]:
    """A gate for each stop that concerns the change, and for each file that cannot be read. None where there is
    nothing to tell."""
    return (*_freeze_gates(stops, one, now), *_ban_gates(stops, one))


def _freeze_gates(stops: Stops, one: Stoppable, now: float) -> Iterable[GateResult]:
    if stops.freezes_fault:
        yield _not_known(FREEZE, stops.freezes_fault, one)
        return
    for frozen in holding(stops.freezes, now):
        if frozen.covers(one.intent.model, one.environments):
            end = frozen.until
            yield GateResult(
                FREEZE, GateState.FAIL, freeze_words(frozen), "no freeze", one.obeys, waits=True, passes_at=end
            )


def _ban_gates(stops: Stops, one: Stoppable) -> Iterable[GateResult]:
    if one.leaves:
        return
    if stops.bans_fault:
        yield _not_known(BAN, stops.bans_fault, one)
        return
    ban = stops.ban_of(one.intent.model, one.intent.to)
    if ban:
        yield GateResult(BAN, GateState.FAIL, ban_words(ban), "no ban")


def _not_known(name: str, fault: str, one: Stoppable) -> GateResult:
    return GateResult(name, GateState.UNKNOWN, fault, "a file that can be read", blocks=not one.back)


def holding(freezes: Iterable[Frozen], now: float) -> tuple[Frozen, ...]:
    """Those that have not ended."""
    return tuple(frozen for frozen in freezes if frozen.holds(now))


def freeze_words(frozen: Frozen) -> str:
    """`fraud in production frozen by ana until 2026-12-24 18:00 UTC: holidays`."""
    end = f" until {moment(frozen.until)}" if frozen.until is not None else " until somebody lifts it"
    return f"{frozen.place} frozen by {_who(frozen)}{end}{_why(frozen.reason)}"


def ban_words(ban: Banned) -> str:
    """`fraud 42 banned by ana on 2026-12-24 18:00 UTC: leaks labels`."""
    return f"{ban.model} {ban.version} banned by {_who(ban)} on {moment(ban.since)}{_why(ban.reason)}"


def _who(stop: Frozen | Banned) -> str:
    return stop.login or stop.by.user


def _why(reason: str | None) -> str:
    return f": {reason}" if reason else ""


def moment(seconds: float) -> str:
    """A time as texts show it that nobody's own time zone reaches."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


def offers(change: Change) -> tuple[str, ...]:
    """What the card of a merged rollback offers: to ban the version that was left, and to freeze the environment."""
    merged = change.state in (ChangeState.WATCHING, ChangeState.MERGED)
    if change.intent.action is not Action.ROLLBACK or not merged:
        return ()
    return (BAN, FREEZE) if _is_version(change.intent.frm) else (FREEZE,)


def _is_version(text: str | None) -> bool:
    """What stood there may be a raw value, or the name of a run: no version that could be banned."""
    try:
        return text is not None and bool(validate_name("version", text))
    except Refused:
        return False
