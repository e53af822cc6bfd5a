"""Files by path: reading, and committing one at a time."""

from __future__ import annotations

import base64
import binascii
import time
from typing import Any
from urllib.parse import quote

from bot.sandbox.github import pushes
from bot.sandbox.github.errors import ApiError, not_found
from bot.sandbox.github.objects import ZERO, Identity, parse_date, parse_tree
from bot.sandbox.github.protected import refuse_push
from bot.sandbox.github.routes.repos import REPO
from bot.sandbox.github.routing import Ctx, Reply, Route
from bot.sandbox.github.shapes.base import html, repo_api
from bot.sandbox.github.shapes.commits import git_commit
from bot.sandbox.github.signatures import sign
from bot.sandbox.github.store import Doc
from bot.sandbox.github.writes import commit_files


def get(ctx: Ctx) -> Reply:
    """GET contents/{path}: a file in base64 or raw, or a folder's listing."""
    ref = ctx.query.get("ref") or ctx.forge.document(ctx.repo)["default_branch"]
    commit = ctx.repo.git.resolve(ref)
    path = ctx.params.get("path", "").strip("/")
    if commit is None:
        raise ApiError(404, f"No commit found for the ref {ref}")
    found = ctx.repo.git.at_path(commit, path)
    if found is None or found.kind not in {"blob", "tree"}:
        raise not_found()
    if found.kind == "tree":
        entries = parse_tree(found.data)
        prefix = f"{path}/" if path else ""
        shown = [_entry(ctx, ref, prefix + entry.name, entry.sha, entry.kind, 0) for entry in entries]
        return Reply(shown)
    if ctx.wants("raw"):
        return Reply(text=found.data.decode("utf-8", "replace"), media="application/vnd.github.raw+json; charset=utf-8")
    content = base64.encodebytes(found.data).decode()
    shape = _entry(ctx, ref, path, found.sha, "blob", len(found.data))
    return Reply({**shape, "content": content, "encoding": "base64"})


def put(ctx: Ctx) -> Reply:
    """PUT contents/{path}: create, or replace when the blob's sha is right (409 when it is not)."""
    try:
        content = base64.b64decode(ctx.fields["content"])
    except KeyError:
        raise ApiError(422, 'Invalid request.\n\n"content" wasn\'t supplied.') from None
    except (binascii.Error, TypeError, ValueError):
        raise ApiError(422, "content is not valid Base64") from None
    branch, path, old = _target(ctx)
    if old is not None and not ctx.fields.get("sha"):
        raise ApiError(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
    _check_sha(ctx, path, old)
    commit = _commit(ctx, branch, path, content)
    blob = ctx.repo.git.cat.info(f"{commit}:{path}")
    assert blob
    shape = _entry(ctx, branch, path, blob[0], "blob", len(content))
    return Reply({"content": shape, "commit": _shown(ctx, commit)}, 201 if old is None else 200)


def delete(ctx: Ctx) -> Reply:
    """DELETE contents/{path}."""
    branch, path, old = _target(ctx)
    if old is None:
        raise not_found()
    _check_sha(ctx, path, old)
    return Reply({"content": None, "commit": _shown(ctx, _commit(ctx, branch, path, None))})


def _target(ctx: Ctx) -> tuple[str, str, str | None]:
    branch = ctx.fields.get("branch") or ctx.query.get("branch") or ctx.forge.document(ctx.repo)["default_branch"]
    path = ctx.params["path"].strip("/")
    if any(part in {"", ".", "..", ".git"} for part in path.split("/")):
        raise ApiError(422, "path contains a malformed path component")
    head = ctx.repo.git.branch(branch)
    if head is None:
        raise ApiError(404, f"Branch {branch} not found")
    found = ctx.repo.git.cat.info(f"{head}:{path}")
    return branch, path, found[0] if found else None


def _check_sha(ctx: Ctx, path: str, old: str | None) -> None:
    given = ctx.fields.get("sha") or ctx.query.get("sha")
    if old is not None and given != old:
        raise ApiError(409, f"{path} does not match {given}")


def _commit(ctx: Ctx, branch: str, path: str, content: bytes | None) -> str:
    message = ctx.fields.get("message") or ctx.query.get("message")
    if not isinstance(message, str) or not message:
        raise ApiError(422, 'Invalid request.\n\n"message" wasn\'t supplied.')
    old = ctx.repo.git.branch(branch) or ZERO
    refuse_push(ctx.forge, ctx.repo, ctx.actor.login, branch)
    commit = commit_files(ctx.repo.git, branch, {path: content}, message, _author(ctx))
    if ctx.actor.app and not {"author", "committer"} & set(ctx.fields):
        sign(ctx.forge, ctx.repo, commit)
    pushes.moved(ctx.forge, ctx.repo, ctx.actor.login, [pushes.Move(f"refs/heads/{branch}", old, commit)])
    return commit


def _author(ctx: Ctx) -> Identity:
    given = ctx.fields.get("author") or ctx.fields.get("committer")
    own = ctx.forge.people.identity(ctx.actor.login, int(time.time()))
    if not isinstance(given, dict):
        return own
    when, zone = parse_date(given["date"]) if given.get("date") else (own.when, own.zone)
    return Identity(str(given.get("name", own.name)), str(given.get("email", own.email)), when, zone)


def _shown(ctx: Ctx, sha: str) -> Doc:
    return git_commit(ctx.forge, ctx.repo, ctx.repo.git.known_commit(sha))


def _entry(ctx: Ctx, ref: str, path: str, sha: str, kind: str, size: int) -> dict[str, Any]:
    name, quoted = ctx.repo.full_name, quote(path)
    url = repo_api(ctx.forge, name, f"contents/{quoted}") + f"?ref={quote(ref)}"
    git = repo_api(ctx.forge, name, f"git/{kind}s/{sha}")
    page = html(ctx.forge, f"{name}/{kind}/{ref}/{quoted}")
    return {
        "name": path.rsplit("/", 1)[-1],
        "path": path,
        "sha": sha,
        "size": size,
        "url": url,
        "html_url": page,
        "git_url": git,
        "download_url": html(ctx.forge, f"{name}/raw/{ref}/{quoted}") if kind == "blob" else None,
        "type": {"blob": "file", "tree": "dir"}.get(kind, "submodule"),
        "_links": {"self": url, "git": git, "html": page},
    }


ROUTES = [
    Route("GET", f"{REPO}/contents", get),
    Route("GET", f"{REPO}/contents/", get),
    Route("GET", f"{REPO}/contents/{{path+}}", get),
    Route("PUT", f"{REPO}/contents/{{path+}}", put, "write", content=True),
    Route("DELETE", f"{REPO}/contents/{{path+}}", delete, "write", content=True),
]
