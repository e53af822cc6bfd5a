"""Slack's own form of saying no."""

from __future__ import annotations

from typing import Any


class SlackError(Exception):
    """Answer ``{"ok": false, "error": code}``; ``messages`` become ``response_metadata.messages``."""

    def __init__(
        self,
        code: str,
        *messages: str,
        status: int = 200,
        headers: dict[str, str] | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.code, self.messages, self.status = code, messages, status
        self.headers, self.extra = headers or {}, extra or {}

    def body(self) -> dict[str, Any]:
        """The JSON that Slack would send."""
        out: dict[str, Any] = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            out["response_metadata"] = {"messages": list(self.messages)}
        return out
