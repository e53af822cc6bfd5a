"""A target whose traffic moves in steps: which places say who gets how much, and what a step writes there."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.domain.policy.model import Binding, Declared, Role, StepMode, StepsRule, Target
from bot.domain.policy.selectors import Key, parse_selector

TREES: Final = frozenset({"yaml", "json"})
VERSION_ROLES: Final[frozenset[Role]] = frozenset({"primary", "companion"})
# In place: there is one slot, it holds the new version from the first step on, and the percentage is its share.
IN_PLACE: Final[frozenset[StepMode]] = frozenset({"kserve-serverless", "argo-rollouts"})
NEEDS: Final[dict[StepMode, tuple[Role, ...]]] = {
    "kserve-serverless": ("percent",),
    "argo-rollouts": ("percent",),
    "seldon": ("candidate", "percent", "rest"),
    "experiment": ("candidate", "percent", "rest"),
    "ab": ("candidate", "percent", "rest"),
    "blue-green": ("candidate", "switch"),
}
OWN: Final = (
    Declared("percent", "[0-9]{1,3}", "steps"),
    Declared("rest", "[0-9]{1,3}", "steps"),
    Declared("slot", "[A-Za-z0-9._-]{1,100}", "steps"),
)
"""The variables of these places' templates: the candidate's share, the rest of 100, the slot that serves."""
NAMES: Final = frozenset(one.name for one in OWN)
_PERCENT: Final = "spec.predictor.canaryTrafficPercent"


def with_steps(target: Target, rule: StepsRule | None) -> Target:
    """The target under the rule. KServe's place of the percentage is known where it is not written:
    https://kserve.github.io/website/docs/model-serving/predictive-inference/rollout-strategies/canary"""
    if rule is None:
        return target
    roles = {binding.role for binding in target.traffic}
    if rule.mode != "kserve-serverless" or "percent" in roles:
        return replace(target, steps=rule)
    return replace(target, steps=rule, traffic=(*target.traffic, *_derived(target)))


def _derived(target: Target) -> tuple[Binding, ...]:
    places = {(one.file, one.doc): one for one in target.bindings if one.role == "primary" and _of_kserve(one)}
    return tuple(
        replace(one, at=_PERCENT, template="{percent}", role="percent", absent="insert", number=True)
        for one in places.values()
    )


def _of_kserve(binding: Binding) -> bool:
    try:
        steps = parse_selector(binding.at)
    except ValueError:
        return False
    return binding.format in TREES and steps[:2] == (Key("spec"), Key("predictor"))


def missing(target: Target) -> tuple[Role, ...]:
    """The places that the target's mode needs and that are not written."""
    if target.steps is None:
        return ()
    roles = {binding.role for binding in target.traffic}
    return tuple(role for role in NEEDS[target.steps.mode] if role not in roles)


def is_stepped(target: Target) -> bool:
    """Whether its traffic can be told, and moved: it has a rule, and every place that the mode needs."""
    plain = not target.shared_with and not target.blocks and not any(one.inherits for one in target.bindings)
    return target.steps is not None and plain and not missing(target)


def in_place(target: Target) -> bool:
    """Whether the primary place holds the candidate while its share grows."""
    return target.steps is not None and target.steps.mode in IN_PLACE


def switched(target: Target) -> bool:
    """Whether a switch says which of two slots serves."""
    return target.steps is not None and target.steps.mode == "blue-green"


def slot(target: Target, candidate: bool) -> Target:
    """The primary slot, or the candidate's, as a target of its own."""
    if not candidate:
        return replace(target, traffic=(), steps=None)
    return _only(target, tuple(replace(one, role="primary") for one in target.traffic if one.role == "candidate"))


def every_slot(target: Target) -> Target:
    """The places of versions in both slots: for what their templates need."""
    more = tuple(one for one in target.traffic if one.role == "candidate")
    return replace(target, bindings=(*target.bindings, *more), traffic=(), steps=None)


def shares(target: Target) -> Target:
    """Percentages and switch as a target of their own; the rest may be absent while the percentage is there."""
    roles: dict[Role, Role] = {"percent": "primary", "switch": "primary", "rest": "companion"}
    bound = tuple(replace(one, role=roles[one.role]) for one in target.traffic if one.role in roles)
    return _only(target, bound)


def _only(target: Target, bound: tuple[Binding, ...]) -> Target:
    return replace(target, bindings=bound, traffic=(), steps=None, declared=(*target.declared, *OWN))


def aimed(target: Target, percent: int, second: bool) -> tuple[Target, dict[str, str]]:
    """What to write so that a version gets ``percent`` of the traffic: the places, and their variables beside the
    version's own. ``second``: with a switch, the version goes into the candidate's slot."""
    assert target.steps is not None
    names = target.steps.slots
    if switched(target):
        written, serves = slot(target, second).bindings, names[second if percent == 100 else not second]
        return _with_shares(target, written), {"slot": serves}
    whole = percent == 100
    written = slot(target, candidate=not (in_place(target) or whole)).bindings
    share = percent if in_place(target) or not whole else 0
    return _with_shares(target, written), {"percent": str(share), "rest": str(100 - share)}


def _with_shares(target: Target, written: tuple[Binding, ...]) -> Target:
    return _only(target, (*written, *shares(target).bindings))
