"""The servers of the ack benchmark, one a process, all under the same uvicorn settings.

``python -m bench.ack_apps NAME DIRECTORY`` prints its port and serves until its standard input is closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn
from cryptography.fernet import Fernet
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.bootstrap import Bot
from bot.settings import load_settings

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TOKEN = "xoxb-bench"


def slackops(directory: Path, port: int) -> ASGIApp:
    """Ours as `slackops web` serves it: guard, Bolt, the listeners, and the durable write."""
    bot = Bot(
        load_settings(
            {
                "SLACK_BOT_TOKEN": TOKEN,
                "SLACK_SIGNING_SECRET": SECRET,
                "SLACK_API_URL": f"http://127.0.0.1:{port}/api/",
                "GITHUB_TOKEN": "unused",
                "DEPLOYMENT_REPO": "acme/ml-deployments",
                "MLFLOW_TRACKING_URI": "http://127.0.0.1:9",
                "SLACKOPS_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
                "SLACKOPS_DATA_DIR": str(directory),
            }
        )
    )
    bot.start_intake()
    return bot.web()


def bolt(*, process_before_response: bool) -> Callable[[Path, int], ASGIApp]:
    """A Bolt app that only acks, on Bolt's own ASGI adapter."""

    def build(_directory: Path, _port: int) -> ASGIApp:
        async def authorize(**_: Any) -> AuthorizeResult:
            return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token=TOKEN, bot_id="B1", bot_user_id="U0")

        app = AsyncApp(signing_secret=SECRET, authorize=authorize, process_before_response=process_before_response)

        async def only_ack(ack: AsyncAck) -> None:
            await ack()

        app.command("/promote")(only_ack)
        return AsyncSlackRequestHandler(app)

    return build


APPS = {
    "slackops": slackops,
    "bolt": bolt(process_before_response=False),
    "bolt-inline": bolt(process_before_response=True),
}


def with_auth_test(app: ASGIApp) -> ASGIApp:
    """Slack's answer to the one call that the bot makes at its first request."""
    answer = json.dumps({"ok": True, "team_id": "T1", "user_id": "U0", "bot_id": "B1"}).encode()

    async def both(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/api/auth.test":
            headers = [(b"content-type", b"application/json"), (b"content-length", str(len(answer)).encode())]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": answer})
        else:
            await app(scope, receive, send)

    return both


async def serve(name: str, directory: Path) -> None:
    """Listen on a free port of loopback."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    app = with_auth_test(APPS[name](directory, port))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, loop="uvloop", http="httptools"))
    threading.Thread(target=_stop_with_stdin, args=(server,), daemon=True).start()
    print(port, flush=True)
    await server.serve(sockets=[listening])


def _stop_with_stdin(server: uvicorn.Server) -> None:
    with contextlib.suppress(OSError):
        sys.stdin.read()
    server.should_exit = True


if __name__ == "__main__":
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(sys.argv[1], Path(sys.argv[2])))
