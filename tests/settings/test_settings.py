"""What the environment must hold, and that no fault shows a value."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import Settings, SettingsInvalid, load_settings

PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIB\nAAAA\n-----END RSA PRIVATE KEY-----\n"
KEY = "27YqUqqZWlLohRJw0zgcfac8iFHnFGDUFB-O_oZWUPk="
ENV = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_SIGNING_SECRET": "8f742231b10e8888abcd99yyyzzz85a5",
    "GITHUB_TOKEN": "github_pat_1",
    "DEPLOYMENT_REPO": "acme/ml-deployments",
    "MLFLOW_TRACKING_URI": "https://mlflow.example.com",
    "SLACKOPS_ENCRYPTION_KEYS": KEY,
}


def faults(env: dict[str, str]) -> dict[str, str]:
    with pytest.raises(SettingsInvalid) as raised:
        load_settings(env)
    return {f.name: f.message for f in raised.value.faults}


def test_the_least_is_enough() -> None:
    settings = load_settings(ENV)
    assert settings.github_api_url == "https://api.github.com"
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.database.startswith("sqlite:////")
    assert settings.database.endswith("/.slackops/slackops.sqlite3")
    assert (settings.slackops_lease_seconds, settings.slackops_workers) == (30, 4)


def test_what_is_not_ours_is_ignored_and_empty_is_unset() -> None:
    settings = load_settings({**ENV, "PATH": "/bin", "port": "1", "SLACK_APP_TOKEN": "", "PORT": " "})
    assert (settings.slack_app_token, settings.port) == (None, 3000)


def test_an_empty_environment_names_all_that_is_missing() -> None:
    assert set(faults({})) == {*ENV} - {"GITHUB_TOKEN"} | {"GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", "hunter2"),
        ("SLACK_SIGNING_SECRET", "short"),
        ("SLACK_APP_TOKEN", "xoxb-hunter2"),
        ("SLACK_API_URL", "slack.com"),
        ("GITHUB_API_URL", "ftp://hunter2"),
        ("GITHUB_APP_ID", "hunter2"),
        ("GITHUB_APP_PRIVATE_KEY", "hunter2"),
        ("GITHUB_APP_PRIVATE_KEY", "-----BEGIN CERTIFICATE-----\nhunter2\n-----END CERTIFICATE-----"),
        ("DEPLOYMENT_REPO", "hunter2"),
        ("ARGOCD_SERVER", "ftp://hunter2"),
        ("ARGOCD_SERVER", "hunter2 host"),
        ("ARGOCD_TOKEN", "hunter2 x"),
        ("FLUX_WEBHOOK_SECRET", "hunter2 x"),
        ("DATABASE_URL", "mysql://root:hunter2@h/d"),
        ("SLACKOPS_ENCRYPTION_KEYS", f"{KEY},hunter2"),
        ("SLACKOPS_ENCRYPTION_KEYS", ","),
        ("SLACKOPS_COMMAND_PREFIX", "Hunter2 "),
        ("SLACKOPS_WORKERS", "0"),
        ("SLACKOPS_LEASE_SECONDS", "hunter2"),
        ("PORT", "70000"),
        ("LOG_LEVEL", "hunter2"),
        ("LOG_FORMAT", "hunter2"),
    ],
)
def test_a_malformed_one_is_named_and_not_shown(name: str, value: str) -> None:
    env = {**ENV, name: value}
    if name == "GITHUB_APP_ID":
        env["GITHUB_APP_PRIVATE_KEY"] = PEM
    if name == "GITHUB_APP_PRIVATE_KEY":
        env["GITHUB_APP_ID"] = "1"
    if name.startswith("ARGOCD_"):
        env = {"ARGOCD_SERVER": "https://h", "ARGOCD_TOKEN": "t", **env}
    found = faults(env)
    assert list(found) == [name]
    assert found[name].startswith("is malformed; expected ")
    assert "unter2" not in found[name]


def test_half_an_app_is_not_enough() -> None:
    assert list(faults({**ENV, "GITHUB_APP_ID": "7"})) == ["GITHUB_APP_PRIVATE_KEY"]
    assert list(faults({**ENV, "GITHUB_APP_PRIVATE_KEY": PEM})) == ["GITHUB_APP_ID"]


def test_argo_cd_is_asked_with_a_token_or_not_at_all() -> None:
    assert list(faults({**ENV, "ARGOCD_SERVER": "https://h"})) == ["ARGOCD_TOKEN"]
    assert list(faults({**ENV, "ARGOCD_TOKEN": "t"})) == ["ARGOCD_SERVER"]
    assert load_settings(ENV).argocd_server is None


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("https://argocd.example/", "https://argocd.example"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("argocd.example:443", "https://argocd.example:443"),
    ],
)
def test_argo_cd_s_server_as_its_own_command_line_takes_it(given: str, url: str) -> None:
    assert load_settings({**ENV, "ARGOCD_SERVER": given, "ARGOCD_TOKEN": "t"}).argocd_server == url


def test_socket_mode_needs_no_signing_secret() -> None:
    env = {k: v for k, v in ENV.items() if k != "SLACK_SIGNING_SECRET"}
    assert list(faults(env)) == ["SLACK_SIGNING_SECRET"]
    assert load_settings({**env, "SLACK_APP_TOKEN": "xapp-1"}).slack_signing_secret is None


@pytest.mark.parametrize("form", [PEM, PEM.replace("\n", "\\n"), PEM.replace("\n", "\r\n"), f'"{PEM}"'])
def test_the_key_of_the_app_as_text(form: str) -> None:
    assert _key(form) == PEM


def test_the_key_of_the_app_as_a_file(tmp_path: Path) -> None:
    (tmp_path / "app.pem").write_text(PEM)
    assert _key(str(tmp_path / "app.pem")) == PEM


def _key(value: str) -> str:
    key = load_settings({**ENV, "GITHUB_APP_ID": "7", "GITHUB_APP_PRIVATE_KEY": value}).github_app_private_key
    assert key is not None
    return key.get_secret_value().replace("\r", "")


def test_urls_end_as_their_users_want_them() -> None:
    settings = load_settings(
        {**ENV, "SLACK_API_URL": "http://x/api", "GITHUB_API_URL": "http://x/", "PUBLIC_URL": "http://x/"}
    )
    assert (settings.slack_api_url, settings.github_api_url, settings.public_url) == (
        "http://x/api/",
        "http://x",
        "http://x",
    )


def test_secrets_stay_out_of_repr() -> None:
    env = {**ENV, "DATABASE_URL": "postgresql://u:hunter2@h/d", "MLFLOW_TRACKING_URI": "https://u:hunter2@h"}
    env["DEPLOYMENT_REMOTE_URL"] = "https://u:hunter2@h/r.git"
    settings = load_settings(env)
    assert settings.database == "postgresql://u:hunter2@h/d"
    for secret in ("hunter2", "xoxb-1", "github_pat_1", KEY, ENV["SLACK_SIGNING_SECRET"]):
        assert secret not in repr(settings)


def test_frozen() -> None:
    settings = load_settings(ENV)
    with pytest.raises(ValidationError):
        settings.port = 1  # type: ignore[misc]


def test_the_environment_of_the_process_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "1234")
    assert load_settings(ENV).port == 3000


def test_every_variable_says_what_it_should_look_like() -> None:
    assert not [name for name, field in Settings.model_fields.items() if not field.description]
