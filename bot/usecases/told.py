"""What engines told of a target, each word with the version that it is about, by the name that it has today."""

from __future__ import annotations

from bot.domain.change import Change
from bot.domain.signal import Signal
from bot.errors import Refused
from bot.usecases.context import Context
from bot.usecases.repo import Repo

Told = list[tuple[str | None, Signal]]


def told_of(ctx: Context, repo: Repo, model: str, environment: str) -> Told:
    """All that is kept about a target. What was written down while the registry did not tell which version an id means
    is named anew."""
    return [(named(repo, model, one.version), one.signal) for one in ctx.signals.of(model, environment)]


def named(repo: Repo, model: str, version: str | None) -> str | None:
    """The version that an id in words means; everything else stays as it is."""
    if version is None or " " not in version:
        return version
    try:
        registered = repo.policy(repo.checkout.head()).registered_name(model)
    except Refused:
        registered = model
    return repo.names.of_words(registered, version)


def names_of(repo: Repo, change: Change) -> frozenset[str]:
    """All that the version a change goes to may be called: by the registry, or by its id where that did not answer."""
    to, ids = change.intent.to, change.variables
    words = {f"{word} {ids[name]}" for word, name in (("model", "model_id"), ("run", "run_id")) if ids.get(name)}
    return frozenset({to, named(repo, change.intent.model, to) or to, *words})
