"""The device flow: a code on a page instead of a redirect.

https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps#device-flow
"""

from __future__ import annotations

import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.sandbox.consent import Choice, ask, foreign, say
from bot.sandbox.github.forge import Forge
from bot.sandbox.github.login.answers import Denied, answer, fields
from bot.sandbox.github.login.clients import by_id
from bot.sandbox.github.login.persons import choices

SERVICE = "GitHub"
SECONDS = 900
_NS = "github:devices"
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
_FIELD = '<label>Code <input name="user_code" autofocus autocomplete="off" placeholder="BCDF-GHJK"></label>'
Doc = dict[str, Any]


class DeviceFlow:
    """/login/device/code, the page /login/device, and what a poll answers."""

    def __init__(self, forge: Forge) -> None:
        self._forge, self._state, self._config = forge, forge.store.state, forge.config

    async def begin(self, request: Request) -> Response:
        """POST /login/device/code."""
        app = by_id(self._config, (await fields(request)).get("client_id"))
        if app is None:
            return answer(request, Denied("incorrect_client_credentials").body())
        if not app.device_flow:
            return answer(request, Denied("device_flow_disabled").body())
        device, user = secrets.token_hex(20), "-".join(_word() for _ in range(2))
        now, interval = self._config.clock(), self._config.device_interval
        document = {"device": device, "user": user, "client": app.client_id, "until": now + SECONDS, "account": None}
        self._state.put(_NS, device, {**document, "denied": False, "interval": interval, "asked": None})
        page = f"{self._config.root}/login/device"
        told = {"device_code": device, "user_code": user, "verification_uri": page}
        return answer(request, {**told, "expires_in": SECONDS, "interval": interval})

    async def page(self, request: Request) -> Response:
        """Type the code, and say who does."""
        if request.method == "GET":
            deny = Choice("account", "", "Deny", quiet=True)
            text = "Type the code that the app shows. Only go on when you asked for it yourself."
            return ask(SERVICE, "Connect a device", text, [*choices(self._forge), deny], extra=_FIELD)
        if foreign(request):
            return say(SERVICE, "Refused", "The request comes from another site.", 403)
        given = await fields(request)
        return self._typed(str(given.get("user_code", "")).strip().upper(), str(given.get("account", "")))

    def _typed(self, user_code: str, login: str) -> Response:
        waiting = [one for one in self._state.all(_NS) if one["user"] == user_code and self._fresh(one)]
        if not waiting:
            return say(SERVICE, "Unknown code", "The code is wrong, was used, or has expired.", 404)
        account = self._forge.people.account(login)
        person = account.id if account and account.kind == "User" else None
        self._state.put(_NS, waiting[0]["device"], {**waiting[0], "account": person, "denied": person is None})
        if person is None:
            return say(SERVICE, "Denied", "The app was not let in. You can close this tab.")
        return say(SERVICE, "Connected", "The app goes on by itself. You can close this tab.")

    def _fresh(self, document: Doc) -> bool:
        undecided = document["account"] is None and not document["denied"]
        return bool(undecided and document["until"] > self._config.clock())

    def poll(self, given: Doc) -> Doc:
        """What the App's question comes to. Raises Denied; ``slow_down`` makes the interval five seconds longer."""
        app, device = by_id(self._config, given.get("client_id")), str(given.get("device_code", ""))
        if app is None:
            raise Denied("incorrect_client_credentials")
        found = self._state.get(_NS, device)
        if found is None or found["client"] != app.client_id:
            raise Denied("incorrect_device_code")
        self._check_pace(found)
        if found["until"] <= self._config.clock():
            raise Denied("expired_token")
        if found["denied"]:
            raise Denied("access_denied")
        if found["account"] is None:
            raise Denied("authorization_pending")
        if self._state.take(_NS, device) is None:
            raise Denied("incorrect_device_code")
        return self._forge.auth.users.issue(app, found["account"])

    def _check_pace(self, found: Doc) -> None:
        now, asked, interval = self._config.clock(), found["asked"], found["interval"]
        hasty = asked is not None and now - asked < interval
        fresh = {**found, "asked": now, "interval": interval + 5 if hasty else interval}
        self._state.put(_NS, found["device"], fresh)
        if hasty:
            raise Denied("slow_down", interval=fresh["interval"])


def _word() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(4))
