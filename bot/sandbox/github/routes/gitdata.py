"""The Git database: blobs, trees, commits, tags, refs."""

from __future__ import annotations

import base64
import binascii
import time
from typing import Any

from bot.sandbox.github import pushes
from bot.sandbox.github.errors import ApiError, invalid, not_found
from bot.sandbox.github.objects import ZERO, Entry, Identity, parse_date
from bot.sandbox.github.people import WEB_FLOW
from bot.sandbox.github.protected import push_refusal
from bot.sandbox.github.refs import valid_ref
from bot.sandbox.github.repo import GitError
from bot.sandbox.github.routes.repos import REPO
from bot.sandbox.github.routing import Ctx, Reply, Route
from bot.sandbox.github.rules import rule_of
from bot.sandbox.github.shapes.base import node_id, repo_api
from bot.sandbox.github.shapes.commits import git_commit
from bot.sandbox.github.signatures import sign
from bot.sandbox.github.store import Doc
from bot.sandbox.github.writes import write_blob, write_tree

_MODES = {"100644", "100755", "040000", "160000", "120000"}


def create_blob(ctx: Ctx) -> Reply:
    """POST git/blobs."""
    content, encoding = ctx.fields.get("content"), ctx.fields.get("encoding", "utf-8")
    if not isinstance(content, str):
        raise ApiError(422, 'Invalid request.\n\n"content" wasn\'t supplied.')
    try:
        data = base64.b64decode(content) if encoding == "base64" else content.encode()
    except (binascii.Error, ValueError):
        raise ApiError(422, "content is not valid Base64") from None
    sha = write_blob(ctx.repo.git, data)
    return Reply({"sha": sha, "url": _url(ctx, f"git/blobs/{sha}")}, 201)


def blob(ctx: Ctx) -> Reply:
    """GET git/blobs/{file_sha}."""
    found = _object(ctx, "blob")
    content = base64.encodebytes(found[1]).decode()
    fields = {"sha": found[0], "node_id": node_id("Blob", found[0]), "size": len(found[1])}
    return Reply({**fields, "url": _url(ctx, f"git/blobs/{found[0]}"), "content": content, "encoding": "base64"})


def create_tree(ctx: Ctx) -> Reply:
    """POST git/trees: entries over ``base_tree``; content instead of sha makes a blob, sha null deletes."""
    entries, base = ctx.fields.get("tree"), ctx.fields.get("base_tree")
    if not isinstance(entries, list) or not entries:
        raise ApiError(422, "Invalid tree info")
    info = ctx.repo.git.cat.info(f"{base}^{{tree}}") if base else None
    if base and info is None:
        raise ApiError(422, "base_tree is not a valid tree oid")
    sha = write_tree(ctx.repo.git, info[0] if info else None, [_checked(ctx, entry) for entry in entries])
    return Reply(_tree(ctx, sha, recursive=False), 201)


def tree(ctx: Ctx) -> Reply:
    """GET git/trees/{tree_sha}, ``recursive`` by the query."""
    name = ctx.params["tree_sha"]
    sha = ctx.repo.git.resolve(name) or (name if valid_ref(name) else "")
    info = ctx.repo.git.cat.info(f"{sha}^{{tree}}") if sha else None
    if info is None:
        raise not_found()
    return Reply(_tree(ctx, info[0], recursive="recursive" in ctx.query))


def create_commit(ctx: Ctx) -> Reply:
    """POST git/commits."""
    message, tree_sha, parents = (ctx.fields.get(key) for key in ("message", "tree", "parents"))
    if not isinstance(message, str):
        raise ApiError(422, 'Invalid request.\n\n"message" wasn\'t supplied.')
    info = ctx.repo.git.cat.info(str(tree_sha))
    if info is None or info[1] != "tree":
        raise ApiError(422, "Tree SHA does not exist")
    for parent in parents or []:
        if ctx.repo.git.commit(str(parent)) is None:
            raise ApiError(422, "Parent SHA does not exist or is not a commit object")
    author, named = _identity(ctx, ctx.fields.get("author"), None), {"author", "committer"} & set(ctx.fields)
    signs = ctx.actor.app is not None and not named
    committer = Identity(*WEB_FLOW, author.when) if signs else _identity(ctx, ctx.fields.get("committer"), author)
    sha = ctx.repo.git.commit_tree(str(tree_sha), parents or [], message, author, committer)
    if signs:
        sign(ctx.forge, ctx.repo, sha)
    return Reply(git_commit(ctx.forge, ctx.repo, ctx.repo.git.known_commit(sha)), 201)


