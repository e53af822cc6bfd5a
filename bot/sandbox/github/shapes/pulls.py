"""Pull requests, issues, reviews, comments and labels as GitHub shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.sandbox.github.compare import pull_commits, pull_files
from bot.sandbox.github.diffs import totals
from bot.sandbox.github.shapes.base import html, node_id, repo_api
from bot.sandbox.github.shapes.repos import repository, team_shape
from bot.sandbox.github.shapes.users import user

if TYPE_CHECKING:
    from bot.sandbox.github.forge import Forge, Repo
    from bot.sandbox.github.mergeability import Mergeability
    from bot.sandbox.github.store import Doc

_DATES = ("created_at", "updated_at", "closed_at", "merged_at")
_LINKS = {
    "html": "",
    "self": "pulls/{n}",
    "issue": "issues/{n}",
    "comments": "issues/{n}/comments",
    "review_comments": "pulls/{n}/comments",
    "review_comment": "pulls/comments{{/number}}",
    "commits": "pulls/{n}/commits",
    "statuses": "statuses/{sha}",
}


def pull_shape(forge: Forge, repo: Repo, pull: Doc, shown: Doc | None = None) -> Doc:
    """The form of lists; ``shown`` is the repository's shape, when the caller has it already."""
    shown = shown or repository(forge, repo)
    links = _links(forge, repo, pull)
    page, number = links["html"]["href"], pull["number"]
    return {
        "url": links["self"]["href"],
        "id": pull["id"],
        "node_id": node_id("PullRequest", pull["id"]),
        "html_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "issue_url": repo_api(forge, repo.full_name, f"issues/{number}"),
        **{key: pull[key] for key in ("number", "state", "title", "body", *_DATES, "merge_commit_sha", "draft")},
        "locked": False,
        "user": user(forge, pull["user"]),
        **_people(forge, repo, pull),
        "labels": labels_of(forge, repo, pull),
        "milestone": None,
        **{f"{key}_url": links[key]["href"] for key in _LINKS if key not in {"html", "self", "issue"}},
        "head": _side(forge, repo, pull["head_ref"], pull["head_sha"], shown),
        "base": _side(forge, repo, pull["base_ref"], pull["base_sha"], shown),
        "_links": links,
        "author_association": association(forge, repo, pull["user"]),
        "auto_merge": None,
        "active_lock_reason": None,
    }


def full_pull(forge: Forge, repo: Repo, pull: Doc, verdict: Mergeability | None = None) -> Doc:
    """The form of a single pull request; without ``verdict`` mergeability is not yet known, as in webhooks."""
    files = pull_files(repo, pull, patches=False)
    added, deleted = totals(files)
    merged_by = user(forge, pull["merged_by"]) if pull["merged_by"] else None
    commits = pull_commits(repo, pull)
    return {
        **pull_shape(forge, repo, pull),
        "merged": pull["merged_at"] is not None,
        "mergeable": verdict.mergeable if verdict else None,
        "rebaseable": verdict.mergeable and all(len(one.parents) < 2 for one in commits) if verdict else None,
        "mergeable_state": verdict.state if verdict else "unknown",
        "merged_by": merged_by,
        "comments": len(forge.store.comments(repo.full_name, pull["number"]).all()),
        "review_comments": 0,
        "maintainer_can_modify": False,
        "commits": len(commits),
        "additions": added,
        "deletions": deleted,
        "changed_files": len(files),
    }


def issue_shape(forge: Forge, repo: Repo, pull: Doc) -> Doc:
    """A pull request as an issue, which is how comments, labels and search see it."""
    root, page = repo_api(forge, repo.full_name), html(forge, f"{repo.full_name}/pull/{pull['number']}")
    issue, link = f"{root}/issues/{pull['number']}", f"{root}/pulls/{pull['number']}"
    dates = {key: pull[key] for key in ("created_at", "updated_at", "closed_at")}
    inner = {"url": link, "html_url": page, "diff_url": f"{page}.diff", "patch_url": f"{page}.patch"}
    return {
        "url": issue,
        "repository_url": root,
        "labels_url": f"{issue}/labels{{/name}}",
        "comments_url": f"{issue}/comments",
        "events_url": f"{issue}/events",
        "html_url": page,
        "id": pull["id"],
        "node_id": node_id("PullRequest", pull["id"]),
        **{key: pull[key] for key in ("number", "title", "state", "body", "draft")},
        "user": user(forge, pull["user"]),
        "labels": labels_of(forge, repo, pull),
        "locked": False,
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "comments": len(forge.store.comments(repo.full_name, pull["number"]).all()),
        **dates,
        "author_association": association(forge, repo, pull["user"]),
        "active_lock_reason": None,
        "state_reason": None,
        "pull_request": {**inner, "merged_at": pull["merged_at"]},
    }


