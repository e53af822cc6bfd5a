"""The sandbox as a whole: one port, seeded once, taken up again, ended at once."""

import asyncio
import json
import stat
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.domain.github_manifest import CALLBACK_PATH, wanted
from bot.domain.slack_manifest import BOT_EVENTS, REDIRECT_PATH, SCOPES
from bot.sandbox.cluster import Pace
from bot.sandbox.seed import REPO, deployed
from bot.sandbox.seed.files import example_files
from bot.sandbox.server import Options, PortInUse, RegistryUnavailable, Sandbox
from bot.sandbox.serving import bind
from bot.settings import load_settings

FRAUD = "models/fraud-detector/production/inferenceservice.yaml"
QUICK = Options(page=False, registry=False, pace=Pace(0, 0))


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    made = Sandbox(tmp_path / "data", 0, options=QUICK)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as client:
        yield client


async def test_the_bot_is_told_all_that_it_needs(sandbox: Sandbox) -> None:
    settings = load_settings(sandbox.env())
    assert settings.deployment_repo == REPO
    assert settings.port == sandbox.bot_port != 0
    assert settings.public_url == sandbox.base_url
    assert settings.slackops_data_dir.is_absolute()


async def test_slack_and_github_know_the_bot(sandbox: Sandbox, http: httpx.AsyncClient) -> None:
    env = sandbox.env()
    slack = await http.post(
        f"{env['SLACK_API_URL']}auth.test", headers={"authorization": f"Bearer {env['SLACK_BOT_TOKEN']}"}
    )
    assert slack.json()["user_id"] == "U0SLACKOPS"
    assert (await http.get(f"{env['GITHUB_API_URL']}/repos/{REPO}")).status_code in {401, 404}


async def test_the_app_s_key_opens_the_repository(sandbox: Sandbox) -> None:
    from github import Auth, GithubIntegration

    env = sandbox.env()
    auth = Auth.AppAuth(int(env["GITHUB_APP_ID"]), env["GITHUB_APP_PRIVATE_KEY"])

    def read() -> str:
        api = GithubIntegration(auth=auth, base_url=env["GITHUB_API_URL"])
        client = api.get_github_for_installation(int(env["GITHUB_INSTALLATION_ID"]))
        return client.get_repo(env["DEPLOYMENT_REPO"]).get_branch("main").commit.sha

    assert await asyncio.to_thread(read) == sandbox.github.head(REPO)


async def test_the_apps_have_what_their_manifests_ask_for_and_no_more(sandbox: Sandbox) -> None:
    permissions, events = wanted(("actions", "deployments", "protection", "queue"))
    (app,) = sandbox.github._forge.config.apps
    assert dict(app.permissions) == {name: one.level for name, one in permissions.items()}
    assert set(app.events) == set(events)
    assert app.callback_urls == (f"{sandbox.base_url}{CALLBACK_PATH}",)
    slack = sandbox.workspace.config
    assert (set(slack.scopes), set(slack.events)) == (set(SCOPES), set(BOT_EVENTS))
    assert slack.redirect_urls == (f"{sandbox.base_url}{REDIRECT_PATH}",)


async def test_who_is_to_link_first_is_not_linked(tmp_path: Path) -> None:
    options = Options(page=False, registry=False, unlinked=("chloe",))
    made = Sandbox(tmp_path, 0, options=options)
    await made.start()
    try:
        assert [login for _, _, login, *_ in made.links()] == ["ana", "ben"]
    finally:
        await made.stop()


async def test_linked_people_have_accounts_and_the_outsider_has_no_access(
    sandbox: Sandbox, http: httpx.AsyncClient
) -> None:
    assert [(team, user, login, account) for team, user, login, _, account in sandbox.links()] == [
        ("T0SANDBOX", "U0ANA", "ana", 1_001),
        ("T0SANDBOX", "U0BEN", "ben", 1_002),
        ("T0SANDBOX", "U0CHLOE", "chloe", 1_003),
    ]
    root = sandbox.env()["GITHUB_API_URL"]
    for _, _, login, token, account in sandbox.links():
        seen = await http.get(f"{root}/user", headers={"authorization": f"Bearer {token}"})
        assert (seen.json()["login"], seen.json()["id"]) == (login, account)
    oscar = {"authorization": f"Bearer {sandbox.keys.tokens['oscar']}"}
    assert (await http.get(f"{root}/repos/{REPO}", headers=oscar)).status_code == 404


async def test_git_clones_it(sandbox: Sandbox, tmp_path: Path) -> None:
    token, url = sandbox.keys.tokens["ana"], sandbox.env()["DEPLOYMENT_REMOTE_URL"]
    command = ["git", "clone", "--quiet", url.replace("://", f"://ana:{token}@"), str(tmp_path / "copy")]
    await asyncio.to_thread(subprocess.run, command, check=True, capture_output=True)
    assert (tmp_path / "copy" / FRAUD).read_bytes() == example_files()[FRAUD]


async def test_main_demands_our_statuses_from_our_app(sandbox: Sandbox, http: httpx.AsyncClient) -> None:
    kim = {"authorization": f"Bearer {sandbox.keys.tokens['kim']}"}
    url = f"{sandbox.env()['GITHUB_API_URL']}/repos/{REPO}/branches/main/protection"
    shown = (await http.get(url, headers=kim)).json()
    assert shown["required_status_checks"]["checks"] == [
        {"context": "slackops/gates", "app_id": 2001},
        {"context": "slackops/approvals", "app_id": 2001},
    ]
    assert "required_pull_request_reviews" not in shown


