"""What a branch demands: classic protection and rulesets together, the stricter of the two."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.sandbox.github.forge import Forge, Repo
from bot.sandbox.github.store import Doc


@dataclass(frozen=True)
class Check:
    """A required status check; ``app_id`` pins it to one App (None or -1: any source)."""

    context: str
    app_id: int | None = None


@dataclass
class BranchRule:
    """The demands on one branch (https://docs.github.com/rest/branches/branch-protection).

    ``queue`` is the merge method of the merge queue that the branch requires, or None.
    """

    protected: bool = False
    pull_required: bool = False
    approvals: int = 0
    dismiss_stale: bool = False
    last_push: bool = False
    checks: list[Check] = field(default_factory=list)
    strict: bool = False
    allow_force: bool = True
    allow_delete: bool = True
    linear: bool = False
    code_owners: bool = False
    signed: bool = False
    queue: str | None = None
    bypass_admins: bool = True
    pushers: frozenset[str] | None = None


def rule_of(forge: Forge, repo: Repo, branch: str) -> BranchRule:
    """The combined rule of a branch; one without demands when there is none."""
    rule = BranchRule()
    protection = forge.store.protections(repo.full_name).get(branch)
    if protection:
        _protection(rule, protection)
    for item in rules_for(forge, repo, branch):
        _ruleset(rule, item)
    return rule


def rules_for(forge: Forge, repo: Repo, branch: str) -> list[Doc]:
    """The rulesets' rules that apply to a branch."""
    document = forge.store.rules(repo.full_name).get(branch)
    return list(document["rules"]) if document else []


def _protection(rule: BranchRule, doc: Doc) -> None:
    rule.protected = True
    rule.allow_force, rule.allow_delete = doc["allow_force_pushes"], doc["allow_deletions"]
    rule.linear, rule.bypass_admins = doc["required_linear_history"], not doc["enforce_admins"]
    checks, reviews = doc["required_status_checks"], doc["required_pull_request_reviews"]
    if checks:
        rule.strict = checks["strict"]
        rule.checks += [Check(one["context"], one.get("app_id")) for one in checks["checks"]]
    if reviews:
        rule.pull_required, rule.approvals = True, reviews["required_approving_review_count"]
        rule.dismiss_stale = reviews["dismiss_stale_reviews"]
        rule.last_push = reviews["require_last_push_approval"]
        rule.code_owners = reviews["require_code_owner_reviews"]
    rule.signed = doc.get("required_signatures", False)
    if doc["restrictions"]:
        rule.pushers = frozenset([*doc["restrictions"]["users"], *doc["restrictions"]["apps"]])


def _ruleset(rule: BranchRule, item: Doc) -> None:
    """https://docs.github.com/rest/repos/rules (the type and parameters of one rule)."""
    kind, parameters = item["type"], item.get("parameters") or {}
    rule.protected, rule.bypass_admins = True, False
    if kind == "pull_request":
        rule.pull_required = True
        rule.approvals = max(rule.approvals, parameters.get("required_approving_review_count", 0))
        rule.dismiss_stale |= parameters.get("dismiss_stale_reviews_on_push", False)
        rule.last_push |= parameters.get("require_last_push_approval", False)
        rule.code_owners |= parameters.get("require_code_owner_review", False)
    elif kind == "required_status_checks":
        rule.strict |= parameters.get("strict_required_status_checks_policy", False)
        wanted = parameters.get("required_status_checks", [])
        rule.checks += [Check(one["context"], one.get("integration_id")) for one in wanted]
    elif kind == "merge_queue":
        rule.pull_required, rule.queue = True, parameters.get("merge_method", "MERGE").lower()
    rule.allow_force &= kind != "non_fast_forward"
    rule.allow_delete &= kind != "deletion"
    rule.signed |= kind == "required_signatures"
    rule.linear |= kind == "required_linear_history"
