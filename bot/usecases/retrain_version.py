"""Ask the registry which version came of a retraining."""

from __future__ import annotations

from bot.domain.retraining import Retraining
from bot.domain.retraining_version import MOST_LOOKED_AT, CameOf, came_of, tagged
from bot.errors import Refused, RegistryUnavailable
from bot.ports import Retrains
from bot.usecases.context import Context


def version_of(ctx: Context, store: Retrains, one: Retraining) -> CameOf | None:
    """None where the registry does not answer now."""
    try:
        versions = ctx.registry.versions(one.registered or one.model, MOST_LOOKED_AT)
    except RegistryUnavailable:
        return None
    except Refused:
        return CameOf()
    return came_of(one, versions, _others(store, one))


def _others(store: Retrains, one: Retraining) -> list[Retraining]:
    """Of the model, and those under way of others whose versions have the same name in the registry."""
    name = one.registered or one.model
    beside = [other for other in store.running() if other.model != one.model and other.registered == name]
    return [other for other in (*store.of(one.model), *beside) if other.id != one.id]


def is_tagged(ctx: Context, one: Retraining) -> bool:
    """Somebody wrote the retraining's id on a version: for engines of which nobody can ask how it goes."""
    try:
        return bool(tagged(one, ctx.registry.versions(one.registered or one.model, MOST_LOOKED_AT)))
    except (Refused, RegistryUnavailable):
        return False
