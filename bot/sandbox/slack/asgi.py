"""The HTTP and websocket face of a workspace, mounted at /sandbox/slack."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute

from bot.sandbox.hooks import Call, Refuse
from bot.sandbox.slack.arguments import Args, parse_json
from bot.sandbox.slack.refusal import SlackError
from bot.sandbox.slack.replies import answer
from bot.sandbox.slack.services import Services
from bot.sandbox.slack.signin import SignIn
from bot.sandbox.slack.webapi import WebApi, refused


def build_app(services: Services) -> Starlette:
    """Web API, response URLs, Socket Mode and files."""
    desk = Desk(services)
    return Starlette(
        routes=[
            Route("/api/{method}", WebApi(services).handle, methods=["GET", "POST"]),
            Route("/response/{id}", desk.respond, methods=["POST"]),
            Route("/files/upload/{id}/{key}", desk.upload, methods=["POST", "PUT"]),
            Route("/files/content/{id}/{key}", desk.download),
            *SignIn(services).routes,
            WebSocketRoute("/socket", services.sockets.serve),
        ]
    )


class Desk:
    """The endpoints beside the Web API."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def respond(self, request: Request) -> Response:
        """POST to a response_url."""
        key = request.path_params["id"]
        try:
            args = parse_json(await request.body())
        except SlackError:
            return refused(SlackError("invalid_payload", status=400))
        call = Call("slack", "response_url", {**args, "response_url": key}, self._services.config.bot_user_id)
        try:
            await self._services.hooks.run("before", call)
            response = self._use(key, args)
            await self._services.hooks.run("after", call)
        except Refuse as refuse:
            return JSONResponse(refuse.body, refuse.status, refuse.headers)
        return response

    def _use(self, key: str, args: Args) -> Response:
        try:
            ticket = self._services.responses.use(key)
            answer(self._services, ticket["user"], ticket["channel"], args, ticket["original"])
        except SlackError as error:
            error.status = 400 if error.status == 200 else error.status
            return refused(error)
        return PlainTextResponse("ok")

    async def upload(self, request: Request) -> Response:
        """The bytes of a file."""
        body, params = await request.body(), request.path_params
        try:
            file = self._services.files.store(params["id"], params["key"], body)
        except SlackError as error:
            return refused(error)
        return PlainTextResponse(f"OK - {file['size']}")

    async def download(self, request: Request) -> Response:
        """The bytes again, for the page."""
        try:
            name, content = self._services.files.content(request.path_params["id"], request.path_params["key"])
        except SlackError as error:
            return refused(error)
        kind = "image/png" if name.endswith(".png") else "application/octet-stream"
        return Response(content, media_type=kind)
