"""The use cases without the bot: no inbox, no records, no chat, no forge, and where asked no registry either."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NoReturn

from bot.domain.facts import ModelVersion
from bot.domain.gates import GateResult, GateState
from bot.domain.people import Person
from bot.domain.policy import Policy, Target
from bot.errors import Fatal, RegistryUnavailable
from bot.ports import Checkout, Clock, Registry
from bot.usecases.context import Context

NOBODY = Person(team="", user="")
"""Who asks on the command line: a role is not checked there, and nobody is told."""
OFFLINE = "not evaluated offline"
UNHEARD = "only the running bot hears what engines tell"
_FIELDS = frozenset({"run_id", "model_id", "experiment_id", "source", "git_commit", "artifact_digest"})


class SilentRegistry:
    """A registry that is not asked: it answers nothing."""

    def __init__(self, why: str) -> None:
        self._why = why

    def _silent(self, *_: Any, **__: Any) -> NoReturn:
        raise RegistryUnavailable(self._why)

    version = by_alias = versions = find = models = set_alias = set_tags = state = _silent
    has_artifact = requirements = _silent


class _NoRecords:
    """Changes and linked accounts of a bot that is not there."""

    def open_for(self, model: str, environment: str) -> None:  # noqa: ARG002
        """No change is open."""
        return

    def merged_for(self, model: str, environment: str, limit: int = 100) -> tuple[Any, ...]:  # noqa: ARG002
        """Nothing was merged that is remembered."""
        return ()

    def in_debt(self, model: str) -> tuple[Any, ...]:  # noqa: ARG002
        """Nothing is owed that is remembered."""
        return ()

    def login_of(self, person: Person) -> None:  # noqa: ARG002
        """Nobody is linked."""
        return

    def account_of(self, person: Person) -> None:  # noqa: ARG002
        """Nobody is linked."""
        return

    def people_of(self, login: str, account: int = 0) -> frozenset[Person]:  # noqa: ARG002
        """Nobody ever was."""
        return frozenset()


class _NoSignals:
    """A plan does not know what engines said."""

    def of(self, model: str, environment: str, since: float = 0.0) -> list[Any]:  # noqa: ARG002
        """Nothing was heard."""
        return []


class _Absent:
    """A port that a plan has no use for: using it is an error in this program."""

    def __getattr__(self, name: str) -> NoReturn:
        raise Fatal(f"A plan asked a port that it does not have: {name}.")


def planning_context(checkout: Checkout, registry: Registry, clock: Clock) -> Context:
    """Enough of a bot to decide with, and nothing that could write."""
    records: Any = _NoRecords()
    signals: Any = _NoSignals()
    absent: Any = _Absent()
    return Context(
        inbox=absent,
        changes=records,
        links=records,
        posts=absent,
        checkout=checkout,
        forge=absent,
        registry=registry,
        chat=absent,
        clock=clock,
        signals=signals,
        audit=absent,
    )


def for_anybody(policy: Policy) -> Policy:
    """The policy with no roles, so that whoever asks may."""
    environments = tuple(replace(stage, roles={}) for stage in policy.environments)
    models = {name: replace(said, roles={}) for name, said in policy.models.items()}
    return replace(policy, roles={}, environments=environments, models=models)


def without_judges(policy: Policy) -> Policy:
    """The policy with every gate put off to the merge: what nobody is asked about cannot refuse a proposal."""
    environments = tuple(replace(e, gates=tuple(replace(g, at="merge") for g in e.gates)) for e in policy.environments)
    models = {
        name: replace(said, gates=tuple(replace(g, at="merge") for g in said.gates))
        for name, said in policy.models.items()
    }
    return replace(policy, environments=environments, models=models)


def unjudged(gates: tuple[GateResult, ...]) -> tuple[GateResult, ...]:
    """The same results, where unknown only means that nobody was asked."""
    return tuple(replace(g, observed=OFFLINE) if g.state is GateState.UNKNOWN else g for g in gates)


def completed(candidate: ModelVersion, target: Target, given: Mapping[str, str]) -> ModelVersion:
    """The version with what was given by hand in the place of what the registry says."""
    tags, params, rest = dict(candidate.tags), dict(candidate.params), dict[str, Any]()
    sources = {one.name: one.source.removeprefix("registry.") for one in target.declared}
    for name, value in given.items():
        kind, _, key = sources.get(name, name).partition(".")
        if kind in ("tags", "params"):
            (tags if kind == "tags" else params)[key] = value
        elif kind in _FIELDS:
            rest[kind] = value
    return replace(candidate, tags=tags, params=params, **rest)
