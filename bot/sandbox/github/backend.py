"""Runs ``git http-backend`` as a CGI program (https://git-scm.com/docs/git-http-backend), streamed both ways."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
from collections.abc import AsyncIterator, Mapping
from functools import cache
from pathlib import Path

from starlette.requests import Request

from bot.sandbox.github.repo import environment

CHUNK = 1 << 16
Answer = tuple[int, dict[str, str], AsyncIterator[bytes]]


class Backend:
    """One request to one repository."""

    def __init__(self, root: Path, full_name: str, tail: str, login: str) -> None:
        self._root, self._path, self._login = root, f"/{full_name}.git/{tail}", login

    async def run(self, request: Request, body: AsyncIterator[bytes], extra: Mapping[str, str]) -> Answer:
        """(status, headers, body); the process ends with the body, or when the client goes away."""
        process = await asyncio.create_subprocess_exec(
            program(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=environment({**self._cgi(request), **extra}),
        )
        try:
            status, headers = await _start(process, body)
        except BaseException:
            await _end(process)
            raise
        return status, headers, _rest(process)

    def _cgi(self, request: Request) -> dict[str, str]:
        protocol = request.headers.get("git-protocol")
        return {
            "GIT_PROJECT_ROOT": str(self._root.absolute()),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": self._path,
            "REQUEST_METHOD": request.method,
            "QUERY_STRING": request.url.query,
            "CONTENT_TYPE": request.headers.get("content-type", ""),
            "REMOTE_USER": self._login,
            **({"GIT_PROTOCOL": protocol} if protocol else {}),
        }


async def _start(process: asyncio.subprocess.Process, body: AsyncIterator[bytes]) -> tuple[int, dict[str, str]]:
    """Send the body and read the headers, at the same time: either side may wait for the other."""
    assert process.stdout
    reading = asyncio.ensure_future(process.stdout.readuntil(b"\r\n\r\n"))
    try:
        await _feed(process, body)
        head = (await reading).decode("latin-1")
    finally:
        reading.cancel()
    headers = dict(line.split(": ", 1) for line in head.strip().split("\r\n"))
    status = int(headers.pop("Status", "200").split(" ")[0])
    return status, headers


async def _feed(process: asyncio.subprocess.Process, body: AsyncIterator[bytes]) -> None:
    assert process.stdin
    async for chunk in body:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            process.stdin.write(chunk)
            await process.stdin.drain()
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.close()
        await process.stdin.wait_closed()


async def _rest(process: asyncio.subprocess.Process) -> AsyncIterator[bytes]:
    assert process.stdout
    try:
        while chunk := await process.stdout.read(CHUNK):
            yield chunk
        await process.wait()
    finally:
        await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


@cache
def program() -> str:
    """Where git keeps ``git-http-backend``."""
    path = subprocess.run(["git", "--exec-path"], capture_output=True, check=True, text=True).stdout.strip()
    return str(Path(path) / "git-http-backend")
