"""Who acts: people as Slack knows them, and the accounts that they linked."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Person(BaseModel):
    """A Slack user by (enterprise or team, user id). Names and e-mail addresses prove nothing, so none is kept."""

    model_config = ConfigDict(frozen=True)
    team: str
    user: str

    def __str__(self) -> str:
        return f"slack:{self.team}/{self.user}"


class Standing(StrEnum):
    """What somebody is in the workspace (https://docs.slack.dev/reference/objects/user-object). ``external``: of
    another workspace, through Slack Connect; ``robot``: an app's user or a workflow's; ``unknown``: Slack knows of no
    such user."""

    MEMBER = "member"
    GUEST = "guest"
    EXTERNAL = "external"
    DEACTIVATED = "deactivated"
    ROBOT = "robot"
    UNKNOWN = "unknown"