def review_shape(forge: Forge, repo: Repo, pull: Doc, review: Doc, hook: bool = False) -> Doc:
    """A review; webhooks (``hook``) write the state in lower case."""
    page = html(forge, f"{repo.full_name}/pull/{pull['number']}")
    link = repo_api(forge, repo.full_name, f"pulls/{pull['number']}")
    pending = {} if review["state"] == "PENDING" else {"submitted_at": review["submitted_at"]}
    return {
        "id": review["id"],
        "node_id": node_id("PullRequestReview", review["id"]),
        "user": user(forge, review["user"]),
        "body": review["body"] or (None if hook else ""),
        "commit_id": review["commit_id"],
        **pending,
        "state": review["state"].lower() if hook else review["state"],
        "html_url": f"{page}#pullrequestreview-{review['id']}",
        "pull_request_url": link,
        "author_association": association(forge, repo, review["user"]),
        "_links": {"html": {"href": f"{page}#pullrequestreview-{review['id']}"}, "pull_request": {"href": link}},
    }


def comment_shape(forge: Forge, repo: Repo, number: int, comment: Doc) -> Doc:
    """A comment of the conversation."""
    url = repo_api(forge, repo.full_name, f"issues/comments/{comment['id']}")
    return {
        "url": url,
        "html_url": html(forge, f"{repo.full_name}/pull/{number}#issuecomment-{comment['id']}"),
        "issue_url": repo_api(forge, repo.full_name, f"issues/{number}"),
        "id": comment["id"],
        "node_id": node_id("IssueComment", comment["id"]),
        "user": user(forge, comment["user"]),
        **{key: comment[key] for key in ("created_at", "updated_at", "body")},
        "author_association": association(forge, repo, comment["user"]),
        "performed_via_github_app": None,
    }


def label_shape(forge: Forge, repo: Repo, label: Doc) -> Doc:
    """A label."""
    url = repo_api(forge, repo.full_name, f"labels/{quote(label['name'], safe='')}")
    fields = {key: label[key] for key in ("id", "name", "color", "default", "description")}
    return {**fields, "node_id": node_id("Label", label["id"]), "url": url}


def labels_of(forge: Forge, repo: Repo, pull: Doc) -> list[Doc]:
    """A pull request's labels."""
    labels = (forge.store.labels(repo.full_name).get(name.lower()) for name in pull["labels"])
    return [label_shape(forge, repo, label) for label in labels if label]


def association(forge: Forge, repo: Repo, login: str) -> str:
    """How an account belongs to the repository."""
    org = forge.people.org(repo.owner)
    if org and login in forge.people.members(org):
        return "MEMBER"
    have = forge.people.permission(repo.full_name, login)
    return "OWNER" if login == repo.owner else "COLLABORATOR" if have in {"write", "admin"} else "NONE"


def _people(forge: Forge, repo: Repo, pull: Doc) -> Doc:
    org = forge.people.org(repo.owner)
    teams = [team for team in org.teams if team.slug in pull["requested_teams"]] if org else []
    return {
        "assignee": None,
        "assignees": [],
        "requested_reviewers": [user(forge, login) for login in pull["requested_reviewers"]],
        "requested_teams": [team_shape(forge, org, team) for team in teams if org],
    }


def _side(forge: Forge, repo: Repo, ref: str, sha: str, shown: Doc) -> Doc:
    return {"label": f"{repo.owner}:{ref}", "ref": ref, "sha": sha, "user": user(forge, repo.owner), "repo": shown}


def _links(forge: Forge, repo: Repo, pull: Doc) -> dict[str, dict[str, str]]:
    page = html(forge, f"{repo.full_name}/pull/{pull['number']}")
    root = repo_api(forge, repo.full_name)
    paths = {key: path.format(n=pull["number"], sha=pull["head_sha"]) for key, path in _LINKS.items()}
    return {key: {"href": f"{root}/{path}" if path else page} for key, path in paths.items()}
