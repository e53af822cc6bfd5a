"""What MLflow's SQLite file says of the registered models; MLflow itself would take seconds and 100 MB for it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections import defaultdict
from pathlib import Path
from typing import Any

SHOWN = 6  # versions of a model, the newest ones
_VERSIONS = """SELECT name, version, run_id, source FROM model_versions
    WHERE current_stage != 'Deleted_Internal' ORDER BY name, version DESC"""
_METRICS = """SELECT run_uuid, key, CASE WHEN is_nan THEN 'NaN' ELSE CAST(value AS TEXT) END FROM latest_metrics"""
_TAGS = "SELECT name, version, key, value FROM model_version_tags"
_ALIASES = "SELECT name, alias, version FROM registered_model_aliases"


def read_models(database: Path) -> list[dict[str, Any]]:
    """The models by name, each with its newest versions and its aliases; nothing where there is no registry."""
    if not database.exists():
        return []
    with contextlib.closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True, timeout=5)) as db:
        try:
            return _models(db)
        except sqlite3.OperationalError:  # the child that seeds it has not made the tables yet, or holds the lock
            return []


def _models(db: sqlite3.Connection) -> list[dict[str, Any]]:
    metrics: dict[str, dict[str, str]] = defaultdict(dict)
    for run, key, value in db.execute(_METRICS):
        metrics[run][key] = value
    tags: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for name, version, key, value in db.execute(_TAGS):
        tags[name, str(version)][key] = value
    models: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for name, version, run, _ in db.execute(_VERSIONS):
        number = str(version)
        models[name].append({"version": number, "metrics": metrics[run], "tags": tags[name, number]})
    aliases: dict[str, dict[str, str]] = defaultdict(dict)
    for name, alias, version in db.execute(_ALIASES):
        aliases[name][alias] = str(version)
    return [{"name": name, "aliases": aliases[name], "versions": found[:SHOWN]} for name, found in models.items()]


def one_version(database: Path, name: str, version: str) -> dict[str, Any] | None:
    """What a webhook tells of a version: where it came from, and its tags."""
    with contextlib.closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True, timeout=5)) as db:
        sql = "SELECT source, run_id, description FROM model_versions WHERE name = ? AND version = ?"
        row = db.execute(sql, (name, int(version))).fetchone()
        tags = dict(
            db.execute("SELECT key, value FROM model_version_tags WHERE name = ? AND version = ?", (name, int(version)))
        )
    if row is None:
        return None
    keys = ("source", "run_id", "description")
    return {"name": name, "version": version, **dict(zip(keys, row, strict=True)), "tags": tags}
