"""The newcomer's story by signed requests: promote, review, merge, roll back."""

from __future__ import annotations

from tests.scenarios.world import ANA, BEN, DEPLOYS, OSCAR, REPO, World, everything

MANIFEST = "models/fraud-detector/production/inferenceservice.yaml"


async def test_promote_approve_merge_rollback(world: World):
    before = world.file(MANIFEST)
    done = await world.say("/promote fraud-detector 4 production --reason better recall")
    assert (done.status, done.error) == (200, None)
    card = await world.card("Review: fraud-detector 3→4, production")
    number = world.pulls()[-1]["number"]
    pull = world.github.pull(REPO, number)
    assert pull["title"] == "Promote fraud-detector 3 → 4 in production"
    assert {label["name"] for label in pull["labels"]} == {
        "slackops",
        "promote",
        "env:production",
        "model:fraud-detector",
    }
    assert "better recall" in everything(card)
    assert "SlackOps-Requested-By: slack:T0SANDBOX/U0ANA" in pull["body"]
    await world.forge(
        lambda: world.statuses(number) == {"slackops/gates": "success", "slackops/approvals": "pending"}, "statuses"
    )
    await world.whisper(f"#{number}")
    await world.thread(card, "Needs review")

    await world.click(card, "change.approve", BEN)
    merged = await world.merged(number)
    (review,) = [r for r in world.github.reviews(REPO, number) if r["state"] == "APPROVED"]
    assert review["user"] == "ben"
    assert review["commit_id"] == merged["head"]["sha"]
    after = world.file(MANIFEST)
    assert after == before.replace("/3/", "/4/")
    await world.card("Merged: fraud-detector 3→4, production")
    await world.thread(card, "approved")
    await world.thread(card, "Merged as")

    await world.say("/rollback fraud-detector production")
    back = await world.card("Review: roll back fraud-detector 4→3, production")
    await world.click(back, "change.approve", ANA)
    await world.forge(lambda: world.file(MANIFEST) == before, "the manifest as it was")
    await world.card("Merged: roll back fraud-detector 4→3, production")


async def test_staging_merges_by_itself(world: World):
    await world.say("/promote fraud-detector 4 staging")
    await world.card("Merged: fraud-detector", DEPLOYS)
    assert "/4/" in world.file("models/fraud-detector/staging/inferenceservice.yaml")


async def test_models_and_help(world: World):
    await world.say("/models")
    seen = await world.whisper("fraud-detector")
    assert "churn" in everything(seen)
    await world.say("/models fraud-detector")
    await world.whisper("roc_auc")
    done = await world.say("/slackops help")
    assert "/rollback MODEL ENV" in str(done.body)


async def test_plan_writes_nothing(world: World):
    await world.say("/promote fraud-detector 4 production --plan")
    await world.whisper("Would propose: fraud-detector 3→4, production")
    assert world.pulls() == []


async def test_a_blocked_promotion_says_why(world: World):
    await world.say("/promote churn 17 production")
    card = await world.card("Blocked: churn 16→17, production")
    assert "log_loss" in everything(card)
    await world.thread(card, "Blocked")
    number = world.pulls()[-1]["number"]
    assert world.statuses(number)["slackops/gates"] == "failure"


async def test_own_approval_and_outsider_are_refused(world: World):
    await world.say("/promote fraud-detector 4 production")
    card = await world.card("Review: fraud-detector")
    await world.click(card, "change.approve", ANA)
    await world.whisper("own_change", ANA)
    await world.click(card, "change.approve", OSCAR)
    await world.whisper("Link GitHub account", OSCAR)
    assert world.github.reviews(REPO, world.pulls()[-1]["number"]) == []
