"""The policy file's times: windows, quiet hours, and how soon broken glass is looked at."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from bot.domain.policy.base import Section
from bot.domain.policy.values import Dates, Duration, Text, expected, parse_duration
from bot.domain.policy.values_time import Clock, Hours, Timezone, Weekdays


class Window(Section):
    """When changes may merge (``allow``), or may not (``deny``)."""

    allow: Hours | None = None
    deny: Dates | None = None
    timezone: Timezone = "UTC"
    reason: Text | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.allow is None) is (self.deny is None):
            raise expected("a window with either allow or deny")
        return self


class Quiet(Section):
    """When nobody is reminded: every day from an hour to another, and all day on some days."""

    from_: Clock | None = Field(default=None, alias="from")
    to: Clock | None = None
    days: Weekdays | None = None
    timezone: Timezone = "UTC"

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.from_ is None) is not (self.to is None):
            raise expected('both from and to, such as {from: "18:00", to: "09:00"}')
        if self.from_ is not None and self.from_ == self.to:
            raise expected("a to that differs from from; whole days stand in days")
        return self


class BreakGlass(Section):
    """How soon a second person must look at what broke the glass."""

    review_within: Duration = parse_duration("24h")
