"""Git's objects as values: commits, tree entries, changed files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

ZERO = "0" * 40
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_SIGNATURE = re.compile(r"(.*?) ?<(.*?)> (\d+) ([+-]\d{4})$")


@dataclass(frozen=True)
class Identity:
    """Who wrote a commit, and when (seconds since the epoch and ``+hhmm``)."""

    name: str
    email: str
    when: int = 0
    zone: str = "+0000"

    @property
    def date(self) -> str:
        """RFC 3339 in UTC, as GitHub prints dates."""
        return datetime.fromtimestamp(self.when, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class Commit:
    """A parsed commit."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Identity
    committer: Identity
    message: str

    @property
    def title(self) -> str:
        """The first line of the message."""
        return self.message.split("\n", 1)[0]


@dataclass(frozen=True)
class Entry:
    """One line of a tree."""

    mode: str
    kind: str
    sha: str
    name: str


@dataclass
class FileChange:
    """One file of a diff; ``old`` is its former path when it was renamed."""

    path: str
    status: str
    sha: str
    additions: int = 0
    deletions: int = 0
    old: str | None = None
    patch: str | None = field(default=None, repr=False)


def parse_commit(sha: str, data: bytes) -> Commit:
    """A commit object's content as a value; gpgsig and other headers are left out."""
    head, _, message = data.decode("utf-8", "replace").partition("\n\n")
    fields: dict[str, list[str]] = {}
    for line in head.split("\n"):
        key, _, value = line.partition(" ")
        fields.setdefault(key, []).append(value)
    author, committer = (_identity(fields[role][0]) for role in ("author", "committer"))
    return Commit(sha, fields["tree"][0], tuple(fields.get("parent", ())), author, committer, message.rstrip("\n"))


def parse_tree(data: bytes) -> list[Entry]:
    """A tree object's content as entries."""
    entries, at = [], 0
    while at < len(data):
        end = data.index(b"\0", at)
        mode, _, name = data[at:end].partition(b" ")
        sha = data[end + 1 : end + 21].hex()
        entries.append(Entry(mode.decode().zfill(6), _kind(mode), sha, name.decode("utf-8", "surrogateescape")))
        at = end + 21
    return entries


def parse_date(text: str) -> tuple[int, str]:
    """An ISO 8601 date as Git wants it. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    offset = moment.utcoffset() or timedelta(0)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=timezone(offset))
    return int(moment.timestamp()), moment.strftime("%z")[:5]


def _kind(mode: bytes) -> str:
    return {b"40000": "tree", b"160000": "commit"}.get(mode, "blob")


def _identity(line: str) -> Identity:
    match = _SIGNATURE.match(line)
    if not match:
        return Identity(line, "")
    name, email, when, zone = match.groups()
    return Identity(name, email, int(when), zone)
