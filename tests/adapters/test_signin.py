"""Sign in with Slack over HTTP: what is sent, and what an answer is worth."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.signin import SlackOpenId, web_root
from bot.adapters.signin.http import Http
from bot.errors import ChatUnavailable, Fatal, Refused, SlackOpsError
from bot.ports.signin import SignedIn
from tests.support.answering import fails, served

NOW = 1_800_000_000.0
CLAIMS = {
    "iss": "https://slack.com",
    "aud": "cid",
    "exp": NOW + 300,
    "nonce": "n1",
    "https://slack.com/user_id": "U1",
    "https://slack.com/team_id": "T1",
}


def slack(answer: Any, status: int = 200) -> SlackOpenId:
    http = answer if isinstance(answer, Http) else served(answer, status)[0]
    return SlackOpenId("cid", "shh", http=http, now=lambda: NOW)


def token(claims: object) -> dict[str, Any]:
    middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return {"ok": True, "access_token": "xoxp-1", "id_token": f"e30.{middle}.sig"}


@pytest.mark.parametrize(
    ("api", "root"),
    [
        ("https://slack.com/api/", "https://slack.com"),
        ("https://api.github.com", "https://github.com"),
        ("https://git.acme.test/api/v3", "https://git.acme.test"),
        ("http://127.0.0.1:3000/sandbox/github/api/v3", "http://127.0.0.1:3000/sandbox/github"),
        ("http://127.0.0.1:3000/sandbox/slack/api/", "http://127.0.0.1:3000/sandbox/slack"),
    ],
)
def test_people_sign_in_beside_the_api(api: str, root: str) -> None:
    assert web_root(api) == root


def test_where_the_browser_is_sent() -> None:
    url = urlsplit(slack({}).authorize_url("s1", "n1", "T1", "https://bot.test/link/slack"))
    assert (url.netloc, url.path) == ("slack.com", "/openid/connect/authorize")
    asked = {key: value[0] for key, value in parse_qs(url.query).items()}
    assert asked == {
        "response_type": "code",
        "scope": "openid",
        "client_id": "cid",
        "state": "s1",
        "nonce": "n1",
        "team": "T1",
        "redirect_uri": "https://bot.test/link/slack",
    }
    assert "team=" not in slack({}).authorize_url("s", "n", "E1", "r")  # an enterprise is no workspace to choose


def test_slack_says_who_it_is() -> None:
    http, asked = served(token(CLAIMS | {"https://slack.com/enterprise_id": "E1"}))
    assert slack(http).who("c1", "n1", "https://bot.test/link/slack") == SignedIn("U1", frozenset({"T1", "E1"}))
    sent = parse_qs(asked[0].content.decode())
    assert (sent["code"], sent["client_secret"], sent["redirect_uri"]) == (
        ["c1"],
        ["shh"],
        ["https://bot.test/link/slack"],
    )
    assert str(asked[0].url) == "https://slack.com/api/openid.connect.token"


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://evil.test"},
        {"aud": "another"},
        {"aud": ["cid", "another"]},
        {"exp": NOW - 61},
        {"exp": "soon"},
        {"exp": None},
        {"nonce": "n2"},
        {"nonce": None},
        {"https://slack.com/user_id": ""},
        {"https://slack.com/user_id": 7},
    ],
    ids=lambda c: "-".join(f"{k.rpartition('/')[2]}={v}" for k, v in c.items()),
)
def test_a_token_of_another_start_proves_nothing(change: dict[str, Any]) -> None:
    with pytest.raises(Refused) as no:
        slack(token(CLAIMS | change)).who("c", "n1", "r")
    assert no.value.reason == "link_refused"


@given(
    st.text(max_size=60) | st.builds(lambda b: f"a.{base64.urlsafe_b64encode(b).decode()}.c", st.binary(max_size=60))
)
def test_no_token_at_all_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        slack({"ok": True, "id_token": text}).who("c", "n1", "r")


@pytest.mark.parametrize(
    ("answer", "status", "error"),
    [
        ({"ok": False, "error": "invalid_code"}, 200, Refused),
        ({"ok": False, "error": "bad_client_secret"}, 200, Fatal),
        ({"ok": False, "error": "ratelimited"}, 429, ChatUnavailable),
        (b"<html>", 503, ChatUnavailable),
        (b"[" * 9000, 200, ChatUnavailable),
    ],
)
def test_what_slack_answers_else(answer: Any, status: int, error: type[SlackOpsError]) -> None:
    with pytest.raises(error):
        slack(answer, status).who("c", "n", "r")


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError])
def test_slack_away(error: type[httpx.TransportError]) -> None:
    with pytest.raises(ChatUnavailable) as no:
        slack(fails(error)).who("c", "n", "r")
    assert "secret" not in str(no.value)
