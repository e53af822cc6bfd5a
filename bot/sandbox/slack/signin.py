"""The pages of Sign in with Slack, beside the Web API."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.sandbox.consent import CANCEL, Choice, ask, foreign, say
from bot.sandbox.slack.services import Services

SERVICE = "Slack"


class SignIn:
    """/openid/connect/authorize and the public facts about the tokens."""

    def __init__(self, services: Services) -> None:
        self._services, self._config = services, services.config

    @property
    def routes(self) -> list[Route]:
        """Where they are below the workspace's root."""
        return [
            Route("/openid/connect/authorize", self.authorize, methods=["GET", "POST"]),
            Route("/openid/connect/keys", self.keys),
            Route("/.well-known/openid-configuration", self.discovery),
        ]

    async def authorize(self, request: Request) -> Response:
        """Ask who continues; a press of a button leads back to the app with a code and its state."""
        query = dict(request.query_params)
        back, problem = query.get("redirect_uri", ""), self._problem(query)
        if problem:
            return say(SERVICE, "Something went wrong", problem, 400)
        if request.method == "GET":
            title, text = "Sign in with Slack", f"{self._config.bot_name} will learn who you are. Who sits here?"
            return ask(SERVICE, title, text, [*self._people(), CANCEL])
        if foreign(request):
            return say(SERVICE, "Refused", "The request comes from another site.", 403)
        user = _pressed(await request.body())
        state = {"state": query["state"]} if "state" in query else {}
        outcome = {"code": self._code(user, query)} if self._signed_in(user) else {"error": "access_denied"}
        return RedirectResponse(f"{back}{'&' if '?' in back else '?'}{urlencode({**outcome, **state})}", 302)

    def _code(self, user: str, query: dict[str, str]) -> str:
        return self._services.openid.issue_code(user, query["redirect_uri"], query["scope"], query.get("nonce"))

    def _signed_in(self, user: str) -> bool:
        member = self._services.directory.users.get(user)
        return member is not None and not member.deleted

    def _problem(self, query: dict[str, str]) -> str | None:
        if not self._config.client_id or query.get("client_id") != self._config.client_id:
            return "invalid_client_id: no app has this client id."
        if query.get("redirect_uri") not in self._config.redirect_urls:
            return "bad_redirect_uri: the address to go back to is not one of the app's."
        if "openid" not in query.get("scope", "").replace(",", " ").split():
            return "invalid_scope: the scope openid is missing."
        if query.get("response_type") != "code":
            return "invalid_response_type: the response type must be code."
        if query.get("team", self._config.team_id) != self._config.team_id:
            return "invalid_team: you are not signed in to this workspace."
        return None

    def _people(self) -> list[Choice]:
        members = [one for one in self._services.directory.users.values() if not one.deleted]
        return [Choice("account", one.id, f"Continue as {one.real_name} (@{one.name})") for one in members]

    async def keys(self, _: Request) -> Response:
        """The keys that sign the tokens."""
        return JSONResponse(self._services.openid.keys())

    async def discovery(self, _: Request) -> Response:
        """Where everything is."""
        return JSONResponse(self._services.openid.discovery())


def _pressed(form: bytes) -> str:
    """The value of the button; "" for Cancel and for what is no form."""
    return parse_qs(form.decode("ascii", "replace")).get("account", [""])[-1]
