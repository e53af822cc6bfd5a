"""User tokens of an App: they expire, a refresh token works once, a grant can be taken back.

https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/refreshing-user-access-tokens
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from bot.sandbox.github.config import AppSeed, GitHubConfig
from bot.sandbox.state import State

_ACCESS, _REFRESH = "github:user-tokens", "github:refresh-tokens"
Doc = dict[str, Any]


@dataclass(frozen=True)
class Grant:
    """Whom a user token stands for: the account's number and the App that acts for it."""

    account: int
    app: AppSeed


class UserTokens:
    """Issues, refreshes, resolves and revokes. Only digests of tokens are kept; times are in seconds."""

    def __init__(self, state: State, config: GitHubConfig) -> None:
        self._state, self._config = state, config

    def issue(self, app: AppSeed, account: int) -> Doc:
        """A new pair, as the token endpoint answers."""
        access, refresh, now = f"ghu_{secrets.token_hex(18)}", f"ghr_{secrets.token_hex(38)}", self._config.clock()
        config = self._config
        document = {"account": account, "client": app.client_id, "access": _digest(access)}
        self._state.put(_ACCESS, _digest(access), {**document, "until": now + config.user_token_seconds})
        self._state.put(_REFRESH, _digest(refresh), {**document, "until": now + config.refresh_token_seconds})
        return {
            "access_token": access,
            "expires_in": config.user_token_seconds,
            "refresh_token": refresh,
            "refresh_token_expires_in": config.refresh_token_seconds,
            "scope": "",
            "token_type": "bearer",
        }

    def refresh(self, app: AppSeed, token: str) -> Doc | None:
        """A new pair for a valid refresh token, else None; the token and its access token work no more."""
        key = _digest(token)
        found = self._state.take(_REFRESH, key)
        if found is None or found["client"] != app.client_id or found["until"] <= self._config.clock():
            return None
        self._state.delete(_ACCESS, found["access"])
        return self.issue(app, found["account"])

    def resolve(self, token: str) -> Grant | None:
        """Whom an access token stands for, or None when it is unknown, has expired or was revoked."""
        found = self._state.get(_ACCESS, _digest(token))
        if found is None or found["until"] <= self._config.clock():
            return None
        app = next((one for one in self._config.apps if one.client_id == found["client"]), None)
        return Grant(found["account"], app) if app else None

    def accounts(self) -> list[int]:
        """The numbers of the accounts that let an App act for them at present."""
        now = self._config.clock()
        return list(dict.fromkeys(one["account"] for one in self._state.all(_REFRESH) if one["until"] > now))

    def revoke(self, token: str) -> None:
        """End one access token, with the refresh token of its pair."""
        self._drop(lambda one: one["access"] == _digest(token))

    def revoke_grant(self, app: AppSeed, account: int) -> None:
        """End every token of a person for an App."""
        self._drop(lambda one: (one["client"], one["account"]) == (app.client_id, account))

    def _drop(self, doomed: Any) -> None:
        for space in (_ACCESS, _REFRESH):
            for key, document in self._state.items(space):
                if doomed(document):
                    self._state.delete(space, key)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
