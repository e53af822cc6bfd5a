"""Setting and lifting freezes and bans: what stands there before in, what is to stand there out."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.stops import Banned, Frozen, holding
from bot.errors import Reason, Refused


def with_freeze(freezes: Iterable[Frozen], new: Frozen) -> tuple[Frozen, ...]:
    """The freezes with this one, in the place of an earlier one of the same place; what has ended is left out."""
    rest = (one for one in holding(freezes, new.since) if (one.environment, one.model) != (new.environment, new.model))
    return (*rest, new)


def without_freeze(freezes: Iterable[Frozen], environment: str, model: str | None, now: float) -> tuple[Frozen, ...]:
    """The freezes without that of this very place. Raises Refused(NOT_FROZEN) naming what is frozen there."""
    held = holding(freezes, now)
    rest = tuple(one for one in held if (one.environment, one.model) != (environment, model))
    if len(rest) < len(held):
        return rest
    place = f"{model} in {environment}" if model else environment
    there = ", ".join(f"`{one.place}`" for one in rest if one.environment == environment)
    hint = f"Frozen there: {there}." if there else "`/slackops freezes` shows what is frozen."
    raise Refused(Reason.NOT_FROZEN, f"{place} is not frozen.", hint)


def with_ban(bans: Iterable[Banned], new: Banned) -> tuple[Banned, ...] | None:
    """The bans with this one; None where the version is banned already, which stays as it is."""
    before = tuple(bans)
    if any((one.model, one.version) == (new.model, new.version) for one in before):
        return None
    return (*before, new)


def without_ban(bans: Iterable[Banned], model: str, version: str) -> tuple[Banned, ...]:
    """The bans without this one. Raises Refused(NOT_BANNED)."""
    before = tuple(bans)
    rest = tuple(one for one in before if (one.model, one.version) != (model, version))
    if len(rest) == len(before):
        message = f"{model} {version} is not banned."
        raise Refused(Reason.NOT_BANNED, message, "`/slackops bans` shows what is banned.")
    return rest
