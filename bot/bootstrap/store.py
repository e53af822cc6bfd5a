"""The database and the ports over it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.adapters.clock import SystemClock
from bot.adapters.store_sql import (
    Database,
    SqlAudit,
    SqlChanges,
    SqlCiLog,
    SqlDriftMemory,
    SqlEvaluations,
    SqlInbox,
    SqlIncidentLog,
    SqlLinks,
    SqlLinkStarts,
    SqlLinkTokens,
    SqlPosts,
    SqlRegistryMemory,
    SqlRetrains,
    SqlSignals,
    SqlSubscriptions,
    migrate,
)
from bot.domain.people import Person
from bot.ports import LinkedAccount
from bot.settings import Settings


@dataclass(frozen=True)
class Store:
    """The database and the ports over it."""

    database: Database
    inbox: SqlInbox
    changes: SqlChanges
    links: SqlLinks
    starts: SqlLinkStarts
    tokens: SqlLinkTokens
    posts: SqlPosts
    signals: SqlSignals
    audit: SqlAudit
    registry_memory: SqlRegistryMemory
    evaluations: SqlEvaluations
    subscriptions: SqlSubscriptions
    ci_log: SqlCiLog
    incident_log: SqlIncidentLog
    drift_memory: SqlDriftMemory
    retrains: SqlRetrains


def open_store(settings: Settings) -> Store:
    """Open the database, brought up to date. Raises StoreUnavailable."""
    settings.slackops_data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database)
    migrate(database)
    keys = [key.get_secret_value() for key in settings.slackops_encryption_keys]
    inbox = SqlInbox(database, SystemClock())
    return Store(
        database,
        inbox,
        SqlChanges(database),
        SqlLinks(database, keys),
        SqlLinkStarts(database, keys),
        SqlLinkTokens(database, keys),
        SqlPosts(database),
        SqlSignals(database),
        SqlAudit(database),
        SqlRegistryMemory(database),
        SqlEvaluations(database),
        SqlSubscriptions(database),
        SqlCiLog(database),
        SqlIncidentLog(database),
        SqlDriftMemory(database),
        SqlRetrains(database),
    )


def save_links(settings: Settings, links: Iterable[tuple[str, str, str, str, int]]) -> None:
    """Link accounts: (Slack team, Slack user, GitHub login, the person's token, the account's number). Whoever has
    that link keeps it."""
    store = open_store(settings)
    try:
        for team, user, login, token, account in links:
            person = Person(team=team, user=user)
            if (store.links.login_of(person), store.links.account_of(person)) != (login, account):
                store.links.save(LinkedAccount(person, login, token, account))
    finally:
        store.database.close()
