"""How the details page calls people: by the accounts that are linked, for nobody knows a Slack id by heart."""

from __future__ import annotations

from bot.domain.commands import WaiveGate
from tests.usecases.hand_rig import ANA, BEN
from tests.usecases.page_rig import GATED, PageRig


def test_people_are_called_by_their_accounts() -> None:
    rig = PageRig()
    rules = GATED.format(approvals=rig.approvals) + "roles: {waive: ['slack:U0BEN']}\n"
    rig.push({".slackops.yaml": rules.encode()})
    rig.measure(0.5)
    rig.look()
    digest = rig.change.intent.digest
    rig.run(WaiveGate(by=BEN, change=rig.change.id, gate="auc", reason="the holdout is old", digest=digest))
    rig.look()
    assert "Asked for by @ana." in rig.page.asked
    assert [gate.waived for gate in rig.page.gates if gate.name == "auc"] == ["by @ben: the holdout is old"]


def test_who_has_none_is_called_by_the_slack_id() -> None:
    rig = PageRig()
    rig.ctx.links.remove(ANA)
    rig.look()
    assert "Asked for by U0ANA." in rig.page.asked
