"""How a retraining ends: which version came of it, what is proposed, and what is told."""

from __future__ import annotations

import pytest

from bot.domain.cards import ThreadEvent
from bot.domain.commands import LookRetrain
from bot.domain.retrain_cards import RetrainCard
from bot.domain.retraining import Retraining, RetrainRule, RetrainState, Started
from bot.errors import RegistryUnavailable, Transient
from bot.usecases.retrain_looking import ask_retrains
from tests.usecases.retrain_rig import ANA, BEN, INCIDENT, RetrainRig

DAY = 86400.0


@pytest.fixture
def rig() -> RetrainRig:
    return RetrainRig()


def test_the_tagged_version_enters_as_a_proposal(rig: RetrainRig) -> None:
    row = rig.click(incident=INCIDENT)
    rig.registry.add("fraud", created_at=rig.clock.now() + 60, tags={"slackops.retrain": row.id})
    rig.registry.add("fraud", created_at=rig.clock.now() + 61)
    rig.ended()
    one = rig.only()
    assert (one.version, one.settled, rig.retrains.by_version("fraud", "103")) == ("103", True, one)
    assert (rig.proposals(), one.proposed) == ([("fraud", "staging", "103")], f"retrain-propose:{one.id}")
    assert rig.news()[1].endswith("version 103, to be proposed for staging.")
    assert rig.deeds() == ["retrain asked", "retrain started", "retrain ended", "retrain proposed"]
    change = rig.changes.all_open()[0]
    assert (change.requesters, change.rule) == ((), "@ana had it trained again for production: country drifts")


def test_where_the_policy_says(rig: RetrainRig) -> None:
    rig = RetrainRig(retrain="{fraud: {github: {repo: a/b, workflow: t.yml}, to: prod}}")
    rig.click()
    rig.ended(version="60")
    assert rig.proposals() == [("fraud", "production", "60")]


def test_several_that_may_be_meant_are_named_and_none_is_guessed(rig: RetrainRig) -> None:
    rig.click(incident=INCIDENT)
    for _ in range(2):
        rig.registry.add("fraud", created_at=rig.clock.now() + 60)
    rig.ended()
    assert (rig.proposals(), rig.only().proposed) == ([], "")
    assert "which of the versions 104, 103 came of it is not told" in rig.news()[1]
    assert rig.only().settled


def test_a_version_that_comes_late(rig: RetrainRig) -> None:
    rig.click()
    rig.pass_time(600)
    rig.engine.ends(rig.only().id)
    rig.pass_time(300)
    assert (rig.only().state, rig.only().settled) == (RetrainState.SUCCEEDED, False)
    rig.registry.add("fraud", created_at=rig.clock.now())
    rig.pass_time(300)
    assert not rig.only().settled
    rig.pass_time(600)
    assert rig.only().version == "103"


def test_what_is_tagged_later_stands_before_the_only_one(rig: RetrainRig) -> None:
    """Somebody registers another one while it is trained; its own comes a little after the end."""
    rig.click()
    rig.registry.add("fraud", created_at=rig.clock.now() + 60)
    rig.pass_time(600)
    rig.engine.ends(rig.only().id)
    rig.pass_time(300)
    rig.registry.add("fraud", created_at=rig.clock.now(), tags={"slackops.retrain": rig.only().id})
    rig.pass_time(600)
    assert rig.proposals() == [("fraud", "staging", "104")]


def test_a_bot_that_was_away_does_not_give_up_at_its_first_look(rig: RetrainRig) -> None:
    rig.click()
    rig.clock.tick(3 * DAY)
    rig.engine.fails = Transient("the network is not up yet")
    rig.pass_time(60)
    assert rig.only().runs
    rig.engine.fails, rig.registry.down = None, RegistryUnavailable("not up yet")
    rig.engine.ends(rig.only().id, version="60")
    rig.pass_time(600)
    rig.clock.tick(3 * DAY)
    rig.pass_time(60)
    rig.registry.down = None
    rig.pass_time(600)
    assert (rig.only().state, rig.proposals()) == (RetrainState.SUCCEEDED, [("fraud", "staging", "60")])


def test_a_registry_that_stays_away_is_told(rig: RetrainRig) -> None:
    rig.click(incident=INCIDENT)
    rig.registry.down = RegistryUnavailable("away")
    rig.ended(version="60")
    rig.pass_time(DAY + 3600, step=300)
    assert "nothing was proposed: the registry does not answer." in rig.news()[1]


def test_who_joins_while_the_engine_is_asked_hears_of_it(rig: RetrainRig) -> None:
    row = rig.click()
    rig.clock.tick(600)
    rig.engine.ends(row.id, version="60")
    look = rig.engine.look

    def joined(rule: RetrainRule, asked: Retraining) -> Started:
        rig.click("k2", by=BEN, incident=INCIDENT)
        return look(rule, asked)

    rig.engine.look = joined  # type: ignore[method-assign]
    rig.dispatcher(rig.row(LookRetrain(retrain=row.id), "look"))
    assert rig.only().also == (INCIDENT,)
    assert [words.partition(" after")[0] for words in rig.news()][1:] == ["Trained again"]


