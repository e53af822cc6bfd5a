"""What the bot itself writes into the registry asks for nothing that would come back to it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import ValidationError

from bot.domain.change import Action, Change, ChangeState
from bot.domain.commands import LookRegistry
from bot.domain.policy.schema_registry import Propose
from bot.usecases.registry_own import LANDS_SECONDS, remember_own
from tests.usecases.registry_rig import RegistryRig

RULES = "[{on: alias, alias: candidate, to: production}, {on: alias, alias: champion, to: staging}]"


@pytest.fixture
def rig() -> RegistryRig:
    """Each environment's alias asks for the other environment: two versions could go round for ever."""
    rig = RegistryRig(propose=RULES)
    rig.change_policy("  staging: {}", "  staging: {on_healthy: {alias: candidate}}")
    return rig.begun()


def healthy(rig: RegistryRig, number: int, environment: str, to: str, action: Action = Action.PROMOTE) -> Change:
    """What `mark_healthy` does of a merged change."""
    change = rig.open_change(number, to=to)
    intent = replace(change.intent, action=action, environment=environment)
    done = rig.changes.update(change.id, lambda c: replace(c, intent=intent, state=ChangeState.MERGED))
    alias = {"staging": "candidate", "production": "champion"}[environment]
    remember_own(rig.ctx, "fraud", alias, done)
    rig.registry.set_alias("fraud", alias, to)
    return done


def proposed(rig: RegistryRig) -> list[tuple[str | None, str | None]]:
    """What rules asked for, in turn; staging merges by itself."""
    rows = [row.entry for row in reversed(rig.audit.of_model("fraud"))]
    return [(one.environment, one.version) for one in rows if one.what == "proposed" and one.by == "policy"]


def test_what_is_healthy_goes_on_to_a_later_environment(rig: RegistryRig) -> None:
    healthy(rig, 7, "staging", "50")
    rig.look()
    assert proposed(rig) == [("production", "50")]


def test_it_never_goes_back_to_an_earlier_one(rig: RegistryRig) -> None:
    healthy(rig, 7, "production", "50")
    rig.look()
    rig.poll()
    assert proposed(rig) == []


def test_what_was_taken_back_leads_nowhere(rig: RegistryRig) -> None:
    healthy(rig, 7, "staging", "39", Action.ROLLBACK)
    rig.look()
    assert proposed(rig) == []


def test_a_look_that_is_done_again_says_the_same(rig: RegistryRig, monkeypatch: pytest.MonkeyPatch) -> None:
    healthy(rig, 7, "production", "50")
    with monkeypatch.context() as patch:
        patch.setattr(rig.memory, "save", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            rig.run(LookRegistry(model="fraud"))
    rig.look()
    assert proposed(rig) == []


def test_people_may_set_what_the_bot_has_set_before(rig: RegistryRig) -> None:
    healthy(rig, 7, "production", "50")
    rig.look()
    for version in ("51", "50"):
        rig.registry.set_alias("fraud", "champion", version)
        rig.look()
    assert proposed(rig) == [("staging", "51"), ("staging", "50")]


def test_what_was_not_set_after_all_is_forgotten(rig: RegistryRig) -> None:
    change = rig.open_change(7, to="50")
    done = rig.changes.update(change.id, lambda c: replace(c, state=ChangeState.MERGED))
    remember_own(rig.ctx, "fraud", "champion", done)
    rig.clock.time += LANDS_SECONDS + 1
    for version in ("51", "50"):
        rig.registry.set_alias("fraud", "champion", version)
        rig.look()
    assert proposed(rig) == [("staging", "51"), ("staging", "50")]


def test_two_versions_that_chase_each_other_come_to_rest(rig: RegistryRig) -> None:
    """Whatever a rule asks for is merged and healthy at once: this ends only if no loop can form."""
    healthy(rig, 7, "staging", "50")
    healthy(rig, 8, "production", "51")
    done = 0
    for _ in range(10):
        rig.look()
        for environment, version in proposed(rig)[done:]:
            assert environment
            assert version
            for change in rig.changes.all_open():
                rig.changes.update(change.id, lambda c: replace(c, state=ChangeState.MERGED))
            healthy(rig, 100 + done, environment, version)
            done += 1
    assert proposed(rig) == [("production", "50")]


def test_no_rule_names_a_tag_of_the_bots_own() -> None:
    with pytest.raises(ValidationError, match="does not set itself"):
        Propose(on="tag", tag="slackops.production.change", to="production")
