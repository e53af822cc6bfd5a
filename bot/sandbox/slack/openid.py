"""Sign in with Slack: who sits at the browser, told by a token that Slack signs (https://docs.slack.dev/authentication/sign-in-with-slack)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bot.sandbox.slack.config import WorkspaceConfig
from bot.sandbox.slack.refusal import SlackError
from bot.sandbox.state import State

KID = "sandbox"
CODE_SECONDS, TOKEN_SECONDS = 600, 300
_CODES, _TOKENS = "slack.openid.code", "slack.openid.token"
Doc = dict[str, Any]


class OpenId:
    """Codes, tokens and the key. Codes work once, for ten minutes."""

    def __init__(self, state: State, config: WorkspaceConfig) -> None:
        self._state, self._config = state, config
        self._key: RSAPrivateKey | None = None

    def issue_code(self, user: str, redirect_uri: str, scope: str, nonce: str | None) -> str:
        """A code for the member who continued."""
        code = f"{secrets.randbelow(10**13)}.{secrets.token_hex(32)}"
        document = {"user": user, "redirect_uri": redirect_uri, "scope": scope, "nonce": nonce}
        self._state.put(_CODES, code, {**document, "until": time.time() + CODE_SECONDS})
        return code

    def exchange(self, args: Doc) -> Doc:
        """Tokens for a code. Raises SlackError in the words of openid.connect.token."""
        self._check_client(args)
        if args.get("grant_type", "authorization_code") != "authorization_code":
            raise SlackError("invalid_grant_type")
        found = self._state.take(_CODES, str(args.get("code", "")))
        if found is None or found["until"] <= time.time():
            raise SlackError("invalid_code")
        if args.get("redirect_uri", found["redirect_uri"]) != found["redirect_uri"]:
            raise SlackError("bad_redirect_uri")
        token = f"xoxp-{secrets.token_hex(24)}"
        self._state.put(_TOKENS, _digest(token), {"user": found["user"], "scope": found["scope"]})
        return {"access_token": token, "token_type": "Bearer", "id_token": self._signed(found, token)}

    def holder(self, token: str | None) -> Doc | None:
        """The user and the scope of an access token of this sign-in."""
        found: Doc | None = self._state.get(_TOKENS, _digest(token)) if token else None
        return found

    def claims(self, user: str) -> Doc:
        """What Slack says of the person, in the token and in openid.connect.userInfo."""
        return {
            "sub": user,
            "https://slack.com/user_id": user,
            "https://slack.com/team_id": self._config.team_id,
            "https://slack.com/team_name": self._config.team_name,
            "https://slack.com/team_domain": self._config.team_domain,
        }

    def keys(self) -> Doc:
        """The public key as a JSON Web Key Set."""
        numbers = self._private().public_key().public_numbers()
        modulus, exponent = (_number(value) for value in (numbers.n, numbers.e))
        return {"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": KID, "n": modulus, "e": exponent}]}

    def discovery(self) -> Doc:
        """/.well-known/openid-configuration."""
        root = self._config.slack_url
        return {
            "issuer": root,
            "authorization_endpoint": f"{root}/openid/connect/authorize",
            "token_endpoint": f"{root}/api/openid.connect.token",
            "userinfo_endpoint": f"{root}/api/openid.connect.userInfo",
            "jwks_uri": f"{root}/openid/connect/keys",
            "scopes_supported": ["openid", "profile", "email"],
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "claims_supported": ["sub", "auth_time", "iss"],
        }

    def _check_client(self, args: Doc) -> None:
        secret = str(args.get("client_secret", ""))
        if not self._config.client_id or args.get("client_id") != self._config.client_id:
            raise SlackError("invalid_client_id")
        if not hmac.compare_digest(secret.encode(), self._config.client_secret.encode()):
            raise SlackError("bad_client_secret")

    def _signed(self, found: Doc, access: str) -> str:
        now = int(time.time())
        times = {"iat": now, "exp": now + TOKEN_SECONDS, "auth_time": now}
        half = base64.urlsafe_b64encode(hashlib.sha256(access.encode()).digest()[:16]).rstrip(b"=").decode()
        ends = {"iss": self._config.slack_url, "aud": self._config.client_id, "at_hash": half}
        nonce = {} if found["nonce"] is None else {"nonce": found["nonce"]}
        return self._jwt({**ends, **times, **self.claims(found["user"]), **nonce})

    def _jwt(self, claims: Doc) -> str:
        head = {"typ": "JWT", "alg": "RS256", "kid": KID}
        body = b".".join(_base64(json.dumps(part).encode()) for part in (head, claims))
        return b".".join([body, _base64(self._private().sign(body, PKCS1v15(), SHA256()))]).decode()

    def _private(self) -> RSAPrivateKey:
        if self._key is None:
            key = load_pem_private_key(self._config.openid_key.encode(), None)
            assert isinstance(key, RSAPrivateKey)
            self._key = key
        return self._key


def _base64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _number(value: int) -> str:
    return _base64(value.to_bytes((value.bit_length() + 7) // 8, "big")).decode()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
