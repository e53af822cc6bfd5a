"""After the merge: from a rollout to what is missing. Run on a settled one it gives nothing to do.

The record comes first, then the card and its thread, then what a rule does about it; the end of watching comes last.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.cards import ChangeCard, Stage, ThreadEvent, ThreadNews
from bot.domain.change import Action, Change
from bot.domain.change_timing import Timing
from bot.domain.durations import lasting
from bot.domain.people import Person
from bot.domain.policy import RolloutRule
from bot.domain.reconcile_actions import Say, ShowCard
from bot.domain.rollout import Rollout, RolloutState
from bot.domain.waive_cards import waiver_lines
from bot.domain.watch_words import note, times
from bot.domain.wording import edit_lines, one_line, step

STAGES = {
    RolloutState.WAITING: Stage.MERGED,
    RolloutState.SYNCING: Stage.SYNCING,
    RolloutState.PROGRESSING: Stage.PROGRESSING,
    RolloutState.HEALTHY: Stage.LIVE,
    RolloutState.DEGRADED: Stage.DEGRADED,
    RolloutState.FAILED: Stage.FAILED,
    RolloutState.SILENT: Stage.SILENT,
    RolloutState.STALLED: Stage.STALLED,
    RolloutState.REPLACED: Stage.REPLACED,
}


@dataclass(frozen=True)
class Watched:
    """One merged change and its rollout. ``back_to`` is the version that one tap would go back to; ``replaced_by`` the
    number of the pull request that took its place, where it was one."""

    change: Change
    rollout: Rollout
    rule: RolloutRule
    notify: tuple[str, ...]
    now: float
    back_to: str | None = None
    back_healthy: bool = False
    """An engine told that the version to go back to was healthy."""
    replaced_by: int | None = None
    serving: str = ""
    ladder: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """What else is to be said of it, in sentences."""
    by_rule: str = ""
    """Why a rule asked for it, where nobody did."""
    page: str = ""
    """The signed link to its details page; empty where there is none."""

    @property
    def whole(self) -> bool:
        """All of the traffic is meant to go to it."""
        return self.change.rung is None or self.change.rung.percent == 100


@dataclass(frozen=True)
class Record:
    """Write down when it was first healthy and first bad."""

    healthy_at: float | None
    degraded_at: float | None


@dataclass(frozen=True)
class MarkVersion:
    """Set the registry's alias and tags: it runs, and it is healthy."""


@dataclass(frozen=True)
class AskRollback:
    """The policy's rule asks to take it back; ``merge``: and may merge that by itself. ``since``: when it went bad."""

    merge: bool
    since: float = field(default=0.0, compare=False)


@dataclass(frozen=True)
class EndWatch:
    """Watching is over."""

    outcome: RolloutState


Action_ = Record | ShowCard | Say | MarkVersion | AskRollback | EndWatch


def watch(seen: Watched, said: frozenset[str]) -> list[Action_]:
    """What is missing. ``said`` are the marks that the thread has."""
    change, rollout = seen.change, seen.rollout
    actions: list[Action_] = []
    if (change.healthy_at, change.degraded_at) != (rollout.healthy_at, rollout.bad_at):
        actions.append(Record(rollout.healthy_at, rollout.bad_at))
    actions.append(ShowCard(card(seen)))
    actions += [say for say in thread(seen) if say.mark not in said]
    if rollout.state is RolloutState.HEALTHY and seen.whole:
        actions.append(MarkVersion())
    if asks_back(seen):
        actions.append(AskRollback(seen.rule.on_degraded == "rollback", rollout.since))
    if not rollout.watching:
        actions.append(EndWatch(rollout.state))
    return actions


def asks_back(seen: Watched) -> bool:
    """The rule acts once a change, on what went bad while it was watched, and never on a rollback: that would go to and
    fro."""
    rollout, change = seen.rollout, seen.change
    in_time = rollout.relapsed_at is not None and rollout.relapsed_at <= rollout.watched_until
    acts = seen.rule.on_degraded != "notify" and change.auto is None and change.intent.action is not Action.ROLLBACK
    return rollout.state.bad and in_time and acts


