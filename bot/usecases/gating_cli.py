"""`slackops gate`: the policy's gates of a checkout, judged for CI by the same evaluators as behind Slack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.change import Action, Intent
from bot.domain.commands import Promote
from bot.domain.facts import Check, ModelVersion
from bot.domain.gates import GateResult, GateState
from bot.domain.gating import GateFacts, judge
from bot.domain.policy import CheckGate, Gate, IncidentGate, MetricGate, SoakGate, Target, validate_name
from bot.errors import Reason, Refused, RegistryUnavailable
from bot.ports import Checkout, Clock, Registry
from bot.usecases.gate_facts import Judged, facts_for
from bot.usecases.names import VersionNames
from bot.usecases.planning_context import NOBODY, UNHEARD, SilentRegistry, completed, for_anybody, planning_context
from bot.usecases.promote import candidate_of
from bot.usecases.repo import Repo, find_target
from bot.usecases.standing import Standing
from bot.usecases.versions import known_version

NEW = "new"
"""The version of a candidate that is not registered yet."""
NOT_YET, NO_COMMIT, NOT_HERE = "not registered yet", "no commit was named", "only the running bot knows of incidents"
UNREADABLE = frozenset({"unreadable", "mixed"})


@dataclass(frozen=True)
class Given:
    """What the command line brings. ``metrics`` are those of a candidate that is not registered; ``checks`` is None
    where no commit was named, and the words why where they cannot be read now; ``ports`` are of the context, by name:
    those that the environment configures."""

    variables: Mapping[str, str]
    metrics: Mapping[str, float] | None = None
    checks: tuple[Check, ...] | str | None = None
    ports: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Gated:
    """One model in one environment, judged. ``deployed`` is None where nothing was pinned before."""

    model: str
    version: str
    environment: str
    deployed: str | None
    gates: tuple[GateResult, ...]

    @property
    def passed(self) -> bool:
        """No gate holds it up."""
        return not any(gate.holds_up for gate in self.gates)


class GateRun:
    """Judges on one checkout. Without a ``registry`` what it would tell is unknown, and unknown holds up."""

    def __init__(self, checkout: Checkout, registry: Registry | None, clock: Clock, given: Given) -> None:
        asked: Registry = registry or SilentRegistry("the registry is not configured")
        self._ctx = replace(planning_context(checkout, asked, clock), **(given.ports or {}))
        self._checkout, self._given = checkout, given
        self._repo = Repo(checkout, VersionNames(asked, clock))
        self._head = checkout.head()
        self._policy = for_anybody(self._repo.policy(self._head))

    def one(self, model: str, version: str, environment: str) -> Gated:
        """A version against what the checkout pins. Raises Refused for names that nothing has."""
        policy, named = self._policy, validate_name("model", model)
        target = find_target(policy, self._repo, self._head, named, policy.environment(environment))
        now = self._repo.standing(self._head, target)
        if now.reading.state in UNREADABLE:
            return _unreadable(target, version, now)
        candidate = self._candidate(target, version)
        return self._judged(target, candidate.version, _before(now), candidate)

    def moved(self, base: str | None) -> Iterator[Gated]:
        """Every target whose version is another one than at ``base`` (a commit; None: before the first one), against
        the version there. What only the base moved since the branch left it is not this branch's."""
        view = self._repo.fleet.view(self._head)
        fork = self._fork(base)
        for model in view.models:
            for stage in self._policy.environments:
                placed = view.placed.get((model, stage.name))
                if placed is not None and self._differs(base, placed.place.files):
                    yield from self._moved(model, stage.name, base, fork)

    def _fork(self, base: str | None) -> str | None:
        top = getattr(self._checkout, "named", lambda _: None)("HEAD")
        return self._checkout.merge_base(top, base) if top and base else None

    def _differs(self, base: str | None, files: Sequence[str]) -> bool:
        before = self._checkout.read(base, files) if base else {}
        return self._checkout.read(self._head, files) != before

    def _moved(self, model: str, environment: str, base: str | None, fork: str | None) -> Iterator[Gated]:
        target = find_target(self._policy, self._repo, self._head, model, self._policy.environment(environment))
        now = self._repo.standing(self._head, target)
        was = self._repo.standing(base, target) if base and self._checkout.read(base, target.files) else None
        ours = fork in (None, base) or _says(now) != _says(self._repo.standing(fork or "", target))
        if not ours or (was is not None and _says(now) == _says(was)):
            return
        version = now.newest
        if now.reading.state in UNREADABLE or version is None:
            yield _unreadable(target, version or "", now)
            return
        candidate = known_version(self._ctx, self._policy, model, version)
        yield self._judged(target, version, _before(was) if was else None, candidate)

    def _candidate(self, target: Target, version: str) -> ModelVersion:
        given = self._given
        if given.metrics is not None:
            name, now = self._policy.registered_name(target.model), self._ctx.clock.now()
            return ModelVersion(name, NEW, None, None, None, None, now, metrics=dict(given.metrics))
        command = Promote(by=NOBODY, model=target.model, environment=target.environment, **_asked(version))
        try:
            return completed(candidate_of(self._ctx, self._policy, command), target, given.variables)
        except RegistryUnavailable as why:
            raise Refused(Reason.REGISTRY_UNAVAILABLE, f"{why}.", "Try again when it answers.") from None

    def _judged(self, target: Target, version: str, frm: str | None, candidate: ModelVersion | None) -> Gated:
        policy, head = self._policy, self._head
        environment = self._repo.rules(policy, head, target)
        digest = candidate.artifact_digest if candidate else None
        intent = Intent(Action.PROMOTE, target.model, environment.name, frm, version, digest, ())
        deployed = known_version(self._ctx, policy, target.model, frm) if frm else None
        moves = (environment.name, *self._repo.served(policy, head, target))
        known = None if isinstance(self._given.checks, str) else self._given.checks
        asked = Judged(policy, environment, head, intent, moves, candidate, deployed, known)
        gates = policy.gates_of(target.model, environment)
        here = [gate for gate in gates if self._elsewhere(gate) is None]
        found = iter(judge(here, facts_for(self._ctx, self._repo, here, asked)))
        results = [self._told(gate) or next(found) for gate in gates]
        return Gated(target.model, version, target.environment, frm, (*_known(candidate, version), *results))

    def _elsewhere(self, gate: Gate) -> tuple[GateState, str] | None:
        """Why a gate cannot be judged here, and what it is then; None where it can. What only the running bot can know
        is judged by it, and holds up the merge: it must not keep a pipeline red for ever."""
        if self._given.metrics is not None and not isinstance(gate, MetricGate | IncidentGate):
            return GateState.SKIPPED, NOT_YET
        if isinstance(gate, CheckGate) and self._given.checks is None:
            return GateState.SKIPPED, NO_COMMIT
        if isinstance(gate, CheckGate) and isinstance(self._given.checks, str):
            return GateState.UNKNOWN, self._given.checks
        if isinstance(gate, SoakGate) and self._policy.environment(gate.environment).rollout.engine != "none":
            return GateState.UNKNOWN, UNHEARD
        if isinstance(gate, IncidentGate) and self._ctx.incidents is None:
            return GateState.UNKNOWN, NOT_HERE
        return None

    def _told(self, gate: Gate) -> GateResult | None:
        why = self._elsewhere(gate)
        if why is None:
            return None
        (like,) = judge([gate], GateFacts(self._ctx.clock.now(), None, None))
        blocks = like.blocks and why[1] not in (UNHEARD, NOT_HERE)
        return replace(like, state=why[0], observed=why[1], blocks=blocks, waits=False, passes_at=None, explanation="")


def _asked(version: str) -> dict[str, str]:
    """`@ALIAS`, else a version, of which `v42` is 42."""
    if version.startswith("@"):
        return {"alias": validate_name("alias", version[1:])}
    plain = version[1:] if version[:1] in ("v", "V") and version[1:].isdecimal() else version
    return {"version": validate_name("version", plain)}


def _before(seen: Standing) -> str | None:
    """The version that stood there; what cannot be read is no first deployment."""
    return seen.shown or ("unreadable" if seen.reading.state in UNREADABLE else None)


def _says(seen: Standing) -> tuple[object, ...]:
    return (seen.reading.state, seen.shown, seen.newest, *seen.said)


def _known(candidate: ModelVersion | None, version: str) -> tuple[GateResult, ...]:
    if candidate is not None:
        return ()
    observed = f"the registry does not tell of {version}"
    return (GateResult("version", GateState.UNKNOWN, observed, "a registered version"),)


def _unreadable(target: Target, version: str, seen: Standing) -> Gated:
    why = seen.reading.message or f"it is {seen.reading.state.replace('_', ' ')}"
    gate = GateResult("target", GateState.UNKNOWN, why, "a version that can be read")
    return Gated(target.model, version, target.environment, None, (gate,))
