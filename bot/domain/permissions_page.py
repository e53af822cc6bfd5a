"""docs/permissions.md: every scope and permission with its why, written from the tables of the manifests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bot.domain.github_manifest import EVENTS, EXTRAS, PERMISSIONS, Permission
from bot.domain.slack_manifest import BOT_EVENTS, SCOPES, USER_SCOPES

_INTRO = """# Permissions

Everything that SlackOps asks Slack and GitHub for, and why. `slackops slack-manifest` and `slackops github-manifest`
print app manifests that ask for exactly this; `slackops doctor` compares it with what was granted. A test holds this
page to the tables that the manifests are made from.
"""
_SLACK = """## Slack

The bot posts only where it was invited. It reads no other message than its own and those that mention it: the history
scopes find a message of its own again when Slack's answer to the posting was lost.
"""
_SOCKET = """Socket Mode needs an app-level token with `connections:write` beside the bot token; nothing else does.
"""
_GITHUB = """## GitHub

The App is installed on the deployment repo and on the repositories whose CI is told about, and never stands on a bypass
list of its branch rules. Reviews are submitted with the token of the person who clicked, never with the App's: GitHub
gives such a token no more than both the App and the person may.
"""
_EXTRAS = """### Only where it is used

`slackops github-manifest --with NAME` adds:
"""


def permissions_page() -> str:
    """The page, as Markdown."""
    parts = [_INTRO, _SLACK, _table(("Bot scope", "For"), SCOPES.items())]
    parts += [_table(("User scope", "For"), USER_SCOPES.items()), _table(("Event", "For"), BOT_EVENTS.items())]
    parts += [_SOCKET, _GITHUB, _table(("Permission", "Level", "For"), _levels(PERMISSIONS))]
    parts += [_table(("Event", "For"), EVENTS.items()), _EXTRAS]
    parts += [_table(("NAME", "Adds", "For"), _extras())]
    return "\n".join(parts)


def _levels(permissions: Mapping[str, Permission]) -> Iterator[tuple[str, ...]]:
    yield from ((name, one.level, one.why) for name, one in permissions.items())


def _extras() -> Iterator[tuple[str, ...]]:
    for name, extra in EXTRAS.items():
        yield from ((name, f"{key}: {one.level}", one.why) for key, one in extra.permissions.items())
        yield from ((name, f"event {event}", why) for event, why in extra.events.items())


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """The last column is words, the others are names."""
    lines = [" | ".join(head), " | ".join("---" for _ in head)]
    lines += [" | ".join([*(f"`{cell}`" for cell in row[:-1]), f"{row[-1][0].upper()}{row[-1][1:]}."]) for row in rows]
    return "".join(f"| {line} |\n" for line in lines)
