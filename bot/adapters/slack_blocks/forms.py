"""Modals: promote, rollback, a comment to a change, its diff (https://docs.slack.dev/reference/views)."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from bot.adapters.slack_blocks.blocks import fenced, next_step, option, section
from bot.adapters.slack_blocks.text import Block, clip, label, link, paragraphs, safe, units
from bot.domain.forms import (
    Choice,
    CommentForm,
    DiffView,
    Form,
    FormFault,
    LoadingForm,
    PromoteForm,
    RollbackForm,
    UnpinForm,
)

TITLE, CHOICES, DIFF_SECTIONS, DIFF_CHARS = 24, 100, 20, 2800
REASON, VERSION, COMMENT = 500, 101, 2000
_HEADS = re.compile(r"^diff --git .*\n(?:index .*\n)?(?=--- )", re.MULTILINE)  # --- and +++ name the file as well


def view_of(form: Form) -> Block:  # noqa: PLR0911  (one line a form)
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
        case CommentForm():
            return _comment(form)
        case DiffView():
            return _diff(form)
        case FormFault():
            return _fault(form)


def modal(title: str, callback_id: str, blocks: list[Block], submit: str = "", **metadata: str) -> Block:
    """A modal; it has a submit button only where there is something to submit."""
    shown = {k: v for k, v in metadata.items() if v}
    view: Block = {"type": "modal", "title": label(title, TITLE, "SlackOps"), "callback_id": callback_id}
    view |= {"private_metadata": json.dumps(shown, separators=(",", ":")), "blocks": blocks}
    close = label("Cancel" if submit else "Close", TITLE)
    return {**view, "close": close, **({"submit": label(submit, TITLE)} if submit else {})}


def _promote(form: PromoteForm) -> Block:
    blocks = [
        pick("model", "Model", form.models, form.model),
        field(
            "version", "Version or @alias", form.version, VERSION, hint="A number such as 42, or an alias: @champion"
        ),
        pick("environment", "Environment", form.environments, form.environment),
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


def field(
    name: str,
    title: str,
    initial: str | None,
    limit: int,
    *,
    optional: bool = False,
    multiline: bool = False,
    hint: str = "",
) -> Block:
    """A text input; its block and its action both have the field's name."""
    element: Block = {"type": "plain_text_input", "action_id": name, "max_length": limit, "multiline": multiline}
    if initial:
        element["initial_value"] = clip(initial, limit, entities=False)
    return _input(name, title, element, optional=optional, hint=hint)


def pick(name: str, title: str, choices: Sequence[Choice], initial: str | None) -> Block:
    """A select; a text input where there is nothing to choose from or more than a select holds."""
    options = {c.value: option(c.text or c.value, c.value) for c in choices if 0 < units(c.value) <= 150}
    if not 0 < len(options) <= CHOICES:
        return field(name, title, initial, 150)
    element: Block = {"type": "static_select", "action_id": name, "options": list(options.values())}
    if initial in options:
        element["initial_option"] = options[initial]
    return _input(name, title, element)


def _input(name: str, title: str, element: Block, *, optional: bool = False, hint: str = "") -> Block:
    block: Block = {"type": "input", "block_id": name, "label": label(title, 200), "element": element}
    return {**block, "optional": optional, **({"hint": label(hint, 200)} if hint else {})}
