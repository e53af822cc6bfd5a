"""Which webhooks the wired bot listens on, and which engines it can ask: as the settings say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bot.bootstrap import Bot, build_engines
from bot.settings import load_settings
from tests.settings.test_settings import ENV

SECRETS = {
    "github": "GITHUB_WEBHOOK_SECRET",
    "argocd": "ARGOCD_WEBHOOK_TOKEN",
    "flux": "FLUX_WEBHOOK_SECRET",
    "rollout": "ROLLOUT_WEBHOOK_SECRET",
    "alertmanager": "ALERTMANAGER_WEBHOOK_TOKEN",
    "drift": "DRIFT_WEBHOOK_SECRET",
}


@contextmanager
def bot(folder: Path, given: Mapping[str, str]) -> Iterator[Bot]:
    made = Bot(load_settings({**ENV, "SLACKOPS_DATA_DIR": str(folder), **given}))
    yield made
    made.store.database.close()


async def statuses(made: Bot) -> dict[str, int]:
    """What each webhook says to somebody who knows no secret."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(made.web()), base_url="http://bot") as client:
        return {name: (await client.post(f"/webhooks/{name}", content=b"{}")).status_code for name in SECRETS}


async def test_all_are_closed_without_their_secret(tmp_path: Path) -> None:
    with bot(tmp_path, {}) as made:
        assert await statuses(made) == dict.fromkeys(SECRETS, 404)


@pytest.mark.parametrize("name", SECRETS)
async def test_each_secret_opens_its_own(tmp_path: Path, name: str) -> None:
    with bot(tmp_path, {SECRETS[name]: "s3cret"}) as made:
        assert await statuses(made) == {**dict.fromkeys(SECRETS, 404), name: 401}


def test_argo_cd_can_be_asked_when_it_is_known() -> None:
    assert build_engines(load_settings(ENV)) == {}
    assert list(build_engines(load_settings({**ENV, "ARGOCD_SERVER": "h", "ARGOCD_TOKEN": "t"}))) == ["argocd"]
