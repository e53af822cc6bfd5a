"""What is remembered of the CI of one branch: which gates fail, since which commit, and what was told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

NewsKind = Literal["too", "again", "back", "still"]
"""``too``: another gate fails on a commit that was told already; ``again``: one that had come back; ``back``: it passes
again; ``still``: it fails still, now that a snooze or its flapping is over."""


@dataclass(frozen=True)
class GateStanding:
    """The newest result of one gate of a branch: on the commit ``sha``, at the time ``at``.

    ``green`` is the newest commit on which it passed, ``first`` the one on which the present failure began, ``card``
    the one whose card shows that failure; each is empty where there is none. ``flips``: when it came back, lately.
    """

    gate: str
    failing: bool
    sha: str
    at: float
    green: str = ""
    first: str = ""
    card: str = ""
    flips: tuple[float, ...] = ()
    damped: bool = False
    """It fails and comes back so often that it is told on the card alone."""


@dataclass(frozen=True)
class AlertGate:
    """A gate as a card shows it: its state on the commit ``sha``, which is ``since`` commits after the card's."""

    gate: str
    failing: bool
    sha: str
    at: float
    since: int = 0
    summary: str = ""
    excerpt: str = ""
    url: str = ""
    flapping: bool = False
    dressed: bool = False
    """The excerpt was asked for."""


@dataclass(frozen=True)
class Suspect:
    """A commit since the last one that passed. ``login`` is the author's account, "" where the forge knows none."""

    sha: str
    subject: str
    author: str
    login: str = ""


@dataclass(frozen=True)
class Alert:
    """One card: what failed first on the commit ``sha``. ``opened`` is our own time, in seconds since the epoch."""

    sha: str
    opened: float
    green: str = ""
    gates: tuple[AlertGate, ...] = ()
    channels: tuple[str, ...] = ()
    """Where it is told; decided when it is first told."""
    suspects: tuple[Suspect, ...] = ()
    more: int = 0
    """How many suspects are not listed."""
    compare: str = ""
    asked: bool = False
    """The suspects were asked for."""

    @property
    def failing(self) -> bool:
        """Whether one of its gates still fails."""
        return any(one.failing for one in self.gates)

    def with_gate(self, gate: AlertGate) -> Alert:
        """The same with this gate in the place of the one of its name, or added at the end."""
        if any(one.gate == gate.gate for one in self.gates):
            return replace(self, gates=tuple(gate if one.gate == gate.gate else one for one in self.gates))
        return replace(self, gates=(*self.gates, gate))


@dataclass(frozen=True)
class CiNews:
    """Something to be said in the thread of a card, once; ``sha`` and ``at`` are of the newest run that says so."""

    card: str
    kind: NewsKind
    gates: tuple[str, ...]
    sha: str
    at: float


@dataclass(frozen=True)
class Snooze:
    """Nothing is said of a gate until then, in seconds since the epoch. ``by`` as `slack:T/U`."""

    until: float
    by: str
    reason: str = ""


@dataclass(frozen=True)
class CiBranch:
    """All of it. ``dirty`` are the commits whose cards do not show yet what is known, ``news`` what is not said yet:
    they are written down before anything is shown, and taken out when it was."""

    repo: str
    branch: str
    at: float = 0.0
    main: bool = True
    """The default branch, of which a failure is remembered for as long as it lasts."""
    gates: Mapping[str, GateStanding] = field(default_factory=dict, hash=False)
    alerts: Mapping[str, Alert] = field(default_factory=dict, hash=False)
    snoozes: Mapping[str, Snooze] = field(default_factory=dict, hash=False)
    dirty: tuple[str, ...] = ()
    fresh: tuple[str, ...] = ()
    """Of the dirty ones, those that nobody was told of before."""
    news: tuple[CiNews, ...] = ()

    @property
    def failing(self) -> bool:
        """Whether anything fails, by the newest result of each gate."""
        return any(one.failing for one in self.gates.values())

    def settled(self) -> CiBranch:
        """The same, once everything was shown and said."""
        return replace(self, dirty=(), fresh=(), news=())
