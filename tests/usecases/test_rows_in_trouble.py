"""Every row about people and trust, while what it needs is away, carried out twice, of what is gone, under a broken
policy: it is tried again or does no harm, and never becomes a dead letter that a try would have spared."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.commands import (
    AnchorAudit,
    CheckMembers,
    Command,
    ConfirmLink,
    HoldChange,
    JudgeGroup,
    Leave,
    Linked,
    MergeChange,
    PollDevice,
    RevokeToken,
    SettleGlass,
    ShowAudit,
    TellLeaver,
    TellPush,
    Unlink,
)
from bot.domain.groups import REF
from bot.errors import ChatUnavailable, ForgeUnavailable, StoreUnavailable, Transient
from bot.ports import Row
from tests.usecases.link_rig import CHANNEL, LinkRig
from tests.usecases.stop_rig import ANA, BEN

ROWS: dict[str, Command] = {
    "leave": Leave(person=BEN),
    "check members": CheckMembers(),
    "linked": Linked(person=BEN, login="ben"),
    "linked by code": Linked(person=BEN, login="ben", confirmed=False),
    "revoke": RevokeToken(ident="revocation1"),
    "tell leaver": TellLeaver(person=BEN, login="ben"),
    "tell push": TellPush(before="", after="f" * 40),
    "anchor": AnchorAudit(),
    "unlink": Unlink(by=BEN, origin=CHANNEL),
    "audit": ShowAudit(by=ANA, origin=CHANNEL, model="fraud"),
}
GONE: dict[str, Command] = {
    "device": PollDevice(ticket="0" * 64),
    "token": RevokeToken(ident="never was"),
    "group": JudgeGroup(sha="0" * 40, ref=f"{REF}main/pr-1"),
    "person": Leave(login="mallory", account=9),
    "merge": MergeChange(by=ANA, origin=CHANNEL, change="01GONE", digest="d"),
    "settle": SettleGlass(by=ANA, origin=CHANNEL, change="01GONE"),
    "confirm": ConfirmLink(by=ANA, origin=CHANNEL, person=BEN, login="ben"),
}


class Troubled(LinkRig):
    """Ben is linked, had another token before, and asked for #1."""

    def __init__(self) -> None:
        super().__init__()
        for turn in (1, 2):
            grant = self.forge.grant("ben")
            account = replace(self.links.accounts[ANA].account, person=BEN, login="ben", account=1002)
            self.links.save(replace(account, token=grant.token, refresh_token=grant.refresh_token))
            assert len(self.links.revocations) == turn - 1
        change = self.open_change(1)
        self.changes.update(change.id, lambda c: replace(c, requesters=(BEN,)))

    def tried(self, row: Row) -> None:
        """Carried out as the worker would: what is passing is tried again, anything else fails the test."""
        with suppress(Transient):
            self.dispatcher(row)

    def state(self) -> tuple[Any, ...]:
        """All that can be done twice; what only one person saw may be."""
        news = [type(one).__name__ for one in self.told()]
        kinds = sorted(record.key for record in self.inbox.records)
        return news, kinds, [row.entry.what for row in self.audit.chain], self.links.login_of(BEN), self.commits()


