"""GitHub's OAuth over HTTP: what is sent, and what an answer is worth."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bot.adapters.signin import GitHubSignIn
from bot.adapters.signin.http import Http
from bot.errors import Fatal, ForgeUnavailable, Refused, SlackOpsError
from bot.ports.signin import AnswerLost, DeviceCode, ForgeUser, Grant, NotYet
from tests.support.answering import fails, served


def github(answer: Any, status: int = 200) -> GitHubSignIn:
    http = answer if isinstance(answer, Http) else served(answer, status)[0]
    return GitHubSignIn("Iv1", "shh", http=http)


GIVEN = {
    "access_token": "ghu_1",
    "refresh_token": "ghr_1",
    "expires_in": 28800,
    "refresh_token_expires_in": 15811200,
    "token_type": "bearer",
}


def test_where_the_browser_is_sent() -> None:
    url = urlsplit(github({}).authorize_url("s1", "c1", "https://bot.test/link/github"))
    assert (url.netloc, url.path) == ("github.com", "/login/oauth/authorize")
    assert parse_qs(url.query)["code_challenge_method"] == ["S256"]


def test_tokens_for_a_code_and_for_a_refresh_token() -> None:
    http, asked = served(GIVEN)
    grant = Grant("ghu_1", "ghr_1", 28800.0, 15811200.0)
    assert github(http).exchange("c1", "v1", "r1") == grant
    assert parse_qs(asked[0].content.decode())["code_verifier"] == ["v1"]
    assert github(http).refresh("ghr_0") == grant
    assert parse_qs(asked[1].content.decode())["grant_type"] == ["refresh_token"]
    assert github({"access_token": "ghu_1"}).exchange("c", "v", "r") == Grant("ghu_1")
    assert "ghu" not in repr(grant)


@pytest.mark.parametrize(
    ("answer", "status", "error", "reason"),
    [
        ({"error": "bad_refresh_token"}, 200, Refused, "not_linked"),
        ({"error": "incorrect_client_credentials"}, 200, Fatal, None),
        (b"", 502, ForgeUnavailable, None),
        (b"", 429, ForgeUnavailable, None),
        (b"not json", 200, ForgeUnavailable, None),
        ({"access_token": "x", "error": "odd"}, 200, Refused, "not_linked"),
    ],
)
def test_a_refresh_that_fails(answer: Any, status: int, error: type[SlackOpsError], reason: str | None) -> None:
    with pytest.raises(error) as no:
        github(answer, status).refresh("ghr_1")
    assert getattr(no.value, "reason", None) == reason


@pytest.mark.parametrize(
    ("error", "lost"),
    [(httpx.ConnectError, False), (httpx.ConnectTimeout, False), (httpx.ReadTimeout, True), (httpx.ReadError, True)],
)
def test_whether_a_refresh_token_was_used_up(error: type[httpx.TransportError], lost: bool) -> None:
    with pytest.raises(ForgeUnavailable) as no:
        github(fails(error)).refresh("ghr_1")
    assert isinstance(no.value, AnswerLost) == lost


def test_whose_token_it_is() -> None:
    assert github({"login": "ana", "id": 7, "type": "User"}).who("t") == ForgeUser("ana", 7)
    assert not github({"login": "bot", "id": 7, "type": "Bot"}).who("t").person
    with pytest.raises(Refused):
        github({}, 401).who("t")
    for odd in ({"login": "ana"}, {"login": "ana", "id": True}, {"id": 7}, {"login": "ana", "id": "7"}):
        with pytest.raises(ForgeUnavailable):
            github(odd).who("t")


@pytest.mark.parametrize(("status", "done"), [(204, True), (404, False), (422, False)])
@pytest.mark.parametrize(("everything", "kind"), [(True, "grant"), (False, "token")])
def test_revoking(status: int, done: bool, everything: bool, kind: str) -> None:
    http, asked = served(status)
    assert github(http).revoke("ghu_1", everything=everything) is done
    assert (asked[0].method, asked[0].url.path) == ("DELETE", f"/applications/Iv1/{kind}")
    assert asked[0].headers["authorization"] == "Basic " + base64.b64encode(b"Iv1:shh").decode()
    assert json.loads(asked[0].content) == {"access_token": "ghu_1"}


@pytest.mark.parametrize(("status", "error"), [(401, Fatal), (500, ForgeUnavailable), (429, ForgeUnavailable)])
def test_revoking_is_tried_again_or_given_up(status: int, error: type[SlackOpsError]) -> None:
    with pytest.raises(error):
        github(status).revoke("t", everything=True)


def test_the_device_flow() -> None:
    code = {"device_code": "d", "user_code": "A-1", "verification_uri": "https://github.com/login/device"}
    assert github(code | {"interval": 7, "expires_in": 899}).ask_device() == DeviceCode(
        "d", "A-1", "https://github.com/login/device", 899.0, 7.0
    )
    with pytest.raises(Refused) as no:
        github({"error": "device_flow_disabled"}).ask_device()
    assert no.value.reason == "linking_off"
    http, asked = served({"error": "authorization_pending"})
    assert github(http).poll_device("d") == NotYet()
    assert "client_secret" not in asked[0].content.decode()
    assert github({"error": "slow_down", "interval": 10}).poll_device("d") == NotYet(slower=True)
    assert github(GIVEN).poll_device("d") == Grant("ghu_1", "ghr_1", 28800.0, 15811200.0)
    for said in ("expired_token", "access_denied", "incorrect_device_code"):
        with pytest.raises(Refused):
            github({"error": said}).poll_device("d")
