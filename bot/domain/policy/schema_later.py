"""Parts of the policy file that later versions carry out. Their values are typed and checked already."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bot.domain.policy.base import Section, later
from bot.domain.policy.schema_rollout import Storm
from bot.domain.policy.values import (
    Channel,
    Cron,
    EnvironmentName,
    Of,
    Text,
    parse_share,
)
from bot.domain.policy.values_time import Timezone


class OnAlias(Section):
    """Propose a promotion when an alias moves in the registry."""

    on: Literal["alias"]
    alias: Text
    to: EnvironmentName


class Ci(Section):
    """Repositories whose failing CI is told about."""

    repos: tuple[Text, ...] = ()


class Alerts(Section):
    """What is told about beyond changes."""

    ci: Ci = later(Ci())
    storm: Storm = Storm()


class DriftIncident(Section):
    """When drift opens an incident, closes it, and counts as worse."""

    open: Of = parse_share("2 of 3")
    close: Of = parse_share("3 of 3")
    worsens: float = Field(default=1.5, gt=1)


class Digest(Section):
    """A summary at fixed times."""

    cron: Cron
    timezone: Timezone = "UTC"
    channel: Channel | None = None


class Drift(Section):
    """Where drift is measured or comes from."""

    sources: tuple[dict[str, object], ...] = ()
    runs: tuple[dict[str, object], ...] = ()
    incident: DriftIncident = DriftIncident()
    digests: tuple[Digest, ...] = ()


class Workflow(Section):
    """A GitHub workflow that trains."""

    repo: Text
    workflow: Text


class Retrain(Section):
    """What starts a training."""

    github: Workflow | None = None
