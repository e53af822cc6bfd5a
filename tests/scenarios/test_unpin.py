"""An environment gives its own pin up, inherits, and gets one back."""

from __future__ import annotations

from tests.scenarios.world import ANA, BEN, CHLOE, MANIFEST, World, everything

OWN = """  fraud-detector:
    targets:
      production:
        - files: [models/fraud-detector/production/inferenceservice.yaml]
          doc: {kind: InferenceService, name: fraud-detector}
          at: spec.predictor.model.storageUri
          value: "s3://models/fraud-detector/{version}/model"
          when_absent: inherit:staging
"""
PIN = '      storageUri: "s3://models/fraud-detector/3/model" # pinned: changed through SlackOps only\n'


async def inheriting(world: World) -> str:
    """Staging has 4, and production may inherit it; production's manifest as it is before."""
    above = MANIFEST.replace("production", "staging")
    await world.push(above, world.file(above).replace("/fraud-detector/3/", "/fraud-detector/4/"))
    await world.change_policy("  fraud-detector:\n", OWN)
    before = world.file(MANIFEST)
    assert PIN in before
    return before


async def test_unpin_inherit_and_pin_again(world: World):
    before = await inheriting(world)
    await world.say("/slackops unpin fraud-detector production --reason 'follow staging'")
    card = await world.card("Review: unpin fraud-detector 3→4, production")
    assert "0 of 1 approvals" in everything(card)
    await world.click(card, "change.approve", BEN)
    await world.merged(1)
    assert world.file(MANIFEST) == before.replace(PIN, "")
    assert world.log()[0] == "Unpin fraud-detector 3 → 4 in production (#1)"

    await world.settled()
    await world.refused("/slackops unpin fraud-detector production", "not_pinned", "inherits 4 already")
    await world.say("/models fraud-detector")
    await world.whisper("production 4 (inherited)")

    await world.say("/rollback fraud-detector production")
    back = await world.card("Review: roll back fraud-detector 4→3, production")
    await world.click(back, "change.approve", CHLOE)
    await world.merged(2)
    after = world.file(MANIFEST)
    assert sorted(after.splitlines()) == sorted(
        before.replace(PIN, PIN.split(" #", maxsplit=1)[0].replace('"', "") + "\n").splitlines()
    )


async def test_what_is_inherited_is_judged_like_a_promotion(world: World):
    own = OWN.replace("fraud-detector", "churn").replace("models/churn/production/inferenceservice.yaml", "C")
    own = own.replace("doc: {kind: InferenceService, name: churn}\n          ", "").replace(
        "[C]", "[services/churn/values-production.yaml]"
    )
    own = own.replace("spec.predictor.model.storageUri", "model.version").replace(
        "s3://models/churn/{version}/model", "{version}"
    )
    await world.change_policy("  churn:\n", own)
    await world.say("/slackops unpin churn production")
    card = await world.card("Blocked: unpin churn 16→17, production")
    assert "log_loss" in everything(card)


async def test_without_anything_to_inherit_from_a_pin_stays(world: World):
    await world.refused("/slackops unpin ltv production", "not_pinned", "when_absent")
    await world.say("/slackops unpin ltv")
    view = await world.form(ANA, "form.unpin")
    assert view["state"]["values"]["model"]["model"]["selected_option"]["value"] == "ltv"
    await world.slack.submit(ANA, view["id"], {"environment": "staging"})
    await world.whisper("Not unpinned: ltv, staging")
    assert world.pulls() == []
