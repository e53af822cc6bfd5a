"""The words that Git, GitHub and Slack show of a change: one place, so that they agree."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.cards import ChangeCard, EditLine
from bot.domain.change import Action, Change, Intent, Scalar
from bot.domain.gates import GateResult, GateState, stuck
from bot.domain.people import Person
from bot.domain.waive_cards import WaiverLine

VERB = {
    Action.PROMOTE: "Promote",
    Action.ROLLBACK: "Roll back",
    Action.UNPIN: "Unpin",
    Action.STEP: "Step",
    Action.MANUAL: "Change",
}


ON_COMMAND_LINE = "typed:"
"""How the mark of the remark begins that it was asked for on the command line, where nobody proves who they are."""
BY_RULE = "policy"
"""Who asked, where a rule of the policy did."""


def number(value: float) -> str:
    """A metric as people write it: four significant digits, no exponent for usual sizes."""
    return f"{value:.0f}" if 9999.5 <= abs(value) < 1e15 else f"{value:.4g}"


def versions(frm: str | None, to: str) -> str:
    """`41→42`, or `42` when nothing was pinned before. An id in place of a version is shown short."""
    return f"{short(frm)}→{short(to)}" if frm else short(to)


def short(version: str) -> str:
    """`model m-2862…` for a whole model id; a version stays as it is."""
    return re.sub(r"^(model|run) (\S{8})\S+$", r"\1 \2…", version)


def step(intent: Intent) -> str:
    """`fraud-detector 41→42, production`, as messages name a change; a rollback says that it is one."""
    verb = {Action.ROLLBACK: "roll back ", Action.UNPIN: "unpin ", Action.MANUAL: "by hand "}.get(intent.action, "")
    if intent.action is Action.STEP:
        return f"{intent.model} {stepped(intent)}, {intent.environment}"
    return f"{verb}{intent.model} {versions(intent.frm, intent.to)}{_at(intent)}, {intent.environment}"


def stepped(intent: Intent) -> str:
    """`42 to 50 %`: of the version that comes, also where an abort takes its traffic away."""
    comes = intent.frm if intent.percent == 0 and intent.action is Action.STEP else intent.to
    return f"{short(comes or intent.to)} to {intent.percent or 0} %"


def _at(intent: Intent) -> str:
    return "" if intent.percent is None else f" at {intent.percent} %"


def subject(intent: Intent) -> str:
    """The commit's subject and the pull request's title."""
    if intent.action is Action.STEP:
        return f"{VERB[intent.action]} {intent.model} {stepped(intent)} in {intent.environment}"
    move = f"{short(intent.frm)} → {short(intent.to)}" if intent.frm else f"to {short(intent.to)}"
    return f"{VERB[intent.action]} {intent.model} {move}{_at(intent)} in {intent.environment}"


def edit_lines(intent: Intent) -> tuple[EditLine, ...]:
    """The edits as cards show them."""
    return tuple(EditLine(e.file, e.line, _shown(e.old), _shown(e.new)) for e in intent.edits)


def _shown(scalar: Scalar) -> str:
    if scalar.type == "absent":
        return f"(inherits {scalar.text})" if scalar.text else "(nothing)"
    if scalar.type == "file":
        return f"(file {scalar.text[:12]})"
    return f"({scalar.text.count(chr(10)) + 1} lines)" if scalar.type == "block" else scalar.text


_TURNS = dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Marks that say which way text runs: with them a number can be made to read backwards (https://trojansource.codes)."""


def one_line(text: str) -> str:
    """Untrusted text on one line, so that it cannot start a trailer or a heading; nor does it turn what follows it."""
    return " ".join(text.translate(_TURNS).split())


def waived_names(gates: Sequence[GateResult]) -> tuple[str, ...]:
    """The gates that do not pass and are waived: they are told for good."""
    return tuple(dict.fromkeys(gate.name for gate in gates if gate.waived))


def trailers(change: Change, run_id: str | None, waived: Sequence[str] = ()) -> list[tuple[str, str]]:
    """The trailers of design 4.6, in order; one more for each gate that was waived."""
    intent = change.intent
    pairs = [
        ("SlackOps-Change", change.id),
        ("SlackOps-Action", intent.action.value),
        ("SlackOps-Model", intent.model),
        ("SlackOps-Environment", intent.environment),
        ("SlackOps-From", intent.frm or ""),
        ("SlackOps-To", intent.to),
        ("SlackOps-Digest", intent.digest),
        *(("SlackOps-Requested-By", str(person)) for person in change.requesters),
        *((("SlackOps-Requested-By", BY_RULE),) if (change.cause or change.rule) and not change.requesters else ()),
    ]
    if change.glass is not None:
        pairs.append(("SlackOps-Break-Glass", str(change.glass.by)))
    pairs += [("SlackOps-Waived", gate) for gate in waived]
    if intent.percent is not None:
        pairs.append(("SlackOps-Percent", str(intent.percent)))
    if run_id:
        pairs.append(("MLflow-Run", run_id))
    return [(key, one_line(value)) for key, value in pairs if value]


def commit_message(change: Change, run_id: str | None, waived: Sequence[str] = ()) -> str:
    """Subject, a body in sentences, trailers."""
    intent = change.intent
    was = f"It was {one_line(intent.frm)} before." if intent.frm else "Nothing was pinned before."
    files = ", ".join(sorted({edit.file for edit in intent.edits}))
    does = f"This makes {intent.environment} serve {intent.model} {intent.to}."
    if intent.percent is not None:
        does = f"This is a step of {intent.model} in {intent.environment}: {stepped(intent)} of the traffic."
    body = f"{does} {was} The bound values are in {files}."
    if intent.action is Action.UNPIN:
        body += " They are taken out, and what it inherits holds from now on."
    if change.reason:
        body += f"\n\nReason: {one_line(change.reason)}"
    tail = "\n".join(f"{key}: {value}" for key, value in trailers(change, run_id, waived))
    return f"{one_line(subject(intent))}\n\n{body}\n\n{tail}\n"


