"""Which scopes a method takes, and which the app's token has (https://docs.slack.dev/reference/scopes)."""

from __future__ import annotations

from dataclasses import dataclass

_KINDS = ("channels", "groups", "im", "mpim")
_READ = tuple(f"{kind}:read" for kind in _KINDS)
_HISTORY = tuple(f"{kind}:history" for kind in _KINDS)

NEEDED: dict[str, tuple[str, ...]] = {
    "bots.info": ("users:read",),
    "chat.delete": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.history": _HISTORY,
    "conversations.info": _READ,
    "conversations.join": ("channels:join",),
    "conversations.list": _READ,
    "conversations.members": _READ,
    "conversations.open": ("channels:manage", "groups:write", "im:write", "mpim:write"),
    "conversations.replies": _HISTORY,
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "reactions.add": ("reactions:write",),
    "reactions.remove": ("reactions:write",),
    "team.info": ("team:read",),
    "usergroups.list": ("usergroups:read",),
    "usergroups.users.list": ("usergroups:read",),
    "users.conversations": _READ,
    "users.info": ("users:read",),
    "users.list": ("users:read",),
    "users.lookupByEmail": ("users:read.email",),
}
"""By method, the scopes of which a bot token needs one; methods that are not here need none."""

EVERY = tuple(sorted({"app_mentions:read", "commands", *(scope for needed in NEEDED.values() for scope in needed)}))
"""Every scope that makes a difference here."""


@dataclass
class Scopes:
    """What the app was granted; it may be changed while it runs, as by an installation with fewer scopes."""

    granted: tuple[str, ...]

    def lacks(self, method: str) -> tuple[str, ...]:
        """The scopes of which one is missing for a method; empty when it may be called."""
        needed = NEEDED.get(method, ())
        return () if set(needed) & set(self.granted) else needed
