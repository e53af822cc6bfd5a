"""The REST endpoint: authentication, limits, hooks, access, ETags, errors; then the handler, off the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.sandbox.github.auth import ANONYMOUS, Actor
from bot.sandbox.github.errors import ApiError, not_found
from bot.sandbox.github.forge import Forge, Repo
from bot.sandbox.github.installation import ALL_PERMISSIONS
from bot.sandbox.github.repo import GitError
from bot.sandbox.github.routes import ROUTES
from bot.sandbox.github.routing import Ctx, Reply, Route, Router
from bot.sandbox.hooks import Call, Refuse

_FREE = {"rate_limit"}


class Api:
    """The REST API as one endpoint for every path."""

    def __init__(self, forge: Forge) -> None:
        self._forge, self._router = forge, Router(ROUTES)

    async def answer(self, request: Request) -> Response:
        """Answer one request."""
        path = request.path_params.get("path", "").strip("/")
        actor, refusal = self._actor(request)
        try:
            raw = await request.body()
        except ClientDisconnect:
            return Response(status_code=400)
        call = Call("github", f"{request.method} /{path}", _arguments(request, raw), actor.login)
        try:
            await self._forge.hooks.run("before", call)
            response = await self._answer(request, path, actor, refusal, raw)
            await self._forge.hooks.run("after", call)
        except Refuse as refuse:
            return Response(json.dumps(refuse.body), refuse.status, refuse.headers, "application/json; charset=utf-8")
        return response

    async def _answer(
        self, request: Request, path: str, actor: Actor, refusal: ApiError | None, raw: bytes
    ) -> Response:
        resource = "search" if path.startswith("search/") else "core"
        try:
            if refusal:
                raise refusal
            if path not in _FREE:
                self._forge.limits.check(actor.login, resource)
            reply = await self._reply(request, path, actor, raw)
        except ApiError as error:
            reply = Reply(error.body(), error.status, error.headers)
        except GitError as error:
            reply = Reply(ApiError(422, str(error)).body(), 422)
        response = _response(request, reply)
        if response.status_code != 304 and path not in _FREE:
            self._forge.limits.count(actor.login, resource)
        for name, value in self._forge.limits.window(actor.login, resource).headers(resource).items():
            response.headers.setdefault(name, value)
        return response

    async def _reply(self, request: Request, path: str, actor: Actor, raw: bytes) -> Reply:
        route, params = self._router.match(request.method, path)
        if "username" in params:  # whoever was renamed answers to the new name only
            params["username"] = self._forge.people.canonical(params["username"])
        repo = self._repo(actor, route, params)
        self._check(actor, route, repo)
        query, header = dict(request.query_params), request.headers
        accept, token = header.get("accept", ""), header.get("authorization")
        ctx = Ctx(self._forge, actor, path, params, query, _json(raw), accept, token, repo)
        if route.content:
            self._forge.limits.create(actor.login)
        if request.method == "GET" or repo is None:
            return await asyncio.to_thread(route.handler, ctx)
        async with repo.lock:
            return await asyncio.to_thread(route.handler, ctx)

    def _repo(self, actor: Actor, route: Route, params: dict[str, str]) -> Repo | None:
        if "repo" not in params:
            return None
        full_name = f"{params['owner']}/{params['repo']}"
        visible = self._forge.people.allowed(actor, full_name) != "none"
        if not visible and route.needs != "app":
            raise not_found()
        return self._forge.repo(full_name)

    def _check(self, actor: Actor, route: Route, repo: Repo | None) -> None:
        if route.needs == "app" and not actor.as_app:
            raise ApiError(401, "A JSON web token could not be decoded")
        if route.needs == "token" and not actor.known:
            raise ApiError(401, "Requires authentication")
        if route.scope == "members" and (actor.app or actor.via):
            _check_scope(actor, route)
        if repo is None or route.needs not in {"read", "write", "admin"}:
            return
        if actor.app or actor.via:
            _check_scope(actor, route)
        if actor.app:
            return
        if not self._forge.people.at_least(self._forge.people.allowed(actor, repo.full_name), route.needs):
            right = "admin rights" if route.needs == "admin" else "push access"
            raise ApiError(403, f"Must have {right} to Repository.")

    def _actor(self, request: Request) -> tuple[Actor, ApiError | None]:
        try:
            return self._forge.auth.actor(request.headers.get("authorization")), None
        except ApiError as error:
            return ANONYMOUS, error


def _check_scope(actor: Actor, route: Route) -> None:
    """https://docs.github.com/rest/overview/permissions-required-for-github-apps"""
    granted = actor.permissions or ALL_PERMISSIONS
    needed = {"read", "write"} if route.verb == "GET" else {"write"}
    if route.scope != "metadata" and granted.get(route.scope) not in needed:
        raise ApiError(403, "Resource not accessible by integration")


def _arguments(request: Request, raw: bytes) -> dict[str, Any]:
    if not raw:
        return dict(request.query_params)
    with contextlib.suppress(ValueError):
        body = json.loads(raw)
        return body if isinstance(body, dict) else {"body": body}
    return {}


def _json(raw: bytes) -> Any:
    if not raw.strip():
        return None
    try:
        return json.loads(raw)
    except ValueError:
        raise ApiError(400, "Problems parsing JSON") from None


def _response(request: Request, reply: Reply) -> Response:
    empty = reply.status in {204, 304}
    content = reply.text if reply.text is not None else json.dumps(reply.body)
    headers = {**reply.headers, "X-GitHub-Media-Type": "github.v3; format=json", "X-GitHub-Api-Version": "2022-11-28"}
    if request.method == "GET" and reply.status == 200:
        headers["ETag"] = f'W/"{hashlib.sha256(content.encode()).hexdigest()}"'
        headers["Cache-Control"] = "private, max-age=60, s-maxage=60"
        if _matches(request.headers.get("if-none-match", ""), headers["ETag"]):
            return Response(status_code=304, headers=headers)
    if empty:
        return Response(status_code=reply.status, headers=headers)
    return Response(content, reply.status, headers, reply.media)


def _matches(wanted: str, etag: str) -> bool:
    return etag.removeprefix("W/") in {one.strip().removeprefix("W/") for one in wanted.split(",")}
