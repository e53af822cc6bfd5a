"""Repositories and organisations as GitHub shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.github.shapes.base import api, html, node_id, repo_api
from bot.sandbox.github.shapes.users import user

if TYPE_CHECKING:
    from bot.sandbox.github.auth import Actor
    from bot.sandbox.github.config import Org, Team
    from bot.sandbox.github.forge import Forge, Repo
    from bot.sandbox.github.store import Doc

_LINKS = """
forks keys{/key_id} collaborators{/collaborator} teams hooks issue_events:issues/events{/number} events
assignees{/user} branches{/branch} tags blobs:git/blobs{/sha} git_tags:git/tags{/sha} git_refs:git/refs{/sha}
trees:git/trees{/sha} statuses/{sha} languages stargazers contributors subscribers subscription commits{/sha}
git_commits:git/commits{/sha} comments{/number} issue_comment:issues/comments{/number} contents/{+path}
compare/{base}...{head} merges archive:{archive_format}{/ref} downloads issues{/number} pulls{/number}
milestones{/number} notifications{?since,all,participating} labels{/name} releases{/id} deployments
"""
_COUNTS = ("size", "stargazers_count", "watchers_count", "forks_count", "forks", "watchers")
_SETTINGS = (
    "allow_merge_commit",
    "allow_squash_merge",
    "allow_rebase_merge",
    "allow_update_branch",
    "delete_branch_on_merge",
)


def repository(forge: Forge, repo: Repo) -> Doc:
    """The form that pull requests and webhooks carry."""
    doc = forge.document(repo)
    name, root = repo.full_name.split("/")[1], forge.config.root
    return {
        "id": doc["id"],
        "node_id": node_id("Repository", doc["id"]),
        "name": name,
        "full_name": repo.full_name,
        "private": True,
        "owner": user(forge, repo.owner),
        "html_url": html(forge, repo.full_name),
        "description": doc["description"],
        "fork": False,
        "url": repo_api(forge, repo.full_name),
        **_links(forge, repo.full_name),
        **{key: doc[key] for key in ("created_at", "pushed_at")},
        "updated_at": doc["pushed_at"],
        **_remotes(f"{root}/{repo.full_name}.git", repo.full_name),
        **_fixed(),
        **dict.fromkeys(("open_issues_count", "open_issues"), doc["open_pulls"]),
        "default_branch": doc["default_branch"],
    }


def full_repository(forge: Forge, repo: Repo, actor: Actor) -> Doc:
    """The form of GET /repos/{owner}/{repo}, with what the caller may do."""
    doc, have = forge.document(repo), forge.people.allowed(actor, repo.full_name)
    rights = {"admin": "admin", "maintain": "admin", "push": "write", "triage": "write", "pull": "read"}
    permissions = {right: forge.people.at_least(have, need) for right, need in rights.items()}
    settings = {key: doc[key] for key in _SETTINGS} | {"allow_auto_merge": False, "allow_forking": False}
    counts = {"subscribers_count": 0, "network_count": 0}
    org = {"organization": user(forge, repo.owner)} if forge.people.org(repo.owner) else {}
    return {**repository(forge, repo), "permissions": permissions, **settings, **counts, **org}


def organization(forge: Forge, org: Org) -> Doc:
    """The short form of an organisation."""
    url = api(forge, f"orgs/{org.login}")
    names = ("repos", "events", "hooks", "issues")
    return {
        "login": org.login,
        "id": org.id,
        "node_id": node_id("Organization", org.id),
        "url": url,
        **{f"{name}_url": f"{url}/{name}" for name in names},
        "members_url": url + "/members{/member}",
        "public_members_url": url + "/public_members{/member}",
        "avatar_url": html(forge, f"avatars/{org.id}.png"),
        "description": "",
    }


def team_shape(forge: Forge, org: Org, team: Team) -> Doc:
    """A team."""
    url = api(forge, f"orgs/{org.login}/teams/{team.slug}")
    return {
        "id": team.id,
        "node_id": node_id("Team", team.id),
        "url": url,
        "html_url": html(forge, f"orgs/{org.login}/teams/{team.slug}"),
        "name": team.name or team.slug,
        "slug": team.slug,
        "description": "",
        "privacy": "closed",
        "notification_setting": "notifications_enabled",
        "permission": "push",
        "members_url": url + "/members{/member}",
        "repositories_url": url + "/repos",
        "parent": None,
        "members_count": len(team.members),
        "organization": organization(forge, org),
    }


def _links(forge: Forge, full_name: str) -> dict[str, str]:
    links = {}
    for item in _LINKS.split():
        name, _, path = item.partition(":")
        key = name.split("{")[0].split("/")[0]
        links[f"{key}_url"] = repo_api(forge, full_name) + "/" + (path or name)
    return links


def _remotes(clone: str, full_name: str) -> dict[str, str]:
    others = {"git_url": f"git:{clone.split(':', 1)[1]}", "ssh_url": f"git@localhost:{full_name}.git"}
    return {"clone_url": clone, "svn_url": clone, **others}


def _fixed() -> Doc:
    has = {f"has_{thing}": True for thing in ("issues", "projects", "downloads", "wiki")}
    nothing = dict.fromkeys(("homepage", "language", "mirror_url", "license"))
    no = dict.fromkeys(("has_pages", "archived", "disabled", "is_template", "web_commit_signoff_required"), False)
    return {
        **dict.fromkeys(_COUNTS, 0),
        **has,
        **nothing,
        **no,
        "topics": [],
        "visibility": "private",
        "custom_properties": {},
    }
