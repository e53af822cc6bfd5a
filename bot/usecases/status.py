"""What `slackops status` tells: versions in each environment, open changes, dead letters."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from bot.domain.cards import DeliveryLine, ModelLine
from bot.domain.change import Change
from bot.domain.drifting.incidents import Incident
from bot.domain.drifting.saying import in_short, standing
from bot.domain.wording import subject
from bot.errors import SlackOpsError
from bot.ports import DeadLetter
from bot.usecases.context import Context
from bot.usecases.delivery import fleet_delivery, model_delivery
from bot.usecases.models import overview, stays_of
from bot.usecases.names import VersionNames
from bot.usecases.repo import Repo, known_models, unknown_model

STAYS = 10
WATCHING = "Watching only (enforce: false): nothing that people do by hand is held up."

History = tuple[dict[str, object], ...]


@dataclass(frozen=True)
class Delivered(DeliveryLine):
    """The delivery numbers of one model in one environment."""

    model: str = ""


@dataclass(frozen=True)
class Status:
    """Fit for JSON as it stands. ``note`` says what could not be read; what could be is there all the same. ``history``
    is told for one model only. ``delivery`` of one model counts what came in outside SlackOps too, of all it does not:
    that would mean to read the history of each."""

    models: tuple[ModelLine, ...]
    changes: tuple[dict[str, str | int | None], ...]
    dead_letters: tuple[dict[str, str | int], ...]
    note: str = ""
    history: History = ()
    delivery: tuple[Delivered, ...] = ()
    incidents: tuple[dict[str, str | None], ...] = ()
    """Those that are open, the oldest first."""


def read_status(ctx: Context, model: str | None) -> Status:
    """Read it. A deployment repo that cannot be read leaves the rest, with a note. Raises Refused(UNKNOWN_MODEL)."""
    lines, note, history, delivery = _models(ctx, model)
    changes = tuple(_change(c) for c in ctx.changes.all_open() if model in (None, c.intent.model))
    dead = tuple(_dead(letter) for letter in ctx.inbox.dead())
    found = ctx.incident_log.open(model) if ctx.incident_log else []
    return Status(
        lines, changes, dead, note, history, delivery, tuple(_incident(one, ctx.clock.now()) for one in found)
    )


def _models(ctx: Context, model: str | None) -> tuple[tuple[ModelLine, ...], str, History, tuple[Delivered, ...]]:
    repo = Repo(ctx.checkout, VersionNames(ctx.registry, ctx.clock))
    try:
        base = ctx.checkout.fetch()
        policy = repo.policy(base)
        known = known_models(repo, base)
    except SlackOpsError as error:
        return (), f"The deployment repo cannot be read: {error}", (), _by_records(ctx, model)
    if model is not None and model not in known:
        raise unknown_model(model, known)
    shown = overview(ctx, repo, policy, base, [model] if model else known)
    note = " ".join(part for part in (shown.note, "" if policy.enforce else WATCHING) if part)
    if model is None:
        return shown.lines, note, (), _by_records(ctx, None)
    past = stays_of(repo, policy, base, model, STAYS)
    delivery = model_delivery(ctx, repo, policy, base, model)
    history = tuple({**asdict(stay), "since": _time(stay.since)} for stay in past)
    return shown.lines, note, history, tuple(_delivered(model, line) for line in delivery)


def _by_records(ctx: Context, model: str | None) -> tuple[Delivered, ...]:
    numbers = fleet_delivery(ctx.changes, ctx.clock.now())
    return tuple(_delivered(name, line) for (name, _), line in numbers.items() if model in (None, name))


def _delivered(model: str, line: DeliveryLine) -> Delivered:
    return Delivered(**asdict(line), model=model)


def _change(change: Change) -> dict[str, str | int | None]:
    return {
        "id": change.id,
        "number": change.number,
        "what": subject(change.intent),
        "state": "held" if change.held_by else change.state.value,
        "url": change.url,
    }


def _incident(one: Incident, now: float) -> dict[str, str | None]:
    return {
        "id": one.id,
        "model": one.model,
        "environment": one.environment,
        "kind": one.kind.value,
        "state": one.state.value,
        "severity": one.severity.value,
        "standing": standing(one, now),
        "since": _time(one.opened),
        "owner": str(one.owner) if one.owner else None,
        "snoozed_until": _time(one.snooze.until) if one.snooze else None,
        "words": in_short(one),
    }


def _dead(letter: DeadLetter) -> dict[str, str | int]:
    at = _time(letter.at)
    return {"id": letter.id, "kind": letter.kind, "attempts": letter.attempts, "error": letter.error, "at": at}


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
