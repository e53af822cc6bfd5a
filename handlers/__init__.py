"""What Slack, a webhook or the clock may start. Handlers turn payloads into commands and write them down."""

from handlers.doors import Doors
from handlers.register import register

__all__ = ["Doors", "register"]
