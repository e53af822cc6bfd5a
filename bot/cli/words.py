"""What is said to one person, as lines of plain text."""

from __future__ import annotations

from collections.abc import Iterator

from bot.cli.tables import printable, table
from bot.domain.cards import ConfirmCard, EditLine, Message, PlanCard, Receipt, Stage
from bot.domain.gates import GateResult
from bot.usecases.progress import Progress


def lines_of(message: Message) -> Iterator[str]:
    """Untrusted text is written so that no terminal obeys it. A refusal is told at the end, so it has no lines here."""
    match message:
        case Receipt(text, url):
            yield from _text(text)
            if url:
                yield printable(url)
        case PlanCard():
            yield from _text("\n".join(part for part in (message.title, message.message, message.unblock) if part))
            yield from _edits(message.edits)
            yield from _gates(message.gates)
            yield from (printable(want) for want in message.wants)
        case ConfirmCard():
            yield from _text("\n".join((message.title, message.message, *message.facts)))
            yield from _edits(message.edits)


def _edits(edits: tuple[EditLine, ...]) -> Iterator[str]:
    yield from (printable(f"{one.file}:{one.line}: {one.old} → {one.new}") for one in edits)


def _gates(gates: tuple[GateResult, ...]) -> Iterator[str]:
    if gates:
        rows = [
            (one.name, f"{one.state.value}{', waived' if one.waived else ''}", one.observed, one.required)
            for one in gates
        ]
        yield from table([("GATE", "STATE", "OBSERVED", "REQUIRED"), *rows])


def _text(text: str) -> Iterator[str]:
    yield from (printable(line) for line in text.splitlines())


def state_line(seen: Progress) -> str:
    """Where the change stands: in one line, what it waits for."""
    if seen.merge_commit:
        return f"#{seen.number} Merged as {seen.merge_commit[:10]}."
    words = (f"#{seen.number} {seen.stage.value}.", _wanted(seen), seen.note)
    return printable(" ".join(word for word in words if word))


def _wanted(seen: Progress) -> str:
    if seen.approvals >= seen.required or seen.stage not in (Stage.REVIEW, Stage.BLOCKED):
        return ""
    who = ", ".join(seen.approvers) or "not known"
    return f"{seen.approvals} of {seen.required} approvals; on the forge may approve: {who}."
