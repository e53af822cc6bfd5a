"""One change that moves several environments is judged by the strictest rules of them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.policy.approval_rules import Group
from bot.domain.policy.model import Approvals, Environment, RollbackRule, RolloutRule


def strictest(asked: Environment, stages: Sequence[Environment]) -> Environment:
    """``asked`` under the rules of all ``stages`` at once, itself among them, in promotion order.

    Name, channel, mentions and the method of merging stay the asked one's.
    """
    if len(stages) < 2:
        return asked
    return replace(
        asked,
        gates=tuple(dict.fromkeys(gate for stage in stages for gate in stage.gates)),
        approvals=_approvals([stage.approvals for stage in stages]),
        rollback=_rollback([stage.rollback for stage in stages]),
        merge=replace(asked.merge, auto=all(stage.merge.auto for stage in stages)),
        rollout=_rollout(asked.rollout, stages),
        windows=tuple(dict.fromkeys(rule for stage in stages for rule in stage.windows)),
        together=tuple(stages),
    )


def wanted_too(chosen: Approvals, rules: Sequence[Approvals]) -> tuple[Group, ...]:
    """What the lists ask for of which ``chosen`` takes other people: each as a rule of its own."""
    named = [rule for rule in rules if rule.from_ and rule.required and not set(chosen.from_) <= set(rule.from_)]
    return tuple(dict.fromkeys(Group(rule.from_, rule.required) for rule in named))


def _rollout(rule: RolloutRule, stages: Sequence[Environment]) -> RolloutRule:
    """Nothing is merged by itself unless every one of them says so."""
    alone = all(stage.rollout.on_degraded == "rollback" for stage in stages)
    return rule if alone or rule.on_degraded != "rollback" else replace(rule, on_degraded="propose")


def _rollback(rules: Sequence[RollbackRule]) -> RollbackRule:
    return RollbackRule(
        max(rule.approvals for rule in rules),
        all(rule.requester for rule in rules),
        "obey" if any(rule.freezes == "obey" for rule in rules) else "ignore",
        "obey" if any(rule.windows == "obey" for rule in rules) else "ignore",
    )


def _approvals(rules: Sequence[Approvals]) -> Approvals:
    """The highest count, from the people whom every rule that names some has in common; else from those of the last
    rule that names some, so that asking for an environment that lets everybody approve is no way around it."""
    named = [rule.from_ for rule in rules if rule.from_]
    common = tuple(ref for ref in named[-1] if all(ref in refs for refs in named)) if named else ()
    return Approvals(
        max(rule.required for rule in rules),
        common or (named[-1] if named else ()),
        all(rule.requester for rule in rules),
        "recorded-by-bot" if all(rule.reviews == "recorded-by-bot" for rule in rules) else "own-account",
        tuple(dict.fromkeys(tree for rule in rules for tree in rule.rules)),
    )
