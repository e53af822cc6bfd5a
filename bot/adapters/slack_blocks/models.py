"""`/models` and `/models MODEL`: what runs where."""

from __future__ import annotations

from bot.adapters.slack_blocks.blocks import context, message, section, sections
from bot.adapters.slack_blocks.delivery import delivery_lines
from bot.adapters.slack_blocks.facts import number
from bot.adapters.slack_blocks.text import Block, bold, code, date, safe, sentence
from bot.domain.cards import DeployedLine, ModelDetail, ModelLine, ModelList, VersionLine

MODELS_SHOWN, VERSIONS_SHOWN, CHANGES_SHOWN, PLACES_SHOWN, METRICS_SHOWN = 25, 10, 3, 6, 3
_STATE = {"mixed": "mixed", "not_pinned": "not pinned", "unreadable": "unreadable", "inherited": "inherited"}


def model_list(card: ModelList, prefix: str) -> Block:
    """Every model on two lines; when there are many, the rest is counted."""
    shown = card.lines[:MODELS_SHOWN]
    lines = [line for model in shown for line in _model(model)] or [
        "No model is declared in the deployment repository."
    ]
    left = len(card.lines) - len(shown)
    more = f"… and {left} more: {code(f'/{prefix}models MODEL', 80)}" if left > 0 else ""
    total = f"{len(card.lines)} model{'' if len(card.lines) == 1 else 's'}"
    blocks = [section(f"*Models* · {total}"), *sections(lines)]
    blocks += context(more, sentence(card.note, 600))
    return message(f"Models: {_summary(card)}", blocks)


def _summary(card: ModelList) -> str:
    return "; ".join(f"{safe(line.model, 60)} {_places(line)}" for line in card.lines[:5]) or "none"


def _model(line: ModelLine) -> list[str]:
    newest = f" · newest {safe(line.newest, 30)}" if line.newest else ""
    lines = [f"{bold(line.model, 120) or '*?*'}   {_places(line)}{newest}"]
    lines += [f"      {words}" for place in line.deployed for words in _disagreements(place)]
    if line.open_changes:
        left = len(line.open_changes) - CHANGES_SHOWN
        changes = ", ".join(safe(change, 80) for change in line.open_changes[:CHANGES_SHOWN])
        lines.append(f"      open: {changes}{f' +{left} more' if left > 0 else ''}")
    return lines


def _places(line: ModelLine) -> str:
    shown = " · ".join(_place(place) for place in line.deployed[:PLACES_SHOWN])
    left = len(line.deployed) - PLACES_SHOWN
    return (shown or "nowhere declared") + (f" · +{left} more" if left > 0 else "")


def _place(place: DeployedLine) -> str:
    """`production 41`, or what stands there instead of a version."""
    where = safe(place.environment, 40)
    if place.version is not None:
        serving = f" ({safe(place.serving, 80)})" if place.serving else ""
        return f"{where} {safe(place.version, 30)}{' (inherited)' if place.state == 'inherited' else ''}{serving}"
    raw = f" ({safe(place.raw, 60)})" if place.raw else ""
    return f"{where} {_STATE.get(place.state, safe(place.state, 30))}{raw}"


def _disagreements(place: DeployedLine) -> list[str]:
    """What says another version than Git pins."""
    where, pins = safe(place.environment, 40), f"Git pins {safe(place.version or '?', 30)}"
    told = []
    if place.alias and place.aliased:
        told.append(f"mismatch in {where}: @{safe(place.alias, 40)} says {safe(place.aliased, 30)}, {pins}")
    if place.cluster:
        since = date(place.cluster_since)
        told.append(f"mismatch in {where}: the cluster still reports {safe(place.cluster, 60)}, since {since}; {pins}")
    return told


def model_detail(card: ModelDetail) -> Block:
    """One model: where it runs, its open changes, its versions with their metrics."""
    head = _model(card.line)
    lines = [_version(version, card.primary_metric) for version in card.versions[:VERSIONS_SHOWN]]
    left = len(card.versions) - len(lines)
    blocks = [section("\n".join(head)), *sections(lines or ["No version is known."])]
    blocks += sections(_had(card))
    blocks += sections(delivery_lines(card.delivery))
    more = f"… and {left} older" if left > 0 else ""
    blocks += context(more, sentence(card.note, 600))
    return message(f"{safe(card.line.model, 60)}: {_places(card.line)}", blocks)


def _had(card: ModelDetail) -> list[str]:
    """What each environment had, newest first: `production 4 since … ← 3 since …`."""
    had: dict[str, list[str]] = {}
    for stay in card.stays:
        had.setdefault(stay.environment, []).append(f"{safe(stay.version, 30)} since {date(stay.since)}")
    return [f"{bold(where, 40)}   {' ← '.join(runs[:PLACES_SHOWN])}" for where, runs in had.items()]


def _version(version: VersionLine, primary: str | None) -> str:
    aliases = "".join(f" @{safe(alias, 40)}" for alias in version.aliases[:4])
    where = f" · in {', '.join(safe(place, 40) for place in version.deployed_in[:4])}" if version.deployed_in else ""
    metrics = "".join(f" · {safe(name, 60)} {number(value)}" for name, value in _metrics(version, primary))
    return f"{bold(version.version, 40) or '*?*'}{aliases}{where}{metrics} · {date(version.created_at)}"


def _metrics(version: VersionLine, primary: str | None) -> list[tuple[str, float]]:
    """The primary metric first, then by name."""
    ranked = sorted(version.metrics.items(), key=lambda item: (item[0] != primary, item[0]))
    return ranked[:METRICS_SHOWN]
