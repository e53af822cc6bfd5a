"""Windows and reminders, from the policy file's shape to the facts that the bot asks for."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.policy.model_windows import (
    AllowWindow,
    DenyWindow,
    OpenHours,
    QuietRule,
    RemindRule,
    WindowRule,
)
from bot.domain.policy.schema import Defaults, EnvironmentRule
from bot.domain.policy.schema_windows import Quiet, Window


def windows_of(written: Iterable[Window]) -> tuple[WindowRule, ...]:
    """The rule of one environment; none where it has no windows."""
    windows = tuple(written)
    allow = tuple(AllowWindow(one.allow, one.timezone, one.reason) for one in windows if one.allow)
    deny = tuple(DenyWindow(one.deny.first, one.deny.last, one.timezone, one.reason) for one in windows if one.deny)
    return (WindowRule(allow, deny),) if windows else ()


def reminding_of(rule: EnvironmentRule, defaults: Defaults) -> RemindRule:
    """What the environment says itself, else the defaults."""
    remind = defaults.remind if rule.remind is None else rule.remind
    expire = defaults.expire if rule.expire is None else rule.expire
    quiet = defaults.quiet if rule.quiet is None else rule.quiet
    return RemindRule(remind.total_seconds(), expire.total_seconds(), _quiet(quiet))


def _quiet(rule: Quiet) -> QuietRule | None:
    nightly = None
    if rule.from_ is not None and rule.to is not None:
        nightly = OpenHours(frozenset(range(7)), rule.from_, rule.to)
    days = rule.days or frozenset()
    return QuietRule(nightly, days, rule.timezone) if nightly or days else None
