"""Socket Mode: websockets over which the app takes deliveries (https://docs.slack.dev/apis/events-api/using-socket-mode)."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox.slack.config import WorkspaceConfig

TICKET_SECONDS = 30.0
ACCEPTS = ("slash_commands", "interactive")


class Connection:
    """One websocket of the app, and the envelopes on it that wait for their acks."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._waiting: dict[str, asyncio.Future[Any]] = {}

    async def send(self, message: dict[str, Any]) -> None:
        """One JSON message. Raises ConnectionError when the app is gone."""
        try:
            await self._socket.send_json(message)
        except (RuntimeError, WebSocketDisconnect, OSError) as error:
            raise ConnectionError("the socket is closed") from error

    async def deliver(self, envelope: dict[str, Any]) -> Any:
        """Send an envelope and await its ack; returns the ack's payload. Raises ConnectionError."""
        key = envelope["envelope_id"]
        self._waiting[key] = asyncio.get_running_loop().create_future()
        try:
            await self.send(envelope)
            return await self._waiting[key]
        finally:
            self._waiting.pop(key, None)

    async def listen(self) -> None:
        """Take acks until the app hangs up."""
        with contextlib.suppress(WebSocketDisconnect, RuntimeError, OSError, ValueError, KeyError):
            while True:
                self._acknowledged(await self._socket.receive_json())
        self.fail()

    def _acknowledged(self, message: Any) -> None:
        known = message if isinstance(message, dict) else {}
        future = self._waiting.get(str(known.get("envelope_id")))
        if future and not future.done():
            future.set_result(known.get("payload"))

    def fail(self) -> None:
        """Tell all who wait that nothing comes any more."""
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(ConnectionError("the socket was closed before the ack"))

    async def close(self) -> None:
        """Hang up."""
        self.fail()
        with contextlib.suppress(RuntimeError, OSError, WebSocketDisconnect):
            await self._socket.close()


class Sockets:
    """The app's connections; deliveries go round them."""

    def __init__(self, config: WorkspaceConfig) -> None:
        self._config = config
        self._tickets: dict[str, float] = {}
        self._open: list[Connection] = []
        self.changed = asyncio.Condition()

    @property
    def count(self) -> int:
        """How many connections are open."""
        return len(self._open)

    def url(self) -> str:
        """A single-use address for one connection."""
        ticket = secrets.token_urlsafe(24)
        self._tickets[ticket] = time.monotonic() + TICKET_SECONDS
        base = self._config.slack_url.replace("http", "ws", 1)
        return f"{base}/socket?ticket={ticket}&app_id={self._config.app_id}"

    async def serve(self, socket: WebSocket) -> None:
        """One connection, from handshake to hang-up."""
        valid = self._tickets.pop(socket.query_params.get("ticket", ""), 0.0) > time.monotonic()
        if not valid:
            await socket.close(code=4401)
            return
        await socket.accept()
        connection = Connection(socket)
        if self.count >= self._config.socket_connections:
            await connection.send(
                {"type": "disconnect", "reason": "too_many_websockets", "debug_info": {"host": "sandbox"}}
            )
            await connection.close()
            return
        await self._serve(connection)

    async def _serve(self, connection: Connection) -> None:
        self._open.append(connection)
        try:
            await connection.send(self._hello())
            await self._notify()
            await connection.listen()
        finally:
            self._open = [other for other in self._open if other is not connection]
            connection.fail()
            await self._notify()

    def _hello(self) -> dict[str, Any]:
        debug = {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060}
        connection = {"app_id": self._config.app_id}
        return {"type": "hello", "num_connections": self.count, "connection_info": connection, "debug_info": debug}

    async def _notify(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    async def wait_connected(self, count: int = 1) -> None:
        """Return when this many connections are open."""
        async with self.changed:
            await self.changed.wait_for(lambda: self.count >= count)

    async def deliver(self, kind: str, payload: dict[str, Any], attempt: int, reason: str) -> Any:
        """One envelope over the next connection; its ack's payload. Raises ConnectionError."""
        if not self._open:
            raise ConnectionError("no socket is open")
        self._open.append(self._open.pop(0))
        envelope: dict[str, Any] = {"envelope_id": secrets.token_hex(16), "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = kind in ACCEPTS
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        return await self._open[-1].deliver(envelope)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every connection to come again, as Slack does every few hours, and hang up."""
        leaving, self._open = self._open, []
        for connection in leaving:
            with contextlib.suppress(ConnectionError):
                await connection.send({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})
            await connection.close()
