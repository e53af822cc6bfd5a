"""GitHub's OAuth for the user access tokens of an App.

https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
and .../refreshing-user-access-tokens; https://docs.github.com/rest/apps/oauth-applications
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from bot.adapters.signin.http import Http, NotSent, Reply, web_root
from bot.errors import Fatal, ForgeUnavailable, Reason, Refused, SlackOpsError
from bot.ports.signin import DeviceCode, ForgeUser, Grant, NotYet

_DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
_APP = frozenset({"incorrect_client_credentials", "redirect_uri_mismatch", "application_suspended"})
_BASIC = "application/vnd.github+json"
_HELP = "Check GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET and the App's callback URL."


class GitHubSignIn:
    """The ForgeSignIn port. ``api_url`` is GITHUB_API_URL."""

    def __init__(
        self, client_id: str, client_secret: str, api_url: str = "https://api.github.com", *, http: Http | None = None
    ) -> None:
        self._id, self._secret, self._api, self._root = client_id, client_secret, api_url.rstrip("/"), web_root(api_url)
        self._http = http or Http()

    def authorize_url(self, state: str, challenge: str, redirect: str) -> str:
        """As the port says."""
        asked = {"client_id": self._id, "redirect_uri": redirect, "state": state, "allow_signup": "false"}
        proof = {"code_challenge": challenge, "code_challenge_method": "S256"}
        return f"{self._root}/login/oauth/authorize?{urlencode({**asked, **proof})}"

    def exchange(self, code: str, verifier: str, redirect: str) -> Grant:
        """As the port says."""
        what = "Link a GitHub account"
        reply = self._token(what, code=code, code_verifier=verifier, redirect_uri=redirect)
        return _grant(reply) or _raise(what, reply, Reason.LINK_REFUSED)

    def who(self, token: str) -> ForgeUser:
        """As the port says."""
        what = "Ask GitHub whose token it is"
        reply = self._send(what, "GET", f"{self._api}/user", headers={"authorization": f"Bearer {token}"})
        if reply.status == 401:
            raise Refused(Reason.NOT_LINKED, "GitHub does not take the token.", "Link again: `/slackops link`.")
        login, number = reply.text("login"), reply.data.get("id")
        if reply.status != 200 or not login or not isinstance(number, int) or isinstance(number, bool):
            raise ForgeUnavailable(f"{what}: GitHub answered {reply.status}.", reply.retry_after)
        return ForgeUser(login, number, reply.data.get("type", "User") == "User")

    def refresh(self, refresh_token: str) -> Grant:
        """As the port says."""
        what = "Refresh a linked account"
        reply = self._token(what, grant_type="refresh_token", refresh_token=refresh_token)
        return _grant(reply) or _raise(what, reply, Reason.NOT_LINKED)

    def revoke(self, token: str, *, everything: bool) -> bool:
        """As the port says."""
        what, kind = "Revoke a token", "grant" if everything else "token"
        reply = self._send(
            what,
            "DELETE",
            f"{self._api}/applications/{quote(self._id, safe='')}/{kind}",
            auth=(self._id, self._secret),
            json={"access_token": token},
            headers={"accept": _BASIC},
        )
        if reply.status in (204, 404, 422):
            return reply.status == 204
        if reply.status in (401, 403):
            raise Fatal(f"{what}: GitHub does not know the App. {_HELP}")
        raise ForgeUnavailable(f"{what}: GitHub answered {reply.status}.", reply.retry_after)

    def ask_device(self) -> DeviceCode:
        """As the port says."""
        what = "Begin the device flow"
        reply = self._send(what, "POST", f"{self._root}/login/device/code", data={"client_id": self._id})
        code, typed, url = (reply.text(name) for name in ("device_code", "user_code", "verification_uri"))
        if reply.text("error") == "device_flow_disabled":
            unblock = "Enable the device flow in the App's settings, or link without --device."
            raise Refused(Reason.LINKING_OFF, "The GitHub App does not allow the device flow.", unblock)
        if not code or not typed or not url.startswith(("https://", "http://")):
            _raise(what, reply, Reason.LINK_REFUSED)
        return DeviceCode(code, typed, url, reply.seconds("expires_in") or 900.0, reply.seconds("interval") or 5.0)

    def poll_device(self, device_code: str) -> Grant | NotYet:
        """As the port says."""
        what = "Ask for the device flow's end"
        reply = self._token(what, with_secret=False, grant_type=_DEVICE, device_code=device_code)
        if reply.text("error") in ("authorization_pending", "slow_down"):
            return NotYet(slower=reply.text("error") == "slow_down")
        return _grant(reply) or _raise(what, reply, Reason.LINK_REFUSED)

    def _token(self, what: str, *, with_secret: bool = True, **fields: str) -> Reply:
        known = {"client_id": self._id} | ({"client_secret": self._secret} if with_secret else {})
        return self._send(what, "POST", f"{self._root}/login/oauth/access_token", data={**known, **fields})

    def _send(self, what: str, verb: str, url: str, **how: Any) -> Reply:
        try:
            return self._http.send(what, verb, url, **how)
        except NotSent as error:
            raise ForgeUnavailable(str(error)) from None


def _grant(reply: Reply) -> Grant | None:
    token = reply.text("access_token")
    if reply.status != 200 or not token or reply.text("error"):
        return None
    ends = reply.seconds("expires_in"), reply.seconds("refresh_token_expires_in")
    return Grant(token, reply.text("refresh_token") or None, *ends)


def _raise(what: str, reply: Reply, reason: Reason) -> Grant:
    raise _failure(what, reply, reason)


def _failure(what: str, reply: Reply, reason: Reason) -> SlackOpsError:
    """GitHub answers 200 with an `error` where it refuses; anything else is a limit or an outage."""
    said = reply.text("error")
    if said in _APP:
        return Fatal(f"{what}: GitHub refused the App ({said}). {_HELP}")
    if not said or reply.status == 429 or reply.status >= 500:
        return ForgeUnavailable(f"{what}: GitHub answered {reply.status}.", reply.retry_after)
    words = _WORDS.get(said, f"GitHub did not take the answer ({said[:60]})")
    return Refused(reason, f"{words}.", "Begin again in Slack with `/slackops link`.")


_WORDS = {
    "bad_refresh_token": "GitHub no longer takes the link of your account",
    "expired_token": "The code was not typed in time",
    "token_expired": "The code was not typed in time",
    "access_denied": "The request was refused on GitHub",
    "bad_verification_code": "The answer from GitHub is too old, or was used before",
}
