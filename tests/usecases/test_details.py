"""Details pages over a whole bot of fakes: what is written down, who may read it, and what has it written again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.commands import Command, LookRegistry, Nudge, PollRegistry, Reconcile
from bot.domain.details import Details
from bot.domain.facts import Check, CheckState
from bot.domain.page_links import LASTS, PERIOD
from bot.ports.details import Ended, Page
from bot.usecases.details import link_of
from bot.usecases.sweep import Sweeper
from tests.fakes.evaluations import FakeEvaluations
from tests.fakes.forge import FakeForge
from tests.fakes.registry_memory import FakeRegistryMemory
from tests.usecases.hand_rig import BEN, FRAUD, GATES, LTV, uri
from tests.usecases.page_rig import GATED, PageRig
from tests.usecases.review_rig import ReviewRig


@pytest.fixture
def rig() -> PageRig:
    return PageRig()


def test_the_status_leads_to_a_page_that_tells_what_was_seen(rig: PageRig) -> None:
    page, pull = rig.page, rig.forge.pull(rig.number)
    assert rig.link.startswith(f"https://bot.test/changes/{rig.change.id}?e=")
    assert (page.title, page.stage, page.required) == ("fraud 40→42, production", "Review", 1)
    states = {gate.name: gate.state for gate in page.gates}
    assert (states["auc"], states["check ci/*"]) == ("pass", "unknown")
    assert (page.head, page.base, page.number) == (pull.head, rig.checkout.head(), rig.number)
    assert [(edit.before, edit.after) for edit in page.edits] == [("s3://models/fraud/40", "s3://models/fraud/42")]
    assert rig.cards()[-1].details == rig.link
    assert "slackops/approvals" in rig.forge.statuses(pull.head)
    assert rig.forge.statuses(pull.head)["slackops/approvals"].url == pull.url


def test_a_second_look_writes_nothing(rig: PageRig) -> None:
    forge, writes = rig.forge.writes[:], rig.evaluations.writes
    kept = rig.evaluations.get(rig.change.id)
    rig.clock.time += 3_600
    rig.look()
    assert (rig.forge.writes, rig.evaluations.writes, rig.evaluations.get(rig.change.id)) == (forge, writes, kept)


def moved_registry(rig: PageRig) -> None:
    rig.measure(0.5)


def moved_policy(rig: PageRig) -> None:
    rig.push({".slackops.yaml": GATED.format(approvals=rig.approvals).replace("0.9}", "0.99}").encode()})


def moved_base(rig: PageRig) -> None:
    rig.push({LTV: uri("ltv", 6)})


def moved_head(rig: PageRig) -> None:
    rig.checkout.change(rig.change.branch, {"x.txt": b"x"}, author="kim")


def moved_checks(rig: PageRig) -> None:
    rig.forge.set_check(rig.forge.pull(rig.number).head, Check("ci/test", CheckState.FAILURE))


MOVES: dict[str, tuple[Callable[[PageRig], None], Callable[[Details], object], object]] = {
    "registry": (moved_registry, lambda page: [g.state for g in page.gates if g.name == "auc"], ["fail"]),
    "policy": (moved_policy, lambda page: [g.required for g in page.gates if g.name == "auc"], ["at least 0.99"]),
    "head": (moved_head, lambda page: (page.stage, "holds more" in page.note), ("Blocked", True)),
    "checks": (moved_checks, lambda page: [g.state for g in page.gates if g.name == "check ci/*"], ["fail"]),
}


@pytest.mark.parametrize(("move", "look", "found"), MOVES.values(), ids=MOVES)
def test_it_is_evaluated_again_when_something_moves(
    rig: PageRig, move: Callable[[PageRig], None], look: Callable[[Details], object], found: object
) -> None:
    assert look(rig.page) != found
    move(rig)
    rig.look()
    assert look(rig.page) == found


def test_a_moved_base_is_the_one_that_it_is_judged_on(rig: PageRig) -> None:
    before = rig.page.base
    moved_base(rig)
    rig.look()
    assert rig.page.base == rig.checkout.head() != before


NUDGES: dict[str, tuple[Callable[[PageRig], None], bool]] = {
    "head": (moved_head, True),
    "base": (moved_base, True),
    "policy": (moved_policy, True),
    "nothing": (lambda _: None, False),
}


@pytest.mark.parametrize(("move", "asks"), NUDGES.values(), ids=NUDGES)
def test_the_sweep_asks_for_it_where_no_webhook_came(rig: PageRig, move: Callable[[PageRig], None], asks: bool) -> None:
    sweeper = Sweeper()
    sweeper.sweep(rig.ctx, rig.row(Reconcile(number=0), "s0"))
    rig.drain()
    sweeper.sweep(rig.ctx, rig.row(Reconcile(number=0), "s1"))
    rig.drain()
    move(rig)
    assert (sweeper.sweep(rig.ctx, rig.row(Reconcile(number=0), "s2")) > 0) == asks


def test_what_only_the_registry_knows_is_looked_at_now_and_then(rig: PageRig) -> None:
    sweeper = Sweeper()
    assert [sweeper.sweep(rig.ctx, rig.row(Reconcile(number=0), f"s{turn}")) > 0 for turn in range(11)] == [
        True,
        *[False] * 9,
        True,
    ]


@pytest.mark.parametrize(
    "nudge",
    [
        lambda rig: Nudge(source="github", pulls=(rig.number,)),
        lambda rig: Nudge(source="github", shas=(rig.forge.pull(rig.number).head,)),
        lambda rig: Nudge(source="github", default_branch_moved=True),
    ],
    ids=["the pull request", "its head's checks", "the default branch"],
)
def test_a_webhook_has_it_evaluated(rig: PageRig, nudge: Callable[[PageRig], Nudge]) -> None:
    rig.drain()
    moved_registry(rig)
    rig.run(nudge(rig))
    rig.drain()
    assert [gate.state for gate in rig.page.gates if gate.name == "auc"] == ["fail"]


def test_a_tag_in_the_registry_has_it_evaluated(rig: PageRig) -> None:
    rig.dispatcher.ctx = rig.ctx = replace(rig.ctx, registry_memory=FakeRegistryMemory())
    del rig.registry._versions["fraud"][42:]
    rig.run(LookRegistry(model="fraud"))
    rig.drain()
    assert [gate.state for gate in rig.page.gates if "validated" in gate.name] != ["pass"]
    rig.registry.set_tags("fraud", "42", {"validated": "yes"})
    rig.run(LookRegistry(model="fraud"))
    rig.drain()
    assert [gate.state for gate in rig.page.gates if "validated" in gate.name] == ["pass"]


@pytest.mark.parametrize("nudge", [PollRegistry(), LookRegistry(model="fraud")], ids=["the clock", "a webhook"])
def test_a_metric_that_is_logged_late_has_it_evaluated(rig: PageRig, nudge: Command) -> None:
    """Though no alias or tag moves, and a hundred newer versions are registered."""
    rig.dispatcher.ctx = rig.ctx = replace(rig.ctx, registry_memory=FakeRegistryMemory())
    for _ in range(100):
        rig.registry.add("fraud")
    rig.run(PollRegistry())
    rig.drain()
    moved_registry(rig)
    rig.clock.time += 60
    rig.run(nudge)
    rig.drain()
    assert [gate.state for gate in rig.page.gates if gate.name == "auc"] == ["fail"]


def test_the_page_remembers_what_became_of_a_gate(rig: PageRig) -> None:
    rig.clock.time += 60
    moved_registry(rig)
    rig.look()
    last = rig.page.history[-1]
    assert (last.gate, last.before, last.after, last.at) == ("auc", "pass", "fail", rig.clock.now())


def test_the_link_is_set_again_before_it_ends_and_only_then(rig: PageRig) -> None:
    first, seen = rig.link, set()
    for _ in range(29):
        rig.clock.time += 86_400
        rig.look()
        seen.add(rig.link)
        assert isinstance(rig.follow(rig.link), Page)
    assert 2 <= len(seen | {first}) <= 4
    assert rig.follow(first) == Ended()
    sets = [one for one in rig.forge.writes if one.startswith("status slackops/gates")]
    assert len(sets) <= 2 + len(seen | {first})
    assert LASTS == PERIOD


def bad_links(rig: PageRig) -> dict[str, str]:
    base, _, signature = rig.link.rpartition("&s=")
    path, _, ends = base.partition("?e=")
    other = link_of(rig.ctx, "HAND0000000000000000000099")
    return {
        "no signature": base,
        "another signature": f"{base}&s={'0' * 64}",
        "upper case": f"{base}&s={signature.upper()}",
        "a later end": f"{path}?e={int(ends) + 1}&s={signature}",
        "another change with it": rig.link.replace(rig.change.id, "HAND0000000000000000000099"),
        "an unknown change, signed": other,
        "no end": f"{path}?s={signature}",
        "odd end": f"{path}?e=+{ends}&s={signature}",
        "a path": f"https://bot.test/changes/..?e={ends}&s={signature}",
    }


def test_every_bad_link_is_the_same_nothing(rig: PageRig) -> None:
    found = {name: rig.follow(url) for name, url in bad_links(rig).items()}
    assert found == dict.fromkeys(found)


def test_a_signature_of_something_else_opens_no_page(rig: PageRig) -> None:
    assert rig.ctx.attest
    path, _, ends = rig.link.partition("&s=")[0].partition("?e=")
    plain = rig.ctx.attest.sign(f"{rig.change.id}{ends}".encode())
    assert rig.follow(f"{path}?e={ends}&s={plain}") is None


@pytest.mark.parametrize("lacks", ["public_url", "evaluations", "attest"])
def test_without_pages_the_status_leads_to_the_pull_request(lacks: str) -> None:
    rig = ReviewRig()
    whole = replace(rig.ctx, evaluations=FakeEvaluations(), public_url="https://bot.test")
    rig.dispatcher.ctx = rig.ctx = replace(whole, **{lacks: "" if lacks == "public_url" else None})  # type: ignore[arg-type]
    rig.run(Reconcile(number=rig.number))
    assert isinstance(rig.forge, FakeForge)
    assert rig.forge.statuses(rig.forge.pull(rig.number).head)[GATES].url == rig.forge.pull(rig.number).url
    assert rig.cards()[-1].details == ""


def test_a_broken_policy_is_told_on_the_page(rig: PageRig) -> None:
    rig.push({".slackops.yaml": b"version: 7\n"})
    rig.look()
    assert (rig.page.judged, rig.page.stage) == (False, "Blocked")


def test_what_people_opened_has_a_page_too(rig: PageRig) -> None:
    number = rig.opened({FRAUD: uri("fraud", 41)})
    rig.run(Reconcile(number=number))
    found = rig.follow(rig.forge.statuses(rig.forge.pull(number).head)[GATES].url or "")
    assert isinstance(found, Page)
    assert found.details.change.startswith("HAND")


def test_the_end_stays_to_be_read(rig: PageRig) -> None:
    link = rig.link
    rig.click(BEN)
    rig.drain()
    found = rig.follow(link)
    assert isinstance(found, Page)
    assert found.details.stage == "Merged"
