"""The questions that the bot asks a policy."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from bot.domain.policy.approval_rules import with_owners
from bot.domain.policy.gates import is_for, resolve, told_apart
from bot.domain.policy.layouts import Layout
from bot.domain.policy.model import CiRule, Environment, Gate, ModelPolicy, ProposeRule, StepsRule, StormRule, Target
from bot.domain.policy.model_drift import DriftPolicy
from bot.domain.policy.shown import nearest
from bot.domain.policy.stepping import with_steps
from bot.domain.policy.strictest import strictest, wanted_too
from bot.domain.retraining import RetrainRule
from bot.errors import Reason, Refused

CLOSED_ROLES = frozenset({"waive", "break_glass", "admin"})
"""Roles that nobody has where the policy does not write them."""


@dataclass(frozen=True)
class Policy:
    """A valid policy. ``environments`` stand in promotion order. Immutable; built by `parse_policy`."""

    environments: tuple[Environment, ...]
    models: Mapping[str, ModelPolicy] = field(hash=False)
    layouts: tuple[Layout, ...]
    roles: Mapping[str, frozenset[str]] = field(hash=False)
    storm: StormRule = field(default_factory=StormRule)
    channel: str = "#ml-deploys"
    """Where everything goes that is about no environment."""
    device_links: bool = False
    """Accounts may be linked by a code that is typed on the forge."""
    enforce: bool = True
    """False: only watch. Statuses are green and say what would have blocked; what the bot itself merges keeps to the
    rules all the same."""
    commits: Literal["push", "api"] = "push"
    """How the bot's commits come to the forge: pushed, or made through its API, which signs them."""
    review_within: float = 86400.0
    """Seconds after the merge within which a second person looks at what broke the glass."""
    propose: tuple[ProposeRule, ...] = ()
    ci: CiRule = field(default_factory=CiRule)
    drift: DriftPolicy = field(default_factory=DriftPolicy)
    retrain: Mapping[str, RetrainRule] = field(default_factory=dict, hash=False)
    """By model; `*` for those that are not named."""

    def environment(self, name_or_alias: str) -> Environment:
        """By name or alias. Raises Refused(UNKNOWN_ENVIRONMENT) naming the known ones and the nearest."""
        for environment in self.environments:
            if name_or_alias == environment.name or name_or_alias in environment.aliases:
                return environment
        if self.is_fanned(name_or_alias):
            regions = self.stages(name_or_alias)
            named = ", ".join(region.name for region in regions)
            message = f"{name_or_alias} has {len(regions)} regions, each an environment of its own."
            raise Refused(Reason.UNKNOWN_ENVIRONMENT, message, f"Name one of them: {named}.")
        names = [name for e in self.environments for name in (e.name, *e.aliases)]
        near = nearest(name_or_alias, names)
        known = ", ".join(e.name for e in self.environments) or "none"
        raise Refused(
            Reason.UNKNOWN_ENVIRONMENT,
            f"There is no environment {name_or_alias!r}{f'; did you mean {near}?' if near else '.'}",
            f"The policy knows: {known}.",
        )

    def stages(self, name_or_alias: str) -> tuple[Environment, ...]:
        """What a name stands for: one environment, or all regions of one that fans out, the first one in front; none
        where there is no such name."""
        return tuple(
            stage
            for stage in self.environments
            if name_or_alias in (stage.name, stage.fanned, *stage.aliases)
            or (stage.fanned is not None and f"{name_or_alias}-{stage.region}" in stage.aliases)
        )

    def is_fanned(self, name_or_alias: str) -> bool:
        """Whether this is the name of an environment that has regions, and not that of one of them."""
        stages = self.stages(name_or_alias)
        return bool(stages) and all(name_or_alias not in (stage.name, *stage.aliases) for stage in stages)

    def channel_for(self, environment: str) -> str:
        """The channel that the environment's cards go to."""
        return self.environment(environment).channel

    def notify_for(self, environment: str, event: str) -> tuple[str, ...]:
        """Whom news of this event mentions; empty when nobody is named."""
        return self.environment(environment).notify.get(event, ())

    def model(self, name: str) -> ModelPolicy:
        """What the policy says of the model; all defaults when only a layout covers it."""
        return self.models.get(name) or ModelPolicy(name)

    def registered_name(self, model: str) -> str:
        """The model's name in the registry: `registry` of the policy, else the name itself."""
        return self.model(model).registry or model

    def gates_for(self, model: str, environment: str) -> tuple[Gate, ...]:
        """The environment's gates, then the model's own, with `primary` resolved for the model."""
        return self.gates_of(model, self.environment(environment))

    def gates_of(self, model: str, stage: Environment) -> tuple[Gate, ...]:
        """The same for an environment as `judged_by` gives it: the gates of all that move with it, its own first, then
        those of the model that are for any of them. No name comes twice."""
        own, moved = self.model(model), stage.together or (stage,)
        first = sorted(moved, key=lambda one: one.name != stage.name)
        theirs = ((one.name, [resolve(gate, own) for gate in one.gates if is_for(gate, model)]) for one in first)
        its = [resolve(gate, own) for gate in own.gates if self._is_within(gate, {one.name for one in moved})]
        return tuple(told_apart((*theirs, (model, its))))

    def _is_within(self, gate: Gate, moved: Collection[str]) -> bool:
        """Whether a gate of a model is for any of these environments."""
        return not gate.only or any(stage.name in moved for name in gate.only for stage in self.stages(name))

    def judged_by(self, target: Target) -> Environment:
        """The environment under whose rules a change of the target stands: its own, made stricter by those of every
        environment that shares the target's values, because one edit moves them all."""
        served = {target.environment, *target.shared_with}
        asked = replace(self.environment(target.environment), steps=self.steps_for(target.model, target.environment))
        stages = [stage for stage in self.environments if stage.name in served]
        judged = strictest(asked, stages)
        every = (*judged.approvals.rules, *wanted_too(judged.approvals, [stage.approvals for stage in stages]))
        owners = self.model(target.model).owners
        rules = tuple(with_owners(rule, owners) for rule in every)
        return replace(judged, approvals=replace(judged.approvals, rules=rules))

    def target_for(self, model: str, environment: str, exists: Callable[[str], bool] | None = None) -> Target | None:
        """The model's own target, else the first layout that applies, filled in for the two.

        With ``exists`` (is this path in the deployment repo?) a layout applies where all its files exist; without it
        the first layout is taken. None when nothing says where the version is declared.
        """
        stage = self.environment(environment).name
        found = self.model(model).targets.get(stage) or self._laid_out(model, stage, exists)
        return with_steps(found, self.steps_for(model, stage)) if found else None

    def stage_for(self, model: str, environment: str) -> Environment:
        """The environment, with the model's own way of going in steps where it has one."""
        return replace(self.environment(environment), steps=self.steps_for(model, environment))

    def steps_for(self, model: str, environment: str) -> StepsRule | None:
        """How the model's traffic moves there: by its own rule, else the environment's; None: all at once."""
        stage = self.environment(environment)
        own = self.model(model).steps
        return own.get(stage.name, stage.steps)

    def _laid_out(self, model: str, environment: str, exists: Callable[[str], bool] | None) -> Target | None:
        for layout in self.layouts:
            if layout.within(environment) is None:
                continue
            target = layout.target(model, environment)
            if exists is None or all(exists(file) for file in target.files):
                return target
        return None

    def match_layout(self, path: str) -> tuple[str, str] | None:
        """The model and environment that a path of the repo declares by the first layout that fits, or None."""
        known = tuple(environment.name for environment in self.environments)
        hits = (layout.match(path, known) for layout in self.layouts)
        return next((hit for hit in hits if hit), None)

    def may(
        self, person_ids: frozenset[str], role: str, environments: Sequence[str] = (), model: str | None = None
    ) -> bool:
        """Whether someone known by these ids is in the role, there and for the model."""
        known = {principal(one) for one in person_ids}
        return all(members & known for members in self.lists(role, environments, model))

    def without_roles(self) -> Policy:
        """The same for what no person asks for: roles say what people may, and a rule is the policy itself."""
        stages = tuple(replace(stage, roles={}) for stage in self.environments)
        models = {name: replace(model, roles={}) for name, model in self.models.items()}
        return replace(self, roles={}, environments=stages, models=models)

    def lists(
        self, role: str, environments: Sequence[str] = (), model: str | None = None
    ) -> tuple[frozenset[str], ...]:
        """The lists that must all admit whoever acts in the role: those of the environments and of the model where they
        have one, in whose place else the policy's own stands. Where nothing is written there is no list; of a role
        that is closed then, one with nobody in it."""
        absent = frozenset[str]() if role in CLOSED_ROLES else None
        stages = [stage for name in environments for stage in self.stages(name)]
        near = [stage.roles.get(role, self.roles.get(role)) for stage in stages] or [self.roles.get(role)]
        own = self.model(model).roles.get(role) if model else None
        if own is not None:
            near = [stage.roles.get(role) for stage in stages] + [own]
            return tuple(dict.fromkeys(members for members in near if members is not None))
        found = (absent if members is None else members for members in near)
        return tuple(dict.fromkeys(members for members in found if members is not None))


def principal(text: str) -> str:
    """A person or group as it is compared: GitHub's names do not tell upper from lower case."""
    return text.casefold() if text.startswith("github:") else text