@contextmanager
def away(rig: LinkRig, what: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def silent(*_: object, **__: object) -> None:
        raise ChatUnavailable("Slack is down")

    def lost(*_: object, **__: object) -> None:
        raise StoreUnavailable("the database is down")

    down = ForgeUnavailable("GitHub is down")
    with monkeypatch.context() as patch:
        if what == "forge":
            for one in (rig.ctx.forge, rig.forge, rig.checkout):
                patch.setattr(one, "down", down)
        for name in ("post", "whisper", "member", "user_group", "find") if what == "slack" else ():
            patch.setattr(rig.chat, name, silent)
        if what == "store":
            patch.setattr(rig.inbox, "down", True)
            patch.setattr(rig.links, "remove", lost)  # one database
        yield


@pytest.mark.parametrize("what", ["forge", "slack", "store"])
@pytest.mark.parametrize("name", ROWS)
def test_what_was_away_changes_nothing_of_the_end(name: str, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    calm, rig = Troubled(), Troubled()
    calm.dispatcher(calm.row(ROWS[name]))
    row = rig.row(ROWS[name])
    with away(rig, what, monkeypatch):
        for attempt in (1, 2):
            rig.tried(replace(row, attempt=attempt))
    rig.dispatcher(replace(row, attempt=3))
    assert rig.state() == calm.state()


@pytest.mark.parametrize("name", ROWS)
def test_twice_is_once(name: str) -> None:
    rig = Troubled()
    row = rig.row(ROWS[name])
    rig.dispatcher(row)
    before = rig.state()
    rig.dispatcher(replace(row, attempt=2))
    assert rig.state() == before


@pytest.mark.parametrize("name", [*ROWS, *GONE])
def test_a_broken_policy_stops_none_of_them(name: str) -> None:
    rig = Troubled()
    rig.checkout.change("main", {".slackops.yaml": b"version: nonsense"}, "oops")
    rig.dispatcher(rig.row((ROWS | GONE)[name]))


@pytest.mark.parametrize("name", GONE)
def test_what_is_gone_harms_nothing(name: str) -> None:
    rig = Troubled()
    before = rig.state()
    rig.dispatcher(rig.row(GONE[name]))
    news, keys, _, *rest = rig.state()
    assert [news, keys, *rest] == [before[0], before[1], *before[3:]]


@pytest.mark.parametrize(("name", "again"), [("revoke", 1), ("tell leaver", 1), ("linked by code", 1), ("leave", 0)])
def test_what_nobody_else_asks_for_is_begun_anew(name: str, again: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given up after an outage of hours; a day later it is done, once."""
    rig = Troubled()
    row = replace(rig.row(ROWS[name]), attempt=20)
    with away(rig, "store" if name == "leave" else "slack" if name != "revoke" else "forge", monkeypatch):
        with suppress(Transient):
            rig.dispatcher(row)
    rig.dispatcher.gave_up(row, "down")
    rig.dispatcher.gave_up(row, "down")  # killed before it was buried
    anew = [one for one in rig.inbox.records if "~" in one.key]
    assert len(anew) == again
    assert all(one.due == rig.clock.now() + 3600 for one in anew)


def test_what_will_not_mend_itself_is_not_begun_anew() -> None:
    rig = Troubled()
    rig.dispatcher.gave_up(rig.row(ROWS["tell leaver"]), "no such channel")
    assert [one for one in rig.inbox.records if "~" in one.key] == []


def test_what_is_judged_of_one_group_is_judged_in_order() -> None:
    """Or what was seen first could be written last: a group that nobody approves any more would merge."""
    rig = Troubled()
    for key in ("g1", "g2"):
        rig.inbox.put(key, JudgeGroup(sha="a" * 40, ref=REF))
    rig.inbox.put("g3", JudgeGroup(sha="b" * 40, ref=REF))
    claimed = []
    while row := rig.inbox.claim("w", 60):
        claimed.append(row.key)
    assert claimed[-2:] == ["g1", "g3"]


@pytest.mark.parametrize("first", [MergeChange, SettleGlass])
def test_a_hold_waits_for_no_other_button(first: type[Any]) -> None:
    """A Merge that is tried again, as while Slack does not tell who has the role, keeps no Hold waiting behind it."""
    rig = Troubled()
    more = {"digest": "d"} if first is MergeChange else {}
    rig.inbox.put("other", first(by=ANA, origin=CHANNEL, change="01C", **more))
    rig.inbox.put("hold", HoldChange(by=BEN, origin=CHANNEL, change="01C", hold=True))
    claimed = []
    while row := rig.inbox.claim("w", 60):
        claimed.append(row.key)
        if row.key == "other":
            rig.inbox.retry(row, 600, "Slack is down")
    assert claimed[-2:] == ["other", "hold"]
