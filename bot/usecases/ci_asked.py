"""What people ask of a card of CI: run it again, or say nothing of it for a while."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.domain.ci import CiRun, CiState
from bot.domain.ci_branch import CiBranch, Snooze
from bot.domain.ci_words import named
from bot.domain.commands import FillForm, LookCi, RerunCi, SnoozeCi
from bot.domain.forms import Choice, SnoozeCiForm
from bot.domain.notice_cards import ThreadEvent
from bot.domain.people import Person
from bot.domain.stops import moment
from bot.domain.until import end_of
from bot.errors import Fatal, Reason, Refused
from bot.ports import Row
from bot.usecases.audited import note
from bot.usecases.ci_card import subject_of
from bot.usecases.ci_places import Concern, concern_here
from bot.usecases.context import Context
from bot.usecases.identity import allowed, ids_of
from bot.usecases.repo import Repo
from bot.usecases.tell import post_once, receipt

EVERY = "*"
MOST_CHOICES = 99


def rerun_ci(ctx: Context, repo: Repo, row: Row, command: RerunCi) -> None:
    """Have what failed run again. A second try finds it running, and asks for nothing. Raises Refused(NOT_ALLOWED |
    NOT_SUPPORTED | FORGE_REFUSED)."""
    concern = concern_here(ctx, repo, command.repo)
    _may(ctx, concern, command.by)
    runs = ctx.ci.runs(concern.repo, command.sha) if ctx.ci else []
    failed = [run for run in runs if run.state is CiState.FAILURE and command.gate in ("", run.gate)]
    asked = [run.gate for run in failed if run.rerun]
    if asked:  # written down first: a second try finds them running, and would know of nothing
        said = _about(concern.repo, command.sha, asked)
        note(ctx, f"ci-rerun:{row.id}", "ci re-run", command.by, model=_model(concern), evidence=said)
    done, refused = _rerun(ctx, concern.repo, failed)
    if done:
        _in_threads(
            ctx, concern, command.sha, f"rerun:{row.id}", ThreadEvent(f"runs again: {named(done)}.", command.by)
        )
    if refused and not done:
        raise Refused(
            Reason.FORGE_REFUSED,
            f"GitHub does not let the bot run {named(refused)} again.",
            "Open it there. The App needs Actions: write (`slackops github-manifest --with actions`); checks of other "
            "Apps, and commit statuses, are run again where they come from.",
        )
    left = f" Not again, by GitHub's word: {named(refused)}." if refused else ""
    words = f"Runs again: {named(done)}." if done else "Nothing of it fails now, or it runs already."
    receipt(ctx, command.by, command.origin, words + left)


def snooze_ci(ctx: Context, repo: Repo, row: Row, command: SnoozeCi) -> None:
    """Say nothing of it until then. It ends by itself, and what fails still is told then. Raises Refused(NOT_ALLOWED |
    NOT_SUPPORTED | BAD_USAGE)."""
    concern = concern_here(ctx, repo, command.repo)
    _may(ctx, concern, command.by)
    until = end_of(command.until, row.created_at)
    branches = ctx.ci_log.of(concern.repo) if ctx.ci_log else []
    branch, gates = _main(ctx, concern, branches), _gates(branches, command)
    if branch is None or not gates:
        raise Refused(Reason.BAD_USAGE, f"Nothing of {concern.repo} fails by that name.", "See its newest card.")
    held = Snooze(until, str(command.by), (command.reason or "")[:500])
    said = _about(concern.repo, command.sha, gates) | {"until": until}
    key, mine = f"ci-snooze:{row.id}", _model(concern)
    note(ctx, key, "ci snoozed", command.by, model=mine, why=command.reason, evidence=said)
    look = LookCi(repo=concern.repo, sha="", settled=True)
    ctx.inbox.put(f"ci-snoozed:{row.id}", look, delay=max(0.0, until - ctx.clock.now()) + 1.0)
    _save(ctx, replace(branch, snoozes={**branch.snoozes, **dict.fromkeys(gates, held)}), gates)
    ctx.inbox.put(f"ci-snooze-shown:{row.id}", look)
    why = f" ({command.reason})" if command.reason else ""
    words = f"snoozed {named(gates)} until {moment(until)}{why}."
    _in_threads(ctx, concern, command.sha, f"snooze:{row.id}", ThreadEvent(words, command.by))
    receipt(ctx, command.by, command.origin, f"Snoozed until {moment(until)}: {named(gates)}.")


def snooze_form(ctx: Context, repo: Repo, command: FillForm) -> SnoozeCiForm:
    """The form; ``model`` of the command is the repository, ``version`` the commit whose card was clicked."""
    concern = concern_here(ctx, repo, command.model or "")
    sha = command.version or ""
    branches = ctx.ci_log.of(concern.repo) if ctx.ci_log else []
    alerts = [one.alerts[sha] for one in branches if sha in one.alerts]
    failing = [gate.gate for alert in alerts for gate in alert.gates if gate.failing]
    choices = tuple(Choice(gate[:75], gate) for gate in failing[:MOST_CHOICES] if len(gate) <= 150)
    return SnoozeCiForm(concern.repo, sha, (Choice("All that fail", EVERY), *choices), command.origin.channel)


def _may(ctx: Context, concern: Concern, by: Person) -> None:
    """Owners, and whoever may promote one of the models that it concerns."""
    models: Iterable[str | None] = concern.models or (None,)
    if any(allowed(ctx, concern.policy, by, "promote", (), model) for model in models):
        return
    if not ids_of(ctx, by, concern.owners):
        raise Refused(
            Reason.NOT_ALLOWED,
            "This is for the owners of the models of that repository, and for whoever may promote them.",
            "Ask one of them; the policy names them under `owners` and `roles.promote`.",
        )


def _rerun(ctx: Context, repo: str, failed: list[CiRun]) -> tuple[list[str], list[str]]:
    """What runs again and what does not. What runs again together is asked for once."""
    answers: dict[str, bool] = {"": False}
    for run in failed:
        if run.rerun not in answers and ctx.ci is not None:
            answers[run.rerun] = ctx.ci.rerun(repo, run)
    done = [run.gate for run in failed if answers[run.rerun]]
    return done, [run.gate for run in failed if not answers[run.rerun]]


def _gates(branches: list[CiBranch], command: SnoozeCi) -> list[str]:
    """Those that the card shows as failing, or the one that is named: on the card, or on the default branch."""
    shown = [gate for one in branches if command.sha in one.alerts for gate in one.alerts[command.sha].gates]
    if command.gate == EVERY:
        return [one.gate for one in shown if one.failing]
    known = {one.gate for one in shown} | {gate for one in branches if one.main for gate in one.gates}
    return [command.gate] if command.gate in known else []


def _main(ctx: Context, concern: Concern, branches: list[CiBranch]) -> CiBranch | None:
    """What is remembered of the default branch, on which snoozes are kept."""
    known = next((one for one in branches if one.main), None)
    name = ctx.ci.default_branch(concern.repo) if ctx.ci is not None and known is None else None
    return CiBranch(concern.repo, name) if name else known


def _save(ctx: Context, branch: CiBranch, gates: list[str]) -> None:
    """With the cards that say it from now on."""
    cards = {branch.gates[gate].card for gate in gates if gate in branch.gates}
    dirty = dict.fromkeys((*branch.dirty, *(sha for sha in branch.alerts if sha in cards)))
    if ctx.ci_log is not None:
        ctx.ci_log.save(replace(branch, dirty=tuple(dirty), at=ctx.clock.now()))


def _in_threads(ctx: Context, concern: Concern, sha: str, mark: str, message: ThreadEvent) -> None:
    """In the thread of each card of the commit; where that cannot be said, it holds all the same."""
    for channel in concern.channels:
        subject = subject_of(concern.repo, sha, channel)
        card = ctx.posts.get(subject, "card")
        if card is None or card.ts is None:
            continue
        try:
            post_once(ctx, subject, mark, card.channel, message, thread=card.ts, broadcast=False)
        except Fatal:
            continue


def _about(repo: str, sha: str, gates: list[str]) -> dict[str, object]:
    return {"repo": repo, "commit": sha, "gates": gates}


def _model(concern: Concern) -> str | None:
    """The model whose repository it is, where it is one model's alone: its history shows it."""
    return concern.models[0] if len(concern.models) == 1 else None
