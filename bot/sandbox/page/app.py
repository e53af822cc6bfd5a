"""The one browser page of the sandbox, and the JSON behind it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.sandbox.github.errors import ApiError
from bot.sandbox.page import reads
from bot.sandbox.page.acts import ACTS
from bot.sandbox.page.events import merged
from bot.sandbox.page.guard import Guard
from bot.sandbox.page.people import BOT, COMMANDS, Persona, SlashCommand
from bot.sandbox.page.ports import Services

STATIC = Path(__file__).parent / "static"
NO_STORE = {"cache-control": "no-store"}


class Page:
    """A newcomer's cockpit over the workspace, the forge and the cluster; ``repo`` is the owner/name it shows.

    ``personas`` can be played, ``commands`` are suggested while they are typed, ``bot`` is the app's own user, and
    ``groups`` are the user groups (id, handle) that messages may mention.

    ``app`` is mounted at the root of the sandbox. Call ``stop`` before the server shuts down, or its open event streams
    keep it waiting.
    """

    def __init__(
        self,
        services: Services,
        *,
        repo: str,
        personas: tuple[Persona, ...],
        commands: tuple[SlashCommand, ...] = COMMANDS,
        bot: Persona = BOT,
        groups: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self._world = reads.World(services, repo, personas, commands, bot, groups)
        self._stopping = asyncio.Event()
        self.app = Starlette(routes=self._routes(), middleware=[Middleware(Guard)])

    def stop(self) -> None:
        """End the event streams."""
        self._stopping.set()

    def _routes(self) -> list[Route | Mount]:
        return [
            Mount("/page/static", StaticFiles(directory=STATIC)),
            Route("/page/api/state", self._state),
            Route("/page/api/pull/{number:int}", self._pull),
            Route("/page/api/events", self._events),
            Route("/page/api/{act}", self._act, methods=["POST"]),
            Route("/", _index),
            Route("/{owner}/{repo}/pull/{number:int}", _index),
            Route("/{owner}/{repo}/pull/{number:int}/{tab}", _index),
        ]

    async def _state(self, request: Request) -> Response:
        asked = request.query_params
        body = await reads.state(self._world, asked.get("viewer"), asked.get("channel"), asked.get("thread"))
        return JSONResponse(body, headers=NO_STORE)

    async def _pull(self, request: Request) -> Response:
        try:
            body = await run_in_threadpool(reads.pull, self._world, request.path_params["number"])
            return JSONResponse(body, headers=NO_STORE)
        except (ApiError, LookupError) as error:
            return refused(404, error)

    async def _events(self, _: Request) -> Response:
        world = self._world
        sources = {
            "slack": world.workspace.subscribe,
            "github": world.github.subscribe,
            "cluster": world.cluster.subscribe,
        }
        if world.services.registry:
            sources["registry"] = world.services.registry.subscribe
        if world.services.monitor:
            sources["monitor"] = world.services.monitor.subscribe
        return StreamingResponse(merged(sources, self._stopping), media_type="text/event-stream", headers=NO_STORE)

    async def _act(self, request: Request) -> Response:
        model = ACTS.get(request.path_params["act"])
        if model is None:
            return JSONResponse({"error": "There is no such act."}, status_code=404)
        try:
            act = model.model_validate_json(await request.body())
            self._world.persona(act.viewer)
            return JSONResponse(await act.do(self._world), headers=NO_STORE)
        except ApiError as error:
            return refused(error.status, error)
        except LookupError as error:
            return refused(404, error)
        except (ValidationError, ValueError) as error:
            return refused(400, error)


def refused(status: int, error: Exception) -> Response:
    """The sentence of the error, for the page to show."""
    said = error.body() if isinstance(error, ApiError) else {}
    details = [str(one.get("message", one)) if isinstance(one, dict) else str(one) for one in said.get("errors", [])]
    sentence = " · ".join([str(error.args[0]) if error.args else str(error), *details])
    return JSONResponse({"error": sentence}, status_code=status, headers=NO_STORE)


async def _index(_: Request) -> Response:
    return FileResponse(STATIC / "index.html", headers={"cache-control": "no-cache"})
