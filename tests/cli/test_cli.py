"""What the command line says to people who use it wrongly, or whose machine is not set up yet."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
import yaml
from cryptography.fernet import Fernet

from tests.cli.running import free_port, slackops

WELL = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_SIGNING_SECRET": "8f742231b10e8888abcd99yyyzzz85a5",
    "GITHUB_TOKEN": "github_pat_1",
    "DEPLOYMENT_REPO": "acme/ml-deployments",
    "MLFLOW_TRACKING_URI": "https://mlflow.example.com",
    "SLACKOPS_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
}
COMMANDS = ["/promote", "/rollback", "/models", "/drift", "/slackops"]


def test_a_manifest_for_slack_names_the_url_everywhere(tmp_path: Path) -> None:
    made = slackops("slack-manifest", "--url", "https://bot.example/", cwd=tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    manifest = yaml.safe_load(made.stdout)
    commands = manifest["features"]["slash_commands"]
    assert [one["command"] for one in commands] == COMMANDS
    assert {one["url"] for one in commands} == {"https://bot.example/slack/events"}
    assert manifest["settings"]["interactivity"]["request_url"] == "https://bot.example/slack/events"


def test_a_manifest_for_socket_mode_needs_no_url(tmp_path: Path) -> None:
    made = slackops("slack-manifest", "--socket", cwd=tmp_path, env={"SLACKOPS_COMMAND_PREFIX": "ml-"})
    manifest = yaml.safe_load(made.stdout)
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert "://" not in made.stdout
    assert manifest["features"]["slash_commands"][0]["command"] == "/ml-promote"


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ([], "Give --url https://…, set PUBLIC_URL, or use --socket."),
        (["--url", "bot.example"], "It looks like https://slackops.example.com."),
        (["--socket", "--prefix", "ML "], "Use up to 16 of a-z, 0-9, - and _, such as ml-."),
    ],
)
def test_what_slack_would_not_take_is_refused(tmp_path: Path, args: list[str], told: str) -> None:
    refused = slackops("slack-manifest", *args, cwd=tmp_path)
    assert (refused.returncode, refused.stdout) == (1, "")
    why, then = refused.stderr.splitlines()
    assert why.endswith("[bad_usage]")
    assert then == told


@pytest.mark.parametrize("command", ["run", "status"])
def test_every_setting_that_is_missing_is_named_at_once(tmp_path: Path, command: str) -> None:
    ended = slackops(command, cwd=tmp_path)
    named = [line.split(" is missing; expected ")[0] for line in ended.stderr.splitlines()]
    assert ended.returncode == 1
    assert set(named) == {*WELL, "GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY"} - {"GITHUB_TOKEN"}
    assert list(tmp_path.iterdir()) == []


def test_a_secret_that_is_malformed_is_named_and_not_shown(tmp_path: Path) -> None:
    ended = slackops("run", cwd=tmp_path, env=WELL | {"SLACK_BOT_TOKEN": "hunter2", "LOG_LEVEL": "loud"})
    assert ended.returncode == 1
    assert [line.split()[0] for line in ended.stderr.splitlines()] == ["SLACK_BOT_TOKEN", "LOG_LEVEL"]
    assert "hunter2" not in ended.stderr + ended.stdout


@pytest.mark.parametrize("args", [["nonsense"], ["run", "--nope"], ["demo", "--port", "99999"], ["status", "a", "b"]])
def test_wrong_usage_is_exit_2(tmp_path: Path, args: list[str]) -> None:
    ended = slackops(*args, cwd=tmp_path)
    assert ended.returncode == 2
    assert ended.stderr.startswith("Usage: slackops ")
    assert "Traceback" not in ended.stderr


def test_a_port_in_use_is_one_clear_line_and_nothing_was_touched(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ended = slackops("run", cwd=tmp_path, env=WELL | {"PORT": port})
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.splitlines() == [
        f"Cannot listen on 127.0.0.1:{port}: Address already in use. Set PORT or SLACKOPS_HOST to another."
    ]
    assert list(tmp_path.iterdir()) == []


def test_socket_mode_without_its_token_says_which(tmp_path: Path) -> None:
    ended = slackops("run", "--socket", cwd=tmp_path, env=WELL | {"PORT": str(free_port())})
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].startswith("Socket Mode needs SLACK_APP_TOKEN")
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("command", ["run", "status"])
def test_data_that_cannot_be_written_is_one_clear_line(tmp_path: Path, command: str) -> None:
    (tmp_path / "file").touch()
    env = WELL | {"PORT": str(free_port()), "SLACKOPS_DATA_DIR": str(tmp_path / "file" / "data")}
    ended = slackops(command, cwd=tmp_path, env=env)
    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    assert str(tmp_path / "file") in line


def test_a_database_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    url = "postgresql://bot:hunter2@127.0.0.1:9/bot"
    ended = slackops("status", cwd=tmp_path, env=WELL | {"DATABASE_URL": url})
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert "hunter2" not in ended.stderr
    assert len(ended.stderr.splitlines()) <= 2, ended.stderr
