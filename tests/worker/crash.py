"""A worker process that the kill test starts and kills: it writes a line when a row begins, and one when it ends."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from bot.adapters.store_sql import Database, SqlInbox, migrate
from bot.ports.inbox import Row
from bot.worker import Worker


class WallClock:
    def now(self) -> float:
        return time.time()


def main(url: str, log: str, owner: str, seconds: str) -> None:
    database = Database(url)
    migrate(database)

    def write(line: str) -> None:
        with Path(log).open("a") as file:
            file.write(line + "\n")

    def dispatch(row: Row) -> None:
        write(f"begin {row.key} {owner} {row.attempt}")
        time.sleep(float(seconds))
        write(f"end {row.key} {owner} {row.attempt}")

    worker = Worker(
        SqlInbox(database, WallClock()),
        dispatch,
        lambda row, words: write(f"dead {row.key}"),
        WallClock(),
        owner,
        lease=1.0,
    )
    worker.start()
    write(f"up {owner}")
    sys.stdin.read()  # until the parent closes it, or kills us
    worker.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
