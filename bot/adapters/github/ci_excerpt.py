"""A few lines that say why a check failed. Logs may hold what nobody meant to print: little is shown, and nothing that
looks like a credential."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

LINES, CHARS = 3, 400
_HOLLOW = re.compile(r"Process completed with exit code \d+|The operation was canceled|^$")
_STAMP = re.compile(r"^\ufeff?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z ")
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_ERROR, _COMMAND = "##[error]", re.compile(r"^##\[[a-z]+\]")
_SECRET = re.compile(
    r"gh[pousr]_\w{10,}|github_pat_\w{10,}|xox[a-z]-[\w-]{5,}|xapp-[\w-]{5,}|A[KS]IA[A-Z0-9]{12,}|eyJ[\w-]{8,}\.[\w.-]{8,}"
    r"|glpat-[\w-]{10,}|npm_\w{20,}|AIza[\w-]{20,}|\bhf_\w{20,}|\bsk-[\w-]{20,}|\bdapi[0-9a-f]{20,}"
    r"|(?<=://)[^/\s:@]{1,100}:[^/\s@]{1,200}(?=@)"
    r"|(?i:(?<=bearer )|(?<=token )|(?<=token=)|(?<=password=)|(?<=secret=)|(?<=key=)"
    r"|(?<=password: )|(?<=secret: )|(?<=key: )|(?<=password\": \")|(?<=token\": \")|(?<=key\": \"))[^\s'\"&]{6,}"
)


def from_annotations(found: object) -> str:
    """`path:line message` of the first few failures; what only says that it failed is left out."""
    listed = found if isinstance(found, list) else []
    failures = [one for one in listed if _says(one)]
    worst = [one for one in failures if one.get("annotation_level") == "failure"] or failures
    return shortened("\n".join(_place(one) for one in worst[:LINES]))


def from_log(log: str) -> str:
    """The errors that the log marks, else its last lines before the end of the failed step."""
    lines = [_ANSI.sub("", _STAMP.sub("", line)).rstrip() for line in log.splitlines()]
    errors = [line.removeprefix(_ERROR) for line in lines if line.startswith(_ERROR)]
    telling = [line for line in errors if not _HOLLOW.search(line)]
    if telling:
        return shortened("\n".join(telling[:LINES]))
    ends = (at for at, line in enumerate(lines) if line.startswith(_ERROR))
    before = lines[: next(ends, len(lines))]
    return shortened("\n".join(_last([line for line in before if line.strip() and not _COMMAND.match(line)])))


def shortened(text: str) -> str:
    """At most three lines and 400 characters, with what looks like a credential taken out."""
    kept = [line.strip() for line in text.splitlines() if line.strip()][:LINES]
    said = redacted("\n".join(line[:1000] for line in kept))
    return said if len(said) <= CHARS else said[: CHARS - 1].rstrip() + "…"


def redacted(text: str) -> str:
    """The text with what looks like a credential taken out."""
    return _SECRET.sub("***", text)


def _last(lines: Sequence[str]) -> Sequence[str]:
    return lines[-LINES:]


def _says(one: Any) -> bool:
    return isinstance(one, dict) and not _HOLLOW.search(str(one.get("message") or "").strip())


def _place(one: dict[str, Any]) -> str:
    words = " ".join(str(one.get("message") or "").split())
    path, line = one.get("path"), one.get("start_line")
    return f"{path}:{line} {words}" if path and path != ".github" else words
