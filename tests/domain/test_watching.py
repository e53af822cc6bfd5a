"""What is missing of a merged change, out of its rollout."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.cards import ChangeCard, Stage, ThreadNews
from bot.domain.change import Action, Change, ChangeState, Edit, Intent, Rung, Scalar
from bot.domain.people import Person
from bot.domain.policy import RolloutRule
from bot.domain.reconcile_actions import Say, ShowCard
from bot.domain.rollout import Rollout, RolloutState
from bot.domain.watching import AskRollback, EndWatch, MarkVersion, Record, Watched, version_tags, watch

ANA = Person(team="T1", user="UANA")
MERGED = 1_000.0


def change(**more: Any) -> Change:
    edit = Edit("m.yaml", "spec.version", Scalar("str", "41"), Scalar("str", "42"), 3)
    intent = Intent(Action.PROMOTE, "fraud", "production", "41", "42", None, (edit,))
    usual: dict[str, Any] = {
        "id": "01J",
        "intent": intent,
        "requesters": (ANA,),
        "reason": None,
        "created_at": 900.0,
        "base": "b" * 40,
        "branch": "slackops/x",
        "state": ChangeState.WATCHING,
        "number": 7,
        "merged_at": MERGED,
        "merge_commit": "c" * 40,
    }
    return Change(**usual | more)


def seen(state: str, *, on_degraded: str = "propose", about: Change | None = None, **told: Any) -> Watched:
    usual: dict[str, Any] = {"since": MERGED + 60, "watched_until": MERGED + 3600}
    rollout = Rollout(RolloutState(state), **usual | told)
    rule = RolloutRule(engine="argocd", on_degraded=on_degraded)  # type: ignore[arg-type]
    return Watched(about or change(), rollout, rule, ("slack:SONCALL",), MERGED + 100, "41", back_healthy=True)


HEALTHY: dict[str, Any] = {"healthy_at": MERGED + 60}
BAD: dict[str, Any] = {"bad_at": MERGED + 60, "relapsed_at": MERGED + 60, "episode": 1, "words": "0 of 3 pods"}


def card_of(view: Watched) -> ChangeCard:
    return next(action.card for action in watch(view, frozenset()) if isinstance(action, ShowCard))


@pytest.mark.parametrize(
    ("view", "stage", "words"),
    [
        (seen("waiting"), Stage.MERGED, "Waiting for Argo CD."),
        (seen("syncing"), Stage.SYNCING, "Argo CD applies it."),
        (seen("progressing", words="1 of 3"), Stage.PROGRESSING, "Rolling out: 1 of 3."),
        (seen("healthy", **HEALTHY), Stage.LIVE, "Healthy 1 min after the merge."),
        (seen("healthy", **HEALTHY, bad_at=1.0, episode=1), Stage.LIVE, "It was not in between."),
        (seen("degraded", **BAD, source="argocd"), Stage.DEGRADED, "Argo CD: 0 of 3 pods. Last healthy: 41."),
        (seen("failed", **BAD, source="flux"), Stage.FAILED, "Flux: 0 of 3 pods."),
        (seen("silent"), Stage.SILENT, "No word from Argo CD about fraud-production within 15 min"),
        (
            seen("stalled", words="1 of 3"),
            Stage.STALLED,
            "Neither healthy nor degraded 15 min after the merge: 1 of 3.",
        ),
        (replace(seen("replaced"), replaced_by=9), Stage.REPLACED, "#9 took its place."),
    ],
    ids=lambda one: one.rollout.state.value if isinstance(one, Watched) else "",
)
def test_the_card_says_where_it_is(view: Watched, stage: Stage, words: str) -> None:
    card = card_of(view)
    assert card.stage is stage
    assert words in card.note


def test_last_healthy_is_only_claimed_where_an_engine_said_so() -> None:
    assert "Last healthy" not in card_of(replace(seen("degraded", **BAD), back_healthy=False)).note


@pytest.mark.parametrize(
    ("state", "mentions"),
    [
        ("waiting", 0),
        ("syncing", 0),
        ("progressing", 0),
        ("healthy", 0),
        ("replaced", 0),
        ("degraded", 1),
        ("failed", 1),
        ("silent", 1),
        ("stalled", 1),
    ],
)
def test_only_what_needs_a_person_mentions_one(state: str, mentions: int) -> None:
    says = [action for action in watch(seen(state, **BAD), frozenset()) if isinstance(action, Say)]
    news = [say for say in says if isinstance(say.message, ThreadNews)]
    assert len(news) == mentions
    assert all(say.broadcast and say.message.notify == ("slack:SONCALL",) for say in news if mentions)  # type: ignore[union-attr]


def test_it_speaks_once() -> None:
    view = seen("degraded", **BAD)
    says = {action.mark for action in watch(view, frozenset()) if isinstance(action, Say)}
    assert says
    assert not [action for action in watch(view, frozenset(says)) if isinstance(action, Say)]
    relapsed = replace(view, rollout=replace(view.rollout, episode=2))
    assert [action.mark for action in watch(relapsed, frozenset(says)) if isinstance(action, Say)] == ["bad:2"]


@pytest.mark.parametrize(
    ("view", "asks"),
    [
        (seen("degraded", **BAD), AskRollback(merge=False)),
        (seen("failed", on_degraded="rollback", **BAD), AskRollback(merge=True)),
        (seen("degraded", on_degraded="notify", **BAD), None),
        (seen("healthy", **BAD, **HEALTHY), None),
        (seen("degraded", about=change(auto="done"), **BAD), None),
        (seen("degraded", **{**BAD, "relapsed_at": MERGED + 4000}), None),
        (seen("degraded", about=change(intent=replace(change().intent, action=Action.ROLLBACK)), **BAD), None),
        (seen("replaced", **BAD), None),
    ],
    ids=["propose", "merge", "notify", "well again", "once", "too late", "a rollback", "replaced"],
)
def test_when_the_rule_asks(view: Watched, asks: AskRollback | None) -> None:
    found = [action for action in watch(view, frozenset()) if isinstance(action, AskRollback)]
    assert found == ([asks] if asks else [])


def test_the_record_the_registry_and_the_end() -> None:
    view = seen("healthy", **HEALTHY, watching=False)
    actions = watch(view, frozenset())
    assert actions[0] == Record(MERGED + 60, None)
    assert MarkVersion() in actions
    assert actions[-1] == EndWatch(RolloutState.HEALTHY)
    known = replace(view, change=change(healthy_at=MERGED + 60), rollout=replace(view.rollout, watching=True))
    assert [type(action) for action in watch(known, frozenset({"healthy"}))] == [ShowCard, MarkVersion]


def test_a_part_of_the_traffic_is_no_champion() -> None:
    rung = Rung("01J", "kserve-serverless", (10, 100), 0, 10)
    assert MarkVersion() not in watch(seen("healthy", about=change(rung=rung), **HEALTHY), frozenset())


def test_what_a_healthy_version_carries() -> None:
    assert version_tags(change()) == {
        "slackops.production.change": "01J",
        "slackops.production.commit": "c" * 40,
        "slackops.production.environment": "production",
    }
