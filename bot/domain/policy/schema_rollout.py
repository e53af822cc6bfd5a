"""The policy file's words on what comes after a merge: who carries it out, steps of traffic, regions, storms."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from bot.domain.policy.base import Section
from bot.domain.policy.model import EngineName, OnDegraded, StepMode
from bot.domain.policy.values import Duration, EnvironmentName, Text, expected, parse_duration


class After(Section):
    """The stage that a version must have stood, and for how long."""

    environment: EnvironmentName
    soak: Duration = parse_duration("0s")


class Rollout(Section):
    """Who carries a merged change out, and how long it is watched."""

    engine: EngineName = "none"
    application: Text = "{model}-{environment}"
    timeout: Duration = parse_duration("15m")
    watch: Duration = parse_duration("1h")
    on_degraded: OnDegraded = "propose"


class Steps(Section):
    """Traffic in steps, or with ``mode: none`` all at once."""

    mode: Literal["none", StepMode]
    percents: tuple[int, ...] = ()
    watch: Duration = parse_duration("30m")
    metric: Text | None = None
    approvals: int = Field(default=0, ge=0, le=20)
    slots: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        fixed = self.mode in ("none", "blue-green")
        if fixed and self.percents:
            raise expected(f"no percents beside mode: {self.mode}")
        if not fixed and not _rises(self.percents):
            raise expected("percents that rise from 1 or more to 100, such as [10, 50, 100]")
        if (self.metric is not None) is not (self.mode == "ab"):
            raise expected("metric beside mode: ab, and only there")
        if self.slots and (self.mode != "blue-green" or len(self.slots) != 2 or len(set(self.slots)) != 2):
            raise expected("slots, two different names, only beside mode: blue-green")
        return self


def _rises(percents: tuple[int, ...]) -> bool:
    """Strictly, from 1 or more to 100."""
    pairs = zip((0, *percents), percents, strict=False)
    return bool(percents) and percents[-1] == 100 and all(one < other for one, other in pairs)


class OnHealthy(Section):
    """The registry alias that a healthy version gets."""

    alias: Text


class FanOut(Section):
    """Regions, the one that goes first, and how long it must have been healthy before the others may follow."""

    regions: tuple[EnvironmentName, ...]
    first: EnvironmentName | None = None
    soak: Duration = parse_duration("0s")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if not self.regions or len(set(self.regions)) < len(self.regions):
            raise expected("regions, each once")
        if self.first is not None and self.first not in self.regions:
            raise expected(f"first to be one of the regions: {', '.join(self.regions)}")
        return self


class Storm(Section):
    """More than so many incidents in that time are a storm, in which nothing acts by itself."""

    incidents: int = Field(default=5, ge=2)
    within: Duration = parse_duration("15m")
