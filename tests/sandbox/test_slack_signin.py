"""Sign in with Slack, the scopes of the token, and members who change."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.sandbox.test_slack_support import BEN, DEPLOYS, OSCAR, World, world

CLIENT, SECRET, BACK = "1.2", "slack-secret", "http://bot.test/link/slack"
KEY = generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
SIGN_IN: dict[str, Any] = {"client_id": CLIENT, "client_secret": SECRET, "openid_key": KEY, "redirect_urls": (BACK,)}


@pytest.fixture
async def rig() -> AsyncIterator[World]:
    async with world(**SIGN_IN) as found:
        yield found


def page(rig: World, **changes: str) -> httpx.URL:
    query = {"client_id": CLIENT, "redirect_uri": BACK, "scope": "openid", "response_type": "code"}
    query |= {"state": "s", "nonce": "n", "team": rig.slack.config.team_id}
    return httpx.URL(f"{root(rig)}/openid/connect/authorize", params=query | changes)


def root(rig: World) -> str:
    return rig.slack.config.slack_url


async def code(rig: World, user: str = BEN, **changes: str) -> dict[str, str]:
    reply = await rig.http.post(page(rig, **changes), data={"account": user})
    assert reply.status_code == 302, reply.text
    return {key: value[0] for key, value in parse_qs(urlsplit(reply.headers["location"]).query).items()}


async def token(rig: World, **fields: str) -> dict[str, Any]:
    given = {"client_id": CLIENT, "client_secret": SECRET, "redirect_uri": BACK, **fields}
    return dict((await rig.http.post(f"{root(rig)}/api/openid.connect.token", data=given)).json())


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def verified(jwt: str, keys: dict[str, Any]) -> dict[str, Any]:
    head, claims, signature = jwt.split(".")
    (key,) = [one for one in keys["keys"] if one["kid"] == json.loads(decoded(head))["kid"]]
    numbers = RSAPublicNumbers(*(int.from_bytes(decoded(key[name]), "big") for name in ("e", "n")))
    numbers.public_key().verify(decoded(signature), f"{head}.{claims}".encode(), PKCS1v15(), SHA256())
    return dict(json.loads(decoded(claims)))


async def test_the_token_says_who_sits_there(rig: World) -> None:
    assert "Continue as Ben" in (await rig.http.get(page(rig))).text
    answer = await code(rig)
    assert answer["state"] == "s"
    got = await token(rig, code=answer["code"])
    keys = (await rig.http.get(f"{root(rig)}/openid/connect/keys")).json()
    claims = verified(got["id_token"], keys)
    assert (claims["aud"], claims["nonce"], claims["iss"]) == (CLIENT, "n", root(rig))
    assert (claims["https://slack.com/user_id"], claims["sub"]) == (BEN, BEN)
    assert claims["https://slack.com/team_id"] == rig.slack.config.team_id
    assert 0 < claims["exp"] - claims["iat"] <= 300
    bearer = {"Authorization": f"Bearer {got['access_token']}"}
    seen = (await rig.http.post(f"{root(rig)}/api/openid.connect.userInfo", headers=bearer)).json()
    assert (seen["ok"], seen["https://slack.com/user_id"]) == (True, BEN)
    with pytest.raises(InvalidSignature):
        verified(got["id_token"][:-8] + "AAAAAAAA", keys)
    found = (await rig.http.get(f"{root(rig)}/.well-known/openid-configuration")).json()
    assert found["token_endpoint"] == f"{root(rig)}/api/openid.connect.token"


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        pytest.param({"code": "nothing"}, "invalid_code", id="unknown-code"),
        pytest.param({"client_id": "9.9"}, "invalid_client_id", id="other-client"),
        pytest.param({"client_secret": "guess"}, "bad_client_secret", id="wrong-secret"),
        pytest.param({"redirect_uri": "http://evil.test"}, "bad_redirect_uri", id="other-address"),
        pytest.param({"grant_type": "password"}, "invalid_grant_type", id="other-grant"),
    ],
)
async def test_what_slack_refuses(rig: World, fields: dict[str, str], error: str) -> None:
    given = {"code": (await code(rig))["code"], **fields}
    assert (await token(rig, **given))["error"] == error


async def test_a_code_works_once(rig: World) -> None:
    given = await code(rig)
    assert (await token(rig, code=given["code"]))["ok"]
    assert (await token(rig, code=given["code"]))["error"] == "invalid_code"


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "9.9"},
        {"redirect_uri": "http://evil.test"},
        {"scope": "identify"},
        {"response_type": "token"},
        {"team": "T0OTHER"},
    ],
    ids=str,
)
async def test_a_page_that_leads_nowhere(rig: World, changes: dict[str, str]) -> None:
    for verb in ("GET", "POST"):
        reply = await rig.http.request(verb, page(rig, **changes), data={"account": BEN})
        assert (reply.status_code, reply.headers.get("location")) == (400, None)


async def test_who_cancels_is_deactivated_or_comes_from_elsewhere(rig: World) -> None:
    assert (await code(rig, ""))["error"] == "access_denied"
    rig.slack.change_user(OSCAR, deleted=True)
    assert (await code(rig, OSCAR))["error"] == "access_denied"
    reply = await rig.http.post(page(rig), data={"account": BEN}, headers={"sec-fetch-site": "cross-site"})
    assert reply.status_code == 403


async def test_a_method_without_its_scope_is_refused(rig: World) -> None:
    assert (await rig.api("users.info", form=True, user=BEN))["ok"]
    rig.slack.set_scopes(("chat:write",))
    refused = await rig.api("users.info", form=True, user=BEN)
    assert (refused["error"], refused["needed"], refused["provided"]) == ("missing_scope", "users:read", "chat:write")
    assert (await rig.api("chat.postMessage", channel=DEPLOYS, text="hi"))["ok"]
    assert (await rig.api("auth.test"))["ok"], "needs none"


@pytest.mark.parametrize(
    ("flags", "shown"),
    [
        ({"deleted": True}, {"deleted": True}),
        ({"is_guest": True}, {"is_restricted": True, "is_ultra_restricted": False}),
        ({"is_ultra_guest": True}, {"is_restricted": True, "is_ultra_restricted": True}),
        ({"is_bot": True}, {"is_bot": True}),
        ({"is_stranger": True}, {"is_stranger": True, "team_id": "T0ELSEWHERE"}),
    ],
    ids=str,
)
async def test_a_member_who_changes_is_told_of(rig: World, flags: dict[str, bool], shown: dict[str, Any]) -> None:
    rig.slack.change_user(BEN, **flags)
    await rig.slack.settled()
    seen = (await rig.api("users.info", form=True, user=BEN))["user"]
    assert {key: seen[key] for key in shown} == shown
    event = rig.stub.payloads[-1]["event"]
    assert (event["type"], event["user"]) == ("user_change", seen)


async def test_who_is_deactivated_does_nothing_any_more(rig: World) -> None:
    rig.slack.change_user(BEN, deleted=True)
    with pytest.raises(ValueError, match="deactivated"):
        await rig.slack.slash(BEN, DEPLOYS, "/promote x 1")
