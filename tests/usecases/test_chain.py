"""The chain of stages: the next one without naming it, and regions that follow the first by themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.cards import ThreadEvent, ThreadNews
from bot.domain.change import Action, Change, ChangeState
from bot.domain.commands import ChainOn
from bot.domain.rollout import Rollout, RolloutState
from bot.domain.signal import Phase
from bot.errors import RegistryUnavailable
from bot.ports import Row
from bot.usecases.chain import gave_up
from bot.usecases.chain_watch import after_look, notes
from tests.usecases.chain_rig import EU, HOUR, POLICY, US, chain_rig, healthy, merged_first, move, rows, tell
from tests.usecases.stop_rig import ANA, BEN, Rig

WITH_ENGINE = POLICY.replace("aliases: [prod]", "aliases: [prod]\n    rollout: {engine: argocd}")


def events(rig: Rig) -> list[str]:
    return [message.text for message in rig.told() if isinstance(message, ThreadEvent)]


def news(rig: Rig) -> list[ThreadNews]:
    return [message for message in rig.told() if isinstance(message, ThreadNews)]


def look(rig: Rig, change: Change, rollout: Rollout) -> None:
    assert after_look(rig.ctx, rig.dispatcher.repo, change, rollout, rig.clock.now()) is None


def asked_for(rig: Rig) -> Change | None:
    return rig.changes.open_for("fraud", "production-eu")


def go(rig: Rig, change: Change) -> Row:
    """The first region is healthy, its soak is over, and the row for the other one is carried out."""
    look(rig, change, healthy(rig.clock.now()))
    assert rows(rig) == []
    rig.clock.tick(600.0)
    (row,) = rows(rig)
    rig.dispatcher(row)
    return row


def test_the_other_region_is_asked_for_by_the_same_people() -> None:
    rig = chain_rig()
    change = merged_first(rig, requesters=(ANA, BEN), reason="drift")
    row = go(rig, change)
    made = asked_for(rig)
    assert made is not None
    assert (made.id, made.cause, made.requesters, made.logins) == (row.id, change.id, (ANA, BEN), ("ana",))
    assert (made.intent.frm, made.intent.to, made.reason) == ("40", "42", "drift")
    assert row.key == f"chain:{change.id}:production-eu"
    assert events(rig) == ["production-eu is asked for: #1."]
    assert rig.chat.whispers == []


def test_run_again_it_changes_nothing() -> None:
    rig = chain_rig()
    change = merged_first(rig)
    row = go(rig, change)
    look(rig, change, healthy(rig.clock.now() - 600.0))
    rig.dispatcher(replace(row, attempt=2))
    assert rows(rig) == []
    assert len(rig.changes.all_open()) == 1
    assert len(events(rig)) == 1


@pytest.mark.parametrize("step", ["add", "push", "open_pull", "post"])
def test_killed_at_any_effect_the_second_run_ends_the_same(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rig = chain_rig()
    change = merged_first(rig)
    look(rig, change, healthy(rig.clock.now()))
    rig.clock.tick(600.0)
    (row,) = rows(rig)
    place = {"add": rig.changes, "push": rig.checkout, "open_pull": rig.ctx.forge, "post": rig.chat}[step]
    real = getattr(place, step)

    def killed(*args: object, **more: object) -> None:
        real(*args, **more)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(place, step, killed)
        with pytest.raises(KeyboardInterrupt):
            rig.dispatcher(row)
    rig.dispatcher(replace(row, attempt=2))
    made = asked_for(rig)
    assert made is not None
    assert (made.number, made.state) == (1, ChangeState.OPEN)
    assert len(rig.ctx.forge.open_pulls()) == 1
    assert events(rig) == ["production-eu is asked for: #1."]


@pytest.mark.parametrize("state", [RolloutState.DEGRADED, RolloutState.FAILED, RolloutState.SILENT])
def test_not_healthy_nothing_goes_on_and_the_card_says_so(state: RolloutState) -> None:
    rig = chain_rig(WITH_ENGINE)
    change = merged_first(rig)
    bad = Rollout(state, rig.clock.now())
    for _ in range(2):
        look(rig, change, bad)
    rig.clock.tick(HOUR)
    assert rows(rig) == []
    words = "Not healthy here, so production-eu was not asked for."
    assert events(rig) == [words]
    assert notes(rig.ctx, rig.dispatcher.repo, change, bad, rig.clock.now()) == (words,)


def test_what_went_bad_after_the_row_was_put_stops_it_there() -> None:
    rig = chain_rig(WITH_ENGINE)
    change = merged_first(rig)
    tell(rig, "production-us", "42", Phase.HEALTHY, rig.clock.now() + 1.0)
    look(rig, change, healthy(rig.clock.now() + 1.0))
    tell(rig, "production-us", "42", Phase.DEGRADED, rig.clock.now() + 60.0, "readiness failed")
    rig.clock.tick(601.0)
    (row,) = rows(rig)
    rig.dispatcher(row)
    assert asked_for(rig) is None
    (told,) = news(rig)
    assert "readiness failed" in told.text
    assert told.notify == ("slack:U0ANA",)


def test_what_recovered_goes_on_after_a_new_soak() -> None:
    rig = chain_rig(WITH_ENGINE)
    change = merged_first(rig)
    start = rig.clock.now()
    for phase, at in ((Phase.HEALTHY, 1.0), (Phase.DEGRADED, 60.0), (Phase.HEALTHY, 500.0)):
        tell(rig, "production-us", "42", phase, start + at)
    look(rig, change, healthy(start + 1.0))
    rig.clock.tick(601.0)
    (early,) = rows(rig)
    rig.dispatcher(early)  # the soak began again at 500 s
    assert asked_for(rig) is None
    rig.clock.tick(500.0)
    (again,) = rows(rig)
    rig.dispatcher(again)
    assert asked_for(rig) is not None


@pytest.mark.parametrize(
    ("path", "version", "words"),
    [
        pytest.param(US, "43", "production-us has another version by now.", id="the first has moved on"),
        pytest.param(US, "40", "has another version by now.", id="the first was taken back by hand"),
        pytest.param(EU, "42", "", id="the other one has it already"),
    ],
)
def test_the_world_has_moved_on(path: str, version: str, words: str) -> None:
    rig = chain_rig()
    change = merged_first(rig)
    look(rig, change, healthy(rig.clock.now()))
    rig.checkout._time += 900
    move(rig, path, version)
    (row,) = rows(rig)
    rig.dispatcher(row)
    assert asked_for(rig) is None
    assert [words in told.text for told in news(rig)] == ([True] if words else [])


@pytest.mark.parametrize(("to", "told"), [("43", 1), ("42", 0)], ids=["another version", "the same one"])
def test_a_change_that_somebody_opened_there_is_left_alone(to: str, told: int) -> None:
    rig = chain_rig()
    change = merged_first(rig)
    theirs = rig.open_change(9, to=to, environment="production-eu")
    go(rig, change)
    assert rig.changes.get(theirs.id) == theirs
    assert len(news(rig)) == told


def test_nobody_is_left_who_may_promote() -> None:
    rig = chain_rig(POLICY + 'roles: {promote: ["slack:U0BEN"]}\n')
    go(rig, merged_first(rig))
    assert asked_for(rig) is None
    (told,) = news(rig)
    assert "not in the role" in told.text


def test_a_row_that_was_given_up_is_told() -> None:
    rig = chain_rig()
    change = merged_first(rig)
    gave_up(rig.ctx, ChainOn(change=change.id, model="fraud", environment="production-eu"), "the forge is down")
    assert news(rig) == [
        ThreadNews("Not asked for: fraud, production-eu", "Given up: the forge is down", ("slack:U0ANA",))
    ]


@pytest.mark.parametrize("gone", ["change", "region"])
def test_what_is_gone_is_left_in_peace(gone: str) -> None:
    rig = chain_rig()
    change = merged_first(rig)
    command = ChainOn(change="01NO" if gone == "change" else change.id, model="fraud", environment="production-mars")
    rig.dispatcher(rig.row(command))
    assert rig.changes.all_open() == []


@pytest.mark.parametrize("state", [RolloutState.DEGRADED, RolloutState.REPLACED])
def test_of_a_region_that_was_asked_for_nobody_says_later_that_it_was_not(state: RolloutState) -> None:
    rig = chain_rig(WITH_ENGINE)
    change = merged_first(rig)
    tell(rig, "production-us", "42", Phase.HEALTHY, rig.clock.now() - 1.0)
    go(rig, change)
    later = Rollout(state, rig.clock.now(), episode=1)
    look(rig, change, later)
    assert events(rig) == ["production-eu is asked for: #1."]
    seen = notes(rig.ctx, rig.dispatcher.repo, change, later, rig.clock.now())
    assert seen == ("production-eu was asked for next.",)


def test_what_people_closed_is_not_asked_for_again_when_the_first_region_recovers() -> None:
    rig = chain_rig()
    change = merged_first(rig)
    row = go(rig, change)
    rig.changes.update(row.id, lambda c: replace(c, state=ChangeState.CLOSED, closed_by=ANA))
    rig.dispatcher(rig.row(row.command, "again"))
    assert asked_for(rig) is None
    assert news(rig) == []


def test_the_same_version_merged_there_meanwhile_is_nothing_else() -> None:
    rig = chain_rig()
    change = merged_first(rig)
    theirs = rig.open_change(9, to="42", environment="production-eu")
    rig.checkout._time += 900
    move(rig, EU, "42")
    rig.changes.update(theirs.id, lambda c: replace(c, state=ChangeState.MERGED, created_at=rig.clock.now()))
    look(rig, change, healthy(rig.clock.now()))
    rig.clock.tick(600.0)
    (row,) = rows(rig)
    rig.dispatcher(row)
    assert asked_for(rig) is None
    assert news(rig) == []


def test_a_rollback_that_is_open_there_is_left_alone_and_told() -> None:
    rig = chain_rig()
    change = merged_first(rig)
    theirs = rig.open_change(9, to="42", environment="production-eu")
    back = rig.changes.update(theirs.id, lambda c: replace(c, intent=replace(c.intent, action=Action.ROLLBACK)))
    go(rig, change)
    assert asked_for(rig) == back
    (told,) = news(rig)
    assert "something else" in told.text


@pytest.mark.parametrize("away", ["registry", "policy"])
def test_what_is_away_for_an_hour_does_not_end_the_chain(away: str) -> None:
    rig = chain_rig()
    change = merged_first(rig)
    look(rig, change, healthy(rig.clock.now()))
    if away == "registry":
        rig.registry.down = RegistryUnavailable("no answer")
    else:
        rig.checkout.change("main", {".slackops.yaml": b"version: ["})
    for _ in range(6):
        rig.clock.tick(600.0)
        (row,) = rows(rig)
        rig.dispatcher(row)
    assert (asked_for(rig), news(rig)) == (None, [])
    rig.registry.down = None
    rig.checkout.change("main", {".slackops.yaml": POLICY.encode()})
    rig.clock.tick(600.0)
    (row,) = rows(rig)
    rig.dispatcher(row)
    assert asked_for(rig) is not None
