"""A look at one registered model: what changed since the last one, and what follows from it.

Nothing that a webhook says is believed but the model's name: state is read again, so that what comes late, twice or out
of order changes nothing. What was seen is remembered last, and every row that follows has a key made of the look's
number: a look that was cut off is done again with the very same rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.change import Change
from bot.domain.commands import LookRegistry, ProposeByRule, Reconcile
from bot.domain.policy import ProposeRule
from bot.domain.registry_events import RegistryEvent, RegistryState, changes, fires, touches
from bot.errors import Refused, RegistryUnavailable
from bot.ports import RegistryMemory, Row
from bot.usecases.context import Context
from bot.usecases.fleet import FleetView
from bot.usecases.registry_beginning import beginning, known_rules
from bot.usecases.registry_concerns import called, ruled, watched
from bot.usecases.registry_mismatch import Aliases, check_aliases
from bot.usecases.registry_own import leads_back, own_moves
from bot.usecases.repo import Repo

VERSIONS = 50
"""The newest ones, whose tags are looked at; those of open changes are looked at whatever their age."""
TRIES = 3


def look_registry(ctx: Context, repo: Repo, row: Row, command: LookRegistry) -> None:
    """Do what follows from what changed. Raises RegistryUnavailable a few times; then the clock asks again."""
    ctx.inbox.absorb(row)
    memory = ctx.registry_memory
    if memory is None or _is_strange(ctx, repo, memory, command.model):
        return
    try:
        _look(ctx, repo, memory, command.model)
    except RegistryUnavailable:  # nobody waits for this row, and an outage is no heap of dead letters
        if row.attempt < TRIES:
            raise


def _is_strange(ctx: Context, repo: Repo, memory: RegistryMemory, name: str) -> bool:
    """No model of the policy has this name, nor was it ever looked at: whoever sends names of other models costs
    neither a fetch nor a question. One that came into the repo this minute is found by the clock."""
    if memory.get(name) is not None:
        return False
    try:
        view = repo.fleet.view(ctx.checkout.head())
    except Refused:
        return False
    return not called(view.policy, view, name)


def _look(ctx: Context, repo: Repo, memory: RegistryMemory, name: str) -> None:
    view = seen_view(ctx, repo)
    if view is None:
        return  # the policy cannot be read: nothing is remembered, so the clock finds it when it is mended
    rules = known_rules(ctx, memory, view.policy)
    before, now = memory.get(name), read(ctx, name, watched(ctx, view.policy).get(name, ()))
    if before is None and now is None:
        return
    now = now or RegistryState(name)  # it was deleted: what is registered by this name from now on is new
    known = before or beginning(memory, now)
    now = replace(now, look=known.look + 1, rules=tuple(sorted(rules.values())))
    events = changes(known, now)
    armed = [rule for rule, token in rules.items() if token in known.rules]
    _act(ctx, view, armed, events, now)
    broken = check_aliases(ctx, repo, view, Aliases(called(view.policy, view, name), now, events))
    if before is None or now != before or now.rules != before.rules:
        memory.save(now, ctx.clock.now())
    if broken is not None:
        raise broken


def seen_view(ctx: Context, repo: Repo) -> FleetView | None:
    """Every target by today's policy; None where that cannot be read."""
    try:
        return repo.fleet.view(ctx.checkout.fetch())
    except Refused:
        return None


def read(ctx: Context, name: str, also: Sequence[str] = ()) -> RegistryState | None:
    """What the registry says now, ``also`` of these versions; None where it has no such model. Raises
    RegistryUnavailable."""
    try:
        return ctx.registry.state(name, VERSIONS, also)
    except Refused:
        return None


def _act(
    ctx: Context, view: FleetView, rules: list[ProposeRule], events: tuple[RegistryEvent, ...], now: RegistryState
) -> None:
    models = called(view.policy, view, now.model) if events else ()
    own = own_moves(ctx, now, events) if models else {}
    for command in _proposals(view, rules, models, events, own):
        key = f"rule:{now.model}:{now.look}:{command.model}:{command.environment}:{command.version}"
        ctx.inbox.put(key, command)
    for change in ctx.changes.all_open() if models else ():
        if change.number is not None and _is_about(change, models, events):
            ctx.inbox.put(f"registry:{now.model}:{now.look}:{change.number}", Reconcile(number=change.number))


def _proposals(
    view: FleetView,
    rules: list[ProposeRule],
    models: tuple[str, ...],
    events: tuple[RegistryEvent, ...],
    own: Mapping[str, str],
) -> list[ProposeByRule]:
    """One for each model and environment, by whatever name of it: of several rules that fire, the first that is
    written."""
    found: dict[tuple[str, ...], ProposeByRule] = {}
    for rule in rules:
        meant = [event for event in events if not leads_back(view.policy, own, event, rule.to)]
        event = fires(rule, meant)
        stages = [stage.name for stage in view.policy.stages(rule.to)]
        for model in set(models) & set(ruled(view.policy, view, rule)) if event else ():
            assert event is not None
            asked = ProposeByRule(model=model, version=event.version, environment=rule.to, rule=event.words)
            found.setdefault((model, *stages), asked)
    return [found[key] for key in sorted(found)]


def _is_about(change: Change, models: tuple[str, ...], events: tuple[RegistryEvent, ...]) -> bool:
    moves = [(change.intent.model, change.intent.frm, change.intent.to)]
    moves += [(move.model, move.frm, move.to) for move in change.moves]
    return any(model in models and touches(events, (frm, to)) for model, frm, to in moves)
