"""Sign in with Slack: OpenID Connect (https://docs.slack.dev/authentication/sign-in-with-slack)."""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from bot.adapters.signin.http import Http, NotSent, Reply, web_root
from bot.errors import ChatUnavailable, Fatal, Reason, Refused, SlackOpsError
from bot.ports.signin import AnswerLost, SignedIn

SKEW = 60.0
"""Seconds that Slack's clock may be apart from ours."""

_USER, _TEAM, _ENTERPRISE = (f"https://slack.com/{name}_id" for name in ("user", "team", "enterprise"))
_APP = frozenset({"invalid_client_id", "bad_client_secret", "bad_redirect_uri", "invalid_client"})


class SlackOpenId:
    """The SlackSignIn port. ``api_url`` is SLACK_API_URL."""

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        api_url: str = "https://slack.com/api/",
        *,
        http: Http | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._id, self._secret, self._api, self._root = client_id, client_secret, api_url, web_root(api_url)
        self._http, self._now = http or Http(), now

    def authorize_url(self, state: str, nonce: str, team: str, redirect: str) -> str:
        """As the port says. The team only spares people a choice; what counts is who comes back."""
        asked = {"response_type": "code", "scope": "openid", "client_id": self._id, "state": state, "nonce": nonce}
        home = {"team": team} if team.startswith("T") else {}
        return f"{self._root}/openid/connect/authorize?{urlencode({**asked, **home, 'redirect_uri': redirect})}"

    def who(self, code: str, nonce: str, redirect: str) -> SignedIn:
        """As the port says."""
        fields = {
            "grant_type": "authorization_code",
            "client_id": self._id,
            "client_secret": self._secret,
            "code": code,
            "redirect_uri": redirect,
        }
        what = "Sign in with Slack"
        try:
            reply = self._http.send(what, "POST", f"{self._api.rstrip('/')}/openid.connect.token", data=fields)
        except (NotSent, AnswerLost) as error:
            raise ChatUnavailable(str(error)) from None
        if reply.data.get("ok") is not True:
            raise _failure(what, reply)
        return self._signed_in(_claims(reply.text("id_token")), nonce)

    def _signed_in(self, claims: dict[str, Any], nonce: str) -> SignedIn:
        """What the token says. It came from Slack itself over TLS, which stands for its signature:
        https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation (6)."""
        now, expires = self._now(), claims.get("exp")
        audience = claims.get("aud")
        fine = (
            str(claims.get("iss", "")).rstrip("/") == self._root
            and audience in (self._id, [self._id])
            and isinstance(expires, int | float)
            and now < expires + SKEW
            and hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode())
        )
        user, teams = claims.get(_USER), (claims.get(_TEAM), claims.get(_ENTERPRISE))
        if not fine or not isinstance(user, str) or not user:
            raise _refused("what Slack said of who you are does not belong to this start")
        return SignedIn(user, frozenset(team for team in teams if isinstance(team, str) and team))


def _failure(what: str, reply: Reply) -> SlackOpsError:
    said = reply.text("error")
    if reply.status == 429 or reply.status >= 500 or not said or said == "ratelimited":
        return ChatUnavailable(f"{what}: Slack answered {reply.status}.", reply.retry_after)
    if said in _APP:
        return Fatal(f"{what}: Slack does not know the app ({said}). Check SLACK_CLIENT_ID and SLACK_CLIENT_SECRET.")
    return _refused(f"Slack did not take the answer ({said[:60]})")


def _refused(why: str) -> Refused:
    return Refused(Reason.LINK_REFUSED, f"Nothing was linked: {why}.", "Begin again in Slack with `/slackops link`.")


def _claims(token: str) -> dict[str, Any]:
    """The middle part of a JSON Web Token; {} where it is none."""
    parts = token.split(".")
    try:
        found = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))) if len(parts) == 3 else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
