"""The deployment repo by a bare mirror: the ``Checkout`` port on Git."""

from bot.adapters.gitrepo.mirror import GitMirror

__all__ = ["GitMirror"]
