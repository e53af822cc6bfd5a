"""`slackops status`: versions per environment, open changes, dead letters."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from typing import Any

import typer

from bot.bootstrap import build_context, open_store
from bot.domain.cards import DeployedLine
from bot.domain.delivery import words
from bot.settings import load_settings
from bot.usecases.status import Status, read_status


def show_status(model: str | None, *, as_json: bool) -> None:
    """Print it. Raises Refused for a model that is not declared."""
    settings = load_settings(os.environ)
    store = open_store(settings)
    try:
        status = read_status(build_context(settings, store), model)
    finally:
        store.database.close()
    typer.echo(json.dumps(asdict(status), indent=2) if as_json else "\n".join(lines(status)))


def lines(status: Status) -> list[str]:
    """For people."""
    out = [_row("MODEL", *_columns(status), "NEWEST")] if status.models else []
    for line in status.models:
        pins = {d.environment: _pin(d) for d in line.deployed}
        out.append(_row(line.model, *(pins.get(env, "–") for env in _columns(status)), line.newest or "?"))
    if status.history:
        out += ["", _row("HAD IN", "VERSION", "SINCE", "BY")]
        out += [_row(s["environment"], s["version"], str(s["since"])[:10], " ".join(s["by"])) for s in _stays(status)]
    if len({one.model for one in status.delivery}) == 1:  # of all models the lines would bury the rest
        out += ["", "DELIVERY", *(f"  {words(line)}" for line in status.delivery)]
    out += ["", f"Open changes: {len(status.changes) or 'none'}"]
    out += [f"  #{c['number'] or '–'} {c['what']} ({c['state']}) {c['url'] or ''}".rstrip() for c in status.changes]
    out += ["", f"Open incidents: {len(status.incidents) or 'none'}"]
    out += [_incident(one) for one in status.incidents]
    out += ["", f"Dead letters: {len(status.dead_letters) or 'none'}"]
    out += [f"  {d['at']} {d['kind']} after {_tries(d['attempts'])}: {d['error']}" for d in status.dead_letters]
    return out + ([status.note] if status.note else [])


def _pin(line: DeployedLine) -> str:
    told = line.version or line.raw or line.state
    return f"{told} (inherited)" if line.state == "inherited" and told != line.state else told


def _incident(one: dict[str, str | None]) -> str:
    """`fraud, production: drift since 2026-12-31T22:00:00+00:00 (open, critical): country psi 0.31, limit 0.2`."""
    who = f", {one['owner']} is on it" if one["owner"] else ""
    quiet = f" until {one['snoozed_until']}" if one["snoozed_until"] else ""
    about = f"{one['model']}, {one['environment']}: {one['kind']} since {one['since']}"
    words = f": {one['words']}" if one["words"] else ""
    return f"  {about} ({one['standing']}{quiet}{who}){words}"


def _stays(status: Status) -> list[dict[str, Any]]:
    return list(status.history)


def _tries(attempts: int | str) -> str:
    return f"{attempts} {'try' if attempts == 1 else 'tries'}"


def _columns(status: Status) -> list[str]:
    return list(dict.fromkeys(d.environment for line in status.models for d in line.deployed))


def _row(*cells: Any) -> str:
    return "  ".join(f"{str(cell)[:28]:<{28 if i == 0 else 14}}" for i, cell in enumerate(cells)).rstrip()
