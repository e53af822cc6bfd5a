"""Posts the workloads' changes to whoever listens, in their order; with no endpoint it posts nothing."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

import httpx

from bot.sandbox import outgoing
from bot.sandbox.cluster.payloads import argocd_body, flux_body

Doc = dict[str, Any]


@dataclass(frozen=True)
class Endpoint:
    """Where to post, and the bearer token (Argo CD) or the HMAC key (Flux)."""

    url: str
    secret: str


class Signals:
    """A queue and one task that empties it. A post is tried three times, as Argo CD does; then it is lost, as there."""

    def __init__(
        self,
        repo_url: str,
        *,
        argocd: Endpoint | None = None,
        flux: Endpoint | None = None,
        pauses: tuple[float, ...] = (0.0, 0.5, 2.0),
    ) -> None:
        self._repo_url, self._argocd, self._flux, self._pauses = repo_url, argocd, flux, pauses
        self._queue: asyncio.Queue[Doc] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    def send(self, workload: Doc) -> None:
        """Tell the endpoints about a workload, in the background."""
        if self._argocd or self._flux:
            self._queue.put_nowait(workload)
            self._task = self._task or asyncio.create_task(self._work())

    async def drain(self) -> None:
        """Return when everything is posted or given up."""
        await self._queue.join()

    async def stop(self) -> None:
        """Post no more."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _work(self) -> None:
        async with outgoing.client(timeout=10) as client:
            while True:
                workload = await self._queue.get()
                for request in self._requests(client, workload):
                    await self._post(client, request)
                self._queue.task_done()

    def _requests(self, client: httpx.AsyncClient, workload: Doc) -> list[httpx.Request]:
        requests = []
        if self._argocd:
            headers = {"authorization": f"Bearer {self._argocd.secret}"}
            body = argocd_body(workload, self._repo_url)
            requests.append(client.build_request("POST", self._argocd.url, json=body, headers=headers))
        if self._flux:
            content = json.dumps(flux_body(workload)).encode()
            headers = {"content-type": "application/json", **flux_headers(self._flux.secret, content)}
            requests.append(client.build_request("POST", self._flux.url, content=content, headers=headers))
        return requests

    async def _post(self, client: httpx.AsyncClient, request: httpx.Request) -> None:
        for pause in self._pauses:
            await asyncio.sleep(pause)
            try:
                response = await client.send(request)
            except httpx.HTTPError:
                continue
            if response.status_code < 500:
                return


def flux_headers(key: str, content: bytes) -> dict[str, str]:
    """https://fluxcd.io/flux/components/notification/providers/#generic-webhook-with-hmac"""
    digest = hmac.new(key.encode(), content, hashlib.sha256).hexdigest()
    return {"X-Signature": f"sha256={digest}", "Gotk-Component": "kustomize-controller"}
