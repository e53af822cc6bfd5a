"""What every use case works with: the ports, and the few numbers that the installation sets."""

from __future__ import annotations

from dataclasses import dataclass

from bot.ports import Changes, Chat, Checkout, Clock, Forge, Inbox, Links, Posts, Registry


@dataclass(frozen=True)
class Context:
    """The ports of one running bot."""

    inbox: Inbox
    changes: Changes
    links: Links
    posts: Posts
    checkout: Checkout
    forge: Forge
    registry: Registry
    chat: Chat
    clock: Clock
    command_prefix: str = ""
