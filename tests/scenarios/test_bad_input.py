"""What people type wrongly: each is a refusal with a reason code and a way on, seen by the asker only."""

from __future__ import annotations

import pytest

from tests.scenarios.world import ANA, BEN, DEPLOYS, OSCAR, POLICY, PROD, World, everything

COMMANDS = [
    ("/promote fraud-detektor 4 production", "unknown_model", ("fraud-detektor", "Did you mean fraud-detector?")),
    ("/promote zzz 4 production", "unknown_model", ("Declared are: churn, fraud-detector, ltv, recommender",)),
    ("/promote fraud-detector 99 production", "unknown_version", ("The newest are: 5, 4",)),
    ("/promote fraud-detector four production", "unknown_version", ("'four'",)),
    ("/promote fraud-detector 4 prodution", "unknown_environment", ("did you mean production?", "staging")),
    ("/promote fraud-detector @chalenger production", "unknown_alias", ("@champion (3)", "@challenger (4)")),
    ("/promote fraud-detector latest production", "latest_refused", ("is 5", "/promote fraud-detector 5 production")),
    ("/promote fraud-detector @latest prod", "unknown_alias", ("latest",)),
    ("/promote fraud-detector 3 production", "already_deployed", ("inferenceservice.yaml:",)),
    ("/promote fraud-detector v3 prod", "already_deployed", ()),
    ("/promote fraud-detector 3", "already_deployed", ("production",)),
    ("/promote fraud-detector 4 production now", "bad_usage", ("'now'", "/promote MODEL")),
    ("/promote fraud-detector 4 production --plam", "bad_usage", ("did you mean `--plan`?",)),
    ("/promote <!channel> 4 production", "invalid_name", ()),
    ("/promote &lt;!channel&gt; 4 production", "invalid_name", ()),
    ("/promote ../../etc/passwd 4 production", "invalid_name", ()),
    ("/promote 'x; rm -rf $(HOME)' 4 production", "invalid_name", ()),
    ('/promote "fraud detector" 4 production', "unknown_model", ("fraud detector",)),
    ('/promote "fraud-detector 4 production', "bad_usage", ("not closed",)),
    ("/promote fraud-detector ../4 production", "invalid_name", ()),
    ("/promote fraud-detector 4 prod/../x", "invalid_name", ()),
    ("/rollback fraud-detector nowhere", "unknown_environment", ("staging, production",)),
    ("/rollback fraud-detector production --to 99", "no_earlier_version", ("never pinned", "2, 1")),
    ("/rollback fraud-detector production --break-glass", "bad_usage", ("--reason",)),
    ("/models frod", "unknown_model", ()),
    ("/drift nope", "unknown_model", ()),
    ("/slackops freez", "unknown_command", ()),
    ("/slackops audit", "bad_usage", ()),
    ("/promote " + "x" * 40_000, "bad_usage", ("40000", "4000")),
]


async def test_what_is_typed_wrongly(world: World):
    for text, reason, words in COMMANDS:
        told = await world.refused(text, reason, *words)
        assert "<!channel>" not in everything(told)
    await world.refused("/promote fraud-detector 4 production", "not_allowed", "promote", user=OSCAR)
    await world.settled()
    assert world.pulls() == []
    assert world.branches() == ["main"]
    for channel in (PROD, DEPLOYS):
        assert world.slack.messages(channel, viewer=BEN) == []
    assert world.bot
    assert world.bot.store.inbox.dead() == []


@pytest.mark.parametrize("line", ["    bogus: 1\n", "    gates: [{metric: [}]\n"])
async def test_a_malformed_policy_names_its_line_and_heals(line: str, world: World):
    await world.say("/promote ltv 4 production")
    card = await world.card("Review: ltv")
    good = world.file(POLICY)
    await world.push(POLICY, good.replace('    channel: "#ml-production"\n', line, 1))
    where = 1 + good[: good.index('    channel: "#ml-production"\n')].count("\n")
    await world.refused("/promote fraud-detector 4 production", "policy_invalid", f".slackops.yaml:{where}")
    blocked = await world.card("Blocked: ltv 3→4, production")
    assert f".slackops.yaml:{where}" in everything(blocked)
    await world.settled()
    assert world.statuses(1) == {"slackops/gates": "failure", "slackops/approvals": "pending"}
    await world.click(card, "change.approve", BEN)
    await world.whisper("policy_invalid", BEN)
    assert world.github.reviews("acme/ml-deployments", 1) == []
    await world.push(POLICY, good)
    await world.card("Review: ltv 3→4, production")
    await world.settled()
    assert world.statuses(1)["slackops/gates"] == "success"
    await world.click(card, "change.approve", BEN)
    await world.merged(1)


async def test_an_environment_without_a_target(world: World):
    await world.change_policy("environments: # in promotion order\n", "environments:\n  canary: {}\n")
    await world.refused(
        "/promote ltv 4 canary", "no_target", "ltv has no target in canary", "models.ltv.targets.canary"
    )
    await world.refused("/promote fraud-detector 4 canary", "no_target")
    await world.settled()
    assert world.pulls() == []
    assert world.slack.messages(DEPLOYS, viewer=ANA) == []