def commit(ctx: Ctx) -> Reply:
    """GET git/commits/{commit_sha}."""
    found = ctx.repo.git.commit(ctx.params["commit_sha"])
    if found is None:
        raise not_found()
    return Reply(git_commit(ctx.forge, ctx.repo, found))


def ref(ctx: Ctx) -> Reply:
    """GET git/ref/{ref}."""
    name = f"refs/{ctx.params['ref']}"
    sha = ctx.repo.git.ref(name)
    if sha is None:
        raise not_found()
    return Reply(_ref(ctx, name, sha))


def matching_refs(ctx: Ctx) -> Reply:
    """GET git/matching-refs/{ref}: by prefix; an empty list when nothing matches."""
    found = list(ctx.repo.git.refs(f"refs/{ctx.params.get('ref', '')}").items())
    return ctx.page(found, lambda item: _ref(ctx, *item))


def create_ref(ctx: Ctx) -> Reply:
    """POST git/refs."""
    name, sha = str(ctx.fields.get("ref") or ""), str(ctx.fields.get("sha") or "")
    if not name.startswith(("refs/heads/", "refs/tags/")) or not valid_ref(name):
        raise ApiError(422, "Reference name is not valid" if name else "ref wasn't supplied")
    if ctx.repo.git.cat.info(sha) is None:
        raise ApiError(422, "Object does not exist")
    if ctx.repo.git.ref(name) is not None:
        raise ApiError(422, "Reference already exists")
    _move(ctx, name, ZERO, sha)
    return Reply(_ref(ctx, name, sha), 201)


def update_ref(ctx: Ctx) -> Reply:
    """PATCH git/refs/{ref}: fast-forward, unless ``force``."""
    name, sha = f"refs/{ctx.params['ref']}", str(ctx.fields.get("sha") or "")
    old = ctx.repo.git.ref(name)
    if old is None:
        raise ApiError(422, "Reference does not exist")
    if ctx.repo.git.cat.info(sha) is None:
        raise ApiError(422, "Object does not exist")
    forced = not ctx.repo.git.is_ancestor(old, sha)
    if forced and not ctx.fields.get("force"):
        raise ApiError(422, "Update is not a fast forward")
    if forced and not rule_of(ctx.forge, ctx.repo, name.removeprefix("refs/heads/")).allow_force:
        raise ApiError(422, "Cannot force-push to this branch")
    _move(ctx, name, old, sha)
    return Reply(_ref(ctx, name, sha))


def delete_ref(ctx: Ctx) -> Reply:
    """DELETE git/refs/{ref}."""
    name = f"refs/{ctx.params['ref']}"
    old, branch = ctx.repo.git.ref(name), name.removeprefix("refs/heads/")
    if old is None:
        raise ApiError(422, "Reference does not exist")
    if not rule_of(ctx.forge, ctx.repo, branch).allow_delete:
        raise ApiError(422, "Cannot delete this protected branch")
    if branch == ctx.forge.document(ctx.repo)["default_branch"]:
        raise ApiError(422, "Cannot delete the default branch")
    _move(ctx, name, old, ZERO)
    return Reply(status=204)


def _move(ctx: Ctx, name: str, old: str, new: str) -> None:
    branch = name.removeprefix("refs/heads/")
    reason = push_refusal(ctx.forge, ctx.repo, ctx.actor.login, branch, new) if new != ZERO else None
    if reason:
        raise ApiError(422, reason)
    try:
        ctx.repo.git.update_ref(name, new, old)
    except GitError as error:
        raise ApiError(422, f"Reference cannot be updated: {error}") from None
    pushes.moved(ctx.forge, ctx.repo, ctx.actor.login, [pushes.Move(name, old, new)])


