"""Where a job's log is fetched: an address of its own, without a token, for a minute."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.sandbox.github.forge import Forge


def log_routes(forge: Forge) -> list[Route]:
    """GET /job-logs/{key}: plain text, as https://docs.github.com/rest/actions/workflow-jobs redirects to."""

    async def answer(request: Request) -> Response:
        link = forge.store.log_links().get(request.path_params["key"])
        if link is None or link["until"] < forge.config.clock():
            return PlainTextResponse("This link has expired.\n", 404)
        return PlainTextResponse(link["text"])

    return [Route("/job-logs/{key}", answer)]
