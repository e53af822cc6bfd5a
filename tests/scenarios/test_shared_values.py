"""One value that serves two environments: nobody gets past the stricter one's rules by asking for the other."""

from __future__ import annotations

from tests.scenarios.world import BEN, POLICY, World, everything

BASE = "apps/shared/values.yaml"
TARGETS = """  ltv:
    targets:
      staging:
        - {files: [apps/shared/values.yaml], at: ltv.tag, value: "v{version}", shared_with: [production]}
      production:
        - {files: [apps/shared/values.yaml], at: ltv.tag, value: "v{version}", shared_with: [staging]}
"""


async def shared(world: World, targets: str = TARGETS) -> None:
    """ltv's version is one value for both environments."""
    await world.push(BASE, "ltv:\n  tag: v3 # both environments\n", message="One value for both")
    text = world.file(POLICY)
    start = text.index("  ltv:\n")
    await world.push(POLICY, text[:start] + targets + "    primary_metric: rmse\n", message="Share it")


async def test_the_stricter_rules_hold_whichever_is_asked_for(world: World):
    await shared(world)
    await world.say("/promote ltv 4 staging", channel="C0DEPLOYS")
    card = await world.card("Review: ltv 3→4, staging", channel="C0DEPLOYS")
    assert "0 of 1 approvals" in everything(card)
    assert "production" in everything(card)
    await world.click(card, "change.approve", BEN, channel="C0DEPLOYS")
    await world.merged(1)
    assert world.file(BASE) == "ltv:\n  tag: v4 # both environments\n"


async def test_without_a_word_about_it_a_shared_value_is_refused(world: World):
    await shared(world, TARGETS.replace(", shared_with: [production]", "").replace(", shared_with: [staging]", ""))
    await world.refused("/promote ltv 4 staging", "policy_invalid", "shared_with")
    assert world.pulls() == []
