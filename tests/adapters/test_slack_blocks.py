"""Every card within Slack's limits, saying first what matters, and nothing untrusted ever formatting."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from bot.adapters.slack_blocks import render, render_form
from bot.domain import cards, forms
from bot.domain.change import Action
from bot.domain.gates import GateResult, GateState
from bot.domain.people import Person
from tests.support import cards as some
from tests.support.slack_contract import check_message, check_view, contract

CONTRACT = contract()
relaxed = settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
needs_contract = pytest.mark.skipif(CONTRACT is None, reason="shared contracts are not here (SLACKOPS_CONTRACTS)")


@relaxed
@given(some.message)
def test_any_message_is_within_the_limits(message: cards.Message) -> None:
    body = render(message, prefix="ml-")
    check_message(body)
    shown = json.dumps(body)
    for trigger in ("<!channel", "<!here", "<!everyone", "<https://evil", "\\u202e"):
        assert trigger not in shown


@relaxed
@given(some.form)
def test_any_form_is_within_the_limits(form: forms.Form) -> None:
    view = render_form(form)
    check_view(view)
    json.loads(view["private_metadata"])


@needs_contract
@relaxed
@given(some.message)
def test_any_message_meets_the_shared_contract(message: cards.Message) -> None:
    assert CONTRACT is not None
    body = render(message)
    assert CONTRACT.message_errors(body["blocks"]) == []
    assert CONTRACT.call_errors("chat.update", {"channel": "C1", "ts": "1.1", **body}) == []


@needs_contract
@relaxed
@given(some.form)
def test_any_form_meets_the_shared_contract(form: forms.Form) -> None:
    assert CONTRACT is not None
    assert CONTRACT.view_errors(render_form(form)) == []


def strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [s for v in value.values() for s in strings(v)]
    return (
        [s for v in value for s in strings(v)] if isinstance(value, list) else [value] if isinstance(value, str) else []
    )


def shown(message: cards.Message) -> str:
    return "\n".join(strings(render(message)["blocks"]))


def ids(message: cards.Message) -> list[str]:
    blocks = render(message)["blocks"]
    return [e["action_id"] for b in blocks if b["type"] == "actions" for e in b["elements"]]


@pytest.mark.parametrize(
    ("changes", "start"),
    [
        ({}, "Review: fraud-detector 41→42, production"),
        ({"frm": None}, "Review: fraud-detector 42, production"),
        ({"action": Action.ROLLBACK, "frm": "42", "to": "41"}, "Review: roll back fraud-detector 42→41, production"),
        ({"stage": cards.Stage.MERGED}, "Merged: fraud-detector 41→42, production"),
    ],
)
def test_fallback_text_starts_with_what_matters(changes: dict[str, Any], start: str) -> None:
    text = render(some.review_card(**changes))["text"]
    assert text.startswith(start)
    assert len(start) <= 60


def test_a_long_model_name_gives_way_in_the_push_text() -> None:
    text = render(some.review_card(model="m" * 100))["text"]
    assert text[:60].startswith("Review: mmm")
    assert "41→42, production" in text[:60]


def test_the_review_card_has_everything_a_reviewer_needs() -> None:
    words = shown(some.review_card())
    for part in (
        "*Review: fraud-detector 41→42, production*",
        "<@U0ANA> asked: “recall on new cards”",
        "roc_auc 0.941 → 0.948 ▲ better",
        "4/4 gates · 0 of 2 approvals",
        "models/fraud.yaml:12\n`s3://m/41` → `s3://m/42`",
        "<https://forge.example/acme/ml/pull/7|#7>",
    ):
        assert part in words


def test_buttons() -> None:
    assert ids(some.review_card()) == ["change.approve", "change.request_changes", "change.more"]
    assert ids(some.review_card(can_decide=False)) == ["change.more"]
    for stage in (cards.Stage.MERGED, cards.Stage.CLOSED, cards.Stage.SUPERSEDED, cards.Stage.OBSOLETE):
        assert ids(some.review_card(stage=stage)) == []


def test_button_values_and_confirm() -> None:
    actions = render(some.review_card())["blocks"][-1]["elements"]
    assert json.loads(actions[0]["value"]) == {"c": "01JD0000000000000000000000", "d": "d" * 64}
    question = " ".join(strings(actions[0]["confirm"]))
    assert all(part in question for part in ("fraud-detector 42", "production", "instead of 41"))
    does = [json.loads(o["value"])["do"] for o in actions[2]["options"]]
    assert does == ["compare", "diff", "hold", "close", "open"]
    held = render(some.review_card(held=True))["blocks"][-1]["elements"][2]["options"]
    assert [json.loads(o["value"])["do"] for o in held] == ["compare", "diff", "release", "close", "open"]


def test_at_most_four_gates_failing_first() -> None:
    gates = [GateResult(f"pass {n}", GateState.PASS, "1", ">= 0") for n in range(6)]
    gates.append(GateResult("log_loss", GateState.FAIL, "4% worse than 16", "limit 1%"))
    words = shown(some.review_card(gates=tuple(gates)))
    assert "✗ log_loss fails: 4% worse than 16; limit 1%\n✓ pass 0, pass 1, pass 2, pass 3 and 2 more pass" in words
    assert "6/7 gates" in words


def test_reviews_say_whether_they_count() -> None:
    ben = Person(team="T0SANDBOX", user="U0BEN")
    reviews = (
        cards.ReviewLine("ben", ben, "APPROVED", counts=True),
        cards.ReviewLine("kim", None, "APPROVED", counts=False, why="asked for it"),
    )
    words = shown(some.review_card(reviews=reviews))
    assert "<@U0BEN> approved · counts" in words
    assert "kim approved · does not count: asked for it" in words


def test_untrusted_text_never_formats() -> None:
    words = shown(some.review_card(model="<!channel> *x* _y_ :fire: `z` & roc_auc", reason="> *hi* <@U0EVE>"))
    assert "&lt;!channel&gt; ∗x∗ ˍyˍ ꞉fire: ˋzˋ &amp; roc_auc" in words
    assert "<@U0EVE>" not in words
    assert "“&gt; ∗hi∗ &lt;@U0EVE&gt;”" in words


def test_news_calls_by_mention() -> None:
    body = render(cards.ThreadNews("Needs review: x", "2 more.", ("slack:U0BEN", "slack:S0T", "github:acme/leads")))
    assert body["text"] == "Needs review: x <@U0BEN> <!subteam^S0T> acme/leads 2 more."


def test_refusal_and_receipt() -> None:
    words = shown(cards.Refusal("Not proposed: churn 17, production", "gate_failed", "Worse.", "See `/models churn`."))
    assert "*Not proposed: churn 17, production*\nWorse." in words
    assert "Next: See `/models churn`." in words
    assert "Reason: `gate_failed`" in words
    assert "<https://x.example/1|Open>" in shown(cards.Receipt("Opened #7.", "https://x.example/1"))


def test_many_models_are_summed_up() -> None:
    place = cards.DeployedLine("production", "41", "pinned")
    lines = tuple(cards.ModelLine(f"model-{n}", (place,), "43") for n in range(65))
    body = render(cards.ModelList(lines), prefix="ml-")
    words = "\n".join(strings(body["blocks"]))
    assert "*model-0*   production 41 · newest 43" in words
    assert "… and 40 more: `/ml-models MODEL`" in words


def test_model_detail_dates_are_in_the_readers_zone() -> None:
    place = cards.DeployedLine("production", None, "not_pinned", ">=1")
    one = cards.VersionLine("43", ("champion",), 1_700_000_000.0, {"a": 0.5, "roc_auc": 0.9}, ("staging",))
    words = shown(cards.ModelDetail(cards.ModelLine("churn", (place,), "43"), (one,), "roc_auc"))
    assert "production not pinned (&gt;=1)" in words
    assert "*43* @champion · in staging · roc_auc 0.9 · a 0.5 · <!date^1700000000^" in words


def test_every_message_and_form_has_a_renderer() -> None:
    """A new card type without a renderer fails here by name."""
    for kind in cards.Message.__args__:
        assert dataclasses.is_dataclass(kind)
    assert {kind.__name__ for kind in forms.Form.__args__} >= {"LoadingForm", "CommentForm"}


def test_diff_is_paged_and_cannot_leave_its_code_block() -> None:
    view = render_form(forms.DiffView("Diff", "x", "-a\n+```<!here>\n" + "+b\n" * 3000, "https://x.example/1"))
    pages = [b["text"]["text"] for b in view["blocks"] if b["text"]["text"].startswith("```")]
    assert len(pages) > 1
    assert "+ˋˋˋ&lt;!here&gt;" in pages[0]
    assert all(page.count("```") == 2 for page in pages)


@pytest.mark.parametrize("diff", ["+a\n" * 60_000, "x" * 90_000, "\n" * 9000, "<&>" * 9000])
def test_any_diff_fits(diff: str) -> None:
    check_view(render_form(forms.DiffView("Diff", "x", diff)))


def test_the_fullest_card_fits() -> None:
    """Everything at its longest, in characters that take the most room."""
    long = "\U0001f600" * 3000
    ana = Person(team="T0", user="U0ANA")
    card = some.review_card(
        model=long,
        environment=long,
        frm=long,
        to=long,
        reason=long,
        note=long,
        requesters=(ana,) * 9,
        metrics=(cards.MetricLine(long, 1.0, 2.0, better=True),) * 9,
        gates=(GateResult(long, GateState.FAIL, long, long, explanation=long),) * 9,
        reviews=(cards.ReviewLine(long, None, long, counts=False, why=long, comment=long),) * 9,
        edits=(cards.EditLine(long, 1, long, long),) * 9,
    )
    place = cards.DeployedLine(long, long, long)
    line = cards.ModelLine(long, (place,) * 9, long, (long,) * 9)
    version = cards.VersionLine(long, (long,) * 9, 1.0, {long + str(n): 1.0 for n in range(9)}, (long,) * 9)
    for message in (card, cards.ModelList((line,) * 60, long), cards.ModelDetail(line, (version,) * 20, None, long)):
        check_message(render(message))
        assert CONTRACT is None or CONTRACT.message_errors(render(message)["blocks"]) == []


def test_comment_form_keeps_change_digest_and_channel() -> None:
    form = forms.CommentForm("hold", "Put on hold", "Hold", "about", "Why?", True, "01JD", "abc", "C1")
    view = render_form(form)
    assert view["callback_id"] == "form.hold"
    assert json.loads(view["private_metadata"]) == {"c": "01JD", "d": "abc", "ch": "C1"}
    assert view["blocks"][1]["block_id"] == "comment"
    assert view["blocks"][1]["optional"] is False


def test_a_refusal_names_commands_as_the_workspace_writes_them():
    no = cards.Refusal("Not done", "not_linked", "Use `/models`.", "Say `/slackops link` or `/ml-promote`.")
    told = str(render(no, "ml-")["blocks"])
    assert "`/ml-models`" in told
    assert "`/ml-slackops link` or `/ml-promote`" in told
