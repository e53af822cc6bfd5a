"""What branch rules forbid a direct push."""

from __future__ import annotations

from bot.sandbox.github.compare import between
from bot.sandbox.github.errors import ApiError
from bot.sandbox.github.forge import Forge, Repo
from bot.sandbox.github.mergeability import check_blockers
from bot.sandbox.github.objects import ZERO
from bot.sandbox.github.rules import rule_of
from bot.sandbox.github.signatures import REFUSAL, unsigned


def push_refusal(forge: Forge, repo: Repo, login: str, branch: str, new: str | None = None) -> str | None:
    """Why ``login`` may not push ``new`` to a branch, or None. Force and deletion are judged apart."""
    rule = rule_of(forge, repo, branch)
    admin = forge.people.permission(repo.full_name, login) == "admin"
    if not rule.protected or (rule.bypass_admins and admin):
        return None
    if rule.queue:
        return "Changes must be made through the merge queue."
    if rule.pull_required:
        return "Changes must be made through a pull request."
    if rule.pushers is not None and login not in rule.pushers:
        return "You're not authorized to push to this branch."
    if rule.signed and new and unsigned(forge, repo, between(repo, repo.git.branch(branch) or ZERO, new)):
        return REFUSAL
    missing = check_blockers(forge, repo, new or "", rule)
    return missing[0] if missing else None


def refuse_push(forge: Forge, repo: Repo, login: str, branch: str, new: str | None = None) -> None:
    """Raises ApiError 409 where the REST API may not move a branch."""
    reason = push_refusal(forge, repo, login, branch, new)
    if reason:
        raise ApiError(409, f"Could not update file: {reason}")
