"""The bot's database: inbox, changes, linked accounts, messages, the audit chain. SQLite, or PostgreSQL by URL."""

from bot.adapters.store_sql.audit import SqlAudit
from bot.adapters.store_sql.changes import SqlChanges
from bot.adapters.store_sql.engine import Database
from bot.adapters.store_sql.inbox import SqlInbox
from bot.adapters.store_sql.intake import SqlIntake
from bot.adapters.store_sql.link_starts import SqlLinkStarts
from bot.adapters.store_sql.link_tokens import SqlLinkTokens
from bot.adapters.store_sql.links import SqlLinks
from bot.adapters.store_sql.migrate import migrate
from bot.adapters.store_sql.posts import SqlPosts
from bot.adapters.store_sql.signals import SqlSignals

__all__ = [
    "Database",
    "SqlAudit",
    "SqlChanges",
    "SqlInbox",
    "SqlIntake",
    "SqlLinkStarts",
    "SqlLinkTokens",
    "SqlLinks",
    "SqlPosts",
    "SqlSignals",
    "migrate",
]
