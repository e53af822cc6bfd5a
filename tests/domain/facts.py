"""Facts for tables: a change in the middle of its life, and ways to turn single facts of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.approvals import ApprovalRule, Askers, SeenReview, Tally, tally
from bot.domain.change import Action, Change, ChangeState, Edit, Intent, Scalar
from bot.domain.facts import ModelVersion, Pull, Verdict
from bot.domain.people import Person
from bot.domain.snapshot import Content, Snapshot

ANA, BEN, CHLOE = (Person(team="T1", user=user) for user in ("U0ANA", "U0BEN", "U0CHLOE"))

EDIT = Edit("models/fraud/production/isvc.yaml", "spec.uri", Scalar("str", "s3://m/3"), Scalar("str", "s3://m/4"), 9)
INTENT = Intent(Action.PROMOTE, "fraud", "production", "3", "4", None, (EDIT,))
CHANGE = Change(
    id="01J000000000000000000000AA",
    intent=INTENT,
    requesters=(ANA,),
    reason=None,
    created_at=1_000.0,
    base="base0",
    branch="slackops/promote/fraud/production/4-0000aa",
    state=ChangeState.OPEN,
    number=7,
    url="http://forge/pull/7",
    head="head0",
)
PULL = Pull(
    number=7,
    url="http://forge/pull/7",
    title="Promote",
    body="",
    author="slackops[bot]",
    state="open",
    merged=False,
    head="head0",
    head_ref=CHANGE.branch,
    base="base0",
    base_ref="main",
    labels=(),
    updated_at=1_000.0,
    mergeable=True,
)
ASKERS = Askers((ANA,), ("ana",))
RULE = ApprovalRule(required=1, people=frozenset({BEN, CHLOE}))


def version(number: str, **metrics: float) -> ModelVersion:
    return ModelVersion("fraud", number, f"run{number}", f"m-{number}", "1", None, 0.0, metrics=metrics)


def review(who: Person, verdict: Verdict = Verdict.APPROVED, **turned: Any) -> SeenReview:
    login = who.user.removeprefix("U0").lower()
    return SeenReview(
        **{"login": login, "person": who, "verdict": verdict, "same_change": True, "may_write": True} | turned
    )


def tallied(*reviews: SeenReview, rule: ApprovalRule = RULE) -> Tally:
    return tally(reviews, rule, ASKERS)


def seen(change: Change = CHANGE, pull: Pull = PULL, **turned: Any) -> Snapshot:
    facts: dict[str, Any] = {
        "base_head": "base0",
        "today": INTENT,
        "problem": "",
        "content": Content.OURS,
        "gates": (),
        "tally": tallied(),
        "metrics": (),
        "auto_merge": True,
        "merge_method": "squash",
        "channel": "C1",
        "behind": True,
        "approvers": ("slack:U0BEN",),
        "notify_blocked": ("slack:U0ANA",),
        "situation": "s0",
        "now": 2_000.0,
    }
    return Snapshot(change=change, pull=pull, **(facts | turned))


def turned(change: Change = CHANGE, **fields: Any) -> Change:
    return replace(change, **fields)
