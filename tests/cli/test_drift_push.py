"""`slackops drift push`: into the bot's database, or to its webhook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.fernet import Fernet
from typer.testing import CliRunner

from bot.adapters.clock import SystemClock
from bot.adapters.signin.http import Http
from bot.adapters.store_sql import Database, SqlInbox
from bot.cli import app
from bot.cli.drift_hand_in import AT_ONCE, Report, Taken, hand_in
from bot.domain.commands import TakeDrift
from bot.domain.drifting.windows import Window
from bot.errors import Reason, Refused, SlackOpsError, Transient
from bot.signals.drift import About, parse
from bot.web.guard import MAX_BODY
from tests.signals.drift.recorded_reports import recorded

OF = ["--model", "churn", "--env", "production", "--at", "2026-01-05T10:00:00Z"]
HOOK = {"DRIFT_WEBHOOK_SECRET": "s3cret", "PUBLIC_URL": "https://bot.example.com/"}
KEY = Fernet.generate_key().decode()
PLAIN = {"model": "churn", "environment": "production", "verdict": "bad", "at": "2026-01-05T10:00:00Z"}


def push(folder: Path, *args: str, stdin: bytes | None = None, **env: str) -> tuple[int, str, BaseException | None]:
    known = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_SIGNING_SECRET": "12345678",
        "GITHUB_TOKEN": "t",
        "DEPLOYMENT_REPO": "acme/ml",
        "MLFLOW_TRACKING_URI": "sqlite://",
        "SLACKOPS_DATA_DIR": str(folder),
        "SLACKOPS_ENCRYPTION_KEYS": KEY,
        **dict.fromkeys(("DATABASE_URL", "DRIFT_WEBHOOK_SECRET", "PUBLIC_URL"), ""),
    }
    done = CliRunner().invoke(app, ["drift", "push", *args], env=known | env, input=stdin)
    return done.exit_code, done.output, done.exception


def taken(folder: Path) -> list[TakeDrift]:
    database = Database(f"sqlite:///{folder / 'slackops.sqlite3'}")
    inbox, found = SqlInbox(database, SystemClock()), []
    while row := inbox.claim("w", 30):
        assert isinstance(row.command, TakeDrift)
        found.append(row.command)
        inbox.done(row)
    database.close()
    return found


def written(folder: Path, body: Any) -> str:
    path = folder / "report.json"
    path.write_text(body if isinstance(body, str) else json.dumps(body))
    return str(path)


def test_a_report_is_written_down_once(tmp_path: Path) -> None:
    file = written(tmp_path, recorded("evidently_drifted"))
    said = "churn, production: drift bad, score 2.73: 2 of 3 are beyond their limits: country_code, amount\n"
    assert push(tmp_path, file, *OF)[:2] == (0, f"{said}Taken.\n")
    assert push(tmp_path, file, *OF)[:2] == (0, f"{said}Taken before: nothing changed.\n")
    (command,) = taken(tmp_path)
    assert [(one.source, one.model, one.bad) for one in command.windows] == [("evidently", "churn", 2)]


def test_standard_input_and_json(tmp_path: Path) -> None:
    code, output, _ = push(tmp_path, "-", "--json", stdin=json.dumps(PLAIN).encode())
    told = json.loads(output)
    assert (code, told["status"], told["windows"][0]["verdict"]) == (0, "taken", "bad")
    assert len(taken(tmp_path)) == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("{", "the body is no JSON"),
        ({"metrics": {}}, "metrics: Extra inputs"),
        ({"verdict": "bad"}, "model and environment are needed"),
        ([], "tells nothing"),
        ("x" * (MAX_BODY + 1), "more than 1 MiB"),
    ],
    ids=["no-json", "no-report", "no-model", "nothing", "too-long"],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, body: Any, words: str) -> None:
    file = written(tmp_path, body)
    code, _, error = push(tmp_path, file)
    assert isinstance(error, Refused)
    assert (code, error.reason, words in error.message) == (1, Reason.DATA_UNREADABLE, True)
    code, output, _ = push(tmp_path, file, "--json")
    assert (code, json.loads(output)["reason"]) == (1, "data_unreadable")
    assert not (tmp_path / "slackops.sqlite3").exists()


@pytest.mark.parametrize(
    "args", [["missing.json"], ["-", "--share", "2"], ["-", "--at", "yesterday"], ["-", "--source", "grafana"], []]
)
def test_wrong_usage_is_2(tmp_path: Path, args: list[str]) -> None:
    assert push(tmp_path, *args, stdin=json.dumps(PLAIN).encode())[0] == 2


def test_a_url_needs_the_secret(tmp_path: Path) -> None:
    code, _, error = push(tmp_path, written(tmp_path, PLAIN), "--url", "https://bot.example.com")
    assert (code, str(error)) == (1, "DRIFT_WEBHOOK_SECRET is not set")


class Answering:
    """The bot at the other end."""

    def __init__(self, status: int = 202, said: str = "accepted") -> None:
        self.status, self.said, self.heard = status, said, []  # type: tuple[int, str, list[httpx.Request]]

    def http(self) -> Http:
        return Http(httpx.Client(transport=httpx.MockTransport(self._answer)))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.heard.append(request)
        return httpx.Response(self.status, json={"status": self.said})


@pytest.fixture
def windows() -> tuple[Window, ...]:
    """More than one post may have."""
    return parse("", [PLAIN] * 100, About()) * 2


def test_a_report_goes_to_the_webhook_as_it_is(windows: tuple[Window, ...]) -> None:
    bot = Answering()
    report = Report(b'{"a": 1}', {"model": "churn"})
    assert hand_in(windows, HOOK, None, 1.0, report, bot.http()) is Taken.NEW
    (request,) = bot.heard
    assert str(request.url) == "https://bot.example.com/webhooks/drift?model=churn"
    assert (request.content, request.headers["authorization"]) == (b'{"a": 1}', "Bearer s3cret")


def test_windows_without_a_report_go_as_plain_json_in_pieces(windows: tuple[Window, ...]) -> None:
    bot = Answering(said="accepted before")
    assert hand_in(windows, HOOK, "https://other.example.com", 1.0, None, bot.http()) is Taken.BEFORE
    assert [len(json.loads(request.content)) for request in bot.heard] == [AT_ONCE] * (len(windows) // AT_ONCE)
    assert {request.url.host for request in bot.heard} == {"other.example.com"}
    assert parse("", json.loads(bot.heard[0].content), About()) == windows[:AT_ONCE]


@pytest.mark.parametrize(
    ("status", "said", "error", "words"),
    [
        (400, "model: x", Refused, "The bot cannot read it: model: x."),
        (401, "", Refused, "The bot has another secret."),
        (404, "", Refused, "The bot takes no drift there."),
        (413, "", Refused, "It is too long for the bot."),
        (202, "ignored", Transient, "the answer was 202"),
        (503, "not saved", Transient, "the answer was 503"),
        (302, "", Transient, "the answer was 302"),
    ],
)
def test_what_the_bot_answers(
    windows: tuple[Window, ...], status: int, said: str, error: type[SlackOpsError], words: str
) -> None:
    with pytest.raises(error, match=words) as found:
        hand_in(windows, HOOK, None, 1.0, None, Answering(status, said).http())
    assert "s3cret" not in str(found.value)


def test_nobody_answers(tmp_path: Path) -> None:
    code, _, error = push(
        tmp_path, written(tmp_path, PLAIN), "--url", "http://127.0.0.1:9", DRIFT_WEBHOOK_SECRET="s3cret"
    )
    assert (code, isinstance(error, Transient)) == (1, True)
