"""What watches the models in use: it compares their traffic with what they were trained on, and posts what it finds."""

from bot.sandbox.monitor.monitor import Monitor, Target

__all__ = ["Monitor", "Target"]
