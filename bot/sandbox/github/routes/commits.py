"""Commits, and what lies between two of them."""

from __future__ import annotations

from bot.sandbox.github.diffs import diff_files, diff_text, format_patch
from bot.sandbox.github.errors import ApiError, not_found
from bot.sandbox.github.objects import EMPTY_TREE, Commit
from bot.sandbox.github.routes.repos import REPO
from bot.sandbox.github.routing import Ctx, Reply, Route
from bot.sandbox.github.shapes.base import html, repo_api
from bot.sandbox.github.shapes.commits import commit_shape, file_shape, full_commit
from bot.sandbox.github.shapes.pulls import pull_shape


def commits(ctx: Ctx) -> Reply:
    """GET commits: by sha or branch, path, author, since, until."""
    start = resolve(ctx, ctx.query.get("sha") or ctx.forge.document(ctx.repo)["default_branch"])
    flags = [f"--{name}={ctx.query[name]}" for name in ("since", "until", "author") if ctx.query.get(name)]
    paths = [ctx.query["path"]] if ctx.query.get("path") else []
    found = ctx.repo.git.run("rev-list", *flags, start, "--", *paths).decode().split()
    return ctx.page(found, lambda sha: commit_shape(ctx.forge, ctx.repo, ctx.repo.git.known_commit(sha)))


def commit(ctx: Ctx) -> Reply:
    """GET commits/{ref}: JSON, or ``diff``, ``patch`` or ``sha`` by the Accept header."""
    found = ctx.repo.git.known_commit(resolve(ctx, ctx.params["ref"]))
    if ctx.wants("sha"):
        return Reply(text=found.sha, media="application/vnd.github.sha; charset=utf-8")
    old = found.parents[0] if found.parents else EMPTY_TREE
    return as_text(ctx, old, found.sha) or Reply(full_commit(ctx.forge, ctx.repo, found))


def commit_pulls(ctx: Ctx) -> Reply:
    """GET commits/{ref}/pulls: open ones with this head, merged ones that this commit merged."""
    sha = resolve(ctx, ctx.params["ref"])
    pulls = ctx.forge.store.pulls(ctx.repo.full_name).all()
    found = [pull for pull in pulls if sha in {pull["head_sha"], pull["merge_commit_sha"]}]
    return ctx.page(found, lambda pull: pull_shape(ctx.forge, ctx.repo, pull))


def compare(ctx: Ctx) -> Reply:
    """GET compare/{base}...{head}: from the merge base, as pull requests are."""
    left, dots, right = ctx.params["basehead"].partition("...")
    if not dots:
        raise not_found()
    base, head = (resolve(ctx, name.rpartition(":")[2]) for name in (left, right))
    common = ctx.repo.git.merge_base(base, head)
    if common is None:
        raise ApiError(404, f"No common ancestor between {left} and {right}.")
    text = as_text(ctx, common, head)
    return text or _comparison(ctx, base, head, common)


def resolve(ctx: Ctx, name: str) -> str:
    """The commit that a name stands for. Raises ApiError 422 and 404 as GitHub does."""
    sha = ctx.repo.git.resolve(name)
    if sha is None:
        raise ApiError(422, f"No commit found for SHA: {name}") if len(name) == 40 else not_found()
    return sha


def as_text(ctx: Ctx, old: str, new: str) -> Reply | None:
    """The diff or the patch, when the Accept header asks for one."""
    if ctx.wants("diff"):
        return Reply(text=diff_text(ctx.repo.git, old, new), media="application/vnd.github.diff; charset=utf-8")
    if ctx.wants("patch"):
        return Reply(text=format_patch(ctx.repo.git, old, new), media="application/vnd.github.patch; charset=utf-8")
    return None


def _comparison(ctx: Ctx, base: str, head: str, common: str) -> Reply:
    git, name = ctx.repo.git, ctx.repo.full_name
    counts = git.run("rev-list", "--left-right", "--count", f"{base}...{head}").decode().split()
    behind, ahead = int(counts[0]), int(counts[1])
    status = {(False, False): "identical", (True, False): "ahead", (False, True): "behind", (True, True): "diverged"}
    files = [file_shape(ctx.forge, ctx.repo, file, head) for file in diff_files(git, common, head)]
    page = html(ctx.forge, f"{name}/compare/{ctx.params['basehead']}")
    shown = {
        "url": repo_api(ctx.forge, name, f"compare/{ctx.params['basehead']}"),
        "html_url": page,
        "permalink_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "base_commit": _shape(ctx, git.known_commit(base)),
        "merge_base_commit": _shape(ctx, git.known_commit(common)),
        "status": status[ahead > 0, behind > 0],
        "ahead_by": ahead,
        "behind_by": behind,
        "total_commits": ahead,
        "files": files[:300],
    }
    ours = git.rev_list("--topo-order", "--reverse", f"{base}..{head}")
    return ctx.page(ours, lambda sha: _shape(ctx, git.known_commit(sha)), lambda page: {**shown, "commits": page})


def _shape(ctx: Ctx, found: Commit) -> dict[str, object]:
    return commit_shape(ctx.forge, ctx.repo, found)


ROUTES = [
    Route("GET", f"{REPO}/commits", commits),
    Route("GET", f"{REPO}/commits/{{ref+}}/pulls", commit_pulls, "read", "pull_requests"),
    Route("GET", f"{REPO}/commits/{{ref+}}", commit),
    Route("GET", f"{REPO}/compare/{{basehead+}}", compare),
]
