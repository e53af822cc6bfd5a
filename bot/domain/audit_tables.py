"""A report as a Markdown table or as CSV; whatever names and reasons hold, it stays text."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

from bot.domain.audit_report import Report, ReportLine
from bot.domain.stops import moment
from bot.domain.wording import markdown, one_line

COLUMNS = (
    "at",
    "model",
    "environment",
    "from",
    "to",
    "source",
    "action",
    "change",
    "number",
    "asked_by",
    "approved_by",
    "merged_by",
    "gates",
    "digest",
    "policy_commit",
    "commit",
    "author",
    "reason",
    "note",
)
_HEAD = ("When", "Model", "Environment", "From", "To", "Source", "Asked by", "Approved by", "Gates", "Commit", "Note")
_FORMULA = "=+-@\t\r＝＋－＠"
"""What spreadsheets take for the beginning of a formula."""


def as_csv(report: Report) -> str:
    """RFC 4180, one row a version change. A cell that a spreadsheet would take for a formula begins with `'`.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_MINIMAL)
    writer.writerow(COLUMNS)
    writer.writerows([_inert(cell) for cell in _cells(line)] for line in report.lines)
    return out.getvalue()


def _cells(line: ReportLine) -> tuple[str, ...]:
    return (
        datetime.fromtimestamp(line.at, UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        line.model,
        line.environment,
        line.before,
        line.after,
        line.source,
        line.action,
        line.change,
        "" if line.number is None else str(line.number),
        "; ".join(line.asked_by),
        "; ".join(line.approved_by),
        line.merged_by,
        line.gates,
        line.digest,
        line.policy_commit,
        line.commit,
        line.author,
        line.reason,
        line.note,
    )


def _inert(text: str) -> str:
    said = one_line(text)
    return f"'{said}" if said[:1] and said[0] in _FORMULA else said


def as_markdown(report: Report) -> str:
    """A heading, what the report cannot tell, and the table."""
    parts = [
        "# Version changes on the default branch",
        _about(report),
        *(f"> {markdown(note)}" for note in report.notes),
    ]
    if report.lines:
        rows = [f"| {' | '.join(_row(line))} |" for line in report.lines]
        parts.append("\n".join([f"| {' | '.join(_HEAD)} |", f"| {' | '.join('---' for _ in _HEAD)} |", *rows]))
    return "\n\n".join(parts) + "\n"


def _about(report: Report) -> str:
    since = moment(report.since) if report.since is not None else "the beginning"
    until = moment(report.until) if report.until is not None else "now"
    outside = f", {report.outside} of them outside SlackOps" if report.outside else ""
    return (
        f"From {since} to {until}: {len(report.lines) or 'no'} version "
        f"change{'' if len(report.lines) == 1 else 's'}{outside}. Read at `{report.commit[:12]}`, by the policy there."
    )


def _row(line: ReportLine) -> tuple[str, ...]:
    source = "**outside SlackOps**" if line.source == "outside" else line.source
    number = f" (#{line.number})" if line.number else ""
    asked = line.asked_by or (f"author: {line.author}",)
    return (
        moment(line.at),
        markdown(line.model),
        markdown(line.environment),
        markdown(line.before),
        markdown(line.after),
        f"{source}{number}",
        markdown(", ".join(asked)),
        markdown(", ".join(line.approved_by)) or "–",
        markdown(line.gates) or "–",
        f"`{line.commit[:12]}`",
        markdown(line.note),
    )
