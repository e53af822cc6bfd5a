"""What a browser carries back to the App: codes that work once, for ten minutes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import Any

from bot.sandbox.github.config import AppSeed, GitHubConfig
from bot.sandbox.state import State

_NS = "github:codes"
SECONDS = 600
Doc = dict[str, Any]


class Codes:
    """Authorization codes. Each is bound to its App, redirect address and PKCE challenge."""

    def __init__(self, state: State, config: GitHubConfig) -> None:
        self._state, self._config = state, config

    def issue(self, app: AppSeed, account: int, redirect_uri: str, challenge: str | None) -> str:
        """A code for the account that consented."""
        code = secrets.token_hex(10)
        document = {"client": app.client_id, "account": account, "redirect_uri": redirect_uri, "challenge": challenge}
        self._state.put(_NS, code, {**document, "until": self._config.clock() + SECONDS})
        return code

    def spend(self, app: AppSeed, code: str) -> Doc | None:
        """What the code stands for, once; None when it is unknown, spent, expired or another App's."""
        found: Doc | None = self._state.take(_NS, code)
        if found is None or found["client"] != app.client_id or found["until"] <= self._config.clock():
            return None
        return found


def proves(challenge: str | None, verifier: Any) -> bool:
    """Whether a verifier is the one that a S256 challenge was made of (RFC 7636, 4.6); no challenge asks for none."""
    if challenge is None:
        return True
    if not isinstance(verifier, str) or not verifier.isascii():
        return False
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return hmac.compare_digest(digest, challenge)
