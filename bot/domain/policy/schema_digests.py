"""The policy file's words on digests: summaries at fixed times."""

from __future__ import annotations

from typing import Literal

from bot.domain.policy.base import Section
from bot.domain.policy.values import Channel, Cron, EnvironmentName, Principal, Text
from bot.domain.policy.values_time import Timezone


class Digest(Section):
    """A summary at fixed times."""

    name: Text | None = None
    cron: Cron
    timezone: Timezone = "UTC"
    channel: Channel | None = None
    models: tuple[Text, ...] = ()
    owner: Principal | None = None
    environment: EnvironmentName | None = None
    empty: Literal["line", "none"] = "line"
