"""Git smart HTTP: ``git http-backend`` behind the ASGI app, with the forge's access and branch rules."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from bot.sandbox.github import pushes
from bot.sandbox.github.auth import Actor
from bot.sandbox.github.backend import Backend
from bot.sandbox.github.errors import ApiError
from bot.sandbox.github.forge import Forge, Repo
from bot.sandbox.github.objects import ZERO
from bot.sandbox.github.protected import push_refusal
from bot.sandbox.github.receive import Push, inflate, read_push
from bot.sandbox.github.rules import rule_of
from bot.sandbox.hooks import Call, Refuse

_UNKNOWN = {"WWW-Authenticate": 'Basic realm="GitHub"'}


class GitHttp:
    """The endpoint of ``/{owner}/{repo}.git/...``."""

    def __init__(self, forge: Forge) -> None:
        self._forge = forge
        self._greetings: dict[str, tuple[int, dict[str, str], bytes]] = {}

    async def answer(self, request: Request) -> Response:
        """Answer a fetch or a push."""
        tail = request.path_params["tail"]
        service = request.query_params.get("service", "") if tail == "info/refs" else tail
        if service not in {"git-upload-pack", "git-receive-pack"}:
            return PlainTextResponse("dumb HTTP is not served", 403)
        try:
            actor, repo = self._admit(request, service)
        except ApiError as error:
            return PlainTextResponse(error.message, error.status, error.headers)
        try:
            return await self._serve(request, tail, actor, repo)
        except Refuse as refuse:
            return Response(json.dumps(refuse.body), refuse.status, refuse.headers, "application/json")
        except (ValueError, zlib.error, ClientDisconnect):
            return PlainTextResponse("malformed request", 400)

    def _admit(self, request: Request, service: str) -> tuple[Actor, Repo]:
        """Raises ApiError 401 without a valid token, 404 without access, 403 for a push that may only read."""
        try:
            actor = self._forge.auth.actor(request.headers.get("authorization"))
        except ApiError:
            raise ApiError(401, "Invalid username or token.", headers=_UNKNOWN) from None
        if not actor.known:
            raise ApiError(401, "No anonymous access.", headers=_UNKNOWN)
        full_name = f"{request.path_params['owner']}/{request.path_params['name']}"
        have = self._forge.people.allowed(actor, full_name)
        if have == "none":
            raise ApiError(404, "Repository not found.")
        repo = self._forge.repo(full_name)
        readonly = have == "read" or bool(actor.permissions and actor.permissions.get("contents") != "write")
        if service == "git-receive-pack" and readonly:
            raise ApiError(403, f"Permission to {full_name}.git denied to {actor.login}.")
        return actor, repo

    async def _serve(self, request: Request, tail: str, actor: Actor, repo: Repo) -> Response:
        response: Response
        backend, body = Backend(self._forge.config.data_dir, repo.full_name, tail, actor.login), _body(request)
        if tail == "git-receive-pack":
            return await self._push(request, backend, await read_push(body), actor, repo)
        call = Call("git", "fetch" if tail == "git-upload-pack" else "refs", {"repo": repo.full_name}, actor.login)
        await self._forge.hooks.run("before", call)
        if tail == "info/refs" and _is_greeting(request):
            response = await self._greet(request, backend, body, repo.full_name)
        else:
            status, headers, chunks = await backend.run(request, body, {})
            response = StreamingResponse(chunks, status, headers)
        await self._forge.hooks.run("after", call)
        return response

    async def _greet(self, request: Request, backend: Backend, body: AsyncIterator[bytes], name: str) -> Response:
        """What the server can do: it holds no ref, so it stays the same, and a fetch need not start Git for it."""
        known = self._greetings.get(name)
        if known is None:
            status, headers, chunks = await backend.run(request, body, {})
            known = status, headers, b"".join([chunk async for chunk in chunks])
            if status == 200:
                self._greetings[name] = known
        status, headers, content = known
        return Response(content, status, headers)

    async def _push(self, request: Request, backend: Backend, push: Push, actor: Actor, repo: Repo) -> Response:
        refs = [{"ref": move.ref, "old": move.old, "new": move.new} for move in push.moves]
        call = Call("git", "push", {"repo": repo.full_name, "refs": refs}, actor.login)
        if refs:
            await self._forge.hooks.run("before", call)
        async with repo.lock:
            rules = await asyncio.to_thread(self._rules, repo, actor.login, push)
            status, headers, chunks = await backend.run(request, _joined(push), rules)
            body = b"".join([chunk async for chunk in chunks])
            await asyncio.to_thread(self._consequences, repo, actor.login, push)
        if refs:
            await self._forge.hooks.run("after", call)
        return Response(body, status, headers)

    def _rules(self, repo: Repo, login: str, push: Push) -> dict[str, str]:
        """What the repository's update hook must refuse, as its environment."""
        closed, reasons, unforced, kept = [], [], [], [f"refs/heads/{repo.git.default_branch}"]
        for move in push.moves:
            rule = rule_of(self._forge, repo, move.branch or "")
            reason = push_refusal(self._forge, repo, login, move.branch or "", move.new) if move.new != ZERO else None
            closed += [move.ref] if reason else []
            reasons += [reason] if reason else []
            unforced += [] if rule.allow_force else [move.ref]
            kept += [] if rule.allow_delete else [move.ref]
        lists = {"CLOSED": closed, "NO_FORCE": unforced, "KEEP": kept}
        return {f"SANDBOX_{name}": " ".join(refs) for name, refs in lists.items()} | {
            "SANDBOX_REASON": " ".join(reasons[:1])
        }

    def _consequences(self, repo: Repo, login: str, push: Push) -> None:
        done = [move for move in push.moves if move.old != move.new and (repo.git.ref(move.ref) or ZERO) == move.new]
        pushes.moved(self._forge, repo, login, done)


def _is_greeting(request: Request) -> bool:
    """https://git-scm.com/docs/protocol-v2#_capability_advertisement; older protocols list the refs here."""
    upload = request.query_params.get("service") == "git-upload-pack"
    return upload and request.method == "GET" and request.headers.get("git-protocol") == "version=2"


def _body(request: Request) -> AsyncIterator[bytes]:
    stream = request.stream()
    return inflate(stream) if request.headers.get("content-encoding") in {"gzip", "x-gzip"} else stream


async def _joined(push: Push) -> AsyncIterator[bytes]:
    yield push.head
    async for chunk in push.rest:
        yield chunk
