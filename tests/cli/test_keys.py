"""`slackops keys rotate`: a new key goes in front, tokens move over, the old key may go."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from typer.testing import CliRunner

from bot.adapters.store_sql import Database, SqlLinks, migrate
from bot.cli import app
from bot.domain.people import Person
from bot.errors import Refused
from bot.ports import LinkedAccount

ANA = Person(team="T1", user="UANA")
OLD, NEW, OTHER = (Fernet.generate_key().decode() for _ in range(3))
ACCOUNT = LinkedAccount(ANA, "ana", "ghu_1", 7)


@pytest.fixture
def store(tmp_path: Path) -> Database:
    opened = Database(f"sqlite:///{tmp_path / 'slackops.sqlite3'}")
    migrate(opened)
    SqlLinks(opened, [OLD]).save(ACCOUNT)
    return opened


def rotate(folder: Path, *keys: str) -> tuple[int, str, BaseException | None]:
    env = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_SIGNING_SECRET": "12345678",
        "GITHUB_TOKEN": "t",
        "DEPLOYMENT_REPO": "acme/ml",
        "MLFLOW_TRACKING_URI": "sqlite://",
        "SLACKOPS_DATA_DIR": str(folder),
        "DATABASE_URL": "",
        "SLACKOPS_ENCRYPTION_KEYS": ",".join(keys),
    }
    done = CliRunner().invoke(app, ["keys", "rotate"], env=env)
    return done.exit_code, done.output, done.exception


def test_the_old_key_may_go_afterwards(store: Database, tmp_path: Path) -> None:
    for _ in range(2):
        assert rotate(tmp_path, NEW, OLD)[:2] == (
            0,
            "1 sealed with the first key.\nThe other keys are needed no more.\n",
        )
    assert SqlLinks(store, [NEW]).of(ANA) == ACCOUNT
    assert "ghu_1" not in rotate(tmp_path, NEW)[1]


def test_a_key_that_is_missing_is_said_and_nothing_is_lost(store: Database, tmp_path: Path) -> None:
    code, output, error = rotate(tmp_path, NEW, OTHER)
    assert (code, output) == (1, "0 sealed with the first key.\n")
    assert isinstance(error, Refused)
    assert SqlLinks(store, [OLD]).of(ANA) == ACCOUNT
