"""The load of the ack benchmark, in a process of its own: signed slash commands over kept connections.

``python -m bench.ack_load PORT CONNECTIONS REQUESTS`` prints the latencies in seconds as JSON, and the wall time.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import sys
import time
import uuid
from collections.abc import Iterator
from urllib.parse import urlencode

from bench.ack_apps import SECRET


def requests(count: int) -> Iterator[bytes]:
    """Whole HTTP requests, each a command of its own."""
    run = uuid.uuid4().hex
    for number in range(count):
        body = urlencode(_fields(f"{run}.{number}", number)).encode()
        stamp = str(int(time.time()))
        proof = hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
        head = (
            "POST /slack/events HTTP/1.1\r\nhost: bot\r\ncontent-type: application/x-www-form-urlencoded\r\n"
            f"content-length: {len(body)}\r\n"
            f"x-slack-request-timestamp: {stamp}\r\nx-slack-signature: v0={proof}\r\n\r\n"
        )
        yield head.encode() + body


def _fields(trigger: str, number: int) -> dict[str, str]:
    return {
        "token": "unused",
        "team_id": "T0ACME",
        "team_domain": "acme",
        "channel_id": "C0PROD",
        "channel_name": "ml-production",
        "user_id": "U0ANA",
        "user_name": "ana",
        "command": "/promote",
        "text": f"model-{number % 50} {number % 90 + 1} production --reason better recall",
        "api_app_id": "A0SLACKOPS",
        "response_url": "http://127.0.0.1:9/response/1",
        "trigger_id": trigger,
    }


async def one_connection(port: int, mine: list[bytes], taken: list[float]) -> None:
    """Send one request after the other; each must be answered 200."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in mine:
        start = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"not acknowledged: {head!r}")
        length = next((int(h[15:]) for h in head.lower().split(b"\r\n") if h.startswith(b"content-length:")), 0)
        body = await reader.readexactly(length)
        taken.append(time.perf_counter() - start)
        if body:
            raise SystemExit(f"refused: {body!r}")
    writer.close()


async def load(port: int, connections: int, count: int) -> None:
    """Spread the requests over the connections."""
    ready, taken = list(requests(count)), list[float]()
    start = time.perf_counter()
    await asyncio.gather(*(one_connection(port, ready[n::connections], taken) for n in range(connections)))
    print(json.dumps({"taken": taken, "wall": time.perf_counter() - start}))


if __name__ == "__main__":
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(load(*(int(a) for a in sys.argv[1:4])))
