"""The registry's alias against Git's pin against the cluster: told once, over in place, and shown by `/models`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.cards import ModelDetail, ModelList
from bot.domain.change import ChangeState
from bot.domain.commands import ListModels, Origin, TellSubscribers
from bot.domain.list_cards import DeployedLine
from bot.domain.signal import Phase, Signal
from bot.ports import SignalRecord
from bot.usecases.audited import BOT, note
from tests.usecases.hand_rig import ANA, FRAUD, uri
from tests.usecases.registry_rig import RegistryRig

GRACE = 61.0


@pytest.fixture
def rig() -> RegistryRig:
    rig = RegistryRig()
    rig.registry.set_alias("fraud", "champion", "40")
    return rig.begun()


def moved(rig: RegistryRig, version: str) -> None:
    """Somebody moves the alias by hand, and a webhook tells."""
    rig.registry.set_alias("fraud", "champion", version)
    rig.look()


def test_an_alias_that_moved_with_no_change_behind_is_told_once(rig: RegistryRig) -> None:
    moved(rig, "50")
    assert rig.news() == []
    rig.later(GRACE)
    [news] = rig.news()
    assert news.headline == "Mismatch: fraud, production: @champion says 50, Git pins 40"
    assert "@champion was moved from 40 to 50" in news.text
    assert news.unblock == "`/promote fraud 50 production`, or set @champion back to 40 in MLflow."
    for _ in range(3):
        rig.poll()
        rig.look()
    assert len(rig.news()) == 1
    assert [row.entry.what for row in rig.audit.of_model("fraud")] == ["mismatch"]


def test_what_nobody_can_read_in_git_disagrees_with_nothing(rig: RegistryRig) -> None:
    rig.checkout.change("main", {"models/fraud/production.yaml": b"other: 1\n"})
    moved(rig, "50")
    rig.later(GRACE)
    assert rig.news() == []


def test_owners_are_called(rig: RegistryRig) -> None:
    rig.registry.set_alias("ltv", "champion", "5")
    rig.poll()
    rig.registry.set_alias("ltv", "champion", "7")
    rig.poll()
    rig.later(GRACE)
    assert [one.notify for one in rig.news()] == [("slack:U0BEN",)]


@pytest.mark.parametrize("way", ["alias", "pin", "gone"])
def test_it_is_over_in_the_same_message(rig: RegistryRig, way: str) -> None:
    moved(rig, "50")
    rig.later(GRACE)
    if way == "alias":
        rig.registry.set_alias("fraud", "champion", "40")
    elif way == "pin":
        rig.checkout.change("main", {FRAUD: uri("fraud", 50)})
    else:
        rig.registry._aliases["fraud"].pop("champion")
    rig.poll()
    [news] = rig.news()
    assert news.settled
    says = {"alias": "@champion says 40", "pin": "@champion says 50", "gone": "@champion was taken away"}[way]
    assert news.headline == f"Over: fraud, production: {says}"
    rig.poll()
    assert len(rig.news()) == 1


def test_what_flaps_is_one_message(rig: RegistryRig) -> None:
    for version in ("50", "40", "50", "40", "50"):
        moved(rig, version)
        rig.later(GRACE)
    [news] = rig.news()
    assert not news.settled


def test_it_agrees_again_within_the_grace(rig: RegistryRig) -> None:
    moved(rig, "50")
    moved(rig, "40")
    rig.later(GRACE)
    assert rig.news() == []


@pytest.mark.parametrize("state", [ChangeState.OPEN, ChangeState.WATCHING])
def test_a_change_behind_it_explains_it(rig: RegistryRig, state: ChangeState) -> None:
    change = rig.open_change(7, to="50")
    rig.changes.update(change.id, lambda c: replace(c, state=state))
    moved(rig, "50")
    rig.later(GRACE)
    assert rig.news() == []


def test_a_change_that_was_closed_explains_nothing_any_more(rig: RegistryRig) -> None:
    change = rig.open_change(7, to="50")
    moved(rig, "50")
    rig.later(GRACE)
    rig.changes.update(change.id, lambda c: replace(c, state=ChangeState.CLOSED))
    rig.poll()
    assert len(rig.news()) == 1


def test_what_the_bot_set_itself_is_no_mismatch(rig: RegistryRig) -> None:
    change = rig.open_change(7, to="50")
    change = rig.changes.update(change.id, lambda c: replace(c, state=ChangeState.MERGED))
    note(rig.ctx, f"alias:{change.id}", "alias_set", BOT, change, evidence={"registered": "fraud", "alias": "champion"})
    moved(rig, "50")
    rig.later(GRACE)
    assert rig.news() == []
    moved(rig, "49")
    rig.later(GRACE)
    assert len(rig.news()) == 1


def test_a_promotion_by_rule_that_follows_comes_first() -> None:
    rig = RegistryRig(propose="[{on: alias, alias: champion, to: production}]")
    rig.registry.set_alias("fraud", "champion", "40")
    rig.poll()
    moved(rig, "50")
    rig.later(GRACE)
    assert (rig.news(), rig.opened_changes()) == ([], [("fraud", "production", "50")])


def test_a_pin_that_moved_first_is_no_news_here(rig: RegistryRig) -> None:
    """A push is told as a push; the alias follows when the version is healthy."""
    rig.checkout.change("main", {FRAUD: uri("fraud", 50)})
    rig.poll()
    rig.later(GRACE)
    assert rig.news() == []


def test_subscribers_hear_of_it(rig: RegistryRig, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[TellSubscribers] = []
    put = rig.inbox.put

    def listening(key: str, command: object, delay: float = 0) -> str | None:
        heard.extend([command] if isinstance(command, TellSubscribers) else [])
        return put(key, command, delay)  # type: ignore[arg-type]

    monkeypatch.setattr(rig.inbox, "put", listening)
    moved(rig, "50")
    rig.later(GRACE)
    assert [(one.event, one.model, one.environment) for one in heard] == [("mismatch", "fraud", "production")]


def shown(rig: RegistryRig, model: str | None) -> DeployedLine:
    rig.run(ListModels(by=ANA, origin=Origin(channel="C0DEPLOYS"), model=model))
    said = rig.whispered()
    assert isinstance(said, ModelDetail | ModelList)
    lines = [said.line] if isinstance(said, ModelDetail) else said.lines
    line = next(one for one in lines if one.model == "fraud")
    return next(place for place in line.deployed if place.environment == "production")


@pytest.mark.parametrize("model", ["fraud", None])
def test_models_marks_what_disagrees(rig: RegistryRig, model: str | None) -> None:
    assert (shown(rig, model).alias, shown(rig, model).cluster) == ("", None)
    moved(rig, "50")
    place = shown(rig, model)
    assert (place.alias, place.aliased, place.version) == ("champion", "50", "40")


def test_models_says_what_the_cluster_still_reports(rig: RegistryRig) -> None:
    now = rig.clock.now()
    for at, version, phase in ((5, "39", Phase.HEALTHY), (9, "40", Phase.HEALTHY), (12, "39", Phase.HEALTHY)):
        signal = Signal(source="argocd", application="a", phase=phase, at=now - 100 + at, revision="a" * 40)
        rig.ctx.signals.add([SignalRecord("fraud", "production", signal, version, now)])
    place = shown(rig, "fraud")
    assert (place.cluster, place.cluster_since) == ("39", now - 88)
    going = Signal(source="argocd", application="a", phase=Phase.PROGRESSING, at=now - 1, revision="a" * 40)
    rig.ctx.signals.add([SignalRecord("fraud", "production", going, "39", now)])
    assert shown(rig, "fraud").cluster is None
