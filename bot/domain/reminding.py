"""When those who may approve are reminded, and when a change that nobody cares for is closed. Pure.

A reminder that came due while the bot was down, or in quiet hours, is not made up for: only the newest one is told.
"""

from __future__ import annotations

from collections.abc import Iterable

from ulid import ULID

from bot.domain.cards import Stage, ThreadNews
from bot.domain.change import Change
from bot.domain.durations import lasting
from bot.domain.facts import ForgeReview
from bot.domain.policy.model_windows import RemindRule
from bot.domain.reconcile_actions import Say
from bot.domain.snapshot import Snapshot
from bot.domain.windows import after_quiet, in_words
from bot.domain.wording import step

MOST = 6
"""So often a review is asked for again, until somebody does something."""
MARK = "remind:"
WAITS_FOR_PEOPLE = frozenset({Stage.REVIEW, Stage.BLOCKED, Stage.HELD})


def last_act(change: Change, reviews: Iterable[ForgeReview], now: float) -> float:
    """When people last did something to it: asked for it, reviewed it, held it, joined, waived a gate. What is told
    of a deed ends in the id of the row that brought it, a ULID, which says when (https://github.com/ulid/spec)."""
    told = (_time_of(remark.mark) for remark in change.remarks if remark.by is not None)
    given = (review.submitted_at for review in reviews if not review.robot)
    waived = (waiver.at for waiver in change.waivers)
    return max(at for at in (change.created_at, *told, *given, *waived) if at <= max(now, change.created_at))


def _time_of(mark: str) -> float:
    try:
        return float(ULID.from_str(mark.rpartition(":")[2]).timestamp)
    except ValueError:
        return 0.0


def due(rule: RemindRule, since: float, now: float) -> int:
    """The number of the newest reminder that is due, counted from 1; 0: none. ``since``: when people last acted."""
    if rule.remind <= 0:
        return 0
    number = min(MOST, int((now - since) // rule.remind))
    while number > 0 and _due_at(rule, since, number) > now:
        number -= 1
    return max(0, number)


def next_due(rule: RemindRule, since: float, now: float) -> float | None:
    """When the next reminder is due; None where there is none."""
    number = due(rule, since, now) + 1
    return _due_at(rule, since, number) if rule.remind > 0 and number <= MOST else None


def _due_at(rule: RemindRule, since: float, number: int) -> float:
    return after_quiet(rule.quiet, since + number * rule.remind)


def expires_at(rule: RemindRule, since: float) -> float | None:
    """When it is closed if nobody does anything; None: never."""
    return since + rule.expire if rule.expire > 0 else None


def may_expire(seen: Snapshot, at: Stage) -> bool:
    """Only what waits for people is given up: not what waits for a freeze, a window or a soak to end, nor what people
    opened themselves."""
    if not seen.judged or seen.change.by_hand:
        return False
    if at is Stage.APPROVED:
        return not seen.stuck or not all(gate.waits or gate.passes_at is not None for gate in seen.stuck)
    return at in WAITS_FOR_PEOPLE


def expired(seen: Snapshot, at: Stage) -> str:
    """Why it is closed now; empty while it is not."""
    end = expires_at(seen.reminding, seen.last_act)
    if end is None or seen.now < end or not may_expire(seen, at):
        return ""
    return f"Expired: nobody did anything to it for {lasting(seen.reminding.expire)}."


def reminders(seen: Snapshot, at: Stage) -> list[Say]:
    """The reminder that the thread should hold by now."""
    number = due(seen.reminding, seen.last_act, seen.now)
    if at is not Stage.REVIEW or not number:
        return []
    need = seen.tally.required - seen.tally.approvals
    text = f"{need} more approval{'s' if need > 1 else ''} needed, for {lasting(seen.now - seen.last_act)} now."
    end = expires_at(seen.reminding, seen.last_act)
    if number == MOST and end is not None:
        text += f" It is closed {in_words(end)} if nothing happens to it."
    news = ThreadNews(f"Still needs review: {step(seen.change.intent)}", text, seen.approvers)
    return [Say(f"{MARK}{seen.last_act:.0f}:{number}", news, gather=True)]


def next_look(seen: Snapshot, at: Stage) -> float | None:
    """When time alone will change something about an open change: a gate passes or closes, a reminder is due, it
    expires."""
    ends = [gate.passes_at for gate in seen.stuck if gate.passes_at is not None]
    more = [seen.closes_at]
    if at is Stage.REVIEW:
        more.append(next_due(seen.reminding, seen.last_act, seen.now))
    if may_expire(seen, at):
        more.append(expires_at(seen.reminding, seen.last_act))
    return min([*ends, *(moment for moment in more if moment is not None and moment > seen.now)], default=None)
