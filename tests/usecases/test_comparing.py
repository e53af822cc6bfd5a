"""The comparison in the pull request and in the thread: gathered once, told once, and never taken back by silence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.cards import Receipt, Refusal
from bot.domain.chart import MetricOverVersions, SliceDots
from bot.domain.commands import Compare, Origin, Reconcile
from bot.domain.comparison_card import ComparisonCard
from bot.errors import ChatUnavailable, Fatal, ForgeUnavailable, LeaseLost, RegistryUnavailable
from tests.domain.comparing_facts import NEW, OLD
from tests.usecases.comparing_rig import ComparingRig
from tests.usecases.hand_rig import FRAUD, LTV, uri
from tests.usecases.stop_rig import ANA


def test_the_pull_request_has_it_and_a_second_look_writes_nothing():
    rig = ComparingRig()
    assert rig.look() != []
    for part in ("▲ better", "depth: 6 → 8", "Subject 7", "scikit\\-learn: ==1.3.0 → ==1.4.2", "Elsewhere: staging 41"):
        assert part in rig.body()
    sent, files = len(rig.chat.sent), len(rig.chat.files)
    assert rig.look() == []
    assert (len(rig.chat.sent), len(rig.chat.files)) == (sent, files)


def test_what_never_changes_is_asked_for_once():
    rig = ComparingRig()
    for _ in range(4):
        rig.look()
    assert len(rig.asked.calls) == 1
    assert [one.version for (one,) in rig.needed.calls] == ["40", "42"]


def test_the_thread_has_one_table_and_one_chart():
    rig = ComparingRig()
    rig.look()
    (table,) = rig.tables()
    card = rig.posts.get(rig.change.id, "card")
    assert card is not None
    assert (table.thread, table.mark) == (card.ts, f"{rig.change.id}:comparison:{rig.change.intent.digest[:12]}")
    (file,) = rig.chat.files.values()
    assert (file.channel, file.thread, file.title) == ("C0DEPLOYS", card.ts, "roc_auc of fraud")
    assert file.alt.startswith("Line chart of roc_auc of fraud over 3 versions, newest first: 42 (candidate) 0.948")
    (chart,) = rig.charts.drawn
    assert isinstance(chart, MetricOverVersions)
    assert [version for version, _ in chart.points] == ["100", "40", "42"]


def test_nothing_to_compare_is_not_told():
    rig = ComparingRig(metrics=False)
    rig.registry.needs = {}
    rig.look()
    assert rig.tables() == []
    assert rig.chat.files == {}


def test_another_meaning_is_told_anew():
    rig = ComparingRig()
    rig.log("39", replace(OLD, metrics={"roc_auc": 0.9}))
    rig.look()
    head = rig.checkout.commits[rig.checkout.remote["main"]]
    moved = {**dict(head.files), "models/fraud/production.yaml": b"uri: s3://models/fraud/39\n"}
    rig.checkout.change("main", moved, "Hotfix")
    rig.drain()
    rig.look()
    rig.look()
    assert [sent.message.comparison.frm for sent in rig.tables()] == ["40", "39"]
    assert len(rig.chat.files) == 2


@pytest.mark.parametrize("who", ["forge", "artifacts", "registry"])
def test_silence_changes_nothing_that_was_told(who):
    rig = ComparingRig()
    rig.look()
    before = rig.body()
    fresh = replace(rig.ctx, version_facts=type(rig.ctx.version_facts)())  # as after a restart
    rig.dispatcher.ctx = fresh
    match who:
        case "forge":
            rig.asked.fails = ForgeUnavailable("down")
        case "artifacts":
            rig.needed.fails = RegistryUnavailable("down")
        case _:
            rig.registered.down = RegistryUnavailable("down")
    assert "edit" not in str(rig.look())
    assert rig.body() == before


def test_an_id_that_nobody_can_name_now_does_not_take_a_number_back():
    rig = ComparingRig()
    head = dict(rig.checkout.commits[rig.checkout.remote["main"]].files)
    by_id = b'fraud: {targets: {staging: [{files: [ids.yaml], at: uri, value: "models:/{model_id}"}]}, '
    policy = head[".slackops.yaml"].replace(b"fraud: {", by_id)
    rig.checkout.change("main", {**head, ".slackops.yaml": policy, "ids.yaml": b"uri: models:/m-7\n"}, "By id")
    rig.log("41", replace(OLD, model_id="m-7"))
    rig.drain()
    rig.look()
    before = rig.body()
    assert "Elsewhere: staging 41" in before
    rig.dispatcher.repo.names._known.clear()  # as after a restart
    rig.registered.down = RegistryUnavailable("down")
    rig.look()
    assert rig.body() == before


def test_silence_is_said_and_heals():
    rig = ComparingRig()
    rig.asked.fails = ForgeUnavailable("down")
    rig.look()
    assert "could not be asked for" in rig.body()
    rig.look()
    assert len(rig.asked.calls) == 1  # it is left alone for a while
    rig.asked.fails = None
    rig.clock.time += 700
    rig.look()
    assert "Subject 7" in rig.body()


def test_no_forge_is_asked_about_what_a_tag_says():
    rig = ComparingRig()
    rig.log("42", replace(NEW, git_commit="evil/repo:main"))
    rig.look()
    assert rig.asked.calls == []
    assert "Trained at commit evil/repo:ma" in rig.body()


@pytest.mark.parametrize("refusal", [Fatal("missing_scope"), None], ids=["no scope", "no Pillow"])
def test_without_charts_the_table_stands_alone(refusal):
    rig = ComparingRig()
    rig.chat.refuses_files, rig.charts.there = refusal, refusal is not None
    rig.look()
    rig.look()
    assert len(rig.tables()) == 1
    assert rig.chat.files == {}
    assert len(rig.charts.drawn) == 1  # it is not tried at every look


def test_no_charts_at_all():
    rig = ComparingRig()
    rig.dispatcher.ctx = replace(rig.ctx, charts=None)
    rig.look()
    assert (len(rig.tables()), rig.chat.files) == (1, {})


def test_a_lost_answer_does_not_show_the_chart_twice():
    rig = ComparingRig()
    rig.chat.loses_share = ChatUnavailable("timed out")
    rig.look()
    rig.look()
    assert len([one for one in rig.chat.files.values() if one.channel]) == 1


def _says_the_table(rig: ComparingRig) -> bool:
    return any(one.mark.startswith("comparison:") and one.ts is None for one in rig.posts.of(rig.change.id))


def _shows_the_chart(rig: ComparingRig) -> bool:
    return bool(rig.chat.files)


@pytest.mark.parametrize("now", [_says_the_table, _shows_the_chart])
def test_whoever_lost_the_row_meanwhile_says_nothing_twice(now):
    """The machine had no time for it, the lease ended, and another worker carried the same row out to its end."""
    rig, taken = ComparingRig(), []

    def hold():
        if now(rig) and not taken:
            taken.append(1)
            rig.run(Reconcile(number=rig.number))
            raise LeaseLost("taken over")

    rig.dispatcher.ctx = replace(rig.ctx, hold=hold)
    with pytest.raises(LeaseLost):
        rig.run(Reconcile(number=rig.number))
    assert (len(rig.tables()), len([one for one in rig.chat.files.values() if one.channel])) == (1, 1)


def test_an_upload_that_fails_is_tried_again():
    rig = ComparingRig()
    rig.chat.refuses_files = ChatUnavailable("down")
    rig.look()
    assert len(rig.tables()) == 1
    rig.chat.refuses_files = None
    rig.look()
    assert len(rig.chat.files) == 1


def test_slices_are_drawn_as_dots():
    rig = ComparingRig()
    head = rig.checkout.commits[rig.checkout.remote["main"]]
    policy = dict(head.files)[".slackops.yaml"].replace(
        b"    approvals:", b'    gates: [{metric: "recall_by_segment.*", threshold: 0.8}]\n    approvals:'
    )
    rig.checkout.change("main", {**dict(head.files), ".slackops.yaml": policy}, "Gate")
    rig.checkout.fetch()
    rig.log("40", replace(OLD, metrics={"recall_by_segment.a": 0.9, "recall_by_segment.b": 0.85}))
    rig.log("42", replace(NEW, metrics={"recall_by_segment.a": 0.7, "recall_by_segment.b": 0.9, "roc_auc": 0.9}))
    rig.look()
    (chart,) = rig.charts.drawn
    assert isinstance(chart, SliceDots)
    assert chart.slices == (("recall_by_segment.a", 0.9, 0.7), ("recall_by_segment.b", 0.85, 0.9))
    assert (chart.frm, chart.to, chart.limit) == ("40", "42", 0.8)


def test_by_hand_each_target_has_a_table_of_its_own():
    rig = ComparingRig()
    moved = {FRAUD: uri("fraud", 43), LTV: uri("ltv", 7), "models/fraud/staging.yaml": uri("fraud", 43)}
    rig.log("43", replace(NEW, metrics={"roc_auc": 0.95}))
    rig.registry.add("ltv", metrics={"rmse": 1.0})
    number = rig.opened(dict(moved))
    before = len(rig.tables())
    for _ in range(2):
        rig.run(Reconcile(number=number))
    told = [(one.message.comparison.model, one.message.comparison.environment) for one in rig.tables()[before:]]
    assert ("fraud", "staging") in told
    assert ("fraud", "production") in told
    assert len(told) == len(set(told))
    rig.run(Compare(by=ANA, origin=Origin(channel="C0DEPLOYS"), change=rig.record(number).id))
    asked = [one.message.comparison for one in rig.chat.whispers[-3:]]
    assert len({(one.model, one.environment) for one in asked}) == 3


def test_by_hand_a_few_targets_are_compared_and_the_others_counted():
    rig = ComparingRig()
    moved = {f"models/m{n}/production.yaml": uri(f"m{n}", 2) for n in range(6)}
    old = {path: uri(path.split("/")[1], 1) for path in moved}
    for n in range(6):
        for value in (0.1, 0.2):
            rig.registry.add(f"m{n}", metrics={"rmse": value})
    rig.checkout.change("main", {**dict(rig.checkout.commits[rig.checkout.remote["main"]].files), **old}, "More")
    rig.drain()
    asked, before = len(rig.needed.calls), len(rig.tables())
    rig.run(Reconcile(number=rig.opened(dict(moved))))
    told = [one.message for one in rig.tables()[before:]]
    assert [one.comparison.model for one in told] == ["m3", "m4", "m5"]
    assert [one.others for one in told] == [0, 0, 3]
    assert len(rig.needed.calls) - asked <= 6


def test_a_change_that_is_over_is_not_compared_any_more():
    rig = ComparingRig()
    rig.look()
    asked = len(rig.chat.sent)
    rig.forge.close_pull(rig.number, "bye")
    rig.run(Reconcile(number=rig.number))
    assert not [sent for sent in rig.chat.sent[asked:] if isinstance(sent.message, ComparisonCard)]


def ask(rig: ComparingRig, change: str) -> object:
    rig.run(Compare(by=ANA, origin=Origin(channel="C0DEPLOYS"), change=change))
    return rig.whispered()


def test_compare_tells_the_asker_alone():
    rig = ComparingRig()
    posted = len(rig.chat.sent)
    told = ask(rig, rig.change.id)
    assert isinstance(told, ComparisonCard)
    assert told.comparison.metrics[0].name == "roc_auc"
    assert told.url == ""
    assert len(rig.chat.sent) == posted


def test_compare_of_nothing_is_refused():
    told = ask(ComparingRig(), "01NOSUCH")
    assert isinstance(told, Refusal)
    assert told.reason == "unknown_change"
    assert not isinstance(told, Receipt)
