"""Whoever asks is known by the number of the account that they had then: neither a rename nor another link frees it."""

from __future__ import annotations

import pytest

from bot.domain.commands import Promote
from bot.ports import LinkedAccount
from tests.usecases.link_rig import BEN, LinkRig
from tests.usecases.stop_rig import ANA


@pytest.fixture
def rig() -> LinkRig:
    return LinkRig()


def test_the_numbers_of_those_who_ask_stay_with_the_change(rig: LinkRig) -> None:
    rig.ask(Promote, "p1", by=ANA, model="fraud", version="42", environment="staging")
    (change,) = rig.changes.all_open()
    assert (change.logins, change.accounts) == (("ana",), (1001,))
    rig.links.save(LinkedAccount(ANA, "second", "ghu_9", 9009))
    (change,) = rig.changes.all_open()
    assert change.accounts == (1001,)
    assert rig.links.by_login("ana", 1001) is None  # nobody's now, and still excluded there
    assert rig.links.login_of(BEN) is None
