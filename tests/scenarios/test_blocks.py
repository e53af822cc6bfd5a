"""A rollback that restores a whole block of the manifest, and what keeps it from losing other people's work."""

from __future__ import annotations

from tests.scenarios.world import BEN, CHLOE, MANIFEST, OSCAR, World

OWN = """  fraud-detector:
    targets:
      production:
        - files: [models/fraud-detector/production/inferenceservice.yaml]
          doc: {kind: InferenceService, name: fraud-detector}
          at: spec.predictor.model.storageUri
          value: "s3://models/fraud-detector/{version}/model"
          rollback: {mode: block, scope: spec.predictor}
"""


async def promoted(world: World) -> str:
    """Version 4, and with it more workers, as one change on main; the manifest as it was before."""
    await world.change_policy("  fraud-detector:\n", OWN)
    before = world.file(MANIFEST)
    after = before.replace("/fraud-detector/3/model", "/fraud-detector/4/model").replace("--workers=2", "--workers=8")
    assert after.count("--workers=8") == 1
    await world.push(MANIFEST, after, message="fraud-detector 4 needs more workers")
    return before


async def test_the_block_comes_back_whole(world: World):
    before = await promoted(world)
    await world.say("/rollback fraud-detector production")
    card = await world.card("Review: roll back fraud-detector 4→3, production")
    await world.click(card, "change.approve", BEN)
    await world.merged(1)
    assert world.file(MANIFEST) == before


async def test_an_edit_for_another_reason_is_not_lost(world: World):
    before = await promoted(world)
    now = world.file(MANIFEST)
    await world.push(MANIFEST, now.replace("maxReplicas: 12", "maxReplicas: 20"), message="Black Friday")
    told = await world.refused("/rollback fraud-detector production", "block_edited", "maxReplicas: 20", "--to 3")
    assert "--workers" not in str(told["blocks"])
    await world.say("/rollback fraud-detector production --to 3")
    card = await world.card("Review: roll back fraud-detector 4→3, production")
    await world.click(card, "change.approve", CHLOE)
    await world.merged(1)
    assert world.file(MANIFEST) == before.replace("maxReplicas: 12", "maxReplicas: 20").replace(
        "--workers=2", "--workers=8"
    )


async def test_an_edit_beside_the_block_stays(world: World):
    before = await promoted(world)
    now = world.file(MANIFEST)
    await world.push(MANIFEST, now.replace("minAvailable: 2", "minAvailable: 3"), message="Budget")
    await world.say("/rollback fraud-detector production")
    card = await world.card("Review: roll back fraud-detector 4→3, production")
    await world.click(card, "change.approve", BEN)
    await world.merged(1)
    assert world.file(MANIFEST) == before.replace("minAvailable: 2", "minAvailable: 3")


async def test_an_edit_after_it_was_asked_for_holds_the_rollback_up(world: World):
    await promoted(world)
    await world.say("/rollback fraud-detector production")
    card = await world.card("Review: roll back fraud-detector 4→3, production")
    now = world.file(MANIFEST)
    await world.push(MANIFEST, now.replace("maxReplicas: 12", "maxReplicas: 20"), message="Black Friday")
    await world.card("Blocked: roll back fraud-detector 4→3, production")
    await world.shows(card, "also edited for other reasons")
    await world.click(card, "change.approve", BEN)
    await world.settled()
    assert "maxReplicas: 20" in world.file(MANIFEST)


async def test_nothing_of_the_repo_is_told_to_somebody_without_the_role(world: World):
    await promoted(world)
    await world.push(MANIFEST, world.file(MANIFEST).replace("maxReplicas: 12", "maxReplicas: 20"), message="Secret")
    told = await world.refused("/rollback fraud-detector production", "not_allowed", user=OSCAR)
    assert "maxReplicas" not in str(told["blocks"])
