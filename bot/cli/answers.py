"""How a command on the command line ended: for scripts, for people, as an exit code."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Literal

import typer

from bot.cli.terminal import Terminal
from bot.cli.words import state_line
from bot.domain.cards import PlanCard, Receipt, Refusal
from bot.domain.change import Change, ChangeState
from bot.errors import ForgeUnavailable, Reason, Refused, RegistryUnavailable, SlackOpsError
from bot.usecases.progress import Progress, state_of
from bot.worker import words_of

WITHOUT = (ChangeState.CLOSED.value, ChangeState.SUPERSEDED.value)
SILENT: tuple[tuple[type[Exception], Reason], ...] = (
    (ForgeUnavailable, Reason.FORGE_UNAVAILABLE),
    (RegistryUnavailable, Reason.REGISTRY_UNAVAILABLE),
    (Exception, Reason.INTERNAL),
)


@dataclass(frozen=True)
class Answer:
    """``decision`` `saved`: it could not be carried out yet, and stays in the inbox. ``shown``: said already."""

    decision: Literal["propose", "refuse", "saved"]
    message: str
    reason: str | None = None
    unblock: str | None = None
    change: str | None = None
    number: int | None = None
    url: str | None = None
    state: str | None = None
    shown: bool = False

    @staticmethod
    def refused(why: Refused) -> Answer:
        """A no."""
        return Answer("refuse", why.message, why.reason.value, why.unblock)

    @staticmethod
    def failed(error: SlackOpsError) -> Answer:
        """It could not even be tried, or its outcome is not known: settings, or the database."""
        unblock = "Mend that, then look with `slackops status` before you ask again."
        return Answer("refuse", words_of(error), Reason.INTERNAL.value, unblock)

    def about(self, change: Change | None) -> Answer:
        """The same, with the change that it is about."""
        if change is None:
            return self
        return replace(self, change=change.id, number=change.number, url=change.url, state=state_of(change))

    def after(self, seen: Progress | None, change: Change) -> Answer:
        """The same, once the change was followed for a while."""
        return replace(self, message=state_line(seen) if seen else self.message).about(change)


def answer_of(terminal: Terminal, change: Change | None) -> Answer:
    """What was said to whoever asked, as an answer."""
    for told in reversed(terminal.told):
        if isinstance(told, Refusal):
            return _refusal(terminal, told)
        if isinstance(told, PlanCard):
            words = told.message if told.reason else told.title
            return Answer("refuse" if told.reason else "propose", words, told.reason, told.unblock, shown=True)
    said = next((told.text for told in reversed(terminal.told) if isinstance(told, Receipt)), None)
    if change is None:
        text = said or "Another process carries it out: `slackops status` shows what comes of it."
        return Answer("saved", text, shown=said is not None)
    return Answer("propose", said or f"Proposed: #{change.number}.").about(change)


def _refusal(terminal: Terminal, told: Refusal) -> Answer:
    message, unblock = told.message, told.unblock
    if told.reason == Reason.NOT_ALLOWED and terminal.unknown:
        groups = ", ".join(sorted(terminal.unknown))
        message = f"{message} Slack does not answer, so nobody can be found in {groups}."
        unblock = "Name the role's people in the policy as github:LOGIN or github:ORG/TEAM too: no Slack is needed."
    return Answer("refuse", message, told.reason, unblock)


def kept(error: Exception, change: Change | None) -> Answer:
    """It could not be carried out yet."""
    reason = next(reason for kind, reason in SILENT if isinstance(error, kind))
    unblock = "It is saved: a running bot tries it again by itself. `slackops status` shows what became of it."
    return Answer("saved", words_of(error), reason.value, unblock).about(change)


def tell(answer: Answer, *, as_json: bool) -> int:
    """Print what was not said yet; the exit code: 0 when it is proposed or merged, 1 for anything else.

    Raises Refused for a no to a person: one place prints those.
    """
    if as_json:
        typer.echo(json.dumps({name: value for name, value in asdict(answer).items() if name != "shown"}, indent=2))
    elif answer.decision != "propose" and not answer.shown:
        raise Refused(Reason(answer.reason or Reason.INTERNAL), answer.message, answer.unblock)
    return 0 if answer.decision == "propose" and answer.state not in WITHOUT else 1
