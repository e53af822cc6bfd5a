"""The details page after the change: its picture, how it ended, and for how long it is kept."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.adapters.attest import HmacAttest
from bot.adapters.slack_blocks.change_card import change_card
from bot.domain.cards import ChangeCard, Stage
from bot.domain.change import Action, ChangeState
from bot.domain.chart import Chart
from bot.domain.commands import Watch
from bot.domain.details import Details, from_json
from bot.domain.signal import Phase
from bot.ports.details import Page
from bot.usecases.details import DetailsShown, link_of
from bot.usecases.details_ending import keep_rolled_back
from tests.fakes.evaluations import FakeEvaluations
from tests.usecases.chain_rig import chain_rig
from tests.usecases.hand_rig import BEN
from tests.usecases.page_rig import GATED, PageRig
from tests.usecases.review_rig import KEYS
from tests.usecases.stop_rig import Rig
from tests.usecases.watch_rig import POLICY, merged, say, watch


class Pencil:
    """The Charts port; counts. ``there`` is False where Pillow is not installed."""

    def __init__(self, there: bool = True) -> None:
        self.there, self.drawn = there, 0

    def png(self, chart: Chart) -> bytes | None:
        self.drawn += 1
        return f"PNG {chart.title}".encode() if self.there else None


@pytest.fixture
def rig() -> PageRig:
    rig = PageRig()
    have = rig.registry._versions["fraud"]
    have[:] = [replace(one, metrics={"auc": 0.9 + int(one.version) / 1000}) for one in have]
    return rig


def opened(rig: PageRig, pencil: Pencil) -> tuple[Page, bytes | None]:
    """The page and its picture behind the status's link, as a process that has just begun serves them."""
    pages = DetailsShown(replace(rig.ctx, charts=pencil))
    parts = urlsplit(rig.link)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    signed = (rig.change.id, query["e"], query["s"])
    found = pages.page(*signed)
    assert isinstance(found, Page)
    pictures = {pages.chart(*signed) for _ in range(3)}
    assert pages.chart(rig.change.id, query["e"], "0" * 64) is None
    (picture,) = pictures
    return found, picture


def drawn(rig: PageRig, pencil: Pencil) -> None:
    rig.dispatcher.ctx = rig.ctx = replace(rig.ctx, charts=pencil)
    rig.look()


def test_the_page_shows_the_picture_and_draws_it_once(rig: PageRig) -> None:
    drawn(rig, Pencil())
    pencil = Pencil()
    page, picture = opened(rig, pencil)
    assert page.alt.startswith("Line chart of auc of fraud")
    assert (picture, pencil.drawn) == (b"PNG auc of fraud", 1)
    rig.look()
    assert opened(rig, Pencil())[0].alt == page.alt


def test_without_pillow_there_is_a_page_and_no_picture(rig: PageRig) -> None:
    drawn(rig, Pencil(there=False))
    page, picture = opened(rig, Pencil(there=False))
    assert (page.alt, picture) == ("", None)
    assert opened(rig, Pencil())[1] == b"PNG auc of fraud"


def test_an_ended_link_shows_no_picture(rig: PageRig) -> None:
    drawn(rig, Pencil())
    parts = parse_qs(urlsplit(rig.link).query)
    rig.clock.time = float(parts["e"][0]) + 1
    assert DetailsShown(replace(rig.ctx, charts=Pencil())).chart(rig.change.id, parts["e"][0], parts["s"][0]) is None


def test_gates_stand_as_they_were_judged(rig: PageRig) -> None:
    rig.look()
    link, before = rig.link, rig.page
    rig.click(BEN)
    rig.drain()
    rig.measure(0.1)
    rig.push({".slackops.yaml": GATED.format(approvals=rig.approvals).replace("0.9}", "0.99}").encode()})
    rig.look()
    rig.push({".slackops.yaml": b"version: 7\n"})
    rig.look()
    found = rig.follow(link)
    assert isinstance(found, Page)
    assert (found.details.stage, found.details.ended, found.details.judged) == ("Merged", True, True)
    assert found.details.gates == before.gates
    assert found.details.approvals == 1


def watched() -> tuple[Rig, FakeEvaluations]:
    rig = chain_rig(POLICY)
    evaluations = FakeEvaluations()
    rig.dispatcher.ctx = rig.ctx = replace(rig.ctx, evaluations=evaluations)
    return rig, evaluations


def kept(evaluations: FakeEvaluations, change: str) -> Details:
    found = evaluations.get(change)
    details = from_json(found[1]) if found else None
    assert details is not None
    return details


def test_the_watcher_says_how_it_went_on() -> None:
    rig, evaluations = watched()
    change = merged(rig)
    evaluations.save(change.id, 1.0, BODY.replace("01A", change.id))
    say(rig, change, Phase.HEALTHY, 60.0)
    watch(rig, change)
    assert kept(evaluations, change.id).stage == Stage.LIVE.value
    writes = evaluations.writes
    watch(rig, change, "w2")
    assert evaluations.writes == writes
    say(rig, change, Phase.DEGRADED, 120.0)
    watch(rig, change, "w3")
    found = kept(evaluations, change.id)
    assert [one.stage for one in found.rollout] == ["Live", "DEGRADED"]
    assert "pods" in found.note


def test_the_card_leads_to_the_page_after_the_merge_too() -> None:
    rig, _ = watched()
    rig.dispatcher.ctx = rig.ctx = replace(rig.ctx, public_url="https://bot.test/", attest=HmacAttest(KEYS))
    change = merged(rig)
    say(rig, change, Phase.HEALTHY, 60.0)
    watch(rig, change)
    (shown,) = (one.message for one in rig.chat.sent if isinstance(one.message, ChangeCard))
    assert (shown.stage, shown.details) == (Stage.LIVE, link_of(rig.ctx, change.id)) != (Stage.LIVE, "")
    assert "|Details>" in json.dumps(change_card(shown))


def test_a_rollback_is_told_on_the_page_of_what_it_took_back(rig: PageRig) -> None:
    rig.click(BEN)
    rig.drain()
    taken = rig.changes.get(rig.change.id)
    assert taken is not None and taken.state is ChangeState.MERGED
    intent = replace(taken.intent, action=Action.ROLLBACK, frm="42", to="40")
    back = replace(taken, id="01BACK", intent=intent, merged_at=None, merge_commit=None)
    rig.changes.add(replace(back, number=99))
    keep_rolled_back(rig.ctx, replace(back, number=99))
    found = kept(rig.evaluations, taken.id)
    assert (found.stage, found.note) == ("Rolled back", "#99 went back to 40.")
    rig.look()
    assert kept(rig.evaluations, taken.id).stage == "Rolled back"


def test_what_nobody_looked_at_has_nothing_added() -> None:
    rig, evaluations = watched()
    change = merged(rig)
    rig.dispatcher(rig.row(Watch(change=change.id, number=7), "w1"))
    assert evaluations.get(change.id) is None


BODY = (
    '{"change":"01A","number":7,"url":"u","title":"t","model":"fraud","environment":"staging","frm":"41","to":"42",'
    '"stage":"Merged","note":"","head":"h","base":"b","approvals":1,"required":1}'
)
