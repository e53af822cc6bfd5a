"""What the policy makes doctor ask about: channels, groups, people, approvers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.domain.doctor.people import Bar
from bot.domain.policy import Environment, Policy
from bot.domain.policy.approval_rules import OWNERS, least, refs_of


def channels(policy: Policy) -> tuple[str, ...]:
    """Every channel that something is posted to."""
    stages, models = policy.environments, policy.models.values()
    named = [*(stage.channel for stage in stages), policy.channel, *(one.channel for one in models if one.channel)]
    named += [one.channel for one in policy.drift.digests]
    return tuple(dict.fromkeys(named))


def references(policy: Policy) -> tuple[str, ...]:
    """Every person and group that the policy names, sorted."""
    found: set[str] = set()
    for members in policy.roles.values():
        found |= members
    for stage in policy.environments:
        found |= {*approvers(stage), *_all(stage.roles.values()), *_all(stage.notify.values())}
    for model in policy.models.values():
        found |= {*model.owners, *_all(model.roles.values())}
    for rule in policy.retrain.values():
        found |= rule.roles or frozenset()
    return tuple(sorted(found))


def _all(lists: Iterable[Iterable[str]]) -> Iterator[str]:
    for one in lists:
        yield from one


def approvers(stage: Environment) -> tuple[str, ...]:
    """Whom the environment lets approve; the owners of a model differ by model, and are left out."""
    named = (*stage.approvals.from_, *refs_of(stage.approvals.rules))
    return tuple(dict.fromkeys(ref for ref in named if ref != OWNERS))


def bar_of(stage: Environment) -> Bar:
    """What the environment asks of approvers."""
    rules = stage.approvals.rules
    return Bar(
        environment=stage.name,
        required=max([stage.approvals.required, *(least(rule) for rule in rules)]),
        back=stage.rollback.approvals,
        requester_counts=stage.rollback.requester,
        listed=bool(approvers(stage)),
        recorded=stage.approvals.reviews == "recorded-by-bot",
    )


def slack_groups(refs: Iterable[str]) -> tuple[str, ...]:
    """Those that are user groups: `slack:@handle` or `slack:S…`."""
    return tuple(ref for ref in refs if ref.startswith(("slack:@", "slack:S")))


def slack_users(refs: Iterable[str]) -> tuple[str, ...]:
    """Those that are people: `slack:U…`, or `slack:T…/U…` of another workspace."""
    return tuple(ref for ref in refs if ref.startswith("slack:") and ref not in slack_groups([ref]))


def teams(refs: Iterable[str]) -> tuple[str, ...]:
    """Those that are teams: `github:org/team`."""
    return tuple(ref for ref in refs if ref.startswith("github:") and "/" in ref)


def engines(policy: Policy) -> dict[str, list[str]]:
    """The environments of each rollout engine."""
    found: dict[str, list[str]] = {}
    for stage in policy.environments:
        if stage.rollout.engine != "none":
            found.setdefault(stage.rollout.engine, []).append(stage.name)
    return found


def extras(policy: Policy) -> tuple[str, ...]:
    """What the bot's App needs beyond what every one does, as `slackops github-manifest --with` names it."""
    trains = any(rule.engine == "github" for rule in policy.retrain.values())
    wanted = {"deployments": "github" in engines(policy), "actions": trains}
    return tuple(name for name, needed in wanted.items() if needed)
