"""`/models [MODEL]`: what runs where, read from Git, beside what the registry has."""

from __future__ import annotations

from bot.domain.cards import DeployedLine, ModelDetail, ModelLine, ModelList, StayLine, VersionLine
from bot.domain.commands import ListModels
from bot.domain.facts import ModelVersion
from bot.domain.policy import Policy
from bot.domain.policy.stepping import is_stepped, with_steps
from bot.domain.wording import versions
from bot.errors import Refused, RegistryUnavailable
from bot.usecases.context import Context
from bot.usecases.delivery import model_delivery
from bot.usecases.fleet_places import Placed
from bot.usecases.history import stays
from bot.usecases.ladder_words import serving_now
from bot.usecases.registry_words import marked
from bot.usecases.repo import Repo, known_models, target_at, unknown_model
from bot.usecases.tell import answer

STAYS_SHOWN = 4
NEWEST_SHOWN = 50  # the registry is asked model by model: a fleet would wait for minutes
NO_REGISTRY = "The registry does not answer: only what Git pins is shown."


def list_models(ctx: Context, repo: Repo, command: ListModels) -> None:
    """Answer the asker."""
    base = ctx.checkout.fetch()
    policy = repo.policy(base)
    known = known_models(repo, base)
    if command.model is None:
        answer(ctx, command.by, command.origin, overview(ctx, repo, policy, base, known))
        return
    if command.model not in known:
        raise unknown_model(command.model, known)
    answer(ctx, command.by, command.origin, detail(ctx, repo, policy, base, command.model))


def overview(ctx: Context, repo: Repo, policy: Policy, base: str, known: list[str]) -> ModelList:
    """Every declared model in a line."""
    lines: list[ModelLine] = []
    note = ""
    for model in known:
        newest: list[ModelVersion] = []
        if not note and len(lines) < NEWEST_SHOWN:
            try:
                newest = ctx.registry.versions(policy.registered_name(model), 1)
            except RegistryUnavailable:
                note = NO_REGISTRY
            except Refused:
                newest = []
        lines.append(line_of(ctx, repo, base, model, newest[0].version if newest else None))
    told = (marked(ctx, repo, policy, line) for line in lines[:NEWEST_SHOWN])
    return ModelList((*told, *lines[NEWEST_SHOWN:]), note)


def line_of(ctx: Context, repo: Repo, base: str, model: str, newest: str | None) -> ModelLine:
    """One model across the environments, with its open changes."""
    deployed, changes = [], []
    view = repo.fleet.view(base)
    for environment in view.policy.environments:
        placed = view.placed.get((model, environment.name))
        if placed is None:
            continue
        deployed.append(_deployed_line(ctx, repo, base, placed))
        change = ctx.changes.open_for(model, environment.name)
        if change and change.number:
            changes.append(f"#{change.number} {versions(change.intent.frm, change.intent.to)} {environment.name}")
    return ModelLine(model, tuple(deployed), newest, tuple(changes))


def _deployed_line(ctx: Context, repo: Repo, base: str, placed: Placed) -> DeployedLine:
    target, holds = placed.target, placed.holds
    stepping = with_steps(target, repo.policy(base).steps_for(target.model, target.environment))
    if is_stepped(stepping):
        told = repo.deployed(base, stepping)
        return DeployedLine(
            target.environment, told.version, told.state, told.raw, serving_now(ctx, repo, base, stepping)
        )
    pinned = holds is not None and holds.state == "pinned"
    version = repo.names.name(repo.registered(target), holds) if holds and pinned else None
    return DeployedLine(target.environment, version, placed.reading.state, holds.raw if holds else placed.reading.raw)


def detail(ctx: Context, repo: Repo, policy: Policy, base: str, model: str) -> ModelDetail:
    """One model: its newest versions with their metrics, and where they run."""
    primary = policy.model(model).primary_metric
    try:
        found, note = ctx.registry.versions(policy.registered_name(model), 10), ""
    except RegistryUnavailable:
        found, note = [], NO_REGISTRY
    except Refused as why:
        found, note = [], why.message
    line = line_of(ctx, repo, base, model, found[0].version if found else None)
    line = marked(ctx, repo, policy, line, found)
    past = stays_of(repo, policy, base, model, STAYS_SHOWN)
    delivery = model_delivery(ctx, repo, policy, base, model)
    return ModelDetail(line, tuple(_version_line(v, line) for v in found), primary, note, past, delivery)


def stays_of(repo: Repo, policy: Policy, base: str, model: str, limit: int) -> tuple[StayLine, ...]:
    """What each environment of the model had, newest first."""
    targets = (target_at(policy, repo, base, model, environment.name) for environment in policy.environments)
    return tuple(stay for target in targets if target for stay in stays(repo, base, target, limit))


def _version_line(version: ModelVersion, line: ModelLine) -> VersionLine:
    where = tuple(d.environment for d in line.deployed if d.version == version.version)
    return VersionLine(version.version, version.aliases, version.created_at, dict(version.metrics), where)
