"""What a digest is made of: facts of one scope, as they are now, and what happened in its span."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.change import Change
from bot.domain.digest_cards import Who
from bot.domain.drifting.incidents import Incident
from bot.domain.people import Person
from bot.domain.policy.model_windows import WindowRule
from bot.domain.retraining import Retraining
from bot.domain.stops import Stops


@dataclass(frozen=True)
class Span:
    """What "since the last one" means: after ``since``, until ``until``, in seconds since the epoch. ``late``: so many
    seconds after ``until`` it is told; ``several``: more than one digest was due in it."""

    since: float
    until: float
    late: float = 0.0
    several: bool = False

    def holds(self, moment: float | None) -> bool:
        """Spans follow each other without a gap, so everything is in exactly one."""
        return moment is not None and self.since < moment <= self.until


@dataclass(frozen=True)
class Deployed:
    """What runs in an environment; ``since`` then, where Git tells."""

    environment: str
    version: str
    since: float | None = None


@dataclass(frozen=True)
class Waits:
    """An open change, and what it waits for, in words."""

    change: Change
    words: str


@dataclass(frozen=True)
class DigestFacts:
    """``incidents`` are open, or were resolved in the span. ``deployed`` were merged in it; ``versions`` are those of
    the models that most is to be said of, and ``unshown`` counts the other models. ``models`` counts them all."""

    now: float
    span: Span
    scope: str = ""
    """In words; empty: everything."""
    models: int = 0
    incidents: tuple[Incident, ...] = ()
    outlined: bool = False
    """There are so many that only the worst have windows and figures."""
    worsens: float = 1.5
    """The factor from which on the policy calls it worse."""
    deployed: tuple[Change, ...] = ()
    waiting: tuple[Waits, ...] = ()
    """The oldest open changes; ``open_changes`` counts them all."""
    open_changes: int = 0
    stops: Stops = field(default_factory=Stops)
    windows: Mapping[str, tuple[WindowRule, ...]] = field(default_factory=dict)
    """By environment, in promotion order."""
    versions: Mapping[str, tuple[Deployed, ...]] = field(default_factory=dict)
    unshown: int = 0
    retrainings: tuple[Retraining, ...] = ()
    """Those that run."""
    logins: Mapping[Person, str] = field(default_factory=dict)
    pictured: bool = False
    """The sparklines are told by a picture."""

    @property
    def open(self) -> list[Incident]:
        """Those that are not resolved; snoozed ones too."""
        return [one for one in self.incidents if one.is_open]

    @property
    def opened(self) -> list[Incident]:
        """Those that began in the span, whatever became of them."""
        return [one for one in self.incidents if self.span.holds(one.opened)]

    @property
    def resolved(self) -> list[Incident]:
        """Those that ended in it."""
        return [one for one in self.incidents if self.span.holds(one.resolved)]

    def who(self, person: Person) -> Who:
        """Somebody, by name."""
        return Who(person, self.logins.get(person, ""))
