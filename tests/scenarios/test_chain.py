"""The promotion chain, as people use it: the next stage without naming it, and a region that follows the first."""

from __future__ import annotations

from tests.scenarios.world import ANA, BEN, CHLOE, MANIFEST, World, everything

REGIONS = ("eu", "us")
LAYOUT = """layouts: # one rule for a fleet; a model's own targets win
  - files: ["models/{model}/{environment}/{region}/inferenceservice.yaml"]
    doc: {kind: InferenceService, name: "{model}"}
    set:
      - {at: spec.predictor.model.storageUri, value: "s3://models/{model}/{version}/model"}
"""


def manifest(region: str) -> str:
    return MANIFEST.replace("production/", f"production/{region}/")


async def fan_out(world: World) -> None:
    """Production has two regions, and eu goes first."""
    for region in REGIONS:
        await world.push(manifest(region), world.file(MANIFEST))
    await world.change_policy("    rollout: {engine: none}\n", "    fan_out: {regions: [us, eu], first: eu}\n")
    await world.change_policy(LAYOUT.splitlines()[0] + "\n", LAYOUT)
    await world.change_policy(
        "[apps/ltv/overlays/production/kust", '["apps/ltv/overlays/production-{region}.yaml"] # kust'
    )


async def test_promote_without_an_environment_goes_one_stage_further_each_time(world: World) -> None:
    await world.say("/promote fraud-detector 4", channel="C0DEPLOYS")
    await world.whisper("staging is the first stage.", channel="C0DEPLOYS")
    await world.merged(1)
    await world.settled()
    await world.say("/promote fraud-detector 4")
    await world.whisper("production is the next stage after staging.")
    card = await world.card("Review: fraud-detector 3→4, production")
    await world.click(card, "change.approve", BEN)
    await world.merged(2)
    await world.settled()
    await world.refused("/promote fraud-detector 4", "already_deployed", "that is the last stage")


async def test_the_form_may_leave_the_environment_empty(world: World) -> None:
    await world.say("/promote fraud-detector", channel="C0DEPLOYS")
    view = await world.form(ANA, "form.promote")
    await world.slack.submit(ANA, view["id"], {"model": "fraud-detector", "version": "4"})
    await world.whisper("staging is the first stage.", channel="C0DEPLOYS")


async def test_the_second_region_follows_by_itself(world: World) -> None:
    await fan_out(world)
    await world.say("/promote fraud-detector 4 production")
    first = await world.card("Review: fraud-detector 3→4, production-eu")
    await world.click(first, "change.approve", BEN)
    await world.merged(1)
    second = await world.card("Review: fraud-detector 3→4, production-us")
    told = await world.thread(first, "production-us is asked for: #2")
    assert told
    assert "0 of 1 approvals" in everything(second)
    await world.click(second, "change.approve", ANA)
    await world.whisper("own_change")  # Ana asked for both
    await world.click(second, "change.approve", CHLOE)
    await world.merged(2)
    assert [f"/{version}/model" in world.file(manifest(region)) for region, version in (("eu", 4), ("us", 4))] == [
        True,
        True,
    ]
    await world.settled()
    assert len(world.pulls()) == 2
    await world.say("/models fraud-detector")
    await world.whisper("production-eu 4")


async def test_a_region_alone_waits_for_the_first_one(world: World) -> None:
    await fan_out(world)
    await world.say("/promote fraud-detector 4 production-us")
    card = await world.card("Blocked: fraud-detector 3→4, production-us")
    assert "4 never stood there" in everything(card)
    await world.settled()
    await world.say("/promote fraud-detector 4 production-eu")
    first = await world.card("Review: fraud-detector 3→4, production-eu")
    await world.click(first, "change.approve", BEN)
    await world.merged(2)
    await world.card("Review: fraud-detector 3→4, production-us")
    await world.settled()
    assert [pull["number"] for pull in world.pulls()] == [1, 2]


async def test_all_regions_go_back_together(world: World) -> None:
    await fan_out(world)
    for region in REGIONS:
        text = world.file(manifest(region))
        await world.push(manifest(region), text.replace("/fraud-detector/3/", "/fraud-detector/4/"))
    await world.say("/rollback fraud-detector production --reason broken")
    for region in REGIONS:
        await world.card(f"Review: roll back fraud-detector 4→3, production-{region}")
