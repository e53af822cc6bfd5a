"""A promotion as the first step of a ladder, where the policy has the traffic move in steps."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.change import Rung
from bot.domain.people import Person
from bot.domain.policy import StepsRule, Target
from bot.domain.policy.stepping import is_stepped, missing, shares, switched, with_steps
from bot.domain.steps import serving
from bot.errors import Reason, Refused
from bot.manifests.annotations import annotation
from bot.ports import Row
from bot.usecases.context import Context
from bot.usecases.examine import Goal, Place, refuse_others
from bot.usecases.ladder_words import running
from bot.usecases.repo import Repo
from bot.usecases.standing import Standing

MODE = "serving.kserve.io/deploymentMode"
ALL_AT_ONCE = StepsRule("kserve-serverless", (100,), 0.0)
# https://kserve.github.io/website/docs/model-serving/predictive-inference/rollout-strategies/canary: Knative only.
WITHOUT_SHARES = frozenset({"RawDeployment", "Standard", "ModelMesh"})


def in_steps(ctx: Context, repo: Repo, place: Place, row: Row, by: Person, goal: Goal) -> Goal:
    """The goal, as the first step of a ladder where there is one. A first deployment has nobody to share with.

    Raises Refused(NOT_ALLOWED | STEPS_UNSUPPORTED | LADDER_RUNNING | ALREADY_DEPLOYED).
    """
    rule, target = place.target.steps, place.target
    if rule is None:
        refuse_left_behind(repo, place)
        return goal
    refuse_others(ctx, place.policy, by, goal.action, target.environment, target.model)
    refuse_unsupported(repo, place, rule)
    seen = repo.standing(place.base, target)
    _refuse_running(ctx, target, seen, goal.version)
    if seen.version is None:
        return goal
    if seen.version == goal.version:
        message = f"{target.model} {goal.version} is what {target.environment} serves already."
        raise Refused(Reason.ALREADY_DEPLOYED, message, "Nothing to do; `/models` shows what runs where.")
    if switched(target) and seen.idle == goal.version:
        return goal  # it stands by already: all that is left is the switch
    first = rule.percents[0]
    rung = Rung(row.id, rule.mode, rule.percents, 0, first)
    return replace(goal, aim=replace(goal.aim, percent=first), rung=rung)


def refuse_unsupported(repo: Repo, place: Place, rule: StepsRule) -> None:
    """Raises Refused(STEPS_UNSUPPORTED) where the target cannot go in steps, saying what to write."""
    target = place.target
    problem = _unfit(target) or _shared(repo, place) or _mode(repo, place, rule)
    if problem is None:
        return
    what, unblock = problem
    out = f"`models.{target.model}.steps: {{{target.environment}: {{mode: none}}}}` has it change at once"
    raise Refused(
        Reason.STEPS_UNSUPPORTED,
        f"{target.model} in {target.environment} cannot go in steps ({rule.mode}): {what}.",
        f"{unblock}; or {out}.",
    )


def refuse_left_behind(repo: Repo, place: Place) -> None:
    """Raises Refused(STEPS_UNSUPPORTED) where no steps are declared, and KServe's share in the file would hold for the
    new version all the same: that one would never get more."""
    probe = with_steps(place.target, ALL_AT_ONCE)
    if (
        not probe.traffic
        or probe.traffic == place.target.traffic
        or _mode(repo, replace(place, target=probe), ALL_AT_ONCE)
    ):
        return
    told = repo.reading(place.base, shares(probe)).variables.get("percent")
    if told is None or told == "100":
        return
    file = probe.traffic[0].file
    raise Refused(
        Reason.STEPS_UNSUPPORTED,
        f"{file} gives a new version {told} % of the traffic, and no steps are declared that would give it more.",
        "Set canaryTrafficPercent to 100 there, or take it out; or declare steps for it in the policy.",
    )


def _unfit(target: Target) -> tuple[str, str] | None:
    lacking = missing(target)
    if lacking:
        roles = " and ".join(f"role: {role}" for role in lacking)
        return f"no place with {roles} is written", "Add it to the `set` of the model's own target in the policy"
    if not is_stepped(target):
        return "its value is shared, inherited, or restored by block", "Give the environment a value of its own"
    return None


def _shared(repo: Repo, place: Place) -> tuple[str, str] | None:
    served = repo.served(place.policy, place.base, place.target)
    if not served:
        return None
    return f"{' and '.join(served)} would change with it", "Give each environment a value of its own"


def _mode(repo: Repo, place: Place, rule: StepsRule) -> tuple[str, str] | None:
    if rule.mode != "kserve-serverless":
        return None
    files = repo.files(place.base, place.target)
    for binding in place.target.traffic:
        said = annotation(binding, MODE, files)
        if said in WITHOUT_SHARES:
            what = f"{binding.file} says {MODE}: {said}, and KServe shares traffic in Serverless mode only"
            return what, "Take the annotation out, or say Serverless"
    return None


def _refuse_running(ctx: Context, target: Target, seen: Standing, version: str) -> None:
    last = running(ctx, target, seen)
    if last is None and seen.candidate is None:
        return
    candidate = seen.candidate or (last.intent.to if last else "")
    words = serving(seen.version, candidate, seen.share or 0)
    card = f"the card of #{last.number}" if last and last.number else "its card"
    back = f"`/rollback {target.model} {target.environment}` goes straight back"
    if candidate == version:
        message = f"{target.model} {version} is on its way already: {words}."
        raise Refused(Reason.LADDER_RUNNING, message, f"{card[0].upper()}{card[1:]} steers it; {back}.")
    message = f"Another version of {target.model} goes up in steps in {target.environment}: {words}."
    raise Refused(Reason.LADDER_RUNNING, message, f"Let it go on, abort it on {card}, or {back}.")
