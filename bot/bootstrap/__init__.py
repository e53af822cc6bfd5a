"""The only place that builds adapters and wires them: settings in, a bot out."""

from bot.bootstrap.bot import Bot
from bot.bootstrap.context import (
    build_chat,
    build_context,
    build_credentials,
    build_engines,
    build_forge,
    build_mirror,
    own_places,
)
from bot.bootstrap.store import Store, open_store, save_links

__all__ = [
    "Bot",
    "Store",
    "build_chat",
    "build_context",
    "build_credentials",
    "build_engines",
    "build_forge",
    "build_mirror",
    "open_store",
    "own_places",
    "save_links",
]
