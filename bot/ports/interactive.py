"""What must be answered within Slack's three seconds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from bot.domain.forms import Form, FormErrors


class Dialogs(Protocol):
    """Opening a view takes a trigger id that holds for three seconds, so the handler does it, not the worker."""

    async def open(self, trigger_id: str, form: Form, key: str) -> tuple[str, str | None]:
        """Open the loading view; its id and hash."""
        ...


class Catalog(Protocol):
    """A read model in memory or SQL for what must be answered at once: names for type-ahead and help."""

    def models(self) -> tuple[str, ...]: ...

    def environments(self) -> tuple[str, ...]: ...


class FormCheck(Protocol):
    """Pure validation of a submitted form."""

    def check(self, form: str, values: Mapping[str, str]) -> FormErrors: ...
