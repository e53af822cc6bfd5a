"""What `slackops drift run` found, as a table and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.cli.tables import printable, table
from bot.domain.drifting.measuring import DriftRun
from bot.domain.drifting.windows import Kind, Reading, Verdict
from bot.errors import Refused
from bot.usecases.drift_run import Found

_ORDER = {Verdict.BAD: 0, Verdict.FINE: 1, Verdict.UNKNOWN: 2}
_HEAD = ("RANK", "KIND", "FEATURE", "METHOD", "VALUE", "LIMIT", "VERDICT", "NOTE")


def is_bad(found: Found | Refused) -> bool:
    """Something is beyond its limit, or could not be measured: drift of which nothing can be told is not fine."""
    if isinstance(found, Refused):
        return True
    unknown = (window.kind is Kind.DRIFT and window.verdict is Verdict.UNKNOWN for window in found.windows)
    return any(unknown) or any(window.verdict is Verdict.BAD for window in found.windows)


def lines(run: DriftRun, found: Found | Refused) -> Iterator[str]:
    """A heading with the verdicts, the readings by rank, then what could not be compared."""
    if isinstance(found, Refused):
        yield printable(f"{_title(run)}: {found.message} {found.unblock or ''} [{found.reason}]".replace("  ", " "))
        return
    verdicts = ", ".join(f"{window.kind.value} {window.verdict.value}" for window in found.windows)
    rows = f"{found.measured.rows} rows against {found.measured.reference_rows}"
    yield printable(f"{_title(run)}: {verdicts} ({rows})")
    yield from table([_HEAD, *(_row(*one) for one in _ranked(found))])
    yield from (printable(f"  {note}") for note in found.measured.notes)


def _title(run: DriftRun) -> str:
    where = ", ".join(part for part in (run.model, run.environment) if part)
    return f"{run.name} ({where})" if where else run.name


def _ranked(found: Found) -> Iterator[tuple[int, Kind, Reading]]:
    for kind in (kind for kind in Kind if kind in found.measured.readings):
        readings = sorted(found.measured.readings[kind], key=lambda one: (_ORDER[one.verdict], -(one.score or 0.0)))
        yield from ((rank, kind, reading) for rank, reading in enumerate(readings, 1))


def _row(rank: int, kind: Kind, one: Reading) -> tuple[str, ...]:
    name = f"{one.feature or '(all)'}{' *' if one.prediction else ''}"
    return (
        str(rank),
        kind.value,
        name,
        one.method,
        _number(one.value),
        _number(one.threshold),
        one.verdict.value,
        one.note,
    )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"


def as_json(run: DriftRun, found: Found | Refused) -> dict[str, Any]:
    """For scripts: docs/reference/commands.md names the fields."""
    told: dict[str, Any] = {"run": run.name, "model": run.model, "environment": run.environment}
    if isinstance(found, Refused):
        return told | {"reason": found.reason.value, "message": found.message, "unblock": found.unblock}
    return told | {
        "reason": None,
        "rows": found.measured.rows,
        "reference_rows": found.measured.reference_rows,
        "windows": [_window(window) for window in found.windows],
        "readings": [_reading(*one) for one in _ranked(found)],
        "notes": list(found.measured.notes),
    }


def _window(window: Any) -> dict[str, Any]:
    fields = {"kind", "verdict", "score", "at", "total", "bad", "message", "version"}
    shown: dict[str, Any] = window.model_dump(mode="json", include=fields)
    return shown


def _reading(rank: int, kind: Kind, one: Reading) -> dict[str, Any]:
    return {"rank": rank, "kind": kind.value, **one.model_dump(mode="json")}
