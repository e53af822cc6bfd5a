"""Open, acknowledged, snoozed, resolved: whatever happens in whatever order."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.domain.drifting.incidents import Incident, IncidentState
from bot.domain.drifting.snoozing import snoozed, taken, woken
from bot.domain.drifting.telling import told
from bot.domain.drifting.windows import Severity, Verdict
from bot.domain.people import Person
from tests.domain.drifting.stories import ANA, BEN, Story, window


class Machine(RuleBasedStateMachine):
    """One track with two monitors, people who click, and a clock."""

    def __init__(self) -> None:
        super().__init__()
        self.story, self.minute = Story(), 0
        self.said: list[str] = []

    def _known(self) -> bool:
        return self.story.incident is not None

    @rule(bad=st.booleans(), score=st.sampled_from([1.0, 1.2, 2.0, 3.5, 8.0]), monitor=st.sampled_from("ab"))
    def hear(self, bad: bool, score: float, monitor: str) -> None:
        """A window comes in."""
        was = self.story.incident
        before = set[str]() if was is None else {one.mark for one in was.news}
        self.minute += 1
        self.story.take(window("B", self.minute, monitor, score=score) if bad else window("F", self.minute, monitor))
        now = self.story.incident
        fresh = [] if now is None else [one for one in now.news if one.mark not in before]
        if was is not None and now is not None and was.snooze is not None and was.snooze.until > self.story.now:
            self._quiet(was, now, [one.kind for one in fresh])

    def _quiet(self, was: Incident, now: Incident, fresh: list[str]) -> None:
        """While it is snoozed nothing is said but that the snooze broke, and that only where it is worse."""
        assert was.state in (IncidentState.SNOOZED, IncidentState.RESOLVED)
        if "snooze_broke" in fresh:
            assert was.snooze is not None
            worse = (now.score or 0) >= (was.snooze.score or 0) * self.story.rule.worsens
            assert worse or (now.severity is Severity.CRITICAL and was.severity is not Severity.CRITICAL)
        elif now.id == was.id:
            assert not fresh

    @precondition(_known)
    @rule(who=st.sampled_from([ANA, BEN]))
    def take(self, who: Person) -> None:
        """I'm on it, clicked twice."""
        once = taken(self.story.it, who, self.story.now)
        assert taken(once, who, self.story.now + 1) is once
        stays = self.story.it.state in (IncidentState.SNOOZED, IncidentState.RESOLVED)
        assert once.state is (self.story.it.state if stays else IncidentState.ACKNOWLEDGED)
        self.story.incident = once

    @precondition(_known)
    @rule(seconds=st.sampled_from([2.0, 30.0, 7200.0]))
    def snooze(self, seconds: float) -> None:
        """Somebody snoozes it; a second try of the row changes nothing."""
        now = self.story.now
        once = snoozed(self.story.it, ANA, now + seconds, "known", now)
        assert snoozed(once, ANA, now + seconds, "known", now + 1) is once
        if self.story.it.is_open:
            assert once.state is IncidentState.SNOOZED
            assert not {one.kind for one in once.news} & {"worse", "critical", "reopened"}
        self.story.incident = once

    @precondition(_known)
    @rule(seconds=st.sampled_from([1.0, 40.0, 7200.0]))
    def wait(self, seconds: float) -> None:
        """Time goes by, and the look comes that the snooze asked for."""
        self.story.now += seconds
        was = self.story.it
        once = woken(was, self.story.now)
        assert woken(once, self.story.now) is once
        over = was.state is IncidentState.SNOOZED and was.snooze is not None and was.snooze.until <= self.story.now
        assert (once.state is not IncidentState.SNOOZED) == (over or was.state is not IncidentState.SNOOZED)
        assert ("snooze_ended" in [one.kind for one in once.news if one not in was.news]) == over
        self.story.incident = once

    @precondition(_known)
    @rule()
    def tell(self) -> None:
        """What is news is told and taken off."""
        marks = [one.mark for one in self.story.it.news]
        self.said += marks
        self.story.incident = told(self.story.it, marks)
        assert told(self.story.it, marks) is self.story.it

    @invariant()
    def told_once(self) -> None:
        """No mark is told twice, and nothing stands twice."""
        waiting = [] if self.story.incident is None else [one.mark for one in self.story.it.news]
        assert len(set(waiting)) == len(waiting)
        assert not {one for one in waiting if one.endswith((":opened", ":contradicted"))} & set(self.said)

    @invariant()
    def is_whole(self) -> None:
        """What belongs together."""
        it = self.story.incident
        if it is None:
            return
        assert it.is_open == (it.resolved is None) == (it.ended == "")
        assert it.state is not IncidentState.SNOOZED or it.snooze is not None
        assert it.state is not IncidentState.ACKNOWLEDGED or it.owner is not None
        assert it.state is not IncidentState.OPEN or it.owner is None
        assert (it.peak or 0) >= (it.score or 0)
        assert not it.is_open or any(word.since is not None for word in it.says)
        assert it.is_open or all(word.verdict is not Verdict.BAD for word in it.says if word.since is not None)


TestMachine = Machine.TestCase
TestMachine.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
