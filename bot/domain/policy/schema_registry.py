"""The policy file's words on what is told and proposed by itself."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from bot.domain.policy.base import Section
from bot.domain.policy.schema_rollout import Storm
from bot.domain.policy.values import Duration, EnvironmentName, Repository, Text, expected, parse_duration

MAX_REPOS = 200


class Propose(Section):
    """Propose a promotion when the registry says so."""

    on: Literal["version", "alias", "tag"]
    to: EnvironmentName
    alias: Text | None = None
    tag: Text | None = None
    equals: Text | None = None
    models: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        for kind in ("alias", "tag"):
            if (getattr(self, kind) is not None) is not (self.on == kind):
                raise expected(f"{kind} beside `on: {kind}`, and only there")
        if self.equals is not None and self.on != "tag":
            raise expected("equals only beside `on: tag`")
        if (self.tag or "").startswith("slackops."):
            raise expected("a tag that SlackOps does not set itself; those begin with `slackops.`")
        return self


class Ci(Section):
    """Repositories whose CI is told about, and when many failures are told together."""

    repos: tuple[Repository, ...] = Field(default=(), max_length=MAX_REPOS)
    many: int = Field(default=5, ge=1, le=1000)
    within: Duration = parse_duration("15m")


class Alerts(Section):
    """What is told about beyond changes."""

    ci: Ci = Ci()
    storm: Storm = Storm()
