"""A registry that is away, slow, or cannot tell one model; names of models that nobody declared; versions of old."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.commands import LookRegistry, PollRegistry, Reconcile
from bot.domain.policy import ProposeRule, parse_policy
from bot.domain.registry_events import RegistryState
from bot.errors import RegistryUnavailable
from bot.usecases import registry_looking, registry_polling
from bot.usecases.registry_beginning import BEGINNING, known_rules
from tests.usecases.registry_rig import CHALLENGER, POLICY, RegistryRig


@pytest.fixture
def rig() -> RegistryRig:
    return RegistryRig().begun()


def refuses(rig: RegistryRig, monkeypatch: pytest.MonkeyPatch, *names: str, seconds: float = 0.0) -> list[str]:
    """The registry answers nothing about these models, and takes its time; the models that were asked about."""
    asked: list[str] = []
    real = rig.registry.state

    def state(model: str, *more: Any) -> RegistryState:
        asked.append(model)
        rig.clock.time += seconds
        if model in names:
            raise RegistryUnavailable("permission denied")
        return real(model, *more)

    monkeypatch.setattr(rig.registry, "state", state)
    return asked


def waiting(rig: RegistryRig, kind: type[Any]) -> list[Any]:
    found = []
    while row := rig.inbox.claim("w", 60):
        rig.inbox.done(row)
        found += [row.command] if isinstance(row.command, kind) else []
    return found


def test_a_model_that_cannot_be_read_keeps_no_other_from_being_read(
    rig: RegistryRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuses(rig, monkeypatch, "fraud")
    rig.registry.set_alias("ltv", "challenger", "9")
    rig.run(PollRegistry())
    assert waiting(rig, LookRegistry) == [LookRegistry(model="ltv")]


def test_several_in_a_row_hold_up_one_tick_only(rig: RegistryRig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry_polling, "AWAY", 1)
    refuses(rig, monkeypatch, "fraud")
    rig.registry.set_alias("ltv", "challenger", "9")
    rig.run(PollRegistry())
    assert waiting(rig, LookRegistry) == []
    rig.run(PollRegistry())
    assert waiting(rig, LookRegistry) == [LookRegistry(model="ltv")]


def test_a_slow_registry_is_asked_on_at_the_next_tick(rig: RegistryRig, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = refuses(rig, monkeypatch, seconds=registry_polling.TURN_SECONDS + 1)
    for _ in range(3):
        rig.run(PollRegistry())
    assert asked == ["fraud", "ltv", "fraud"]


def test_an_outage_leaves_no_dead_letters_and_what_happened_meanwhile_is_found(rig: RegistryRig) -> None:
    rig.registry.down = RegistryUnavailable("away")
    for _ in range(5):
        rig.run(PollRegistry())
        row = rig.row(LookRegistry(model="fraud"), f"w{rig.clock.now()}")
        rig.dispatcher(replace(row, attempt=registry_looking.TRIES))
        rig.clock.time += 60
    rig.registry.down = None
    rig.registry.set_alias("fraud", "challenger", "50")
    rig.poll()
    assert rig.opened_changes() == [("fraud", "production", "50")]


def test_a_new_rule_waits_for_the_registry(rig: RegistryRig) -> None:
    rig.change_policy("alias: challenger", "alias: candidate")
    rig.registry.down = RegistryUnavailable("away")
    assert rig.run(PollRegistry())
    assert waiting(rig, LookRegistry) == []


def test_names_that_nobody_declared_cost_neither_a_fetch_nor_a_question(
    rig: RegistryRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, saved = refuses(rig, monkeypatch), rig.memory.saved
    monkeypatch.setattr(rig.checkout, "fetch", lambda: pytest.fail("a fetch"))
    for name in ("nobody's", "<!channel>", "a" * 256):
        rig.run(LookRegistry(model=name))
    assert (asked, rig.memory.saved, waiting(rig, Reconcile)) == ([], saved, [])


def test_tags_of_an_open_changes_versions_are_seen_whatever_their_age(rig: RegistryRig) -> None:
    rig.open_change(7, to="2")
    rig.look()
    saved = rig.memory.saved
    rig.poll()
    assert rig.memory.saved == saved
    rig.registry.set_tags("fraud", "2", {"validation": "passed"})
    rig.run(PollRegistry())
    [look] = waiting(rig, LookRegistry)
    rig.run(look)
    assert [one.number for one in waiting(rig, Reconcile)] == [7]


@pytest.mark.parametrize("version", ["90", "40"], ids=["the-candidate", "the-deployed-one"])
def test_what_is_logged_later_of_an_open_changes_version_is_seen(rig: RegistryRig, version: str) -> None:
    rig.open_change(7, to="90")
    rig.look()
    have = rig.registry._versions["fraud"]
    place = int(version) - 1
    have[place] = replace(have[place], metrics={"roc_auc": 0.99})
    have[88] = replace(have[88], metrics={"roc_auc": 0.99})  # of which no change is open
    rig.run(PollRegistry())
    [look] = waiting(rig, LookRegistry)
    rig.run(look)
    assert [one.number for one in waiting(rig, Reconcile)] == [7]


def test_two_workers_that_see_a_rule_first_at_once_call_it_the_same(
    rig: RegistryRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else what the one remembers is not armed for the other, and an event is lost."""
    policy = parse_policy({".slackops.yaml": POLICY.format(propose=CHALLENGER).encode()})
    other: list[dict[ProposeRule, str]] = []
    real = rig.registry.models

    def models() -> list[str]:
        if not other:
            other.append({})
            rig.clock.time += 1
            other[0] = known_rules(rig.ctx, rig.memory, policy)
            rig.clock.time += 1
        return real()

    monkeypatch.setattr(rig.registry, "models", models)
    rig.memory.save(RegistryState(BEGINNING), 0.0)
    assert known_rules(rig.ctx, rig.memory, policy) == other[0]
