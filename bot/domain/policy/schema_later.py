"""Parts of the policy file that later versions carry out. Their values are typed and checked already."""

from __future__ import annotations

from pydantic import Field

from bot.domain.policy.base import Section
from bot.domain.policy.values import (
    Channel,
    Cron,
    Of,
    Text,
    parse_share,
)
from bot.domain.policy.values_time import Timezone


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
