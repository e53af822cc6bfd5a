"""From the files of a deployment repo to a proposed policy: `slackops init`. Pure: files in, policy text out."""

from bot.discover.facts import LeftOut
from bot.discover.propose import Draft, propose

__all__ = ["Draft", "LeftOut", "propose"]
