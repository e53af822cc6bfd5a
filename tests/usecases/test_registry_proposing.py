"""A rule asks for a promotion: under the same rules as people, once, and with respect for what people decided."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.change import Action, ChangeState
from bot.domain.commands import Ban, CloseChange, Origin, Promote, ProposeByRule
from bot.domain.facts import Pull
from bot.errors import RegistryUnavailable
from bot.usecases import registry_withdrawing
from tests.usecases.hand_rig import ANA, BEN, FRAUD, uri
from tests.usecases.registry_rig import RegistryRig

WORDS = "@challenger was set to 50"


@pytest.fixture
def rig() -> RegistryRig:
    return RegistryRig().begun()


def asks(rig: RegistryRig, version: str = "50", environment: str = "production", rule: str = WORDS) -> None:
    rig.run(ProposeByRule(model="fraud", version=version, environment=environment, rule=rule))
    rig.drain()


def audited(rig: RegistryRig, what: str = "not_proposed") -> list[str | None]:
    return [row.entry.why for row in reversed(rig.audit.of_model("fraud")) if row.entry.what == what]


def test_nobody_asks_and_the_card_says_why(rig: RegistryRig) -> None:
    asks(rig)
    [card] = rig.cards()
    change = rig.only()
    assert (card.requesters, card.by_rule) == ((), f"Asked for by the policy: {WORDS}.")
    assert change.number is not None
    assert "SlackOps-Requested-By: policy" in rig.forge.pull(change.number).body
    [row] = [one.entry for one in rig.audit.of_change(change.id) if one.entry.what == "proposed"]
    assert (row.by, row.evidence["rule"]) == ("policy", WORDS)
    assert rig.news() == []


def test_roles_are_for_people_only(rig: RegistryRig) -> None:
    """Ana is not in the role `promote`; the policy is nobody."""
    rig.run(Promote(by=ANA, model="fraud", version="50", environment="production"))
    assert rig.opened_changes() == []
    asks(rig)
    assert rig.opened_changes() == [("fraud", "production", "50")]


def test_whoever_may_approves_it(rig: RegistryRig) -> None:
    asks(rig)
    rig.run(Promote(by=BEN, model="fraud", version="50", environment="production"))  # joins, so may not approve
    assert rig.only().requesters == (BEN,)


def test_an_environment_by_its_alias(rig: RegistryRig) -> None:
    asks(rig, environment="prod")
    assert rig.opened_changes() == [("fraud", "production", "50")]


@pytest.mark.parametrize("version", ["40", "50"], ids=["pinned", "open"])
def test_what_is_there_or_on_its_way_is_no_news(rig: RegistryRig, version: str) -> None:
    if version == "50":
        rig.open_change(7, to="50")
    before = len(rig.chat.sent)
    asks(rig, version)
    assert len(rig.chat.sent) == before
    assert len(audited(rig)) == 1


def test_a_banned_version_is_left_alone(rig: RegistryRig) -> None:
    rig.run(Ban(by=ANA, origin=Origin(channel="C0DEPLOYS"), model="fraud", version="50", reason="leaks"))
    asks(rig)
    assert (rig.opened_changes(), rig.news(), len(audited(rig))) == ([], [], 1)


def test_what_people_closed_waits_for_people(rig: RegistryRig) -> None:
    asks(rig)
    rig.run(CloseChange(by=ANA, change=rig.only().id, reason="no"))
    rig.drain()
    asks(rig)
    assert (rig.opened_changes(), rig.news()) == ([], [])
    assert audited(rig) == ["#1 for it was closed, and nobody promoted 50 by name since"]


@pytest.mark.parametrize("by_name", [False, True])
def test_what_was_taken_back_waits_for_people(rig: RegistryRig, by_name: bool) -> None:
    left = rig.open_change(7, to="40")
    back = replace(left.intent, action=Action.ROLLBACK, frm="50", to="40")
    rig.changes.update(left.id, lambda c: replace(c, intent=back, state=ChangeState.MERGED))
    if by_name:
        again = rig.open_change(8, to="50")
        rig.changes.update(again.id, lambda c: replace(c, state=ChangeState.MERGED, created_at=c.created_at + 1))
    asks(rig)
    assert rig.opened_changes() == ([("fraud", "production", "50")] if by_name else [])


def test_what_people_asked_for_is_not_superseded(rig: RegistryRig) -> None:
    rig.open_change(7, to="49")
    asks(rig)
    asks(rig)
    assert rig.opened_changes() == [("fraud", "production", "49")]
    [news] = rig.news()
    assert news.headline == "Not proposed: fraud 50, production"
    assert "#7 to 49 is open there" in news.text
    assert "`/promote fraud 50 production`" in news.unblock


def test_what_a_rule_asked_for_gives_way_to_the_next(rig: RegistryRig) -> None:
    asks(rig)
    asks(rig, "51", rule="@challenger was set to 51")
    assert rig.opened_changes() == [("fraud", "production", "51")]


def test_an_older_version_by_an_alias_moved_back_is_meant(rig: RegistryRig) -> None:
    asks(rig, "30")
    assert rig.opened_changes() == [("fraud", "production", "30")]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({FRAUD: b"uri: [\n"}, "cannot be read"),
        ({FRAUD: b"uri: {{ .Values.x }}\n"}, ""),
    ],
    ids=["broken", "template"],
)
def test_a_target_that_cannot_be_read_is_told_once(rig: RegistryRig, files: dict[str, bytes], words: str) -> None:
    rig.checkout.change("main", dict(files))
    asks(rig)
    asks(rig)
    [news] = rig.news()
    assert words in news.text
    assert news.text.startswith(f"A rule of the policy wanted it, because {WORDS}.")


def test_a_version_that_is_gone_is_told(rig: RegistryRig) -> None:
    asks(rig, "999")
    assert [one.headline for one in rig.news()] == ["Not proposed: fraud 999, production"]


def test_a_registry_that_stays_away_is_asked_again_for_a_day(rig: RegistryRig) -> None:
    rig.registry.down = RegistryUnavailable("away")
    asks(rig)
    assert rig.opened_changes() == []
    rig.registry.down = None
    rig.later(301)
    assert rig.opened_changes() == [("fraud", "production", "50")]


def test_after_a_day_it_is_given_up_and_told(rig: RegistryRig) -> None:
    rig.registry.down = RegistryUnavailable("away")
    row = rig.row(ProposeByRule(model="fraud", version="50", environment="production", rule=WORDS), "r9")
    rig.clock.time += 90_000
    with pytest.raises(RegistryUnavailable):
        rig.dispatcher(row)
    rig.dispatcher.gave_up(row, "away")
    assert [one.headline for one in rig.news()] == ["Not proposed: fraud 50, production"]


def test_a_killed_proposal_goes_on_with_the_same_row(rig: RegistryRig, monkeypatch: pytest.MonkeyPatch) -> None:
    row = rig.row(ProposeByRule(model="fraud", version="50", environment="production", rule=WORDS), "r9")
    with monkeypatch.context() as patch:
        patch.setattr(rig.forge, "open_pull", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            rig.dispatcher(row)
    rig.dispatcher(row)
    rig.drain()
    assert (rig.only().number, len(rig.forge.open_pulls()), len(rig.cards())) == (1, 1, 1)


def test_a_broken_policy_is_waited_for(rig: RegistryRig) -> None:
    rig.change_policy("version: 1", "version: one")
    asks(rig)
    rig.change_policy("version: one", "version: 1")
    rig.later(301)
    assert rig.opened_changes() == [("fraud", "production", "50")]


def test_what_is_pinned_meanwhile_by_hand_is_no_news(rig: RegistryRig) -> None:
    rig.checkout.change("main", {FRAUD: uri("fraud", 50)})
    asks(rig)
    assert (rig.opened_changes(), rig.news()) == ([], [])


def test_the_first_body_says_that_a_rule_asked(rig: RegistryRig, monkeypatch: pytest.MonkeyPatch) -> None:
    bodies: list[str] = []
    real = rig.forge.open_pull

    def opening(branch: str, title: str, body: str, labels: list[str]) -> Pull:
        bodies.append(body)
        return real(branch, title, body, labels)

    monkeypatch.setattr(rig.forge, "open_pull", opening)
    asks(rig)
    assert "Asked for by the policy: @\u200bchallenger was set to 50." in bodies[0]


@pytest.mark.parametrize(("version", "told"), [("30", True), ("50", False)], ids=["older", "newer"])
def test_the_card_says_that_it_goes_back(rig: RegistryRig, version: str, told: bool) -> None:
    asks(rig, version)
    [card] = rig.cards()
    assert [line for line in card.why if "older" in line] == (
        ["30 is older than 40, which is deployed: the policy asks to go back."] if told else []
    )


def test_a_name_with_a_tilde_is_asked_again_like_any_other(rig: RegistryRig) -> None:
    rig.registry.down = RegistryUnavailable("away")
    command = ProposeByRule(model="fraud", version="50", environment="production", rule=WORDS)
    rig.dispatcher(rig.row(command, "rule:a~b:1:a~b:production:50"))
    for _ in range(3):
        rig.later(301)
    rig.registry.down = None
    rig.later(301)
    assert rig.opened_changes() == [("fraud", "production", "50")]


@pytest.mark.parametrize("joined", [False, True])
def test_an_alias_that_is_moved_back_to_what_is_deployed_withdraws_its_change(rig: RegistryRig, joined: bool) -> None:
    asks(rig)
    if joined:
        rig.run(Promote(by=BEN, model="fraud", version="50", environment="production"))
    asks(rig, "40", rule="validation = passed was set on 40")
    asks(rig, "40", rule="@other was set to 40")
    assert rig.opened_changes() == [("fraud", "production", "50")]
    asks(rig, "40", rule="@challenger was set to 40")
    assert rig.opened_changes() == ([("fraud", "production", "50")] if joined else [])
    assert len(rig.forge.open_pulls()) == int(joined)
    if not joined:
        asks(rig)  # it may be asked for again
        assert rig.opened_changes() == [("fraud", "production", "50")]


def test_a_withdrawal_that_is_killed_is_finished(rig: RegistryRig, monkeypatch: pytest.MonkeyPatch) -> None:
    asks(rig)
    row = rig.row(
        ProposeByRule(model="fraud", version="40", environment="production", rule="@challenger was set to 40")
    )
    with monkeypatch.context() as patch:
        patch.setattr(registry_withdrawing, "ask_reconcile", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            rig.dispatcher(row)
    rig.dispatcher(row)
    rig.later(3)
    assert (rig.opened_changes(), rig.forge.open_pulls()) == ([], [])
