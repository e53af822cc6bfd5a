"""Modals: promote, rollback, a comment to a change, its diff (https://docs.slack.dev/reference/views)."""

from __future__ import annotations

import re

from bot.adapters.slack_blocks.blocks import fenced, next_step, section
from bot.adapters.slack_blocks.ci import snooze_view
from bot.adapters.slack_blocks.incident_buttons import snooze_incident_view
from bot.adapters.slack_blocks.inputs import COMMENT, REASON, VERSION, field, modal, pick
from bot.adapters.slack_blocks.retrains import retrain_view
from bot.adapters.slack_blocks.stop_forms import ban_view, freeze_view
from bot.adapters.slack_blocks.text import Block, clip, link, paragraphs, safe, units
from bot.adapters.slack_blocks.waivers import waive_view
from bot.domain.forms import (
    BanForm,
    CommentForm,
    DiffView,
    Form,
    FormFault,
    FreezeForm,
    LoadingForm,
    PromoteForm,
    RollbackForm,
    SnoozeCiForm,
    SnoozeIncidentForm,
    UnpinForm,
    WaiveForm,
)
from bot.domain.retrain_cards import RetrainForm

DIFF_SECTIONS, DIFF_CHARS = 20, 2800
NEXT_STAGE = "Environment (left empty: the next stage)"
_HEADS = re.compile(r"^diff --git .*\n(?:index .*\n)?(?=--- )", re.MULTILINE)  # --- and +++ name the file as well


def view_of(form: Form) -> Block:  # noqa: C901, PLR0911, PLR0912  (one line a form)
    """The view of any form."""
    match form:
        case LoadingForm():
            return modal(form.title, "form.loading", [section("One moment …")])
        case PromoteForm():
            return _promote(form)
        case RollbackForm():
            return _rollback(form)
        case UnpinForm():
            return _unpin(form)
        case FreezeForm():
            return freeze_view(form)
        case BanForm():
            return ban_view(form)
        case WaiveForm():
            return waive_view(form)
        case SnoozeCiForm():
            return snooze_view(form)
        case SnoozeIncidentForm():
            return snooze_incident_view(form)
        case RetrainForm():
            return retrain_view(form)
        case CommentForm():
            return _comment(form)
        case DiffView():
            return _diff(form)
        case FormFault():
            return _fault(form)


def _promote(form: PromoteForm) -> Block:
    blocks = [
        pick("model", "Model", form.models, form.model),
        field(
            "version", "Version or @alias", form.version, VERSION, hint="A number such as 42, or an alias: @champion"
        ),
        pick("environment", NEXT_STAGE, form.environments, form.environment, optional=True),
        field("reason", "Reason", form.reason, REASON, optional=True),
    ]
    return modal("Promote a model", "form.promote", blocks, "Promote", ch=form.channel)


def _rollback(form: RollbackForm) -> Block:
    blocks = [
        pick("model", "Model", form.models, form.model),
        pick("environment", "Environment", form.environments, form.environment),
        field("to", "Version", form.version, VERSION, optional=True, hint="Left empty: the one it had before"),
        field("reason", "Reason", form.reason, REASON, optional=True),
    ]
    return modal("Roll a model back", "form.rollback", blocks, "Roll back", ch=form.channel)


def _unpin(form: UnpinForm) -> Block:
    blocks = [
        section("The environment's own pin is taken out, and what it inherits holds there."),
        pick("model", "Model", form.models, form.model),
        pick("environment", "Environment", form.environments, form.environment),
        field("reason", "Reason", form.reason, REASON, optional=True),
    ]
    return modal("Unpin a model", "form.unpin", blocks, "Unpin", ch=form.channel)


def _comment(form: CommentForm) -> Block:
    text = field("comment", form.label, None, COMMENT, optional=not form.required, multiline=True)
    blocks = [section(safe(form.about) or "This change"), text]
    return modal(
        form.title, f"form.{form.form}", blocks, form.submit or "Send", c=form.change, d=form.digest, ch=form.channel
    )


def _fault(form: FormFault) -> Block:
    blocks = [section(paragraphs(form.message) or "This cannot be filled."), *next_step(form.unblock)]
    return modal(form.title, "form.fault", blocks)


def _diff(form: DiffView) -> Block:
    pages = diff_pages(form.diff)
    blocks = [section(safe(form.about) or "This change"), *(fenced(page) for page in pages[:DIFF_SECTIONS])]
    if not pages:
        blocks.append(section("Nothing changes in the files."))
    if len(pages) > DIFF_SECTIONS:
        blocks.append(section("The diff is longer than a dialog holds: see the pull request."))
    if form.url:
        blocks.append(section(link(form.url, "Open pull request")))
    return modal(form.title, "form.diff", blocks)


def diff_pages(diff: str) -> list[str]:
    """The diff escaped for code blocks, split between lines; a line longer than a block is cut."""
    pages: list[list[str]] = []
    used = DIFF_CHARS
    for line in _HEADS.sub("", diff).splitlines():
        words = clip(_visible(line), DIFF_CHARS)
        if used + units(words) + 1 > DIFF_CHARS:
            pages.append([])
            used = 0
        pages[-1].append(words)
        used += units(words) + 1
    return [page for page in map("\n".join, pages) if page.strip()]


def _visible(line: str) -> str:
    """Everything that could end the code block or hide something is shown as what it is."""
    shown = (ch if ch.isprintable() or ch == "\t" else "�" for ch in line)
    return "".join(shown).replace("`", "ˋ")
