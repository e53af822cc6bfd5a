"""The servers of the ack benchmark, one a process, all under the same uvicorn settings.

``python -m bench.ack_apps NAME DIRECTORY`` prints its port and serves until its standard input is closed.
"""

from __future__ import annotations

import asyncio
import contextlib
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
from starlette.types import ASGIApp

from bot.bootstrap import Bot
from bot.settings import load_settings
from bot.web import tune_for_latency

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TOKEN = "xoxb-bench"


def slackops(directory: Path) -> ASGIApp:
    """Ours as `slackops web` serves it: guard, Bolt, the listeners, and the durable write."""
    bot = Bot(
        load_settings(
            {
                "SLACK_BOT_TOKEN": TOKEN,
                "SLACK_SIGNING_SECRET": SECRET,
                "SLACK_API_URL": "http://127.0.0.1:9/api/",
                "GITHUB_TOKEN": "unused",
                "DEPLOYMENT_REPO": "acme/ml-deployments",
                "MLFLOW_TRACKING_URI": "http://127.0.0.1:9",
                "SLACKOPS_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
                "SLACKOPS_DATA_DIR": str(directory),
            }
        )
    )
    bot.start_intake()
    app = bot.web()
    tune_for_latency()
    return app


def bolt(*, process_before_response: bool) -> Callable[[Path], ASGIApp]:
    """A Bolt app that only acks, on Bolt's own ASGI adapter."""

    def build(_directory: Path) -> ASGIApp:
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


async def serve(name: str, directory: Path) -> None:
    """Listen on a free port of loopback."""
    listening = socket.create_server(("127.0.0.1", 0))
    app = APPS[name](directory)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, loop="uvloop", http="httptools"))
    threading.Thread(target=_stop_with_stdin, args=(server,), daemon=True).start()
    print(listening.getsockname()[1], flush=True)
    await server.serve(sockets=[listening])


def _stop_with_stdin(server: uvicorn.Server) -> None:
    with contextlib.suppress(OSError):
        sys.stdin.read()
    server.should_exit = True


if __name__ == "__main__":
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(sys.argv[1], Path(sys.argv[2])))
