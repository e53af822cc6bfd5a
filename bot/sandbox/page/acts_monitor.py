"""What the world does to the models in use: their traffic changes, and the monitor tells."""

from __future__ import annotations

from typing import Literal

from bot.sandbox.page.acting import Act
from bot.sandbox.page.ports import Json, Monitor
from bot.sandbox.page.reads import World


class SendWindow(Act):
    """Let the monitor look at the next window of a model's traffic."""

    name = "send_window"
    model: str
    condition: Literal["normal", "drifting", "worse"]

    async def do(self, world: World) -> Json:
        await _monitor(world).send(self.model, self.condition)
        return {}


class Storm(Act):
    """Let something upstream go wrong for all models at once, or have all be as it was."""

    name = "storm"
    over: bool

    async def do(self, world: World) -> Json:
        await (_monitor(world).recover() if self.over else _monitor(world).storm())
        return {}


class TurnAlert(Act):
    """Let the latency alert of a model fire, or end."""

    name = "turn_alert"
    model: str
    fires: bool

    async def do(self, world: World) -> Json:
        await (_monitor(world).alert(self.model) if self.fires else _monitor(world).calm(self.model))
        return {}


def _monitor(world: World) -> Monitor:
    if world.services.monitor is None:
        raise LookupError("Nobody watches the models here.")
    return world.services.monitor
