"""What follows from what changed in the registry: once, whatever the order and number of nudges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.commands import LookRegistry, PollRegistry, ProposeByRule, Reconcile
from bot.domain.registry_events import RegistryState
from bot.errors import RegistryUnavailable
from bot.usecases import registry_looking, registry_polling
from bot.usecases.context import Context
from tests.usecases.registry_rig import CHALLENGER, RegistryRig


@pytest.fixture
def rig() -> RegistryRig:
    return RegistryRig().begun()


def asked(rig: RegistryRig, kind: type[Any] = ProposeByRule) -> list[Any]:
    """Rows of a kind that wait."""
    found = []
    while row := rig.inbox.claim("w", 60):
        rig.inbox.done(row)
        found += [row.command] if isinstance(row.command, kind) else []
    return found


def test_the_first_look_of_all_only_remembers() -> None:
    rig = RegistryRig()
    rig.registry.set_alias("fraud", "challenger", "50")
    rig.poll()
    rig.look()
    assert rig.opened_changes() == []
    assert rig.memory.get("fraud") is not None


def test_an_alias_that_moves_opens_the_change(rig: RegistryRig) -> None:
    rig.registry.set_alias("fraud", "challenger", "50")
    rig.look()
    change = rig.only()
    assert rig.opened_changes() == [("fraud", "production", "50")]
    assert (change.requesters, change.rule) == ((), "@challenger was set to 50")


def test_polling_alone_opens_it_too(rig: RegistryRig) -> None:
    rig.registry.set_alias("fraud", "challenger", "50")
    rig.poll()
    assert rig.opened_changes() == [("fraud", "production", "50")]


def test_nudges_that_come_twice_or_late_change_nothing(rig: RegistryRig) -> None:
    rig.registry.set_alias("fraud", "challenger", "50")
    for _ in range(3):
        rig.look()
    saved, posted = rig.memory.saved, len(rig.chat.sent)
    rig.poll()
    rig.look()
    assert (rig.memory.saved, len(rig.chat.sent), len(rig.changes.all_open())) == (saved, posted, 1)


def test_a_look_that_was_killed_before_it_remembered_is_done_again_with_the_same_rows(
    rig: RegistryRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.registry.set_alias("fraud", "challenger", "50")
    with monkeypatch.context() as patch:
        patch.setattr(rig.memory, "save", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            rig.run(LookRegistry(model="fraud"))
    rig.run(LookRegistry(model="fraud"))
    assert asked(rig) == [
        ProposeByRule(model="fraud", version="50", environment="production", rule="@challenger was set to 50")
    ]


def test_the_same_alias_again_is_news_each_time(rig: RegistryRig) -> None:
    told = []
    for version in ("50", "51", "50"):
        rig.registry.set_alias("fraud", "challenger", version)
        rig.run(LookRegistry(model="fraud"))
        told += [one.version for one in asked(rig)]
    assert told == ["50", "51", "50"]


def test_a_model_that_is_registered_later_is_new() -> None:
    rig = RegistryRig(propose="[{on: version, to: production}]").begun()
    rig.checkout.change("main", {"models/fresh/production.yaml": b"uri: s3://models/fresh/0\n"})
    rig.registry.add("fresh")
    rig.poll()
    assert rig.opened_changes() == [("fresh", "production", "1")]


def test_rules_that_come_later_say_nothing_of_what_is_there(rig: RegistryRig) -> None:
    rig.registry.set_alias("ltv", "candidate", "9")
    rig.registry.add("young")
    rig.registry.set_alias("young", "candidate", "1")
    rig.checkout.change("main", {"models/young/production.yaml": b"uri: s3://models/young/0\n"})
    rig.change_policy(CHALLENGER, "[{on: alias, alias: candidate, to: production}]")
    rig.poll()
    assert rig.opened_changes() == []
    rig.registry.set_alias("ltv", "candidate", "10")
    rig.poll()
    assert rig.opened_changes() == [("ltv", "production", "10")]


def test_a_rule_that_comes_while_nothing_happens_is_known_from_then_on(rig: RegistryRig) -> None:
    rig.change_policy(CHALLENGER, "[{on: alias, alias: candidate, to: production}]")
    rig.poll()
    rig.registry.set_alias("ltv", "candidate", "10")
    rig.poll()
    assert rig.opened_changes() == [("ltv", "production", "10")]


def test_a_rule_that_comes_again_is_another(rig: RegistryRig) -> None:
    rig.change_policy(CHALLENGER, "[]")
    rig.change_policy("    on_healthy: {alias: champion}\n", "")
    rig.poll()
    rig.registry.set_alias("fraud", "challenger", "50")
    rig.clock.time += 60
    rig.change_policy("propose: []", f"propose: {CHALLENGER}")
    rig.poll()
    assert rig.opened_changes() == []


def test_another_rule_keeps_what_happens_meanwhile_for_those_there_were(rig: RegistryRig) -> None:
    rig.change_policy(CHALLENGER, CHALLENGER.replace("]", ", {on: version, to: staging}]"))
    rig.registry.set_alias("fraud", "challenger", "50")
    rig.poll()
    assert rig.opened_changes() == [("fraud", "production", "50")]


@pytest.mark.parametrize(
    ("propose", "expected"),
    [
        ("[{on: version, to: production}]", [("fraud", "103"), ("ltv", "61")]),
        ("[{on: version, to: prod, models: [fr*]}]", [("fraud", "103")]),
        ("[{on: version, to: staging}]", [("fraud", "103")]),  # ltv has no target there
        ("[{on: tag, tag: gate, to: production}]", [("fraud", "100")]),
        ("[{on: tag, tag: gate, equals: passed, to: production}]", []),
        ("[{on: tag, tag: gate, equals: failed, to: production}]", [("fraud", "100")]),
        ("[]", []),
    ],
    ids=["version", "pattern", "target", "tag", "other-value", "value", "none"],
)
def test_what_a_rule_names(propose: str, expected: list[tuple[str, str]]) -> None:
    rig = RegistryRig(propose=propose).begun()
    rig.registry.add("fraud")
    rig.registry.add("ltv")
    rig.registry.set_tags("fraud", "100", {"gate": "failed"})
    rig.run(LookRegistry(model="fraud"))
    rig.run(LookRegistry(model="ltv"))
    assert [(one.model, one.version) for one in asked(rig)] == expected


def test_open_changes_are_judged_again_when_their_versions_tags_move(rig: RegistryRig) -> None:
    rig.open_change(7, to="90")
    rig.registry.set_tags("fraud", "89", {"a": "b"})
    rig.run(LookRegistry(model="fraud"))
    assert asked(rig, Reconcile) == []
    rig.registry.set_tags("fraud", "90", {"a": "b"})
    rig.run(LookRegistry(model="fraud"))
    assert [one.number for one in asked(rig, Reconcile)] == [7]


def test_a_model_that_is_deleted_and_registered_again_counts_anew() -> None:
    rig = RegistryRig(propose="[{on: version, to: production}]").begun()
    kept = rig.registry._versions.pop("fraud")
    rig.poll()
    rig.poll()
    assert rig.opened_changes() == []
    rig.registry._versions["fraud"] = kept[:3]
    rig.poll()
    assert rig.opened_changes() == [("fraud", "production", "3")]


def test_a_registry_that_is_away_is_asked_again(rig: RegistryRig) -> None:
    rig.registry.set_alias("fraud", "challenger", "50")
    rig.registry.down = RegistryUnavailable("away")
    row = rig.row(LookRegistry(model="fraud"), "w1")
    with pytest.raises(RegistryUnavailable):
        rig.dispatcher(row)
    rig.dispatcher(replace(row, attempt=registry_looking.TRIES))  # no dead letter for what the clock asks anyway
    rig.run(PollRegistry())
    assert rig.opened_changes() == []
    rig.registry.down = None
    rig.poll()
    assert rig.opened_changes() == [("fraud", "production", "50")]


def test_a_policy_that_cannot_be_read_loses_no_event(rig: RegistryRig) -> None:
    rig.change_policy("version: 1", "version: one")
    rig.registry.set_alias("fraud", "challenger", "50")
    rig.look()
    rig.change_policy("version: one", "version: 1")
    rig.poll()
    assert rig.opened_changes() == [("fraud", "production", "50")]


def test_polling_goes_round_in_slices_and_writes_nothing_but_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry_polling, "SLICE", 1)
    rig = RegistryRig(propose="[{on: version, to: production}]")
    for _ in range(2):
        rig.poll()
    saved = rig.memory.saved
    read: list[str] = []

    def reading(ctx: Context, name: str, also: Sequence[str] = ()) -> RegistryState | None:
        read.append(name)
        return registry_looking.read(ctx, name, also)

    monkeypatch.setattr(registry_polling, "read", reading)
    for _ in range(3):
        rig.poll()
    assert (rig.memory.saved, sorted(set(read)), len(read)) == (saved, ["fraud", "ltv"], 3)


def test_without_rules_and_aliases_nobody_asks_the_registry() -> None:
    rig = RegistryRig(propose="[]")
    rig.change_policy("    on_healthy: {alias: champion}\n", "")
    rig.registry.down = RegistryUnavailable("away")
    rig.poll()
    assert rig.memory.saved == 0
