"""The modals of freezes and bans."""

from __future__ import annotations

from bot.adapters.slack_blocks.blocks import section
from bot.adapters.slack_blocks.inputs import REASON, VERSION, field, modal, pick
from bot.adapters.slack_blocks.text import Block
from bot.domain.forms import BanForm, FreezeForm

UNTIL = 40


def freeze_view(form: FreezeForm) -> Block:
    """Environment, model, until when and why."""
    blocks = [
        section("Nothing merges there while it is frozen, except a rollback where the policy says so."),
        pick("environment", "Environment", form.environments, form.environment),
        pick("model", "Model (left empty: all of them)", form.models, form.model, optional=True),
        field(
            "until",
            "Until",
            form.until,
            UNTIL,
            optional=True,
            hint="2h, 3d, or 2026-12-24T18:00 (UTC). Left empty: until somebody lifts it",
        ),
        field("reason", "Reason", form.reason, REASON, optional=True),
    ]
    return modal("Freeze", "form.freeze", blocks, "Freeze", ch=form.channel)


def ban_view(form: BanForm) -> Block:
    """Model, version and why."""
    blocks = [
        section("A banned version is brought in nowhere, neither by a promotion nor by a rollback."),
        pick("model", "Model", form.models, form.model),
        field("version", "Version or @alias", form.version, VERSION),
        field("reason", "Reason", form.reason, REASON, optional=True),
    ]
    return modal("Ban a version", "form.ban", blocks, "Ban", ch=form.channel)
