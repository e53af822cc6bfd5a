"""Branches, their protection and the rules that apply to them."""

from __future__ import annotations

from typing import Any

from bot.sandbox.github.errors import ApiError
from bot.sandbox.github.protection import parse_protection, protection_shape
from bot.sandbox.github.routes.repos import REPO
from bot.sandbox.github.routing import Ctx, Reply, Route
from bot.sandbox.github.rules import rule_of, rules_for
from bot.sandbox.github.shapes.base import html, repo_api
from bot.sandbox.github.shapes.commits import commit_shape
from bot.sandbox.github.store import Doc


def branches(ctx: Ctx) -> Reply:
    """GET branches."""
    heads = [(name.removeprefix("refs/heads/"), sha) for name, sha in ctx.repo.git.refs("refs/heads/").items()]
    if ctx.query.get("protected") in {"true", "false"}:
        wanted = ctx.query["protected"] == "true"
        heads = [head for head in heads if rule_of(ctx.forge, ctx.repo, head[0]).protected == wanted]
    return ctx.page(heads, lambda head: _short(ctx, *head))


def branch(ctx: Ctx) -> Reply:
    """GET branches/{branch}."""
    name, head = _existing(ctx)
    link = repo_api(ctx.forge, ctx.repo.full_name, f"branches/{name}")
    links = {"self": link, "html": html(ctx.forge, f"{ctx.repo.full_name}/tree/{name}")}
    commit = commit_shape(ctx.forge, ctx.repo, ctx.repo.git.known_commit(head))
    return Reply({**_short(ctx, name, head), "commit": commit, "_links": links})


def protection(ctx: Ctx) -> Reply:
    """GET branches/{branch}/protection: for administrators, and Apps that may read administration."""
    name, _ = _existing(ctx)
    return Reply(protection_shape(ctx.forge, ctx.repo, name, _protection(ctx, name)))


def protection_part(ctx: Ctx) -> Reply:
    """GET a part of the protection, such as required_status_checks."""
    name, _ = _existing(ctx)
    shown = protection_shape(ctx.forge, ctx.repo, name, _protection(ctx, name))
    part = shown.get(ctx.params["part"])
    if part is None:
        raise ApiError(404, f"{ctx.params['part'].replace('_', ' ').capitalize()} not enabled")
    return Reply(part)


def put_protection(ctx: Ctx) -> Reply:
    """PUT branches/{branch}/protection."""
    name, _ = _existing(ctx)
    required = ("required_status_checks", "enforce_admins", "required_pull_request_reviews", "restrictions")
    for field in required:
        if field not in ctx.fields:
            raise ApiError(422, f'Invalid request.\n\n"{field}" wasn\'t supplied.')
    doc = ctx.forge.store.protections(ctx.repo.full_name).put(name, parse_protection(ctx.fields))
    return Reply(protection_shape(ctx.forge, ctx.repo, name, doc))


def delete_protection(ctx: Ctx) -> Reply:
    """DELETE branches/{branch}/protection."""
    name, _ = _existing(ctx)
    _protection(ctx, name)
    ctx.forge.store.protections(ctx.repo.full_name).delete(name)
    return Reply(status=204)


def put_signatures(ctx: Ctx) -> Reply:
    """POST protection/required_signatures: the branch takes signed commits only."""
    return Reply(_set_signatures(ctx, True)["required_signatures"])


def delete_signatures(ctx: Ctx) -> Reply:
    """DELETE protection/required_signatures."""
    _set_signatures(ctx, False)
    return Reply(status=204)


def _set_signatures(ctx: Ctx, wanted: bool) -> Doc:
    name, _ = _existing(ctx)
    doc = {**_protection(ctx, name), "required_signatures": wanted}
    ctx.forge.store.protections(ctx.repo.full_name).put(name, doc)
    return protection_shape(ctx.forge, ctx.repo, name, doc)


def rules(ctx: Ctx) -> Reply:
    """GET rules/branches/{branch}: rulesets only; classic protection is not among them."""
    source = {"ruleset_source_type": "Repository", "ruleset_source": ctx.repo.full_name, "ruleset_id": 1}
    found = rules_for(ctx.forge, ctx.repo, ctx.params["branch"])
    return ctx.page(found, lambda rule: {**rule, **source})


def _existing(ctx: Ctx) -> tuple[str, str]:
    name = ctx.params["branch"]
    head = ctx.repo.git.branch(name)
    if head is None:
        raise ApiError(404, "Branch not found")
    return name, head


def _protection(ctx: Ctx, name: str) -> Doc:
    found = ctx.forge.store.protections(ctx.repo.full_name).get(name)
    if found is None:
        raise ApiError(404, "Branch not protected")
    return found


def _short(ctx: Ctx, name: str, head: str) -> dict[str, Any]:
    rule = rule_of(ctx.forge, ctx.repo, name)
    url = repo_api(ctx.forge, ctx.repo.full_name, f"commits/{head}")
    checks = [{"context": check.context, "app_id": check.app_id} for check in rule.checks]
    level = "non_admins" if rule.bypass_admins else "everyone"
    contexts = [check.context for check in rule.checks]
    status = {"enforcement_level": level if checks else "off", "contexts": contexts, "checks": checks}
    return {
        "name": name,
        "commit": {"sha": head, "url": url},
        "protected": rule.protected,
        "protection": {"enabled": rule.protected, "required_status_checks": status},
        "protection_url": repo_api(ctx.forge, ctx.repo.full_name, f"branches/{name}/protection"),
    }


_PROTECTION = f"{REPO}/branches/{{branch+}}/protection"
ROUTES = [
    Route("GET", f"{REPO}/branches", branches),
    Route("GET", _PROTECTION, protection, "admin", "administration"),
    Route("PUT", _PROTECTION, put_protection, "admin", "administration"),
    Route("DELETE", _PROTECTION, delete_protection, "admin", "administration"),
    Route("POST", f"{_PROTECTION}/required_signatures", put_signatures, "admin", "administration"),
    Route("DELETE", f"{_PROTECTION}/required_signatures", delete_signatures, "admin", "administration"),
    Route("GET", f"{_PROTECTION}/{{part}}", protection_part, "admin", "administration"),
    Route("GET", f"{REPO}/branches/{{branch+}}", branch),
    Route("GET", f"{REPO}/rules/branches/{{branch+}}", rules, "read", "metadata"),
]