async def test_kim_can_push_past_it_and_the_cluster_follows(sandbox: Sandbox) -> None:
    content = example_files()[FRAUD].replace(b"/3/model", b"/4/model")
    sha = await sandbox.github.push_file("kim", REPO, "main", FRAUD, content, "By hand")
    found = await sandbox.cluster.wait_for(
        lambda: next((one for one in sandbox.cluster.workloads() if one["revision"] == sha), None)
    )
    assert (found["model"], found["environment"], found["version"]) == ("fraud-detector", "production", "4")


async def test_a_second_start_takes_up_where_the_first_was(tmp_path: Path) -> None:
    first = Sandbox(tmp_path, 0, options=QUICK)
    await first.start()
    ana = await first.workspace.post("U0ANA", "C0RANDOM", "hello")
    number = await _pull(first)
    keys, env = first.keys, first.env()
    await first.stop()
    second = Sandbox(tmp_path, 0, options=QUICK)
    await second.start()
    assert second.keys == keys
    assert second.env()["SLACK_BOT_TOKEN"] == env["SLACK_BOT_TOKEN"]
    assert [one["ts"] for one in second.workspace.messages("C0RANDOM", "U0ANA")] == [ana]
    assert second.github.pull(REPO, number)["title"] == "Four"
    assert len(second.cluster.workloads()) == len(deployed())
    await second.stop()


async def _pull(sandbox: Sandbox) -> int:
    content = example_files()[FRAUD].replace(b"/3/model", b"/4/model")
    await sandbox.github.push_file("ana", REPO, "four", FRAUD, content, "Four")
    return await sandbox.github.open_pull("ana", REPO, "four", "main", "Four")


async def test_what_an_administrator_changed_stays_changed(tmp_path: Path) -> None:
    first = Sandbox(tmp_path, 0, options=QUICK)
    await first.start()
    first.github.protect(REPO, "main", None)
    await first.stop()
    second = Sandbox(tmp_path, 0, options=QUICK)
    await second.start()
    await second.github.push_file("ana", REPO, "main", "notes.md", b"x", "allowed now")
    await second.stop()


async def test_secrets_are_the_owner_s_alone_and_differ_between_sandboxes(sandbox: Sandbox, tmp_path: Path) -> None:
    path = sandbox.data_dir / "secrets.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(sandbox.data_dir.stat().st_mode) == 0o700
    other = Sandbox(tmp_path / "other", 0, options=QUICK)
    await other.start()
    assert not set(_texts(other)) & set(_texts(sandbox))
    await other.stop()


def _texts(sandbox: Sandbox) -> list[str]:
    stored = json.loads((sandbox.data_dir / "secrets.json").read_text())
    return [*stored.pop("tokens").values(), *stored.values()]


async def test_a_damaged_file_of_secrets_is_named(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text("{")
    with pytest.raises(ValueError, match=r"secrets\.json is damaged"):
        await Sandbox(tmp_path, 0, options=QUICK).start()


async def test_a_port_in_use_is_told_before_anything_is_made(tmp_path: Path) -> None:
    sock = bind(0)
    port = sock.getsockname()[1]
    with pytest.raises(PortInUse, match=f"Port {port} is in use"):
        await Sandbox(tmp_path / "data", port, options=QUICK).start()
    sock.close()
    assert not (tmp_path / "data").exists()


async def test_a_start_that_fails_frees_the_port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def failing(*_: object) -> bool:
        raise RegistryUnavailable("no scikit-learn")

    monkeypatch.setattr("bot.sandbox.server.seed_registry", failing)
    sandbox = Sandbox(tmp_path, 0, options=Options(page=False))
    with pytest.raises(RegistryUnavailable):
        await sandbox.start()
    bind(int(sandbox.base_url.rpartition(":")[2])).close()


async def test_it_listens_on_loopback_only(sandbox: Sandbox) -> None:
    assert sandbox.base_url.startswith("http://127.0.0.1:")


async def test_stopping_twice_or_unstarted_is_fine(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path, 0, options=QUICK)
    await sandbox.stop()
    await sandbox.start()
    await sandbox.stop()
    await sandbox.stop()


async def test_open_event_streams_and_sockets_do_not_hold_up_the_stop(tmp_path: Path) -> None:
    from websockets.asyncio.client import connect

    sandbox = Sandbox(tmp_path, 0, options=Options(registry=False, pace=Pace(0, 0)))
    await sandbox.start()
    env = sandbox.env()
    async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
        app = {"authorization": f"Bearer {env['SLACK_APP_TOKEN']}"}
        opened = await client.post(f"{env['SLACK_API_URL']}apps.connections.open", headers=app)
        async with connect(opened.json()["url"], proxy=None) as socket:
            await socket.recv()
            async with client.stream("GET", f"{sandbox.base_url}/page/api/events") as events:
                await anext(events.aiter_lines())
                async with asyncio.timeout(1.9):  # less than the server's grace
                    await sandbox.stop()


async def test_the_page_and_its_pull_request_view_are_served(tmp_path: Path, http: httpx.AsyncClient) -> None:
    sandbox = Sandbox(tmp_path, 0, options=Options(registry=False))
    await sandbox.start()
    for path in ("/", f"/{REPO}/pull/1"):
        assert (await http.get(sandbox.base_url + path)).headers["content-type"].startswith("text/html")
    state = (await http.get(f"{sandbox.base_url}/page/api/state")).json()
    assert len(state["cluster"]) == len(deployed())
    assert {one["user"] for one in state["personas"]} == {"U0ANA", "U0BEN", "U0CHLOE", "U0OSCAR"}
    await sandbox.stop()
