"""The commands at the start of a push (https://git-scm.com/docs/pack-protocol#_reference_update_request)."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bot.sandbox.github.objects import ZERO
from bot.sandbox.github.pushes import Move

MAX_HEAD = 1 << 20


@dataclass
class Push:
    """What a push asks for: its moves, the bytes read so far, and the rest of the body."""

    moves: list[Move]
    head: bytes
    rest: AsyncIterator[bytes]


async def read_push(body: AsyncIterator[bytes]) -> Push:
    """Read up to the flush packet. Raises ValueError for what is no push."""
    head = b""
    async for chunk in body:
        head += chunk
        moves = _commands(head)
        if moves is not None:
            return Push(moves, head, body)
        if len(head) > MAX_HEAD:
            break
    raise ValueError("not a push")


async def inflate(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """A gzip body as plain bytes. Raises zlib.error."""
    inflater = zlib.decompressobj(wbits=31)
    async for chunk in body:
        yield inflater.decompress(chunk)
    yield inflater.flush()


def _commands(head: bytes) -> list[Move] | None:
    """The moves, or None when the flush packet has not come yet. Raises ValueError."""
    moves: list[Move] = []
    at = 0
    while at + 4 <= len(head):
        size = int(head[at : at + 4], 16)
        if size == 0:
            return moves
        if size < 4:
            raise ValueError("bad packet")
        if at + size > len(head):
            return None
        moves += _move(head[at + 4 : at + size])
        at += size
    return None


def _move(line: bytes) -> list[Move]:
    text = line.partition(b"\0")[0].decode("utf-8", "replace").rstrip("\n")
    old, _, rest = text.partition(" ")
    new, _, ref = rest.partition(" ")
    return [Move(ref, old, new)] if ref and len(old) == len(ZERO) == len(new) else []
