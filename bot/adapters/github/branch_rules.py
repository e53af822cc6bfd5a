"""How many native reviews the rules of a branch demand: rulesets, and the classic protection where the App may read it.

https://docs.github.com/rest/repos/rules#get-rules-for-a-branch
https://docs.github.com/rest/branches/branch-protection#get-pull-request-review-protection
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from bot.adapters.github.session import Session


def required_reviews(session: Session, repo: str, branch: str) -> int:
    """The highest number that any rule demands; 0 where none does, or where they may not be read."""
    name = quote(branch, safe="")
    rules = session.look(f"Read the rules of {branch}", f"/repos/{repo}/rules/branches/{name}")
    path = f"/repos/{repo}/branches/{name}/protection/required_pull_request_reviews"
    classic = session.look(f"Read the protection of {branch}", path)
    counts = [_count(rule.get("parameters")) for rule in _rules(rules.data) if rules.ok] or [0]
    return max(*counts, _count(classic.data) if classic.ok else 0)


def _rules(data: Any) -> list[dict[str, Any]]:
    found = data if isinstance(data, list) else []
    return [rule for rule in found if isinstance(rule, dict) and rule.get("type") == "pull_request"]


def _count(parameters: Any) -> int:
    found = parameters.get("required_approving_review_count") if isinstance(parameters, dict) else None
    return found if isinstance(found, int) else 0
