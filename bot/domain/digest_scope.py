"""What a digest is about: everything, or what its rule narrows it to."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from bot.domain.drifting.incidents import Incident
from bot.domain.people import Person
from bot.domain.policy import Policy
from bot.domain.policy.model_drift import DigestRule
from bot.domain.policy.policy import principal


class Scope:
    """The scope of one rule under one policy."""

    def __init__(self, policy: Policy, rule: DigestRule) -> None:
        self._policy, self._rule = policy, rule
        self._owner = principal(rule.owner)
        stages = policy.stages(rule.environment) if rule.environment else policy.environments
        self.environments = tuple(stage.name for stage in stages)
        """In promotion order."""

    def holds(self, model: str) -> bool:
        """Whether it is about the model."""
        patterns = self._rule.models
        named = not patterns or any(fnmatchcase(model, one) for one in patterns)
        return named and (not self._owner or self._owner in self._owners(model))

    def covers(self, model: str, environment: str) -> bool:
        """Whether it is about the model there."""
        return environment in self.environments and self.holds(model)

    def covers_incident(self, incident: Incident) -> bool:
        """What somebody took on is theirs too, whoever owns the model."""
        if incident.environment not in self.environments:
            return False
        taken = bool(self._owner) and incident.owner is not None and self._owner in _names(incident.owner)
        return taken or self.holds(incident.model)

    def models(self, known: Iterable[str]) -> list[str]:
        """Those of the known ones that it is about."""
        return [model for model in known if self.holds(model)]

    @property
    def words(self) -> str:
        """`production, fraud-*, of acme/ml-leads`; empty: everything. An id of Slack's says nothing to anybody."""
        rule = self._rule
        owner = f"of {rule.owner.partition(':')[2]}" if rule.owner.startswith(("github:", "slack:@")) else ""
        more = f" +{len(rule.models) - 3} more" if len(rule.models) > 3 else ""
        named = ", ".join(rule.models[:3]) + more
        return ", ".join(part for part in (rule.environment, named, owner) if part)

    def _owners(self, model: str) -> frozenset[str]:
        return frozenset(principal(one) for one in self._policy.model(model).owners)


def _names(person: Person) -> tuple[str, str]:
    return f"slack:{person.user}", str(person)
