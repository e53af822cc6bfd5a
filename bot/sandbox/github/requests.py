"""Asking people and teams for a review."""

from __future__ import annotations

from typing import Any

from bot.sandbox.github import pulls
from bot.sandbox.github.errors import ApiError
from bot.sandbox.github.forge import Forge, Repo
from bot.sandbox.github.shapes.users import user
from bot.sandbox.github.store import Doc

_STRANGER = (
    "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a "
    "collaborator of the {} repository."
)


def request_reviewers(forge: Forge, repo: Repo, number: int, login: str, fields: dict[str, Any], wanted: bool) -> Doc:
    """Ask for (``wanted``) or no longer ask for reviews. Raises ApiError 422."""
    pull = pulls.find(forge, repo, number)
    people, teams = list(fields.get("reviewers") or []), list(fields.get("team_reviewers") or [])
    if wanted:
        _check(forge, repo, pull, people, teams)
    for key, names in (("requested_reviewers", people), ("requested_teams", teams)):
        rest = [name for name in pull[key] if name not in names]
        pull = {**pull, key: [*rest, *names] if wanted else rest}
    pull = pulls.save(forge, repo, pull)
    action = "review_requested" if wanted else "review_request_removed"
    for name in people:
        forge.event(repo, number, action, login, reviewer=name)
        pulls.notify(forge, repo, pull, action, login, requested_reviewer=user(forge, name))
    for slug in teams:
        forge.event(repo, number, action, login, team=slug)
    return pull


def _check(forge: Forge, repo: Repo, pull: Doc, people: list[str], teams: list[str]) -> None:
    if pull["user"] in people:
        raise ApiError(422, "Review cannot be requested from pull request author.")
    org = forge.people.org(repo.owner)
    strangers = [name for name in people if forge.people.permission(repo.full_name, name) == "none"]
    unknown = [slug for slug in teams if org is None or forge.people.team(org, slug) is None]
    if strangers or unknown:
        raise ApiError(422, _STRANGER.format(repo.full_name))