def _checked(ctx: Ctx, entry: Any) -> dict[str, Any]:
    if not isinstance(entry, dict) or not isinstance(entry.get("path"), str) or entry.get("mode") not in _MODES:
        raise ApiError(422, "tree.mode, tree.path or tree.type is not valid")
    if isinstance(entry.get("content"), str):
        return {**entry, "sha": write_blob(ctx.repo.git, entry["content"].encode())}
    if entry.get("sha") is not None and ctx.repo.git.cat.info(str(entry["sha"])) is None:
        raise ApiError(422, "tree.sha is not a valid oid")
    if "sha" not in entry:
        raise invalid("Tree", "sha", "missing_field")
    return entry


def _tree(ctx: Ctx, sha: str, recursive: bool) -> Doc:
    shown = [_line(ctx, path, entry) for path, entry in _walk(ctx, sha, "", recursive)]
    return {"sha": sha, "url": _url(ctx, f"git/trees/{sha}"), "tree": shown, "truncated": False}


def _walk(ctx: Ctx, sha: str, prefix: str, recursive: bool) -> list[tuple[str, Entry]]:
    found: list[tuple[str, Entry]] = []
    for entry in ctx.repo.git.tree(sha) or []:
        found.append((prefix + entry.name, entry))
        if recursive and entry.kind == "tree":
            found += _walk(ctx, entry.sha, f"{prefix}{entry.name}/", recursive)
    return found


def _line(ctx: Ctx, path: str, entry: Entry) -> Doc:
    shown: Doc = {"path": path, "mode": entry.mode, "type": entry.kind, "sha": entry.sha}
    return {**shown, "url": _url(ctx, f"git/{entry.kind}s/{entry.sha}")}


def _identity(ctx: Ctx, given: Any, fallback: Identity | None) -> Identity:
    own = fallback or ctx.forge.people.identity(ctx.actor.login, int(time.time()))
    if not isinstance(given, dict):
        return own
    try:
        when, zone = parse_date(given["date"]) if given.get("date") else (own.when, own.zone)
    except ValueError:
        raise ApiError(422, "date is not a valid ISO 8601 timestamp") from None
    return Identity(str(given.get("name", own.name)), str(given.get("email", own.email)), when, zone)


def _object(ctx: Ctx, kind: str) -> tuple[str, bytes]:
    name = ctx.params["file_sha"]
    found = ctx.repo.git.cat.read(name) if valid_ref(name) else None
    if found is None or found.kind != kind:
        raise not_found()
    return found.sha, found.data


def _ref(ctx: Ctx, name: str, sha: str) -> Doc:
    info = ctx.repo.git.cat.info(sha)
    kind = info[1] if info else "commit"
    url = _url(ctx, f"git/{name}")
    target = {"sha": sha, "type": kind, "url": _url(ctx, f"git/{kind}s/{sha}")}
    return {"ref": name, "node_id": node_id("Ref", name), "url": url, "object": target}


def _url(ctx: Ctx, path: str) -> str:
    return repo_api(ctx.forge, ctx.repo.full_name, path)


ROUTES = [
    Route("POST", f"{REPO}/git/blobs", create_blob, "write"),
    Route("GET", f"{REPO}/git/blobs/{{file_sha}}", blob),
    Route("POST", f"{REPO}/git/trees", create_tree, "write"),
    Route("GET", f"{REPO}/git/trees/{{tree_sha+}}", tree),
    Route("POST", f"{REPO}/git/commits", create_commit, "write"),
    Route("GET", f"{REPO}/git/commits/{{commit_sha}}", commit),
    Route("POST", f"{REPO}/git/refs", create_ref, "write"),
    Route("GET", f"{REPO}/git/ref/{{ref+}}", ref),
    Route("GET", f"{REPO}/git/refs/{{ref+}}", ref),
    Route("GET", f"{REPO}/git/refs", matching_refs),
    Route("GET", f"{REPO}/git/matching-refs/{{ref+}}", matching_refs),
    Route("PATCH", f"{REPO}/git/refs/{{ref+}}", update_ref, "write"),
    Route("DELETE", f"{REPO}/git/refs/{{ref+}}", delete_ref, "write"),
]