def test_who_joins_too_late_opens_nothing_again(rig: RetrainRig) -> None:
    """It ends between the look of the joining row and what that writes."""
    row = rig.click()
    rig.engine.ends(row.id, version="60")
    known = rig.only()
    rig.dispatcher(rig.row(LookRetrain(retrain=row.id), "look"))
    settled = rig.only()
    rig.retrains.of = lambda *_: [known]  # type: ignore[method-assign]
    assert isinstance(rig.tries(rig.row(rig.command(BEN, incident=INCIDENT), "k2")), Transient)
    assert rig.retrains.get(row.id) == settled


def test_a_registry_that_is_away_is_waited_for(rig: RetrainRig) -> None:
    rig.click()
    rig.registry.down = RegistryUnavailable("away")
    rig.ended(version="60")
    assert not rig.only().settled
    rig.registry.down = None
    rig.pass_time(600)
    assert (rig.only().version, rig.only().settled) == ("60", True)


def state_of(message: object) -> RetrainState | None:
    return message.state if isinstance(message, RetrainCard) else None


def test_a_retraining_of_its_own_has_a_card(rig: RetrainRig) -> None:
    rig.click()
    [sent] = [one for one in rig.chat.sent if isinstance(one.message, RetrainCard)]
    assert (state_of(sent.message), sent.posted.channel) == (RetrainState.RUNNING, "C0DEPLOYS")
    rig.ended(RetrainState.FAILED, message="out of memory")
    assert state_of(sent.message) is RetrainState.FAILED
    [reply] = [one for one in rig.chat.sent if one.thread == sent.posted.ts]
    assert reply.message == ThreadEvent("Retraining failed after 12 min: out of memory.", to=(ANA,))
    assert rig.proposals() == []


def test_an_engine_that_stays_away_is_lost_sight_of(rig: RetrainRig) -> None:
    rig.click(incident=INCIDENT)
    rig.engine.fails = Transient("it is away")
    rig.pass_time(DAY + 600, step=300)
    one = rig.only()
    assert (one.state, one.message) == (RetrainState.LOST, "not known to have ended within 1 d; it is away")
    assert rig.waiting(LookRetrain) < 400


def test_the_policy_may_change_meanwhile(rig: RetrainRig) -> None:
    rig.click()
    text = rig.checkout.read(rig.checkout.remote["main"], [".slackops.yaml"])[".slackops.yaml"].decode()
    rig.checkout.change("main", {".slackops.yaml": text.partition("retrain:")[0].encode()})
    rig.ended(version="60")
    assert rig.proposals() == [("fraud", "staging", "60")]


def test_looks_do_not_multiply(rig: RetrainRig) -> None:
    """Whatever asks for a look, there is one at a time."""
    rig.click()
    for key in range(20):
        rig.inbox.put(f"more:{key}", LookRetrain(retrain=rig.only().id))
    rig.pass_time(3600, step=1)
    assert rig.waiting(LookRetrain) < 20 + 40


def test_a_look_that_was_given_up_is_asked_for_again(rig: RetrainRig) -> None:
    rig.click()
    for record in rig.inbox.records:
        record.state = "done"
    ask_retrains(rig.ctx)
    ask_retrains(rig.ctx)
    rig.engine.ends(rig.only().id, version="60")
    rig.pass_time(10, step=1)
    assert rig.only().settled


@pytest.mark.parametrize("gone", [False, True], ids=["in a storm", "forgotten"])
def test_an_incident_without_a_card_hides_no_end(rig: RetrainRig, gone: bool) -> None:
    rig.click(incident=INCIDENT)
    known = rig.incidents.get(INCIDENT)
    assert known is not None
    rig.incidents.save(None, [known.model_copy(update={"storm": "01STORM"})])
    if gone:
        rig.incidents.get = lambda incident: None  # type: ignore[method-assign]
    rig.ended(RetrainState.FAILED, message="OOM")
    [card] = [one for one in rig.chat.sent if isinstance(one.message, RetrainCard)]
    assert state_of(card.message) is RetrainState.FAILED
    assert [one.message for one in rig.chat.sent if one.thread] == [
        ThreadEvent("Retraining failed after 12 min: OOM.", to=(ANA,))
    ]


def test_a_model_of_the_same_name_in_the_registry_trains_beside_it(rig: RetrainRig) -> None:
    rig.click()
    rig.retrains.save(rig.only().model_copy(update={"id": "01OTHER", "model": "fraud-eu"}))
    rig.registry.add("fraud", created_at=rig.clock.now() + 60)
    rig.ended()
    assert rig.proposals() == []
