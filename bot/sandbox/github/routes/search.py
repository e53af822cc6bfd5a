"""Search over issues, which are pull requests here."""

from __future__ import annotations

import shlex
from collections.abc import Callable

from bot.sandbox.github.errors import invalid
from bot.sandbox.github.forge import Repo
from bot.sandbox.github.routing import Ctx, Reply, Route
from bot.sandbox.github.shapes.pulls import issue_shape
from bot.sandbox.github.store import Doc

Test = Callable[[str, Doc], bool]


def issues(ctx: Ctx) -> Reply:
    """GET search/issues: repo, is, type, state, author, label, head, base, merged, and words of title and body."""
    text = ctx.query.get("q", "").strip()
    if not text:
        raise invalid("Search", "q", "missing")
    terms = _terms(text)
    repos = [ctx.forge.repo(doc["full_name"]) for doc in ctx.forge.store.repos().all()]
    visible = [repo for repo in repos if ctx.forge.people.allowed(ctx.actor, repo.full_name) != "none"]
    pairs = [(repo, pull) for repo in visible for pull in ctx.forge.store.pulls(repo.full_name).all()[::-1]]
    found = [(repo, pull) for repo, pull in pairs if all(_holds(term, repo, pull) for term in terms)]
    return ctx.page(
        found[:1000],
        lambda pair: {**issue_shape(ctx.forge, *pair), "score": 1.0},
        lambda page: {"total_count": len(found), "incomplete_results": False, "items": page},
    )


def _terms(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def _holds(term: str, repo: Repo, pull: Doc) -> bool:
    bare = term.removeprefix("-")
    key, colon, value = bare.partition(":")
    if colon and key in _IGNORED:
        return True
    test = _QUALIFIERS.get(key) if colon else None
    text = f"{pull['title']} {pull['body'] or ''}".lower()
    holds = test(value, {**pull, "repo": repo.full_name, "owner": repo.owner}) if test else bare.lower() in text
    return holds != term.startswith("-")


def _is(value: str, pull: Doc) -> bool:
    merged = pull["merged_at"] is not None
    answers = {"pr": True, "pull-request": True, "issue": False, "merged": merged, "unmerged": not merged}
    return bool(answers.get(value, pull["draft"] if value == "draft" else value == pull["state"]))


def _author(value: str, pull: Doc) -> bool:
    return value.removeprefix("app/") in {pull["user"], pull["user"].removesuffix("[bot]")}


_IGNORED = {"in", "sort"}
_QUALIFIERS: dict[str, Test] = {
    "repo": lambda value, pull: value.lower() == pull["repo"].lower(),
    "org": lambda value, pull: value.lower() == pull["owner"].lower(),
    "user": lambda value, pull: value.lower() == pull["owner"].lower(),
    "is": _is,
    "type": _is,
    "state": _is,
    "author": _author,
    "label": lambda value, pull: value.lower() in {name.lower() for name in pull["labels"]},
    "head": lambda value, pull: pull["head_ref"].startswith(value),
    "base": lambda value, pull: pull["base_ref"] == value,
    "sha": lambda value, pull: pull["head_sha"].startswith(value),
}

ROUTES = [Route("GET", "search/issues", issues, "token")]
