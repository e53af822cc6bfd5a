"""How well one model is delivered into one environment: the four keys of https://dora.dev/guides/dora-metrics/, from
plain facts about what came in and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from bot.domain.cards import DeliveryLine
from bot.domain.durations import lasting

DAYS = 28
DAY = 86_400.0


@dataclass(frozen=True)
class Arrival:
    """A version came into an environment. Times are seconds since the epoch.

    ``at`` is its merge, or the time of a commit that people made; ``back``: it took another version away, as a rollback
    and the end of an aborted ladder do. ``asked_at`` is when it was asked for, None outside SlackOps. ``live_at`` is
    when it was first healthy, its merge where no engine told, None while or if it never was; ``bad_at`` when it was
    first degraded or failed. ``healed``: it was bad after that, and well again by itself, nobody knows when.
    """

    at: float
    back: bool = False
    outside: bool = False
    asked_at: float | None = None
    live_at: float | None = None
    bad_at: float | None = None
    healed: bool = False


def measured(environment: str, arrivals: Iterable[Arrival], now: float, days: int = DAYS) -> DeliveryLine:
    """The numbers of the last ``days``. Give arrivals from before as well: they say nothing, and do no harm."""
    order = sorted(arrivals, key=lambda one: one.at)
    since = now - days * DAY
    places = [place for place, one in enumerate(order) if not one.back and one.at >= since]
    failed = [place for place in places if _failed(order, place)]
    restored = [_restored(order, place) for place in failed]
    pairs = zip(failed, restored, strict=True)
    return DeliveryLine(
        environment=environment,
        days=days,
        deployments=len(places),
        lead_time=_median([_lead(order[place]) for place in places]),
        failure_rate=len(failed) / len(places) if places else None,
        time_to_restore=_median(restored),
        outside=sum(order[place].outside for place in places),
        broken=any(lasted is None and not order[place].healed for place, lasted in pairs),
    )


def _failed(order: Sequence[Arrival], place: int) -> bool:
    """It was bad while it was watched, or the next thing that happened was that it was taken away."""
    left = place + 1 < len(order) and order[place + 1].back
    return order[place].bad_at is not None or left


def _lead(one: Arrival) -> float | None:
    """Clocks differ: what was live before it was asked for took no time."""
    return None if one.asked_at is None or one.live_at is None else max(0.0, one.live_at - one.asked_at)


def _restored(order: Sequence[Arrival], place: int) -> float | None:
    """From bad, else from the merge, until it was well by itself or the next one that ran did; None where not yet."""
    one = order[place]
    began = one.at if one.bad_at is None else one.bad_at
    if one.bad_at is not None and one.live_at is not None and one.live_at >= began:
        return one.live_at - began
    later = (next_.live_at for next_ in order[place + 1 :] if next_.live_at is not None)
    ended = None if one.healed else next(later, None)
    return None if ended is None else max(0.0, ended - began)


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None


def words(line: DeliveryLine) -> str:
    """`production, 28 days: 4 deployments · lead time 3 h · 1 of 4 failed · restored in 12 min`."""
    parts = [_deployments(line)]
    if line.lead_time is not None:
        parts.append(f"lead time {lasting(line.lead_time)}")
    if line.failure_rate is not None:
        failed = round(line.failure_rate * line.deployments)
        parts.append(f"{failed} of {line.deployments} failed" if failed else "none failed")
    parts += _restoring(line)
    return f"{line.environment}, {line.days} days: {' · '.join(parts)}"


def _deployments(line: DeliveryLine) -> str:
    told = f"{line.deployments or 'no'} deployment{'' if line.deployments == 1 else 's'}"
    return f"{told}, {line.outside} outside SlackOps" if line.outside else told


def _restoring(line: DeliveryLine) -> list[str]:
    if line.time_to_restore is None:
        return ["not restored yet"] if line.broken else []
    return [f"restored in {lasting(line.time_to_restore)}{', the last not yet' if line.broken else ''}"]
