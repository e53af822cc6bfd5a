"""Whose application is it? From an engine's name for it to the models and environments of the policy."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from bot.domain.policy import Policy
from bot.domain.signal import Signal
from bot.errors import Refused
from bot.usecases.repo import Repo

SOURCES = {
    "argocd": frozenset({"argocd"}),
    "flux": frozenset({"flux"}),
    "fleet": frozenset({"fleet", "rollout"}),
    "github": frozenset({"github"}),
    "rollout": frozenset({"rollout"}),
}
"""Whose word counts for which `rollout.engine` of the policy; alerts count for every one of them."""
ALERTS = "alertmanager"

FRESH_SECONDS = 1.0

Target = tuple[str, str]


class Applications:
    """The applications that the policy declares, worked out once a commit."""

    def __init__(self, repo: Repo) -> None:
        self._repo = repo
        self._fetched = -FRESH_SECONDS
        self._index = functools.lru_cache(maxsize=4)(self._indexed)

    def head(self, now: float) -> str:
        """The head of the default branch, as of a moment ago: a flood of signals costs a fetch a moment, not one each.
        What a signal is about is read at its own revision."""
        if not 0 <= now - self._fetched < FRESH_SECONDS:
            self._repo.checkout.fetch()
            self._fetched = now
        return self._repo.checkout.head()

    def about(self, commit: str, signal: Signal) -> tuple[Target, ...]:
        """The model and environment (more than one where applications share a name) that a signal is about; none for
        what the policy does not declare, or declares for another engine."""
        policy = self._repo.policy(commit)
        if signal.model is not None and signal.environment is not None:
            return self._named(policy, signal, commit)
        known = self._index(commit)
        bare = signal.application.rpartition("/")[2]
        found = known.get(signal.application) or known.get(bare) or ()
        return tuple(target for target in found if _counts(policy, signal, target[1]))

    def _named(self, policy: Policy, signal: Signal, commit: str) -> tuple[Target, ...]:
        """A source that names model and environment itself is taken at its word, where they are declared."""
        try:
            environment = policy.environment(signal.environment or "").name
        except Refused:
            return ()
        target = (signal.model or "", environment)
        declared = target in self._targets(commit)
        return (target,) if declared and _counts(policy, signal, environment) else ()

    def _targets(self, commit: str) -> frozenset[Target]:
        return frozenset(target for targets in self._index(commit).values() for target in targets)

    def _indexed(self, commit: str) -> Mapping[str, tuple[Target, ...]]:
        view = self._repo.fleet.view(commit)
        found: dict[str, tuple[Target, ...]] = {}
        for model, environment in view.placed:
            rule = view.policy.environment(environment).rollout
            if rule.engine != "none":
                name = rule.application_of(model, environment)
                found[name] = (*found.get(name, ()), (model, environment))
        return found


def _counts(policy: Policy, signal: Signal, environment: str) -> bool:
    engine = policy.environment(environment).rollout.engine
    return engine != "none" and (signal.source == ALERTS or signal.source in SOURCES[engine])
