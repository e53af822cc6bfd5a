"""Windows in a few letters, folded: `B` bad, `F` fine, `U` unknown, one a minute of data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.domain.drifting.folding import Frame, fold
from bot.domain.drifting.incidents import Incident, Track
from bot.domain.drifting.windows import Kind, Verdict, Window
from bot.domain.people import Person
from bot.domain.policy.model_drift import IncidentRule

NOW = 1_798_000_000.0
ANA, BEN = (Person(team="T", user=user) for user in ("U1", "U2"))
VERDICTS = {"B": Verdict.BAD, "F": Verdict.FINE, "U": Verdict.UNKNOWN}
SCORES = {"B": 1.2, "F": 0.5, "U": None}


def window(letter: str, minute: float, monitor: str = "m", **more: Any) -> Window:
    """One window that ended in this minute."""
    given: dict[str, Any] = {"source": "json", "kind": Kind.DRIFT, "score": SCORES[letter], "at": minute * 60}
    given |= {"monitor": monitor, "model": "fraud", "environment": "production", "verdict": VERDICTS[letter]}
    return Window(**(given | more))


def windows(letters: str, start: int = 1, **more: Any) -> list[Window]:
    """One window a letter, a minute apart."""
    return [window(letter, start + place, **more) for place, letter in enumerate(letters)]


class Story:
    """A track and its incident; windows come in, a second apart unless they come together."""

    def __init__(self, rule: IncidentRule | None = None, beside: tuple[Incident, ...] = ()) -> None:
        self.rule, self.beside, self.now, self._count = rule or IncidentRule(), beside, NOW, 0
        self.track = Track(model="fraud", environment="production", kind=Kind.DRIFT)
        self.incident: Incident | None = None

    def take(self, *found: Window) -> None:
        """They come in one row."""
        self.now += 1
        self._count += 1
        frame = Frame(self.rule, self.now, f"I{self._count}", "#ml", self.beside)
        self.track, self.incident = fold(self.track, self.incident, found, frame)

    def each(self, found: Iterable[Window]) -> Story:
        """They come one by one."""
        for one in found:
            self.take(one)
        return self

    @property
    def it(self) -> Incident:
        """The incident, which there is."""
        assert self.incident is not None
        return self.incident

    def news(self) -> list[str]:
        """The kinds of what was said, in order."""
        return [one.kind for one in self.it.news] if self.incident else []

    def state(self) -> str:
        return self.incident.state.value if self.incident else "none"


def settled(letter: str, minute: float, monitor: str, **more: Any) -> Window:
    """What an alert says, by which it fires or does not."""
    return window(letter, minute, monitor, settled=True, score=None, **more)


def parts(story: Story) -> Mapping[str, Any]:
    """What must not depend on how windows came, apart from the moments of our own clock."""
    own = {"id", "card", "opened", "resolved", "news", "bounces", "heard"}
    return {} if story.incident is None else story.incident.model_dump(exclude=own)
