"""The classic protection of a branch, whole where the App may read it, else what everybody sees of it."""

from __future__ import annotations

from typing import Any

from bot.domain.branch_rules import BranchRules, Bypass, RequiredCheck


def from_protection(data: dict[str, Any], app: str) -> BranchRules:
    """https://docs.github.com/rest/branches/branch-protection#get-branch-protection"""
    reviews, checks = _object(data.get("required_pull_request_reviews")), _object(data.get("required_status_checks"))
    bypass = _allowances(_object(reviews.get("bypass_pull_request_allowances")))
    count = reviews.get("required_approving_review_count")
    return BranchRules(
        reviews=count if isinstance(count, int) else 0,
        code_owners=reviews.get("require_code_owner_reviews") is True,
        dismiss_stale=reviews.get("dismiss_stale_reviews") is True,
        last_push=reviews.get("require_last_push_approval") is True,
        checks=_checks(checks),
        strict=checks.get("strict") is True,
        signed=_object(data.get("required_signatures")).get("enabled") is True,
        bypass=bypass,
        we_bypass=bool(app) and Bypass("app", app) in bypass,
    )


def from_branch(data: dict[str, Any], unread: str) -> BranchRules:
    """What `GET /branches/{branch}` tells everybody who may read the repository: the required checks, not the reviews.
    ``unread`` names what is not told, where the branch is protected."""
    protection = _object(data.get("protection"))
    checks = _checks(_object(protection.get("required_status_checks")))
    hidden = data.get("protected") is not False and protection.get("enabled") is not False
    return BranchRules(checks=checks, unread=(unread,) if hidden else ())


def _checks(found: dict[str, Any]) -> tuple[RequiredCheck, ...]:
    """``contexts`` is the older form, which names no App; in ``checks`` -1 stands for any."""
    pinned = found.get("checks")
    if isinstance(pinned, list) and pinned:
        return tuple(RequiredCheck(str(one["context"]), _app(one)) for one in pinned if isinstance(one, dict))
    contexts = found.get("contexts")
    return tuple(RequiredCheck(str(one)) for one in contexts) if isinstance(contexts, list) else ()


def _app(one: dict[str, Any]) -> int | None:
    number = one.get("app_id")
    return number if isinstance(number, int) and number > 0 else None


def _allowances(found: dict[str, Any]) -> tuple[Bypass, ...]:
    kinds = (("app", "apps", "slug"), ("team", "teams", "slug"), ("user", "users", "login"))
    return tuple(
        Bypass(kind, str(one[name]))
        for kind, key, name in kinds
        for one in found.get(key) or ()
        if isinstance(one, dict) and name in one
    )


def _object(found: Any) -> dict[str, Any]:
    return found if isinstance(found, dict) else {}
