"""Classic branch protection: read from a request, and shown."""

from __future__ import annotations

from typing import Any

from bot.sandbox.github.errors import invalid
from bot.sandbox.github.forge import Forge, Repo
from bot.sandbox.github.shapes.base import repo_api
from bot.sandbox.github.shapes.users import user
from bot.sandbox.github.store import Doc

_FLAGS = (
    "required_linear_history",
    "allow_force_pushes",
    "allow_deletions",
    "block_creations",
    "required_conversation_resolution",
    "lock_branch",
    "allow_fork_syncing",
    "required_signatures",
)


def parse_protection(fields: Doc) -> Doc:
    """The stored form of a PUT's body. Raises ApiError 422."""
    return {
        "required_status_checks": _checks(fields.get("required_status_checks")),
        "required_pull_request_reviews": _reviews(fields.get("required_pull_request_reviews")),
        "restrictions": _restrictions(fields.get("restrictions")),
        "enforce_admins": bool(fields.get("enforce_admins")),
        **{flag: bool(fields.get(flag)) for flag in _FLAGS},
    }


def protection_shape(forge: Forge, repo: Repo, branch: str, doc: Doc) -> Doc:
    """As GET shows it: what is not demanded is left out."""
    url = repo_api(forge, repo.full_name, f"branches/{branch}/protection")
    flags: Doc = {flag: {"enabled": doc.get(flag, False)} for flag in _FLAGS}
    enabled = {"enabled": doc["enforce_admins"], "url": f"{url}/enforce_admins"}
    shown: Doc = {"url": url, "enforce_admins": enabled, **flags}
    shown["required_signatures"]["url"] = f"{url}/required_signatures"
    checks, reviews, limits = (
        doc[key] for key in ("required_status_checks", "required_pull_request_reviews", "restrictions")
    )
    if checks:
        part = f"{url}/required_status_checks"
        contexts = [one["context"] for one in checks["checks"]]
        shown["required_status_checks"] = {
            **checks,
            "url": part,
            "contexts": contexts,
            "contexts_url": f"{part}/contexts",
        }
    if reviews:
        shown["required_pull_request_reviews"] = {**reviews, "url": f"{url}/required_pull_request_reviews"}
    if limits:
        people = [user(forge, login) for login in limits["users"]]
        shown["restrictions"] = {"url": f"{url}/restrictions", "users": people, "teams": [], "apps": []}
    return shown


def _checks(fields: Any) -> Doc | None:
    if fields is None:
        return None
    if not isinstance(fields, dict):
        raise invalid("ProtectedBranch", "required_status_checks")
    wanted = fields.get("checks") or [{"context": context} for context in fields.get("contexts") or []]
    checks = [{"context": one["context"], "app_id": _source(one.get("app_id"))} for one in wanted]
    return {"strict": bool(fields.get("strict")), "checks": checks}


def _source(app_id: Any) -> int | None:
    return app_id if isinstance(app_id, int) and app_id != -1 else None


def _reviews(fields: Any) -> Doc | None:
    if fields is None:
        return None
    count = fields.get("required_approving_review_count", 1)
    if not isinstance(count, int) or not 0 <= count <= 6:
        raise invalid("ProtectedBranch", "required_approving_review_count")
    flags = ("dismiss_stale_reviews", "require_code_owner_reviews", "require_last_push_approval")
    return {"required_approving_review_count": count, **{flag: bool(fields.get(flag)) for flag in flags}}


def _restrictions(fields: Any) -> Doc | None:
    if fields is None:
        return None
    return {"users": list(fields.get("users") or []), "apps": [f"{slug}[bot]" for slug in fields.get("apps") or []]}