def markdown(text: str) -> str:
    """Untrusted text for GitHub's Markdown: nothing in it formats, mentions, links or opens HTML."""
    escaped = "".join(f"\\{ch}" if ch in r"\`*_{}[]()#+!|>~-" else ch for ch in one_line(text))
    return (
        escaped.replace("<", "&lt;").replace("@", "@\u200b").replace("://", ":\u200b//").replace("www.", "www\u200b.")
    )


def pull_body(change: Change, card: ChangeCard, run_id: str | None, details: Sequence[str] = ()) -> str:
    """The pull request's body: gates, what else is known (Markdown paragraphs), how to decide, trailers."""
    intent = change.intent
    who = ", ".join(_who(p) for p in change.requesters)
    where = "on the command line" if _typed(change) else "in Slack"
    too = " too" if card.by_rule else ""
    asked = " ".join([markdown(card.by_rule), f"Asked for by {who} {where}{too}." if who else ""]).strip()
    parts = [f"**{markdown(subject(intent))}**", asked, markdown(card.steps), markdown(card.serving)]
    if change.reason:
        parts.append(f"> {markdown(change.reason)}")
    if change.glass is not None:
        by, why = _who(change.glass.by), markdown(change.glass.reason)
        parts.append(f"**Broke the glass**: merged by {by} with nobody's approval: {why}. A second person reviews it.")
    parts += [markdown(line) for line in card.why]
    if card.also:
        parts.append(f"{markdown(also(card.also))} The strictest of their rules hold.")
    parts += [_gate_table(card.gates), _ended_waivers(card.waivers), *details, _edit_table(card)]
    parts.append(
        "Decide on the card in Slack, or review here: both count the same. "
        "SlackOps merges when the gates pass and the approvals are complete."
    )
    told = trailers(change, run_id, waived_names(card.gates))
    parts.append("\n".join(f"{key}: {value}" for key, value in told))
    return "\n\n".join(part for part in parts if part) + "\n"


def _typed(change: Change) -> bool:
    return any(remark.mark.startswith(ON_COMMAND_LINE) for remark in change.remarks)


def also(environments: Sequence[str]) -> str:
    """That one value serves other environments too."""
    return f"The same value serves {' and '.join(environments)}, which changes with it."


def _who(person: Person) -> str:
    return f"`{person.user}`"


def _gate_table(gates: Sequence[GateResult]) -> str:
    if not gates:
        return "No gates are set for this environment."
    rows = [
        f"| {markdown(g.name)} | {_gate_state(g)} | {markdown(g.observed)} | {markdown(g.required)} |" for g in gates
    ]
    return "\n".join(["| Gate | State | Observed | Required |", "| --- | --- | --- | --- |", *rows])


def _gate_state(gate: GateResult) -> str:
    if gate.waiver:
        return f"{gate.state.value}, waived by {_who(gate.waiver.by)}: {markdown(gate.waiver.reason)}"
    return f"{gate.state.value}{'' if gate.blocks else ' (does not block)'}"


def _ended_waivers(lines: Sequence[WaiverLine]) -> str:
    """Those that let nothing pass now stay on the record too."""
    told = [
        f"* {markdown(one.gate)}, by {_who(one.by)}: {markdown(one.reason)} "
        f"({one.ended}{f' by {_who(one.withdrawn_by)}' if one.withdrawn_by else ''})"
        for one in lines
        if one.ended
    ]
    return "\n".join(["Waivers that do not count now:", "", *told]) if told else ""


def _edit_table(card: ChangeCard) -> str:
    rows = [f"| {markdown(e.file)}:{e.line} | {markdown(e.old)} | {markdown(e.new)} |" for e in card.edits]
    return "\n".join(["| Where | From | To |", "| --- | --- | --- |", *rows])


REVIEW_MARK = "<!-- slackops:review:"
NO_COMMENT = "Given in Slack."


def review_mark(row: str) -> str:
    """What a review carries, unseen, so that it is found again: how the mark with the id of its click begins."""
    return f"{REVIEW_MARK}{row} "


def review_body(comment: str | None, row: str, evidence: str = "") -> str:
    """The body of a review that was given in Slack. ``evidence`` is the hash of what was shown, as the audit has it."""
    shown = f"evidence:{evidence} " if evidence else ""
    return f"{(comment or '').strip() or NO_COMMENT}\n\n{review_mark(row)}{shown}-->"


def review_comment(body: str) -> str:
    """What the reviewer said, wherever the review was given."""
    said = body.split(REVIEW_MARK, maxsplit=1)[0].strip()
    return "" if said == NO_COMMENT else said


def gate_summary(gates: Sequence[GateResult]) -> str:
    """The description of `slackops/gates`: what blocks, or how many passed."""
    held_by = stuck(gates)
    if held_by:
        more = f" (+{len(held_by) - 1} more)" if len(held_by) > 1 else ""
        return f"{held_by[0].short_name}: {held_by[0].observed}; {held_by[0].required}{more}"
    passed = sum(g.state is GateState.PASS for g in gates)
    waived = sum(bool(g.waived) for g in gates)
    only = sum(not g.blocks and g.state in (GateState.FAIL, GateState.UNKNOWN) for g in gates)
    lifted = f"; {waived} waived" if waived else ""
    inform = f"; {only} did not, and only {'informs' if only == 1 else 'inform'}" if only else ""
    return f"{passed} of {len(gates)} gates passed{lifted}{inform}" if gates else "No gates are set here"
