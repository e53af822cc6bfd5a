"""What monitors say, taken in: folded into what is known of the model there, and shown where it opened or changed an
incident. What no name of the policy fits is nobody's: that is remembered for doctor, and nothing else is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ulid import ULID

from bot.domain.commands import JoinStorm, LookIncident, Reconcile, TakeDrift
from bot.domain.drifting.folding import Frame, fold
from bot.domain.drifting.incidents import Incident, Track
from bot.domain.drifting.resolving import after_change
from bot.domain.drifting.windows import Kind, Window
from bot.domain.policy import Policy
from bot.errors import Refused, Stale
from bot.ports import IncidentLog, Row
from bot.usecases.context import Context
from bot.usecases.drift_names import Names
from bot.usecases.drift_strangers import note_strangers
from bot.usecases.incident_audit import entries
from bot.usecases.incident_card import subject_of
from bot.usecases.repo import Repo
from bot.usecases.storm import ask_storm

TRIES, DAY = 20, 86400.0
SOON_SECONDS = 2.0
"""So long a card waits for what else is said meanwhile."""
PAUSE_SECONDS, UNREADABLE = 300.0, 288
"""While the policy cannot be read, so often it is looked at again, and so many times: for a day."""


@dataclass(frozen=True)
class Taken:
    """What a track's windows changed: its incident before and after them."""

    was: Incident | None
    now: Incident | None


def take_drift(ctx: Context, repo: Repo, row: Row, command: TakeDrift) -> None:
    """Carry out the row. A second try finds the windows known, and puts the same follow-ups under the same keys."""
    log = ctx.incident_log
    if log is None:
        return
    try:
        policy, names = _policy(ctx, repo)
    except Refused:  # somebody will mend it, and what was said until then counts
        _when_readable(ctx, row, command)
        return
    note_strangers(ctx, names, command.windows)
    for (model, environment, kind), windows in names.resolved(command.windows).items():
        taken = _taken(ctx, policy, log, (model, environment, kind), windows)
        _follow_up(ctx, policy, taken, windows)


def _policy(ctx: Context, repo: Repo) -> tuple[Policy, Names]:
    head = ctx.checkout.head()
    policy = repo.policy(head)
    return policy, Names(policy, repo.fleet.view(head).models)


def _when_readable(ctx: Context, row: Row, command: TakeDrift) -> None:
    base, _, count = row.key.partition(":unreadable:")
    turn = int(count or 0) + 1
    if turn <= UNREADABLE:
        ctx.inbox.put(f"{base}:unreadable:{turn}", command, delay=PAUSE_SECONDS)


def _taken(
    ctx: Context, policy: Policy, log: IncidentLog, target: tuple[str, str, Kind], windows: Sequence[Window]
) -> Taken:
    """Raises Stale where others keep saving the same."""
    for left in reversed(range(TRIES)):
        try:
            return _once(ctx, policy, log, target, windows)
        except Stale:
            if not left:
                raise
    raise AssertionError("unreachable")


def _once(
    ctx: Context, policy: Policy, log: IncidentLog, target: tuple[str, str, Kind], windows: Sequence[Window]
) -> Taken:
    model, environment, kind = target
    known = log.track(*target) or Track(model=model, environment=environment, kind=kind)
    was = log.last(*target)
    frame = _frame(ctx, policy, log, target)
    track, now = fold(known, was, windows, frame)
    if now is not None and now is not was and not now.is_open:
        now = _ended(ctx, now)
    if track is not known or now is not was:
        changed = () if now is None or now == was else (now,)
        log.save(track if track is not known else None, changed, *entries(ctx, was, now))
        now = now.model_copy(update={"revision": now.revision + 1}) if changed and now else now
    return Taken(was, now)


def _frame(ctx: Context, policy: Policy, log: IncidentLog, target: tuple[str, str, Kind]) -> Frame:
    model, environment, kind = target
    now = ctx.clock.now()
    beside = tuple(one for one in log.open(model, environment) if one.kind is not kind)
    name = str(ULID.from_timestamp(now))
    return Frame(policy.drift.incident, now, name, policy.channel_for(environment), beside)


def _ended(ctx: Context, incident: Incident) -> Incident:
    """Whether another version went in while it was open: that may be what ended it."""
    newest = next(iter(ctx.changes.merged_for(incident.model, incident.environment, 1)), None)
    if newest is None or newest.merged_at is None:
        return incident
    return after_change(incident, newest.intent.to, newest.merged_at)


def _follow_up(ctx: Context, policy: Policy, taken: Taken, windows: Sequence[Window]) -> None:
    """Under keys that tell nothing but what is written down, so that whoever dies on the way loses none."""
    one = taken.now
    if one is None or not (one.is_open or one.at >= min(window.at for window in windows)):
        return
    if ctx.clock.now() - one.opened < DAY:  # finished rows are forgotten, and an old one joins no storm
        ctx.inbox.put(f"incident:{one.id}:joins", JoinStorm(incident=one.id))
    if one.storm:
        ask_storm(ctx, one.storm)
    elif one.revision > 1:
        ctx.inbox.put(f"incident:{one.id}:{one.revision}", _look(ctx, one), delay=SOON_SECONDS)
    look_at_changes(ctx, policy, one)


def _look(ctx: Context, one: Incident) -> JoinStorm | LookIncident:
    """What has no card yet may be one of many: it is looked at behind whoever decides that."""
    young = ctx.clock.now() - one.opened < DAY
    shown = ctx.posts.get(subject_of(one.card), "card") is not None
    return LookIncident(incident=one.card) if shown or not young else JoinStorm(incident=one.id)


def look_at_changes(ctx: Context, policy: Policy, one: Incident) -> None:
    """The model's open changes are judged anew when an incident opens or ends, since gates may be about it: those of
    other environments too, which may share values with this one."""
    turn = f"{'open' if one.is_open else 'over'}:{max((one.opened, *one.bounces)):.3f}"
    for environment in policy.environments:
        change = ctx.changes.open_for(one.model, environment.name)
        if change is not None and change.number is not None:
            ctx.inbox.put(f"incident:{one.id}:{turn}:{change.id}", Reconcile(number=change.number))
