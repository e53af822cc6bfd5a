"""The form behind More → Waive a gate: the gates that hold the change up and that this person may waive."""

from __future__ import annotations

from bot.domain.commands import FillForm
from bot.domain.forms import Choice, WaiveForm
from bot.domain.gates import GateResult
from bot.domain.wording import subject
from bot.usecases.context import Context
from bot.usecases.repo import Repo
from bot.usecases.review import open_change
from bot.usecases.waiving import named_change, waivable_now

LONGEST = 75
"""Characters of an option's text (https://docs.slack.dev/reference/block-kit/composition-objects/option-object)."""


def waive_form(ctx: Context, repo: Repo, command: FillForm) -> WaiveForm:
    """The form, filled. Raises Refused for somebody who may not, and where there is nothing to waive."""
    ctx.checkout.fetch()
    found = named_change(ctx, command.change or "")
    change = open_change(ctx, found.id if found else command.change or "")
    seen, gates = waivable_now(ctx, repo, change, command.by)
    return WaiveForm(
        gates=tuple(Choice(_words(gate), gate.name) for gate in gates),
        about=f"{subject(seen.change.intent)} (#{change.number})",
        change=change.id,
        digest=change.intent.digest,
        reason=command.reason,
        channel=command.origin.channel,
    )


def _words(gate: GateResult) -> str:
    text = f"{gate.name}: {gate.observed}" if gate.observed else gate.name
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