def card(seen: Watched) -> ChangeCard:
    """The card as it should stand now."""
    change, intent = seen.change, seen.change.intent
    bad = seen.rollout.state.bad
    return ChangeCard(
        change=change.id,
        digest=intent.digest,
        number=change.number or 0,
        url=change.url or "",
        action=intent.action,
        model=intent.model,
        environment=intent.environment,
        frm=intent.frm,
        to=intent.to,
        stage=STAGES[seen.rollout.state],
        requesters=change.requesters,
        reason=change.reason,
        metrics=(),
        gates=(),
        approvals=0,
        required=0,
        reviews=(),
        edits=edit_lines(intent),
        note=" ".join([_note(seen), *seen.notes]),
        can_decide=False,
        back_to=seen.back_to if seen.rollout.state is not RolloutState.REPLACED else None,
        owner=change.owner,
        can_take_on=bad,
        serving=seen.serving,
        ladder=seen.ladder,
        percent=intent.percent,
        by_rule=seen.by_rule,
        details=seen.page,
        times=times(seen.rollout, change, seen.now),
        stops=seen.stops,
        timing=Timing(glass=change.glass),
        waivers=waiver_lines(change.waivers, intent.digest, None),
    )


def _note(seen: Watched) -> str:
    last = seen.back_to if seen.back_healthy else None
    return note(seen.rollout, seen.rule, seen.change, last, seen.replaced_by)


def thread(seen: Watched) -> list[Say]:
    """What the thread should hold by now. Only a transition speaks, and what is over is not told as news."""
    rollout, change = seen.rollout, seen.change
    says: list[Say] = []
    if rollout.healthy_at is not None and rollout.state is not RolloutState.REPLACED:
        says.append(Say("healthy", ThreadEvent(f"Healthy {_after(seen, rollout.healthy_at)}.", to=_waited(seen))))
    if rollout.state.bad:
        says.append(_bad(seen))
    elif rollout.episode and rollout.state is RolloutState.HEALTHY:
        says.append(Say(f"recovered:{rollout.episode}", ThreadEvent("Healthy again.")))
    if rollout.state in (RolloutState.SILENT, RolloutState.STALLED):
        says.append(_unclear(seen))
    if change.owner is not None:
        says.append(Say(f"owner:{change.owner}", ThreadEvent("is on it", change.owner)))
    if change.auto:
        says.append(Say("auto", ThreadEvent(change.auto)))
    return says


def _waited(seen: Watched) -> tuple[Person, ...]:
    """Those who asked hear that it is live: all of the traffic, not a step."""
    return seen.change.requesters if seen.whole else ()


def _bad(seen: Watched) -> Say:
    state = seen.rollout.state.value.upper()
    text = _note(seen)
    news = ThreadNews(
        f"{state}: {step(seen.change.intent)}",
        text,
        seen.notify,
        broadcast=True,
        change=seen.change.id,
        back_to=seen.back_to,
    )
    return Say(f"bad:{seen.rollout.episode}", news, broadcast=True)


def _unclear(seen: Watched) -> Say:
    state = seen.rollout.state
    headline = f"{STAGES[state].value}: {step(seen.change.intent)}"
    text = _note(seen)
    return Say(state.value, ThreadNews(headline, text, seen.notify, broadcast=True), broadcast=True)


def _after(seen: Watched, at: float) -> str:
    return f"{lasting(at - (seen.change.merged_at or at))} after the merge"


def version_tags(change: Change) -> dict[str, str]:
    """What a version that is healthy carries in the registry, per environment."""
    intent = change.intent
    prefix = f"slackops.{intent.environment}"
    told = {"change": change.id, "commit": change.merge_commit or "", "environment": intent.environment}
    return {f"{prefix}.{name}": one_line(value) for name, value in told.items() if value}
