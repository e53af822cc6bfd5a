"""Whom a storm calls, once, when its card is shown."""

from __future__ import annotations

import pytest

from bot.domain.commands import JoinStorm
from bot.errors import Reason, Refused
from tests.usecases.incident_rig import RULES, IncidentRig, incident
from tests.usecases.test_storm import MANY, name, opens, shown

CALLS = RULES.replace("defaults: {", 'defaults: {notify: {degraded: ["slack:U0ANA"]}, ')


def owned(rig: IncidentRig) -> None:
    """One more, of a model that has an owner."""
    one = incident(name(MANY), opened=rig.clock.now())
    rig.keeps(one)
    rig.put(JoinStorm(incident=one.id), "joins:owned")


@pytest.mark.parametrize(
    ("rules", "owners", "called"),
    [
        (RULES, True, ("slack:U0BEN",)),
        (CALLS, True, ("slack:U0BEN",)),
        (CALLS, False, ("slack:U0ANA",)),
        (RULES, False, ()),
    ],
    ids=["owners", "owners first", "whom the policy names", "nobody"],
)
def test_owners_are_called_else_whom_the_policy_names(rules: str, called: tuple[str, ...], *, owners: bool) -> None:
    rig = IncidentRig()
    rig.checkout.change("main", {".slackops.yaml": rules.encode()}, "Rules")
    for number in range(MANY):
        opens(rig, number)
    if owners:
        owned(rig)
    assert shown(rig).notify == called


def test_without_any_policy_nobody_is_called_and_it_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    rig = IncidentRig()

    def unreadable() -> str:
        raise Refused(Reason.POLICY_INVALID, "Nothing was ever fetched.", None)

    monkeypatch.setattr(rig.checkout, "head", unreadable)
    for number in range(MANY):
        opens(rig, number)
    assert (shown(rig).notify, shown(rig).models) == ((), MANY)
