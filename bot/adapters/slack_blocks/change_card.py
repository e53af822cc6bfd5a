"""The one card of a change, and the plan that looks like it."""

from __future__ import annotations

import json

from bot.adapters.slack_blocks.blocks import button, confirm, context, message, next_step, option, section, sections
from bot.adapters.slack_blocks.facts import (
    cut,
    details_link,
    edit_lines,
    gate_count,
    gate_lines,
    metric_lines,
    pull_link,
    review_lines,
)
from bot.adapters.slack_blocks.ladder import ladder_question, share
from bot.adapters.slack_blocks.rollout_card import is_after, rollout_blocks, who_asked
from bot.adapters.slack_blocks.stops import stop_buttons
from bot.adapters.slack_blocks.text import SAFE_URL, Block, bold, called, clean, safe, sentence, units
from bot.adapters.slack_blocks.timing import merge_button, settle_buttons, timing_lines
from bot.adapters.slack_blocks.waivers import waiver_lines
from bot.domain.cards import ChangeCard, PlanCard, Stage
from bot.domain.change import Action
from bot.domain.gates import GateResult
from bot.domain.wording import also

PUSH_TEXT = 60
FINAL = (Stage.MERGED, Stage.CLOSED, Stage.SUPERSEDED, Stage.OBSOLETE)
_VERB = {
    Action.PROMOTE: "",
    Action.ROLLBACK: "roll back ",
    Action.UNPIN: "unpin ",
    Action.STEP: "step ",
    Action.MANUAL: "by hand ",
}


def change_card(card: ChangeCard) -> Block:
    """The card as a message."""
    if is_after(card):
        return message(f"{safe(headline(card), 300)} · {safe(card.note, 200)}", rollout_blocks(card, _head(card)))
    blocks = [
        section(_head(card)),
        *context(who_asked(card), pull_link(card.number, card.url), details_link(card.details)),
    ]
    blocks += sections([sentence(card.note), *timing_lines(card), *([sentence(also(card.also))] if card.also else [])])
    blocks += sections([sentence(card.steps), sentence(card.serving)])
    blocks += context("\n".join(sentence(line, 300) for line in card.why[:9]))
    blocks.append(section("\n".join([_score(card), *metric_lines(card.metrics)])))
    blocks += sections(gate_lines([gate for gate in card.gates if not _said(gate, card.note)]))
    blocks += context("\n".join(waiver_lines(card.waivers)))
    blocks += sections(edit_lines(card.edits))
    blocks += context("\n".join(review_lines(card.reviews)))
    if card.stage not in FINAL:
        blocks.append({"type": "actions", "elements": _elements(card)})
    elif stops := [*settle_buttons(card), *stop_buttons(card)]:
        blocks.append({"type": "actions", "elements": stops})
    return message(f"{safe(headline(card), 300)} · {_counts(card)}", blocks)


def _said(gate: GateResult, note: str) -> bool:
    """The sentence under the head says it all: the same again in a line of its own is only longer. It has no link."""
    return not (gate.explanation or gate.url) and all(
        part and part in note for part in (gate.name, gate.observed, gate.required)
    )


def headline(card: ChangeCard, limit: int = PUSH_TEXT) -> str:
    """`Review: fraud-detector 41→42, production`: what a phone shows, so a long model name gives way first."""
    frm, to, environment = (clean(part) for part in (card.frm or "", card.to, card.environment))
    step = f"{cut(frm, 12)}→{cut(to, 12)}" if frm else cut(to, 16)
    head, tail = f"{card.stage.value}: {_verb(card)}", f" {step}{share(card)}, {cut(environment, 16)}"
    room = max(8, limit - units(head) - units(tail))
    return head + cut(clean(card.model), room) + tail


def _head(card: ChangeCard) -> str:
    step = f"{card.frm}→{card.to}" if card.frm else card.to
    return bold(f"{card.stage.value}: {_verb(card)}{card.model} {step}{share(card)}, {card.environment}", 400)


def _verb(card: ChangeCard) -> str:
    return "abort " if card.percent == 0 and card.action is Action.STEP else _VERB[card.action]


def _counts(card: ChangeCard) -> str:
    if not card.judged:
        return "gates and approvals not known"
    approvals = f"{card.approvals} of {card.required} approvals" if card.required else "no approvals needed"
    return f"{gate_count(card.gates)} · {approvals}"


def _score(card: ChangeCard) -> str:
    return f"*{_counts(card)}*{' · on hold' if card.held and card.stage is not Stage.HELD else ''}"


def _elements(card: ChangeCard) -> list[Block]:
    """At most three: Approve, or Merge where only that is missing; Request changes, More."""
    value = json.dumps({"c": card.change, "d": card.digest}, separators=(",", ":"))
    decide = [
        merge_button(card)
        if card.timing.can_merge
        else button("Approve", "change.approve", value, style="primary", confirm=_question(card)),
        button("Request changes", "change.request_changes", value),
    ]
    return [*(decide if card.can_decide else []), _more(card)]


def _question(card: ChangeCard) -> Block:
    if card.percent is not None:
        return ladder_question(card)
    what = f"{cut(clean(card.model), 60)} {cut(clean(card.to), 30)}"
    where = cut(clean(card.environment), 30)
    instead = f" instead of {cut(clean(card.frm), 30)}" if card.frm else ""
    missing = card.required - card.approvals
    when = f"{missing} more approvals" if missing > 1 else "your approval"
    text = (
        f"With {when}, {where} will serve {what}{instead}, unless a gate holds it up. "
        "Your review is sent to GitHub in your name."
    )
    title = f"{'Approve the rollback to' if card.action is Action.ROLLBACK else 'Approve'} {what} in {where}?"
    return confirm(title, text, "Approve")


def _more(card: ChangeCard) -> Block:
    hold = ("Release", "release") if card.held else ("Hold", "hold")
    close = () if card.action is Action.MANUAL else (("Close", "close"),)  # what people opened is theirs to close
    options = [option(text, _do(card, do)) for text, do in (("Compare", "compare"), ("Diff", "diff"), hold, *close)]
    if any(gate.waivable and gate.holds_up for gate in card.gates):
        options.append(option("Waive a gate", _do(card, "waive")))
    elif SAFE_URL.fullmatch(card.url):
        options.append(option("Open pull request", _do(card, "open"), card.url))
    return {"type": "overflow", "action_id": "change.more", "options": options}


def _do(card: ChangeCard, do: str) -> str:
    return json.dumps({"c": card.change, "do": do}, separators=(",", ":"))


def plan_card(plan: PlanCard) -> Block:
    """What a command would do."""
    blocks = [section("\n".join(part for part in (bold(plan.title), sentence(plan.message)) if part) or "*Plan*")]
    blocks += next_step(plan.unblock)
    eligible = ", ".join(called(entry) for entry in plan.eligible[:8]) + (" …" if len(plan.eligible) > 8 else "")
    needed = f"{plan.required} needed{f', from {eligible}' if eligible else ''}" if plan.required else "none needed"
    blocks += sections([f"*{gate_count(plan.gates)}*", *gate_lines(plan.gates)])
    blocks += sections([f"*Approvals*: {needed}", *(sentence(want) for want in plan.wants), *edit_lines(plan.edits)])
    return message(f"{safe(plan.title, 300)} · {gate_count(plan.gates)}", blocks)
