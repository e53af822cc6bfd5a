"""`slackops drift push`: a report out of a file, understood here, and handed in."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from bot.cli.drift_hand_in import Report, Taken, hand_in
from bot.domain.drifting.windows import Window
from bot.errors import Reason, Refused, SlackOpsError
from bot.signals.drift import Given, given, read
from bot.signals.reading import BadBody
from bot.web.guard import MAX_BODY

HELP = "docs/reference/drift.md says what is read of each tool."


@dataclass(frozen=True)
class Asked:
    """``said``: what stands beside the report, as in the URL's parameters; ``url``: where the bot is."""

    file: Path
    said: Mapping[str, str]
    url: str | None


def run_push(asked: Asked, *, as_json: bool) -> None:
    """Print what became of it, exit. Raises Refused for a no to a person, StoreUnavailable, SettingsInvalid."""
    if str(asked.file) != "-" and not asked.file.is_file():
        raise typer.BadParameter(f"{asked.file} is no file.")
    try:
        said = given(asked.said)
    except BadBody as why:
        raise typer.BadParameter(str(why)) from None
    try:
        now, raw = time.time(), _raw(asked.file)
        windows = _windows(raw, said, now)
        taken = hand_in(windows, os.environ, asked.url, now, Report(raw, asked.said))
    except SlackOpsError as why:
        if not as_json:
            raise
        typer.echo(json.dumps(_refused(why), indent=2))
        sys.exit(1)
    typer.echo(json.dumps(_json(taken, windows), indent=2) if as_json else "\n".join(_lines(taken, windows)))


def _windows(raw: bytes, said: Given, now: float) -> tuple[Window, ...]:
    try:
        found = read(raw, said, now)
    except BadBody as why:
        raise Refused(Reason.DATA_UNREADABLE, f"The report cannot be read: {why}.", HELP) from None
    if not found:
        raise Refused(Reason.DATA_UNREADABLE, "The report tells nothing.", HELP)
    return found


def _raw(file: Path) -> bytes:
    """The file, or what stands on the standard input; no more of it than the webhook takes."""
    if str(file) == "-":
        found = sys.stdin.buffer.read(MAX_BODY + 1)
    else:
        with file.open("rb") as opened:
            found = opened.read(MAX_BODY + 1)
    if len(found) > MAX_BODY:
        raise Refused(
            Reason.DATA_UNREADABLE, "The report has more than 1 MiB.", "Leave out what is no drift, or split it."
        )
    return found


def _lines(taken: Taken, windows: Sequence[Window]) -> list[str]:
    lines = [_line(window) for window in windows]
    return [*lines, "Taken." if taken is Taken.NEW else "Taken before: nothing changed."]


def _line(window: Window) -> str:
    score = "" if window.score is None else f", score {window.score:.2f}"
    message = f": {window.message}" if window.message else ""
    return f"{window.model}, {window.environment}: {window.kind.value} {window.verdict.value}{score}{message}"


def _json(taken: Taken, windows: Sequence[Window]) -> dict[str, object]:
    fields = {"model", "environment", "kind", "verdict", "score", "at", "total", "bad", "message"}
    told = [window.model_dump(mode="json", include=fields) for window in windows]
    return {"status": taken.value, "reason": None, "message": None, "windows": told}


def _refused(why: SlackOpsError) -> dict[str, object]:
    reason = why.reason if isinstance(why, Refused) else Reason.INTERNAL
    return {"status": "refused", "reason": reason.value, "message": str(why), "windows": []}
