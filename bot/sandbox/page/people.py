"""Who may be played on the page, and what may be typed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Persona:
    """One person: Slack user id, GitHub login, first name, and the part played (requester, reviewer, outsider)."""

    user: str
    login: str
    name: str
    role: str


@dataclass(frozen=True)
class SlashCommand:
    """A registered slash command with the hint and the sentence that Slack shows while it is typed."""

    command: str
    usage: str
    description: str


COMMANDS = (
    SlashCommand(
        "/promote", "MODEL VERSION|@ALIAS [ENV] [--plan] [--reason TEXT]", "Propose a version for an environment"
    ),
    SlashCommand(
        "/rollback",
        "MODEL ENV [--to VERSION] [--reason TEXT] [--break-glass]",
        "Take an environment back to the version before",
    ),
    SlashCommand("/models", "[MODEL]", "Show what runs where"),
    SlashCommand("/drift", "[MODEL]", "Show what drifts, who is on it, and what is snoozed"),
    SlashCommand("/slackops", "help|link|freeze|ban|audit …", "Explain the commands, link an account, stop and audit"),
)

BOT = Persona("U0SLACKOPS", "slackops[bot]", "SlackOps", "app")
PERSONAS = (
    Persona("U0ANA", "ana", "Ana", "requester"),
    Persona("U0BEN", "ben", "Ben", "reviewer"),
    Persona("U0CHLOE", "chloe", "Chloe", "reviewer"),
    Persona("U0OSCAR", "oscar", "Oscar", "outsider"),
)
