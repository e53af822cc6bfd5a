"""`slackops run`, `web` and `worker`: one process until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
from collections.abc import Iterator

import structlog
import uvicorn
import uvloop

from bot.bootstrap import Bot
from bot.errors import Fatal
from bot.settings import Settings, load_settings
from bot.web import tune_for_latency

GRACE_SECONDS = 5


def serve(*, web: bool, worker: bool, socket: bool) -> None:
    """Run until SIGTERM or SIGINT. Raises SettingsInvalid, Fatal, StoreUnavailable before anything is served."""
    settings = load_settings(os.environ)
    set_up_logging(settings)
    listener = listen(settings) if web else None
    bot = Bot(settings)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(bot, listener, worker=worker, socket_mode=socket))


async def _serve(bot: Bot, listener: socket.socket | None, *, worker: bool, socket_mode: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, stop.set)
    server = _server(bot) if listener else None
    bot.start_intake()
    serving = asyncio.create_task(server.serve([listener])) if server and listener else None
    try:
        if worker:
            bot.start_work()
        if socket_mode:
            await bot.start_socket()
        tune_for_latency()
        waits = {asyncio.create_task(stop.wait()), *((serving,) if serving else ())}
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        if server and serving:
            server.should_exit = True
            await serving
        await bot.stop()


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: one place decides when to stop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none: ``_serve`` handles signals."""
        yield


def _server(bot: Bot) -> uvicorn.Server:
    config = uvicorn.Config(
        bot.web(),
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    return _Server(config)


def listen(settings: Settings) -> socket.socket:
    """The listening socket. Raises Fatal when the port is taken."""
    # An explicit protocol, or asyncio leaves Nagle's algorithm on and every answer waits for the client's ack.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.slackops_host, settings.port))
    except OSError as error:
        listener.close()
        where = f"{settings.slackops_host}:{settings.port}"
        raise Fatal(f"Cannot listen on {where}: {error.strerror}. Set PORT or SLACKOPS_HOST to another.") from None
    listener.set_inheritable(False)
    return listener


def set_up_logging(settings: Settings) -> None:
    """One line an event, for people or for machines; libraries speak only when something is wrong."""
    level = logging.getLevelNamesMapping()[settings.log_level]
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    json = settings.log_format == "json"
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer()
            if json
            else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
