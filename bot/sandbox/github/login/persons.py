"""Who may sit at the browser."""

from __future__ import annotations

from bot.sandbox.consent import Choice
from bot.sandbox.github.forge import Forge


def choices(forge: Forge) -> list[Choice]:
    """A button for every person; its value is the login that the person had at the start."""
    people = [one for one in forge.config.accounts if one.kind == "User"]
    names = [(one, forge.people.display(one.login)) for one in people]
    return [
        Choice("account", one.login, f"Continue as {one.name} (@{shown})" if one.name else f"Continue as @{shown}")
        for one, shown in names
    ]
