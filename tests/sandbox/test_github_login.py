"""How a person lets the App in on the forge: web flow with PKCE, device flow, refreshing, revoking, renaming."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.sandbox.login_support import APP, BACK, CLIENT, DEVICE, VERIFIER, Browser, Clock
from tests.sandbox.test_github_support import REPO, running


@pytest.fixture
async def browser(tmp_path: Path) -> AsyncIterator[Browser]:
    clock = Clock()
    async with (
        running(tmp_path, apps=(APP,), clock=clock) as world,
        httpx.AsyncClient(trust_env=False) as http,
    ):
        yield Browser(world, http, clock)


async def test_consent_leads_to_a_token_of_the_person(browser: Browser) -> None:
    page = await browser.http.get(browser.address())
    assert "Continue as" in page.text
    assert "location" not in page.headers, "nothing goes on without a press of a button"
    answer = await browser.consent("ben")
    assert answer["state"] == "s&1"
    pair = await browser.token(code=answer["code"], code_verifier=VERIFIER)
    assert (pair["access_token"][:4], pair["refresh_token"][:4], pair["token_type"]) == ("ghu_", "ghr_", "bearer")
    assert (pair["expires_in"], pair["refresh_token_expires_in"]) == (28_800, 15_897_600)
    seen = (await browser.who(pair["access_token"])).json()
    assert (seen["login"], seen["type"]) == ("ben", "User")


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        pytest.param({"code": "unknown"}, "bad_verification_code", id="unknown-code"),
        pytest.param({"code_verifier": "wrong"}, "bad_verification_code", id="wrong-verifier"),
        pytest.param({"code_verifier": ""}, "bad_verification_code", id="no-verifier"),
        pytest.param({"client_secret": "guess"}, "incorrect_client_credentials", id="wrong-secret"),
        pytest.param({"client_id": "Iv-other"}, "incorrect_client_credentials", id="wrong-client"),
        pytest.param({"redirect_uri": "http://evil.test/"}, "redirect_uri_mismatch", id="other-address"),
        pytest.param({"grant_type": "password"}, "unsupported_grant_type", id="other-grant"),
    ],
)
async def test_an_exchange_that_github_refuses(browser: Browser, fields: dict[str, str], error: str) -> None:
    code = (await browser.consent())["code"]
    assert (await browser.token(**{"code": code, "code_verifier": VERIFIER, **fields}))["error"] == error


async def test_a_code_works_once_and_for_ten_minutes(browser: Browser) -> None:
    code = (await browser.consent())["code"]
    assert "access_token" in await browser.token(code=code, code_verifier=VERIFIER)
    assert (await browser.token(code=code, code_verifier=VERIFIER))["error"] == "bad_verification_code"
    late = (await browser.consent())["code"]
    browser.clock.now += 601
    assert (await browser.token(code=late, code_verifier=VERIFIER))["error"] == "bad_verification_code"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        pytest.param({"client_id": "Iv-other"}, 404, id="unknown-app"),
        pytest.param({"redirect_uri": "http://evil.test/link/github"}, 400, id="foreign-address"),
        pytest.param({"redirect_uri": f"{BACK}/../x"}, 400, id="longer-address"),
        pytest.param({"code_challenge_method": "plain"}, 400, id="plain-challenge"),
        pytest.param({"code_challenge": "short"}, 400, id="short-challenge"),
    ],
)
async def test_a_page_that_leads_nowhere(browser: Browser, changes: dict[str, str], status: int) -> None:
    for verb in ("GET", "POST"):
        reply = await browser.http.request(verb, browser.address(**changes), data={"account": "ben"})
        assert (reply.status_code, reply.headers.get("location")) == (status, None)


async def test_who_cancels_and_foreign_forms(browser: Browser) -> None:
    told = await browser.consent("")
    assert (told["error"], told["state"]) == ("access_denied", "s&1")
    foreign = {"sec-fetch-site": "cross-site"}
    reply = await browser.http.post(browser.address(), data={"account": "ben"}, headers=foreign)
    assert reply.status_code == 403


async def test_a_refresh_token_works_once_and_ends_its_access_token(browser: Browser) -> None:
    first = await browser.linked()
    second = await browser.token(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert (await browser.who(second["access_token"])).json()["login"] == "ben"
    assert (await browser.who(first["access_token"])).status_code == 401
    again = await browser.token(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert again["error"] == "bad_refresh_token"


async def test_tokens_expire_by_the_clock(browser: Browser) -> None:
    pair = await browser.linked()
    browser.clock.now += 28_801
    assert (await browser.who(pair["access_token"])).status_code == 401
    fresh = await browser.token(grant_type="refresh_token", refresh_token=pair["refresh_token"])
    browser.clock.now += 15_897_601
    late = await browser.token(grant_type="refresh_token", refresh_token=fresh["refresh_token"])
    assert late["error"] == "bad_refresh_token"


@pytest.mark.parametrize("what", ["token", "grant"])
async def test_what_was_granted_can_be_taken_back(browser: Browser, what: str) -> None:
    pair, other = await browser.linked(), await browser.linked()
    assert await browser.application("DELETE", what, pair["access_token"], "guess") in {401, 404}
    assert await browser.application("POST", "token", pair["access_token"]) == 200
    assert await browser.application("DELETE", what, pair["access_token"]) == 204
    assert await browser.application("POST", "token", pair["access_token"]) == 404
    assert (await browser.who(pair["access_token"])).status_code == 401
    assert (await browser.who(other["access_token"])).status_code == (200 if what == "token" else 401)
    refused = await browser.token(grant_type="refresh_token", refresh_token=pair["refresh_token"])
    assert refused["error"] == "bad_refresh_token"


async def begun(browser: Browser) -> dict[str, Any]:
    accept = {"accept": "application/json"}
    url = f"{browser.root}/login/device/code"
    return dict((await browser.http.post(url, data={"client_id": CLIENT}, headers=accept)).json())


async def test_the_device_flow(browser: Browser) -> None:
    started = await begun(browser)
    assert started["verification_uri"] == f"{browser.root}/login/device"
    poll = {"grant_type": DEVICE, "device_code": started["device_code"]}
    assert (await browser.token(**poll))["error"] == "authorization_pending"
    hasty = await browser.token(**poll)
    assert (hasty["error"], hasty["interval"]) == ("slow_down", started["interval"] + 5)
    typed = {"user_code": started["user_code"].lower(), "account": "chloe"}
    assert (await browser.http.post(started["verification_uri"], data=typed)).status_code == 200
    browser.clock.now += hasty["interval"]
    pair = await browser.token(**poll)
    assert (await browser.who(pair["access_token"])).json()["login"] == "chloe"
    browser.clock.now += 60
    assert (await browser.token(**poll))["error"] == "incorrect_device_code"


@pytest.mark.parametrize(("account", "wait", "error"), [("", 10, "access_denied"), (None, 901, "expired_token")])
async def test_a_device_that_is_not_let_in(browser: Browser, account: str | None, wait: float, error: str) -> None:
    started = await begun(browser)
    if account is not None:
        data = {"user_code": started["user_code"], "account": account}
        await browser.http.post(started["verification_uri"], data=data)
    browser.clock.now += wait
    assert (await browser.token(grant_type=DEVICE, device_code=started["device_code"]))["error"] == error
    late = {"user_code": started["user_code"], "account": "ben"}
    assert (await browser.http.post(started["verification_uri"], data=late)).status_code == 404


async def test_a_token_may_do_no_more_than_its_person_and_its_app(browser: Browser) -> None:
    number = await browser.world.pull()
    path = f"/repos/{REPO}/pulls/{number}/reviews"

    async def approve(token: str, to: str = path) -> int:
        headers = {"Authorization": f"Bearer {token}"}
        reply = await browser.world.request("POST", to, None, headers=headers, json={"event": "APPROVE"})
        return reply.status_code

    outsider = await browser.linked("oscar")
    assert await approve(outsider["access_token"]) == 404
    reviewer = await browser.linked("ben")
    assert await approve(reviewer["access_token"]) == 200
    assert browser.world.github.reviews(REPO, number)[0]["user"] == "ben"
    admin = await browser.linked("root")
    headers = {"Authorization": f"Bearer {admin['access_token']}"}
    reply = await browser.world.request("GET", f"/repos/{REPO}/branches/main/protection", None, headers=headers)
    assert reply.status_code == 403, "the App has no administration"


@pytest.mark.parametrize(("login", "status"), [("ben", 200), ("dora", 403), ("oscar", 404)])
async def test_a_token_pushes_only_where_its_person_may(browser: Browser, login: str, status: int) -> None:
    pair = await browser.linked(login)
    url = f"{browser.root}/{REPO}.git/info/refs?service=git-receive-pack"
    assert (await browser.http.get(url, auth=("x-access-token", pair["access_token"]))).status_code == status


async def test_a_rename_keeps_the_number_and_the_rules(browser: Browser) -> None:
    world = browser.world
    pair = await browser.linked("ben")
    number = await world.pull("mine", "ben")
    before = (await browser.who(pair["access_token"])).json()["id"]
    world.github.rename("ben", "benjamin")
    seen = (await browser.who(pair["access_token"])).json()
    assert (seen["login"], seen["id"]) == ("benjamin", before)
    assert (await world.request("GET", "/users/ben")).status_code == 404
    assert (await world.request("GET", f"/repos/{REPO}/collaborators/benjamin/permission")).json()["permission"]
    headers = {"Authorization": f"Bearer {pair['access_token']}"}
    path = f"/repos/{REPO}/pulls/{number}/reviews"
    reply = await world.request("POST", path, None, headers=headers, json={"event": "APPROVE"})
    assert reply.status_code == 422, "still the same author"
    assert world.github.pull(REPO, number)["user"]["login"] == "benjamin"
    world.github.rename("oscar", "ben")
    assert (await world.request("GET", "/users/ben")).json()["id"] != before
