"""What the policy says of training a model again, and who may have that done."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.people import Person
from bot.domain.policy import Policy
from bot.domain.retraining import RetrainRule
from bot.domain.retraining_deciding import rule_for
from bot.errors import Reason, Refused
from bot.usecases.context import Context
from bot.usecases.identity import allowed, ids_of
from bot.usecases.repo import Repo, find_target
from bot.usecases.stages import targets


@dataclass(frozen=True)
class Place:
    """A model in an environment, with how it is trained; ``to`` is where the new version is proposed, ``serving`` the
    version that serves now, where that is known."""

    policy: Policy
    model: str
    registered: str
    environment: str
    rule: RetrainRule
    to: str
    serving: str


def place_of(ctx: Context, repo: Repo, model: str, environment: str) -> Place:
    """Raises Refused(UNKNOWN_MODEL | NO_TARGET | UNKNOWN_ENVIRONMENT | NOT_SUPPORTED | POLICY_INVALID)."""
    base = ctx.checkout.fetch()
    policy = repo.policy(base)
    stage = policy.environment(environment)
    target = find_target(policy, repo, base, model, stage)
    rule = rule_for(policy.retrain, model)
    if rule.engine not in ctx.retrainers:
        raise Refused(Reason.NOT_SUPPORTED, f"Nothing here starts a training with {rule.engine}.", None)
    first = next((one.name for one, _ in targets(repo, policy, base, model, policy.environments)), stage.name)
    serving = repo.deployed(base, target).version or ""
    return Place(policy, model, policy.registered_name(model), stage.name, rule, rule.to or first, serving)


def may_retrain(ctx: Context, place: Place, by: Person) -> None:
    """Those whom the rule names; where it names nobody, the owners, and whoever may promote the model there. Raises
    Refused(NOT_ALLOWED)."""
    refs = place.rule.roles
    if refs is None:
        owners = place.policy.model(place.model).owners
        own = bool(ids_of(ctx, by, owners))
        fine = own or allowed(ctx, place.policy, by, "promote", place.environment, place.model)
    else:
        fine = bool(ids_of(ctx, by, refs))
    if not fine:
        raise Refused(
            Reason.NOT_ALLOWED,
            f"You may not have {place.model} trained again for {place.environment}.",
            "Ask one of them; the policy names them under `by` of its `retrain`, or else `owners` and `roles.promote`.",
        )


def named(ctx: Context, person: Person) -> str:
    """A person in plain words: the linked account, else the Slack user id."""
    login = ctx.links.login_of(person)
    return f"@{login}" if login else person.user
