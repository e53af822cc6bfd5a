"""The ``Forge`` port on GitHub. PyGithub takes its time to import, so it is imported when it is first needed."""

from bot.adapters.github.ci import GitHubCi
from bot.adapters.github.credentials import AppCredentials, Credentials, TokenCredentials
from bot.adapters.github.forge import GitHubForge

__all__ = ["AppCredentials", "Credentials", "GitHubCi", "GitHubForge", "TokenCredentials"]
