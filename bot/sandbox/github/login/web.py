"""The web flow: the page that asks, and the endpoint that exchanges what comes of it for tokens."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.sandbox.consent import CANCEL, ask, foreign, say
from bot.sandbox.github.config import AppSeed
from bot.sandbox.github.forge import Forge
from bot.sandbox.github.login.answers import Denied, answer, fields
from bot.sandbox.github.login.clients import by_id, proven
from bot.sandbox.github.login.codes import Codes, proves
from bot.sandbox.github.login.device import DeviceFlow
from bot.sandbox.github.login.persons import choices

SERVICE = "GitHub"
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_DENIED = "The user has denied your application access."


class WebFlow:
    """/login/oauth/authorize and /login/oauth/access_token."""

    def __init__(self, forge: Forge, device: DeviceFlow) -> None:
        self._forge, self._device, self._codes = forge, device, Codes(forge.store.state, forge.config)

    async def authorize(self, request: Request) -> Response:
        """Ask who continues; a press of a button leads back to the App with a code and its state."""
        query = dict(request.query_params)
        app = by_id(self._forge.config, query.get("client_id"))
        if app is None:
            return say(SERVICE, "Not found", "No App has this client id.", 404)
        back = query.get("redirect_uri") or next(iter(app.callback_urls), "")
        if back not in app.callback_urls:
            return say(SERVICE, "Be careful!", "The redirect_uri is not associated with this application.", 400)
        challenge, method = query.get("code_challenge"), query.get("code_challenge_method", "plain")
        if challenge is not None and (method != "S256" or not _CHALLENGE.fullmatch(challenge)):
            return say(SERVICE, "Not possible", "A code_challenge must be of the method S256.", 400)
        if request.method == "GET":
            return self._ask(app)
        if foreign(request):
            return say(SERVICE, "Refused", "The request comes from another site.", 403)
        return self._leave(app, back, query, challenge, str((await fields(request)).get("account", "")))

    def _ask(self, app: AppSeed) -> Response:
        title = f"Authorize {app.slug}"
        text = f"{app.slug} will act on GitHub as you: it submits your reviews. Who sits here?"
        return ask(SERVICE, title, text, [*choices(self._forge), CANCEL])

    def _leave(self, app: AppSeed, back: str, query: dict[str, str], challenge: str | None, login: str) -> Response:
        account = self._forge.people.account(login)
        state = {"state": query["state"]} if "state" in query else {}
        if account is None or account.kind != "User":
            told = {"error": "access_denied", "error_description": _DENIED, **state}
        else:
            told = {"code": self._codes.issue(app, account.id, back, challenge), **state}
        return RedirectResponse(f"{back}{'&' if '?' in back else '?'}{urlencode(told)}", 302)

    async def exchange(self, request: Request) -> Response:
        """Tokens for a code, a refresh token or a device code."""
        given = await fields(request)
        try:
            pair = self._exchange(given)
            self._forge.changes.announce({"type": "grant"})
            return answer(request, pair)
        except Denied as denied:
            return answer(request, denied.body())

    def _exchange(self, given: dict[str, Any]) -> dict[str, Any]:
        kind = given.get("grant_type") or "authorization_code"
        if kind == "urn:ietf:params:oauth:grant-type:device_code":
            return self._device.poll(given)
        app = proven(self._forge.config, given.get("client_id"), given.get("client_secret"))
        if app is None:
            raise Denied("incorrect_client_credentials")
        if kind == "refresh_token":
            return self._refresh(app, given)
        if kind != "authorization_code":
            raise Denied("unsupported_grant_type")
        return self._code(app, given)

    def _refresh(self, app: AppSeed, given: dict[str, Any]) -> dict[str, Any]:
        pair = self._forge.auth.users.refresh(app, str(given.get("refresh_token", "")))
        if pair is None:
            raise Denied("bad_refresh_token")
        return pair

    def _code(self, app: AppSeed, given: dict[str, Any]) -> dict[str, Any]:
        found = self._codes.spend(app, str(given.get("code", "")))
        if found is None or not proves(found["challenge"], given.get("code_verifier")):
            raise Denied("bad_verification_code")
        if given.get("redirect_uri", found["redirect_uri"]) != found["redirect_uri"]:
            raise Denied("redirect_uri_mismatch")
        return self._forge.auth.users.issue(app, found["account"])
