"""Where the mirror fetches from and pushes to, and how it proves who it is.

A token is handed to Git in the environment of one process, as an ``http.<origin>.extraHeader`` setting: it stands on no
command line, in no URL and in no file. https://git-scm.com/docs/git-config#ENVIRONMENT
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit, urlunsplit

Credentials = Callable[[], str | None]

_USERINFO = re.compile(r"(?<=://)[^/\s@]+@")


@dataclass(frozen=True)
class Remote:
    """A remote's URL without credentials, and where its token comes from. ``basic`` is what the URL itself carried."""

    url: str
    token: Credentials
    basic: str | None = field(default=None, repr=False)

    def settings(self) -> dict[str, str]:
        """Git settings for one process that talks to the remote; asks for a fresh token each time."""
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"}:
            return {}
        token = self.token()
        pair = f"x-access-token:{token}" if token else self.basic
        if not pair:
            return {}
        header = base64.b64encode(pair.encode()).decode()
        return {f"http.{parts.scheme}://{parts.netloc}/.extraHeader": f"Authorization: Basic {header}"}


def parse_remote(url: str, token: Credentials) -> Remote:
    """Take the credentials out of a URL, if it carries any, so that it can be stored and logged."""
    parts = urlsplit(url)
    userinfo, at, host = parts.netloc.rpartition("@")
    if parts.scheme not in {"http", "https"} or not at:
        return Remote(url, token)
    return Remote(urlunsplit(parts._replace(netloc=host)), token, unquote(userinfo))


def scrub(text: str, *secrets: str) -> str:
    """Git's words without credentials: none in URLs, and none of the given secrets."""
    text = _USERINFO.sub("", text)
    for secret in secrets:
        if secret:
            text = text.replace(secret, "***")
    return text.strip()
