"""Fill the loading view that stands open in front of somebody."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.change import Change
from bot.domain.commands import FillForm
from bot.domain.forms import (
    Choice,
    CommentForm,
    DiffView,
    Form,
    FormFault,
    PromoteForm,
    RollbackForm,
    UnpinForm,
)
from bot.domain.policy import Policy
from bot.domain.wording import subject
from bot.errors import Refused, Transient
from bot.manifests import unified_diff
from bot.usecases.ci_asked import snooze_form
from bot.usecases.context import Context
from bot.usecases.hand_diff import hand_diff
from bot.usecases.incident_form import snooze_incident_form
from bot.usecases.repo import Repo, find_target, known_models
from bot.usecases.retrain_form import retrain_form
from bot.usecases.review import open_change
from bot.usecases.stop_forms import stop_form
from bot.usecases.waiving_form import waive_form

COMMENTS = {
    "request_changes": ("Request changes", "Request changes", "What should change?", True),
    "close": ("Close the change", "Close", "Why? (it is shown in the thread)", False),
    "hold": ("Put on hold", "Hold", "Why? (it is shown on the card)", True),
}


def fill_form(ctx: Context, repo: Repo, command: FillForm) -> None:
    """Fill the view; what cannot be filled says why in its place."""
    try:
        form = _form(ctx, repo, command)
    except Refused as why:
        form = FormFault("Not possible", why.message, why.unblock)
    except Transient as why:
        form = FormFault("Not reachable now", str(why), "Close this and try again in a minute.")
    ctx.chat.fill(command.view_id, command.view_hash, form)


def _form(ctx: Context, repo: Repo, command: FillForm) -> Form:  # noqa: PLR0911  (one line a form)
    if command.form in ("promote", "rollback", "unpin"):
        return _new_change(ctx, repo, command)
    if command.form in ("freeze", "ban"):
        return stop_form(ctx, repo, command)
    if command.form == "waive":
        return waive_form(ctx, repo, command)
    if command.form == "snooze_ci":
        return snooze_form(ctx, repo, command)
    if command.form == "snooze_incident":
        return snooze_incident_form(ctx, repo, command)
    if command.form == "retrain":
        return retrain_form(ctx, repo, command)
    if command.form == "diff":
        return diff_view(ctx, repo, command.change or "")
    return _comment(open_change(ctx, command.change or ""), command)


def _new_change(ctx: Context, repo: Repo, command: FillForm) -> Form:
    base = ctx.checkout.fetch()
    policy = repo.policy(base)
    models = tuple(Choice(name, name) for name in known_models(repo, base))
    environments = tuple(_environments(policy, all_regions=command.form != "unpin"))
    given = {"model": command.model, "environment": command.environment, "reason": command.reason}
    if command.form == "unpin":
        return UnpinForm(models, environments, channel=command.origin.channel, **given)
    make = PromoteForm if command.form == "promote" else RollbackForm
    return make(models, environments, version=command.version, channel=command.origin.channel, **given)


def _environments(policy: Policy, *, all_regions: bool) -> Iterator[Choice]:
    """Every environment; in front of the regions of one, all of them together."""
    for stage in policy.environments:
        if stage.first and stage.fanned and all_regions:
            yield Choice(f"{stage.fanned} (all regions, {stage.region} first)", stage.fanned)
        yield Choice(stage.name, stage.name)


def _comment(change: Change, command: FillForm) -> Form:
    title, submit, label, required = COMMENTS[command.form]
    return CommentForm(
        form=command.form,
        title=title,
        submit=submit,
        about=f"{subject(change.intent)} (#{change.number})",
        label=label,
        required=required,
        change=change.id,
        digest=command.digest or change.intent.digest,
        channel=command.origin.channel,
    )


def diff_view(ctx: Context, repo: Repo, change_id: str) -> DiffView:
    """What the change does to the files, as a unified diff against the base that it was rendered on."""
    change = ctx.changes.get(change_id)
    if change is None:
        change = open_change(ctx, change_id)
    about, base = f"{subject(change.intent)} (#{change.number})", ctx.checkout.fetch()
    if change.by_hand:
        return DiffView("Diff", about, unified_diff(*hand_diff(ctx, change)), change.url)
    policy = repo.policy(base)
    environment = policy.environment(change.intent.environment)
    target = find_target(policy, repo, base, change.intent.model, environment)
    after = repo.rendered(change.base, target, change.aim)
    before = ctx.checkout.read(change.base, sorted(after))
    return DiffView("Diff", about, unified_diff(before, after), change.url)
