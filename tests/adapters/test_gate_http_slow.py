"""HTTP gates over real sockets: a server that never ends its answer does not hold anybody."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.adapters.gate_http import HttpGateCalls
from bot.domain.gating import Answer

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
WHOLE = HEAD + b'content-length: 16\r\n\r\n{"state":"pass"}'


@contextmanager
def served(first: bytes, drip: bytes = b"") -> Iterator[tuple[str, threading.Event]]:
    """A server that answers ``first``, then ``drip`` again and again until the caller hangs up: the event."""
    listener, left = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65_536)
            try:
                connection.sendall(first)
                while drip:
                    connection.sendall(drip)
                    threading.Event().wait(0.01)
                while connection.recv(65_536):
                    pass
            except OSError:
                pass
        left.set()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/gate", left
        thread.join(30)


def test_a_verdict() -> None:
    with served(WHOLE) as (url, _):
        assert HttpGateCalls("secret").ask(url, b"{}", 30.0) == Answer("pass", "")


@pytest.mark.parametrize(
    ("first", "drip"),
    [
        pytest.param(b"", b"", id="says nothing"),
        pytest.param(b"HTTP/1.1 200 OK\r\nx: ", b"a", id="drips its headers"),
        pytest.param(HEAD + b"content-length: 60000\r\n\r\n", b" ", id="drips its body"),
        pytest.param(HEAD + b"transfer-encoding: chunked\r\n\r\n", b"1\r\n \r\n", id="drips pieces"),
    ],
)
def test_the_whole_call_ends_in_time(first: bytes, drip: bytes) -> None:
    with served(first, drip) as (url, left):
        assert HttpGateCalls("secret").ask(url, b"{}", 0.3) == Answer("unknown", "no answer within 0.3 s")
        assert left.wait(30), "the connection stayed open"


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    answer = HttpGateCalls("secret").ask(f"http://127.0.0.1:{port}/", b"{}", 30.0)
    assert answer == Answer("unknown", "no answer (ConnectError)")
