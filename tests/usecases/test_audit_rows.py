"""Which rows the use cases write, once each, whatever is run again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.audit import AuditEntry
from bot.domain.audit_cards import MOST, AuditList
from bot.domain.audit_reviews import review_news
from bot.domain.audit_verify import verify
from bot.domain.cards import Refusal, ReviewLine
from bot.domain.change import ChangeState
from bot.domain.commands import (
    Ban,
    CloseChange,
    Freeze,
    HoldChange,
    ListModels,
    Promote,
    ShowAudit,
    TakeOn,
    Unban,
    Unfreeze,
)
from bot.domain.people import Person
from bot.usecases.audit_reviews import note_shown
from tests.usecases.stop_rig import ANA, BEN, NOW, Rig


def told(rig: Rig) -> list[tuple[str, str, str | None, str | None]]:
    assert verify(rig.audit.rows()).whole
    return [(e.what, e.by, e.environment, e.version) for e in (row.entry for row in rig.audit.chain)]


def test_freezes_and_bans() -> None:
    rig = Rig()
    for _ in range(2):
        rig.ask(Freeze, "k1", environment="production", model="fraud", until="2h", reason="holidays")
        rig.ask(Unfreeze, "k2", environment="production", model="fraud")
        rig.ask(Ban, "k3", model="fraud", version="41", reason="leaks")
        rig.ask(Unban, "k4", model="fraud", version="41", reason="mended")
    assert told(rig) == [
        ("frozen", str(ANA), "production", None),
        ("unfrozen", str(ANA), "production", None),
        ("banned", str(ANA), None, "41"),
        ("unbanned", str(ANA), None, "41"),
    ]
    first = rig.audit.chain[0].entry
    assert (first.login, first.why, first.evidence["until"]) == ("ana", "holidays", NOW + 7200)


def test_a_ban_that_holds_already_is_no_deed() -> None:
    rig = Rig()
    rig.ask(Ban, "k1", model="fraud", version="41", reason="leaks")
    rig.ask(Ban, "k2", model="fraud", version="41", reason="leaks too")
    assert [what for what, *_ in told(rig)] == ["banned"]


def test_a_kill_after_the_commit_and_before_the_row(monkeypatch: pytest.MonkeyPatch) -> None:
    rig = Rig()

    def killed(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(rig.audit, "append", killed)
        with pytest.raises(KeyboardInterrupt):
            rig.ask(Freeze, environment="production", reason="holidays")
    assert (len(rig.commits()), rig.audit.chain) == (1, [])
    rig.ask(Freeze, environment="production", reason="holidays")
    assert (len(rig.commits()), len(rig.audit.chain)) == (1, 1)


@pytest.mark.parametrize(
    ("kind", "fields", "rows"),
    [
        (Promote, {"model": "fraud", "version": "99", "environment": "production"}, 1),
        (Promote, {"model": "fraud", "version": "99", "environment": "production", "plan": True}, 0),
        (ListModels, {"model": "nothing"}, 0),
        (ShowAudit, {"model": "nothing"}, 0),
        (Freeze, {"environment": "nowhere"}, 1),
        (CloseChange, {"change": "01GONE"}, 1),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_a_refusal_is_told_and_a_question_is_not(kind: type, fields: dict[str, Any], rows: int) -> None:
    rig = Rig()
    for _ in range(2):
        rig.ask(kind, **fields)
    answer = rig.whispered()
    assert isinstance(answer, Refusal)
    assert [(row.entry.what, row.entry.outcome) for row in rig.audit.chain] == [("refused", "refused")] * rows
    for row in rig.audit.chain:
        assert row.entry.evidence["reason"] == answer.reason


def test_somebody_of_another_workspace_is_refused_and_told() -> None:
    rig = Rig()
    rig.ask(Freeze, by=Person(team="TOTHER", user="U0ANA"), environment="production")
    (row,) = rig.audit.chain
    assert (row.entry.by, row.entry.login, row.entry.what) == ("slack:TOTHER/U0ANA", None, "refused")


def test_hold_release_close() -> None:
    rig = Rig()
    change = rig.open_change(7)
    for _ in range(2):
        rig.ask(HoldChange, "k1", change=change.id, reason="wait")
        rig.ask(HoldChange, "k2", change=change.id, hold=False)
        rig.ask(CloseChange, "k3", change=change.id, reason="never mind")
    rows = [row.entry for row in rig.audit.of_change(change.id)]
    assert [(row.what, row.why, row.number) for row in rows if row.what != "refused"] == [
        ("held", "wait", 7),
        ("released", None, 7),
        ("closed", "never mind", 7),
    ]


def test_who_takes_it_on_first_is_told() -> None:
    rig = Rig()
    change = rig.open_change(7)
    rig.changes.update(change.id, lambda c: replace(c, state=ChangeState.WATCHING, merged_at=NOW))
    rig.ask(TakeOn, "k1", change=change.id)
    rig.ask(TakeOn, "k2", by=BEN, change=change.id)
    assert [(what, by) for what, by, *_ in told(rig)] == [("taken_on", str(ANA))]


def test_a_dead_letter_is_told() -> None:
    rig = Rig()
    row = rig.row(Freeze(by=ANA, environment="production"))
    for _ in range(2):
        rig.dispatcher.gave_up(row, "the forge answers 502")
    (found,) = rig.audit.chain
    assert (found.entry.what, found.entry.outcome, found.entry.why) == ("given_up", "failed", "the forge answers 502")


def test_audit_shows_the_newest_and_says_that_there_are_more() -> None:
    rig = Rig()
    rig.audit.append(
        *(AuditEntry(f"k{n}", "approved", NOW + n, str(BEN), model="fraud", version=str(n)) for n in range(20))
    )
    rig.ask(ShowAudit, model="fraud")
    card = rig.whispered()
    assert isinstance(card, AuditList)
    assert (len(card.lines), card.more, card.lines[0].text, card.lines[0].person) == (MOST, True, "approved 19", BEN)


def line(login: str = "ben", counts: bool = True, id_: int = 1, verdict: str = "APPROVED", why: str = "") -> ReviewLine:
    return ReviewLine(login, None, verdict, counts, why, "", id_)


def test_reviews_are_told_when_they_begin_or_cease_to_count() -> None:
    rig = Rig()
    seen: list[tuple[str, str, bool]] = []
    looks: tuple[list[ReviewLine], ...] = (
        [line()],
        [line()],
        [line(counts=False, why="was given before the change moved")],
        [line()],
        [line(), line("chloe", False, 2, why="is not on the list of approvers")],
        [line(id_=3, verdict="CHANGES_REQUESTED"), line("chloe", False, 2, why="is not on the list of approvers")],
        [line("chloe", False, 2, why="is not on the list of approvers")],
        [],
    )
    for lines in looks:
        for news in review_news(lines, rig.audit.chain):
            seen.append((news.login, news.what, news.own))
            key = f"{news.login}:{news.turn}"
            assert rig.audit.append(AuditEntry(key, news.what, NOW, "x", evidence=news.evidence)) == 1
    assert seen == [
        ("ben", "review_counts", True),
        ("ben", "review_counts_not", False),
        ("ben", "review_counts", False),
        ("chloe", "review_counts_not", True),
        ("ben", "review_counts", True),
        ("ben", "review_counts_not", False),
    ]


def test_what_was_shown_stays_what_was_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run after a kill finds the evidence of the first: the review and the chain never tell of different things."""
    from bot.domain.commands import Review
    from bot.usecases import audit_reviews

    rig = Rig()
    change = rig.open_change(7)
    row = rig.row(Review(by=BEN, change=change.id, digest=change.intent.digest, verdict="approve"))
    shown = iter([{"gates": "as they were"}, {"gates": "as they are"}])
    monkeypatch.setattr(audit_reviews, "snapshot", lambda *_: None)
    monkeypatch.setattr(audit_reviews, "evidence_of", lambda _: next(shown))
    hashes = [note_shown(rig.ctx, rig.dispatcher.repo, row, change, None, row.command) for _ in range(2)]  # type: ignore[arg-type]
    assert len(set(hashes)) == 1
    assert [one.entry.what for one in rig.audit.chain] == ["shown"]
