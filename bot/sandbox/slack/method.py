"""One Web API method: its name, its rules, and what runs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from bot.sandbox.slack.arguments import Args
from bot.sandbox.slack.services import Services

Run = Callable[[Services, Args], dict[str, Any]]


@dataclass(frozen=True)
class Method:
    """``tier`` is the rate tier (5: special), ``json`` whether it reads JSON bodies, ``auth`` which token it needs.

    A method for a ``person`` gets the token as its argument ``token``, which alone says whose it is.
    """

    name: str
    run: Run
    tier: int = 3
    required: tuple[str, ...] = ()
    json: bool = True
    auth: Literal["bot", "app", "any", "none", "person"] = "bot"
