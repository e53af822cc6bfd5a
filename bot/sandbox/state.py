"""A tiny durable store for the sandbox's services: namespaced JSON documents in one SQLite file.

The sandbox must take up where it was when it is started again, and nothing more, so plain documents do.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from pathlib import Path
from typing import Any


class State:
    """JSON documents by (namespace, key), kept in insertion order; every write is committed at once.

    ``path`` may be ``":memory:"`` for tests. Safe to use from several threads.
    """

    def __init__(self, path: Path | str) -> None:
        self._lock = threading.Lock()
        self._db = sqlite3.connect(str(path), check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS doc (seq INTEGER PRIMARY KEY, ns TEXT, key TEXT, body TEXT, UNIQUE (ns, key))"
        )

    def get(self, ns: str, key: str | int) -> Any | None:
        """The document, or None."""
        with self._lock:
            row = self._db.execute("SELECT body FROM doc WHERE ns=? AND key=?", (ns, str(key))).fetchone()
        return json.loads(row[0]) if row else None

    def put(self, ns: str, key: str | int, body: Any) -> None:
        """Write or replace the document; a replaced one keeps its place in the order."""
        sql = "INSERT INTO doc (ns, key, body) VALUES (?,?,?) ON CONFLICT (ns, key) DO UPDATE SET body=excluded.body"
        with self._lock:
            self._db.execute(sql, (ns, str(key), json.dumps(body)))

    def delete(self, ns: str, key: str | int) -> None:
        """Remove the document if it is there."""
        with self._lock:
            self._db.execute("DELETE FROM doc WHERE ns=? AND key=?", (ns, str(key)))

    def take(self, ns: str, key: str | int) -> Any | None:
        """Remove the document and return it, or None: of several who take it at once, one gets it."""
        with self._lock:
            sql = "DELETE FROM doc WHERE ns=? AND key=? RETURNING body"
            row = self._db.execute(sql, (ns, str(key))).fetchone()
        return json.loads(row[0]) if row else None

    def items(self, ns: str) -> list[tuple[str, Any]]:
        """Every document of the namespace with its key, oldest first."""
        with self._lock:
            rows = self._db.execute("SELECT key, body FROM doc WHERE ns=? ORDER BY seq", (ns,)).fetchall()
        return [(row[0], json.loads(row[1])) for row in rows]

    def spaces(self, prefix: str) -> list[str]:
        """The namespaces that hold something and begin like this."""
        with self._lock:
            sql = "SELECT DISTINCT ns FROM doc WHERE ns >= ? AND ns < ? ORDER BY ns"
            rows = self._db.execute(sql, (prefix, prefix + "\U0010ffff")).fetchall()
        return [row[0] for row in rows]

    def all(self, ns: str) -> list[Any]:
        """Every document of the namespace, oldest first."""
        with self._lock:
            rows = self._db.execute("SELECT body FROM doc WHERE ns=? ORDER BY seq", (ns,)).fetchall()
        return [json.loads(row[0]) for row in rows]

    def next_id(self, ns: str) -> int:
        """The next number of a sequence that survives restarts, from 1."""
        sql = (
            "INSERT INTO doc (ns, key, body) VALUES ('sequence', ?, '1') "
            "ON CONFLICT (ns, key) DO UPDATE SET body=CAST(body AS INTEGER)+1 RETURNING body"
        )
        with self._lock:
            return int(self._db.execute(sql, (ns,)).fetchone()[0])

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()
