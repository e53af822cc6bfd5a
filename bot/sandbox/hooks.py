"""Where tests watch, delay, refuse or cut off the sandbox's services.

A hook sees every request twice: before it has any effect, and after the effect but before the reply leaves. It may
await, raise ``Refuse`` to answer with a fault in the service's own form, or kill the caller: that is how kill tests
stop the bot exactly between an effect and the record of it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal

Phase = Literal["before", "after"]


@dataclass(frozen=True)
class Call:
    """One request to a sandbox service (slack, github or git); ``name`` is a Web API method or "VERB /path"."""

    service: str
    name: str
    args: dict[str, Any] = field(default_factory=dict)
    actor: str = ""


class Refuse(Exception):  # noqa: N818  (an instruction, not an error)
    """Answer with this HTTP status, headers and JSON body instead of the real reply."""

    def __init__(self, status: int, body: dict[str, Any] | None = None, headers: dict[str, str] | None = None) -> None:
        super().__init__(f"refused with {status}")
        self.status, self.body, self.headers = status, body or {}, headers or {}


Hook = Callable[[Phase, Call], Awaitable[None]]


@dataclass
class Hooks:
    """The list of hooks of one sandbox, and the log of the calls that were made."""

    items: list[Hook] = field(default_factory=list)
    log: list[Call] = field(default_factory=list)
    keep: int = 10_000

    async def run(self, phase: Phase, call: Call) -> None:
        """Show the call to every hook, in order."""
        if phase == "before":
            self.log.append(call)
            del self.log[: -self.keep]
        for hook in list(self.items):
            await hook(phase, call)
