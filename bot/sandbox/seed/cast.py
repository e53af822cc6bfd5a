"""The people and places of the sandbox: who they are in Slack and on GitHub, and what they may do there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ORG = "acme"
REPO = "acme/ml-deployments"
TRAINING = "acme/fraud-training"  # the repository that trains fraud-detector
TEAM_ID = "T0SANDBOX"
APP_ID = "A0SLACKOPS"
BOT_USER_ID = "U0SLACKOPS"
GITHUB_APP = "slackops"
GITHUB_APP_ID = 2_001
GITHUB_INSTALLATION_ID = 30_001
GITHUB_CLIENT_ID = "Iv23sandboxslackops"
SLACK_CLIENT_ID = "1000000000001.2000000000002"
COMMANDS = ("/promote", "/rollback", "/models", "/drift", "/slackops")
# What the Apps' manifests ask for; a test holds the sandbox to them.
GITHUB_PERMISSIONS = {
    "actions": "write",
    "administration": "read",
    "checks": "read",
    "contents": "write",
    "deployments": "read",
    "members": "read",
    "merge_queues": "write",
    "metadata": "read",
    "pull_requests": "write",
    "statuses": "write",
}
GITHUB_EVENTS = (
    "check_run",
    "check_suite",
    "deployment_status",
    "merge_group",
    "organization",
    "pull_request",
    "pull_request_review",
    "push",
    "status",
    "workflow_run",
)
SLACK_EVENTS = ("app_mention", "user_change")
SLACK_SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "groups:history",
    "groups:read",
    "im:write",
    "metadata.message:read",
    "usergroups:read",
    "users:read",
)
LEADS = "ml-leads"
LEADS_GROUP = "S0MLLEADS"


@dataclass(frozen=True)
class Person:
    """One person. ``user`` is the Slack id ("" for none); ``linked`` when the bot may act as the GitHub account."""

    user: str
    login: str
    github_id: int
    name: str
    tz: str = "Europe/Berlin"
    permission: Literal["admin", "write", "read", "none"] = "write"
    linked: bool = True

    @property
    def first_name(self) -> str:
        """As the page and the logs call them."""
        return self.name.partition(" ")[0]


PEOPLE = (
    Person("U0ANA", "ana", 1_001, "Ana Almeida"),
    Person("U0BEN", "ben", 1_002, "Ben Okafor", tz="America/New_York"),
    Person("U0CHLOE", "chloe", 1_003, "Chloé Martin", tz="Europe/Paris"),
    Person("U0OSCAR", "oscar", 1_004, "Oscar Lind", tz="Europe/Stockholm", permission="none", linked=False),
    # Administers the repository, and so may push to main past the required checks; not on the page.
    Person("", "kim", 1_005, "Kim Park", tz="Asia/Seoul", permission="admin", linked=False),
)
REVIEWERS = ("ben", "chloe")


def person(login: str) -> Person:
    """The person with this GitHub login. Raises LookupError."""
    found = next((one for one in PEOPLE if one.login == login), None)
    if found is None:
        raise LookupError(f"nobody here is called {login}")
    return found
