"""Setting and lifting bans; and what they mean for a plan."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.cards import Receipt, Refusal
from bot.domain.commands import Ban, FillForm, Freeze, ListStops, Rollback, Unban
from bot.domain.forms import BanForm, FreezeForm
from bot.domain.state_files import BRANCH
from bot.domain.stop_cards import StopList, StopNews
from bot.errors import RegistryUnavailable
from bot.usecases.planning import Planner
from bot.usecases.stops import banned
from tests.fakes.chat import View
from tests.usecases.stop_rig import ANA, BEN, Rig


def versions(rig: Rig) -> list[str]:
    return [one["version"] for one in rig.file("bans.json")["bans"]]


def test_a_ban_is_committed_told_and_known_to_rollbacks() -> None:
    rig = Rig()
    rig.open_change(7)
    rig.open_change(8, to="41", environment="staging")
    rig.ask(Ban, model="fraud", version="42", reason="leaks labels")
    assert versions(rig) == ["42"]
    assert rig.commits()[0].startswith("Ban fraud 42\n\nBy ana in Slack.\nReason: leaks labels\n")
    assert banned(rig.ctx, rig.dispatcher.repo, "fraud") == frozenset({"42"})
    assert banned(rig.ctx, rig.dispatcher.repo, "churn") == frozenset()
    assert rig.to_reconcile() == [7]
    (news,) = rig.told()
    assert isinstance(news, StopNews)
    assert (news.headline, news.lift) == ("Banned: fraud 42", "/slackops unban fraud 42 --reason TEXT")
    assert rig.whispered() == Receipt("Banned: fraud 42.")


def test_the_first_ban_stays_and_the_second_asker_hears_whose_it_is() -> None:
    rig = Rig()
    rig.ask(Ban, model="fraud", version="42", reason="leaks labels")
    rig.clock.tick(3600)
    rig.ask(Ban, "k2", model="fraud", version="42", reason="me too")
    assert len(rig.commits()) == len(rig.told()) == 1
    said = rig.whispered()
    assert isinstance(said, Receipt)
    assert said.text == "Already so: fraud 42 banned by ana on 2026-12-23 04:26 UTC: leaks labels."


def test_an_alias_is_what_it_was_when_it_was_banned_also_in_a_second_run() -> None:
    rig = Rig()
    rig.registry.set_alias("fraud", "challenger", "42")
    row = rig.ask(Ban, model="fraud", alias="challenger")
    rig.registry.set_alias("fraud", "challenger", "41")
    rig.dispatcher(replace(row, attempt=2))
    assert versions(rig) == ["42"]
    assert [news.headline for news in rig.told() if isinstance(news, StopNews)] == ["Banned: fraud 42"]
    assert rig.whispered() == Receipt("Banned: fraud 42.")


def test_a_registry_that_is_away_keeps_nobody_from_banning_a_number() -> None:
    rig = Rig()
    rig.registry.down = RegistryUnavailable("away")
    rig.ask(Ban, model="fraud", version="42")
    assert versions(rig) == ["42"]
    with pytest.raises(RegistryUnavailable):
        rig.ask(Ban, "k2", model="fraud", alias="challenger")


def test_unban_twice_run_is_once_done() -> None:
    rig = Rig()
    rig.ask(Ban, model="fraud", version="42")
    row = rig.ask(Unban, "k2", model="fraud", version="42", reason="mended")
    rig.dispatcher(replace(row, attempt=2))
    assert versions(rig) == []
    assert len(rig.commits()) == 2
    assert rig.whispered() == Receipt("Not banned any more: fraud 42.")
    rig.ask(Ban, "k3", model="fraud", version="42")
    rig.dispatcher(replace(row, attempt=3))  # a late run of the old row does not lift the new ban
    assert versions(rig) == ["42"]


@pytest.mark.parametrize(
    ("kind", "fields", "reason"),
    [
        (Ban, {"model": "fruad", "version": "42"}, "unknown_model"),
        (Ban, {"model": "fraud", "version": "420"}, "unknown_version"),
        (Ban, {"model": "fraud", "alias": "nobody"}, "unknown_alias"),
        (Ban, {"model": "fraud", "version": "42", "by": BEN}, "not_allowed"),
        (Unban, {"model": "fraud", "version": "42", "reason": "x", "by": BEN}, "not_allowed"),
        (Unban, {"model": "fraud", "version": "42", "reason": "x"}, "not_banned"),
    ],
)
def test_refusals_write_nothing(kind: type, fields: dict[str, Any], reason: str) -> None:
    rig = Rig()
    rig.ask(kind, **fields)
    said = rig.whispered()
    assert isinstance(said, Refusal)
    assert (said.reason, rig.commits(), rig.told()) == (reason, [], [])


def test_the_list() -> None:
    rig = Rig()
    rig.ask(Ban, model="fraud", version="42", reason="leaks labels")
    rig.ask(ListStops, "k2", by=BEN, what="bans")
    listed = rig.whispered()
    assert isinstance(listed, StopList)
    assert [(line.what, line.by, line.reason) for line in listed.lines] == [("fraud 42", ANA, "leaks labels")]


def test_a_broken_file_bans_nothing_for_rollbacks() -> None:
    rig = Rig()
    rig.checkout.change(BRANCH, {"bans.json": b'{"version": 9, "bans": []}'}, "By hand")
    rig.checkout.fetch()
    assert banned(rig.ctx, rig.dispatcher.repo, "fraud") == frozenset()


def test_a_plan_refuses_a_banned_version_and_shows_a_freeze() -> None:
    rig = Rig()
    rig.ask(Ban, model="fraud", version="42", reason="leaks labels")
    rig.ask(Freeze, "k2", environment="production", model="fraud", reason="holidays")
    planner = Planner(rig.checkout, None, rig.clock, {})
    outcome = planner.promote("fraud", "42", "production")
    assert outcome.reason == "version_banned"
    assert "leaks labels" in outcome.message
    allowed = planner.promote("fraud", "41", "production")
    assert allowed.proposed
    freeze = next(gate for gate in allowed.gates if gate.name == "freeze")
    assert freeze.observed == "fraud in production frozen by ana until somebody lifts it: holidays"
    assert planner.promote("fraud", "40", "staging").gates == ()


def test_a_rollback_to_a_banned_version_is_refused_by_name() -> None:
    rig = Rig()
    rig.checkout.change("main", {"models/fraud/production.yaml": b"uri: s3://models/fraud/41\n"})
    rig.ask(Ban, model="fraud", version="40")
    rig.dispatcher(rig.row(Rollback(by=ANA, model="fraud", environment="production", to="40"), "k2"))
    said = rig.whispered()
    assert isinstance(said, Refusal)
    assert said.reason == "version_banned"
    assert rig.changes.all_open() == []


def test_the_forms_of_a_card_know_what_was_left() -> None:
    rig = Rig()
    change = rig.open_change(7, to="41")
    rig.chat.views["V1"] = View("h")
    rig.ask(FillForm, form="ban", view_id="V1", change=change.id)
    form = rig.chat.views["V1"].form
    assert isinstance(form, BanForm)
    assert (form.model, form.version) == ("fraud", "40")
    rig.ask(FillForm, "k2", form="freeze", view_id="V1", change=change.id)
    freeze = rig.chat.views["V1"].form
    assert isinstance(freeze, FreezeForm)
    assert (freeze.model, freeze.environment) == ("fraud", "production")
    assert [choice.value for choice in freeze.environments] == ["staging", "production"]


def test_a_file_that_could_not_be_read_again_is_not_written() -> None:
    rig = Rig()
    rig.ask(Ban, model="fraud", version="41")
    (one,) = rig.file("bans.json")["bans"]
    many = [{**one, "version": str(n), "reason": "why " * 999} for n in range(100, 335)]
    rig.checkout.change(BRANCH, {"bans.json": json.dumps({"version": 1, "bans": [one, *many]}).encode()}, "By hand")
    before = rig.file("bans.json")
    rig.ask(Ban, "k2", model="fraud", version="42", reason="\N{GRINNING FACE}" * 4_000)
    said = rig.whispered()
    assert isinstance(said, Refusal)
    assert (said.reason, rig.file("bans.json")) == ("bad_usage", before)
    rig.ask(Unban, "k3", model="fraud", version="41", reason="over")
    assert len(rig.file("bans.json")["bans"]) == len(many)
