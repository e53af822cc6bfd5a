"""Who is linked when the demo starts, and starts again."""

from __future__ import annotations

from pathlib import Path

from bot.bootstrap import open_store
from bot.cli.demo import link_once
from bot.domain.people import Person
from bot.settings import load_settings
from tests.settings.test_settings import ENV as GOOD

ANA, BEN = Person(team="T0SANDBOX", user="U0ANA"), Person(team="T0SANDBOX", user="U0BEN")
SEEDS = [("T0SANDBOX", "U0ANA", "ana", "gho_ana", 1_001), ("T0SANDBOX", "U0BEN", "ben", "gho_ben", 1_002)]


def test_who_unlinks_stays_unlinked_at_the_next_start(tmp_path: Path) -> None:
    settings = load_settings({**GOOD, "SLACKOPS_DATA_DIR": str(tmp_path)})
    link_once(settings, SEEDS)
    store = open_store(settings)
    try:
        store.links.remove(BEN)
        link_once(settings, SEEDS)
        assert (store.links.login_of(ANA), store.links.account_of(ANA)) == ("ana", 1_001)
        assert store.links.login_of(BEN) is None
    finally:
        store.database.close()
