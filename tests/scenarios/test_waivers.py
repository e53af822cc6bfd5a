"""A promotion that a gate blocks, who may waive that, and what is told of it for good."""

from __future__ import annotations

import re

from tests.scenarios.world import ANA, BEN, POLICY, PROD, World, everything

WHY = "the holdout has last year's prices"
GATES = "      - {metric: primary, against: deployed, max_regression: 1%}\n"
ROLE = '  waive: ["slack:U0ANA", "slack:U0BEN"]\n'


async def strict(world: World) -> None:
    """A gate that no version passes, and a role that may let it pass."""
    text = re.sub(r"^  waive: .*\n", "", world.file(POLICY), flags=re.MULTILINE)
    assert GATES in text
    text = text.replace(GATES, GATES + "      - {metric: roc_auc, threshold: 0.9999}\n", 1)
    await world.push(POLICY, text.replace("roles:\n", f"roles:\n{ROLE}", 1))


async def test_blocked_refused_waived_by_the_form_approved_and_merged(world: World):
    await strict(world)
    await world.say("/promote fraud-detector 4 production")
    card = await world.card("Blocked: fraud-detector 3→4, production")
    await world.choose(card, "waive", ANA)
    fault = await world.form(ANA, "form.fault")
    assert "you cannot waive its gates now" in everything({"text": "", **fault})
    await world.choose(card, "waive", BEN)
    form = await world.form(BEN, "form.waive")
    assert "roc_auc" in everything({"text": "", **form})
    done = await world.slack.submit(BEN, form["id"], {"gate": "roc_auc", "reason": WHY})
    assert done.error is None
    card = await world.card("Review: fraud-detector 3→4, production")
    assert "roc_auc fails, waived" in everything(card)
    await world.thread(card, f"<@{BEN}> waived roc_auc")
    await world.settled()
    assert world.statuses(1)["slackops/gates"] == "success"
    assert "fail, waived by `U0BEN`" in world.pulls()[0]["body"]
    await world.refused(f"/slackops waive #1 roc_auc --reason {WHY}", "already_decided", "roc_auc", user=BEN)
    await world.click(card, "change.approve", BEN)
    await world.merged(1)
    assert "SlackOps-Waived: roc_auc" in world.git("log", "-1", "--format=%B", "main").splitlines()
    merged = await world.card("Merged: fraud-detector 3→4, production")
    assert f"<@{BEN}> waived roc_auc: “{WHY}”" in everything(merged)
    await world.say("/slackops audit fraud-detector", ANA, PROD)
    await world.whisper("waived `roc_auc` of 4, production (#1)")
