"""What the rules of a branch demand: rulesets, and the classic protection as far as the App may read it.

https://docs.github.com/rest/repos/rules#get-rules-for-a-branch
https://docs.github.com/rest/branches/branch-protection#get-branch-protection
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Any
from urllib.parse import quote

from bot.adapters.github.classic_rules import from_branch, from_protection
from bot.adapters.github.session import Session
from bot.domain.branch_rules import BranchRules, Bypass, RequiredCheck

RULESETS, CLASSIC, BYPASS = "rulesets", "classic branch protection", "who may bypass the rulesets"
_KINDS = {
    "Integration": "app",
    "Team": "team",
    "User": "user",
    "RepositoryRole": "role",
    "OrganizationAdmin": "role",
    "DeployKey": "key",
}


def read_rules(session: Session, repo: str, branch: str, app: str) -> BranchRules:
    """Every rule that holds for the branch. ``app`` is the slug of our App, empty where there is none. What may not be
    read is named in ``unread`` and demands nothing. Raises as ``Session.look`` does where GitHub is away."""
    name = quote(branch, safe="")
    return _rulesets(session, repo, name).with_(_classic(session, repo, name, app))


def _rulesets(session: Session, repo: str, name: str) -> BranchRules:
    answer = session.look(f"Read the rules of {name}", f"/repos/{repo}/rules/branches/{name}", {"per_page": 100})
    if not answer.ok or not isinstance(answer.data, list):
        return BranchRules(unread=(RULESETS,))
    rules = [one for one in answer.data if isinstance(one, dict)]
    numbers = dict.fromkeys(one["ruleset_id"] for one in rules if isinstance(one.get("ruleset_id"), int))
    found = [*map(_rule, rules), *(_bypass(session, repo, number) for number in numbers)]
    return reduce(BranchRules.with_, found, BranchRules())


def _rule(rule: dict[str, Any]) -> BranchRules:
    said = rule.get("parameters")
    parameters = said if isinstance(said, dict) else {}
    match rule.get("type"):
        case "pull_request":
            return _of_reviews(parameters)
        case "required_status_checks":
            strict = parameters.get("strict_required_status_checks_policy") is True
            return BranchRules(checks=_checks(parameters.get("required_status_checks")), strict=strict)
        case "merge_queue":
            return BranchRules(merge_queue=True)
        case "required_signatures":
            return BranchRules(signed=True)
        case _:
            return BranchRules()


def _of_reviews(parameters: dict[str, Any]) -> BranchRules:
    count = parameters.get("required_approving_review_count")
    return BranchRules(
        reviews=count if isinstance(count, int) else 0,
        code_owners=parameters.get("require_code_owner_review") is True,
        dismiss_stale=parameters.get("dismiss_stale_reviews_on_push") is True,
        last_push=parameters.get("require_last_push_approval") is True,
    )


def _checks(found: Any) -> tuple[RequiredCheck, ...]:
    return tuple(RequiredCheck(str(one["context"]), one.get("integration_id")) for one in _dicts(found, "context"))


def _bypass(session: Session, repo: str, number: int) -> BranchRules:
    """Who may pass a ruleset by: GitHub tells the list only to who may edit it, and everybody about themselves.

    https://docs.github.com/rest/repos/rules#get-a-repository-ruleset
    """
    answer = session.look(
        f"Read the ruleset {number}", f"/repos/{repo}/rulesets/{number}", {"includes_parents": "true"}
    )
    if not answer.ok or not isinstance(answer.data, dict):
        return BranchRules(unread=(BYPASS,))
    ours = answer.data.get("current_user_can_bypass")
    actors = answer.data.get("bypass_actors")
    return BranchRules(
        bypass=tuple(_actor(one) for one in _dicts(actors, "actor_type")),
        we_bypass=None if ours is None else ours not in (False, "never"),
        unread=() if isinstance(actors, list) or ours is not None else (BYPASS,),
    )


def _actor(one: dict[str, Any]) -> Bypass:
    kind = str(one["actor_type"])
    return Bypass(_KINDS.get(kind, kind), str(one.get("actor_id") or kind))


def _classic(session: Session, repo: str, name: str, app: str) -> BranchRules:
    path = f"/repos/{repo}/branches/{name}"
    whole = session.look(f"Read the protection of {name}", f"{path}/protection")
    if whole.ok and isinstance(whole.data, dict):
        return from_protection(whole.data, app)
    shown = session.look(f"Read the branch {name}", path)
    if not shown.ok or not isinstance(shown.data, dict):
        return BranchRules(unread=(CLASSIC,))
    return from_branch(shown.data, CLASSIC)


def _dicts(found: Any, key: str) -> Iterable[dict[str, Any]]:
    items = found if isinstance(found, list) else []
    return [one for one in items if isinstance(one, dict) and key in one]
