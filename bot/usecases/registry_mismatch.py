"""Does an environment's alias in the registry say what Git pins? Told once when somebody moved it with no change
behind, and over in the same message when it agrees again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.domain.commands import LookRegistry, TellSubscribers
from bot.domain.policy import Environment
from bot.domain.registry_events import RegistryEvent, RegistryState
from bot.domain.registry_mismatch import Moved, agrees, disagrees, moved_from
from bot.errors import Fatal
from bot.ports import Posted, PostRecord
from bot.usecases.audited import BOT, note
from bot.usecases.context import Context
from bot.usecases.fleet import FleetView
from bot.usecases.repo import Repo
from bot.usecases.tell import show_card

GRACE_SECONDS = 60.0
"""What a rule proposes because of the same event, and what the bot set itself, is known by then."""
DAY = 86400.0
MOVED, TOLD, OVER = "moved", "told", "over"


@dataclass(frozen=True)
class Aliases:
    """What was seen of a registered model, and the policy's models of this name."""

    models: tuple[str, ...]
    now: RegistryState
    events: tuple[RegistryEvent, ...]


@dataclass(frozen=True)
class _Place:
    """One alias of one model, and the environments that have it set when they are healthy."""

    model: str
    registered: str
    alias: str
    stages: tuple[Environment, ...]
    version: str | None
    pins: dict[str, str | None]
    event: RegistryEvent | None

    @property
    def subject(self) -> str:
        return f"mismatch:{self.registered}:{self.alias}:{self.model}"

    @property
    def settled(self) -> bool:
        """The alias says what one of them pins, or nothing."""
        return self.version is None or self.version in self.pins.values()


def check_aliases(ctx: Context, repo: Repo, view: FleetView, seen: Aliases) -> Fatal | None:
    """Tell what disagrees, and what agrees again; what kept a channel from being told."""
    broken: Fatal | None = None
    for place in _places(repo, view, seen):
        broken = _check(ctx, view, place) or broken
    return broken


def is_waiting(ctx: Context, repo: Repo, view: FleetView, seen: Aliases) -> bool:
    """Whether something is to be told of an alias, though nothing moved in the registry."""
    return any(_is_waiting(ctx, place) for place in _places(repo, view, seen))


def _is_waiting(ctx: Context, place: _Place) -> bool:
    record = ctx.posts.get(place.subject, MOVED)
    return record is not None and record.ts != OVER and (record.ts is None or place.settled)


def _places(repo: Repo, view: FleetView, seen: Aliases) -> Iterator[_Place]:
    for model in seen.models:
        mine = [s for s in view.policy.environments if s.healthy_alias and (model, s.name) in view.placed]
        for alias in dict.fromkeys(stage.healthy_alias for stage in mine if stage.healthy_alias):
            stages = tuple(stage for stage in mine if stage.healthy_alias == alias)
            event = next((one for one in seen.events if (one.kind, one.name) == ("alias", alias)), None)
            pins = {stage.name: _pinned(repo, view, model, stage.name) for stage in stages}
            yield _Place(model, seen.now.model, alias, stages, seen.now.aliases.get(alias), pins, event)


def _pinned(repo: Repo, view: FleetView, model: str, environment: str) -> str | None:
    placed = view.placed[model, environment]
    holds = placed.holds
    if holds is None or holds.state != "pinned":
        return None
    return repo.names.name(view.policy.registered_name(model), holds)


def _check(ctx: Context, view: FleetView, place: _Place) -> Fatal | None:
    record = ctx.posts.get(place.subject, MOVED)
    if place.event is not None and place.event.version and not place.settled:
        record = _suspect(ctx, place, place.event, record)
    if record is None or record.ts == OVER:
        return None
    moved = moved_from(record.fingerprint)
    if place.settled or _set_by_us(ctx, place):
        _over(ctx, place, record, moved)
    elif not _is_explained(ctx, place) and all(place.pins.values()):
        if ctx.clock.now() < record.since + GRACE_SECONDS:
            again = f"{place.subject}:{record.since:.3f}"
            ctx.inbox.put(again, LookRegistry(model=place.registered), delay=GRACE_SECONDS)
        elif record.ts is None:
            return _tell(ctx, view, place, record, moved)
    return None


