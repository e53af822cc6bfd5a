"""A browser at the forge's sign-in pages, and a client of its token endpoint."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from bot.sandbox.github import AppSeed
from tests.sandbox.test_github_support import APP_ID, INSTALLATION, REPO, World, key_pair

CLIENT, SECRET, BACK = "Iv23test", "app-secret", "http://bot.test/link/github"
VERIFIER = "a-verifier-that-is-long-enough-for-the-rule-of-43-letters"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
APP = AppSeed(
    APP_ID,
    "slackops",
    key_pair()[1],
    INSTALLATION,
    (REPO,),
    client_id=CLIENT,
    client_secret=SECRET,
    callback_urls=(BACK,),
    device_flow=True,
)
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


class Clock:
    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Browser:
    """A client of the forge's web pages and of the token endpoint."""

    world: World
    http: httpx.AsyncClient
    clock: Clock

    @property
    def root(self) -> str:
        return f"{self.world.url}/sandbox/github"

    def address(self, **changes: str | None) -> httpx.URL:
        query = {"client_id": CLIENT, "redirect_uri": BACK, "state": "s&1"}
        query |= {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
        wanted = {key: value for key, value in (query | changes).items() if value is not None}
        return httpx.URL(f"{self.root}/login/oauth/authorize", params=wanted)

    async def consent(self, login: str = "ben", **changes: str | None) -> dict[str, str]:
        reply = await self.http.post(self.address(**changes), data={"account": login})
        assert reply.status_code == 302, reply.text
        assert reply.headers["location"].startswith(BACK)
        return {key: value[0] for key, value in parse_qs(urlsplit(reply.headers["location"]).query).items()}

    async def token(self, **fields: str) -> dict[str, Any]:
        given = {"client_id": CLIENT, "client_secret": SECRET, **fields}
        accept = {"accept": "application/json"}
        reply = await self.http.post(f"{self.root}/login/oauth/access_token", data=given, headers=accept)
        assert reply.status_code == 200
        return dict(reply.json())

    async def linked(self, login: str = "ben") -> dict[str, Any]:
        return await self.token(code=(await self.consent(login))["code"], code_verifier=VERIFIER)

    async def who(self, token: str) -> httpx.Response:
        return await self.world.request("GET", "/user", None, headers={"Authorization": f"Bearer {token}"})

    async def application(self, verb: str, what: str, token: str, secret: str = SECRET) -> int:
        url = f"{self.world.api}/applications/{CLIENT}/{what}"
        reply = await self.http.request(verb, url, json={"access_token": token}, auth=(CLIENT, secret))
        return reply.status_code
