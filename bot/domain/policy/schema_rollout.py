"""The policy file's words on what comes after a merge: who carries it out, steps of traffic, regions, storms."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bot.domain.policy.base import Section, later
from bot.domain.policy.model import EngineName, OnDegraded
from bot.domain.policy.values import Duration, EnvironmentName, Text, parse_duration


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
    """Traffic in steps."""

    mode: Literal["kserve-serverless"]
    percents: tuple[int, ...]
    watch: Duration = parse_duration("30m")


class OnHealthy(Section):
    """The registry alias that a healthy version gets."""

    alias: Text


class FanOut(Section):
    """Regions, and the one that goes first."""

    regions: tuple[Text, ...]
    first: Text | None = later(None)


class Storm(Section):
    """How many incidents in what time are a storm, in which nothing acts by itself."""

    incidents: int = Field(default=5, ge=2)
    within: Duration = parse_duration("15m")
