"""Commit objects: taken apart, and put together so that the same content always has the same id."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.ports.checkout import NewCommit

_UNFIT = re.compile(r"[\0-\x1f<>]")


@dataclass(frozen=True)
class Commit:
    """What a commit says of itself."""

    tree: str
    parents: tuple[str, ...]
    message: str


def parse_commit(data: bytes) -> Commit:
    """Read a commit object."""
    header, _, message = data.partition(b"\n\n")
    lines = [line.split(b" ", 1) for line in header.split(b"\n") if b" " in line]
    tree = next(value.decode() for key, value in lines if key == b"tree")
    parents = tuple(value.decode() for key, value in lines if key == b"parent")
    return Commit(tree, parents, message.decode("utf-8", "replace"))


def format_commit(new: NewCommit, tree: str, author: tuple[str, str]) -> bytes:
    """Write a commit object. Times are in UTC; the message ends with one newline."""
    name, email = (_UNFIT.sub("", text).strip() for text in author)
    who = f"{name} <{email}> {new.time} +0000"
    parents = "".join(f"parent {parent}\n" for parent in new.parents)
    message = new.message.replace("\0", "").rstrip("\n") + "\n"
    return f"tree {tree}\n{parents}author {who}\ncommitter {who}\n\n{message}".encode("utf-8", "replace")
