"""POST /graphql: one document and its variables in, data or errors out with status 200."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from bot.sandbox.github.auth import Actor
from bot.sandbox.github.errors import ApiError
from bot.sandbox.github.forge import Forge
from bot.sandbox.github.graphql.document import Malformed, Operation, parse, project
from bot.sandbox.github.graphql.schema import NotQueued, Schema
from bot.sandbox.hooks import Call, Refuse


class GraphQl:
    """The endpoint; hooks see ``POST /graphql`` with the document and its variables."""

    def __init__(self, forge: Forge) -> None:
        self._forge = forge

    async def answer(self, request: Request) -> Response:
        """Answer one request; without a valid token 401."""
        try:
            body = json.loads(await request.body())
            actor = self._forge.auth.actor(request.headers.get("authorization"))
        except ClientDisconnect:
            return Response(status_code=400)
        except ValueError:
            return JSONResponse({"message": "Problems parsing JSON"}, 400)
        except ApiError as error:
            return JSONResponse(error.body(), error.status)
        if not actor.known or actor.as_app or not isinstance(body, dict):
            return JSONResponse(ApiError(401, "This endpoint requires you to be authenticated.").body(), 401)
        call = Call("github", "POST /graphql", body, actor.login)
        try:
            await self._forge.hooks.run("before", call)
            response = JSONResponse(await self._answer(actor, body))
            await self._forge.hooks.run("after", call)
        except Refuse as refuse:
            return Response(json.dumps(refuse.body), refuse.status, refuse.headers, "application/json")
        return response

    async def _answer(self, actor: Actor, body: dict[str, Any]) -> dict[str, Any]:
        schema, variables = Schema(self._forge, actor), body.get("variables")
        try:
            operation = parse(str(body.get("query", "")), variables if isinstance(variables, dict) else {})
            repo = schema.repo_of(operation)
            if repo is None:
                return {"data": await asyncio.to_thread(_run, schema, operation)}
            async with repo.lock:
                return {"data": await asyncio.to_thread(_run, schema, operation)}
        except Malformed as malformed:
            return _refused("NOT_FOUND" if "resolve" in str(malformed) else "undefinedField", str(malformed))
        except NotQueued as refused:
            return _refused("UNPROCESSABLE", str(refused))
        except ApiError as error:
            return _refused("FORBIDDEN", error.message)


def _run(schema: Schema, operation: Operation) -> dict[str, Any]:
    kind = operation.kind.capitalize()
    return {one.key: project(one.fields, schema.resolve(operation.kind, one), kind) for one in operation.fields}


def _refused(kind: str, message: str) -> dict[str, Any]:
    return {"data": None, "errors": [{"type": kind, "message": message}]}
