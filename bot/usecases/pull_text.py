"""What the registry knows of the two versions, as paragraphs for the pull request's body."""

from __future__ import annotations

from bot.domain.change import Intent
from bot.domain.facts import DatasetInput, ModelVersion
from bot.domain.wording import markdown

SHOWN = 12


def version_details(intent: Intent, candidate: ModelVersion | None, deployed: ModelVersion | None) -> list[str]:
    """Changed parameters, data sets and training commits, as Markdown paragraphs."""
    if candidate is None:
        return [f"The registry could not be asked about {markdown(intent.to)}."]
    return [
        text for text in (_params(candidate, deployed), _datasets(candidate), _commits(candidate, deployed)) if text
    ]


def _params(candidate: ModelVersion, deployed: ModelVersion | None) -> str:
    before = deployed.params if deployed else {}
    names = [n for n in sorted({*candidate.params, *before}) if candidate.params.get(n) != before.get(n)]
    if deployed is None or not names:
        return ""
    lines = [f"- {markdown(n)}: {_or_dash(before.get(n))} → {_or_dash(candidate.params.get(n))}" for n in names[:SHOWN]]
    if len(names) > SHOWN:
        lines.append(f"- and {len(names) - SHOWN} more")
    return "Changed parameters:\n\n" + "\n".join(lines)


def _datasets(candidate: ModelVersion) -> str:
    lines = [_dataset(data) for data in candidate.datasets[:SHOWN]]
    return "Data sets (MLflow digests the first rows only):\n\n" + "\n".join(lines) if lines else ""


def _dataset(data: DatasetInput) -> str:
    context = f" ({markdown(data.context)})" if data.context else ""
    return f"- {markdown(data.name)}{context}: {markdown(data.digest)}"


def _commits(candidate: ModelVersion, deployed: ModelVersion | None) -> str:
    if not candidate.git_commit:
        return ""
    before = f" (deployed: {markdown(deployed.git_commit[:12])})" if deployed and deployed.git_commit else ""
    return f"Trained at commit {markdown(candidate.git_commit[:12])}{before}."


def _or_dash(value: str | None) -> str:
    return "–" if value is None else markdown(value[:100])
