"""Which results of CI are news. Pure: what a branch was like, a look at one commit, what it is like now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain.ci import CiRun, CiState
from bot.domain.ci_branch import Alert, AlertGate, CiBranch, CiNews, GateStanding, NewsKind, Snooze

FLAP_SECONDS, FLAPS = 3600.0, 3
MOST_ALERTS, MOST_GATES = 40, 500
_KEPT_FLIPS = 10


@dataclass(frozen=True)
class Look:
    """The newest runs of a commit. ``passed`` are the commits known to come before it; None: it is the branch's head,
    so that it comes after all of them. ``snoozes`` are those of the repository's default branch."""

    sha: str
    runs: tuple[CiRun, ...]
    passed: frozenset[str] | None
    snoozes: Mapping[str, Snooze]
    now: float

    def after(self, sha: str) -> bool:
        """Whether this commit comes after that one; one that is not known comes before everything."""
        return sha != self.sha and (not sha or self.passed is None or sha in self.passed)

    def silent(self, gate: str) -> bool:
        """Whether the gate is snoozed now."""
        held = self.snoozes.get(gate)
        return held is not None and held.until > self.now


def fold(branch: CiBranch, look: Look) -> CiBranch:
    """The branch after the look; the same object where nothing moved. Looking twice at the same changes nothing."""
    state = _State(branch, look)
    for run in sorted(look.runs, key=lambda run: run.gate):
        if run.state in (CiState.SUCCESS, CiState.FAILURE):
            state.take(run)
    state.wake()
    return state.result()


def flapping(flips: tuple[float, ...], now: float) -> bool:
    """Whether something came back more than three times within the last hour."""
    return sum(at > now - FLAP_SECONDS for at in flips) > FLAPS


