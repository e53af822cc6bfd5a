"""From a data set as the policy declares it to a table."""

from __future__ import annotations

import os
from collections.abc import Mapping

from bot.adapters.measuring.delimited import CsvTable
from bot.adapters.measuring.parquet import ParquetTable
from bot.adapters.measuring.sql import SqlTable
from bot.adapters.measuring.table import Table
from bot.adapters.own_places import OwnPlaces
from bot.domain.drifting.measuring import DataSet
from bot.errors import Reason, Refused


def open_table(data: DataSet, environ: Mapping[str, str] = os.environ, own: OwnPlaces | None = None) -> Table:
    """``own``: what is never read. Raises Refused(DATA_UNREADABLE), Transient."""
    if data.format != "sql":
        own = own or OwnPlaces()
        return CsvTable(data.path, own) if data.format == "csv" else ParquetTable(data.path, own)
    url = environ.get(data.database, "")
    if not data.query.strip() or not url:
        missing = "no query is declared" if url else f"the environment variable `{data.database}` is not set"
        raise Refused(
            Reason.DATA_UNREADABLE,
            f"A database cannot be read: {missing}.",
            "Set the variable to the database's URL where the bot runs, or correct the policy's `drift.runs`.",
        )
    return SqlTable(data.query, url, data.database)
