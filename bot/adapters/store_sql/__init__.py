"""The bot's database: inbox, changes, linked accounts, messages, the audit chain. SQLite, or PostgreSQL by URL."""

from bot.adapters.store_sql.audit import SqlAudit
from bot.adapters.store_sql.changes import SqlChanges
from bot.adapters.store_sql.ci import SqlCiLog
from bot.adapters.store_sql.drift_memory import SqlDriftMemory
from bot.adapters.store_sql.engine import Database
from bot.adapters.store_sql.evaluations import SqlEvaluations
from bot.adapters.store_sql.inbox import SqlInbox
from bot.adapters.store_sql.incidents import SqlIncidentLog
from bot.adapters.store_sql.intake import SqlIntake
from bot.adapters.store_sql.link_starts import SqlLinkStarts
from bot.adapters.store_sql.link_tokens import SqlLinkTokens
from bot.adapters.store_sql.links import SqlLinks
from bot.adapters.store_sql.migrate import migrate
from bot.adapters.store_sql.posts import SqlPosts
from bot.adapters.store_sql.registry_memory import SqlRegistryMemory
from bot.adapters.store_sql.retrains import SqlRetrains
from bot.adapters.store_sql.signals import SqlSignals
from bot.adapters.store_sql.subscriptions import SqlSubscriptions

__all__ = [
    "Database",
    "SqlAudit",
    "SqlChanges",
    "SqlCiLog",
    "SqlDriftMemory",
    "SqlEvaluations",
    "SqlInbox",
    "SqlIncidentLog",
    "SqlIntake",
    "SqlLinkStarts",
    "SqlLinkTokens",
    "SqlLinks",
    "SqlPosts",
    "SqlRegistryMemory",
    "SqlRetrains",
    "SqlSignals",
    "SqlSubscriptions",
    "migrate",
]
