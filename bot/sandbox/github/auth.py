"""Who is calling: personal tokens, App JSON Web Tokens and installation tokens."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from bot.sandbox.github.config import AppSeed, GitHubConfig
from bot.sandbox.github.errors import ApiError, not_found
from bot.sandbox.github.installation import Installations
from bot.sandbox.github.login.clients import proven
from bot.sandbox.github.login.tokens import UserTokens
from bot.sandbox.state import State

_NS = "github:tokens"


@dataclass(frozen=True)
class Actor:
    """The account a request acts as. ``app`` is set for Apps; ``as_app`` for a JWT (the App, not an installation).

    ``via`` is the App that acts for a person by a user token, which may do no more than either; ``client`` the App that
    signed with its client id and secret.
    """

    login: str = ""
    app: AppSeed | None = None
    as_app: bool = False
    repos: frozenset[str] | None = None
    via: AppSeed | None = None
    client: AppSeed | None = None
    permissions: dict[str, str] = field(default_factory=dict)

    @property
    def known(self) -> bool:
        """Whether any token came with the request."""
        return bool(self.login)


ANONYMOUS = Actor()


class Auth:
    """Turns an Authorization header into an Actor and mints installation tokens; ``users`` are the user tokens."""

    def __init__(self, state: State, config: GitHubConfig, installations: Installations) -> None:
        self._state, self._config, self._installations = state, config, installations
        self.users = UserTokens(state, config)
        self._logins = {account.id: account.login for account in config.accounts}
        self._people = {account.token: account.login for account in config.accounts if account.token}

    def actor(self, header: str | None) -> Actor:
        """The caller; ANONYMOUS without a header. Raises ApiError 401."""
        client = proven(self._config, *_basic(header))
        if client:
            return Actor(client=client)
        token = _token(header)
        if token is None:
            return ANONYMOUS
        if token.startswith("ghu_"):
            return self._user(token)
        if token in self._people:
            return Actor(self._people[token])
        if token.count(".") == 2:
            app = self._verify_jwt(token)
            return Actor(app.login, app, as_app=True)
        return self._installation(token)

    def mint(self, app: AppSeed, repos: list[str] | None, permissions: dict[str, str] | None) -> dict[str, Any]:
        """A new installation token's document: token, expires_at (seconds since the epoch), repos, permissions."""
        token = "ghs_" + secrets.token_hex(18)
        expires = int(time.time()) + self._config.installation_token_seconds
        names = [name for name in app.repos if repos is None or name.split("/")[1] in repos]
        granted = permissions or self._installations.permissions(app)
        document = {"app": app.app_id, "expires_at": expires, "repos": names, "permissions": granted}
        self._state.put(_NS, _digest(token), document)
        return {**document, "token": token}

    def revoke(self, header: str | None) -> None:
        """End an installation token."""
        self._state.delete(_NS, _digest(_token(header) or ""))

    def _user(self, token: str) -> Actor:
        grant = self.users.resolve(token)
        login = self._logins.get(grant.account) if grant else None
        if grant is None or login is None:
            raise ApiError(401, "Bad credentials")
        permissions = self._installations.permissions(grant.app)
        return Actor(login, repos=frozenset(grant.app.repos), permissions=permissions, via=grant.app)

    def _installation(self, token: str) -> Actor:
        document = self._state.get(_NS, _digest(token))
        apps = [app for app in self._config.apps if document and app.app_id == document["app"]]
        if not document or not apps or document["expires_at"] <= time.time():
            raise ApiError(401, "Bad credentials")
        return Actor(apps[0].login, apps[0], repos=frozenset(document["repos"]), permissions=document["permissions"])

    def _verify_jwt(self, token: str) -> AppSeed:
        head, claims, signature = _decode(token)
        app = next(
            (app for app in self._config.apps if str(claims.get("iss")) in {str(app.app_id), app.client_id}), None
        )
        if app is None:
            raise ApiError(404, "Integration not found") if head.get("alg") == "RS256" else not_found()
        _check_signature(app, head, token.rpartition(".")[0].encode(), signature)
        _check_times(claims)
        return app


def _token(header: str | None) -> str | None:
    scheme, _, value = (header or "").partition(" ")
    if scheme.lower() in {"token", "bearer"}:
        return value.strip()
    if scheme.lower() != "basic":
        return None
    user, password = _basic(header)
    return password if password not in {"", "x-oauth-basic"} else user


def _basic(header: str | None) -> tuple[str, str]:
    scheme, _, value = (header or "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        user, _, password = base64.b64decode(value).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return user, password


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _decode(token: str) -> tuple[dict[str, Any], dict[str, Any], bytes]:
    try:
        head, claims, signature = (base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in token.split("."))
        parsed = json.loads(head), json.loads(claims), signature
    except ValueError:
        raise ApiError(401, "A JSON web token could not be decoded") from None
    if not isinstance(parsed[0], dict) or not isinstance(parsed[1], dict):
        raise ApiError(401, "A JSON web token could not be decoded")
    return parsed


def _check_signature(app: AppSeed, head: dict[str, Any], signed: bytes, signature: bytes) -> None:
    key = load_pem_public_key(app.public_key_pem.encode())
    try:
        if head.get("alg") != "RS256" or not isinstance(key, RSAPublicKey):
            raise InvalidSignature
        key.verify(signature, signed, PKCS1v15(), SHA256())
    except InvalidSignature:
        raise ApiError(401, "A JSON web token could not be decoded") from None


def _check_times(claims: dict[str, Any]) -> None:
    """https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app (ten minutes at most)."""
    now, expires, issued = time.time(), claims.get("exp"), claims.get("iat")
    if not isinstance(expires, int | float) or expires <= now:
        raise ApiError(
            401,
            "'Expiration time' claim ('exp') must be a numeric value representing the future time "
            "at which the assertion expires",
        )
    if expires > now + 600 + 60:
        raise ApiError(401, "'Expiration time' claim ('exp') is too far in the future")
    if not isinstance(issued, int | float) or issued > now + 60:
        raise ApiError(
            401, "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"
        )
