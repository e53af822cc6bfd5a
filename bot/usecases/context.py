"""What every use case works with: the ports, and the few numbers that the installation sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.ports import (
    Attest,
    Audit,
    Changes,
    Chat,
    Checkout,
    Clock,
    Engine,
    Forge,
    Inbox,
    Links,
    Posts,
    Registry,
    SignalLog,
)
from bot.ports.signin import SignIn


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
    signals: SignalLog
    audit: Audit
    engines: Mapping[str, Engine] = field(default_factory=dict)
    """Engines that can be asked, by the name that the policy's `rollout.engine` uses."""
    command_prefix: str = ""
    attest: Attest | None = None
    """Signs what the bot records for people without an account; None: it records nothing."""
    signin: SignIn | None = None
    """What linking accounts needs; None: nobody can link."""
