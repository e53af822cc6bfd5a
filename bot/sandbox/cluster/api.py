"""Argo CD's read-only API over the cluster's workloads: the list of Applications, and one of them.

https://argo-cd.readthedocs.io/en/stable/developer-guide/api-docs/
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.cluster.cluster import Cluster
from bot.sandbox.cluster.payloads import NAMESPACE, application, name
from bot.sandbox.hooks import Call, Hooks, Refuse

Doc = dict[str, Any]
Look = Callable[[], Doc | None]
_UNAUTHENTICATED, _DENIED = 16, 7  # gRPC's codes, which stand in the bodies


class ArgoApi:
    """Mount ``app`` where the bot's ARGOCD_SERVER points to; ``token`` is the bearer token that it asks for."""

    def __init__(self, cluster: Cluster, hooks: Hooks, repo_url: str, token: str) -> None:
        self._cluster, self._hooks, self._repo_url, self._token = cluster, hooks, repo_url, token
        routes = [Route("/api/v1/applications", self._list), Route("/api/v1/applications/{name}", self._one)]
        self.app = Starlette(routes=routes)

    async def _list(self, request: Request) -> Response:
        return await self._answer(request, lambda: {"metadata": {}, "items": list(self._applications().values())})

    async def _one(self, request: Request) -> Response:
        """Without ``appNamespace`` Argo CD looks in its own namespace."""

        def look() -> Doc | None:
            here = request.query_params.get("appNamespace", NAMESPACE) == NAMESPACE
            return self._applications().get(request.path_params["name"]) if here else None

        return await self._answer(request, look)

    async def _answer(self, request: Request, look: Look) -> Response:
        call = Call("argocd", f"{request.method} {request.url.path}", dict(request.query_params), "argocd")
        try:
            await self._hooks.run("before", call)
            response = self._judged(request, look)
            await self._hooks.run("after", call)
        except Refuse as refuse:
            return JSONResponse(refuse.body, refuse.status, refuse.headers)
        return response

    def _judged(self, request: Request, look: Look) -> Response:
        given = request.headers.get("authorization", "")
        if not given:
            return _error(401, "no session information", _UNAUTHENTICATED)
        if not hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
            return _error(401, "invalid session: signature is invalid", _UNAUTHENTICATED)
        found = look()
        # What is not there is as forbidden as what is not yours, so that nobody can list by guessing
        # (GHSA-2q5c-qw9c-fmvq).
        return _error(403, "permission denied", _DENIED) if found is None else JSONResponse(found)

    def _applications(self) -> dict[str, Doc]:
        return {name(one): application(one, self._repo_url) for one in self._cluster.workloads()}


def _error(status: int, text: str, code: int) -> Response:
    return JSONResponse({"error": text, "code": code, "message": text}, status)