def _suspect(ctx: Context, place: _Place, event: RegistryEvent, old: PostRecord | None) -> PostRecord:
    """Remember that it was moved; what was said of another version is over."""
    if old is not None and old.ts == TOLD:
        _over(ctx, place, old, moved_from(old.fingerprint))
    moved = Moved(event.version, event.before)
    record = PostRecord(place.subject, MOVED, "", ctx.clock.now(), None, moved.dumps())
    ctx.posts.save(record)
    return record


def _is_explained(ctx: Context, place: _Place) -> bool:
    """A change brings the version there: it is open, or merged and watched."""
    stages = {stage.name for stage in place.stages}
    for change in (*ctx.changes.all_open(), *ctx.changes.all_watching()):
        intent = change.intent
        moves = [(intent.model, intent.environment, intent.to)]
        moves += [(move.model, move.environment, move.to) for move in change.moves]
        if any(model == place.model and where in stages and to == place.version for model, where, to in moves):
            return True
    return False


def _set_by_us(ctx: Context, place: _Place) -> bool:
    """The bot set it to this version, and to no other since: what is pinned moved on meanwhile."""
    for row in ctx.audit.of_model(place.model):
        told = row.entry
        if told.what == "alias_set" and told.evidence.get("alias") == place.alias:
            return told.version == place.version
    return False


def _tell(ctx: Context, view: FleetView, place: _Place, record: PostRecord, moved: Moved) -> Fatal | None:
    channels = tuple(dict.fromkeys(stage.channel for stage in place.stages))
    moved = replace(moved, pins={name: pin for name, pin in place.pins.items() if pin}, channels=channels)
    news = disagrees(place.model, place.alias, moved, view.policy.model(place.model).owners)
    key, where = _key(place, record, moved), place.stages[0].name
    evidence = {"alias": place.alias, "registered": place.registered, "was": moved.was, "pins": dict(moved.pins)}
    note(ctx, key, "mismatch", BOT, model=place.model, environment=where, version=moved.to, evidence=evidence)
    broken: Fatal | None = None
    for channel in channels:
        try:
            show_card(ctx, f"{key}:{channel}", channel, news)
        except Fatal as error:  # a channel that is not there keeps the others from nothing
            broken = broken or error
    cards = [ctx.posts.get(f"{key}:{channel}", "card") for channel in channels]
    heard = tuple(card.channel for card in cards if card is not None and card.ts)
    told = TellSubscribers(
        key=key, event="mismatch", model=place.model, environment=where, text=news.headline, but=heard
    )
    ctx.inbox.put(f"news:{key}", told)
    ctx.posts.save(replace(record, ts=TOLD, fingerprint=moved.dumps()))
    return broken


def _over(ctx: Context, place: _Place, record: PostRecord, moved: Moved) -> None:
    """Where it was told, the message says so; nobody is called."""
    news, key = agrees(place.model, place.alias, moved, place.version), _key(place, record, moved)
    for channel in moved.channels:
        said = ctx.posts.get(f"{key}:{channel}", "card")
        if said is not None and said.ts is not None:
            ctx.chat.update(Posted(said.channel, said.ts), news, f"{key}:{channel}:card")
            ctx.posts.save(replace(said, fingerprint=ctx.chat.fingerprint(news)))
    ctx.posts.save(replace(record, ts=OVER))


def _key(place: _Place, record: PostRecord, moved: Moved) -> str:
    """One message for the same disagreement within a day: what flaps is edited to and fro."""
    pins = ",".join(dict.fromkeys(moved.pins.values()))
    return f"{place.subject}:{moved.to}:{pins}:{record.since // DAY:.0f}"
