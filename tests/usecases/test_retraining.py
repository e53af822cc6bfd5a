"""Retrain: who may, how often, what is told, and how the version that comes of it enters as a proposal."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.cards import Receipt, Refusal
from bot.domain.commands import LookRetrain
from bot.domain.people import Person
from bot.domain.retraining import RetrainState
from bot.errors import Fatal, Reason, Refused, Transient
from tests.usecases.retrain_rig import ANA, BEN, INCIDENT, RetrainRig

CID = Person(team="T0SANDBOX", user="U0CID")
DAY = 86400.0
STARTED = "had it trained again (country drifts): train.yml of acme/fraud runs."


@pytest.fixture
def rig() -> RetrainRig:
    return RetrainRig()


def refused(rig: RetrainRig) -> tuple[str, str]:
    said = rig.whispered()
    assert isinstance(said, Refusal)
    return said.reason, said.message


def test_started_once_and_told_on_the_incident(rig: RetrainRig) -> None:
    row = rig.click(incident=INCIDENT)
    one = rig.only()
    assert (one.id, one.state, one.run, one.serving, one.to) == (row.id, RetrainState.RUNNING, "run-1", "40", "staging")
    assert rig.engine.begins == [row.id]
    assert rig.news() == [STARTED]
    found = rig.incidents.get(INCIDENT)
    assert found is not None and found.retrain == one.id
    assert rig.deeds() == ["retrain asked", "retrain started"]
    assert rig.whispered() == Receipt("Started train.yml of acme/fraud for fraud, production.", one.url)
    rig.dispatcher(row)
    assert (rig.engine.begins, len(rig.news()), len(rig.deeds())) == ([row.id], 1, 2)


@pytest.mark.parametrize(
    ("by", "policy", "fine"),
    [
        (ANA, "{fraud: {github: {repo: a/b, workflow: t.yml}}}", True),
        (BEN, "{fraud: {github: {repo: a/b, workflow: t.yml}}}", True),
        (CID, "{fraud: {github: {repo: a/b, workflow: t.yml}}}", False),
        (CID, '{"*": {github: {repo: a/b, workflow: t.yml}, by: ["slack:U0CID"]}}', True),
        (ANA, '{"*": {github: {repo: a/b, workflow: t.yml}, by: ["slack:U0CID"]}}', False),
        (BEN, '{"*": {github: {repo: a/b, workflow: t.yml}, by: ["github:Ben"]}}', True),
    ],
    ids=["promoter", "owner", "neither", "named", "not named", "by account"],
)
def test_who_may(by: Person, policy: str, fine: bool) -> None:
    rig = RetrainRig(retrain=policy)
    rig.click(by=by)
    assert len(rig.engine.begins) == fine
    assert fine or refused(rig)[0] == "not_allowed"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"reason": "  "}, "bad_usage"),
        ({"reason": None}, "bad_usage"),
        ({"model": "ltv"}, "not_supported"),
        ({"model": "frau"}, "unknown_model"),
        ({"environment": "qa"}, "unknown_environment"),
        ({"model": "ltv", "environment": "staging"}, "no_target"),
    ],
    ids=["no reason", "none", "no rule", "no model", "no environment", "no target"],
)
def test_refused_before_anything_is_written(rig: RetrainRig, fields: dict[str, Any], reason: str) -> None:
    rig.click(**fields)
    assert refused(rig)[0] == reason
    assert (rig.engine.begins, rig.retrains.running()) == ([], [])


def test_an_alias_of_the_environment(rig: RetrainRig) -> None:
    rig.click(environment="prod")
    assert rig.only().environment == "production"


def test_a_second_one_joins(rig: RetrainRig) -> None:
    rig.click()
    rig.click("k2", by=BEN, incident=INCIDENT)
    assert len(rig.engine.begins) == 1
    said = rig.whispered()
    assert isinstance(said, Receipt) and "already; @ana asked for it" in said.text
    assert rig.deeds() == ["retrain asked", "retrain started", "retrain joined"]
    rig.ended(version="60")
    assert [words.partition(" after")[0] for words in rig.news()] == [
        "had it trained again (country drifts): train.yml of acme/fraud runs.",
        "Trained again",
    ]


def test_another_environment_is_another_retraining(rig: RetrainRig) -> None:
    rig.click()
    rig.click("k2", environment="staging")
    assert len(rig.engine.begins) == 2


@pytest.mark.parametrize(
    ("state", "later", "fine"),
    [
        (RetrainState.SUCCEEDED, 0.0, False),
        (RetrainState.SUCCEEDED, DAY, True),
        (RetrainState.FAILED, 0.0, True),
    ],
    ids=["too soon", "a day later", "what failed"],
)
def test_cooling(rig: RetrainRig, state: RetrainState, later: float, fine: bool) -> None:
    rig.click()
    rig.ended(state)
    rig.pass_time(later, step=900)
    rig.click("k2", by=BEN)
    assert len(rig.engine.begins) == 1 + fine
    if not fine:
        reason, words = refused(rig)
        assert (reason, words) == (
            "retrain_cooling",
            "fraud was trained again for production 30 min ago; @ana asked for it.",
        )


@pytest.mark.parametrize("why", [Refused(Reason.RETRAIN_REFUSED, "no such workflow"), Fatal("no such workflow")])
def test_what_the_engine_refuses_holds_nobody_up(rig: RetrainRig, why: Refused | Fatal) -> None:
    rig.engine.fails = why
    row = rig.click()
    assert refused(rig) == ("retrain_refused", "no such workflow")
    assert rig.only().settled
    rig.engine.fails = None
    rig.dispatcher(row)
    assert rig.engine.begins == []
    rig.click("k2")
    assert len(rig.engine.begins) == 1


def test_a_start_whose_answer_is_lost_is_found(rig: RetrainRig) -> None:
    rig.engine.loses = Transient("no answer")
    row = rig.row(rig.command())
    assert isinstance(rig.tries(row), Transient)
    assert rig.tries(row) is None
    assert (len(rig.engine.begins), rig.only().run) == (1, "run-1")


def test_an_engine_that_cannot_tell_is_asked_again_after_a_while(rig: RetrainRig) -> None:
    rig.engine.loses, rig.engine.finds = Transient("no answer"), False
    row = rig.row(rig.command())
    rig.tries(row)
    again = rig.tries(row)
    assert isinstance(again, Transient) and again.retry_after == 20.0
    assert len(rig.engine.begins) == 1
    rig.clock.tick(21)
    assert rig.tries(row) is None
    assert (len(rig.engine.begins), rig.only().started) == (2, rig.clock.now())  # not when the first try was made


NO = Refused(Reason.RETRAIN_REFUSED, "the token is over")


@pytest.mark.parametrize("given_up", [False, True], ids=["refused", "given up"])
@pytest.mark.parametrize("began", [False, True], ids=["never began", "began"])
def test_one_that_may_run_is_looked_for(rig: RetrainRig, began: bool, given_up: bool) -> None:
    """The answer to its start was lost, and then nobody says whether it runs: a second one must not begin beside it."""
    if began:
        rig.engine.loses = Transient("no answer")
    else:
        rig.engine.fails = Transient("no answer")
    row = rig.row(rig.command(incident=INCIDENT))
    rig.tries(row)
    rig.engine.fails = Transient("no answer") if given_up else NO
    if given_up:
        rig.dispatcher.gave_up(row, "no answer")
    else:
        rig.tries(row)
        assert refused(rig) == ("retrain_refused", "the token is over. Whether an earlier try began it is not known.")
    rig.click("k2", by=BEN)
    said = rig.whispered()
    assert isinstance(said, Receipt) and "may be trained for production already" in said.text
    rig.engine.fails = None
    rig.pass_time(60)
    if began:
        assert (rig.only().run, rig.news(), rig.deeds().count("retrain started")) == ("run-1", [STARTED], 1)
    else:
        assert rig.only().state is RetrainState.FAILED and rig.only().settled
        assert rig.news()[0].endswith("there is no such run.")
        rig.click("k3")
    assert len(rig.engine.begins) == 1


def test_a_webhook_that_nobody_can_ask_holds_nobody_up() -> None:
    rig = RetrainRig(retrain="{fraud: {webhook: {url: 'https://w.example', secret_env: SLACKOPS_RETRAIN_X}}}")
    rig.engine.fails = Transient("away")
    row = rig.row(rig.command())
    rig.tries(row)
    rig.dispatcher.gave_up(row, "away")
    one = rig.only()
    assert (one.state, one.message) == (
        RetrainState.FAILED,
        "Given up: away; whether an earlier try began it is not known",
    )
    rig.engine.fails = None
    rig.click("k2")
    assert len(rig.engine.begins) == 1


def test_who_joined_one_that_never_began_hears_of_it(rig: RetrainRig) -> None:
    rig.engine.fails = Transient("away")
    row = rig.row(rig.command())
    rig.tries(row)
    rig.retrains.change(row.id, lambda one: one.model_copy(update={"tried": None}))
    rig.click("k2", by=BEN, incident=INCIDENT)
    rig.dispatcher.gave_up(row, "away")
    rig.dispatcher(rig.row(LookRetrain(retrain=row.id), "look"))
    assert (rig.only().settled, rig.news()) == (True, ["Retraining failed: Given up: away."])