class _State:
    def __init__(self, branch: CiBranch, look: Look) -> None:
        self.branch, self.look = branch, look
        self.gates, self.alerts = dict(branch.gates), dict(branch.alerts)
        self.dirty, self.fresh = list(branch.dirty), list(branch.fresh)
        self.news: dict[tuple[str, NewsKind], CiNews] = {}

    def take(self, run: CiRun) -> None:
        """One result of a gate."""
        known, sha = self.gates.get(run.gate), self.look.sha
        same = known is not None and known.sha == sha
        if known is not None and (run.at < known.at if same else not self.look.after(known.sha)):
            self._late(known, run)
        elif run.state is CiState.FAILURE:
            self._failed(known, run)
        else:
            self._passed(known, run)

    def _late(self, known: GateStanding, run: CiRun) -> None:
        """An older commit than the newest that is known: no news; that it passed tells who is not to blame."""
        sha = self.look.sha
        if run.state is CiState.SUCCESS and known.sha != sha and self.look.after(known.green):
            self.gates[known.gate] = replace(known, green=sha)

    def _failed(self, known: GateStanding | None, run: CiRun) -> None:
        if known is None and not self._room():
            return
        base = known or GateStanding(run.gate, False, "", 0.0)
        if base.failing:
            now = replace(base, sha=self.look.sha, at=run.at)
            self.gates[run.gate] = now
            if now != base and now.card:
                self._show(now.card, run, failing=True)
            return
        begun = replace(base, failing=True, sha=self.look.sha, at=run.at, first=self.look.sha)
        if self.look.silent(run.gate):
            self.gates[run.gate] = replace(begun, card="", damped=False)
        elif flapping(base.flips, self.look.now) and base.card in self.alerts:
            self.gates[run.gate] = replace(begun, damped=True)
            self._show(base.card, run, failing=True, flaps=True)
        else:
            self.gates[run.gate] = replace(begun, card=self.look.sha, damped=False)
            self._tell(self.look.sha, run, base.green)

    def _passed(self, known: GateStanding | None, run: CiRun) -> None:
        sha, now = self.look.sha, self.look.now
        if known is None:
            if len(self.gates) < MOST_GATES:
                self.gates[run.gate] = GateStanding(run.gate, False, sha, run.at, green=sha)
            return
        back = replace(known, failing=False, sha=sha, at=run.at, green=sha)
        if not known.failing:
            self.gates[run.gate] = back
            return
        flips = (*(at for at in known.flips if at > now - FLAP_SECONDS), now)[-_KEPT_FLIPS:]
        self.gates[run.gate] = replace(back, flips=flips, damped=False)
        if known.card in self.alerts:
            often = flapping(flips, now)
            self._show(known.card, run, failing=False, flaps=often)
            if not (often or known.damped or self.look.silent(run.gate)):
                self._say(known.card, "back", run)

    def _room(self) -> bool:
        """Whether one more gate can be remembered that fails: the one that nothing was heard of for the longest time is
        forgotten for it. Names that hold a number or a date would fill it otherwise, and then nothing is news."""
        now = {run.gate for run in self.look.runs}
        gone = [one for gate, one in self.gates.items() if gate not in now]
        if len(self.gates) >= MOST_GATES and gone:
            del self.gates[min(gone, key=lambda one: (one.failing, one.at, one.gate)).gate]
        return len(self.gates) < MOST_GATES

    def wake(self) -> None:
        """What was kept quiet, and fails still when the quiet is over, is told."""
        over = {gate for gate, one in self.branch.snoozes.items() if one.until <= self.look.now}
        for gate, one in list(self.gates.items()):
            if not one.failing or self.look.silent(gate):
                continue
            shown = one.card in self.alerts
            run = CiRun(gate, CiState.FAILURE, one.at)
            if not shown and not one.card:
                self.gates[gate] = replace(one, card=one.first)
                self._tell(one.first, self._run_of(gate) or run, one.green)
            elif shown and (gate in over or (one.damped and not flapping(one.flips, self.look.now))):
                self.gates[gate] = replace(one, damped=False)
                self._show(one.card, self._run_of(gate) or run, failing=True)
                self._say(one.card, "still", run, one.sha)

    def _run_of(self, gate: str) -> CiRun | None:
        """Its run in this look, where that is what the gate stands on."""
        known = self.gates[gate]
        found = (run for run in self.look.runs if run.gate == gate and run.state is CiState.FAILURE)
        return next(found, None) if known.sha == self.look.sha else None

    def _tell(self, card: str, run: CiRun, green: str) -> None:
        """A failure that is news: a new card, or a word in the thread of the one that the commit has."""
        alert = self.alerts.get(card)
        if alert is None:
            self.alerts[card] = Alert(card, self.look.now, green)
            self.fresh.append(card)
        elif card not in self.fresh:
            again = any(one.gate == run.gate for one in alert.gates)
            self._say(card, "again" if again else "too", run)
        elif green and not alert.green:
            self.alerts[card] = replace(alert, green=green)
        self._show(card, run, failing=True)

    def _show(self, card: str, run: CiRun, *, failing: bool, flaps: bool = False) -> None:
        alert = self.alerts.get(card)
        if alert is None:
            return
        sha = self.gates[run.gate].sha
        known = next((one for one in alert.gates if one.gate == run.gate), None)
        shown = known or AlertGate(run.gate, failing, sha, run.at)
        if failing and (known is None or not known.failing or run.summary):
            shown = replace(shown, summary=run.summary, url=run.url or "", excerpt="", dressed=False)
        if known and known.failing and failing and known.excerpt:
            shown = replace(shown, excerpt=known.excerpt, dressed=True)  # why it fails first is what helps
        self.alerts[card] = alert.with_gate(replace(shown, failing=failing, sha=sha, at=run.at, flapping=flaps))
        if card not in self.dirty:
            self.dirty.append(card)

    def _say(self, card: str, kind: NewsKind, run: CiRun, sha: str = "") -> None:
        known = self.news.get((card, kind))
        gates = (*(known.gates if known else ()), run.gate)
        at = max(run.at, known.at if known else 0.0)
        self.news[card, kind] = CiNews(card, kind, gates, sha or self.look.sha, at)

    def result(self) -> CiBranch:
        snoozes = {gate: one for gate, one in self.branch.snoozes.items() if one.until > self.look.now}
        made = replace(
            self.branch,
            gates=self.gates,
            alerts=_newest(self.alerts),
            snoozes=snoozes,
            dirty=tuple(self.dirty),
            fresh=tuple(self.fresh),
            news=(*self.branch.news, *self.news.values()),
        )
        return self.branch if made == self.branch else replace(made, at=self.look.now)


def _newest(alerts: Mapping[str, Alert]) -> dict[str, Alert]:
    """Those that fail first, then the newest ones: the cards of the others stay as they are."""
    kept = sorted(alerts.values(), key=lambda one: (one.failing, one.opened), reverse=True)[:MOST_ALERTS]
    return {one.sha: one for one in sorted(kept, key=lambda one: one.opened)}
