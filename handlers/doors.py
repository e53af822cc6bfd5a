"""What a handler may use: the intake, dialogs that open at once, and pure checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.domain.cards import Message
from bot.ports import Dialogs, FormCheck, Intake


@dataclass(frozen=True)
class Doors:
    """The ports between Slack and its three seconds. ``render`` turns an answer into what an ack may carry."""

    intake: Intake
    dialogs: Dialogs
    forms: FormCheck
    render: Callable[[Message], dict[str, Any]]
    prefix: str = ""
