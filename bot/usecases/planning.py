"""`slackops plan`: what a command would do. The same use cases decide as behind Slack, and nothing is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.domain.change import Action, Aim
from bot.domain.commands import Promote, Rollback, Unpin
from bot.domain.comparison import Comparison
from bot.domain.gates import GateResult
from bot.domain.policy import Policy, SoakGate, Target, validate_name
from bot.errors import Reason, Refused, RegistryUnavailable
from bot.manifests import unified_diff, variables_needed
from bot.ports import Checkout, Clock, Registry, Row
from bot.usecases.check import Directory
from bot.usecases.comparing import comparison_of
from bot.usecases.context import Context
from bot.usecases.examine import Goal, Place, examine
from bot.usecases.ladder_begin import in_steps
from bot.usecases.names import VersionNames
from bot.usecases.plan_needs import needs_of
from bot.usecases.planned import Outcome, outcome, refused
from bot.usecases.planning_context import (
    NOBODY,
    OFFLINE,
    UNHEARD,
    SilentRegistry,
    completed,
    for_anybody,
    planning_context,
    unjudged,
    without_judges,
)
from bot.usecases.promote import candidate_of, variables_of
from bot.usecases.propose import Proposal
from bot.usecases.repo import Repo, find_target
from bot.usecases.rollback import completed as completed_goal
from bot.usecases.rollback import goal_of
from bot.usecases.soak import not_known
from bot.usecases.stages import Stage, chosen, named, require_model
from bot.usecases.unpin import unpin_goal

Asked = Promote | Rollback | Unpin
_NUMBERED = re.compile(r"[vV][0-9]+")
_PREFIXED = re.compile(r"[vV]\{version\}")


class Planner:
    """Plans on one checkout. Without a ``registry`` it works offline: the version asked for and ``given`` (variables by
    name) are all there is, and gates that need more are told as unknown and refuse nothing. ``directory`` knows who is
    in a group."""

    def __init__(
        self,
        checkout: Checkout,
        registry: Registry | None,
        clock: Clock,
        given: Mapping[str, str],
        directory: Directory | None = None,
    ) -> None:
        self._offline, self._given = registry is None, given
        self._directory = directory or Directory()
        asked: Registry = registry or SilentRegistry("the plan is made offline")
        self._ctx = planning_context(checkout, asked, clock)
        self._repo = Repo(checkout, VersionNames(asked, clock))

    def promote(self, model: str, version: str, environment: str | None) -> Outcome:
        """`promote MODEL VERSION|@ALIAS [ENV]`. Never raises for what can be told."""

        def goal(place: Place) -> tuple[Asked, Goal]:
            command = self._asked(place, model, version)
            return command, self._promotion(place, command)

        return self._tell(model, environment, version, goal, version)

    def _asked(self, place: Place, model: str, version: str) -> Promote:
        alias = validate_name("alias", version[1:]) if version.startswith("@") else None
        number = None if alias else self._spelled(place, version)
        return Promote(
            by=NOBODY, model=model, version=number, alias=alias, environment=place.environment.name, plan=True
        )

    def rollback(self, model: str, environment: str, to: str | None) -> Outcome:
        """`rollback MODEL ENV [--to VERSION]`."""

        def goal(place: Place) -> tuple[Asked, Goal]:
            command = Rollback(by=NOBODY, model=model, environment=place.environment.name, to=to, plan=True)
            return command, self._back(place, command)

        return self._tell(model, environment, to or "", goal)

    def unpin(self, model: str, environment: str) -> Outcome:
        """`unpin MODEL ENV`."""

        def goal(place: Place) -> tuple[Asked, Goal]:
            command = Unpin(by=NOBODY, model=model, environment=place.environment.name, plan=True)
            return command, unpin_goal(self._repo, place)

        return self._tell(model, environment, "", goal)

    def _tell(
        self,
        model: str,
        environment: str | None,
        to: str,
        aim: Callable[[Place], tuple[Asked, Goal]],
        promoted: str | None = None,
    ) -> Outcome:
        """``promoted`` is the version of a promotion, by which an environment that is left out is chosen."""
        place: Place | None = None
        try:
            place, why = self._place(validate_name("model", model), environment, promoted)
            command, goal = aim(place)
            to = goal.version
            row = Row(id="", key="", command=command, attempt=1, created_at=self._ctx.clock.now())
            plan, decision = examine(self._ctx, self._repo, place, row, command, goal)
            needs = needs_of(self._people(), plan)
            told = outcome(replace(plan, chosen=why), decision, self._gates(plan), self._diff(plan), needs)
            return replace(told, comparison=self._compared(plan))
        except Refused as why:
            return self._refused(why, to, place)
        except RegistryUnavailable as why:
            silent = Refused(Reason.REGISTRY_UNAVAILABLE, f"{why}.", "Try again, or plan with --offline.")
            return self._refused(silent, to, place)

    def _compared(self, plan: Proposal) -> Comparison:
        versions = (plan.candidate, plan.deployed)
        return comparison_of(self._people(), self._repo, plan.policy, plan.base, plan.intent, versions)

    def _people(self) -> Context:
        """The same, with those who can be asked about groups."""
        asked = {"chat": self._directory.chat, "forge": self._directory.forge}
        there: dict[str, Any] = {name: port for name, port in asked.items() if port is not None}
        return replace(self._ctx, **there)

    def _refused(self, why: Refused, to: str, place: Place | None) -> Outcome:
        if place is None:
            return refused(why, to)
        return refused(why, to, place.environment, self._repo.deployed(place.base, place.target).shown)

    def _gates(self, plan: Proposal) -> tuple[GateResult, ...]:
        """What engines told is known to the running bot alone."""
        gates = plan.policy.gates_of(plan.intent.model, plan.environment)
        if self._offline:
            return unjudged(not_known(plan.gates, gates, OFFLINE))
        heard = [g for g in gates if isinstance(g, SoakGate) and self._engine(plan.policy, g) != "none"]
        return not_known(plan.gates, heard, UNHEARD)

    def _engine(self, policy: Policy, gate: SoakGate) -> str:
        return policy.environment(gate.environment).rollout.engine

    def _place(self, model: str, environment: str | None, promoted: str | None) -> tuple[Place, str]:
        base = self._ctx.checkout.fetch()
        policy = for_anybody(self._repo.policy(base))
        if self._offline:
            policy = without_judges(policy)
        stage = named(policy, environment)
        if stage is None and promoted:
            stage = self._next(policy, base, model, environment, promoted)
        stage = stage or Stage(policy.environment(environment or ""))
        target = find_target(policy, self._repo, base, model, stage.environment)
        return Place(policy, base, self._repo.rules(policy, base, target), target), stage.why

    def _next(self, policy: Policy, base: str, model: str, environment: str | None, promoted: str) -> Stage:
        """The next stage for the version, as the version is written in each."""
        require_model(self._repo, base, model)

        def version_at(target: Target) -> str:
            place = Place(policy, base, policy.environment(target.environment), target)
            asked = self._asked(place, model, promoted)
            return candidate_of(self._ctx, policy, asked).version if asked.alias else asked.version or ""

        return chosen(self._repo, policy, base, model, environment, version_at)

    def _promotion(self, place: Place, command: Promote) -> Goal:
        candidate = None
        if self._offline:
            variables = self._supplied(place, command)
        else:
            candidate = completed(candidate_of(self._ctx, place.policy, command), place.target, self._given)
            variables = variables_of(candidate, place.target)
        version = candidate.version if candidate else command.version or ""
        goal = Goal(Action.PROMOTE, version, Aim(variables), candidate)
        row = Row(id="", key="", command=command, attempt=1, created_at=self._ctx.clock.now())
        return in_steps(self._ctx, self._repo, place, row, command.by, goal)

    def _supplied(self, place: Place, command: Promote) -> dict[str, str]:
        if command.alias:
            raise Refused(
                Reason.REGISTRY_UNAVAILABLE,
                f"Only the registry knows which version @{command.alias} is, and --offline leaves it out.",
                "Name the version, or leave --offline out.",
            )
        known = {**self._given, "version": command.version or ""}
        needed = variables_needed(place.target)
        missing = sorted(needed - known.keys())
        if missing:
            raise Refused(
                Reason.UNKNOWN_VERSION,
                f"The target of {command.model} in {place.environment.name} needs {', '.join(missing)}, "
                "and --offline asks nobody for it.",
                f"Add {' '.join(f'--set {name}=…' for name in missing)}.",
            )
        return {name: known[name] for name in sorted(needed)}

    def _spelled(self, place: Place, asked: str) -> str:
        """`v42` is 42, as in Slack, where versions are the registry's numbers. Offline they need not be: it is 42 where
        the repo writes plain numbers, and stays as it was typed where `v41`, `1.2.3` or nothing yet stands there."""
        if self._offline and asked.casefold() == "latest":
            raise Refused(
                Reason.LATEST_REFUSED, "`latest` is not a version: it is another one tomorrow.", "Name the version."
            )
        plain = not self._offline or self._plain_numbers(place)
        return validate_name("version", asked[1:] if plain and _NUMBERED.fullmatch(asked) else asked)

    def _plain_numbers(self, place: Place) -> bool:
        now = self._repo.standing(place.base, place.target).variables.get("version", "")
        templates = [binding.template for binding in place.target.bindings if "{version}" in binding.template]
        return now.isdecimal() or not templates or any(_PREFIXED.search(template) for template in templates)

    def _back(self, place: Place, command: Rollback) -> Goal:
        """The version as it was typed, else `v42` as 42; what its time did not have, as given or as registered."""
        goal = self._past(place, command)
        needed = variables_needed(place.target) - goal.aim.variables.keys()
        given = {name: value for name, value in self._given.items() if name in needed}
        aim = replace(goal.aim, variables={**goal.aim.variables, **given})
        return completed_goal(self._ctx, place, replace(goal, aim=aim))

    def _past(self, place: Place, command: Rollback) -> Goal:
        try:
            return goal_of(self._ctx, self._repo, place, command)
        except Refused:
            if not command.to or not _NUMBERED.fullmatch(command.to):
                raise
        return goal_of(self._ctx, self._repo, place, command.model_copy(update={"to": command.to[1:]}))

    def _diff(self, plan: Proposal) -> str:
        if not plan.intent.edits:
            return ""
        after = self._repo.rendered(plan.base, plan.target, plan.aim)
        return unified_diff(self._ctx.checkout.read(plan.base, sorted(after)), after)
